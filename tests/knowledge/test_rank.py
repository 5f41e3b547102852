"""What questions and headings name by number."""

from __future__ import annotations

import pytest

from knowledge.rank import numbered
from knowledge.text import fold


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("gạo lên 5 sao phải đạt gì", {("sao", "5")}),
        ("Từ 4 sao lên 5 sao cần thêm gì?", {("sao", "4"), ("sao", "5")}),
        ("Mẫu số 03 gồm mục nào", {("mau", "3")}),
        ("bộ sản phẩm số 7 theo Điều 12 khoản 3", {("bo", "7"), ("dieu", "12"), ("khoan", "3")}),
        ("phần A được mấy điểm", {("phan", "a")}),
        ("mục 6.1.1 tối đa mấy điểm", {("muc", "6.1.1")}),
        ("dự báo cháy cấp IV thì làm gì", {("cap", "4")}),
        ("chữ cao 5 mm, sao chép 3 bản", set()),
    ],
)
def test_what_is_named_by_number_is_read_with_and_without_diacritics(text: str, named: set[tuple[str, str]]) -> None:
    assert numbered(text) == named
    assert numbered(fold(text)) == named
