"""What Sổ tay says in its own name beside an answer, or in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from made import made

from knowledge import say
from knowledge.assistant import Assistant
from knowledge.evaluate import Golden, judge
from knowledge.types import Answer, Question


@pytest.fixture
def assistant(house_with: Callable[..., Any]) -> Assistant:
    found: Assistant = house_with().assistant
    return found


def test_an_answer_that_is_not_sure_says_so_first(assistant: Assistant) -> None:
    question = Question("Hồ sơ đề nghị đánh giá sản phẩm OCOP gồm những gì?")
    sure, probability = assistant.attempt(question)
    assert not sure.text.startswith(say.DOUBT)
    assistant.confidence = replace(assistant.confidence, sure=probability + 0.001)
    doubted, _ = assistant.attempt(question)
    assert doubted.status == "answered"
    lead, _, rest = doubted.text.partition("\n")
    assert lead == f"{say.DOUBT}Câu gần nhất có sẵn: «{doubted.citations[0].title.rpartition(' › ')[2]}»"
    assert rest == sure.text
    assert doubted.citations == sure.citations


def test_a_paper_that_was_added_is_told_of_only_where_it_is_sure(assistant: Assistant) -> None:
    lines = ["Giá thể trồng lan gồm vỏ thông và than củi."]
    document, passages = made("lan", lines)
    document = replace(document, kind="training")
    assistant.index.apply(assistant.store.replace(document, passages, assistant.index.embedder.passages))
    question = Question("giá thể trồng lan gồm những gì")
    _, probability = assistant.attempt(question)
    for sure, status in ((probability - 0.01, "answered"), (probability + 0.01, "abstained")):
        assistant.confidence = replace(assistant.confidence, threshold=0.0, sure=sure)
        assert assistant.attempt(question)[0].status == status


@pytest.mark.parametrize("expect", ["not_regulated", "abstained"])
def test_a_doubted_answer_counts_as_an_answer(expect: str) -> None:
    golden = Golden("x", "ocop", "phí bao nhiêu", expect)
    told = judge(
        golden,
        Answer("1", "answered", f"{say.DOUBT}Câu gần nhất có sẵn: «Phí là bao nhiêu?»\nPhí là 5 triệu đồng. [1]"),
    )
    assert (told.right, told.doubted) == (False, True)
    assert judge(golden, Answer("1", "abstained", "Sổ tay chưa có căn cứ.")).right


@pytest.mark.parametrize("topic", ["hồ sơ ocop", "giấy chứng nhận"])
def test_a_topic_without_a_question_is_asked_back_with_what_the_pages_answer(assistant: Assistant, topic: str) -> None:
    answer, _ = assistant.attempt(Question(topic))
    assert answer.status == "clarify", answer.text
    assert f"«{topic}»" in answer.text
    assert 2 <= len(answer.suggestions) <= 4
    assert all(choice.endswith("?") for choice in answer.suggestions)


@pytest.mark.parametrize("text", ["nộp hồ sơ ở đâu", "Hồ sơ OCOP gồm gì", "hồ sơ đề nghị đánh giá"])
def test_a_question_or_a_longer_text_is_answered(assistant: Assistant, text: str) -> None:
    assert f"«{text}»" not in assistant.attempt(Question(text))[0].text


def test_a_place_that_no_passage_names_is_owned_up_to(assistant: Assistant) -> None:
    def warnings(text: str) -> str:
        answer, _ = assistant.attempt(Question(text))
        assert answer.status == "answered", answer.text
        return " ".join(answer.warnings)

    assert "không nói riêng về xã Yên Sơn" in warnings("Xã Yên Sơn nộp hồ sơ đề nghị đánh giá OCOP ở đâu?")
    for text in (
        "Nộp hồ sơ đề nghị đánh giá OCOP ở đâu, xã hay tỉnh?",
        "Cấp xã nộp hồ sơ đề nghị đánh giá OCOP ở đâu?",
    ):
        assert "không nói riêng" not in warnings(text)


def test_each_of_two_things_asked_is_answered_from_its_own_passage(assistant: Assistant) -> None:
    answer, _ = assistant.attempt(Question("Hồ sơ đề nghị đánh giá OCOP gồm những gì và nộp ở đâu?"))
    list_, place = "Đơn đề nghị đánh giá", "UBND cấp xã, gồm 01 bộ giấy"
    assert list_ in answer.text
    assert place in answer.text
    assert answer.text.index("Về «Hồ sơ đề nghị đánh giá OCOP gồm những gì»:") < answer.text.index(list_)
    assert answer.text.index(list_) < answer.text.index("Về «nộp ở đâu»:") < answer.text.index(place)
    assert len({citation.passage_id for citation in answer.citations}) == 2
    once, _ = assistant.attempt(Question("Hồ sơ đề nghị đánh giá OCOP gồm những gì, có những giấy gì?"))
    assert "Về «" not in once.text
