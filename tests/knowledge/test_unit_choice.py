"""Which units of a passage an answer tells, and in which order, by what each is worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from small import TODAY

from knowledge.types import Document, Hit, Passage, Question, Standing
from knowledge.unit_choice import choose, part_of_a_list
from knowledge.unit_worth import Worth
from knowledge.units import units

STOOL = "Ghế gỗ cao 40 cm. Chân ghế làm bằng tre. Ghế sơn ba lớp."


def told(
    house: Any, text: str, question: str, worth: list[tuple[float, float]], kind: Any = "handbook", **named: Any
) -> list[str]:
    """The chosen units' texts, in order."""
    hit = Hit(
        Passage("p", "d", text, ("Ghế gỗ làm thế nào?",)),
        Document("d", "Ghế", kind, "ghe.md", ""),
        1.0,
        Standing.UNKNOWN,
    )
    assistant = house.assistant
    reading = assistant.knowledge.reader.read(Question(question), TODAY)
    limits = {"limit": 900, "short": 600} | named
    chosen = choose(hit, reading, assistant.extractive.relevance, [Worth(*pair) for pair in worth], **limits)
    return [units(hit.passage)[n].text for n in chosen]


def test_the_line_to_read_first_leads_and_what_is_stray_is_left_out(small_house: Any) -> None:
    worth = [(0.1, 0.5), (0.1, 0.02), (0.8, 0.8)]
    assert told(small_house, STOOL, "ghế sơn mấy lớp", worth) == ["Ghế sơn ba lớp.", "Ghế gỗ cao 40 cm."]


def test_an_open_question_is_told_more(small_house: Any) -> None:
    worth = [(0.8, 0.8), (0.1, 0.12), (0.1, 0.02)]
    assert len(told(small_house, STOOL, "ghế cao bao nhiêu", worth)) == 1
    assert len(told(small_house, STOOL, "làm ghế thì nên làm sao cho đẹp", worth)) == 2


def test_a_section_asked_for_whole_is_told_as_far_as_there_is_room(small_house: Any) -> None:
    worth = [(0.8, 0.8), (0.1, 0.01), (0.1, 0.02)]
    assert len(told(small_house, STOOL, "ghế cao bao nhiêu", worth, whole=True)) == 3
    assert len(told(small_house, STOOL, "ghế cao bao nhiêu", worth, whole=True, limit=45)) == 2


def test_what_is_known_stands_beside_a_line_that_something_is_not(small_house: Any) -> None:
    text = "Chưa tìm thấy văn bản về chiều cao ghế. Chân ghế làm bằng tre. Ghế sơn ba lớp."
    assert len(told(small_house, text, "ghế cao bao nhiêu", [(0.8, 0.8), (0.1, 0.01), (0.1, 0.01)])) == 3


@pytest.mark.parametrize("hanging", ["Trong đó chân ghế làm bằng tre.", "Mức này tính cả chân ghế."])
def test_a_line_that_hangs_on_the_one_before_never_stands_without_it(small_house: Any, hanging: str) -> None:
    text = f"Ghế gỗ cao 40 cm. {hanging} Ghế sơn ba lớp."
    needed = [(0.1, 0.01), (0.1, 0.5), (0.8, 0.8)]
    assert told(small_house, text, "ghế sơn mấy lớp", needed) == ["Ghế sơn ba lớp."]
    leads = [(0.1, 0.01), (0.8, 0.8), (0.1, 0.01)]
    assert told(small_house, text, "chân ghế làm bằng gì", leads) == ["Ghế gỗ cao 40 cm.", hanging]


LIST = "Ghế gồm ba phần:\n- Mặt gỗ.\n- Chân tre.\n- Lưng mây.\n\nGhế sơn ba lớp."


def test_a_list_stands_whole_under_the_sentence_that_opens_it_or_without_it(small_house: Any) -> None:
    worth = [(0.3, 0.5), (0.1, 0.02), (0.8, 0.8), (0.1, 0.02), (0.1, 0.02)]
    whole = ["Ghế gồm ba phần:", "Mặt gỗ.", "Chân tre.", "Lưng mây."]
    assert told(small_house, LIST, "chân ghế bằng gì", worth) == whole
    assert told(small_house, LIST, "chân ghế bằng gì", [(0.1, 0.02), *worth[1:]]) == ["Chân tre."]
    assert told(small_house, LIST, "ghế gồm những gì", worth) == whole
    assert told(small_house, LIST, "ghế sơn mấy lớp", [(0.1, 0.5), *[(0.1, 0.02)] * 3, (0.8, 0.8)]) == [
        "Ghế sơn ba lớp.",
        *whole,
    ]


def test_steps_are_told_all_or_only_the_one(small_house: Any) -> None:
    text = "1. Cưa gỗ.\n2. Bào mặt.\n3. Sơn ghế."
    assert told(small_house, text, "ghế sơn lúc nào", [(0.1, 0.5), (0.1, 0.02), (0.8, 0.8)]) == [
        "Cưa gỗ.",
        "Bào mặt.",
        "Sơn ghế.",
    ]
    assert told(small_house, text, "ghế sơn lúc nào", [(0.1, 0.02), (0.1, 0.02), (0.8, 0.8)])[0] == "Cưa gỗ."


def test_some_of_a_counted_list_are_known_to_be_some_and_all_but_one_are_told_with_it(small_house: Any) -> None:
    text = "Ghế gồm 4 phần, đóng bằng tay.\n- Mặt gỗ.\n- Chân tre.\n- Lưng mây.\n- Đệm cói."
    worth = [(0.8, 0.8), (0.1, 0.4), (0.1, 0.02), (0.1, 0.4), (0.1, 0.02)]
    assert told(small_house, text, "ghế mặt gì lưng gì", worth) == [
        "Ghế gồm 4 phần, đóng bằng tay.",
        "Mặt gỗ.",
        "Lưng mây.",
    ]
    assert len(told(small_house, text, "ghế gồm mấy phần", [*worth[:4], (0.1, 0.4)])) == 5
    passage = Passage("p", "d", text, ("Ghế gỗ làm thế nào?",))
    assert part_of_a_list(units(passage), [0, 1, 3]) == 1
    assert part_of_a_list(units(passage), [0, 1, 2, 3, 4]) is None
    assert part_of_a_list(units(replace(passage, text=text.replace("4 phần", "5 món"))), [0, 1, 3]) is None


def test_no_item_stands_without_the_sentence_that_denies_it(small_house: Any) -> None:
    text = "Không nên làm ghế bằng các thứ sau:\n- Gỗ mục.\n- Tre non."
    worth = [(0.1, 0.02), (0.8, 0.8), (0.1, 0.02)]
    assert told(small_house, text, "ghế gỗ mục được không", worth)[0].startswith("Không nên")
    assert told(small_house, text.replace("Không nên làm", "Có thể làm"), "ghế gỗ mục", worth) == ["Gỗ mục."]
    closed = "Ghế không được làm bằng gỗ mục hay tre non.\n- Gỗ mục: mau gãy.\n- Tre non: mau mọt."
    last = [(0.1, 0.02), (0.1, 0.02), (0.8, 0.8)]
    assert [t[:3] for t in told(small_house, closed, "ghế tre non", last)] == ["Ghế", "Tre"]


def test_a_table_is_completed_where_half_of_it_was_chosen(small_house: Any) -> None:
    rows = "\n".join(f"| Phần {n} | {n} điểm |" for n in range(1, 7))
    text = f"Ghế chấm theo bảng.\n\n| Phần | Điểm |\n|---|---|\n{rows}"
    worth = [(0.8, 0.8), *[(0.1, 0.4)] * 2, *[(0.1, 0.02)] * 4]
    assert len(told(small_house, text, "ghế phần chân với lưng", worth)) == 3
    assert len(told(small_house, text, "ghế phần chân với lưng", [*worth[:3], (0.1, 0.4), *worth[4:]])) == 7


def test_a_point_of_a_paper_stands_under_the_line_that_opens_its_list(small_house: Any) -> None:
    text = "Các việc sau đây phải được xã cho phép:\n- Cưa ghế.\n- Sơn ghế.\n- Đốt ghế."
    worth = [(0.1, 0.01), (0.1, 0.01), (0.8, 0.8), (0.1, 0.01)]
    question = "sơn ghế có phải xin phép không"
    assert told(small_house, text, question, worth) == ["Sơn ghế."]
    assert told(small_house, text, question, worth, "official") == [text.split("\n")[0], "Sơn ghế."]
    bare = text.replace("Các việc sau đây phải được xã cho phép:", "Hồ sơ gồm:")
    assert told(small_house, bare, question, worth, "official") == ["Sơn ghế."]


def test_the_letterhead_of_a_paper_is_never_told(small_house: Any) -> None:
    text = "UBND XÃ GHẾ GỖ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nGhế sơn ba lớp."
    worth = [(0.8, 0.8), (0.5, 0.5), (0.1, 0.01)]
    assert told(small_house, text, "ghế sơn mấy lớp", worth, "official") == ["Ghế sơn ba lớp."]


def test_what_stands_about_a_signature_is_never_told(small_house: Any) -> None:
    worth, question = [(0.8, 0.8), (0.1, 0.01), (0.9, 0.9)], "ghế sơn mấy lớp"
    text = "Bến Gỗ, ngày 12 tháng 01 năm 2026\nGhế sơn ba lớp.\nLê Thị Thu Hiền Trần Quốc Hưng"
    assert told(small_house, text, question, worth, "official") == ["Ghế sơn ba lớp."]


@pytest.mark.parametrize(
    "line",
    ["Họp sáng thứ bảy, ngày 17 tháng 01 năm 2026.", "Đơn vị: Hợp tác xã Bình An.", "Đơn vị tính: cân; giá có thuế."],
)
def test_a_day_or_a_unit_within_a_sentence_is_told(small_house: Any, line: str) -> None:
    worth = [(0.8, 0.8), (0.1, 0.01)]
    assert told(small_house, f"{line}\nGhế sơn ba lớp.", "họp ngày nào", worth, "official")[0] == line


@pytest.mark.parametrize("mark", ["1", ""])
def test_a_row_whose_last_cell_is_empty_is_told_where_most_are(small_house: Any, mark: str) -> None:
    rows = [f"| {mark} | Đơn xin | |", f"| {mark} | Ảnh ghế | |", f"| {mark} | Bản vẽ | nếu có |"]
    text = "\n".join(("| TT | Giấy | Ghi chú |", "|---|---|---|", *rows))
    worth = [(0.1, 0.2), (0.8, 0.8), (0.1, 0.2)]
    assert told(small_house, text, "xin ghế có cần ảnh không", worth, "official")[0] == rows[1].strip()


def test_of_a_papers_table_the_rows_stay_that_hold_as_much_of_the_question(small_house: Any) -> None:
    text = "| Hàng | Giá |\n|---|---|\n| Chõng tre | 10 |\n| Ghế gỗ lớn | 20 |\n| Bàn gỗ | 30 |\n| Tủ | 40 |"
    worth = [(0.1, 0.5), (0.8, 0.8), (0.1, 0.5), (0.1, 0.5)]
    row = ["| Ghế gỗ lớn | 20 |"]
    assert told(small_house, text, "giá ghế gỗ loại lớn thế nào", worth, "official") == row
    both = told(small_house, text, "giá chõng tre với ghế gỗ lớn thế nào", worth, "official")
    assert set(both) == {"| Chõng tre | 10 |", *row}
    assert len(told(small_house, text, "ghế nào đắt nhất", worth, "official")) == 4
    assert len(told(small_house, text, "bảng giá ghế gỗ loại to gồm những gì", worth, "official")) == 4


def test_what_hangs_on_the_line_to_read_first_stays_behind_it(small_house: Any) -> None:
    text = "Ghế gỗ cao 40 cm. Chủ ghế sửa ghế trong 60 ngày. Quá thời hạn này thì làm lại từ đầu. Ghế sơn ba lớp."
    worth = [(0.1, 0.5), (0.8, 0.8), (0.1, 0.5), (0.1, 0.01)]
    assert told(small_house, text, "sửa ghế trong mấy ngày", worth)[:2] == [
        "Chủ ghế sửa ghế trong 60 ngày.",
        "Quá thời hạn này thì làm lại từ đầu.",
    ]
