"""The forms at the door."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm

from measures import rules

from . import events

BLOCKED = (
    "Er zijn te veel mislukte pogingen gedaan. Wacht een kwartier en probeer het opnieuw, of "
    "vraag de beheerder."
)


class SignInForm(AdminAuthenticationForm):
    """Name and password, refused unread after too many failures."""

    def clean(self):
        name = self.cleaned_data.get("username") or ""
        if name and events.is_blocked(self.request, name):
            events.note(events.Kind.BLOCKED, self.request, name=name)
            raise forms.ValidationError(BLOCKED, code="blocked")
        return super().clean()

    def confirm_login_allowed(self, user):
        """Staff, and who speaks for a party."""
        if rules.speaks_for(user) is None:
            super().confirm_login_allowed(user)
        else:
            AuthenticationForm.confirm_login_allowed(self, user)


class CodeForm(forms.Form):
    """Six figures of the app."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
        error_messages={"required": "Vul de code van zes cijfers in."},
    )

    def __init__(self, *args, request, device, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.device = request, device

    def clean_code(self):
        code = "".join(self.cleaned_data["code"].split())
        if not (code.isascii() and code.isdecimal() and len(code) == 6):
            raise forms.ValidationError("Een code is zes cijfers.")
        user = self.request.user
        if events.is_blocked(self.request, user.get_username()):
            events.note(events.Kind.BLOCKED, self.request, user=user)
            raise forms.ValidationError(BLOCKED, code="blocked")
        if not self.device.verify_token(code):
            events.note(events.Kind.CODE_REFUSED, self.request, user=user)
            raise forms.ValidationError(
                "Deze code klopt niet, of is al gebruikt. Wacht op een nieuwe code in de app. "
                "Klopt die ook niet? Kijk dan of de klok van uw telefoon goed staat."
            )
        return code
