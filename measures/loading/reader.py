"""Reading a data file so that every complaint names its row and field."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from parties.certainty import Certainty

from ..periods import Precision

CERTAINTIES = {
    "stated": Certainty.STATED,
    "inferred": Certainty.INFERRED,
    "unknown": Certainty.UNKNOWN,
}
PRECISIONS = {
    "day": Precision.DAY,
    "month": Precision.MONTH,
    "quarter": Precision.QUARTER,
    "season": Precision.SEASON,
    "year": Precision.YEAR,
}


class DataFileError(Exception):
    """The file cannot be loaded; the message is Dutch and names the place."""


class Row:
    """One object of the file, with the place where it stands ('measures[3]').

    Every accessor raises DataFileError when the field is missing or is of
    another kind. `done()` complains of fields that nobody asked for, so that a
    misspelt field is never passed over in silence.
    """

    def __init__(self, data: Any, place: str):
        if not isinstance(data, dict):
            raise DataFileError(f"{place}: hier hoort een object te staan, geen {_kind(data)}.")
        self.data = data
        self.place = place
        self.unread = set(data)

    def error(self, field: str, message: str) -> DataFileError:
        return DataFileError(f"{self.place}, veld ‘{field}’: {message}")

    def raw(self, field: str) -> Any:
        """The value as it stands in the file; the field must be there."""
        if field not in self.data:
            raise self.error(field, "dit veld ontbreekt.")
        self.unread.discard(field)
        return self.data[field]

    def has(self, field: str) -> bool:
        return field in self.data

    def text(self, field: str) -> str:
        value = self.raw(field)
        if not isinstance(value, str) or not value.strip():
            raise self.error(field, f"hier hoort tekst te staan, geen {_kind(value)}.")
        return value

    def optional_text(self, field: str) -> str:
        """The text, or '' when the field is absent or null: unknown stays empty."""
        if not self.has(field) or self.raw(field) is None:
            return ""
        return self.text(field)

    def choice(self, field: str, choices: dict[str, Any]) -> Any:
        value = self.raw(field)
        if not isinstance(value, str) or value not in choices:
            known = ", ".join(sorted(choices))
            raise self.error(field, f"‘{value}’ kennen wij niet. Kies uit: {known}.")
        return choices[value]

    def certainty(self, field: str = "certainty") -> str:
        return self.choice(field, CERTAINTIES)

    def keys(self, field: str) -> list[str]:
        """A list of codes of other rows."""
        value = self.raw(field)
        if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
            raise self.error(
                field, f"hier hoort een lijst met codes te staan, geen {_kind(value)}."
            )
        return value

    def day(self, field: str, *, precision: str | None = None) -> tuple[date | None, str]:
        """A date of the form JJJJ, JJJJ-MM or JJJJ-MM-DD, with its precision.

        The length gives the precision unless `precision` names the field that does.
        """
        value = self.raw(field) if self.has(field) else None
        named = self.choice(precision, PRECISIONS) if precision and self.has(precision) else None
        if value is None:
            return None, Precision.UNKNOWN
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value):
            raise self.error(field, f"‘{value}’ is geen datum. Schrijf JJJJ-MM-DD.")
        by_length = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}[len(value)]
        try:
            return date.fromisoformat((value + "-01-01")[:10]), named or by_length
        except ValueError:
            raise self.error(field, f"de datum ‘{value}’ bestaat niet.") from None

    def row(self, field: str) -> "Row":
        return Row(self.raw(field), f"{self.place}.{field}")

    def rows(self, field: str) -> list["Row"]:
        return rows(self.raw(field), f"{self.place}.{field}")

    def done(self) -> None:
        if self.unread:
            names = ", ".join(f"‘{name}’" for name in sorted(self.unread))
            raise DataFileError(f"{self.place}: dit veld kennen wij niet: {names}.")


def rows(value: Any, place: str) -> list[Row]:
    if not isinstance(value, list):
        raise DataFileError(f"{place}: hier hoort een lijst te staan, geen {_kind(value)}.")
    return [Row(item, f"{place}[{n}]") for n, item in enumerate(value)]


def read(path: Path) -> Row:
    """The whole file as one row. Raises DataFileError when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataFileError(f"Het bestand {path} bestaat niet.") from None
    except OSError as error:
        raise DataFileError(f"Het bestand {path} is niet te lezen: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise DataFileError(
            f"Het bestand {path} is geen UTF-8: byte {error.start} past er niet in."
        ) from None
    try:
        return Row(json.loads(text), path.name)
    except json.JSONDecodeError as error:
        raise DataFileError(
            f"Het bestand {path} is geen volledige JSON: "
            f"regel {error.lineno}, kolom {error.colno}. Is het afgebroken?"
        ) from None
    except RecursionError:
        raise DataFileError(f"Het bestand {path} is te diep genest.") from None


def _kind(value: Any) -> str:
    names = {
        dict: "object",
        list: "lijst",
        str: "tekst",
        bool: "ja of nee",
        int: "getal",
        float: "getal",
    }
    if value is None or value == "":
        return "lege waarde"
    return names.get(type(value), "waarde van een andere soort")
