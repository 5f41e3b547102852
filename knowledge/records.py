"""Turns and what people thought of them. Personal data is kept as little and as short as can be.

Phone and citizen-ID numbers and e-mail addresses are masked before anything is written; turns older than the retention
setting are removed.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Boolean, Column, DateTime, Engine, Integer, String, Table, Text, delete, func, select

from knowledge.database import METADATA
from knowledge.types import Answer, Citation, Question, Standing, Turn

TURNS = Table(
    "turns",
    METADATA,
    Column("id", String(32), primary_key=True),  # the answer's id
    Column("session_id", String(80), nullable=False, index=True),
    Column("channel", String(16), nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("answer", JSON, nullable=False),
)

FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("answer_id", String(32), nullable=False, index=True),
    Column("useful", Boolean, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("comment", Text, nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False),
)

# Digits that identify a person: 9 or 12 of an identity card, 10-11 of a phone, however spaced. Not followed by a unit.
_PERSONAL = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[thư điện tử]"),
    (re.compile(r"(?<![\d/.,-])(?:\+?84|0)(?:[ .-]?\d){8,10}(?![\d/])"), "[số điện thoại]"),
    (re.compile(r"(?<![\d/.,-])(?:\d[ ]?){11}\d(?![\d/])|(?<![\d/.,-])\d{9}(?![\d/])"), "[số giấy tờ]"),
)


def mask(text: str) -> str:
    """The text with phone numbers, identity numbers and e-mail addresses replaced by what they are."""
    for pattern, word in _PERSONAL:
        text = pattern.sub(word, text)
    return text


class Records:
    """Writes and reads turns and feedback."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def save(self, turn: Turn) -> None:
        """Write a turn down, personal numbers masked."""
        question = replace(turn.question, text=mask(turn.question.text), history=())
        row = {
            "id": turn.answer.id,
            "session_id": turn.session_id,
            "channel": turn.channel,
            "asked_at": turn.asked_at,
            "question": question.text,
            "status": turn.answer.status,
            "answer": json.loads(json.dumps(asdict(turn.answer), default=_plain, ensure_ascii=False)),
        }
        with self.engine.begin() as connection:
            connection.execute(TURNS.insert(), row)

    def last(self, session_id: str, *, limit: int = 4) -> list[Turn]:
        """A session's latest turns, oldest first."""
        query = select(TURNS).where(TURNS.c.session_id == session_id).order_by(TURNS.c.asked_at.desc()).limit(limit)
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        return [_turn(row) for row in reversed(rows)]

    def turn(self, answer_id: str) -> Turn | None:
        """The turn with this answer, or None."""
        with self.engine.connect() as connection:
            row = connection.execute(select(TURNS).where(TURNS.c.id == answer_id)).first()
        return _turn(row) if row else None

    def rate(self, answer_id: str, *, useful: bool, reason: str = "", comment: str = "") -> bool:
        """Write down what someone thought of an answer; False when there is no such answer. The last word counts."""
        if self.turn(answer_id) is None:
            return False
        row = {
            "answer_id": answer_id,
            "useful": useful,
            "reason": reason[:200],
            "comment": mask(comment[:2000]),
            "given_at": datetime.now(UTC),
        }
        with self.engine.begin() as connection:
            connection.execute(delete(FEEDBACK).where(FEEDBACK.c.answer_id == answer_id))
            connection.execute(FEEDBACK.insert(), row)
        return True

    def verdict(self, answer_id: str) -> tuple[bool, str] | None:
        """What was thought of an answer, and why; None where nobody has said."""
        query = select(FEEDBACK.c.useful, FEEDBACK.c.reason).where(FEEDBACK.c.answer_id == answer_id)
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        return (row.useful, row.reason) if row else None

    def forget(self, session_id: str) -> int:
        """Remove a session's turns and their feedback; how many turns there were."""
        with self.engine.begin() as connection:
            ids = select(TURNS.c.id).where(TURNS.c.session_id == session_id)
            connection.execute(delete(FEEDBACK).where(FEEDBACK.c.answer_id.in_(ids)))
            return connection.execute(delete(TURNS).where(TURNS.c.session_id == session_id)).rowcount

    def expire(self, days: int) -> int:
        """Remove what is older than so many days; how many turns there were."""
        limit = datetime.now(UTC) - timedelta(days=days)
        with self.engine.begin() as connection:
            ids = select(TURNS.c.id).where(TURNS.c.asked_at < limit)
            connection.execute(delete(FEEDBACK).where(FEEDBACK.c.answer_id.in_(ids)))
            return connection.execute(delete(TURNS).where(TURNS.c.asked_at < limit)).rowcount

    def counts(self) -> dict[str, int]:
        """How many turns ended in each status, and how many answers were rated useful or not."""
        with self.engine.connect() as connection:
            by_status = select(TURNS.c.status, func.count()).group_by(TURNS.c.status)
            found = {row[0]: row[1] for row in connection.execute(by_status)}
            rated = connection.execute(select(FEEDBACK.c.useful, func.count()).group_by(FEEDBACK.c.useful))
            return found | {("useful" if good else "not useful"): n for good, n in rated}


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value))


def _turn(row: Any) -> Turn:
    data = dict(row.answer)
    data["citations"] = tuple(_citation(dict(raw)) for raw in data["citations"])
    data["warnings"], data["suggestions"] = tuple(data["warnings"]), tuple(data["suggestions"])
    data["as_of"] = date.fromisoformat(data["as_of"]) if data["as_of"] else None
    return Turn(row.session_id, Question(row.question), Answer(**data), row.channel, row.asked_at)


def _citation(data: dict[str, Any]) -> Citation:
    for name in ("valid_from", "valid_to"):
        data[name] = date.fromisoformat(data[name]) if data[name] else None
    data["standing"] = Standing(data["standing"])
    return Citation(**data)
