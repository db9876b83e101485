"""How many measures there are of each sort, for every choice that a reader can make at once."""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby, product
from operator import itemgetter

from django.db.models import BooleanField, Q, Subquery, Value

from parties.models import Party

from .status import FINISHED, Status

# Stands for every value, and for every role.
ANY = ""
LEAD = "trekker"
# Every role but that of lead.
INVOLVED = "*"
# With more measures than this the database walks along the order that was asked for and looks at
# each until a page is full; with fewer it finds them first and puts them in order then.
MANY = 2500
# With more measures than this, their parts are read all at once and not by their ids.
_FEW = 500
# What does not apply to a measure that is finished; as DeadlineState, which knows of measures.
_FINISHED_STATE = "nvt"

# Status, theme, deadline state.
Sort = tuple[str, ...]


def there_is(rows) -> Q:
    """Condition: there is one of these, looked up for each row of the outer query by itself.

    EXISTS says the same, and lets PostgreSQL find all of them first and match them then.
    """
    one = rows.order_by().annotate(one=Value(True)).values("one")[:1]
    return Q(Subquery(one, output_field=BooleanField()))


class Tally:
    """Numbers of measures by status, theme (slug), deadline state, and party (slug) and role.

    One look at every measure fills it; every number on a page is then a look-up, whatever is
    chosen. Made by `Measure.objects.tally()`.
    """

    def __init__(self, exact: Counter[tuple[Sort, str, str]]):
        self._cells: Counter[tuple[Sort, str, str]] = Counter()
        for (sort, party, role), number in exact.items():
            for known in product(*((value, ANY) for value in sort)):
                self._cells[known, party, role] += number

    def by_status(self, theme: str = ANY) -> dict[Status, int]:
        """The number per status, of all measures or of one theme (slug); every status has a key."""
        return {
            status: self.number(status=[status.value], theme=[theme] if theme else ())
            for status in Status
        }

    def led_by(self, party: str) -> int:
        """How many measures a party (slug) leads."""
        return self.number(party=party, role=LEAD)

    def involving(self, party: str) -> int:
        """In how many measures a party (slug) has a part besides that of lead."""
        return self.number(party=party, role=INVOLVED)

    def number(
        self,
        *,
        status: Iterable[str] = (),
        theme: Iterable[str] = (),
        state: Iterable[str] = (),
        party: str = ANY,
        role: str = ANY,
    ) -> int:
        """How many measures have one of each of these; what is left out may be anything.

        With a party but no role: in which it has any part. With the role INVOLVED: any but lead.
        """
        wanted = [set(values) or {ANY} for values in (status, theme, state)]
        return sum(self._cells.get((sort, party, role), 0) for sort in product(*wanted))


def count(measures) -> Tally:
    """Count these measures, which have their standing and their deadline state.

    Two queries that read numbers and short words, no records: a look at every measure, and one
    at every part that a party has in them.
    """
    from .measure import Involvement, Theme

    themes = dict(Theme.objects.values_list("pk", "slug"))
    parties = dict(Party.objects.public().values_list("pk", "slug"))
    exact: Counter[tuple[Sort, str, str]] = Counter()
    known: dict[int, tuple[Sort, str]] = {}
    sorts: dict[Sort, Sort] = {}
    columns = ("pk", "standing_status", "theme", "calendar_state", "lead")
    rows = measures.order_by().prefetch_related(None).values_list(*columns)
    for pk, status, theme, state, lead_id in rows.iterator():
        state = _FINISHED_STATE if status in FINISHED else state
        sort: Sort = (status, themes[theme], state)
        # The same for thousands of measures, in memory once.
        sort = sorts.setdefault(sort, sort)
        lead = parties.get(lead_id, ANY)
        known[pk] = sort, lead
        exact[sort, ANY, ANY] += 1
        if lead:
            exact.update([(sort, lead, ANY), (sort, lead, LEAD), (sort, ANY, LEAD)])
    involved = Involvement.objects.public().order_by("measure")
    if len(known) <= _FEW:
        involved = involved.filter(measure__in=list(known))
    pairs = involved.values_list("measure", "party", "role").iterator()
    for measure, parts in groupby(pairs, key=itemgetter(0)):
        if measure in known:
            sort, lead = known[measure]
            exact.update((sort, *part) for part in _parts(parts, parties, lead))
    return Tally(exact)


def _parts(rows, parties: dict[int, str], lead: str) -> set[tuple[str, str]]:
    """Each (party, role) that counts for one measure, once, besides those of its lead.

    A group that is no party of ours has a role and no party.
    """
    found = set()
    for _, party_id, role in rows:
        found |= {(ANY, role), (ANY, INVOLVED)}
        if party := parties.get(party_id):
            found |= {(party, role), (party, INVOLVED)}
            if party != lead:
                found.add((party, ANY))
    return found
