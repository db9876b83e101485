"""Findings and the measures that answer them: a row per finding, a place per measure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from parties.certainty import Certainty

from ..documents import Table
from .drawing import Box, Drawing, Mark, Rule, Shape, Words, fits, key, lines_of, nothing

NAME = "verbeterpunten-en-maatregelen"
TITLE = "Verbeterpunten en maatregelen"
ROW = 34
# Of more measures the names do not fit beside each other on a phone.
MOST_MEASURES = 10
# Said by a source first, then our reading.
ORDER = (Certainty.STATED, Certainty.INFERRED, Certainty.UNKNOWN)
WORDS = {
    Certainty.STATED: "In de bron",
    Certainty.INFERRED: "Onze lezing",
    Certainty.UNKNOWN: "Onbekend",
}


@dataclass(frozen=True)
class Link:
    """That a measure answers a finding; `certainty` says whether a source says so."""

    finding: int
    number: int
    title: str
    certainty: str

    @property
    def code(self) -> str:
        return f"M{self.number}"


Findings = Sequence[tuple[int, str]]


def draw(findings: Findings, links: Sequence[Link]) -> Drawing:
    """`findings` has an id and a text for each."""
    if not findings:
        return nothing(NAME, TITLE, "Er staan nog geen verbeterpunten op deze website.")
    measures = sorted({link.number for link in links})
    rows = _marks if len(measures) <= MOST_MEASURES else _bars
    shapes, bottom = rows(findings, links, measures)
    used = [c for c in ORDER if any(link.certainty == c for link in links)]
    legend, height = key([(f"site-chart--{c.value}", WORDS[c]) for c in used], bottom + 8)
    return Drawing(
        NAME, TITLE, _describe(findings, links), int(bottom + 8 + height), [*shapes, *legend]
    )


def _marks(findings, links, measures) -> tuple[list[Shape], int]:
    """Codes of the measures above, a mark where one answers a finding."""
    width = 100 / (len(measures) or 1)
    middle = {number: round((n + 0.5) * width, 3) for n, number in enumerate(measures)}
    shapes: list[Shape] = [
        Words(x, 14, f"M{number}", "site-chart__strong", "middle") for number, x in middle.items()
    ]
    bottom = 24
    for pk, text in findings:
        shapes.append(Rule(0, bottom, 100, bottom))
        words, bottom = lines_of(text[:1].upper() + text[1:], bottom + 19)
        shapes += words
        y = bottom + ROW / 2
        own = {link.number: link for link in links if link.finding == pk}
        for number, x in middle.items():
            link = own.get(number)
            shapes.append(
                Mark(
                    x,
                    y,
                    link.certainty if link else "geen",
                    label=f"{link.code} {link.title}: {WORDS[Certainty(link.certainty)].lower()}"
                    if link
                    else "",
                )
            )
        bottom += ROW
    return [*shapes, Rule(0, bottom, 100, bottom)], bottom


def _bars(findings, links, measures) -> tuple[list[Shape], int]:
    """Of many measures a bar per finding says how many answer it."""
    counts = Counter((link.finding, link.certainty) for link in links)
    totals = Counter(link.finding for link in links)
    most = max(totals.values())
    shapes: list[Shape] = []
    bottom = 0
    for pk, text in findings:
        words, bottom = lines_of(text[:1].upper() + text[1:], bottom + 18)
        shapes += words
        x = 0.0
        for certainty in ORDER:
            if number := counts[pk, certainty]:
                wide = 100 * number / most
                shapes.append(
                    Box(
                        round(x, 3),
                        bottom + 2,
                        round(wide, 3),
                        ROW - 8,
                        f"site-chart--{certainty.value}",
                        f"{WORDS[certainty]}: {number}",
                        str(number) if fits(str(number), wide) else "",
                    )
                )
                x += wide
        if not totals[pk]:
            shapes.append(Words(0, bottom + 18, "Geen maatregel", "site-chart__subtle"))
        bottom += ROW
    return shapes, bottom


def _describe(findings: Findings, links: Sequence[Link]) -> str:
    totals = Counter(link.finding for link in links)
    without = [text for pk, text in findings if not totals[pk]]
    said = sum(link.certainty == Certainty.STATED for link in links)
    answered = len(findings) - len(without)
    sentence = (
        f"Bij {answered} van de {len(findings)} verbeterpunten kennen wij een maatregel. "
        f"Van {len(links)} koppelingen {'staat' if said == 1 else 'staan'} er {said} in een "
        "bron; de andere zijn onze lezing."
        if links
        else "Bij geen verbeterpunt kennen wij een maatregel."
    )
    return f"{sentence} Zonder maatregel: {'; '.join(without)}." if without and links else sentence


def table(findings: Findings, links: Sequence[Link]) -> Table:
    """A row per link; a finding without a measure has a row that says so."""
    rows = []
    for pk, text in findings:
        own = [link for link in links if link.finding == pk]
        rows += [
            [text[:1].upper() + text[1:], link.code, link.title, WORDS[Certainty(link.certainty)]]
            for link in own
        ] or [[text[:1].upper() + text[1:], "geen", "", ""]]
    return Table(TITLE, ["Verbeterpunt", "Maatregel", "Titel", "Koppeling"], rows)
