"""ODS: a sheet per table, every text typed as text."""

from collections.abc import Sequence
from datetime import date

from odfdo import Cell, Document, Row
from odfdo import Table as Sheet

from .odf import element, to_bytes
from .safety import printable
from .sheets import moment_of, sheet_names, width_of
from .table import Table, Value

_STYLES = [
    '<style:style style:name="kop" style:family="table-cell">'
    '<style:table-cell-properties fo:padding="1.2mm" fo:wrap-option="wrap" '
    'style:vertical-align="top" fo:border-bottom="0.5pt solid #333333"/>'
    '<style:text-properties fo:font-weight="bold"/></style:style>',
    '<style:style style:name="cel" style:family="table-cell">'
    '<style:table-cell-properties fo:padding="1.2mm" fo:wrap-option="wrap" '
    'style:vertical-align="top" fo:border-bottom="0.5pt solid #c0c0c0"/></style:style>',
    '<style:style style:name="getal" style:family="table-cell">'
    '<style:table-cell-properties fo:padding="1.2mm" style:vertical-align="top" '
    'fo:border-bottom="0.5pt solid #c0c0c0"/>'
    '<style:paragraph-properties fo:text-align="end"/></style:style>',
]
# A4 on its side, as wide as the page and as many pages as it takes.
_PAGE = (
    '<style:page-layout style:name="Liggend"><style:page-layout-properties '
    'fo:page-width="297mm" fo:page-height="210mm" style:print-orientation="landscape" '
    'fo:margin-top="15mm" fo:margin-bottom="12mm" fo:margin-left="15mm" fo:margin-right="15mm" '
    'style:scale-to-X="1" style:scale-to-Y="0"/>'
    '<style:footer-style><style:header-footer-properties fo:min-height="8mm" '
    'fo:margin-top="3mm"/></style:footer-style></style:page-layout>'
)
_MASTER = (
    '<style:master-page style:name="Default" style:page-layout-name="Liggend">'
    '<style:header style:display="false"/><style:footer>'
    "<style:region-left><text:p><text:sheet-name>Blad</text:sheet-name></text:p>"
    "</style:region-left><style:region-right><text:p>Pagina "
    "<text:page-number>1</text:page-number> van <text:page-count>1</text:page-count></text:p>"
    "</style:region-right></style:footer></style:master-page>"
)


def write(tables: Sequence[Table], *, title: str = "", day: date | None = None) -> bytes:
    """The tables as one file, dated `day`."""
    document = Document("spreadsheet")
    document.set_language("nl-NL")
    document.body.clear()
    for style in _STYLES:
        document.insert_style(style, automatic=True)
    _lay_out_pages(document)
    for name, table in zip(sheet_names(tables), tables, strict=True):
        document.body.append(_sheet(document, name, table))
    name = printable(title or tables[0].title)
    return to_bytes(document, title=name, moment=moment_of(day))


def _lay_out_pages(document: Document) -> None:
    """Put our page in the place of those of the library, which speak English."""
    layouts = document.styles.get_element("//office:automatic-styles")
    masters = document.styles.get_element("//office:master-styles")
    assert layouts is not None
    assert masters is not None
    for old in layouts.get_elements("style:page-layout"):
        layouts.delete(old)
    for old in masters.get_elements("style:master-page"):
        masters.delete(old)
    layouts.append(element(_PAGE))
    masters.append(element(_MASTER))


def _sheet(document: Document, name: str, table: Table) -> Sheet:
    sheet = Sheet(name)
    for column in range(len(table.columns)):
        style = f"breedte{width_of(table, column)}"
        if document.get_style("table-column", style) is None:
            millimetres = 2.2 * width_of(table, column)
            document.insert_style(
                f'<style:style style:name="{style}" style:family="table-column">'
                f'<style:table-column-properties style:column-width="{millimetres:.1f}mm"/>'
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


def _row(values: Sequence[Value], style: str) -> Row:
    row = Row()
    for value in values:
        row.append(_number(value) if isinstance(value, int) else _text(printable(value), style))
    return row


def _number(value: int) -> Cell:
    return Cell(value, style="getal")


def _text(text: str, style: str) -> Cell:
    # Built by hand: the type is text whatever it looks like, one paragraph per line.
    cell = Cell(style=style)
    cell.set_attribute("office:value-type", "string")
    for line in text.split("\n"):
        paragraph = element("text:p")
        # As plain text: tabs and spaces in a row are elements in OpenDocument.
        paragraph.append_plain_text(line)
        cell.append(paragraph)
    return cell
