"""A document as ODT, the format that the government asks for in texts to be edited."""

from datetime import datetime, time
from typing import Any
from xml.sax.saxutils import escape

from odfdo import Document

from .blocks import Grid, Heading, Line, NoteList, Paragraph
from .odf import Tables, element, plain, to_bytes
from .paper import Paper
from .safety import printable

_WIDTH_MM = 261

# Automatic styles of the text. Names are Dutch: they show in the list of styles.
_AUTOMATIC = [
    '<style:style style:name="Nadruk" style:family="text">'
    '<style:text-properties fo:font-weight="bold"/></style:style>',
    '<style:style style:name="Zacht" style:family="text">'
    '<style:text-properties fo:color="#4d4d4d"/></style:style>',
    '<style:style style:name="Cel" style:family="paragraph" style:parent-style-name="Standard">'
    '<style:paragraph-properties fo:margin-bottom="0.5mm"/>'
    '<style:text-properties fo:font-size="9pt"/></style:style>',
    '<style:style style:name="Kolomkop" style:family="paragraph" style:parent-style-name="Cel">'
    '<style:text-properties fo:font-weight="bold" fo:font-size="9pt"/></style:style>',
    '<style:style style:name="Getal" style:family="paragraph" style:parent-style-name="Cel">'
    '<style:paragraph-properties fo:text-align="end"/>'
    '<style:text-properties fo:font-size="9pt"/></style:style>',
    '<style:style style:name="Getalkop" style:family="paragraph" style:parent-style-name="Cel">'
    '<style:paragraph-properties fo:text-align="end"/>'
    '<style:text-properties fo:font-weight="bold" fo:font-size="9pt"/></style:style>',
    '<style:style style:name="Noot" style:family="paragraph" style:parent-style-name="Standard">'
    '<style:paragraph-properties fo:margin-left="10mm" fo:text-indent="-10mm">'
    '<style:tab-stops><style:tab-stop style:position="0mm"/></style:tab-stops>'
    "</style:paragraph-properties></style:style>",
    '<style:style style:name="Inleiding" style:family="paragraph" '
    'style:parent-style-name="Standard">'
    '<style:paragraph-properties fo:keep-with-next="always"/></style:style>',
    '<style:style style:name="Rooster" style:family="table">'
    f'<style:table-properties style:width="{_WIDTH_MM}mm" table:align="left" '
    'fo:margin-bottom="4mm"/></style:style>',
    '<style:style style:name="Rij" style:family="table-row">'
    '<style:table-row-properties fo:keep-together="always"/></style:style>',
    '<style:style style:name="Kopcel" style:family="table-cell">'
    '<style:table-cell-properties fo:padding="1.2mm" fo:border-bottom="1pt solid #133c67"/>'
    "</style:style>",
    '<style:style style:name="Gewoon" style:family="table-cell">'
    '<style:table-cell-properties fo:padding="1.2mm" fo:border-bottom="0.4pt solid #a6a6a6"/>'
    "</style:style>",
]

_FONT = 'style:font-name="Fira Sans" fo:font-family="\'Fira Sans\', Calibri, Arial, sans-serif"'
# Styles that whoever edits the text can change in one place.
_COMMON = [
    '<style:style style:name="Standard" style:family="paragraph" style:class="text">'
    '<style:paragraph-properties fo:margin-bottom="2mm"/>'
    f'<style:text-properties {_FONT} fo:font-size="10pt" fo:language="nl" fo:country="NL"/>'
    "</style:style>",
    *(
        f'<style:style style:name="Heading_20_{level}" style:display-name="Heading {level}" '
        'style:family="paragraph" style:parent-style-name="Standard" style:class="text" '
        f'style:default-outline-level="{level}">'
        f'<style:paragraph-properties fo:margin-top="{margin}mm" fo:margin-bottom="2mm" '
        'fo:keep-with-next="always"/>'
        f'<style:text-properties fo:font-size="{size}pt" fo:font-weight="bold" '
        'fo:color="#133c67"/></style:style>'
        for level, size, margin in [(1, 18, 2), (2, 14, 6), (3, 11, 4)]
    ),
]

_PAGE = (
    '<style:page-layout style:name="Liggend"><style:page-layout-properties '
    'fo:page-width="297mm" fo:page-height="210mm" style:print-orientation="landscape" '
    'fo:margin-top="18mm" fo:margin-bottom="14mm" fo:margin-left="18mm" fo:margin-right="18mm"/>'
    "<style:footer-style><style:header-footer-properties "
    'fo:min-height="8mm" fo:margin-top="3mm"/></style:footer-style></style:page-layout>'
)
_FOOT = (
    '<style:style style:name="Voet" style:family="paragraph" style:parent-style-name="Standard">'
    f'<style:paragraph-properties><style:tab-stops><style:tab-stop style:position="{_WIDTH_MM}mm" '
    'style:type="right"/></style:tab-stops></style:paragraph-properties>'
    '<style:text-properties fo:font-size="8pt" fo:color="#4d4d4d"/></style:style>'
)


def render(paper: Paper) -> bytes:
    document = Document("text")
    document.set_language("nl-NL")
    tables = Tables()
    body = document.body
    body.clear()
    _styles(document, paper)
    body.append(_paragraph(Line(paper.kicker, strong=True)))
    body.append(_heading(Heading(paper.title), level=1))
    body.append(_paragraph(Line(paper.day_line)))
    for number, block in enumerate(paper.blocks):
        match block:
            case Heading():
                body.append(_heading(block, level=block.level + 1))
            case Paragraph():
                body.append(_paragraph(block.line, "Inleiding" if block.leads else "Standard"))
            case Grid():
                _grid(document, tables, block, f"Tabel{number}")
            case NoteList():
                for note, text in block.items:
                    body.append(_note(note, text))
    moment = datetime.combine(paper.day, time())
    document.meta.subject = paper.subject
    document.meta.creator = "Ministerie van Infrastructuur en Waterstaat"
    document.meta.initial_creator = "Ministerie van Infrastructuur en Waterstaat"
    return to_bytes(document, tables, title=paper.full_title, moment=moment)


def _styles(document: Document, paper: Paper) -> None:
    for style in _AUTOMATIC:
        document.insert_style(style, automatic=True)
    for style in _COMMON:
        document.insert_style(style)
    styles: Any = document.styles
    # The template numbers headings; our themes have no number of their own.
    for outline in styles.get_elements("//text:outline-style"):
        outline.delete()
    automatic = styles.get_element("//office:automatic-styles")
    automatic.append(element(_PAGE))
    automatic.append(element(_FOOT))
    foot = element('<text:p text:style-name="Voet"/>')
    foot.append_plain_text(f"{paper.footer}\tPagina ")
    foot.append(element('<text:page-number text:select-page="current">1</text:page-number>'))
    foot.append(element("<text:span> van </text:span>"))
    foot.append(element("<text:page-count>1</text:page-count>"))
    masters = styles.get_element("//office:master-styles")
    for old in masters.get_elements("style:master-page"):
        masters.delete(old)
    master = element('<style:master-page style:name="Standard" style:page-layout-name="Liggend"/>')
    footer = element("style:footer")
    footer.append(foot)
    master.append(footer)
    masters.append(master)


def _said(line: Line | Heading) -> str:
    """A line as XML."""
    text = plain(line.text)
    strong = f'<text:span text:style-name="Nadruk">{text}</text:span>' if line.strong else text
    if not line.extra:
        return strong
    # Not `plain`: the space at its beginning is one between words.
    return f'{strong}<text:span text:style-name="Zacht">{line.extra}</text:span>'


def _heading(block: Heading, *, level: int) -> Any:
    return element(
        f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">'
        f"{_said(block)}</text:h>"
    )


def _paragraph(line: Line, style: str = "Standard") -> Any:
    return element(_paragraph_xml(line, style))


def _paragraph_xml(line: Line, style: str) -> str:
    return f'<text:p text:style-name="{style}">{_said(line)}</text:p>'


def _note(number: int, text: str) -> Any:
    return _paragraph(Line(f"[{number}]\t{text}"), "Noot")


def _grid(document: Document, tables: Tables, block: Grid, name: str) -> None:
    """Put a table in the document."""
    total = sum(block.widths)
    columns = []
    for position, width in enumerate(block.widths):
        style = f"{name}.{position}"
        document.insert_style(
            f'<style:style style:name="{style}" style:family="table-column">'
            "<style:table-column-properties "
            f'style:column-width="{_WIDTH_MM * width / total:.1f}mm"/></style:style>',
            automatic=True,
        )
        columns.append(f'<table:table-column table:style-name="{style}"/>')
    others = len(block.columns) - 1
    heads = ["Kolomkop", *["Getalkop" if block.numeric else "Kolomkop"] * others]
    styles = ["Cel", *["Getal" if block.numeric else "Cel"] * others]
    header = _row([(Line(column),) for column in block.columns], "Kopcel", heads)
    document.body.append(
        tables.hold(
            f'<table:table table:name="{name}" table:style-name="Rooster">'
            f"<table:title>{escape(printable(block.title))}</table:title>"
            f"<table:desc>{escape(printable(block.description))}</table:desc>"
            f"{''.join(columns)}<table:table-header-rows>{header}</table:table-header-rows>"
            f"{''.join(_row(row, 'Gewoon', styles) for row in block.rows)}</table:table>"
        )
    )


def _row(cells, cell_style: str, paragraph_styles: list[str]) -> str:
    found = "".join(
        f'<table:table-cell table:style-name="{cell_style}" office:value-type="string">'
        f"{''.join(_paragraph_xml(line, style) for line in lines)}</table:table-cell>"
        for lines, style in zip(cells, paragraph_styles, strict=True)
    )
    return f'<table:table-row table:style-name="Rij">{found}</table:table-row>'
