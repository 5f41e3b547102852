"""The units of a passage that can stand in an answer."""

from __future__ import annotations

import pytest

from knowledge.types import Passage
from knowledge.units import row_as_text, sentences, units


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Một. Hai câu.", ["Một. Hai câu."]),  # a word alone goes with what follows
        ("Hồ sơ nộp tại xã. Xã gửi lên tỉnh.", ["Hồ sơ nộp tại xã.", "Xã gửi lên tỉnh."]),
        ("Không. Quyết định không đặt ra lệ phí.", ["Không. Quyết định không đặt ra lệ phí."]),
        ("Tại TP. Hà Nội có Sở. Hồ sơ nộp tại đó.", ["Tại TP. Hà Nội có Sở.", "Hồ sơ nộp tại đó."]),
        ("Cần 1.200 đồng. Nộp trước 1.7.2025.", ["Cần 1.200 đồng.", "Nộp trước 1.7.2025."]),
        ("Theo Nghị định 37/2026/NĐ-CP. Có hiệu lực.", ["Theo Nghị định 37/2026/NĐ-CP.", "Có hiệu lực."]),
        ("Gồm giấy, ảnh, v.v. Các giấy khác tùy chọn.", ["Gồm giấy, ảnh, v.v. Các giấy khác tùy chọn."]),
        (
            "Được chứ! Nhưng phải ghi nhãn. Thật không? Thật đấy anh ạ.",
            ["Được chứ! Nhưng phải ghi nhãn.", "Thật không? Thật đấy anh ạ."],
        ),
        ("", []),
    ],
)
def test_sentences_are_whole(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_no_word_is_lost_between_sentences() -> None:
    text = "Ông A. B. nói: “Có.” Rồi đi. 36 tháng kể từ ngày ký. (Mẫu 02.) Hết."
    assert " ".join(sentences(text)).split() == text.split()


def passage(text: str) -> Passage:
    """A passage of this text."""
    return Passage("d", "m", text)


def test_lists_tables_and_sentences_are_told_apart_with_their_lines() -> None:
    found = units(
        passage(
            "Hồ sơ gồm các phần sau đây:\n1. Đơn đăng ký.\n  - bản giấy\na) Bản sao.\n\n"
            "| Hạng | Điểm |\n|---|---|\n| 4 sao | từ 70 đến dưới 90 |\n| 5 sao | từ 90 |\n\nHết phần này rồi."
        )
    )
    assert [(u.kind, u.line, u.ordinal) for u in found] == [
        ("sentence", 0, ""), ("item", 1, "1"), ("item", 2, ""), ("item", 3, ""), ("row", 7, ""), ("row", 8, ""),
        ("sentence", 10, ""),
    ]  # fmt: skip
    assert found[1].text == "Đơn đăng ký."
    assert found[2].depth == 1
    assert found[4].header == ("Hạng", "Điểm")
    assert found[4].cells == ("4 sao", "từ 70 đến dưới 90")


def test_a_second_table_has_its_own_header() -> None:
    found = units(passage("| A | B |\n|---|---|\n| 1 | 2 |\n\n| C | D |\n|---|---|\n| 3 | 4 |"))
    assert [u.header for u in found] == [("A", "B"), ("C", "D")]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("| Hạng sao | Tổng điểm |\n|---|---|\n| 4 sao | từ 70 đến dưới 90 |", "4 sao – tổng điểm: từ 70 đến dưới 90"),
        ("| Việc | Ai | Hạn |\n|---|---|---|\n| Nộp | – | 5 ngày |", "Nộp – hạn: 5 ngày"),
        ("| Việc | |\n|---|---|\n| Nộp | tại xã |", "Nộp – tại xã"),
        ("| Việc |\n|---|\n| Nộp |", "Nộp"),
    ],
)
def test_a_row_is_told_with_its_header(table: str, told: str) -> None:
    (unit,) = units(passage(table))
    assert row_as_text(unit) == told


def test_a_sentence_that_a_scan_broke_is_one_unit() -> None:
    passage = Passage("d", "p", "Người lái đò phải có\náo phao cho từng khách. Đò cũ\nthì không.\nBến mới.")
    assert [unit.text for unit in units(passage)] == [
        "Người lái đò phải có áo phao cho từng khách.", "Đò cũ thì không.", "Bến mới.",
    ]  # fmt: skip
    assert [unit.line for unit in units(passage)] == [0, 0, 3]


def test_items_set_in_one_line_are_items() -> None:
    passage = Passage("d", "p", "- Bước 1: Nộp đơn. - Bước 2: Nhận phiếu; + Bước 3: Lấy thẻ")
    assert [(unit.text, unit.kind) for unit in units(passage)] == [
        ("Bước 1: Nộp đơn.", "item"), ("Bước 2: Nhận phiếu;", "item"), ("Bước 3: Lấy thẻ", "item"),
    ]  # fmt: skip


def test_points_set_in_one_line_are_items() -> None:
    passage = Passage("d", "p", "Hồ sơ gồm: a) Đơn; b) Bản sao thẻ. Bước 2: Chờ tin.")
    assert [(unit.text, unit.kind) for unit in units(passage)] == [
        ("Hồ sơ gồm:", "sentence"), ("Đơn;", "item"), ("Bản sao thẻ.", "item"), ("Bước 2: Chờ tin.", "sentence"),
    ]  # fmt: skip


def test_the_number_of_a_clause_is_its_place_and_not_one_of_a_list() -> None:
    passage = Passage("d", "p", "3. Đò phải có đèn. Đèn sáng.\na) Trước;\nb) sau.", ("Điều 9. Đèn", "Khoản 3"))
    assert [(unit.text, unit.kind, unit.ordinal) for unit in units(passage)] == [
        ("Đò phải có đèn.", "sentence", ""), ("Đèn sáng.", "sentence", ""),
        ("Trước;", "item", ""), ("sau.", "item", ""),
    ]  # fmt: skip


def test_the_first_row_under_a_blank_header_is_a_row() -> None:
    passage = Passage("d", "p", "| | |\n| Bến Gỗ | 12 |\n| Bến Đá | 9 |")
    assert [row_as_text(unit) for unit in units(passage)] == ["Bến Gỗ – 12", "Bến Đá – 9"]


def test_a_unit_above_a_table_is_told_with_its_figures_and_not_with_the_rest() -> None:
    text = "BẢNG GIÁ\nĐơn vị tính: nghìn đồng\n| Sản phẩm | Giá |\n|---|---|\n| Hàng khô | |\n| Mật ong | 285 |"
    rows = [unit for unit in units(Passage("gia", "#0", text)) if unit.kind == "row"]
    assert [row_as_text(row) for row in rows] == ["Hàng khô", "Mật ong – giá: 285; đơn vị tính: nghìn đồng"]


def test_figures_of_money_keep_the_scale_of_their_column() -> None:
    text = "| Hộ | Doanh thu (triệu đồng) | Phí (đồng) |\n|---|---|---|\n| Ông Tư | 2740 | 65000 |"
    [row] = units(Passage("ho", "#0", text))
    assert row_as_text(row) == "Ông Tư – doanh thu (triệu đồng): 2.740 triệu đồng; phí (đồng): 65.000 đồng"


def test_a_line_that_begins_with_a_capital_is_no_rest_of_the_one_before() -> None:
    found = units(Passage("dau", "#0", "UBND XÃ PHÚ KHÊ\nĐộc lập - Tự do - Hạnh phúc\nÔng Tư nói trước."))
    assert [unit.text for unit in found] == ["UBND XÃ PHÚ KHÊ", "Độc lập - Tự do - Hạnh phúc", "Ông Tư nói trước."]


def test_a_row_that_heads_others_is_told_with_them_only_where_their_names_are_alike() -> None:
    head = "| TT | Việc | Phí |\n|---|---|---|\n"
    text = (
        head
        + "| I | Cấp mới | |\n| 1 | Hộ | 10 |\n| 2 | Xã | 20 |\n| II | Cấp lại | |\n| 1 | Hộ | 5 |\n| 2 | Trường | 7 |"
    )
    told = [row_as_text(unit) for unit in units(Passage("phi", "#0", text))]
    assert told == [
        "Cấp mới", "Cấp mới: Hộ – phí: 10", "Xã – phí: 20", "Cấp lại", "Cấp lại: Hộ – phí: 5", "Trường – phí: 7",
    ]  # fmt: skip


def test_a_note_in_a_table_is_a_sentence() -> None:
    note = "Ghi chú: Hộ ở xa được trả chậm tối đa bốn mươi ngày. Giá đã gồm thuế."
    text = f"| Hàng | Giá |\n|---|---|\n| Muối | 8 |\n| {note} | |"
    found = [(unit.text, unit.kind) for unit in units(Passage("gia", "#0", text))]
    assert found[1:] == [
        ("Ghi chú: Hộ ở xa được trả chậm tối đa bốn mươi ngày.", "sentence"), ("Giá đã gồm thuế.", "sentence"),
    ]  # fmt: skip


def test_no_row_of_a_list_is_lost() -> None:
    tables = ("| STT | Tiêu chí |\n|---|---|\n| 1 | Quy hoạch |\n| 2 | Giao thông |",
              "| TT | Giấy tờ | Ghi chú |\n|---|---|---|\n| 1 | Đơn | |\n| 2 | Bản vẽ | nếu có |\n| 3 | Ảnh. | |",
              "| Hạng | Tên |\n|---|---|\n| A | Tốt |\n| B | Khá |")  # fmt: skip
    for table in tables:
        rows = [unit for unit in units(Passage("bang", "#0", table)) if unit.kind == "row"]
        assert len(rows) == table.count("\n") - 1


def test_a_row_bears_the_names_of_all_levels_above_it() -> None:
    head = "| TT | Việc | Phí |\n|---|---|---|\n"
    text = head + "| I | Cấp mới | |\n| A | Trong xã | |\n| 1 | Hộ | 10 |\n| II | Cấp lại | Cấp lại |\n| 1 | Hộ | 5 |"
    told = [row_as_text(unit) for unit in units(Passage("phi", "#0", text))]
    assert [one for one in told if "phí: " in one and any(c.isdigit() for c in one)] == [
        "Cấp mới: Trong xã: Hộ – phí: 10", "Cấp lại: Hộ – phí: 5",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("above", "told"), [("Đơn vị: triệu đồng", "; đơn vị tính: triệu đồng"), ("Đơn vị: HTX Sen", "")]
)
def test_an_office_above_a_table_is_no_unit(above: str, told: str) -> None:
    [row] = [
        u for u in units(Passage("g", "#0", f"{above}\n| Hàng | Giá |\n|---|---|\n| Sen | 5 |")) if u.kind == "row"
    ]
    assert row_as_text(row) == f"Sen – giá: 5{told}"
