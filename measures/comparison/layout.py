"""A comparison as a document, as tables and as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass

from .. import sentences as numbers
from ..documents import Paper, Table
from ..documents.blocks import Block, Cell, Grid, Heading, Line, Paragraph
from . import sentences
from .changes import Comparison, Kind, MeasureChange, Side

TITLE = "Wat is er veranderd?"
SCHEMA = "kwalibo-vergelijking"
VERSION = 1

# What every reader has to know before he reads a comparison.
WHAT_IS_COMPARED = (
    "Wij vergelijken per maatregel de status, de streefdatum en de tekst over de stand van zaken. "
    "Elke maatregel telt één keer mee, bij de belangrijkste verandering. Maatregelen die zijn "
    "vervallen of opgegaan in een andere, blijven meetellen."
)
_MARKS = (
    "In de tekst staat [vervallen: …] bij woorden die er niet meer staan, en [nieuw: …] bij "
    "woorden die erbij kwamen."
)


@dataclass(frozen=True)
class Count:
    """How many measures have a main class, at either moment; None where they cannot be."""

    kind: Kind
    before: int | None
    after: int | None

    @property
    def label(self) -> str:
        return self.kind.label


def counts(comparison: Comparison) -> list[Count]:
    """The classes that occur; the numbers of a moment add up to its total."""
    return [
        Count(
            kind,
            None if kind == Kind.NEW else comparison.number(kind),
            None if kind == Kind.ABSENT else comparison.number(kind),
        )
        for kind in Kind
        if comparison.number(kind)
    ]


def remarks(comparison: Comparison) -> list[str]:
    """What has to be said of where the two states come from."""
    return [
        f"De stand bij {side.label} is een reconstructie. Wij maakten haar achteraf uit openbare "
        "bronnen; de bijlage die bij de brief zelf ging, kennen wij niet."
        for side in dict.fromkeys((comparison.before, comparison.after))
        if side.is_reconstruction
    ]


def between(comparison: Comparison) -> str:
    """The two moments: 'de brief van 4 april 2022 en 31 december 2024'."""
    return f"{comparison.before.label} en {comparison.after.label}"


def heading(comparison: Comparison) -> str:
    """'De brief van 4 april 2022 naast 31 december 2024'."""
    first = comparison.before.label
    return f"{first[0].upper()}{first[1:]} naast {comparison.after.label}"


def paper(comparison: Comparison, *, is_now: bool) -> Paper:
    """The comparison as a document, dated the later day."""
    return Paper(
        title="Wijzigingen in de verbetermaatregelen Kwalibo",
        subtitle="Vergelijking van twee momenten",
        dossier="30 015 Bodembeleid",
        day=comparison.after.day,
        day_name="Vergeleken",
        day_label=between(comparison),
        blocks=blocks(comparison, is_now=is_now),
        tables=tables(comparison, is_now=is_now),
    )


def blocks(comparison: Comparison, *, is_now: bool) -> list[Block]:
    """Everything below the title, in reading order."""
    texts = [*sentences.summary(comparison, is_now=is_now), *remarks(comparison), WHAT_IS_COMPARED]
    if any(change.text for change in comparison.changes):
        texts.append(_MARKS)
    found: list[Block] = [Paragraph(Line(text)) for text in texts]
    found += [
        Heading("De som"),
        Paragraph(Line(sentences.total(comparison)), leads=True),
        _counted(comparison),
    ]
    for kind, changes in comparison.by_kind.items():
        if changes:
            found.append(Heading(f"{kind.label}: {numbers.measures(len(changes))}"))
            found.append(_same(changes) if kind == Kind.UNCHANGED else _changed(kind, changes))
    return found


def _counted(comparison: Comparison) -> Grid:
    rows = [(c.label, _shown(c.before), _shown(c.after)) for c in counts(comparison)]
    last = ("Samen", str(comparison.number_before), str(comparison.number_after))
    return Grid(
        "Aantal maatregelen per verandering",
        "Per soort verandering het aantal maatregelen op elk moment. De laatste rij telt op.",
        ("Verandering", comparison.before.day_label, comparison.after.day_label),
        (60, 20, 20),
        tuple(tuple((Line(text, strong=row is last),) for text in row) for row in [*rows, last]),
        numeric=True,
    )


def _shown(number: int | None) -> str:
    return "–" if number is None else str(number)


def _changed(kind: Kind, changes: Sequence[MeasureChange]) -> Grid:
    return Grid(
        f"Maatregelen: {kind.label.lower()}",
        "Per maatregel het nummer, de titel, wat er veranderde en het verschil in de tekst.",
        ("Nr.", "Maatregel", "Wat veranderde er?", "Stand van zaken"),
        (6, 24, 26, 44),
        tuple(
            (
                _lines(change.number),
                (Line(change.title, strong=True),),
                _lines("\n".join(sentences.what_changed(change)) or "Alleen de tekst."),
                _lines(progress(change)),
            )
            for change in changes
        ),
    )


def progress(change: MeasureChange) -> str:
    """The text of the progress: with what changed in it, or as it stayed."""
    return change.text.plain if change.text else change.row.text or "Onbekend"


def _same(changes: Sequence[MeasureChange]) -> Grid:
    return Grid(
        "Maatregelen die niet veranderden",
        "Per maatregel het nummer, de titel, de status en de streefdatum.",
        ("Nr.", "Maatregel", "Status", "Streefdatum"),
        (6, 54, 22, 18),
        tuple(
            (
                _lines(change.number),
                (Line(change.title, strong=True),),
                _lines(change.row.status_label),
                _lines(change.row.deadline.label or "geen datum"),
            )
            for change in changes
        ),
    )


def _lines(text: str) -> Cell:
    return tuple(map(Line, filter(str.strip, text.split("\n"))))


def tables(comparison: Comparison, *, is_now: bool) -> list[Table]:
    """The comparison as sheets: what it says, the sum, and every measure."""
    about = [
        f"Vergeleken: {between(comparison)}",
        *sentences.summary(comparison, is_now=is_now),
        sentences.total(comparison),
        *remarks(comparison),
        WHAT_IS_COMPARED,
        _MARKS,
    ]
    summed: list[list[str | int]] = [
        [c.label, "" if c.before is None else c.before, "" if c.after is None else c.after]
        for c in counts(comparison)
    ]
    summed.append(["Samen", comparison.number_before, comparison.number_after])
    was, now = comparison.before.day_label, comparison.after.day_label
    return [
        Table("Toelichting", [TITLE], [[text] for text in about]),
        Table("Som", ["Verandering", was, now], summed),
        Table(
            "Maatregelen",
            [
                "Nr.",
                "Maatregel",
                "Verandering",
                "Alle veranderingen",
                f"Status op {was}",
                f"Status op {now}",
                f"Streefdatum op {was}",
                f"Streefdatum op {now}",
                "Reden van de andere streefdatum",
                f"Tekst op {was}",
                f"Tekst op {now}",
                "Verschil in de tekst",
            ],
            [_table_row(change) for change in comparison.changes],
        ),
    ]


def _table_row(change: MeasureChange) -> list[str]:
    was, now = change.before, change.after
    return [
        change.number,
        change.title,
        change.kind.label,
        ", ".join(kind.label for kind in change.kinds),
        was.status_label if was else "",
        now.status_label if now else "",
        was.deadline.label or "geen datum" if was else "",
        now.deadline.label or "geen datum" if now else "",
        change.deadline.reason if change.deadline else "",
        was.text if was else "",
        now.text if now else "",
        change.text.plain if change.text else "",
    ]


def as_json(comparison: Comparison, *, is_now: bool) -> dict:
    """The same for programs; docs/vergelijking.md describes it."""
    return {
        "schema": SCHEMA,
        "versie": VERSION,
        "van": _side(comparison.before),
        "tot": _side(comparison.after),
        "samenvatting": list(sentences.summary(comparison, is_now=is_now)),
        "som": {
            "van": comparison.number_before,
            "nieuw": comparison.number(Kind.NEW),
            "niet_meer_genoemd": comparison.number(Kind.ABSENT),
            "tot": comparison.number_after,
            "per_soort": {kind: comparison.number(kind) for kind in Kind},
        },
        "maatregelen": [_measure(change) for change in comparison.changes],
    }


def _side(side: Side) -> dict:
    return {
        "dag": side.day.isoformat(),
        "brief": side.letter or None,
        "reconstructie": side.is_reconstruction,
    }


def _measure(change: MeasureChange) -> dict:
    return {
        "nummer": change.number,
        "titel": change.title,
        "soort": change.kind,
        "soorten": list(change.kinds),
        "van": _state(change.before),
        "tot": _state(change.after),
        "reden_streefdatum": (change.deadline.reason or None) if change.deadline else None,
        "verschil": [
            {"soort": piece.mark, "tekst": piece.text}
            for piece in (change.text.pieces if change.text else ())
        ],
    }


def _state(row) -> dict | None:
    if row is None:
        return None
    return {
        "status": row.status.value,
        "status_tekst": row.status_label,
        "opgegaan_in": row.merged_into or None,
        "streefdatum": row.deadline.day.isoformat() if row.deadline.day else None,
        "streefdatum_tekst": row.deadline.label or "geen datum",
        "tekst": row.text or None,
    }
