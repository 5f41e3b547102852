"""Turns and feedback, with personal data kept as little and as short as can be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from knowledge.records import Records, mask
from knowledge.types import Answer, Citation, Question, Standing, Turn

MASKED = [
    ("gọi em 0912345678 nhé", "gọi em [số điện thoại] nhé"),
    ("gọi 0912 345 678", "gọi [số điện thoại]"),
    ("gọi 0912.345.678.", "gọi [số điện thoại]."),
    ("gọi +84 912 345 678", "gọi [số điện thoại]"),
    ("gọi 84912345678", "gọi [số điện thoại]"),
    ("bàn 02438252525", "bàn [số điện thoại]"),
    ("cccd 001085012345 của tôi", "cccd [số giấy tờ] của tôi"),
    ("cmnd 123456789", "cmnd [số giấy tờ]"),
    ("thư a.b-c+d@mail.gov.vn nhé", "thư [thư điện tử] nhé"),
]
KEPT = [
    "quyết định 26/2026/QĐ-TTg ngày 22/05/2026",
    "148/QĐ-TTg ngày 24/02/2023",
    "từ 01/07/2025 đến 31/12/2026",
    "mức phạt 100.000.000 đồng",
    "giá 1.200.000.000 đồng",
    "mã vạch 8934567890123",
    "mục 1.2.3 bộ 26",
    "năm 2021-2025",
    "diện tích 12 000 m2",
]


@pytest.mark.parametrize(("given", "kept"), MASKED, ids=[g for g, _ in MASKED])
def test_personal_numbers_are_masked(given: str, kept: str) -> None:
    assert mask(given) == kept


@pytest.mark.parametrize("given", KEPT)
def test_figures_of_the_law_are_not(given: str) -> None:
    assert mask(given) == given


@pytest.fixture
def records(engine: Engine) -> Records:
    """Empty records."""
    return Records(engine)


def turn(number: int, session: str = "s", days: int = 0) -> Turn:
    """A turn with one citation, so many days old."""
    citation = Citation(
        1, "p", "T", "Điều 1", "26/2026/QĐ-TTg", "…", valid_from=date(2026, 5, 22), standing=Standing.IN_FORCE
    )
    answer = Answer(
        f"a{number}", "answered", f"Trả lời {number} [1]", (citation,), ("chú ý",), ("hỏi tiếp?",), date(2026, 11, 21)
    )
    asked = datetime.now(UTC) - timedelta(days=days) + timedelta(seconds=number)
    return Turn(session, Question(f"câu {number}, gọi 0912345678", history=("trước",)), answer, "web", asked)


def test_a_turn_comes_back_whole_but_for_personal_numbers(records: Records, engine: Engine) -> None:
    saved = turn(1)
    records.save(saved)
    found = records.turn("a1")
    assert found
    assert found.answer == saved.answer
    assert (found.session_id, found.channel) == ("s", "web")
    assert found.question == Question("câu 1, gọi [số điện thoại]")
    with engine.connect() as connection:
        rows = str(connection.execute(text("select * from turns")).all())
    assert "0912345678" not in rows
    assert "trước" not in rows  # the history is other turns' text


def test_memory_is_the_last_turns_of_one_session_oldest_first(records: Records) -> None:
    for number in range(6):
        records.save(turn(number))
    records.save(turn(9, session="khac"))
    assert [t.answer.id for t in records.last("s", limit=3)] == ["a3", "a4", "a5"]
    assert records.last("không có") == []


def test_the_last_rating_counts_and_comments_are_masked(records: Records, engine: Engine) -> None:
    records.save(turn(1))
    assert records.rate("a1", useful=False, reason="sai", comment="gọi lại 0912345678")
    assert records.rate("a1", useful=True, comment="thư a@b.vn")
    assert not records.rate("không có", useful=True)
    with engine.connect() as connection:
        rows = connection.execute(text("select useful, comment from feedback")).all()
    assert [tuple(row) for row in rows] == [(1, "thư [thư điện tử]")]
    assert records.counts() == {"answered": 1, "useful": 1}


def test_forgetting_a_session_takes_its_turns_and_ratings_and_no_others(records: Records, engine: Engine) -> None:
    for number, session in enumerate(("s", "s", "khac")):
        records.save(turn(number, session))
        records.rate(f"a{number}", useful=True)
    assert records.forget("s") == 2
    assert records.forget("s") == 0
    assert records.last("s") == []
    assert [t.answer.id for t in records.last("khac")] == ["a2"]
    with engine.connect() as connection:
        assert connection.execute(text("select answer_id from feedback")).scalars().all() == ["a2"]


def test_what_is_older_than_the_retention_goes(records: Records, engine: Engine) -> None:
    for number, days in enumerate((0, 89, 91, 400)):
        records.save(turn(number, days=days))
        records.rate(f"a{number}", useful=True)
    assert records.expire(90) == 2
    assert {t.answer.id for t in records.last("s", limit=10)} == {"a0", "a1"}
    with engine.connect() as connection:
        assert set(connection.execute(text("select answer_id from feedback")).scalars()) == {"a0", "a1"}
    assert records.expire(90) == 0
