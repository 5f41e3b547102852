"""What kind of answer a question wants, with and without diacritics."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from knowledge.abbreviations import Abbreviations
from knowledge.question import Kind, asking_parts, content_terms, kind_of, last_asked, two_parts
from knowledge.text import expand, fold
from knowledge.types import Question

TODAY = date(2026, 11, 21)

KINDS = [
    ("sản phẩm ocop 4 sao cần bao nhiêu điểm", Kind.QUANTITY),
    ("lệ phí chấm OCOP bao nhiêu", Kind.QUANTITY),
    ("giấy chứng nhận ocop có hạn mấy năm", Kind.TIME),
    ("bao lâu thì có kết quả", Kind.TIME),
    ("khi nào phải đánh giá lại", Kind.TIME),
    ("năm 2024 cấp nào công nhận 3 sao", Kind.WHO),
    ("ai ký giấy chứng nhận", Kind.WHO),
    ("nộp hồ sơ ở đâu", Kind.PLACE),
    ("hồ sơ OCOP gồm những gì", Kind.LIST),
    ("cần giấy tờ gì", Kind.LIST),
    ("xã có chấm điểm ocop không", Kind.YES_NO),
    ("có bắt buộc làm câu chuyện sản phẩm không", Kind.YES_NO),
    ("bao bì in trước tháng 1/2026 còn dùng được không", Kind.YES_NO),
    ("OCOP là gì", Kind.DEFINITION),
    ("thế nào là nông thôn mới kiểu mẫu", Kind.DEFINITION),
    ("quy trình đánh giá OCOP", Kind.STEPS),
    ("các bước công nhận xã nông thôn mới", Kind.STEPS),
    ("3 sao và 4 sao khác nhau thế nào", Kind.COMPARE),
    ("làm sao viết câu chuyện sản phẩm cho hay", Kind.ADVICE),
    ("nên đặt tên sản phẩm thế nào", Kind.ADVICE),
    ("câu chuyện sản phẩm", Kind.OTHER),
]


@pytest.mark.parametrize(("question", "kind"), KINDS, ids=[q for q, _ in KINDS])
def test_the_kind_of_answer_is_read_however_it_is_typed(question: str, kind: Kind) -> None:
    for text in (question, fold(question), question.upper(), question + "?"):
        assert kind_of(text) == kind, text


def test_content_terms_name_things_once_and_in_order() -> None:
    assert content_terms("Hồ sơ OCOP của xã thì hồ sơ nộp ở đâu vậy")[:4] == ("ho", "so", "ocop", "xa")
    assert content_terms("là gì vậy") == ()


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("NTM là gì", "nông thôn mới"),
        ("ntmnc khác gì", "nâng cao"),
        ("htx nộp đâu", "hợp tác xã"),
        ("ubnd xã", "ủy ban nhân dân"),
        ("hđnd tỉnh", "hội đồng nhân dân"),
        ("hdnd tinh", "hội đồng nhân dân"),
        ("1 sp cần gì", "sản phẩm"),
        ("hs ocop", "hồ sơ"),
        ("attp", "an toàn thực phẩm"),
        ("shtt", "sở hữu trí tuệ"),
        ("phải có gcn k", "giấy chứng nhận"),
        ("bn điểm", "bao nhiêu"),
    ],
)
def test_what_officers_abbreviate_is_spelt_out(typed: str, spelt: str) -> None:
    abbreviations = Abbreviations.load()
    for text in (typed, typed.upper()):
        assert spelt in abbreviations.spell_out(text).lower(), text


def test_words_that_are_no_abbreviation_stay() -> None:
    text = "Hồ sơ gồm đơn, phương án và hình ảnh."
    assert Abbreviations.load().spell_out(text) == text


def test_dialect_is_read_only_as_it_is_spelt() -> None:
    abbreviations = Abbreviations.load()
    assert abbreviations.spell_out("tổ tư vấn mần chi rứa") == "tổ tư vấn làm chi vậy"
    for text in ("nước rửa tay", "nuoc rua tay", "trà hồng", "muối mặn", "hong tra"):
        assert abbreviations.spell_out(text) == text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("sản phẩm ba sao ai ký", "sản phẩm 3 sao ai ký"),
        ("muon len bon sao", "muon len 4 sao"),
        ("OCOP Năm sao", "OCOP 5 sao"),
        ("ở Việt Nam sao lại thế", "ở Việt Nam sao lại thế"),
    ],
)
def test_stars_in_words_are_stars(small_house: Any, text: str, read: str) -> None:
    assert small_house.assistant.knowledge.reader.read(Question(text), TODAY).text == read


@pytest.mark.parametrize(("text", "sets"), [("bộ 5 cần gì", (5,)), ("bo so 12 lên 4 sao", (12,)), ("OCOP là gì", ())])
def test_a_set_named_by_its_number_is_a_set(small_house: Any, text: str, sets: tuple[int, ...]) -> None:
    assert small_house.assistant.knowledge.reader.read(Question(text), TODAY).sets == sets


def test_a_form_of_several_readings_is_read_by_its_neighbours_in_the_knowledge() -> None:
    texts = ["Đăng ký nhãn hiệu ở đâu", "Đủ điều kiện xét công nhận", "Hội đồng tỉnh chấm điểm", "Hướng dẫn ghi nhãn"]
    known = Counter(term for text in texts for term in set(expand(text)))
    abbreviations = Abbreviations.load(frequency=lambda term: known[term])
    for text, spelt in (
        ("chưa có đk nhãn hiệu", "chưa có đăng ký nhãn hiệu"),
        ("da du dk chua", "da du điều kiện chua"),
        ("hd tinh cham sao", "hội đồng tinh cham sao"),
        ("hd ghi nhan", "hướng dẫn ghi nhan"),
        ("đk nghĩa là gì", "đk điều kiện nghĩa là gì"),  # the short form itself is asked about
    ):
        assert abbreviations.spell_out(text) == spelt


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        ("hồ sơ ocop gồm những gì và nộp ở đâu", ("hồ sơ ocop gồm những gì", "nộp ở đâu")),
        ("giay 4 sao ai cap, co han may nam", ("giay 4 sao ai cap", "co han may nam")),
        ("nhãn có bắt buộc mã vạch không? đăng ký ở đâu?", ("nhãn có bắt buộc mã vạch không", "đăng ký ở đâu?")),
        ("hồ sơ ocop gồm những gì", None),
        ("hà nội có mấy xã nâng cao, mấy xã kiểu mẫu", None),
        ("công ty em 500 công nhân là doanh nghiệp lớn, có đăng ký được không", None),
        ("bao bì và nhãn được chấm bao nhiêu điểm", None),
        ("làng mình không có giấy tờ gì, viết đại năm lập làng được không", None),
        ("4 sao, 5 sao khác nhau thế nào", None),
        ("muốn lên 4 sao và 5 sao cần bao nhiêu điểm", None),
        ("", None),
    ],
)
def test_a_question_that_asks_two_things_is_halved(text: str, halves: tuple[str, str] | None) -> None:
    assert two_parts(text) == halves


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("hồ sơ em ký nhận hôm 12, sếp giục suốt, xã được giữ mấy ngày", "xã được giữ mấy ngày"),
        ("ho so em ky nhan hom 12, sep giuc suot, xa duoc giu may ngay", "xa duoc giu may ngay"),
        ("Túi in từ năm ngoái còn đầy kho. Dùng tiếp túi cũ được tới khi nào? Em cảm ơn nhiều", "Dùng tiếp túi cũ"),
        ("xã được giữ mấy ngày", None),
        ("hồ sơ đăng ký đánh giá lần đầu nộp ở xã gồm những giấy tờ gì", None),
        ("nhà em bán lạc rang, kẹo lạc, bánh đa, mắm tép, miến dong, giò chả", None),
    ],
)
def test_a_long_questions_last_clause_that_asks(text: str, asked: str | None) -> None:
    found = last_asked(text)
    assert (found or "").startswith(asked) if asked else found is None


def test_the_parts_of_a_story_that_ask_stand_alone_and_with_the_one_beside_them() -> None:
    text = "Xã em mới nhập, ai cũng rối. Phiếu hài lòng do ai đi lấy vậy ạ? Em mới nhận việc tuần trước, mừng lắm."
    parts = asking_parts(text)
    assert "Phiếu hài lòng do ai đi lấy vậy ạ?" in parts
    assert any("ai cũng rối" in part and "do ai đi lấy" in part for part in parts)
    assert not any(part.startswith("mừng") for part in parts)
    assert asking_parts("Hôm qua nhà em bán hết hàng, cả nhà mừng lắm. Cảm ơn các anh chị nhiều.") == ()


def test_a_story_without_an_end_is_cut_into_pieces() -> None:
    story = "em lam mat ong rung nam nay duoc mua ban chay lam ca nha mung " * 3
    parts = asking_parts(story + "gio em muon hoi giay chung nhan co gia tri may nam")
    assert 0 < len(parts) <= 16
    assert any("may nam" in part for part in parts)
    assert all(len(part.split()) <= 24 for part in parts)


@pytest.mark.parametrize("text", ["sp của em đc 82 điểm thì mấy sao", "duoc 71 diem la sao may", "49,5 điểm hạng gì"])
def test_how_many_stars_points_are_is_searched_without_the_points(small_house: Any, text: str) -> None:
    reading = small_house.assistant.knowledge.reader.read(Question(text), TODAY)
    assert reading.search.startswith("bao nhiêu điểm được mấy sao")
    assert any(c.isdigit() for c in reading.text)


@pytest.mark.parametrize(
    "text", ["82 điểm mà thiếu chốt nhãn thì mấy sao", "phần A 30 điểm là mấy sao", "xã 30 điểm xếp hạng gì"]
)
def test_points_under_a_condition_are_searched_as_they_are_asked(small_house: Any, text: str) -> None:
    reading = small_house.assistant.knowledge.reader.read(Question(text), TODAY)
    assert "điểm mà thiếu" in reading.search or "30 điểm" in reading.search


def test_last_year_is_searched_by_its_number(small_house: Any) -> None:
    reading = small_house.assistant.knowledge.reader.read(Question("nhãn in năm ngoái dùng được không"), TODAY)
    assert "năm 2025" in reading.search
    assert "2025" not in reading.terms  # a page that answers need not name it


@pytest.mark.parametrize("text", ["san pham nam ngoai tinh co duoc dang ky khong", "miền nam kia có bán không"])
def test_what_only_looks_like_last_year_is_none(small_house: Any, text: str) -> None:
    reading = small_house.assistant.knowledge.reader.read(Question(text), TODAY)
    assert "năm 20" not in reading.search
