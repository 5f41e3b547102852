"""Answers without a language model: the units that answer, and how they are laid out and cited."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from small import TODAY

from knowledge.compose import Extractive, Statement, render
from knowledge.retrieve import Found
from knowledge.text import fold
from knowledge.types import Answer, Document, Hit, Passage, Question, Standing


def ask(house: Any, text: str, **named: Any) -> Answer:
    """An answer from the small pages."""
    answer: Answer = house.assistant.ask(Question(text, **named))
    return answer


# question, in the answer, not in it, instrument
ANSWERS = [
    ("sản phẩm ocop 4 sao cần bao nhiêu điểm", "từ 70 đến dưới 90", "", "26/2026/QĐ-TTg"),
    ("giấy chứng nhận ocop có hạn mấy năm", "36 tháng", "cấp huyện", "26/2026/QĐ-TTg"),
    ("cấp nào công nhận sản phẩm OCOP 3 sao", "cấp tỉnh", "cấp huyện", "26/2026/QĐ-TTg"),
    ("nộp hồ sơ OCOP ở đâu", "UBND cấp xã", "", "26/2026/QĐ-TTg"),
    ("hồ sơ đề nghị đánh giá OCOP gồm những gì", "Năm sản phẩm mẫu", "", "26/2026/QĐ-TTg"),
]


@pytest.mark.parametrize(("question", "holds", "not_held", "instrument"), ANSWERS, ids=[a[0] for a in ANSWERS])
def test_a_question_is_answered_from_its_passage(
    small_house: Any, question: str, holds: str, not_held: str, instrument: str
) -> None:
    for text in (question, fold(question)):
        answer = ask(small_house, text)
        assert answer.status == "answered", text
        assert holds in answer.text, text
        assert not not_held or not_held not in answer.text, text
        assert instrument in [citation.instrument for citation in answer.citations], text


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("bao bì có buộc đúng luật lúc sản xuất không", "Có. Bao bì phải"),
        ("bao bi co buoc dung luat luc san xuat ko", "Có. Bao bì phải"),
        ("luật có buộc bao bì phải màu gì, cỡ bao nhiêu không", "Bao bì phải"),
        ("bao bì phải đúng những luật nào lúc sản xuất", "Bao bì phải"),
        ("bao bì có được miễn theo đúng luật lúc sản xuất không", "Bao bì phải"),
        ("bao bì có được theo đúng luật lúc sản xuất không", "Bao bì phải"),
        ("bao bì 3 sao có buộc đúng luật lúc sản xuất không", "Có. Bao bì phải"),
    ],
)
def test_a_yes_is_said_only_to_the_question_that_it_was_said_to(small_house: Any, question: str, start: str) -> None:
    assistant = small_house.assistant
    text = "Có. Bao bì phải đúng luật lúc sản xuất."
    passage = Passage("p", "d", text, ("Bao bì có buộc theo đúng luật lúc sản xuất không?",))
    hit = Hit(passage, Document("d", "Bao bì", "handbook", "bao-bi.md", ""), 1.0, Standing.UNKNOWN)
    found = Found(assistant.knowledge.reader.read(Question(question), TODAY), TODAY, (hit,))
    said = next(iter(Extractive(lambda _word: 1.0, assistant.index.embedder).compose(found)))
    assert said.text.startswith(start)


@pytest.mark.parametrize("opening", ["phải đạt 7 mức tối thiểu sau đây:", "có bảy mức tối thiểu như sau."])
def test_a_list_is_never_told_in_part_under_the_sentence_that_opens_it(small_house: Any, opening: str) -> None:
    assistant = small_house.assistant
    items = [f"- Mức {n}: từ {n} điểm cho phần bao bì, {'ghi nhãn đúng luật và đủ ý, ' * 4}hết." for n in range(1, 8)]
    text = "\n".join([f"Mật ong 3 sao {opening}", *items])
    passage = Passage("p", "d", text, ("Mật ong 3 sao phải đạt mấy mức?",))
    hit = Hit(passage, Document("d", "Mật ong", "handbook", "mat-ong.md", ""), 1.0, Standing.UNKNOWN)
    knowledge = assistant.knowledge
    for question in ("mật ong 3 sao bao nhiêu điểm tối thiểu", "mật ong 3 sao mức 5 mấy điểm"):
        found = Found(knowledge.reader.read(Question(question), TODAY), TODAY, (hit,))
        said = [statement.text for statement in assistant.extractive.compose(found)]
        assert (len(said) == 8) if said[0].startswith("Mật ong") else all(t.startswith("Mức") for t in said)


def test_a_list_is_told_whole_and_in_order(small_house: Any) -> None:
    text = ask(small_house, "hồ sơ đề nghị đánh giá sản phẩm OCOP gồm những gì").text
    assert [line[:2] for line in text.splitlines() if line[:1].isdigit()] == ["1.", "2.", "3.", "4."]


@pytest.mark.parametrize(
    "question", ["thời tiết mai thế nào", "giá vàng hôm nay", "ai là tổng thống Mỹ", "asdfgh qwerty"]
)
def test_what_the_pages_do_not_hold_is_refused_with_whom_to_ask(small_house: Any, question: str) -> None:
    answer = ask(small_house, question)
    assert answer.status == "abstained"
    assert answer.citations == ()
    assert "UBND xã" in answer.text


def test_an_unknown_instrument_is_named_and_not_answered_for(small_house: Any) -> None:
    answer = ask(small_house, "hồ sơ OCOP theo quyết định 9999/2031/QĐ-UBND gồm những gì")
    assert answer.status == "abstained"
    assert "9999/2031/QĐ-UBND" in answer.text


def test_every_marker_has_its_citation_and_every_citation_its_quote(small_house: Any) -> None:
    for question, *_ in ANSWERS:
        answer = ask(small_house, question)
        markers = {int(number) for number in re.findall(r"\[(\d+)\]", answer.text)}
        assert markers == {citation.marker for citation in answer.citations}
        assert [c.marker for c in answer.citations] == list(range(1, len(answer.citations) + 1))
        for citation in answer.citations:
            passage = small_house.assistant.store.passage(citation.passage_id)
            assert citation.quote
            assert citation.quote in passage.text


def test_citations_name_article_and_clause_and_the_stretch_of_validity(small_house: Any) -> None:
    (citation, *_) = ask(small_house, "nộp hồ sơ OCOP ở đâu").citations
    assert citation.locator == "Điều 7 khoản 1"
    assert (citation.valid_from, citation.valid_to) == (date(2026, 5, 22), None)
    assert citation.standing == Standing.IN_FORCE
    assert "Hồ sơ OCOP" in citation.title


def test_an_earlier_rule_says_that_it_is_one(small_house: Any) -> None:
    answer = ask(small_house, "năm 2024 cấp nào công nhận sản phẩm OCOP 3 sao")
    (citation,) = (c for c in answer.citations if c.instrument == "148/QĐ-TTg")
    assert citation.standing == Standing.EARLIER
    assert citation.valid_to == date(2025, 7, 5)
    assert any("quy định trước đây (148/QĐ-TTg, áp dụng đến 05/07/2025)" in warning for warning in answer.warnings)


def test_a_binding_day_is_told(small_house: Any) -> None:
    answer = ask(small_house, "cấp nào công nhận sản phẩm OCOP 3 sao", as_of=date(2024, 6, 1))
    assert answer.as_of == date(2024, 6, 1)
    assert any("01/06/2024" in w and "21/11/2026" in w for w in answer.warnings)
    assert ask(small_house, "cấp nào công nhận sản phẩm OCOP 3 sao", as_of=TODAY).warnings == ()


def test_a_local_policy_says_that_it_is_local(small_house: Any) -> None:
    question = "chủ thể được hỗ trợ kinh phí in bao bì và dựng gian hàng hội chợ thế nào"
    answer = ask(small_house, question)
    if answer.status == "answered":
        assert any("địa phương" in warning for warning in answer.warnings)
    named = ask(small_house, "Hà Nội hỗ trợ chủ thể OCOP thế nào")
    assert not any("địa phương" in warning for warning in named.warnings)


def test_the_stream_is_the_answer(small_house: Any) -> None:
    events = list(small_house.assistant.stream(Question("giấy chứng nhận ocop có hạn mấy năm")))
    kinds = [event.kind for event in events]
    assert kinds[0] == "status"
    assert kinds[-1] == "done"
    assert kinds.count("done") == 1
    answer = events[-1].answer
    assert answer
    plain = re.sub(r"\s*\[\d+\]", "", answer.text)
    for event in events:
        if event.kind == "token":
            assert event.text in plain


def statement(text: str, form: Any = "sentence", ordinal: str = "") -> Statement:
    """A statement of a composer."""
    return Statement(text, form, ordinal=ordinal)


@pytest.mark.parametrize(
    ("statements", "marks", "text"),
    [
        ([statement("Một.")], [[1]], "Một. [1]"),
        ([statement("Một."), statement("Hai.")], [[1], [1]], "Một. Hai. [1]"),
        ([statement("Một."), statement("Hai.")], [[1], [2]], "Một. [1] Hai. [2]"),
        (
            [statement("Gồm:"), statement("a", "item"), statement("b", "item")],
            [[1], [1], [1]],
            "Gồm: [1]\n- a\n- b [1]",
        ),
        ([statement("a", "item", "1"), statement("b", "item", "2")], [[1], [2]], "1. a [1]\n2. b [2]"),
        ([statement("Hiện nay:", "label"), statement("Một.")], [[], [1, 2]], "Hiện nay:\nMột. [1][2]"),
        ([], [], ""),
    ],
)
def test_statements_are_laid_out_with_their_markers(
    statements: list[Statement], marks: list[list[int]], text: str
) -> None:
    assert render(statements, marks) == text


def test_an_answer_that_fails_inside_is_told_and_written_down(
    small_house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from knowledge import say

    def fails(*_: object) -> Any:
        raise RuntimeError("hỏng")

    monkeypatch.setattr(small_house.assistant.composer, "compose", fails)
    answer = ask(small_house, "giấy chứng nhận ocop có hạn mấy năm")
    assert (answer.status, answer.text) == ("abstained", say.FAILED)
    assert small_house.assistant.records.turn(answer.id)


def test_a_turn_that_cannot_be_written_down_is_answered_all_the_same(
    small_house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("database or disk is full")

    monkeypatch.setattr(small_house.assistant.records, "save", full)
    assert ask(small_house, "giấy chứng nhận ocop có hạn mấy năm").status == "answered"


def test_memory_is_kept_per_session(small_house: Any) -> None:
    asked = replace(Question("giấy chứng nhận ocop có hạn mấy năm"))
    small_house.assistant.ask(asked, session_id="phiên-a")
    assert [t.question.text for t in small_house.assistant.records.last("phiên-a")] == [asked.text]
    assert small_house.assistant.records.last("phiên-b") == []
