"""What must be right before anybody but ourselves can reach the site.

As long as ALLOWED_HOSTS names this machine alone, nothing is asked: a laptop starts with
nothing. With another name, `manage.py` and the web server refuse to start until every error
below is gone.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from ..monitoring import addresses

SECRET_LENGTH, SECRET_CHARACTERS = 50, 10
TOKEN_LENGTH = 32
HOW_TO_MAKE_A_KEY = (
    'Make one with: python -c "import secrets; print(secrets.token_urlsafe(50))" '
    "and give every server the same."
)


def listen() -> None:
    register(check_settings, Tags.security)


def refuse_unsafe_start() -> None:
    """Raise ImproperlyConfigured, with all that is wrong, when this must not be served."""
    errors = [message for message in check_settings() if message.is_serious()]
    if errors:
        lines = [f"({error.id}) {error.msg} {error.hint or ''}".strip() for error in errors]
        raise ImproperlyConfigured("The site does not start:\n" + "\n".join(lines))


def public_hosts() -> list[str]:
    """The names of ALLOWED_HOSTS under which others can reach the site."""
    return [host for host in settings.ALLOWED_HOSTS if host not in settings.OWN_NAMES]


def check_settings(app_configs=None, **kwargs) -> list[CheckMessage]:
    """What is missing or unsafe, given the hosts under which the site is served."""
    hosts = public_hosts()
    if not hosts:
        return [*_of_metrics()]
    return [*_of_metrics(), *_errors(hosts), *_warnings()]


def _of_metrics():
    """What is wrong with the address of the metrics; it is there on a laptop too."""
    if not settings.METRICS_BIND:
        return
    try:
        is_local = addresses.is_loopback(settings.METRICS_BIND)
    except ValueError:
        yield Error(
            "METRICS_BIND is no address with a port.",
            hint="Give it as 127.0.0.1:9100, [::1]:9100 or 0.0.0.0:9100.",
            id="operations.E008",
        )
        return
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < TOKEN_LENGTH:
        yield Error(
            f"METRICS_TOKEN is too short: {TOKEN_LENGTH} characters by chance are needed.",
            hint=HOW_TO_MAKE_A_KEY,
            id="operations.E009",
        )
    if not (is_local or settings.METRICS_TOKEN):
        yield Error(
            f"METRICS_BIND is {settings.METRICS_BIND}, which others can reach, without a "
            "METRICS_TOKEN: anybody could read the metrics.",
            hint="Set METRICS_TOKEN, or bind to 127.0.0.1.",
            id="operations.E010",
        )


def _errors(hosts: list[str]):
    shown = ", ".join(hosts)
    if "*" in hosts:
        yield Error(
            "ALLOWED_HOSTS holds *: whoever asks could choose the name in our links.",
            hint="Name every host under which the site is served.",
            id="operations.E001",
        )
    if settings.DEBUG:
        yield Error(
            f"DEBUG is on while the site is served as {shown}: errors would show its insides.",
            hint="Leave DEBUG out.",
            id="operations.E002",
        )
    if reason := _weakness(_secret_key()):
        yield Error(f"SECRET_KEY {reason}.", hint=HOW_TO_MAKE_A_KEY, id="operations.E003")
    for number, key in enumerate(settings.SECRET_KEY_FALLBACKS, start=1):
        if reason := _weakness(key):
            yield Error(
                f"Number {number} of SECRET_KEY_FALLBACKS {reason}.",
                hint="Leave it out; everybody logs in again.",
                id="operations.E004",
            )
    if not settings.HTTPS:
        yield Error(
            f"HTTPS is off while the site is served as {shown}: passwords can be read on the way.",
            hint="Set HTTPS=1, with BEHIND_PROXY=1 when a proxy has the certificate.",
            id="operations.E005",
        )
    if urlsplit(settings.SITE_URL).scheme != "https":
        yield Error(
            f"SITE_URL is {settings.SITE_URL}: the links in our mails would not lead here.",
            hint="Set SITE_URL to the address that people use, with https.",
            id="operations.E006",
        )
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        if not origin.startswith("https://"):
            yield Error(
                f"CSRF_TRUSTED_ORIGINS holds {origin}, which is not https.",
                id="operations.E007",
            )


def _warnings():
    if not settings.BEHIND_PROXY:
        yield Warning(
            "HTTPS is on and BEHIND_PROXY is off.",
            hint="When a proxy has the certificate, every page would redirect to itself.",
            id="operations.W001",
        )
    if not settings.RATE_LIMITS:
        yield Warning(
            "RATE_LIMITS is off: one client can keep every process busy.", id="operations.W004"
        )
    if not settings.SMTP_HOST:
        yield Warning("SMTP_HOST is empty: mails go to the log.", id="operations.W002")
    if not (settings.SECOND_FACTOR or settings.OIDC_ISSUER):
        yield Warning(
            "SECOND_FACTOR is off and there is no single sign-on: a password alone opens the door.",
            id="operations.W003",
        )


def _secret_key() -> str:
    try:
        return settings.SECRET_KEY
    except ImproperlyConfigured:
        # Django's own way to say that it is empty.
        return ""


def _weakness(key: str) -> str:
    """Why a secret key can be guessed, or an empty text."""
    if not key:
        return "is missing"
    if len(key) < SECRET_LENGTH or len(set(key)) < SECRET_CHARACTERS:
        return f"is too short or too plain: {SECRET_LENGTH} characters by chance are needed"
    if key.startswith("django-insecure-"):
        return "is one that Django made for development"
    return ""
