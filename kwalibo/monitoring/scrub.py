"""What no log and no mail may hold: secrets, and where people can be reached.

The lines of requests are made of what is safe (`path`, `query`). Everything else that is
logged is text of others (an exception quotes what it did not like), so `text` takes out what
looks like a secret, as a last safety net.
"""

import re
from urllib.parse import parse_qsl, quote, urlsplit

from django.conf import settings

GONE = "…"
# Behind these, the address itself is a key: a signed link, or the reference of what was sent.
WITH_KEYS = ("/volgen/", "/klopt-dit-niet/")
KEYS_BEHIND = re.compile(r"^(/[^/]+/[^/]+/).+", re.DOTALL)
# The longest slug is 100 long; a signature has colons.
LONGEST = 100
# The days that a page is about tell nothing of who asks.
TOLD = {"peildatum", "bekend_op", "pagina"}
NAME = re.compile(r"[a-z_.-]{1,40}")
VALUE = re.compile(r"[0-9a-z-]{0,20}")

_E_MAIL = re.compile(r"[\w.+'%-]+@[\w-]+(?:\.[\w-]+)*")
_RULES: list[tuple[re.Pattern[str], str]] = [
    # postgres://name:password@host
    (re.compile(r"(\b[a-z][a-z0-9+]*://)[^\s/@:]*:[^\s/]*@"), rf"\1{GONE}@"),
    # What PostgreSQL says of the row that it did not take.
    (re.compile(r"(\bDETAIL:).*"), rf"\1 {GONE}"),
    (re.compile(r"(Key \([^)]*\)=)\(.*?\)(?= )"), rf"\1({GONE})"),
    (re.compile(r"(?i)(\b(?:bearer|basic)\s+)[\w.~+/=-]{6,}"), rf"\1{GONE}"),
    # password=…, "code": "…", csrfmiddlewaretoken=…
    (
        re.compile(
            r"(?i)(\b\w*(?:password|passwd|wachtwoord|secret|token|api_?key|sessionid|seal)\w*"
            r"[\"']?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&)\"'}]+)"
        ),
        rf"\1{GONE}",
    ),
    (re.compile(r"(?i)([?&](?:code|state|id_token|access_token|next)=)[^\s&\"']+"), rf"\1{GONE}"),
    # What django.core.signing made.
    (re.compile(r"[\w.-]+(?::[\w-]{4,12})?:[\w-]{27,}"), GONE),
    # The secret key of a back-up.
    (re.compile(r"AGE-SECRET-KEY-\w+"), GONE),
    (re.compile(r"(/(?:volgen|klopt-dit-niet)/[\w-]+/)[^\s\"'?]+"), rf"\1{GONE}"),
    (_E_MAIL, f"{GONE}@{GONE}"),
]


def _own_secrets() -> list[str]:
    """The secrets of this installation, the longest first."""
    if not settings.configured:
        return []  # gunicorn says something before there are settings.
    database = settings.DATABASES["default"]
    named = [
        settings.SECRET_KEY,
        *settings.SECRET_KEY_FALLBACKS,
        settings.OIDC_CLIENT_SECRET,
        settings.METRICS_TOKEN,
        database.get("PASSWORD"),
        urlsplit(settings.CACHE_URL).password,
        settings.MAILERS["default"].get("OPTIONS", {}).get("password"),
    ]
    found = {str(one) for one in named if one and len(str(one)) >= 6}
    return sorted(found, key=len, reverse=True)


def text(said: str) -> str:
    """`said` without what looks like a secret or the address of a person."""
    for secret in _own_secrets():
        if secret in said:
            said = said.replace(secret, GONE)
    for pattern, instead in _RULES:
        said = pattern.sub(instead, said)
    return said


def said(record) -> str:
    """What a record of the log says; Django's own hold the request, and name its path."""
    told = record.getMessage()
    if request := getattr(record, "request", None):
        asked = getattr(request, "path", "")
        told = told.replace(asked, path(asked)) if len(asked) > 1 else told
    return text(told)


def path(asked: str) -> str:
    """The path of a request for a log: without what is a key, on one line."""
    if asked.startswith(WITH_KEYS):
        asked = KEYS_BEHIND.sub(rf"\1{GONE}", asked)
    if len(asked) > LONGEST or ":" in asked or "@" in asked:
        parts = asked.split("/")
        asked = "/".join(GONE if _tells(part) else part for part in parts)[:500]
    return asked


def _tells(part: str) -> bool:
    return len(part) > LONGEST or ":" in part or "@" in part


def query(asked: str) -> str:
    """Which parameters were asked for: their names, and the value of a day or a page."""
    if not asked:
        return ""
    parts = []
    for name, value in parse_qsl(asked[:2000], keep_blank_values=True)[:20]:
        if not NAME.fullmatch(name):
            parts.append(GONE)
        elif name in TOLD and VALUE.fullmatch(value):
            parts.append(f"{name}={quote(value)}")
        else:
            parts.append(f"{name}={GONE}")
    return "&".join(parts)
