"""ODS: a sheet per table, every cell typed as text."""

from collections.abc import Sequence
from datetime import UTC, datetime

from odfdo import Cell, Document, Row
from odfdo import Table as Sheet

from .odf import element, to_bytes
from .safety import printable
from .table import Table
from .xlsx import sheet_names, width_of

_CREATED = datetime(2022, 4, 4, tzinfo=UTC)


def write(tables: Sequence[Table], *, title: str = "") -> bytes:
    document = Document("spreadsheet")
    document.set_language("nl-NL")
    document.body.clear()
    document.insert_style(
        '<style:style style:name="kop" style:family="table-cell">'
        '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top" '
        'fo:border-bottom="0.5pt solid #333333"/>'
        '<style:text-properties fo:font-weight="bold"/></style:style>',
        automatic=True,
    )
    document.insert_style(
        '<style:style style:name="cel" style:family="table-cell">'
        '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>'
        "</style:style>",
        automatic=True,
    )
    for name, table in zip(sheet_names(tables), tables, strict=True):
        document.body.append(_sheet(document, name, table))
    return to_bytes(document, title=printable(title or tables[0].title), moment=_CREATED)


def _sheet(document, name: str, table: Table) -> Sheet:
    sheet = Sheet(name)
    for column in range(len(table.columns)):
        style = f"breedte{width_of(table, column)}"
        if document.get_style("table-column", style) is None:
            millimetres = 2 * width_of(table, column)
            document.insert_style(
                f'<style:style style:name="{style}" style:family="table-column">'
                f'<style:table-column-properties style:column-width="{millimetres}mm"/>'
                "</style:style>",
                automatic=True,
            )
        sheet.append(element(f'<table:table-column table:style-name="{style}"/>'))
    header = element("table:table-header-rows")
    header.append(_row(table.columns, "kop"))
    sheet.append(header)
    for row in table.rows:
        sheet.append(_row(row, "cel"))
    return sheet


def _row(texts: Sequence[str], style: str) -> Row:
    row = Row()
    for text in texts:
        row.append(_cell(printable(text), style))
    return row


def _cell(text: str, style: str) -> Cell:
    # Built by hand: the type is text whatever it looks like, one paragraph per line.
    cell = Cell(style=style)
    cell.set_attribute("office:value-type", "string")
    for line in text.split("\n"):
        paragraph = element("text:p")
        paragraph.text = line
        cell.append(paragraph)
    return cell
