"""A dossier checklist as a Word document: the one place where documents are written, beside those that read them."""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from knowledge.procedures import Checklist

_FONT = "Times New Roman"
_BODY, _TITLE, _SMALL = 13, 14, 11  # points
_WIDTHS = (1.2, 8.8, 4.4, 2.2)  # centimetres: number, item, ground, tick; 16.6 between the margins
_HEADS = ("TT", "Thành phần hồ sơ", "Căn cứ", "Đã có")
_MADE = (
    "Bản này do Sổ tay (trợ lý máy) lập tự động từ dữ liệu có dẫn căn cứ, chỉ để tham khảo; "
    "khi làm hồ sơ, hãy đối chiếu với văn bản gốc."
)


def write_checklist(checklist: Checklist) -> bytes:
    """The checklist as DOCX: title, standing of the rule, a table with grounds and ticks, notes, the day."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.4), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(_BODY)
    # Word takes another font for letters that it counts as East Asian unless it is told.
    style.element.get_or_add_rPr().get_or_add_rFonts().set(_qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(4)
    document.core_properties.title = checklist.title
    document.core_properties.author = "Sổ tay"
    document.core_properties.comments = ""
    document.core_properties.created = datetime.combine(checklist.made_on, time())

    def line(text: str, *, size: int = _BODY, centre: bool = False, bold: bool = False, italic: bool = False) -> None:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(_clean(text))
        run.bold, run.italic, run.font.size = bold, italic, Pt(size)
        if centre:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    line("DANH MỤC THÀNH PHẦN HỒ SƠ", size=_TITLE, centre=True, bold=True)
    line(checklist.title, size=_TITLE, centre=True, bold=True)
    line(f"Trường hợp: {checklist.case}", centre=True)
    if checklist.subject:
        line(f"Hồ sơ: {checklist.subject}", bold=True)
    for told in checklist.standing:
        line(told)
    had = sum(row.had for row in checklist.lines)
    line(f"Ngày lập: {checklist.made_on:%d/%m/%Y}. Đã có {had}/{len(checklist.lines)} thành phần.")
    _table(document, checklist)
    if checklist.notes:
        line("Lưu ý", bold=True)
        for note in checklist.notes:
            line(f"– {note}")
    line(_MADE, size=_SMALL, italic=True)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _table(document: Any, checklist: Checklist) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    table = document.add_table(rows=1, cols=len(_HEADS))
    table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = Cm(width)
    rows = [
        _HEADS,
        *((str(n), row.text, row.ground, "☑" if row.had else "☐") for n, row in enumerate(checklist.lines, 1)),
    ]
    for number, texts in enumerate(rows):
        cells = table.rows[0].cells if number == 0 else table.add_row().cells
        for column, (cell, text) in enumerate(zip(cells, texts, strict=True)):
            cell.width = Cm(_WIDTHS[column])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(2)
            run = paragraph.add_run(_clean(text))
            run.bold = number == 0
            if number == 0 or column in (0, len(_HEADS) - 1):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for number, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        # The head comes again on every page, and no row is torn between two.
        properties.append(_element("w:tblHeader" if number == 0 else "w:cantSplit"))
    document.add_paragraph()


def _element(name: str) -> Any:
    from docx.oxml import OxmlElement

    return OxmlElement(name)


def _qn(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name))


def _clean(text: str) -> str:
    """Without what XML cannot carry."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())
