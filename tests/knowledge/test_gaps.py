"""What was asked in vain: grouped the same way each time, counted, with a guess that is worded as one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from knowledge.gaps import PERHAPS, gaps, told
from knowledge.records import TURNS
from knowledge.types import Question
from tests.knowledge.test_curated import ASKED, PLAIN, approve


@pytest.fixture
def assistant(house_with):
    return house_with().assistant


def ask(assistant, *texts, session="s"):
    """Questions one after another, each in a conversation of its own; the answers."""
    return [assistant.ask(Question(text), session_id=f"{session}{n}{text}") for n, text in enumerate(texts)]


def test_one_matter_in_several_wordings_is_one_group_under_the_wording_with_marks(assistant):
    ask(assistant, PLAIN, ASKED, "tien cong nguoi cham ocop cap xa bao nhieu", "giá vàng hôm nay thế nào")
    first, second = gaps(assistant)
    assert (first.question, first.count, first.unanswered) == (ASKED, 3, 3)
    assert PLAIN in first.others
    assert second.question == "giá vàng hôm nay thế nào"
    assert second.count == 1


def test_the_same_turns_give_the_same_groups(assistant):
    ask(assistant, ASKED, "giá vàng hôm nay", PLAIN, "giá xăng hôm nay", "vay vốn ngân hàng ở đâu")
    assert gaps(assistant) == gaps(assistant)


def test_bad_ratings_count_with_their_reasons_and_good_answers_do_not(assistant):
    bad, good = ask(assistant, "Cấp nào công nhận sản phẩm OCOP 3 sao?", "Sản phẩm OCOP 4 sao cần bao nhiêu điểm?")
    assistant.records.rate(bad.id, useful=False, reason="Quy định cũ")
    assistant.records.rate(good.id, useful=True)
    (gap,) = gaps(assistant)
    assert (gap.badly_rated, gap.unanswered, gap.reasons) == (1, 0, {"Quy định cũ": 1})
    assert gap.perhaps == PERHAPS.format(
        what="văn bản mới hơn 26/2026/QĐ-TTg (người hỏi nói câu trả lời theo quy định cũ)"
    )
    assert "bị chê" in told(gap)


@pytest.mark.parametrize(
    ("asked", "guess"),
    [
        ("quyết định 999/2031/QĐ-UBND quy định mức thưởng nào", "văn bản «quyết định 999/2031/QĐ-UBND»"),
        ("nghị định 37/2026/NĐ-CP nói gì về mức phạt tiền ghi sai nhãn rượu vang", "toàn văn 37/2026/NĐ-CP"),
        ("giá vàng hôm nay thế nào", "chưa rõ văn bản nào"),
    ],
)
def test_the_guess_names_what_the_question_names(assistant, asked, guess):
    ask(assistant, asked)
    (gap,) = gaps(assistant)
    assert gap.perhaps.startswith("có thể thiếu: ")
    assert guess in gap.perhaps


def test_a_gap_that_has_been_filled_says_so_and_stands_last(assistant):
    ask(assistant, ASKED, PLAIN, "giá vàng hôm nay thế nào")
    approve(assistant)
    first, last = gaps(assistant)
    assert not first.answered_now
    assert last.answered_now
    assert "Nay đã có câu trả lời." in told(last)


def test_only_the_days_asked_for_count(assistant):
    ask(assistant, ASKED)
    with assistant.engine.begin() as connection:
        connection.execute(TURNS.update().values(asked_at=datetime.now(UTC) - timedelta(days=8)))
    assert gaps(assistant, days=7) == []
    assert len(gaps(assistant, days=9)) == 1
