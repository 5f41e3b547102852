"""Questions that were sent on to the reviewers: what was asked, where the answer belongs, and how far it has come."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, DateTime, Engine, String, Table, Text, delete, func, select
from sqlalchemy import update as sql_update

from bot.once import insert_once
from knowledge.curated import Curated
from knowledge.database import METADATA
from knowledge.records import mask

INQUIRIES = Table(
    "telegram_inquiries",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("answer_id", String(32), nullable=False, unique=True),
    Column("question", Text, nullable=False),  # as it stands alone
    Column("asked", Text, nullable=False),  # as it was typed
    Column("locality", String(40), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("user_id", BigInteger, nullable=False, index=True),
    Column("message_id", BigInteger, nullable=False),  # the answer below which it was sent on
    Column("told", String(16), nullable=False),  # a hash of the last answer that the asker was given; empty: none yet
    Column("sent_at", DateTime(timezone=True), nullable=False, index=True),
)

PER_DAY = 10  # so many questions one person may send on


@dataclass(frozen=True)
class Inquiry:
    """One question on its way to the reviewers and back."""

    id: str
    answer_id: str
    question: str
    asked: str
    locality: str
    chat_id: int
    thread_id: int | None
    user_id: int
    message_id: int
    told: str = ""


class Inquiries:
    """Reads and writes them. Blocking; what changes them takes a connection, to act with an update's settling."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def get(self, number: str) -> Inquiry | None:
        """One inquiry, or None once it is forgotten."""
        with self.engine.connect() as connection:
            return _inquiry(connection.execute(select(INQUIRIES).where(INQUIRIES.c.id == number)).first())

    def of_answer(self, answer_id: str) -> Inquiry | None:
        """The inquiry that was made below an answer."""
        with self.engine.connect() as connection:
            return _inquiry(connection.execute(select(INQUIRIES).where(INQUIRIES.c.answer_id == answer_id)).first())

    def today(self, user_id: int) -> int:
        """How many a person has sent in the last 24 hours."""
        since = datetime.now(UTC) - timedelta(days=1)
        mine = (INQUIRIES.c.user_id == user_id) & (INQUIRIES.c.sent_at > since)
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(INQUIRIES).where(mine)) or 0

    def add(self, connection: Connection, inquiry: Inquiry) -> bool:
        """Write one down, personal numbers masked; False where this answer's was sent on before."""
        row = {name: getattr(inquiry, name) for name in Inquiry.__dataclass_fields__}
        row |= {"question": mask(inquiry.question), "asked": mask(inquiry.asked), "sent_at": datetime.now(UTC)}
        return bool(insert_once(connection, INQUIRIES, [row], INQUIRIES.c.answer_id))

    def tell(self, connection: Connection, number: str, answer: str, source: str) -> bool:
        """The asker is being given this answer; False where these were the last words already."""
        told = hash_of(f"{answer}\n{source}")
        new = (INQUIRIES.c.id == number, INQUIRIES.c.told != told)
        return connection.execute(sql_update(INQUIRIES).where(*new).values(told=told)).rowcount > 0

    def of_person(self, user_id: int) -> list[dict[str, Any]]:
        """What a person sent on, as data."""
        query = select(INQUIRIES).where(INQUIRIES.c.user_id == user_id).order_by(INQUIRIES.c.sent_at)
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            {"sent_at": row.sent_at.isoformat(), "question": row.asked, "chat": row.chat_id, "answered": bool(row.told)}
            for row in rows
        ]

    def forget_person(self, connection: Connection, curated: Curated, user_id: int) -> None:
        """Remove a person's inquiries, and what was answered to them unless it was approved for everybody."""
        self._forget(connection, curated, INQUIRIES.c.user_id == user_id)

    def expire(self, curated: Curated, days: int) -> int:
        """Remove what is older than so many days; how many there were."""
        with self.engine.begin() as connection:
            old = INQUIRIES.c.sent_at < datetime.now(UTC) - timedelta(days=days)
            return self._forget(connection, curated, old)

    def _forget(self, connection: Connection, curated: Curated, which: Any) -> int:
        ids: Sequence[str] = connection.scalars(select(INQUIRIES.c.id).where(which)).all()
        curated.forget_inquiries(connection, ids)
        return connection.execute(delete(INQUIRIES).where(which)).rowcount


def hash_of(text: str) -> str:
    """Short, and the same for the same words."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _inquiry(row: Any) -> Inquiry | None:
    return Inquiry(**{name: getattr(row, name) for name in Inquiry.__dataclass_fields__}) if row else None
