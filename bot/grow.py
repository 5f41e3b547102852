"""What a person sees while an answer is being composed: the typing sign, then the answer growing in place.

An answer that comes at once is simply sent. One that takes long first appears as a note, which is edited as sentences
arrive and at last becomes the answer. The note's id is stored, so that after a crash the answer still takes its place.
Edits keep within Telegram's limits and are left out where there is no room for them.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from types import TracebackType

from sqlalchemy import BigInteger, Column, Connection, Float, Table, delete, select
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot import texts
from bot.handling import Context
from bot.once import insert_once
from bot.styled import clean, units
from knowledge.database import METADATA
from knowledge.types import Event

GROWING = Table(
    "telegram_growing",
    METADATA,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, nullable=False),
    Column("begun", Float, nullable=False),
)

_TYPING_AFTER, _TYPING_EVERY = 0.4, 4.5  # Telegram shows the sign for five seconds
_EVERY_PRIVATE, _EVERY_GROUP = 1.2, 4.0  # at most 20 edits a minute in a group, answers included
_ROOM = 3500


class Growing:
    """Keeps the person informed while the block runs; `tell` it each event. Nothing it does can fail the answer."""

    def __init__(self, context: Context, *, reply_to: int | None = None) -> None:
        self.context, self.reply_to = context, reply_to
        self.house, self.sheet = context.house, context.handling
        self.message_id: int | None = None
        self._sentences: list[str] = []
        self._status = ""
        self._shown = ""

    def tell(self, event: Event) -> None:
        """A status or a piece of the answer has come."""
        if event.kind == "token" and event.text.strip():
            self._sentences.append(event.text.strip())
        elif event.kind == "status":
            self._status = event.text

    async def __aenter__(self) -> Growing:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A call under way is let finish: cut off, the note would stand there and nobody would know its id.
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        if self.message_id is None:
            self.message_id = await self.house.offload.db(self._stored)

    def forget(self) -> None:
        """The note becomes the answer when the update is settled; its row is no longer needed then."""

        def remove(connection: Connection) -> None:
            connection.execute(delete(GROWING).where(GROWING.c.update_id == self.sheet.update_id))

        self.context.then(remove)

    # -- within ----------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        patience, chat = self.house.patience, self.sheet.chat_id
        begun = time.monotonic()
        typed, edited = begun + _TYPING_AFTER * patience - _TYPING_EVERY, begun
        every = (_EVERY_GROUP if chat < 0 else _EVERY_PRIVATE) * patience
        while True:
            await asyncio.sleep(min(0.2, patience))
            now = time.monotonic()
            if now - typed >= _TYPING_EVERY:
                typed = now
                await asyncio.shield(self._type())
            due = now - begun >= self.house.grow_after if self.message_id is None else now - edited >= every
            text = self._text()
            if due and text != self._shown and self.house.pace.try_turn(chat):
                edited = now
                # Not cancelled in mid-call; see __aexit__.
                showing = asyncio.ensure_future(self._show(text))
                try:
                    await asyncio.shield(showing)
                except asyncio.CancelledError:
                    await showing
                    raise

    async def _type(self) -> None:
        sheet = self.sheet
        with suppress(TelegramError):
            await self.context.bot.send_chat_action(sheet.chat_id, ChatAction.TYPING, message_thread_id=sheet.thread_id)

    async def _show(self, text: str) -> None:
        house, sheet, bot = self.house, self.sheet, self.context.bot
        try:
            if self.message_id is None:
                self.message_id = await house.offload.db(self._stored)
            if self.message_id is None:
                message = await bot.send_message(
                    sheet.chat_id,
                    text,
                    message_thread_id=sheet.thread_id,
                    reply_to_message_id=self.reply_to,
                    allow_sending_without_reply=True,
                )
                self.message_id = message.message_id
                house.highest.heard(sheet.chat_id, message.message_id)
                await house.offload.db(self._store, message.message_id)
            else:
                await bot.edit_message_text(text, sheet.chat_id, self.message_id)
            self._shown = text
        except TelegramError:
            self._shown = text  # not this one, then; the next, or the answer itself

    def _text(self) -> str:
        """The note as it should stand now: what has been composed, or what is being done."""
        said = clean("\n".join(self._sentences)).strip()
        while units(said) > _ROOM:
            said = said[:-200] if len(said) > 200 else ""
        status = self._status or texts.WORKING
        return f"⏳ {status}\n\n{said}" if said else f"⏳ {status}"

    def _stored(self) -> int | None:
        with self.house.inbox.engine.connect() as connection:
            query = select(GROWING.c.message_id).where(GROWING.c.update_id == self.sheet.update_id)
            return connection.scalar(query)

    def _store(self, message_id: int) -> None:
        row = {"update_id": self.sheet.update_id, "message_id": message_id, "begun": time.time()}
        with self.house.inbox.engine.begin() as connection:
            insert_once(connection, GROWING, [row], GROWING.c.update_id)
