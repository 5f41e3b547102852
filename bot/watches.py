"""What people asked to be told of, once: an answer where there was none, a change of the rules behind an answer.

A row waits until its news is sent; the row and the message change together, so nobody is told twice. Subscribing is a
person's own act, so is the end of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import JSON, BigInteger, Column, Connection, DateTime, Engine, String, Table, Text, delete, select
from sqlalchemy import update as sql_update

from bot.inquiries import hash_of
from bot.once import insert_once
from knowledge.database import METADATA
from knowledge.records import mask

WATCHES = Table(
    "telegram_watches",
    METADATA,
    Column("id", String(16), primary_key=True),  # made of what is watched, where and by whom
    Column("kind", String(8), nullable=False),
    Column("state", String(8), nullable=False, index=True),  # waiting, told
    Column("answer_id", String(32), nullable=False, index=True),
    Column("question", Text, nullable=False),  # as it stands alone; empty once it is older than questions are kept
    Column("locality", String(40), nullable=False),
    Column("grounds", JSON, nullable=False),  # what the answer rested on when it was given
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("user_id", BigInteger, nullable=False, index=True),
    Column("message_id", BigInteger, nullable=False),
    Column("checked", String(40), nullable=False),  # the state of the knowledge at which it was last looked at
    Column("since", DateTime(timezone=True), nullable=False, index=True),
)

WatchKind = Literal["gap", "change"]
_LONGEST = 365  # days that a change of a rule is waited for


@dataclass(frozen=True)
class Watch:
    """One wish to be told."""

    id: str
    kind: WatchKind
    answer_id: str
    question: str
    locality: str
    grounds: dict[str, Any]
    chat_id: int
    thread_id: int | None
    user_id: int
    message_id: int
    since: datetime
    checked: str = ""
    state: str = "waiting"


class Watches:
    """Reads and writes them. Blocking; what changes them takes a connection, to act with an update's settling."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def get(self, number: str) -> Watch | None:
        """One watch, or None once it is forgotten."""
        with self.engine.connect() as connection:
            row = connection.execute(select(WATCHES).where(WATCHES.c.id == number)).first()
        return _watch(row) if row else None

    def of(self, answer_id: str, user_id: int) -> set[str]:
        """The kinds of news about an answer that a person waits for."""
        mine = (WATCHES.c.answer_id == answer_id, WATCHES.c.user_id == user_id, WATCHES.c.state == "waiting")
        with self.engine.connect() as connection:
            return set(connection.scalars(select(WATCHES.c.kind).where(*mine)))

    def due(self, state: str, limit: int) -> list[Watch]:
        """Waiting ones that have not been looked at in this state of the knowledge, the longest waiting first."""
        query = select(WATCHES).where(WATCHES.c.state == "waiting", WATCHES.c.checked != state)
        with self.engine.connect() as connection:
            rows = connection.execute(query.order_by(WATCHES.c.since, WATCHES.c.id).limit(limit)).all()
        return [_watch(row) for row in rows]

    def add(self, connection: Connection, watch: Watch) -> None:
        """Begin to wait; nothing happens where this person waits for this already."""
        row = {name: getattr(watch, name) for name in Watch.__dataclass_fields__} | {"question": mask(watch.question)}
        connection.execute(delete(WATCHES).where(WATCHES.c.id == watch.id, WATCHES.c.state == "told"))
        insert_once(connection, WATCHES, [row], WATCHES.c.id)

    def remove(self, connection: Connection, number: str) -> None:
        """Wait no longer."""
        connection.execute(delete(WATCHES).where(WATCHES.c.id == number))

    def looked_at(self, connection: Connection, number: str, state: str) -> None:
        """No news in this state of the knowledge."""
        connection.execute(sql_update(WATCHES).where(WATCHES.c.id == number).values(checked=state))

    def told(self, connection: Connection, number: str) -> bool:
        """The news goes out with this transaction; False where it has already."""
        waiting = (WATCHES.c.id == number, WATCHES.c.state == "waiting")
        return connection.execute(sql_update(WATCHES).where(*waiting).values(state="told")).rowcount > 0

    def answered(self, connection: Connection, answer_id: str, chat_id: int) -> None:
        """A reviewer's word has just filled this gap in this chat: that was the news."""
        gap = (WATCHES.c.answer_id == answer_id, WATCHES.c.kind == "gap", WATCHES.c.chat_id == chat_id)
        connection.execute(sql_update(WATCHES).where(*gap).values(state="told"))

    def of_person(self, user_id: int) -> list[dict[str, Any]]:
        """What a person waits or waited for, as data."""
        query = select(WATCHES).where(WATCHES.c.user_id == user_id).order_by(WATCHES.c.since)
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        return [{"since": r.since.isoformat(), "kind": r.kind, "state": r.state, "question": r.question} for r in rows]

    def forget_person(self, connection: Connection, user_id: int) -> None:
        """Remove all that a person waits for."""
        connection.execute(delete(WATCHES).where(WATCHES.c.user_id == user_id))

    def expire(self, days: int) -> int:
        """Remove what is older than so many days; a rule's change is waited for longer, without the question."""
        now = datetime.now(UTC)
        with self.engine.begin() as connection:
            old = WATCHES.c.since < now - timedelta(days=days)
            waiting = (WATCHES.c.kind == "change") & (WATCHES.c.state == "waiting")
            connection.execute(sql_update(WATCHES).where(old, waiting).values(question=""))
            gone = connection.execute(delete(WATCHES).where(old, ~waiting)).rowcount
            longest = WATCHES.c.since < now - timedelta(days=max(days, _LONGEST))
            return gone + connection.execute(delete(WATCHES).where(longest)).rowcount


def watch_id(kind: WatchKind, answer_id: str, chat_id: int, user_id: int) -> str:
    """One number for one wish, however often the button is pressed."""
    return hash_of(f"{kind}:{answer_id}:{chat_id}:{user_id}")


def _watch(row: Any) -> Watch:
    return Watch(**{name: getattr(row, name) for name in Watch.__dataclass_fields__})
