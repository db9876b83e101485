"""Annex contents for comparisons, made without a database."""

from datetime import date

from measures.annex.content import (
    AnnexContent,
    DeadlineFact,
    Line,
    MeasureRow,
    MomentFact,
    Section,
)
from measures.models import DeadlineState, Status

APRIL = date(2022, 4, 4)
MAY = date(2023, 5, 1)


def row(
    number: int,
    status=Status.PLANNED,
    text="Het werk loopt.",
    *,
    deadline: date | None = None,
    label: str = "",
    reason: str = "",
    merged_into: str = "",
) -> MeasureRow:
    title = f"Maatregel {number}"
    return MeasureRow(
        number=f"M{number}",
        title=Line(title, strong=True),
        placing=None,
        lead=Line("Onbekend"),
        progress=(Line(text),),
        status=status,
        status_label=f"{status.label} {merged_into}".strip(),
        text=text,
        reported_on=None,
        merged_into=merged_into,
        deadline=DeadlineFact(
            deadline,
            label or (deadline.isoformat() if deadline else "geen datum"),
            DeadlineState.ON_SCHEDULE if deadline else DeadlineState.NONE,
            reason,
        ),
    )


def content(*rows: MeasureRow, on: date = APRIL, letter_date: str = "") -> AnnexContent:
    """A content with these measures; with `letter_date` it is that of a letter."""
    moment = MomentFact("Peilmoment", "peilmoment", "De brief", letter_date, "", False)
    return AnnexContent(
        title="Stand van zaken",
        subtitle="Bijlage",
        dossier="30 015",
        reference_date=on,
        known_on=None,
        moment=moment if letter_date else None,
        introduction=(),
        legend=(),
        summary=(),
        changes=None,
        sections=(Section(Line("Hoofdlijn"), rows),),
        promises=(),
        notes=(),
    )
