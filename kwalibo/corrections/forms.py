"""What a reader sends when something is not right."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator
from django.utils.crypto import salted_hmac

from ..open_forms import OpenForm

LONGEST = 2000
# Somebody with a correction points at a source or two; who sells something, at many pages.
MOST_LINKS = 3
LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
# Signs that nobody mistakes for another when read out on the telephone.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def long_text(label: str, help_text: str, *, required: bool) -> forms.CharField:
    """A field for some sentences; too long a text is refused with its length, not cut off."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        validators=[
            MaxLengthValidator(
                LONGEST,
                f"Maak deze tekst korter: hoogstens {LONGEST} tekens. Nu zijn dat er "
                "%(show_value)s.",
            )
        ],
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Vul in wat er niet klopt."},
    )


class WebAddressField(forms.URLField):
    """An address that a browser opens; not 'ftp:', and nothing that runs."""

    default_validators = [URLValidator(["http", "https"])]
    default_error_messages = {
        "invalid": "Dit is geen goed webadres. Het begint met https:// of http://."
    }


class CorrectionForm(OpenForm):
    """What is wrong, what it should be, where that stands, and where the answer may go."""

    name = "klopt-dit-niet"

    wrong = long_text(
        "Wat klopt er niet?",
        "Schrijf geen persoonlijke gegevens op, zoals namen of telefoonnummers.",
        required=True,
    )
    right = long_text("Wat moet het zijn?", "Weet u het niet? Laat dit dan leeg.", required=False)
    url = WebAddressField(
        label="Webadres waar dat staat",
        help_text="Bijvoorbeeld van een Kamerstuk of een nieuwsbericht.",
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="Uw mailadres",
        help_text="Alleen als u antwoord wilt. Wij wissen het zodra wij antwoorden, en anders "
        "na 90 dagen.",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean(self):
        cleaned = super().clean()
        texts = [cleaned.get(name) or "" for name in ("wrong", "right")]
        if sum(len(LINK.findall(text)) for text in texts) > MOST_LINKS:
            raise ValidationError(
                f"In uw tekst staan te veel webadressen. Noem er hoogstens {MOST_LINKS}."
            )
        return cleaned

    @property
    def reference(self) -> str:
        """By what the sender and we can name it; the same when this very form comes again."""
        seal = self.cleaned_data["seal"]
        digest = salted_hmac("kwalibo.corrections", seal, algorithm="sha256").digest()
        return "V-" + "".join(SIGNS[byte % len(SIGNS)] for byte in digest[:8])
