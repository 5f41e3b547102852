"""The row of a table that a figure in the question falls into, or that the question names."""

from __future__ import annotations

import pytest

from knowledge.relevance import pairs_of, words_of
from knowledge.rows import row_holding, row_named
from knowledge.types import Passage
from knowledge.units import Unit, units

WEIGHTS = """Chữ phải cao tùy lượng hàng.

| Lượng hàng | Cao |
|---|---|
| Đến 50 g hoặc 50 ml | 2 mm |
| Trên 50 đến 200 g hoặc ml | 3 mm |
| Trên 200 đến 1.000 g hoặc ml | 4 mm |
| Trên 1 kg hoặc trên 1 L | 6 mm |
"""
FINES = """| Giá trị hàng | Mức phạt |
|---|---|
| Đến 5 triệu đồng | 1–3 triệu đồng |
| Trên 5 đến 10 triệu đồng | 3–6 triệu đồng |
| Trên 10 đến 20 triệu đồng | 6–10 triệu đồng |
| Trên 100 triệu đồng | 50–60 triệu đồng |
"""
STARS = """| Hạng | Tổng điểm |
|---|---|
| 4 sao | từ 70 đến dưới 90 |
| 3 sao | từ 50 đến dưới 70 |
"""


def table(text: str) -> list[Unit]:
    return units(Passage("d", "d#0", text, ("Trang", "Mục")))


@pytest.mark.parametrize(
    ("text", "question", "cell"),
    [
        (WEIGHTS, "chai 330 ml thì chữ cao bao nhiêu", "Trên 200 đến 1.000 g hoặc ml"),
        (WEIGHTS, "tui 50g chu cao may mm", "Đến 50 g hoặc 50 ml"),
        (WEIGHTS, "gói 200 gram", "Trên 50 đến 200 g hoặc ml"),
        (WEIGHTS, "can 5 lít", "Trên 1 kg hoặc trên 1 L"),
        (WEIGHTS, "bao 1,5 kg", "Trên 1 kg hoặc trên 1 L"),
        (FINES, "hàng trị giá 15 triệu bị phạt bao nhiêu", "Trên 10 đến 20 triệu đồng"),
        (FINES, "lo hang 5.000.000 đồng", "Đến 5 triệu đồng"),
        (STARS, "được 71 điểm thì mấy sao", "4 sao"),
        (STARS, "70 diem", "4 sao"),
        (STARS, "69,9 điểm", "3 sao"),
    ],
)
def test_the_row_is_the_one_whose_range_holds_the_figure(text: str, question: str, cell: str) -> None:
    all_units = table(text)
    row = row_holding(all_units, question)
    assert row is not None
    assert all_units[row].cells[0] == cell


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (WEIGHTS, "chữ ghi khối lượng cao bao nhiêu"),
        (WEIGHTS, "chai 330 đồng"),
        (FINES, "hàng trị giá 50 triệu bị phạt bao nhiêu"),  # between the rows
        (STARS, "40 điểm thì mấy sao"),
        (STARS, "OCOP 4 sao cần bao nhiêu điểm"),
        (STARS, "dưới 70 điểm thì mấy sao"),
        (STARS, "thang 100 điểm thì 3 sao cần bao nhiêu"),
        (STARS, "65 điểm và 75 điểm khác nhau thế nào"),
        (FINES, "hàng giả trị giá trên 10 triệu phạt bao nhiêu"),
        (FINES, "gọi 0912345678 hỏi mức phạt"),
        ("| Lượng | Cao |\n|---|---|\n| Đến 50 g hoặc \\mathrm{ml} | 2 mm |", "gói 60 g"),
        ("Không có bảng nào ở đây.", "71 điểm"),
    ],
)
def test_no_row_is_chosen_where_none_holds_it(text: str, question: str) -> None:
    assert row_holding(table(text), question) is None


SHEET = """Phiếu chia điểm như sau.

| Nội dung | Điểm tối đa |
|---|---|
| Phần A – Tổ chức sản xuất | 19 điểm |
| Phần B – Câu chuyện sản phẩm | 12 điểm |
| Phần C – Cảm quan | 15 điểm |
| Phần C – Tính độc đáo | 8 điểm |
| Phần C – Bảo đảm chất lượng | 4 điểm |
"""


@pytest.mark.parametrize(
    ("question", "cell"),
    [
        ("mục độc đáo tối đa mấy điểm", "8 điểm"),
        ("cau chuyen bao nhieu diem", "12 điểm"),
        ("phần C gồm mấy điểm", None),
        ("cảm quan và độc đáo mấy điểm", None),
        ("cảm quan mấy điểm khi chưa có câu chuyện", None),
        ("bao nhiêu điểm tất cả", None),
        ("chất mấy điểm", None),
    ],
)
def test_the_row_that_a_question_names(question: str, cell: str | None) -> None:
    units = table(SHEET)
    words = [word for word in words_of(question) if "_" not in word]
    row = row_named(units, words, pairs_of(question))
    assert (units[row].cells[1] if row is not None else None) == cell
