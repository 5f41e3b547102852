"""What the bot remembers of a chat and of a person in it: as little as answering needs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, Date, Engine, Float, Integer, String, Table, select
from sqlalchemy import update as sql_update

from bot.once import insert_once
from knowledge.database import METADATA

CHATS = Table(
    "telegram_chats",
    METADATA,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(12), nullable=False),
    Column("greeted", Boolean, nullable=False),  # has been told that a machine answers
    Column("blocked", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),  # a group's own switch
    Column("added", Float, nullable=False),
)

TALKS = Table(
    "telegram_talks",
    METADATA,
    Column("talk", String(64), primary_key=True),  # chat : topic : person
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("user_id", BigInteger, nullable=False, index=True),
    Column("epoch", Integer, nullable=False),  # /moi begins the next one
    Column("as_of", Date),
    Column("locality", String(40)),
    Column("last", Float, nullable=False),
)


@dataclass(frozen=True)
class Talk:
    """One person's conversation in one chat and topic."""

    chat_id: int
    user_id: int
    thread_id: int = 0
    epoch: int = 0
    as_of: date | None = None
    locality: str | None = None

    @property
    def key(self) -> str:
        """The row that it is kept in."""
        return f"{self.chat_id}:{self.thread_id}:{self.user_id}"

    @property
    def session(self) -> str:
        """The session id under which its turns are recorded."""
        return self.session_at(self.epoch)

    def session_at(self, epoch: int) -> str:
        """The session id of one of its epochs."""
        return f"telegram:{self.key}:{epoch}"


class Chats:
    """Reads and writes chats and talks. Blocking; the writers take a connection, to act with an update's settling."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def greeted(self, chat_id: int) -> bool:
        """Whether this chat has been told that a machine answers."""
        return bool(self._value(chat_id, CHATS.c.greeted))

    def blocked(self, chat_id: int) -> bool:
        """Whether the person has shut the bot out."""
        return bool(self._value(chat_id, CHATS.c.blocked))

    def enabled(self, chat_id: int) -> bool:
        """Whether the bot may speak in this group."""
        value = self._value(chat_id, CHATS.c.enabled)
        return True if value is None else bool(value)

    def talk(self, chat_id: int, user_id: int, thread_id: int = 0) -> Talk:
        """A person's conversation as it stands; a new one where there is none."""
        talk = Talk(chat_id, user_id, thread_id)
        with self.engine.connect() as connection:
            row = connection.execute(select(TALKS).where(TALKS.c.talk == talk.key)).first()
        return Talk(chat_id, user_id, thread_id, row.epoch, row.as_of, row.locality) if row else talk

    def talks_of(self, user_id: int) -> list[Talk]:
        """All of a person's conversations."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(TALKS).where(TALKS.c.user_id == user_id)).all()
        return [
            Talk(row.chat_id, row.user_id, int(row.talk.split(":")[1]), row.epoch, row.as_of, row.locality)
            for row in rows
        ]

    def note_chat(self, connection: Connection, chat_id: int, kind: str, **values: Any) -> None:
        """Write down what is known of a chat."""
        row = {"chat_id": chat_id, "kind": kind, "greeted": False, "blocked": False, "enabled": True}
        insert_once(connection, CHATS, [row | {"added": time.time()}], CHATS.c.chat_id)
        if values:
            connection.execute(sql_update(CHATS).where(CHATS.c.chat_id == chat_id).values(**values))

    def note_talk(self, connection: Connection, talk: Talk) -> None:
        """Write a conversation's state down."""
        state = {"epoch": talk.epoch, "as_of": talk.as_of, "locality": talk.locality, "last": time.time()}
        key = {"talk": talk.key, "chat_id": talk.chat_id, "user_id": talk.user_id}
        if not insert_once(connection, TALKS, [key | state], TALKS.c.talk):
            connection.execute(sql_update(TALKS).where(TALKS.c.talk == talk.key).values(**state))

    def mark_blocked(self, chat_id: int) -> None:
        """The person has shut the bot out: nothing more is sent there until they come back."""
        with self.engine.begin() as connection:
            self.note_chat(connection, chat_id, "private" if chat_id > 0 else "group", blocked=True)

    def _value(self, chat_id: int, column: Column[Any]) -> Any:
        with self.engine.connect() as connection:
            return connection.scalar(select(column).where(CHATS.c.chat_id == chat_id))
