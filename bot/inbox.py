"""Updates as they arrived, written down before Telegram is told that they did.

`update_id` is unique, so an update that is delivered again is seen and dropped. Once an update is answered its content
is erased and only the number stays, for as long as Telegram could deliver it again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Engine, Float, Integer, String, Table, Text, delete, func, select
from sqlalchemy import update as sql_update

from bot.once import insert_once
from knowledge.database import METADATA

INBOX = Table(
    "telegram_inbox",
    METADATA,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("lane", BigInteger, nullable=False),  # the chat: updates of one chat are handled in order
    Column("payload", Text, nullable=False),
    Column("state", String(8), nullable=False, index=True),  # waiting, done, poison
    Column("attempts", Integer, nullable=False),
    Column("due", Float, nullable=False),
    Column("received", Float, nullable=False),
    Column("error", String(200), nullable=False),
)

Effect = Callable[[Connection], None]

ATTEMPTS = 5
_KEEP_DAYS = 14  # Telegram holds undelivered updates for a day; ids can restart at random after a quiet week


@dataclass(frozen=True)
class Waiting:
    """An update that waits: its number, its chat and when it is due."""

    update_id: int
    lane: int
    due: float


def lane_of(update: dict[str, Any]) -> int:
    """The chat that an update belongs to, else the person, else 0."""
    for value in update.values():
        if not isinstance(value, dict):
            continue
        message = value.get("message")
        for holder in (value, message if isinstance(message, dict) else {}):
            chat = holder.get("chat")
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                return int(chat["id"])
        person = value.get("from") or value.get("user")
        if isinstance(person, dict) and isinstance(person.get("id"), int):
            return int(person["id"])
    return 0


class Inbox:
    """Stores updates once and remembers how far each has come. Blocking: call it in a thread."""

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = time.time) -> None:
        self.engine, self.clock = engine, clock

    def store(self, updates: Iterable[Any]) -> list[Waiting]:
        """Write updates down; those that were not known. What has no number cannot be an update and is left out."""
        now = self.clock()
        rows: dict[int, dict[str, Any]] = {}
        for update in updates:
            if isinstance(update, dict) and isinstance(number := update.get("update_id"), int):
                payload = json.dumps(update, ensure_ascii=True)  # ASCII: even a lone surrogate can be stored
                rows[number] = {
                    "update_id": number, "lane": lane_of(update), "payload": payload, "state": "waiting", "attempts": 0,
                    "due": now, "received": now, "error": "",
                }  # fmt: skip
        if not rows:
            return []
        with self.engine.begin() as connection:
            new = insert_once(connection, INBOX, [rows[number] for number in sorted(rows)], INBOX.c.update_id)
        return [Waiting(number, rows[number]["lane"], now) for number in new]

    def waiting(self) -> list[Waiting]:
        """All updates not yet handled, oldest first."""
        query = select(INBOX.c.update_id, INBOX.c.lane, INBOX.c.due).where(INBOX.c.state == "waiting")
        with self.engine.connect() as connection:
            return [Waiting(*row) for row in connection.execute(query.order_by(INBOX.c.update_id))]

    def payload(self, update_id: int) -> tuple[dict[str, Any], int] | None:
        """A waiting update and how often it has failed; None when it is settled."""
        query = select(INBOX.c.payload, INBOX.c.attempts)
        query = query.where(INBOX.c.update_id == update_id, INBOX.c.state == "waiting")
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        return (json.loads(row.payload), row.attempts) if row else None

    def settle(self, update_id: int, effects: Sequence[Effect], *, poison: str = "") -> None:
        """In one transaction: everything that handling it brought about, and the mark that it is done."""
        state = "poison" if poison else "done"
        with self.engine.begin() as connection:
            # The write comes first, so that SQLite takes its write lock before anything is read.
            done = connection.execute(
                sql_update(INBOX)
                .where(INBOX.c.update_id == update_id, INBOX.c.state == "waiting")
                .values(state=state, payload="", error=poison[:200])
            )
            if done.rowcount:
                for effect in effects:
                    effect(connection)

    def postpone(self, update_id: int, seconds: float, error: str, effects: Sequence[Effect] = ()) -> None:
        """Note a failed attempt and when to try again; `effects` (an apology) come about with it."""
        with self.engine.begin() as connection:
            connection.execute(
                sql_update(INBOX)
                .where(INBOX.c.update_id == update_id)
                .values(attempts=INBOX.c.attempts + 1, due=self.clock() + seconds, error=error[:200])
            )
            for effect in effects:
                effect(connection)

    def expire(self) -> int:
        """Forget the numbers that Telegram can no longer deliver."""
        old = self.clock() - _KEEP_DAYS * 86400
        with self.engine.begin() as connection:
            return connection.execute(delete(INBOX).where(INBOX.c.state != "waiting", INBOX.c.received < old)).rowcount

    def counts(self) -> dict[str, int]:
        """How many updates are in each state."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(INBOX.c.state, func.count()).group_by(INBOX.c.state))
            return {str(row[0]): int(row[1]) for row in rows}
