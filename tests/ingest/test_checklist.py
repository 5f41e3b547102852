"""A checklist on paper: a Word document that opens, laid out for A4, hostile words and all."""

from datetime import date
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn

from ingest.checklist import write_checklist
from knowledge.procedures import Checklist, Line

LINES = tuple(Line(f"Thành phần {n}", f"Điều {n}", n % 2 == 0) for n in range(1, 61))


def made(**more):
    given = {
        "title": "Hồ sơ", "case": "Lần đầu", "subject": "", "made_on": date(2026, 11, 21), "lines": LINES,
        "standing": ("Đang áp dụng",), "notes": ("Một điều cần biết",),
    } | more  # fmt: skip
    return Document(BytesIO(write_checklist(Checklist(**given))))


def test_the_sheet_is_a4_in_times_new_roman_13():
    document = made()
    section, font = document.sections[0], document.styles["Normal"].font
    assert (round(section.page_width.cm), round(section.page_height.cm, 1)) == (21, 29.7)
    assert (font.name, font.size.pt) == ("Times New Roman", 13)
    assert document.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "Times New Roman"


def test_the_table_fits_between_the_margins_and_repeats_its_head():
    document = made()
    section, table = document.sections[0], document.tables[0]
    between = section.page_width - section.left_margin - section.right_margin
    assert sum(column.width for column in table.columns) <= between
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True] + [False] * len(LINES)


def test_words_that_xml_cannot_carry_are_left_out():
    document = made(subject="mật\x00 ong\ud800 <b>&", lines=(Line("a\x0bb\nc", "", True),))
    assert any(paragraph.text == "Hồ sơ: mật ong <b>&" for paragraph in document.paragraphs)
    assert document.tables[0].rows[1].cells[1].text == "a b c"
