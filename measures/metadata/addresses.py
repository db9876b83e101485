"""The one address of every page, and which pages a search engine had better leave alone.

- A filter, search or comparison is one of endlessly many choices from the same data: not
  indexed, and `robots.txt` keeps robots out.
- A day in the past is a page of its own, which people cite: its address keeps the day. But who
  searches wants the state of now, and every link on it keeps the day too, so a robot may come to
  read (for a preview) and neither indexes the page nor follows its links.
- The second page of a list has an address of its own.
- Any other parameter (what a mail programme hangs on a link) makes no other page.
"""

from urllib.parse import urlencode

from django.conf import settings

from ..reference_date import KNOWN, PARAMETER

PAGE = "pagina"
# What people choose with: another choice, another content.
CHOICES = (
    *("q", "soort", "status", "hoofdlijn", "datum", "partij", "rol", "sorteer", "van", "tot"),
    # What is followed, and what somebody says is wrong.
    *("maatregel", "motie", "over"),
)
# Where nothing is for a search engine.
CLOSED = ("/beheer/", "/inbreng/")

FILTERED = "noindex, follow"
PAST = "noindex, nofollow"


def absolute(path: str) -> str:
    """The address as the world knows it."""
    return f"{settings.SITE_URL}{path}"


def canonical(request, page: int = 1) -> str:
    """The one address of what this page shows; `page` is which one of a list it is."""
    kept = {
        name: request.GET[name] for name in (PARAMETER, KNOWN) if request.GET.get(name, "").strip()
    }
    if page > 1:
        kept[PAGE] = str(page)
    return absolute(f"{request.path}{'?' if kept else ''}{urlencode(kept)}")


def robots(request) -> str:
    """What a robot may do with this page; empty when it may do everything."""
    if request.path.startswith(CLOSED):
        return PAST
    if any(request.GET.get(name) for name in (PARAMETER, KNOWN)):
        return PAST
    return FILTERED if any(name in request.GET for name in CHOICES) else ""
