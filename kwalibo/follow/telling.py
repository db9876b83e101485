"""Which changes a follower is told of: each once, however many subscriptions it matches."""

from dataclasses import dataclass
from datetime import datetime

from measures import news
from measures.news import Change

from .models import Follower, Notice


@dataclass(frozen=True)
class Told:
    """The changes of a stretch of notices, with since when and what each belongs to."""

    changes: list[Change]
    since: dict[tuple[str, int], datetime]
    scopes: dict[tuple[str, int], set[tuple[str, int]]]

    def to(self, follower: Follower) -> list[Change]:
        """Those of something that the follower had confirmed before."""
        confirmed = {
            row.scope: row.confirmed_at for row in follower.subscriptions.all() if row.confirmed_at
        }
        return [
            change
            for change in self.changes
            if any(
                confirmed[scope] < self.since[change.key]
                for scope in self.scopes[change.key] & confirmed.keys()
            )
        ]


def between(after: int, up_to: int) -> Told:
    """The changes noticed after the one notice up to the other, that are public now.

    What came and went between the two is not told of at all.
    """
    rows = Notice.objects.filter(pk__gt=after, pk__lte=up_to)
    since = {(row.kind, row.item): row.at for row in rows}
    changes = [
        change
        for change in news.read(since)
        if change.kind not in news.WAS or (news.WAS[change.kind].value, change.pk) not in since
    ]
    return Told(changes, since, news.scopes(changes))


def news_for(follower: Follower, after: int, up_to: int) -> list[Change]:
    """What a follower is told of a stretch of notices, by kind, the latest first."""
    return between(after, up_to).to(follower)
