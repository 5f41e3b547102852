"""Workbooks and slides: tables with headers and merged cells, figures and dates as shown, empty ranges bounded."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pptx
import pytest
from papers import packed, rezipped, slides, workbook
from pptx.util import Cm

from ingest.blocks import Heading, Paragraph, Table
from ingest.readers import read_bytes
from ingest.sheets import shown
from knowledge.errors import Refused


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (1234567, "#,##0", "1.234.567"),
        (1234.5, "#,##0.00", "1.234,50"),
        (0.255, "0.0%", "25,5%"),
        (0.5, "General", "0,5"),
        (5.0, "General", "5"),
        (7, "000", "007"),
        (12.0, "0", "12"),
        (1500000, '#,##0 "đồng"', "1.500.000"),
        (datetime(2026, 3, 5), "dd/mm/yyyy", "05/03/2026"),
        (datetime(2026, 3, 5, 8, 30), "dd/mm/yyyy hh:mm", "05/03/2026 08:30"),
        (date(2026, 3, 5), "General", "05/03/2026"),
        (True, "General", "Có"),
        ("Nuôi ong", "General", "Nuôi ong"),
    ],
)
def test_values_as_shown(value: object, form: str, expected: str) -> None:
    assert shown(value, form) == expected


def test_a_sheet_is_a_heading_titles_and_a_table() -> None:
    rows = [["DANH SÁCH HỘ NUÔI ONG"], ["(Tính đến ngày 05/3/2026)"], [None], ["STT", "Họ tên", "Số đàn"],
            [1, "Nguyễn Văn Bưởi", 60], [2, "Trần Thị Nhãn", 75]]  # fmt: skip
    assert read_bytes(workbook(rows, "Xã Mật")).blocks == (
        Heading(1, "Xã Mật"),
        Paragraph("DANH SÁCH HỘ NUÔI ONG"),
        Paragraph("(Tính đến ngày 05/3/2026)"),
        Table((("STT", "Họ tên", "Số đàn"), ("1", "Nguyễn Văn Bưởi", "60"), ("2", "Trần Thị Nhãn", "75")), 1),
    )


def test_merged_cells_and_formats_of_a_sheet() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Nhóm", "Điểm", None], [None, "Tối đa", "Đạt"], ["Mật ong", 1000, 0.8]):
        sheet.append(row)
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")
    sheet["B3"].number_format, sheet["C3"].number_format = "#,##0", "0%"
    (table,) = read_bytes(packed(book)).blocks
    assert table == Table((("Nhóm", "Điểm", "Điểm"), ("Nhóm", "Tối đa", "Đạt"), ("Mật ong", "1.000", "80%")), 2)


def test_names_under_a_merged_cell_belong_to_the_header() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["STT", "Hình thức", None], [None, "Thay thế", "Bãi bỏ"], [1, "x", None], [2, None, "x"]):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    (table,) = read_bytes(packed(book)).blocks
    assert isinstance(table, Table)
    assert table.header_rows == 2


def test_hidden_sheets_are_left_out_and_named() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Thấy", "được"])  # type: ignore[union-attr]
    secret = book.create_sheet("Nháp")
    secret.append(["không", "ai thấy"])
    secret.sheet_state = "hidden"
    reading = read_bytes(packed(book))
    assert "ai thấy" not in reading.text
    assert "Nháp" in reading.warnings[0]


def test_a_sheet_formatted_to_its_last_row_costs_nothing() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B1"] = "Tên", "Số"
    sheet["A1048576"] = "Cuối"
    assert read_bytes(packed(book)).text == "Tên Số\nCuối"


def test_a_merged_range_over_the_whole_sheet_is_refused() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "Tên"
    sheet.merge_cells("A1:B2")
    data = packed(book)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    with pytest.raises(Refused, match="gộp"):
        read_bytes(rezipped(data, {"xl/worksheets/sheet1.xml": xml.replace(b"A1:B2", b"A1:XFD1048576")}))


def test_slides_are_pages_with_titles_texts_and_tables() -> None:
    reading = read_bytes(slides([("Nuôi ong", "Đặt tổ nơi râm mát\nTránh gió"), ("Lấy mật", "Vào sáng sớm")]))
    assert reading.blocks == (
        Heading(2, "Nuôi ong", 1),
        Paragraph("Đặt tổ nơi râm mát", 1),
        Paragraph("Tránh gió", 1),
        Heading(2, "Lấy mật", 2),
        Paragraph("Vào sáng sớm", 2),
    )
    assert reading.pages == 2


def test_tables_and_notes_of_a_slide() -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text = "Điểm"
    table = slide.shapes.add_table(2, 2, Cm(1), Cm(5), Cm(10), Cm(3)).table
    for i, text in enumerate(("Tiêu chí", "Điểm", "Mật", "10")):
        table.cell(i // 2, i % 2).text = text
    slide.notes_slide.notes_text_frame.text = "Nhắc hạn nộp"
    blocks = read_bytes(packed(presentation)).blocks
    assert blocks == (
        Heading(2, "Điểm", 1),
        Table((("Tiêu chí", "Điểm"), ("Mật", "10")), 1, 1),
        Paragraph("Ghi chú: Nhắc hạn nộp", 1),
    )
