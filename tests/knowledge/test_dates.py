"""Time in questions as people ask them."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from knowledge.dates import as_date, full_years, read_time, show
from knowledge.errors import BadInput
from knowledge.text import fold

TODAY = date(2026, 11, 21)


def year(number: int) -> tuple[date, date]:
    """All of a year."""
    return date(number, 1, 1), date(number, 12, 31)


# question, period, whether only an event happened then
NAMED = [
    ("năm 2024 cấp nào công nhận 3 sao", year(2024), False),
    ("2024 cấp nào công nhận 3 sao", year(2024), False),
    ("tháng 6/2025 nộp hồ sơ ở đâu", (date(2025, 6, 1), date(2025, 6, 30)), False),
    ("tháng 2 năm 2024 chấm điểm thế nào", (date(2024, 2, 1), date(2024, 2, 29)), False),
    ("ngày 01/07/2025 ai công nhận 3 sao", (date(2025, 7, 1),) * 2, False),
    ("ngày 6 tháng 7 năm 2025 ai công nhận", (date(2025, 7, 6),) * 2, False),
    ("6-7-2025 ai công nhận", (date(2025, 7, 6),) * 2, False),
    ("trước ngày 01/7/2025 cấp nào công nhận 3 sao", (date(2025, 6, 30),) * 2, False),
    ("giai đoạn 2021-2025 tiêu chí nông thôn mới thế nào", (date(2021, 1, 1), date(2025, 12, 31)), False),
    ("từ 2021 đến 2025 có mấy hạng sao", (date(2021, 1, 1), date(2025, 12, 31)), False),
    ("năm ngoái cấp nào công nhận 3 sao", year(2025), False),
    ("hồi còn huyện thì ai chấm 3 sao", (date(2025, 6, 30),) * 2, False),
    ("trước khi bỏ cấp huyện ai công nhận 3 sao", (date(2025, 6, 30),) * 2, False),
    ("bao bì in trước tháng 1/2026 còn dùng được không", (date(2025, 12, 31),) * 2, True),
    ("giấy chứng nhận cấp năm 2023 khi nào hết hạn", year(2023), True),
    ("sản phẩm công nhận năm 2022 có phải đánh giá lại không", year(2022), True),
    ("tem in năm 2025 bây giờ có dùng được không", year(2025), True),
    ("hồ sơ nộp trước ngày 22/5/2026 thì xử lý thế nào", (date(2026, 5, 21),) * 2, True),
    ("từ 1/1/2025 đến 30/6/2025 nộp ở đâu", (date(2025, 1, 1), date(2025, 6, 30)), False),
    ("tu thang 1/2026 den het thang 4/2026 dung bo nao", (date(2026, 1, 1), date(2026, 4, 30)), False),
    ("từ tháng 1/2026 đến tháng 4/2026 dùng bộ nào", (date(2026, 1, 1), date(2026, 4, 30)), False),
]
# questions that name no period, with what they say all the same
UNNAMED = [
    ("vườn nằm ngoài vùng chỉ dẫn địa lý", {}),
    ("sản phẩm ocop 4 sao cần bao nhiêu điểm", {}),
    ("giấy chứng nhận có hạn 36 tháng phải không", {}),
    ("trước đây ai công nhận 3 sao", {"previous": True}),
    ("quy định cũ chấm mấy điểm", {"previous": True}),
    ("ngày xưa nộp hồ sơ ở huyện phải không", {"previous": True}),
    ("hiện nay cấp nào công nhận 3 sao", {"now": True}),
    ("quy định mới nhất về nhãn", {"now": True}),
    ("quyết định đó còn hiệu lực không", {"now": True}),
    ("bộ cũ xã kiểu mẫu cần mấy điều kiện", {"previous": True}),
    ("giai đoạn trước có mấy tiêu chí", {"previous": True}),
    ("điểm 3.1 chấm mấy điểm", {}),
    ("có 2000 sản phẩm ocop", {}),
    ("hỗ trợ 2024 hộ thế nào", {}),
    ("hộp 1/2 kg ghi thế nào", {}),
    ("hotline 0912345678 của ai", {}),
]


def forms(text: str) -> list[str]:
    """The question with diacritics, without, decomposed, in capitals and with wide spaces."""
    return [text, fold(text), unicodedata.normalize("NFD", text), text.upper(), text.replace(" ", "  ")]


@pytest.mark.parametrize(("question", "period", "event"), NAMED, ids=[q for q, *_ in NAMED])
def test_a_named_time_is_read_however_it_is_typed(question: str, period: tuple[date, date], event: bool) -> None:
    for text in forms(question):
        reading = read_time(text, TODAY)
        assert reading.period, text
        assert (reading.period.start, reading.period.end) == period, text
        assert reading.event == event, text


@pytest.mark.parametrize(("question", "says"), UNNAMED, ids=[q for q, _ in UNNAMED])
def test_no_time_is_read_where_none_is_named(question: str, says: dict[str, bool]) -> None:
    for text in forms(question):
        reading = read_time(text, TODAY)
        assert reading.period is None, text
        found = {name for name in ("event", "previous", "now") if getattr(reading, name)}
        assert found == set(says), text


def test_this_year_is_now_and_last_year_moves_with_today() -> None:
    assert read_time("năm 2026 ai công nhận", TODAY).now
    assert not read_time("năm 2026 ai công nhận", date(2027, 3, 1)).now
    last = read_time("năm ngoái ai công nhận", date(2027, 3, 1)).period
    assert last
    assert (last.start, last.end) == year(2026)


@pytest.mark.parametrize("text", ["ngày 31/02/2025 ai chấm", "tháng 13/2025 ai chấm", "ngày 0/0/2025"])
def test_days_that_do_not_exist_break_nothing(text: str) -> None:
    reading = read_time(text, TODAY)
    assert reading.period is None or reading.period.start <= reading.period.end


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-05-22", date(2026, 5, 22)),
        (" 22/05/2026 ", date(2026, 5, 22)),
        ("1.7.2025", date(2025, 7, 1)),
        ("1-7-2025", date(2025, 7, 1)),
    ],
)
def test_a_callers_day_is_read(text: str, day: date) -> None:
    assert as_date(text) == day


@pytest.mark.parametrize(
    "text", ["", "hôm qua", "2026-13-01", "31/02/2026", "22/05/26", "٢٠٢٦-٠٥-٢٢x", "2026-05-22; DROP"]
)
def test_a_callers_day_that_is_none_is_told(text: str) -> None:
    with pytest.raises(BadInput, match="22/05/2026"):
        as_date(text)


def test_days_are_shown_as_they_are_written_here() -> None:
    assert show(date(2026, 5, 2)) == "02/05/2026"
    assert show(None) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("xa nang cao 21-25 may chi tieu", "xa nang cao 2021-2025 may chi tieu"),
        ("gđ 2021-25", "gđ 2021-2025"),
        ("thời 16–20", "thời 2016-2020"),
        ("từ 21-30", "từ 21-30"),
        ("giá 21-25 triệu", "giá 21-25 triệu"),
        ("26-30% số hộ", "26-30% số hộ"),
        ("ngày 21-25/7/2025", "ngày 21-25/7/2025"),
    ],
)
def test_a_round_of_five_years_is_written_out(typed: str, meant: str) -> None:
    assert full_years(typed) == meant
