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


NOTICE = (
    "I. KINH PHÍ",
    "1. Ngân sách xã chi tiền thuyền cho hai bến.",
    "2. Hộ nghèo được đi đò miễn phí; hộ khác trả 3.000 đồng một lượt.",
    "II. THỰC HIỆN",
    "1. Trưởng bến ghi sổ khách và nộp về xã mỗi tháng một lần.",
    "2. Bến mở cửa ở các nơi sau:",
    "- Bến Gỗ: từ 5 giờ.",
    "- Bến Đá: từ 6 giờ.",
    "Ai còn thắc mắc xin gặp bà Lụa ở văn phòng.",
    "Đề nghị các thôn báo cho dân biết./.",
)


def test_each_clause_of_a_notice_is_a_passage_under_its_heading() -> None:
    found = {passage.place.partition("#")[0]: passage for passage in cut(*map(Paragraph, NOTICE))}
    assert list(found) == ["I/Khoản 1", "I/Khoản 2", "II/Khoản 1", "II/Khoản 2", "II"]
    assert found["I/Khoản 2"].heading == "I. KINH PHÍ"
    assert found["II/Khoản 2"].text.endswith("- Bến Đá: từ 6 giờ.")
    assert found["II"].text.split("\n") == list(NOTICE[-2:])


def test_a_numbered_list_stays_whole() -> None:
    opened = ("I. HỒ SƠ", "Người dân nộp các giấy sau đây:", "1. Đơn xin mở bến theo mẫu của xã, có chữ ký.")
    found = cut(*map(Paragraph, (*opened, "2. Bản vẽ bến đò có xác nhận của trưởng thôn nơi mở bến.")))
    assert [passage.place for passage in found] == ["I#0"]
    headed = ("I. THÀNH PHẦN HỒ SƠ", "1. Đơn xin mở bến theo mẫu của xã, có chữ ký.", NOTICE[2])
    assert [passage.place for passage in cut(*map(Paragraph, headed))] == ["I#0"]
    short = ("I. ĐỒ DÙNG", "1. Áo phao;", "2. Đèn bão;", "3. Mái chèo.")
    assert [passage.place for passage in cut(*map(Paragraph, short))] == ["I#0"]


def test_lists_that_begin_again_are_not_one() -> None:
    twice = ("I. CHỢ VÀ BẾN", "Quy định về chợ.", *NOTICE[1:3], "Quy định về bến.", *NOTICE[1:3])
    assert [passage.place for passage in cut(*map(Paragraph, twice))] == ["I#0"]


def test_what_a_last_clause_announces_and_its_cases_stay_with_it() -> None:
    hours = cut(*map(Paragraph, (*NOTICE[:3], "3. Bến mở cửa hằng ngày ở các nơi sau:", "Bến Gỗ từ 5 giờ sáng.")))
    assert hours[-1].text.endswith("Bến Gỗ từ 5 giờ sáng.")
    case = cut(*map(Paragraph, (*NOTICE[:3], "Trường hợp hộ nghèo không mang giấy thì trả tiền như hộ khác.")))
    assert case[-1].place == "I/Khoản 2#0"


def test_papers_that_are_to_be_handed_in_as_follows_are_one_list() -> None:
    lines = ("I. THỦ TỤC", "Người dân nộp các giấy tờ như sau:", *NOTICE[1:3])
    assert [passage.place for passage in cut(*map(Paragraph, lines))] == ["I#0"]


def test_what_is_announced_in_clauses_is_cut_at_them() -> None:
    lines = ("Ủy ban thông báo như sau:", *NOTICE[1:3])
    assert [passage.place for passage in cut(*map(Paragraph, lines))] == ["Toàn văn#0", "Khoản 1#0", "Khoản 2#0"]
