"""The figure that a question asks for, and whether a text shows such a one."""

from __future__ import annotations

import pytest

from knowledge.figure_asked import MONEY, figure_asked, figure_shown
from knowledge.text import fold

ASKED = [
    ("lệ phí nộp hồ sơ bao nhiêu tiền", "đồng"),
    ("dán tem hết mấy triệu", "đồng"),
    ("lương cán bộ xã thế nào", "đồng"),
    ("giấy có hạn mấy năm", "tháng"),
    ("xã làm trong bao nhiêu ngày", "ngày"),
    ("làm bao lâu thì xong", "ngày"),
    ("tỷ lệ hài lòng cần bao nhiêu phần trăm", "%"),
    ("chữ cao mấy mm", "mm"),
    ("phần A được mấy điểm", "điểm"),
    ("cho xin số điện thoại của sở", "liên hệ"),
    ("mức đóng bảo hiểm y tế hộ cận nghèo", "mức"),
]
NONE = [
    "theo quyết định số mấy",
    "thuộc nhóm mấy",
    "ai công nhận 3 sao",
    "hồ sơ gồm những gì",
    "máy dán nhãn loại nào tốt",
    "liệt kê mấy cái mà hồ sơ hay bị hụt",
    "mấy điểm nào dễ lấy mà hay bỏ sót",
    "mấy thứ gì phải có trên nhãn",
    "mức phạt do ai quyết định",
]


@pytest.mark.parametrize(("question", "unit"), ASKED, ids=[q for q, _ in ASKED])
def test_the_unit_asked_for_is_read_with_and_without_diacritics(question: str, unit: str) -> None:
    assert figure_asked(question) == unit
    assert figure_asked(fold(question)) == unit


@pytest.mark.parametrize("question", NONE)
def test_names_and_other_questions_ask_for_no_figure(question: str) -> None:
    assert figure_asked(question) is None


@pytest.mark.parametrize(
    ("asked", "text", "shown"),
    [
        ("đồng", "Phí nộp đơn là 1.000.000 đồng một nhóm.", True),
        ("đồng", "Hồ sơ nộp tại UBND cấp xã trong 15 ngày làm việc.", False),
        ("ngày", "Hồ sơ nộp tại UBND cấp xã trong 15 ngày làm việc.", True),
        ("tháng", "Giấy chứng nhận có giá trị 36 tháng.", True),
        ("%", "Bắt buộc 100% sản phẩm trồng trong tỉnh.", True),
        ("%", "Bộ trưởng công nhận 5 sao.", False),
        ("mức", "Đóng bằng 4,5% lương cơ sở.", True),
        ("mức", "Được hỗ trợ 500.000 đồng.", True),
        ("mức", "Đã đóng từ đủ 12 tháng trở lên.", False),
        ("liên hệ", "Gọi 1900 1234 để hỏi.", True),
        ("cai", "Mang theo 5 cái mẫu.", True),
        ("cai", "Mang theo mẫu.", False),
    ],
)
def test_a_text_shows_a_figure_of_the_unit_or_none(asked: str, text: str, shown: bool) -> None:
    assert figure_shown(asked, text) is shown


def test_a_column_of_sums_shows_them() -> None:
    table = "| Việc | Kinh phí (triệu đồng) |\n|---|---|\n| Gia cố bờ | 210 |"
    assert figure_shown(MONEY, table)
    assert not figure_shown(MONEY, table.replace("210", "chưa rõ"))
    assert not figure_shown(MONEY, table.replace(" (triệu đồng)", ""))
