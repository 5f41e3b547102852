"""How texts without articles are cut: by headings that are ones, by numbers, by bold labels."""

from __future__ import annotations

from pathlib import Path

from ingest.blocks import Block, Heading, Paragraph, Reading, Table
from ingest.chunk import chunk
from ingest.metadata import describe
from knowledge.types import Passage


def cut(*blocks: Block) -> list[Passage]:
    reading = Reading(blocks)
    return chunk(describe(reading, Path("to-khai.docx"), "0"), reading)


def bold(text: str) -> Paragraph:
    return Paragraph(text, bold=True)


def test_items_and_sentences_set_in_a_heading_style_are_text() -> None:
    long = "Xã đã mở hai lớp dạy nuôi ong cho các hộ, mỗi lớp ba mươi người, bốn buổi, ai học xong cũng được cấp giấy."
    passages = cut(
        bold("I. KẾT QUẢ"),
        bold("1. Việc nuôi ong:"),
        Heading(2, "- Phát giống cho 12 hộ."),
        Heading(2, long),
        bold("2. Việc chợ"),
        Paragraph("Chợ họp ngày phiên."),
    )
    assert [p.breadcrumb[1:] for p in passages] == [
        ("I. KẾT QUẢ", "1. Việc nuôi ong"),
        ("I. KẾT QUẢ", "2. Việc chợ"),
    ]
    assert passages[0].text == f"- Phát giống cho 12 hộ.\n{long}"


SHEET: tuple[Block, ...] = (
    bold("Chi tiết thủ tục"),
    Paragraph("Tên thủ tục: Xin đất nuôi ong"),
    bold("Trình tự thực hiện:"),
    Paragraph("Nộp ở xã."),
    bold("Thành phần hồ sơ:"),
    Table((("Giấy tờ", "Số lượng"), ("Đơn", "1")), 1),
    Paragraph("Cơ quan thực hiện: Ủy ban nhân dân xã"),
    bold("Căn cứ pháp lý:"),
    Paragraph("Luật Chăn nuôi."),
)


def test_a_sheet_is_cut_at_its_bold_labels() -> None:
    passages = cut(*SHEET)
    title = "Thủ tục: Xin đất nuôi ong"
    assert [p.breadcrumb for p in passages] == [
        (title,),
        (title, "Trình tự thực hiện"),
        (title, "Thành phần hồ sơ"),
        (title,),
        (title, "Căn cứ pháp lý"),
    ]
    assert passages[3].text == "Cơ quan thực hiện: Ủy ban nhân dân xã"


def test_a_bold_word_or_two_cut_nothing() -> None:
    passages = cut(*SHEET[:4], Paragraph("Hỏi ở bàn số 2."))
    assert len(passages) == 1
