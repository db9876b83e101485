"""What a document is made of: headings, paragraphs, tables and notes, as plain data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A statement in one paragraph, with the numbers of its notes.

    `reading` says that it is our reading of the source, not its words; `strong`
    that it names the row.
    """

    text: str
    notes: tuple[int, ...] = ()
    reading: bool = False
    strong: bool = False

    @property
    def extra(self) -> str:
        """What follows the text, softer than the text itself."""
        reading = " (onze lezing)" if self.reading else ""
        notes = f" [{', '.join(map(str, self.notes))}]" if self.notes else ""
        return reading + notes

    @property
    def plain(self) -> str:
        """The statement for a file without layout: 'Tekst (onze lezing) [1, 3]'."""
        return self.text + self.extra


Cell = tuple[Line, ...]


@dataclass(frozen=True)
class Heading(Line):
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; one that `leads` stays on the page of the table below it."""

    line: Line
    leads: bool = False


@dataclass(frozen=True)
class Grid:
    """A table; `widths` are parts of the width of the page, `description` is for who listens."""

    title: str
    description: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: bool = False

    @property
    def labelled(self) -> list[list[tuple[str, Cell]]]:
        """The rows, with beside each cell its column: on a phone a row becomes a card."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class NoteList:
    items: tuple[tuple[int, str], ...]


Block = Heading | Paragraph | Grid | NoteList
