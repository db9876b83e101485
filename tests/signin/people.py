"""What a person does at the door."""

from django.urls import reverse
from django_otp.oath import TOTP


def code_of(device, later=0):
    """What the app of this person shows now, or `later` periods of half a minute."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    import time

    totp.time = time.time() + later * device.step
    return f"{totp.token():06d}"


def log_in(client, name, password, to="", **extra):
    return client.post(
        reverse("admin:login"), {"username": name, "password": password, "next": to}, **extra
    )


def give(client, code, to=""):
    return client.post(reverse("second_factor"), {"code": code, "next": to})
