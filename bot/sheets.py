"""Dossier checklists that chats keep: which situation, under what name, what has been ticked.

A sheet's id is made of the update that began it, so an update handled twice begins one sheet, and a button that names
it works as long as the sheet is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Connection, Engine, Float, String, Table, Text, delete, select
from sqlalchemy import update as sql_update

from bot.once import insert_once
from knowledge.database import METADATA

SHEETS = Table(
    "telegram_sheets",
    METADATA,
    Column("sheet", String(20), primary_key=True),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("name", String(80), nullable=False),  # what the dossier is about, as the person calls it
    Column("procedure", String(20), nullable=False),  # empty until one is chosen
    Column("situation", String(20), nullable=False),
    Column("had", Text, nullable=False),  # keys of the items ticked, separated by spaces
    Column("changed", Float, nullable=False, index=True),
)

KEEP_DAYS = 365
_NAME = 80


@dataclass(frozen=True)
class Sheet:
    """One checklist of a chat."""

    id: str
    chat_id: int
    name: str = ""
    procedure: str = ""
    case: str = ""
    had: frozenset[str] = frozenset()


def sheet_id(update_id: int) -> str:
    """The id of the sheet that an update begins."""
    return f"{update_id:x}"


class Sheets:
    """Reads and writes sheets. Blocking; the writers take a connection, to act with an update's settling."""

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = time.time) -> None:
        self.engine, self.clock = engine, clock

    def get(self, sheet: str, chat_id: int) -> Sheet | None:
        """A sheet of this chat; None for a stranger's as for one that is gone."""
        query = select(SHEETS).where(SHEETS.c.sheet == sheet, SHEETS.c.chat_id == chat_id)
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        return Sheet(row.sheet, row.chat_id, row.name, row.procedure, row.situation, _set(row.had)) if row else None

    def of_chat(self, chat_id: int) -> list[Sheet]:
        """The chat's sheets that are in use (named, or something ticked), the one last touched first."""
        query = select(SHEETS).where(SHEETS.c.chat_id == chat_id, SHEETS.c.procedure != "")
        query = query.where((SHEETS.c.name != "") | (SHEETS.c.had != "")).order_by(SHEETS.c.changed.desc())
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        return [Sheet(row.sheet, row.chat_id, row.name, row.procedure, row.situation, _set(row.had)) for row in rows]

    def begin(self, connection: Connection, sheet: Sheet) -> None:
        """Write a sheet down, or give a begun one its procedure and situation; name and ticks stay."""
        row = {
            "sheet": sheet.id, "chat_id": sheet.chat_id, "name": sheet.name[:_NAME], "procedure": sheet.procedure,
            "situation": sheet.case, "had": "", "changed": self.clock(),
        }  # fmt: skip
        if not insert_once(connection, SHEETS, [row], SHEETS.c.sheet):
            self._set(connection, sheet, procedure=sheet.procedure, situation=sheet.case)

    def tick(self, connection: Connection, sheet: Sheet, item: str, *, had: bool) -> None:
        """Note that an item is there, or that it is not."""
        query = select(SHEETS.c.had).where(SHEETS.c.sheet == sheet.id, SHEETS.c.chat_id == sheet.chat_id)
        now = _set(connection.scalar(query) or "")
        self._set(connection, sheet, had=" ".join(sorted(now | {item} if had else now - {item})))

    def clear(self, connection: Connection, sheet: Sheet) -> None:
        """Take every tick back."""
        self._set(connection, sheet, had="")

    def remove(self, connection: Connection, sheet: Sheet) -> None:
        """Throw a sheet away."""
        connection.execute(delete(SHEETS).where(SHEETS.c.sheet == sheet.id, SHEETS.c.chat_id == sheet.chat_id))

    def expire(self) -> int:
        """Throw away what has not been touched for a year."""
        with self.engine.begin() as connection:
            old = SHEETS.c.changed < self.clock() - KEEP_DAYS * 86400
            return connection.execute(delete(SHEETS).where(old)).rowcount

    def _set(self, connection: Connection, sheet: Sheet, **values: str) -> None:
        mine = (SHEETS.c.sheet == sheet.id) & (SHEETS.c.chat_id == sheet.chat_id)
        connection.execute(sql_update(SHEETS).where(mine).values(**values, changed=self.clock()))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())
