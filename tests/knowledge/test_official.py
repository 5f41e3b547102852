"""An answer as an official letter quotes it: places, numbers, days, issuers and validity from the register."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from knowledge.curated import publish
from knowledge.official import official_text, place_of
from knowledge.types import Question, Turn
from tests.knowledge.test_curated import approve, close_26

DECISION = "Quyết định số 26/2026/QĐ-TTg ngày 22 tháng 5 năm 2026 của Thủ tướng Chính phủ"


def letter(assistant, text, **more):
    """The letter for a question asked now."""
    question = Question(text, **more)
    answer = assistant.ask(question)
    assert answer.status == "answered"
    return official_text(assistant, Turn("s", question, answer, "cli", datetime.now(UTC)))


@pytest.mark.parametrize(
    ("locator", "place"),
    [
        ("Điều 3 khoản 3 điểm b", "điểm b khoản 3 Điều 3"),
        ("Điều 6 khoản 2; Điều 7 khoản 1", "khoản 2 Điều 6; khoản 1 Điều 7"),
        ("Điều 6 khoản 2; Điều 6 khoản 2 điểm a; Điều 6 khoản 3 điểm b", "khoản 2 Điều 6; điểm b khoản 3 Điều 6"),
        ("Phụ lục II Bộ 7 mục 1.2", "mục 1.2 Bộ 7 Phụ lục II"),
        ("n-a1", "n-a1"),
        ("", ""),
    ],
)
def test_places_are_turned_as_letters_write_them(locator, place):
    assert place_of(locator) == place


def test_every_ground_is_named_in_full_and_no_marker_is_left(small_house):
    text = letter(small_house.assistant, "hồ sơ OCOP gồm những gì")
    body, _ = text.split("Căn cứ:")
    assert f"(theo quy định tại khoản 2 Điều 6 {DECISION})" in body
    assert body.count(DECISION) == 1
    assert f"{DECISION} về Bộ tiêu chí và quy trình đánh giá, phân hạng sản phẩm OCOP" in text
    assert "đang có hiệu lực, từ ngày 22/05/2026" in text
    assert "tra cứu ngày 21/11/2026" in text
    assert "[1]" not in text
    assert "**" not in text


def test_a_ground_that_has_ended_since_is_told_with_what_holds_now(house_with):
    assistant = house_with().assistant
    question = Question("Cấp nào công nhận sản phẩm OCOP 3 sao?")
    turn = Turn("s", question, assistant.ask(question), "cli", datetime.now(UTC))
    close_26(assistant)
    text = official_text(assistant, turn)
    assert (
        "ĐÃ HẾT HIỆU LỰC từ ngày 01/11/2026; nay áp dụng Quyết định số 90/2026/QĐ-TTg ngày 01 tháng 11 năm 2026" in text
    )


def test_an_earlier_rule_is_never_quoted_as_one_in_force(small_house):
    text = letter(small_house.assistant, "năm 2024 cấp nào công nhận sản phẩm OCOP 3 sao")
    (line,) = [
        line for line in text.split("\n") if "148/QĐ-TTg ngày 24 tháng 02 năm 2023" in line and line[:1].isdigit()
    ]
    assert "ĐÃ HẾT HIỆU LỰC từ ngày 22/07/2026" in line


def test_advice_is_quoted_as_advice_and_not_as_a_rule(small_house):
    text = letter(small_house.assistant, "viết câu chuyện sản phẩm thế nào")
    assert "gợi ý, không phải quy định của văn bản" in text
    assert "26/2026" not in text


def test_a_reviewers_answer_is_quoted_as_a_persons_word(house_with):
    assistant = house_with().assistant
    approve(assistant)
    publish(assistant)
    text = letter(assistant, "nguoi cham ocop cap xa duoc tra bao nhieu tien cong")
    assert "Ý kiến của chuyên viên (Chuyên viên trả lời, duyệt ngày 21/11/2026" in text
    assert "không phải văn bản quy phạm pháp luật" in text
