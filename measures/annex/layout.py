"""The order of the annex, for every format that has headings, paragraphs and tables."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ..documents import Paper, Table
from ..documents.blocks import Block, Cell, Grid, Heading, Line, NoteList, Paragraph
from ..models import Status
from .changes import ChangeRow, Changes
from .content import AnnexContent

# A shape beside the word, so that a print in grey still tells the statuses apart.
SHAPES = {
    Status.UNKNOWN: "?",
    Status.PLANNED: "○",
    Status.IN_DEVELOPMENT: "◔",
    Status.BEING_INTRODUCED: "◑",
    Status.IMPLEMENTED: "●",
    Status.DROPPED: "×",
    Status.MERGED: "→",
}


def status_text(status: Status, label: str) -> str:
    """The shape and the word, on one line."""
    return f"{SHAPES[status]}\u00a0{label}"


def paper(content: AnnexContent) -> Paper:
    """The annex as a document."""
    return Paper(
        title=content.title,
        subtitle=content.subtitle,
        dossier=content.dossier,
        day=content.reference_date,
        day_name="Peildatum",
        day_label=content.day_label,
        blocks=blocks(content),
        tables=tables(content),
    )


def blocks(content: AnnexContent) -> list[Block]:
    """Everything below the title, in reading order."""
    found: list[Block] = [Paragraph(line) for line in content.introduction]
    found += [Heading("Samenvatting"), _summary(content)]
    found += [Heading("Wat de statussen betekenen"), _legend(content)]
    if content.changes:
        found += _changes(content.changes)
    for section in content.sections:
        found.append(Heading(section.title.text, section.title.notes, section.title.reading))
        if section.rows:
            found.append(_measures(section))
        else:
            found.append(Paragraph(Line("Wij kennen geen maatregel bij deze hoofdlijn.")))
    if content.promises:
        found.append(Heading("Moties en toezeggingen"))
    for promises in content.promises:
        found.append(Heading(promises.title, level=2))
        if promises.introduction:
            found.append(Paragraph(promises.introduction, leads=True))
        found.append(_promises(promises))
    found.append(Heading("Bronnen"))
    if content.notes:
        found.append(NoteList(tuple((note.number, note.text) for note in content.notes)))
    else:
        found.append(Paragraph(Line("Er zijn geen bronnen genoemd.")))
    return found


def _changes(changes: Changes) -> list[Block]:
    """What changed since the previous letter."""
    lines = [Paragraph(Line(text)) for text in (*changes.sentences, f"Samen: {changes.total}")]
    found: list[Block] = [Heading(changes.title), *lines]
    if changes.rows:
        found.append(
            Grid(
                changes.title,
                "Per maatregel wat er is veranderd sinds de vorige brief.",
                ("Nr.", "Maatregel", "Soort", "Wat is veranderd"),
                (6, 26, 16, 52),
                tuple(
                    (
                        _one(row.number),
                        (Line(row.title, strong=True),),
                        _one(row.kind),
                        tuple(map(Line, _told(row))),
                    )
                    for row in changes.rows
                ),
            )
        )
    return found


def _told(row: ChangeRow) -> list[str]:
    text = [line for line in row.text.splitlines() if line.strip()]
    return [*row.changes, *text]


def _kept(citation: str) -> str:
    """A citation that no line end cuts within '30 015' or 'nr. 87'."""
    return re.sub(r"(?<=\d) (?=\d{3}\b)|(?<=nr\.) ", "\u00a0", citation)


def _one(text: str) -> Cell:
    return (Line(text),)


def _summary(content: AnnexContent) -> Grid:
    return Grid(
        "Aantal maatregelen per hoofdlijn en status",
        "Per hoofdlijn het aantal maatregelen met elke status. De laatste rij telt op.",
        ("Hoofdlijn", *(status.label for status in Status), "Samen"),
        (26, 10, 9, 10, 12, 15, 9, 10, 8),
        tuple(
            tuple(
                (Line(text, strong=row is content.summary[-1]),)
                for text in (row.label, *map(str, row.numbers))
            )
            for row in content.summary
        ),
        numeric=True,
    )


def _legend(content: AnnexContent) -> Grid:
    return Grid(
        "Legenda",
        "Elke status met haar betekenis.",
        ("Status", "Betekenis"),
        (25, 75),
        tuple(
            (_one(status_text(status, status.label)), _one(text)) for status, text in content.legend
        ),
    )


def _measures(section) -> Grid:
    return Grid(
        f"Maatregelen: {section.title.text}",
        "Per maatregel het nummer, de titel, de trekker, de stand van zaken en de status.",
        ("Nr.", "Maatregel", "Trekker", "Stand van zaken", "Status"),
        (6, 26, 12, 40, 16),
        tuple(
            (
                _one(row.number),
                (row.title, row.placing) if row.placing else (row.title,),
                (row.lead,),
                row.progress,
                _one(status_text(row.status, row.status_label)),
            )
            for row in section.rows
        ),
    )


def _promises(promises) -> Grid:
    return Grid(
        promises.title,
        "Per motie of toezegging de omschrijving, de vindplaats en de stand van zaken.",
        ("Omschrijving", "Vindplaats", "Stand van zaken"),
        (42, 18, 40),
        tuple((row.description, _one(_kept(row.reference)), row.progress) for row in promises.rows),
    )


def tables(content: AnnexContent) -> Sequence[Table]:
    """The annex as sheets, for formats that have nothing but tables."""
    about = [
        [content.subtitle],
        [f"Dossier {content.dossier}"],
        [f"Peildatum {content.day_label}"],
        *([line.plain] for line in content.introduction),
    ]
    rows = [
        (
            row.number,
            row.title.plain,
            replace(row.placing, text=section.title.text).plain
            if row.placing
            else section.title.text,
            row.lead.plain,
            "\n".join(line.plain for line in row.progress),
            row.status_label,
        )
        for section in content.sections
        for row in section.rows
    ]
    promises = [
        (
            found.title,
            "\n".join(line.plain for line in row.description),
            row.reference,
            "\n".join(line.plain for line in row.progress),
        )
        for found in content.promises
        for row in found.rows
    ]
    return [
        Table("Toelichting", [content.title], about),
        Table(
            "Samenvatting",
            ["Hoofdlijn", *(status.label for status in Status), "Samen"],
            [[row.label, *row.numbers] for row in content.summary],
        ),
        *_change_tables(content),
        Table(
            "Maatregelen",
            ["Nr.", "Maatregel", "Hoofdlijn", "Trekker", "Stand van zaken", "Status"],
            rows,
        ),
        Table(
            "Moties en toezeggingen",
            ["Lijst", "Omschrijving", "Vindplaats", "Stand van zaken"],
            promises,
        ),
        Table(
            "Legenda",
            ["Status", "Betekenis"],
            [[status.label, text] for status, text in content.legend],
        ),
        Table(
            "Bronnen", ["Nr.", "Bron"], [[str(note.number), note.text] for note in content.notes]
        ),
    ]


def _change_tables(content: AnnexContent) -> list[Table]:
    changes = content.changes
    if changes is None:
        return []
    return [
        Table(
            changes.title,
            ["Nr.", "Maatregel", "Soort", "Wat is veranderd"],
            [
                ["", "", "", "\n".join([*changes.sentences, f"Samen: {changes.total}"])],
                *([row.number, row.title, row.kind, "\n".join(_told(row))] for row in changes.rows),
            ],
        )
    ]
