"""Every page that a search engine may know, with its last change where the data tell that.

Pages of a day in the past and chosen lists are not here: see `metadata/addresses.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import DateTimeField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse

from parties.models import Party

from .models import DeadlineChange, Measure, Motion, ProgressUpdate, ReportingMoment, Theme
from .pictures import PICTURES

# The protocol allows 50,000 addresses in one file; a smaller one is made sooner.
PER_FILE = 2000
# The pages that are there whatever the data, by their name in the site map.
PAGES = (
    *("overview", "measures", "parties", "motions", "themes", "letters", "evaluations"),
    *("timeline", "glossary", "accountability", "annex", "comparison"),
    *("pictures", "follow", "open-data"),
    *("accessibility", "privacy", "contact", "about"),
)


@dataclass(frozen=True)
class Entry:
    """A path and when what it shows last changed; None where that is not known."""

    path: str
    changed: datetime | None = None


@dataclass(frozen=True)
class Section:
    """The pages of one kind of record: `rows()` gives (argument of the address, last change)."""

    url_name: str
    rows: Callable[[], QuerySet]

    def files(self) -> int:
        """How many files these take; one query."""
        return -(-self.rows().count() // PER_FILE)

    def entries(self, file: int) -> Iterator[Entry]:
        """The entries of the file with this number, from 1; one query."""
        start = (file - 1) * PER_FILE
        for argument, changed in self.rows()[start : start + PER_FILE]:
            yield Entry(reverse(self.url_name, args=[argument]), changed)


def _measures() -> QuerySet:
    own = F("published_at")
    changed = Greatest(
        own,
        Coalesce(_latest(ProgressUpdate.objects.published()), own),
        Coalesce(_latest(DeadlineChange.objects.published()), own),
    )
    measures = Measure.objects.public().annotate(changed=changed)
    return measures.order_by("number").values_list("number", "changed")


def _latest(reports: QuerySet) -> Subquery:
    """When the last report of the measure of the outer query became public."""
    latest = reports.filter(measure=OuterRef("pk")).order_by("-published_at", "-pk")
    return Subquery(latest.values("published_at")[:1])


def _unknown(records: QuerySet) -> QuerySet:
    """Pages that change with the measures on them: what we do not know, we do not tell."""
    nothing = Value(None, output_field=DateTimeField(null=True))
    return records.order_by("slug").annotate(changed=nothing).values_list("slug", "changed")


SECTIONS = {
    "maatregelen": Section("measure", _measures),
    "hoofdlijnen": Section("theme", lambda: _unknown(Theme.objects.all())),
    "partijen": Section("party", lambda: _unknown(Party.objects.public())),
    "moties": Section("motion", lambda: _unknown(Motion.objects.public())),
    "kamerbrieven": Section(
        "moment",
        lambda: (
            ReportingMoment.objects.public().order_by("slug").values_list("slug", "published_at")
        ),
    ),
}


def pages() -> list[Entry]:
    """The pages that are there whatever the data."""
    names = [reverse(name) for name in PAGES]
    return [Entry(path) for path in names + [reverse("picture", args=[name]) for name in PICTURES]]
