"""Makes the templates from texts.py: `python -m cases.planning.papers.making`."""

from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as WordTable

from cases.planning.papers.texts import (
    APPROVED,
    DATE,
    FACTS,
    LANGUAGES,
    NAME,
    PAPERS,
    SIGNATURE,
    TOTAL,
    Paper,
    PaperSection,
    PaperTable,
)

FOLDER = Path(__file__).with_name("templates")
ROOM = "_" * 75
"""A line to write on."""
FONT = "Times New Roman"
GRID = "Table Grid"
WIDTH, NUMBER = 165, 10
"""Millimetres: of a table, and of its first column."""
WEIGHTS = {
    "name": 2.2,
    "title": 2.2,
    "source_of_finance": 1.7,
    "institution": 1.5,
    "responsible": 1.5,
    "criterion": 2,
    "conclusion": 2.2,
    "year": 0.7,
}
"""How wide the columns are to one another; those not named have 1."""
MADE = datetime(2026, 1, 1, tzinfo=UTC)


def template_of(kind: str, language: str) -> Path:
    return FOLDER / f"{kind}-{language}.docx"


def make(paper: Paper, language: str) -> DocumentObject:
    document = Document()
    place = LANGUAGES.index(language)
    _set_up(document, language)
    if paper.is_approved:
        for text in APPROVED:
            _line(document, text[place], WD_ALIGN_PARAGRAPH.RIGHT)
        document.add_paragraph()
    _line(document, paper.title[place], WD_ALIGN_PARAGRAPH.CENTER, is_bold=True)
    _line(document, "{{ title }}", WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, "№ {{ paper_number }}", WD_ALIGN_PARAGRAPH.CENTER)
    document.add_paragraph()
    facts = document.add_table(rows=0, cols=2, style=GRID)
    for label, name in FACTS:
        _fill(facts, [label[place], f"{{{{ {name} }}}}"])
    for number, section in enumerate(paper.sections, 1):
        _section(document, number, section, place)
    _signatures(document, paper, place)
    return document


def _set_up(document: DocumentObject, language: str) -> None:
    """A4 with the margins of an official paper."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = Mm(30), Mm(15), Mm(20), Mm(20)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(12)
    style.paragraph_format.space_after = Pt(4)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:cs"), FONT)
    document.core_properties.created = document.core_properties.modified = MADE
    document.core_properties.author, document.core_properties.title = "", ""
    document.core_properties.language = language


def _line(
    document: DocumentObject, text: str, alignment: WD_ALIGN_PARAGRAPH | None = None, *, is_bold: bool = False
) -> None:
    paragraph = document.add_paragraph()
    if alignment is not None:
        paragraph.alignment = alignment
    paragraph.add_run(text).bold = is_bold or None


def _section(document: DocumentObject, number: int, section: PaperSection, place: int) -> None:
    document.add_paragraph()
    _line(document, f"{number}. {section.heading[place]}", is_bold=True)
    if section.table is not None:
        _table(document, section.table, place)
    elif section.text[place]:
        _line(document, section.text[place], WD_ALIGN_PARAGRAPH.JUSTIFY)
    elif section.is_text:
        for text in ("{%p if text %}", "{{ text }}", "{%p else %}", ROOM, ROOM, "{%p endif %}"):
            _line(document, text)
    else:
        _line(document, ROOM)
        _line(document, ROOM)


def _table(document: DocumentObject, table: PaperTable, place: int) -> None:
    drawn = document.add_table(rows=0, cols=len(table.columns) + 1, style=GRID)
    drawn.autofit = False
    names = [name for _heading, name in table.columns]
    share = (WIDTH - NUMBER) / sum(WEIGHTS.get(name, 1) for name in names)
    for column, width in zip(drawn.columns, [NUMBER, *(share * WEIGHTS.get(name, 1) for name in names)], strict=True):
        column.width = Mm(width)
    _fill(drawn, ["№", *(heading[place] for heading, _name in table.columns)], is_bold=True)
    _fill(drawn, [f"{{%tr for line in {table.lines} %}}", *[""] * len(table.columns)])
    _fill(drawn, ["{{ loop.index }}", *(f"{{{{ line.{name} }}}}" for _heading, name in table.columns)])
    _fill(drawn, ["{%tr endfor %}", *[""] * len(table.columns)])
    if table.total:
        _line(document, f"{TOTAL[place]}: {{{{ {table.total} }}}}", WD_ALIGN_PARAGRAPH.RIGHT, is_bold=True)


def _signatures(document: DocumentObject, paper: Paper, place: int) -> None:
    document.add_paragraph()
    drawn = document.add_table(rows=0, cols=3)
    for office, name in paper.signs:
        _fill(drawn, [office[place], "______________", f"{{{{ {name} or '______________' }}}}" if name else ROOM[:20]])
        _fill(drawn, ["", f"({SIGNATURE[place]})", f"({NAME[place]})"])
    document.add_paragraph()
    _line(document, DATE[place])


def _fill(table: WordTable, texts: list[str], *, is_bold: bool = False) -> None:
    for cell, text in zip(table.add_row().cells, texts, strict=True):
        run = cell.paragraphs[0].add_run(text)
        run.bold, run.font.size = is_bold or None, Pt(10)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for kind, paper in PAPERS.items():
        for language in LANGUAGES:
            make(paper, language).save(str(template_of(kind, language)))


if __name__ == "__main__":
    main()
