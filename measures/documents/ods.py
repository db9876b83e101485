"""ODS: a sheet per table, every text typed as text."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import quoteattr

from odfdo import Document

from .odf import Tables, element, plain, to_bytes
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
    '<number:date-style style:name="dag-maand-jaar"><number:day number:style="long"/>'
    '<number:text>-</number:text><number:month number:style="long"/>'
    '<number:text>-</number:text><number:year number:style="long"/></number:date-style>',
    '<style:style style:name="dag" style:family="table-cell" '
    'style:data-style-name="dag-maand-jaar">'
    '<style:table-cell-properties fo:padding="1.2mm" style:vertical-align="top" '
    'fo:border-bottom="0.5pt solid #c0c0c0"/>'
    '<style:paragraph-properties fo:text-align="start"/></style:style>',
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
    held = Tables()
    for name, table in zip(sheet_names(tables), tables, strict=True):
        document.body.append(_sheet(document, held, name, table))
    name = printable(title or tables[0].title)
    return to_bytes(document, held, title=name, moment=moment_of(day))


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


def _sheet(document: Document, held: Tables, name: str, table: Table) -> Any:
    columns = []
    for column in range(len(table.columns)):
        width = width_of(table, column)
        style = f"breedte{width}"
        if document.get_style("table-column", style) is None:
            document.insert_style(
                f'<style:style style:name="{style}" style:family="table-column">'
                f'<style:table-column-properties style:column-width="{2.2 * width:.1f}mm"/>'
                "</style:style>",
                automatic=True,
            )
        columns.append(f'<table:table-column table:style-name="{style}"/>')
    return held.hold(
        f"<table:table table:name={quoteattr(name)}>{''.join(columns)}"
        f"<table:table-header-rows>{_row(table.columns, 'kop')}</table:table-header-rows>"
        f"{''.join(_row(row, 'cel') for row in table.rows)}</table:table>"
    )


def _row(values: Sequence[Value], style: str) -> str:
    return f"<table:table-row>{''.join(_cell(value, style) for value in values)}</table:table-row>"


def _cell(value: Value, style: str) -> str:
    if isinstance(value, int):
        return _number(value)
    return _day(value) if isinstance(value, date) else _text(printable(value), style)


def _day(value: date) -> str:
    return (
        '<table:table-cell table:style-name="dag" office:value-type="date" '
        f'office:date-value="{value.isoformat()}"><text:p>{value:%d-%m-%Y}</text:p>'
        "</table:table-cell>"
    )


def _number(value: int) -> str:
    return (
        '<table:table-cell table:style-name="getal" office:value-type="float" '
        f'office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
    )


def _text(text: str, style: str) -> str:
    # The type is text whatever it looks like, one paragraph per line.
    lines = "".join(f"<text:p>{plain(line)}</text:p>" for line in text.split("\n"))
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">'
        f"{lines}</table:table-cell>"
    )
