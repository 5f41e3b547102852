"""The readings of a follow-up: about the old subject, about what was told, or a subject of its own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from knowledge.assistant import Assistant
from knowledge.follow_up import FEATURES, Asked, candidates_of
from knowledge.question import Reader
from knowledge.retrieve import Found, best_first
from knowledge.types import Document, Hit, Passage, Question, Standing


def first_for(handbook: Assistant, text: str, *history: str) -> tuple[Hit, float]:
    """The passage that a question would be answered from, and how surely."""
    finder = handbook.knowledge.finder
    repaired, before = finder.repaired(Question(text, history))
    resolved = finder.resolved(repaired, before)
    found, sure = finder.answering(Question(repaired, before), resolved, handbook.settings.current_day())
    return best_first(found)[0], sure


@pytest.mark.parametrize(
    ("history", "text"),
    [
        (("nhãn mật ong phải ghi gì",), "ai công nhận ocop 3 sao"),
        (("xã nông thôn mới phải đạt mấy tiêu chí",), "hồ sơ ocop gồm những gì"),
        (("giấy chứng nhận ocop có hạn mấy năm",), "ai lấy ý kiến hài lòng của dân"),
        (("ocop có mấy hạng sao", "nộp hồ sơ ở đâu"), "câu chuyện sản phẩm viết dài bao nhiêu chữ"),
    ],
)
def test_a_short_question_of_its_own_is_answered_as_if_nothing_was_asked_before(
    handbook: Assistant, history: tuple[str, ...], text: str
) -> None:
    alone, _ = first_for(handbook, text)
    after, sure = first_for(handbook, text, *history)
    assert after.passage.id == alone.passage.id
    assert sure >= handbook.confidence.threshold


@pytest.mark.parametrize(
    ("history", "text", "heading"),
    [
        (("hồ sơ ocop gồm những gì",), "nộp ở đâu", "nộp"),
        (("giấy chứng nhận ocop có hạn mấy năm",), "hết hạn thì sao", "hết hạn"),
        (("có mấy trường hợp thu hồi giấy ocop",), "ai ký quyết định đó", "thu hồi"),
    ],
)
def test_a_question_without_a_subject_stays_with_the_old_one(
    handbook: Assistant, history: tuple[str, ...], text: str, heading: str
) -> None:
    hit, sure = first_for(handbook, text, *history)
    assert heading in hit.passage.heading.lower() or heading in hit.document.title.lower()
    assert sure >= handbook.confidence.threshold


@pytest.fixture
def reader(small_house: Any) -> Reader:
    found: Reader = small_house.assistant.knowledge.reader
    return found


def hit(document: str, order: int, text: str, score: float = 1.0, kind: Any = "handbook") -> Hit:
    of = Document(document, document, kind, f"{document}.md", "")
    passage = Passage(document, f"{document}#{order}", text, (f"Mục {order}",), order, hints=f"hỏi về {text}")
    return Hit(passage, of, score, Standing.IN_FORCE)


def test_the_features_say_what_each_reading_thinks_of_a_passage(reader: Reader, small_house: Any) -> None:
    finder = small_house.assistant.knowledge.finder
    told, other = hit("hop-dong", 1, "Hội đồng họp 3 ngày."), hit("le-phi", 2, "Lệ phí 50.000 đồng.", 0.5)
    reading = reader.read(Question("lệ phí bao nhiêu tiền"), date(2026, 11, 22))
    readings = {
        "joined": Found(reading, date(2026, 11, 22), (told, other)),
        "alone": Found(reading, date(2026, 11, 22), (other,)),
    }
    asked = Asked("lệ phí bao nhiêu tiền", ("hội đồng họp mấy ngày",), own=2, perhaps=True, instrument=False)
    found = candidates_of(asked, readings, {"joined": 0.3, "alone": 0.9}, (told,), finder.weight, finder.words)
    assert set(found) == {told.passage.id, other.passage.id}
    again, fresh = (dict(zip(FEATURES, found[one.passage.id].values, strict=True)) for one in (told, other))
    assert (again["again"], fresh["again"]) == (1.0, 0.0)
    assert again["score_joined"] > fresh["score_joined"]
    assert fresh["score_alone"] > again["score_alone"]
    assert fresh["sure_alone"] > 0 > again["sure_joined"]
    assert (again["figure"], fresh["figure"]) == (-1.0, 1.0)
    assert fresh["held"] > again["held"]


def test_papers_near_what_was_told_are_nearer_than_those_elsewhere(reader: Reader, small_house: Any) -> None:
    finder = small_house.assistant.knowledge.finder
    told = hit("luat", 1, "Giấy phép có giá trị 4 năm.", kind="official")
    near, far, other = (
        hit("luat", 3, "Giấy phép bị thu hồi.", kind="official"),
        hit("luat", 80, "Điều khoản thi hành.", kind="official"),
        hit("trang", 1, "Giấy chứng nhận OCOP."),
    )
    reading = reader.read(Question("bị thu hồi khi nào"), date(2026, 11, 22))
    readings = {"joined": Found(reading, date(2026, 11, 22), (near, far, other))}
    asked = Asked("bị thu hồi khi nào", ("giấy phép có giá trị mấy năm",), own=1, perhaps=False, instrument=False)
    found = candidates_of(asked, readings, {"joined": 0.5}, (told,), finder.weight, finder.words)
    nearness = [found[one.passage.id].values[FEATURES.index("near")] for one in (near, far, other)]
    assert nearness == sorted(nearness, reverse=True)
    assert len(set(nearness)) == 3


def test_a_way_of_asking_fits_by_what_is_said_now_and_what_was_said_before(reader: Reader, small_house: Any) -> None:
    finder = small_house.assistant.knowledge.finder
    on_fee, on_place = hit("le-phi", 1, "nộp lệ phí ở đâu"), hit("ho-so", 1, "nộp hồ sơ OCOP ở đâu")
    reading = reader.read(Question("nộp ở đâu"), date(2026, 11, 22))
    readings = {"joined": Found(reading, date(2026, 11, 22), (on_fee, on_place))}

    def features(before: str) -> list[dict[str, float]]:
        asked = Asked("nộp ở đâu", (before,), own=0, perhaps=False, instrument=False)
        found = candidates_of(asked, readings, {"joined": 0.5}, (), finder.weight, finder.words)
        return [dict(zip(FEATURES, found[one.passage.id].values, strict=True)) for one in (on_fee, on_place)]

    fee, place = features("làm hồ sơ OCOP cần gì")
    assert place["way_fit_both"] > fee["way_fit_both"]
    assert place["meaning_both"] > fee["meaning_both"]
    assert place["programme"] >= fee["programme"]
    fee, place = features("lệ phí bao nhiêu")
    assert fee["way_fit_both"] > place["way_fit_both"]
    assert fee["programme"] == place["programme"] == 0.5  # none was named
