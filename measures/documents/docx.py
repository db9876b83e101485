"""A document as DOCX, for whoever works in Word."""

import io
from datetime import datetime, time
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

from .blocks import Grid, Heading, Line, NoteList, Paragraph
from .odf import with_fixed_dates
from .paper import Paper
from .safety import printable

_ACCENT = RGBColor(0x13, 0x3C, 0x67)
_GREY = RGBColor(0x4D, 0x4D, 0x4D)
_WIDTH = Mm(261)


def render(paper: Paper) -> bytes:
    document, rows = Document(), Rows()
    _page(document, paper)
    _styles(document)
    head = document.add_paragraph(paper.kicker)
    head.runs[0].bold = True
    document.add_heading(paper.title, 1)
    document.add_paragraph(paper.day_line)
    for block in paper.blocks:
        match block:
            case Heading():
                _say(document.add_heading("", block.level + 1), block)
            case Paragraph():
                paragraph = document.add_paragraph()
                paragraph.paragraph_format.keep_with_next = block.leads or None
                _say(paragraph, block.line)
            case Grid():
                _grid(document, rows, block)
            case NoteList():
                for number, text in block.items:
                    note = document.add_paragraph(f"[{number}]\t{printable(text)}")
                    note.paragraph_format.left_indent = Mm(10)
                    note.paragraph_format.first_line_indent = Mm(-10)
                    note.paragraph_format.tab_stops.add_tab_stop(Mm(10))
    _properties(document, paper)
    buffer = io.BytesIO()
    document.save(buffer)
    return with_fixed_dates(buffer.getvalue(), {"word/document.xml": rows.put_in})


def _page(document, paper: Paper) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(18)
    footer = section.footer.paragraphs[0]
    footer.text = f"{paper.footer}\tPagina "
    footer.paragraph_format.tab_stops.clear_all()
    footer.style.paragraph_format.tab_stops.clear_all()
    footer.paragraph_format.tab_stops.add_tab_stop(_WIDTH, WD_ALIGN_PARAGRAPH.RIGHT)
    _field(footer, "PAGE")
    footer.add_run(" van ")
    _field(footer, "NUMPAGES")
    footer.style.font.size = Pt(8)


def _field(paragraph, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _styles(document) -> None:
    normal = document.styles["Normal"]
    normal.font.name = "Calibri"
    normal.font.size = Pt(10)
    normal.paragraph_format.space_after = Pt(6)
    for level, size in [(1, 18), (2, 14), (3, 11)]:
        style = document.styles[f"Heading {level}"]
        style.font.name = "Calibri"
        style.font.size = Pt(size)
        style.font.color.rgb = _ACCENT
        # The theme of the template would win over the name of the font.
        fonts = style.element.rPr.rFonts
        for part in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{part}"), None)
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for language in [*defaults.iter(qn("w:lang")), *document.styles.element.iter(qn("w:lang"))]:
        language.set(qn("w:val"), "nl-NL")


def _say(paragraph, line: Line | Heading) -> None:
    run = paragraph.add_run(printable(line.text))
    if line.strong:
        run.bold = True
    if line.extra:
        run = paragraph.add_run(line.extra)
        run.font.color.rgb = _GREY


def _grid(document, rows: "Rows", block: Grid) -> None:
    """Put a table in the document: the library makes its head, `rows` hold the rest."""
    table = document.add_table(rows=1, cols=len(block.columns))
    table.autofit = False
    _lines(table)
    total = sum(block.widths)
    widths = [int(_WIDTH * width / total) for width in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _set(table._tbl.tblPr, "w:tblCaption", printable(block.title))
    _set(table._tbl.tblPr, "w:tblDescription", printable(block.description))
    for position, (cell, name) in enumerate(zip(table.rows[0].cells, block.columns, strict=True)):
        cell.width = widths[position]
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(name)
        run.bold, run.font.size = True, Pt(9)
        if block.numeric and position:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _set(table.rows[0]._tr.get_or_add_trPr(), "w:cantSplit", "true")
    _set(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader", "true")
    table._tbl.append(rows.hold(block, [Length(width).twips for width in widths]))
    document.add_paragraph().paragraph_format.space_after = Pt(0)


class Rows:
    """Rows of tables as XML, put in the file when it is written: an object per cell takes long."""

    def __init__(self):
        self.xml: list[str] = []

    def hold(self, block: Grid, widths: list[int]):
        """A mark in the place of the rows; widths in twentieths of a point."""
        self.xml.append("".join(_row(row, widths, block.numeric) for row in block.rows))
        mark = OxmlElement("w:bookmarkStart")
        mark.set(qn("w:name"), f"kwalibo-rijen-{len(self.xml) - 1}")
        return mark

    def put_in(self, content: bytes) -> bytes:
        """The document with all rows in their places."""
        for number, xml in enumerate(self.xml):
            before, found, after = content.partition(
                f'<w:bookmarkStart w:name="kwalibo-rijen-{number}"/>'.encode()
            )
            assert found
            content = before + xml.encode() + after
        return content


def _row(cells, widths: list[int], numeric: bool) -> str:
    found = "".join(
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/></w:tcPr>'
        f"{''.join(_paragraph(line, numeric and position > 0) for line in lines or _NOTHING)}"
        "</w:tc>"
        for position, (lines, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f'<w:tr><w:trPr><w:cantSplit w:val="true"/></w:trPr>{found}</w:tr>'


def _paragraph(line: Line, to_the_right: bool) -> str:
    side = '<w:jc w:val="right"/>' if to_the_right else ""
    runs = _run(line.text, "<w:b/>" if line.strong else "")
    if line.extra:
        runs += _run(line.extra, f'<w:color w:val="{_GREY}"/>')
    return f'<w:p><w:pPr><w:spacing w:after="40"/>{side}</w:pPr>{runs}</w:p>'


def _run(text: str, style: str) -> str:
    shown = escape(printable(text)).replace("\t", _TAB).replace("\n", _BREAK)
    return (
        f'<w:r><w:rPr>{style}<w:sz w:val="18"/></w:rPr>'
        f'<w:t xml:space="preserve">{shown}</w:t></w:r>'
    )


# A cell holds a paragraph, be it an empty one.
_NOTHING = (Line(""),)
# A tab and a line end are elements between two texts.
_TAB = '</w:t><w:tab/><w:t xml:space="preserve">'
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'


def _lines(table) -> None:
    """Only lines between rows, and room around the text."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "insideH", "bottom"):
        line = OxmlElement(f"w:{side}")
        for name, value in [("val", "single"), ("sz", "4"), ("space", "0"), ("color", "A6A6A6")]:
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "70")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    # The schema fixes the order: borders, layout, margins, look, caption.
    properties = table._tbl.tblPr
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(borders)
    layout.addnext(margins)


def _set(parent, name: str, value: str) -> None:
    element = OxmlElement(name)
    element.set(qn("w:val"), value)
    parent.append(element)


def _properties(document, paper: Paper) -> None:
    moment = datetime.combine(paper.day, time())
    properties = document.core_properties
    properties.title = paper.full_title
    properties.subject = paper.subject
    properties.author = "Ministerie van Infrastructuur en Waterstaat"
    properties.last_modified_by = properties.author
    properties.language = "nl-NL"
    properties.comments = ""
    properties.revision = 1
    properties.created = properties.modified = moment
