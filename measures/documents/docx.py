"""A document as DOCX, for whoever works in Word."""

import io
from datetime import datetime, time

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from .blocks import Grid, Heading, Line, NoteList, Paragraph
from .odf import with_fixed_dates
from .paper import Paper
from .safety import printable

_ACCENT = RGBColor(0x13, 0x3C, 0x67)
_GREY = RGBColor(0x4D, 0x4D, 0x4D)
_WIDTH = Mm(261)


def render(paper: Paper) -> bytes:
    document = Document()
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
                _grid(document, block)
            case NoteList():
                for number, text in block.items:
                    note = document.add_paragraph(f"[{number}]\t{printable(text)}")
                    note.paragraph_format.left_indent = Mm(10)
                    note.paragraph_format.first_line_indent = Mm(-10)
                    note.paragraph_format.tab_stops.add_tab_stop(Mm(10))
    _properties(document, paper)
    buffer = io.BytesIO()
    document.save(buffer)
    return with_fixed_dates(buffer.getvalue())


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


def _grid(document, block: Grid) -> None:
    table = document.add_table(rows=1, cols=len(block.columns))
    table.autofit = False
    _lines(table)
    total = sum(block.widths)
    for column, width in zip(table.columns, block.widths, strict=True):
        column.width = int(_WIDTH * width / total)
    _set(table._tbl.tblPr, "w:tblCaption", printable(block.title))
    _set(table._tbl.tblPr, "w:tblDescription", printable(block.description))
    for position, (cell, name) in enumerate(zip(table.rows[0].cells, block.columns, strict=True)):
        cell.paragraphs[0].add_run(name).bold = True
        if block.numeric and position:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _set(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader", "true")
    for row in block.rows:
        cells = table.add_row().cells
        for position, (cell, lines) in enumerate(zip(cells, row, strict=True)):
            for number, line in enumerate(lines):
                paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                _say(paragraph, line)
                if block.numeric and position:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for row in table.rows:
        _set(row._tr.get_or_add_trPr(), "w:cantSplit", "true")
        for cell, width in zip(row.cells, block.widths, strict=True):
            cell.width = int(_WIDTH * width / total)
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(2)
                for run in paragraph.runs:
                    run.font.size = Pt(9)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


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
