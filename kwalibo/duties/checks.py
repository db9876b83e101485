"""What a site must know of its owner before it goes live: `manage.py check --deploy`."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Warning, register

from .accessibility import STATUSES


@register(deploy=True)
def the_owner_can_be_reached(app_configs, **kwargs):
    """Warn of what visitors will read as 'not filled in yet'."""
    wanted = [
        (
            settings.SECURITY_CONTACT or settings.SECURITY_TXT_URL,
            "Nobody is named to report a weakness to: /.well-known/security.txt is not there.",
            "Set SECURITY_CONTACT, or SECURITY_TXT_URL to the file of your organisation.",
            "kwalibo.W001",
        ),
        (
            settings.CONTACT_EMAIL or settings.CONTACT_ADDRESS,
            "The page /contact/ names nobody.",
            "Set CONTACT_EMAIL, CONTACT_ADDRESS or both.",
            "kwalibo.W002",
        ),
        (
            urlsplit(settings.SITE_URL).hostname not in ("127.0.0.1", "localhost", None),
            "SITE_URL is an address that only this machine can reach.",
            "Set SITE_URL to how the world reaches the site, as https://….",
            "kwalibo.W003",
        ),
        (
            settings.ACCESSIBILITY_STATEMENT_URL,
            "The page /toegankelijkheid/ says that there is no statement in the register yet.",
            "Set ACCESSIBILITY_STATEMENT_URL, ACCESSIBILITY_STATUS and ACCESSIBILITY_AUDITED_ON.",
            "kwalibo.W004",
        ),
    ]
    return [Warning(text, hint=hint, id=id) for there, text, hint, id in wanted if not there]


@register
def the_accessibility_status_is_one_of_the_register(app_configs, **kwargs):
    """Refuse a claim that the register does not know."""
    status, url = settings.ACCESSIBILITY_STATUS, settings.ACCESSIBILITY_STATEMENT_URL
    if status and status not in STATUSES:
        return [
            Error(
                f"ACCESSIBILITY_STATUS is '{status}', which is no status of the register.",
                hint=f"Choose {', '.join(STATUSES)}, or leave it empty.",
                id="kwalibo.E001",
            )
        ]
    if bool(status) != bool(url):
        return [
            Error(
                "ACCESSIBILITY_STATUS and ACCESSIBILITY_STATEMENT_URL belong together.",
                hint="The status is that of a statement in the register: set both, or neither.",
                id="kwalibo.E002",
            )
        ]
    return []
