"""What is to be sent, written down in the same transaction that settles its update, and sent once.

A row's key names the update it answers, so an update handled twice still leaves one row. The content is erased once it
is sent; `about` and the message id stay, so that a reply to the message can be understood later.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import BigInteger, Column, Connection, Engine, Float, Integer, String, Table, Text, delete, func, select
from sqlalchemy import update as sql_update

from bot.once import insert_once
from knowledge.database import METADATA

OUTBOX = Table(
    "telegram_outbox",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("key", String(80), nullable=False, unique=True),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    Column("payload", Text, nullable=False),
    Column("about", String(80), nullable=False, index=True),
    Column("state", String(8), nullable=False, index=True),  # waiting, sent, dead
    Column("attempts", Integer, nullable=False),
    Column("message_id", BigInteger, index=True),
    Column("floor", BigInteger),  # set while sending: the highest message id known before
    Column("created", Float, nullable=False),
    Column("error", String(200), nullable=False),
)

_KEEP_DAYS = 90

Kind = Literal["send", "edit", "markup", "document", "copy"]


@dataclass(frozen=True)
class Outgoing:
    """One message to send, or one to change. `payload` holds the call's arguments as plain data."""

    chat_id: int
    kind: Kind = "send"
    payload: dict[str, Any] = field(default_factory=dict)
    about: str = ""


@dataclass(frozen=True)
class Row:
    """A message that waits in the outbox."""

    number: int
    outgoing: Outgoing
    attempts: int
    created: float
    floor: int | None = None


class Outbox:
    """Keeps messages until they are sent. Blocking: call it in a thread."""

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = time.time) -> None:
        self.engine, self.clock = engine, clock

    def add(self, connection: Connection, key: str, messages: Sequence[Outgoing]) -> list[tuple[int, int]]:
        """Write messages down under a key, inside the caller's transaction; chat and number of each new one."""
        rows = [
            {
                "key": f"{key}:{n}", "chat_id": m.chat_id, "kind": m.kind, "about": m.about, "state": "waiting",
                "payload": json.dumps(m.payload), "attempts": 0, "created": self.clock(), "error": "",
            }
            for n, m in enumerate(messages)
        ]  # fmt: skip
        new = insert_once(connection, OUTBOX, rows, OUTBOX.c.key)
        query = select(OUTBOX.c.chat_id, OUTBOX.c.number).where(OUTBOX.c.key.in_(new)).order_by(OUTBOX.c.number)
        return [(chat, number) for chat, number in connection.execute(query)] if new else []

    def waiting(self) -> list[tuple[int, int]]:
        """Chat and number of every message not yet sent, oldest first."""
        query = select(OUTBOX.c.chat_id, OUTBOX.c.number).where(OUTBOX.c.state == "waiting").order_by(OUTBOX.c.number)
        with self.engine.connect() as connection:
            return [(chat, number) for chat, number in connection.execute(query)]

    def row(self, number: int) -> Row | None:
        """A waiting message; None when it is settled."""
        query = select(OUTBOX).where(OUTBOX.c.number == number, OUTBOX.c.state == "waiting")
        with self.engine.connect() as connection:
            found = connection.execute(query).first()
        if found is None:
            return None
        outgoing = Outgoing(found.chat_id, found.kind, json.loads(found.payload), found.about)
        return Row(found.number, outgoing, found.attempts, found.created, found.floor)

    def sending(self, number: int, floor: int | None) -> None:
        """It is about to be sent (its message id will be above `floor`), or, with None, it has surely not been sent."""
        self._set(number, floor=floor)

    def known_ids(self, chat_id: int, floor: int) -> set[int]:
        """The ids above `floor` that are other messages of ours: in this group, or in any private chat."""
        here = OUTBOX.c.chat_id > 0 if chat_id > 0 else OUTBOX.c.chat_id == chat_id
        query = select(OUTBOX.c.message_id).where(OUTBOX.c.message_id > floor, here)
        with self.engine.connect() as connection:
            return set(connection.scalars(query))

    def sent(self, number: int, message_id: int | None) -> None:
        """It is out."""
        self._set(number, state="sent", message_id=message_id, payload="{}", error="")

    def dead(self, number: int, error: str) -> None:
        """It can never be sent; the reason stays."""
        self._set(number, state="dead", payload="{}", error=error[:200])

    def failed(self, number: int, error: str, floor: int | None) -> None:
        """One more attempt failed; `floor` stays where it may have been sent all the same."""
        self._set(number, attempts=OUTBOX.c.attempts + 1, error=error[:200], floor=floor)

    def rewrite(self, number: int, outgoing: Outgoing) -> None:
        """Send this instead."""
        payload = json.dumps(outgoing.payload)
        self._set(number, chat_id=outgoing.chat_id, kind=outgoing.kind, payload=payload, floor=None)

    def drop_chat(self, chat_id: int, error: str) -> None:
        """Nothing more goes to this chat."""
        with self.engine.begin() as connection:
            connection.execute(
                sql_update(OUTBOX)
                .where(OUTBOX.c.chat_id == chat_id, OUTBOX.c.state == "waiting")
                .values(state="dead", payload="{}", error=error[:200])
            )

    def about(self, chat_id: int, message_id: int) -> str:
        """What one of our messages was about; empty when it is not known."""
        query = select(OUTBOX.c.about).where(OUTBOX.c.chat_id == chat_id, OUTBOX.c.message_id == message_id)
        with self.engine.connect() as connection:
            return connection.scalar(query) or ""

    def message_of(self, about: str) -> tuple[int, int] | None:
        """Chat and message id of the last message sent about something."""
        query = select(OUTBOX.c.chat_id, OUTBOX.c.message_id).where(OUTBOX.c.about == about)
        query = query.where(OUTBOX.c.message_id.is_not(None)).order_by(OUTBOX.c.number.desc())
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        return (row.chat_id, row.message_id) if row else None

    def expire(self) -> int:
        """Forget what was settled long ago."""
        old = self.clock() - _KEEP_DAYS * 86400
        with self.engine.begin() as connection:
            return connection.execute(
                delete(OUTBOX).where(OUTBOX.c.state != "waiting", OUTBOX.c.created < old)
            ).rowcount

    def counts(self) -> dict[str, int]:
        """How many messages are in each state."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state))
            return {str(row[0]): int(row[1]) for row in rows}

    def _set(self, number: int, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(sql_update(OUTBOX).where(OUTBOX.c.number == number).values(**values))
