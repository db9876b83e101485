"""The list of measures as rows for files; one content for every format."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date

from parties.certainty import Certainty

from .documents import Table
from .models import Measure, Status
from .periods import Precision

UNKNOWN = "onbekend"


@dataclass(frozen=True)
class MeasureRow:
    """One measure on one day. The names of the fields are the keys of the JSON file.

    Every value is a text. A period that is known only roughly ('eind 2025') has
    its last day beside it, as JJJJ-MM-DD; that is empty when the date is unknown.
    """

    nummer: str
    titel: str
    hoofdlijn: str
    status: str
    opgegaan_in: str
    stand_op: str
    stand_op_dag: str
    later_gepubliceerd: str
    stand_van_zaken: str
    zekerheid: str
    trekker: str
    streefdatum: str
    streefdatum_dag: str
    nauwkeurigheid: str
    stand_van_de_datum: str
    bronnen: str
    adres: str

    @classmethod
    def read(
        cls, measures: Iterable[Measure], *, address: Callable[[str], str], query: str
    ) -> list["MeasureRow"]:
        """A row per measure; needs standing, deadline state, lead, theme and sources."""
        return [cls._of(measure, address, query) for measure in measures]

    @classmethod
    def _of(cls, measure, address, query):
        standing = measure.standing
        said = standing or measure
        merged = measure.standing_merged_number
        return cls(
            nummer=measure.code,
            titel=measure.title,
            hoofdlijn=measure.theme.title,
            status=Status(measure.standing_status).label,
            opgegaan_in=f"M{merged}" if merged else "",
            stand_op=standing.reporting_date_label if standing else UNKNOWN,
            stand_op_dag=_iso(standing and standing.reporting_date),
            later_gepubliceerd="ja" if measure.standing_is_later else "nee",
            stand_van_zaken=standing.explanation if standing else UNKNOWN,
            zekerheid=Certainty(said.certainty).label,
            trekker=measure.lead.name if measure.lead else UNKNOWN,
            streefdatum=measure.deadline_label,
            streefdatum_dag=_iso(measure.standing_deadline),
            nauwkeurigheid=Precision(measure.standing_deadline_precision).label,
            stand_van_de_datum=measure.deadline_state_label,
            bronnen="; ".join(source.citation for source in said.sources.all()),
            adres=address(measure.get_absolute_url()) + query,
        )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


_HEADINGS = {
    "opgegaan_in": "Opgegaan in",
    "stand_op": "Stand op",
    "stand_op_dag": "Stand op, laatste dag",
    "later_gepubliceerd": "Later gepubliceerd",
    "stand_van_zaken": "Stand van zaken",
    "streefdatum_dag": "Streefdatum, laatste dag",
    "nauwkeurigheid": "Nauwkeurigheid van de streefdatum",
    "stand_van_de_datum": "Stand van de streefdatum",
}


def as_table(rows: list[MeasureRow], day: date, known_on: date | None = None) -> Table:
    names = [field.name for field in fields(MeasureRow)]
    return Table(
        title=f"Maatregelen {day.isoformat()}",
        columns=[
            *(_HEADINGS.get(name, name.capitalize()) for name in names),
            "Peildatum",
            *(["Bekend op"] if known_on else []),
        ],
        rows=[
            [
                *(getattr(row, name) for name in names),
                day.isoformat(),
                *([known_on.isoformat()] if known_on else []),
            ]
            for row in rows
        ],
    )


def as_json(rows: list[MeasureRow], day: date, known_on: date | None = None) -> dict:
    """{"peildatum": "2024-12-31", "aantal": 7, "maatregelen": [{"nummer": "M1", …}]}

    Each measure has the keys of MeasureRow; with `known_on` there is a key `bekend_op` too.
    """
    return {
        "peildatum": day.isoformat(),
        **({"bekend_op": known_on.isoformat()} if known_on else {}),
        "aantal": len(rows),
        "maatregelen": [asdict(row) for row in rows],
    }
