"""Forms that anybody may send, on pages without a cookie.

There is no session to protect, so Django's check by cookie is not needed. What keeps machines
out asks nothing of people: no puzzle, no script, no third party.
"""

import secrets
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from . import limits

# A person needs longer than this to fill in any form, and does not leave one open for longer.
FASTEST_SECONDS = 2
OPEN_HOURS = 24
# How many may be sent within an hour: from one address, and in all.
WITHIN_SECONDS = 3600


class OpenForm(forms.Form):
    """A form with a seal (which form, made when) and a field that only a machine fills in.

    `name` tells forms apart. What was typed is never lost: a refused form is shown again with
    its text and a new seal. Call `within_limits(request)` before acting on a valid one.
    """

    name = ""

    extra = forms.CharField(
        label="Laat dit veld leeg",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    seal = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fresh_seal = signing.dumps(secrets.token_urlsafe(9), salt=self._salt)
        self.initial["seal"] = self.fresh_seal

    @property
    def _salt(self) -> str:
        return f"kwalibo.open-form.{self.name}"

    def clean_extra(self):
        if self.cleaned_data["extra"]:
            raise ValidationError("Laat dit veld leeg. Het is er om robots te herkennen.")
        return ""

    def clean(self):
        super().clean()
        if not self.errors:
            self._check_seal()
        return self.cleaned_data

    def _check_seal(self):
        seal = self.cleaned_data["seal"]
        try:
            signing.loads(seal, salt=self._salt, max_age=OPEN_HOURS * 3600)
        except signing.BadSignature:
            raise ValidationError(
                "Dit formulier stond te lang open. Uw tekst staat er nog: verstuur het opnieuw."
            ) from None
        try:
            signing.loads(seal, salt=self._salt, max_age=FASTEST_SECONDS)
        except signing.SignatureExpired:
            pass
        else:
            raise ValidationError(
                "Dit ging wel erg snel. Uw tekst staat er nog: verstuur het formulier opnieuw."
            )

    def again(self) -> "OpenForm":
        """This form to be shown again: what was typed and its errors, with a new seal."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("seal")] = self.fresh_seal
        self.data = data
        return self

    def is_second_time(self) -> bool:
        """Whether this very form was sent before: somebody pressed twice."""
        seal = _mark("sent", self.cleaned_data["seal"])
        return not cache.add(f"open-form-{seal}", 1, OPEN_HOURS * 3600)

    def within_limits(self, request) -> bool:
        """Count this one; False when too many came from one address, or in all, this hour.

        The address is kept as a mark of the day, in the cache alone. Without the cache nothing is
        taken: who sends can send it again, and what a machine sends would be without end.
        """
        key = f"open-form-{self.name}"
        try:
            from_here = limits.count(f"{key}-{limits.mark_of(request)}", WITHIN_SECONDS)
            in_all = limits.count(f"{key}-all", WITHIN_SECONDS)
        except limits.CacheAway:
            return False
        return from_here <= settings.OPEN_FORM_HOURLY and in_all <= settings.OPEN_FORM_HOURLY_ALL


def _mark(purpose: str, text: str) -> str:
    """What stands for a text without telling it."""
    salt = f"kwalibo.open-form.{purpose}"
    return salted_hmac(salt, text, algorithm="sha256").hexdigest()


def open_form(view):
    """For a view that shows and takes an OpenForm: no cookie, nothing kept by a cache."""

    @csrf_exempt
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    return wrapped
