"""Finding passages on a small real index: order, standing, place, references; the same however a question is typed."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from made import made
from small import PAGES, page

from knowledge import say
from knowledge.text import fold
from knowledge.types import Question, Standing


@pytest.fixture
def find(small_house: Any) -> Callable[..., list[Any]]:
    """The hits in force for a question, best first."""
    assistant = small_house.assistant
    return lambda text, **named: list(assistant.search(text, **named).current)


QUESTIONS = [
    ("hồ sơ đề nghị đánh giá OCOP gồm những gì", "Hồ sơ đề nghị đánh giá sản phẩm OCOP gồm những gì?"),
    ("nộp hồ sơ OCOP ở đâu", "Hồ sơ đề nghị đánh giá OCOP nộp ở đâu?"),
    ("sản phẩm ocop 4 sao cần bao nhiêu điểm", "Sản phẩm OCOP mỗi hạng sao cần bao nhiêu điểm?"),
    ("giấy chứng nhận ocop có hạn mấy năm", "Giấy chứng nhận OCOP có thời hạn mấy năm?"),
    ("viết câu chuyện sản phẩm thế nào", "Câu chuyện sản phẩm OCOP viết thế nào?"),
    ("cấp nào công nhận 3 sao", "Cấp nào công nhận sản phẩm OCOP 3 sao?"),
]


@pytest.mark.parametrize(("question", "heading"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_the_passage_that_answers_stands_first(find: Callable[..., list[Any]], question: str, heading: str) -> None:
    for text in (question, fold(question)):
        assert find(text)[0].passage.breadcrumb[-1] == heading, text


@pytest.mark.parametrize("question", [q for q, _ in QUESTIONS])
def test_spelling_that_means_the_same_finds_the_same_in_the_same_order(
    find: Callable[..., list[Any]], question: str
) -> None:
    """R1: normal forms, tone placement, capitals, spaces and a final question mark do not matter."""
    expected = [(hit.passage.id, hit.score) for hit in find(question)]
    old_tones = question.replace("hóa", "hoá").replace("hòa", "hoà").replace("thủy", "thuỷ")
    for text in (
        unicodedata.normalize("NFD", question),
        question.upper(),
        f"  {question} ?",
        f"{question}?!",
        old_tones,
    ):
        found = [(hit.passage.id, hit.score) for hit in find(text)]
        assert [i for i, _ in found] == [i for i, _ in expected], text
        assert [s for _, s in found] == pytest.approx([s for _, s in expected], abs=1e-6), text


def test_hits_are_ordered_by_score_and_differ(find: Callable[..., list[Any]]) -> None:
    hits = find("sản phẩm OCOP")
    assert len(hits) >= 5
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert len({h.passage.text for h in hits}) == len(hits)


def test_todays_and_yesterdays_rules_are_parted(small_house: Any) -> None:
    found = small_house.assistant.search("năm 2024 cấp nào công nhận sản phẩm OCOP 3 sao")
    assert {h.standing for h in found.current} <= {Standing.IN_FORCE, Standing.UNKNOWN}
    assert found.then[0].standing == Standing.EARLIER
    assert "cấp huyện" in found.then[0].passage.text
    today = small_house.assistant.search("cấp nào công nhận sản phẩm OCOP 3 sao")
    assert today.then == ()
    before = small_house.assistant.search("trước đây cấp nào công nhận sản phẩm OCOP 3 sao")
    assert any("cấp huyện" in hit.passage.text for hit in before.then)


def test_a_day_that_few_passages_hold_on_is_filled_by_exact_search(house_with: Callable[..., Any]) -> None:
    """Two hundred passages of today stand nearer than the one that held in 2024."""
    many = {
        f"ocop/nay-{n}.md": page(
            f"Nay {n}", "\n".join(f"## Công nhận 3 sao lần {n}.{m}?\nCấp tỉnh công nhận. {{gợi ý}}" for m in range(20))
        )
        for n in range(13)
    }
    assistant = house_with(pages=many | {"ocop/cu.md": PAGES["ocop/cong-nhan-cu.md"]}).assistant
    found = assistant.search("công nhận sản phẩm OCOP 3 sao lần nào năm 2024")
    assert [hit.document.title for hit in found.then] == ["Cấp công nhận hạng sao OCOP trước đây"]


def test_a_local_policy_waits_until_its_place_is_named(find: Callable[..., list[Any]]) -> None:
    title = "Hỗ trợ OCOP tại Hà Nội"
    assert find("Hà Nội hỗ trợ OCOP thế nào")[0].document.title == title
    assert find("hỗ trợ chủ thể OCOP", locality="ha-noi")[0].document.title == title
    elsewhere = find("hỗ trợ chủ thể OCOP", locality="da-nang")
    assert title not in [hit.document.title for hit in elsewhere]


def test_a_named_place_in_a_named_instrument_stands_first(find: Callable[..., list[Any]]) -> None:
    hits = find("khoản 1 điều 7 QĐ 26/2026/QĐ-TTg quy định gì")
    assert any((s.key, s.locator) == ("26/2026/QĐ-TTg", "Đ7 k1") for s in hits[0].passage.sources)


def test_more_documents_never_push_a_right_passage_out(house_with: Callable[..., Any]) -> None:
    """R3: unrelated papers are added and taken away; what answered goes on answering."""
    house = house_with()
    assistant = house.assistant
    before = {q: assistant.search(q).current[0].passage.id for q, _ in QUESTIONS}
    noise = [f"Ngày hội thể thao lần {n} có đua thuyền, kéo co và bịt mắt bắt dê." for n in range(60)]
    assistant.index.apply(assistant.store.replace(*made("the thao", noise), assistant.index.embedder.passages))
    for question, passage_id in before.items():
        assert passage_id in [hit.passage.id for hit in assistant.search(question).current[:5]]
    assert assistant.search("đua thuyền kéo co").current[0].document.id == "the thao"
    assistant.index.apply(assistant.store.remove("the thao"))
    for question in ("đua thuyền kéo co", *before):
        assert "the thao" not in [hit.document.id for hit in assistant.search(question, k=50).current]


def test_asking_while_documents_change_never_fails(house_with: Callable[..., Any]) -> None:
    assistant = house_with().assistant
    done = threading.Event()
    wrong: list[object] = []

    def ask() -> None:
        while not done.is_set():
            answer = assistant.ask(Question("giấy chứng nhận ocop có hạn mấy năm"))
            if answer.text == say.FAILED or "36 tháng" not in answer.text:
                wrong.append(answer.text)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for n in range(25):
        document, passages = made("nháp", [f"Giấy chứng nhận bản nháp {n} dòng {m}." for m in range(4)])
        assistant.index.apply(assistant.store.replace(document, passages, assistant.index.embedder.passages))
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_passage_gone_between_search_and_reading_is_passed_over(
    small_house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = small_house.assistant
    index = assistant.index
    lexical = index.lexical
    monkeypatch.setattr(index, "lexical", lambda text, k: [("0" * 24, 99.0), *lexical(text, k)])
    hits = assistant.search("hồ sơ OCOP gồm những gì").current
    assert hits
    assert hits[0].passage.breadcrumb[-1] == "Hồ sơ đề nghị đánh giá sản phẩm OCOP gồm những gì?"


def test_searching_beyond_all_is_no_error(find: Callable[..., list[Any]]) -> None:
    assert find("xyzzy qwerty") is not None
    assert len(find("OCOP", k=1000)) <= 20
