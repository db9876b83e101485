"""The field for a file that somebody sends, checked before anything is kept."""

from django import forms
from django.conf import settings

from .evidence_files import ALLOWED, EXTENSIONS, Refused, check, too_large


class CheckedFileForm(forms.ModelForm):
    """A form of an `Attachment` with a file."""

    document = forms.FileField(
        label="Bestand",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{name}" for name in EXTENSIONS)}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["document"].help_text = (
            f"Als u het bewijs zelf hebt: {ALLOWED}, hoogstens {settings.EVIDENCE_MAX_MB} MB, "
            "zonder macro’s. De naam van het bestand is te zien voor wie het bewijsstuk mag zien."
        )

    def clean_document(self):
        upload = self.cleaned_data["document"]
        if not upload:
            return upload
        if reason := too_large(upload.size, settings.EVIDENCE_MAX_MB):
            raise forms.ValidationError(reason)
        try:
            facts = check(upload.name, upload.read(), settings.EVIDENCE_MAX_MB)
        except Refused as error:
            raise forms.ValidationError(str(error)) from error
        upload.seek(0)
        self.instance.keep_facts(facts)
        return upload
