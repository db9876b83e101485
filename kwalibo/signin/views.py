"""The second door: a code of an app, set up at the first time."""

from base64 import b32encode

import django_otp
import segno
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import doors, events
from .doors import next_of
from .forms import CodeForm


@never_cache
def second_factor(request):
    """Ask for a code; of who has no app yet, let them set one up first."""
    if not doors.may_come_in(request.user):
        return redirect_to_login(next_of(request), "admin:login")
    if doors.is_through(request):
        return HttpResponseRedirect(next_of(request))
    with transaction.atomic():
        # Locked, so that a code is good for one of two that come at once.
        devices = TOTPDevice.objects.select_for_update().filter(user=request.user)
        device = devices.filter(confirmed=True).first()
        is_new = device is None
        if is_new:
            device = devices.first() or TOTPDevice.objects.create(
                user=request.user, name="app", confirmed=False
            )
        form = CodeForm(request.POST or None, request=request, device=device)
        is_good = request.method == "POST" and form.is_valid()
        if is_good and is_new:
            device.confirmed = True
            device.save()
    if is_good:
        return _let_in(request, device, is_new)
    context = admin.site.each_context(request) | {
        "title": "Tweede stap instellen" if is_new else "Tweede stap",
        "form": form,
        "next": next_of(request),
        "is_new": is_new,
        # Not before the second door: the menu leads nowhere yet.
        "has_permission": False,
    }
    if is_new:
        context |= {"picture": _picture(device), "secret": _secret(device)}
    return TemplateResponse(request, "admin/second_factor.html", context)


def _let_in(request, device, is_new):
    # A session that was known before the door is not the one behind it.
    request.session.cycle_key()
    django_otp.login(request, device)
    if is_new:
        events.note(events.Kind.SECOND_FACTOR, request, user=request.user)
        messages.success(request, "Uw app is gekoppeld. Bij het inloggen vragen wij om een code.")
    events.note(events.Kind.CODE, request, user=request.user)
    return HttpResponseRedirect(next_of(request))


def _picture(device) -> str:
    """The QR code as SVG, in the page itself: nobody else needs to know it."""
    code = segno.make(device.config_url, error="m", micro=False)
    return mark_safe(  # noqa: S308 (drawn by segno from our own secret)
        code.svg_inline(scale=4, border=4, light="#ffffff", title="QR-code", svgclass=None)
    )


def _secret(device) -> str:
    """The secret in groups of four letters, to be typed by hand."""
    letters = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(letters[place : place + 4] for place in range(0, len(letters), 4))
