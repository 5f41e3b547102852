"""What an instrument replaced or amended, and what replaced or amended it, as the register knows."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.abbreviations import Abbreviations
from knowledge.assistant import Assistant
from knowledge.places import Places
from knowledge.question import Reader
from knowledge.registry import Registry
from knowledge.succession import succession
from knowledge.types import Instrument, Interval, Question

ON = date(2026, 11, 22)
SIGNED = {"11/2020/QĐ-TTg": 2020, "22/2024/QĐ-TTg": 2024, "33/2025/QĐ-TTg": 2025, "44/2026/QĐ-TTg": 2026}


def instrument(
    number: str, end: date | None = None, confidence: str = "chắc chắn", **links: tuple[str, ...]
) -> Instrument:
    signed = date(SIGNED[number], 1, 5)
    return Instrument(
        number, number, "quyết định", "Về bến đò", "Thủ tướng", signed, "trung-uong", (Interval(signed, end),),
        confidence=confidence, **links,
    )  # fmt: skip


REGISTRY = Registry(
    [
        instrument("11/2020/QĐ-TTg", date(2024, 1, 4), replaced_by=("22/2024/QĐ-TTg",)),
        instrument("22/2024/QĐ-TTg", replaces=("11/2020/QĐ-TTg",), amended_by=("33/2025/QĐ-TTg",)),
        instrument("33/2025/QĐ-TTg", confidence="một nguồn", amends=("22/2024/QĐ-TTg",)),
        instrument("44/2026/QĐ-TTg", confidence="chưa kiểm chứng", amends=("22/2024/QĐ-TTg",)),
    ]
)


def told(text: str, on: date = ON) -> str | None:
    reader = Reader(REGISTRY, Abbreviations.load(), Places.load())
    found = succession(reader.read(Question(text), on), REGISTRY, on)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("quyết định 22/2024 thay văn bản nào", "thay quyết định 11/2020/QĐ-TTg ngày 05/01/2020 (có hiệu lực đến"),
        ("qd 22/2024 thay the cho qd nao", "thay quyết định 11/2020/QĐ-TTg"),
        ("quyết định 11/2020 bị thay bởi văn bản nào", "được thay bởi quyết định 22/2024/QĐ-TTg ngày 05/01/2024."),
        ("văn bản nào thay quyết định 11/2020", "được thay bởi quyết định 22/2024/QĐ-TTg"),
        ("qđ 22/2024 đã sửa đổi gì chưa", "theo một nguồn, được sửa đổi, bổ sung bởi quyết định 33/2025/QĐ-TTg"),
        ("qđ 22/2024 sửa qđ nào hay thay qđ nào", "thay quyết định 11/2020/QĐ-TTg"),
        ("quyết định 33/2025 sửa văn bản nào", "theo một nguồn, sửa đổi, bổ sung quyết định 22/2024/QĐ-TTg"),
    ],
)  # fmt: skip
def test_the_register_s_links_are_told_with_their_days(text: str, says: str) -> None:
    found = told(text)
    assert found is not None
    assert says in found


@pytest.mark.parametrize(
    "text",
    [
        "quyết định 44/2026 sửa văn bản nào",  # not verified
        "quyết định 33/2025 thay văn bản nào",  # no such link
        "quyết định 22/2024 thay đổi thời hạn hồ sơ thế nào",  # another question
        "điều 3 quyết định 22/2024 sửa văn bản nào",  # of a place in it
        "văn bản nào thay quyết định 77/2021",  # not in the register
    ],
)
def test_nothing_is_said_of_other_questions_or_of_what_is_not_known(text: str) -> None:
    assert told(text) is None


def test_on_an_earlier_day_nothing_is_said_of_what_came_later(handbook: Assistant) -> None:
    assert told("quyết định 11/2020 bị thay bởi văn bản nào", date(2023, 5, 1)) is None
    assert told("quyết định 22/2024 đã sửa đổi gì chưa", date(2024, 6, 1)) is None
    assert told("quyết định 22/2024 thay văn bản nào", date(2024, 6, 1)) is not None
    asked = Question("quyết định 148 bị thay bởi văn bản nào", as_of=date(2024, 6, 1))
    assert "được thay bởi" not in handbook.attempt(asked)[0].text


@pytest.mark.parametrize(
    ("text", "history", "says"),
    [
        ("qd 26 thay qd nao", (), ("148/QĐ-TTg", "1489/QĐ-TTg")),
        ("nó thay văn bản nào", ("qd 26 co hieu luc tu ngay nao",), ("148/QĐ-TTg", "1489/QĐ-TTg")),
        ("nghị định 37 thay nghị định nào", (), ("43/2017/NĐ-CP", "111/2021/NĐ-CP")),
    ],
)
def test_the_answer_names_them_first_and_cites_a_passage(
    handbook: Assistant, text: str, history: tuple[str, ...], says: tuple[str, ...]
) -> None:
    answer = handbook.attempt(Question(text, history))[0]
    assert answer.status == "answered"
    assert all(name in answer.text.split("[1]")[0] for name in says)
    assert answer.citations


def test_what_became_of_an_instrument_that_no_passage_tells_of_is_not_answered(handbook: Assistant) -> None:
    assert handbook.attempt(Question("nghị định 89/2006 bị thay bởi văn bản nào"))[0].status == "abstained"
