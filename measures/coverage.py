"""Which measure answers which finding, and where nothing answers."""

from dataclasses import dataclass
from datetime import date

from .models import Finding, FindingLink, Measure


@dataclass(frozen=True)
class Row:
    """A finding, with one place per measure of the matrix: the link, or None."""

    finding: Finding
    cells: list[FindingLink | None]

    @property
    def links(self) -> list[FindingLink]:
        return [link for link in self.cells if link]


@dataclass(frozen=True)
class Coverage:
    """The matrix of findings (rows) and the measures that answer one (columns)."""

    measures: list[Measure]
    rows: list[Row]
    unlinked: list[Measure]

    @property
    def unanswered(self) -> list[Finding]:
        return [row.finding for row in self.rows if not row.links]


def coverage(day: date | None = None, known_on: date | None = None) -> Coverage:
    """Everything public about findings and measures, with the standing on `day`."""
    measures = {measure.pk: measure for measure in Measure.objects.public_as_of(day, known_on)}
    links = {}
    for link in FindingLink.objects.public().with_public_sources():
        if link.measure_id not in measures:
            continue  # Not there yet on that day.
        link.measure = measures[link.measure_id]
        links[link.finding_id, link.measure_id] = link
    linked = {measure for _, measure in links}
    columns = [measure for pk, measure in measures.items() if pk in linked]
    return Coverage(
        measures=columns,
        rows=[
            Row(finding, [links.get((finding.pk, measure.pk)) for measure in columns])
            for finding in Finding.objects.public().with_public_details()
        ],
        unlinked=[measure for pk, measure in measures.items() if pk not in linked],
    )
