"""Every spelling of a fact is the same fact, and different facts stay different."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.figures import Fact, facts_of, places_of
from knowledge.numerals import read_digits, read_words

ONES = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def spelt(number: int) -> str:
    """A number from 1 to 999,999,999 in words, as a clerk writes it."""
    for scale, word in ((10**6, "triệu"), (10**3, "nghìn")):
        if number >= scale:
            rest = number % scale
            return f"{spelt(number // scale)} {word}" + (f" {below(rest)}" if rest else "")
    return below(number)


def below(number: int) -> str:
    """A number under a million in words."""
    if number >= 1000:
        return spelt(number)
    hundreds, rest = divmod(number, 100)
    words = [ONES[hundreds], "trăm"] if hundreds else []
    if rest == 0:
        return " ".join(words)
    if rest < 10:
        return " ".join([*words, "linh", ONES[rest]] if words else [ONES[rest]])
    tens, ones = divmod(rest, 10)
    words += ["mười"] if tens == 1 else [ONES[tens], "mươi"]
    if ones:
        words.append({1: "mốt" if tens > 1 else "một", 5: "lăm"}.get(ones, ONES[ones]))
    return " ".join(words)


def canonical(text: str) -> list[tuple[str, str, str, str]]:
    """The facts without their places."""
    return [(fact.kind, fact.value, fact.unit, fact.bound) for fact in facts_of(text)]


@pytest.mark.parametrize(
    "same",
    [
        ["03 sao", "3 sao", "ba sao", "3★", "★★★", "3 SAO"],
        ["10.000 đồng", "10 nghìn đồng", "mười nghìn đồng", "10.000đ", "10 ngàn đồng", "10k", "10.000 VNĐ"],
        ["1.500.000 đồng", "1,5 triệu đồng", "1 triệu 500 nghìn đồng", "một triệu năm trăm nghìn đồng"],
        ["36 tháng", "3 năm", "ba năm", "ba mươi sáu tháng"],
        ["1/7/2025", "01/07/2025", "01 tháng 7 năm 2025", "ngày 1 tháng 7 năm 2025", "1-7-2025", "01.07.2025"],
        ["tháng 1/2026", "01/2026", "tháng 01 năm 2026", "tháng 1 năm 2026"],
        ["15 ngày làm việc", "mười lăm ngày làm việc"],
        ["từ 70 đến dưới 90 điểm", "70–<90 điểm", "70 - dưới 90 điểm", "từ bảy mươi đến dưới chín mươi điểm"],
        ["không quá 45 ngày", "tối đa 45 ngày", "≤ 45 ngày", "nhiều nhất 45 ngày"],
        ["từ 75%", "tối thiểu 75 phần trăm", "75% trở lên", "≥75%", "ít nhất bảy mươi lăm phần trăm"],
        ["1,2 kg", "1.200 g", "1200 gam"],
        ["2 m", "200 cm", "2.000 mm"],
        ["trước 30/4", "trước ngày 30 tháng 4", "trước ngày 30/04"],
        ["2 tuần", "14 ngày"],
        ["69,9 điểm", "69.9 điểm"],
    ],
)
def test_spellings_of_one_fact_are_equal(same: list[str]) -> None:
    assert len({tuple(canonical(text)) for text in same}) == 1, [canonical(text) for text in same]
    assert canonical(same[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("15 ngày làm việc", "15 ngày"),
        ("36 tháng", "36 năm"),
        ("từ 70 đến dưới 90", "từ 70 đến 90"),
        ("trên 75%", "từ 75%"),
        ("dưới 50 điểm", "trên 50 điểm"),
        ("trước 30/4", "sau 30/4"),
        ("4 sao", "4 điểm"),
        ("1 triệu đồng", "1 tỷ đồng"),
        ("1/7/2025", "7/1/2025"),
        ("10.000 đồng", "10,5 đồng"),
        ("QĐ 26/2026/QĐ-TTg", "QĐ 26/2025/QĐ-TTg"),
    ],
)
def test_different_facts_stay_different(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "text",
    [
        "[1][2]", "[1, 3]", "Điều 7 khoản 6", "Mẫu số 02", "Bộ 5", "bộ sản phẩm số 7", "Phụ lục 2",
        "các bộ 5, 6, 11 và 12", "1. Đơn đề nghị", "- 2) Bản sao", "6.1. Kích thước", "thứ ba hằng tuần",
        "Mỗi xã một sản phẩm", "rau chín", "năm sản xuất", "trong năm đó", "một số xã", "VietGAP, GS1, EAN-13",
        "Mục 5.3 của phiếu",
    ],
)  # fmt: skip
def test_ordinals_markers_places_and_plain_words_are_no_figures(text: str) -> None:
    assert facts_of(text) == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("QĐ 26/2026/QĐ-TTg", "26/2026/qd-ttg"),
        ("Quyết định số 26/2026/QĐ-TTg", "26/2026/qd-ttg"),
        ("theo 26/2026 thì", "26/2026"),
        ("nghị định 15/2018", "nghi dinh 15/2018"),
        ("Hướng dẫn 36-HD/VPTW", "36-hd/vptw"),
        ("Luật 72/2025/QH15", "72/2025/qh15"),
        ("QĐ 148 và", "qd 148"),
    ],
)
def test_instrument_numbers_are_read_as_such(text: str, value: str) -> None:
    assert [(f.kind, f.value) for f in facts_of(text)] == [("instrument", value)]


def test_a_verb_before_stars_is_no_instrument() -> None:
    assert canonical("Ai quyết định 3 sao?") == [("figure", "3", "sao", "")]


def test_figures_of_a_row_share_their_unit_and_dates_their_year() -> None:
    assert canonical("hạng 3, 4 và 5 sao") == [("figure", n, "sao", "") for n in "345"]
    assert canonical("từ 22/5 đến 21/7/2026") == [
        ("date", "2026-05-22", "", ">="),
        ("date", "2026-07-21", "", "<="),
    ]


def test_a_heading_before_a_colon_gives_the_unit() -> None:
    assert canonical("1.1. Nguồn gốc – điểm tối đa: 3") == [("figure", "3", "điểm", "<=")]


def test_typed_without_diacritics_figures_keep_their_units() -> None:
    assert canonical("san pham 82 diem, han 36 thang") == [("figure", "82", "điểm", ""), ("figure", "36", "tháng", "")]


def test_links_are_facts() -> None:
    assert [f.kind for f in facts_of("xem https://xau.example/a?b=1 và vnpc.gs1.gov.vn")] == ["link", "link"]


def test_places_are_spelt_out() -> None:
    assert places_of("bộ 7–9 và 14, Điều 7 khoản 6, Mẫu số 02") == {
        "bo 7", "bo 8", "bo 9", "bo 14", "dieu 7", "khoan 6", "mau 2"
    }  # fmt: skip


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_a_day_reads_alike_in_every_form(day: date) -> None:
    forms = [
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d/%m/%Y}",
        f"{day.day:02} tháng {day.month} năm {day.year}",
        f"ngày {day.day} tháng {day.month:02} năm {day.year}",
        f"{day.day}-{day.month}-{day.year}",
    ]
    for form in forms:
        assert canonical(form) == [("date", day.isoformat(), "", "")], form


@given(st.integers(1, 999_999_999))
@example(5)
@example(1_000_005)
@example(105)
@example(21)
def test_a_sum_reads_alike_in_digits_groups_and_words(number: int) -> None:
    grouped = f"{number:,}".replace(",", ".")
    assert canonical(f"{number} đồng") == canonical(f"{grouped} đồng") == [("figure", str(number), "đồng", "")]
    # "một nghìn năm" would be a thousand years: clerks say the hundreds ("một nghìn không trăm linh năm").
    if all(rest == 0 or rest >= 100 for rest in (number % 1000, number // 1000 % 1000) if number >= 1000):
        assert canonical(f"{spelt(number)} đồng") == [("figure", str(number), "đồng", "")], spelt(number)


@given(st.integers(1, 20))
def test_years_are_twelve_months_each(years: int) -> None:
    assert canonical(f"{years} năm") == canonical(f"{12 * years} tháng") == canonical(f"{spelt(years)} năm")


@given(st.fractions(0, 10**6, max_denominator=100))
def test_decimals_keep_their_value(number: Fraction) -> None:
    if 100 % number.denominator == 0:
        text = f"{float(number):.2f}".replace(".", ",")
        assert read_digits(text) == number


@given(st.text(max_size=300))
def test_any_text_gives_facts_inside_it_that_do_not_overlap(text: str) -> None:
    facts = facts_of(text)
    assert facts == facts_of.__wrapped__(text)
    ends = 0
    for fact in facts:
        assert isinstance(fact, Fact)
        assert ends <= fact.span[0] < fact.span[1]
        ends = fact.span[1]


@given(
    st.lists(st.sampled_from(["hai", "mươi", "trăm", "linh", "năm", "nghìn", "lăm", "mười", "triệu", "tư"]), max_size=8)
)
def test_any_run_of_number_words_is_read_or_left(words: list[str]) -> None:
    read = read_words(words) if words else None
    assert read is None or (read[0] > 0 and 0 < read[1] <= len(words))
