"""One message from the outbox to Telegram: what each refusal means, and when to try again."""

from __future__ import annotations

import asyncio
import base64
import logging
from dataclasses import replace
from datetime import timedelta

from telegram import LinkPreviewOptions, MessageEntity, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.client import Bot
from bot.fate import Fate, OneAtATime, markup_of, surely_not_sent
from bot.handling import House
from bot.outbox import Outgoing, Row

log = logging.getLogger(__name__)

_ATTEMPTS = 5
_TOO_OLD = 24 * 3600.0  # an answer that could not be sent for a day helps nobody any more
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait, whichever type the library gives."""
    value = error.retry_after
    return value.total_seconds() if isinstance(value, timedelta) else float(value)


class Sender:
    """Sends rows of the outbox."""

    def __init__(self, bot: Bot, house: House) -> None:
        self.bot, self.outbox, self.offload, self.pace = bot, house.outbox, house.offload, house.pace
        self.chats, self.highest, self.patience = house.chats, house.highest, house.patience
        self.fate = Fate(bot, house.outbox, house.offload, house.pace)
        self.queue = OneAtATime()
        self._failures: dict[int, int] = {}  # of the network, row by row, for the back-off

    async def deliver(self, number: int) -> float | None:
        """Send a row; None when it is settled, else the seconds after which to try again."""
        row = await self.offload.mark(self.outbox.row, number)
        if row is None:
            return None
        try:
            if row.floor is not None and (message_id := await self.fate.find(row)):
                await self._mark_sent(number, message_id)
                return None
            return await self._send(row)
        except RetryAfter as error:
            seconds = seconds_of(error) + 0.1
            self.pace.hold(row.outgoing.chat_id, seconds)
            return seconds
        except TelegramError as error:  # no connection, a bad gateway, an answer that is none
            return await self._unreachable(row, error)

    async def _send(self, row: Row) -> float | None:
        number, chat = row.number, row.outgoing.chat_id
        await self.pace.turn(chat)
        async with self.queue.place():
            if row.outgoing.kind not in ("edit", "markup"):  # an edit can be made twice without harm
                row = replace(row, floor=self.highest.floor(chat))
                await self.offload.mark(self.outbox.sending, number, row.floor)
            try:
                message_id = await self._call(row.outgoing)
            except BadRequest as error:
                return await self._refused(row, _words(error))
            except Forbidden as error:
                await self.offload.db(self.chats.mark_blocked, chat)
                await self.offload.db(self.outbox.drop_chat, chat, _words(error))
                return None
            except ChatMigrated as error:
                moved = Outgoing(error.new_chat_id, row.outgoing.kind, row.outgoing.payload, row.outgoing.about)
                await self.offload.db(self.outbox.rewrite, number, moved)
                return 0.01
            except TelegramError as error:
                if surely_not_sent(error):
                    await self.offload.mark(self.outbox.sending, number, None)
                raise
            except Exception as error:
                return await self._failed(row, f"{type(error).__name__}: {_words(error)}", row.floor)
            await self._mark_sent(number, message_id)
            self.pace.done(chat)
            if message_id:
                self.highest.heard(chat, message_id)
        return None

    # -- what each failure means -----------------------------------------------------------------------------------

    async def _refused(self, row: Row, words: str) -> float | None:
        """400: sometimes it is as it should be, mostly something can be left out; then at once again."""
        payload, kind = row.outgoing.payload, row.outgoing.kind
        lower = words.lower()
        if "not modified" in lower:
            await self._mark_sent(row.number, payload.get("message_id"))
            return None
        if "chat not found" in lower or kind == "markup":
            await self.offload.db(self.outbox.dead, row.number, words)
            return None
        if kind == "edit" and ("not found" in lower or "can't be edited" in lower):
            plainer, kind = {k: v for k, v in payload.items() if k != "message_id"}, "send"
        elif "replied" in lower or "reply message" in lower:
            plainer = {k: v for k, v in payload.items() if k != "reply_to"}
        elif "thread" in lower or "topic" in lower:
            plainer = {k: v for k, v in payload.items() if k != "thread"}
        elif "button" in lower or "markup" in lower:
            plainer = {k: v for k, v in payload.items() if k != "markup"}
        else:
            # Whatever it is that Telegram dislikes, the plain words are what the person needs.
            plainer = {k: v for k, v in payload.items() if k not in ("entities", "markup", "reply_to")}
        if plainer == payload and kind == row.outgoing.kind:
            return await self._failed(row, words)
        log.warning("Telegram refused a message (%s); sending it plainer", words)
        await self.offload.db(self.outbox.rewrite, row.number, Outgoing(row.outgoing.chat_id, kind, plainer))
        return 0.01

    async def _unreachable(self, row: Row, error: Exception) -> float | None:
        if self.outbox.clock() - row.created > _TOO_OLD:
            await self.offload.db(self.outbox.dead, row.number, "too old")
            return None
        failures = self._failures[row.number] = self._failures.get(row.number, 0) + 1
        if failures == 3:
            log.warning("Chưa gửi được tin qua Telegram (%s), sẽ thử lại.", type(error).__name__)
        return float(self.patience * min(60.0, 0.5 * 2 ** min(failures, 7)))

    async def _failed(self, row: Row, words: str, floor: int | None = None) -> float | None:
        if row.attempts + 1 >= _ATTEMPTS:
            log.error("Không gửi được một tin sau %d lần: %s", _ATTEMPTS, words)
            await self.offload.db(self.outbox.dead, row.number, words)
            return None
        await self.offload.db(self.outbox.failed, row.number, words, floor)
        return float(self.patience * 2**row.attempts)

    async def _mark_sent(self, number: int, message_id: int | None) -> None:
        """It is out, so this must be known: try until the database takes it, and never send again meanwhile."""
        self._failures.pop(number, None)
        pause = 0.2
        while True:
            try:
                await self.offload.mark(self.outbox.sent, number, message_id)
                return
            except Exception:
                log.exception("could not write down that a message was sent")
                await asyncio.sleep(pause)
                pause = min(30.0, pause * 2)

    # -- the calls -------------------------------------------------------------------------------------------------

    async def _call(self, outgoing: Outgoing) -> int | None:
        p, chat = outgoing.payload, outgoing.chat_id
        entities = [MessageEntity(**entity) for entity in p.get("entities", [])] or None
        markup = markup_of(p)
        to = ReplyParameters(p["reply_to"], allow_sending_without_reply=True) if p.get("reply_to") else None
        if outgoing.kind == "edit":
            await self.bot.edit_message_text(
                p["text"], chat_id=chat, message_id=p["message_id"], entities=entities, reply_markup=markup,
                link_preview_options=_NO_PREVIEW,
            )  # fmt: skip
            return int(p["message_id"])
        if outgoing.kind == "markup":
            await self.bot.edit_message_reply_markup(chat, p["message_id"], reply_markup=markup)
            return int(p["message_id"])
        if outgoing.kind == "document":
            message = await self.bot.send_document(
                chat, base64.b64decode(p["data"]), filename=p["name"], caption=p.get("text"), caption_entities=entities,
                reply_markup=markup, reply_parameters=to, message_thread_id=p.get("thread"),
            )  # fmt: skip
            return message.message_id
        if outgoing.kind == "copy":
            copied = await self.bot.copy_message(chat, p["from_chat"], p["message_id"], reply_markup=markup)
            return copied.message_id
        message = await self.bot.send_message(
            chat, p["text"], entities=entities, reply_markup=markup, reply_parameters=to,
            message_thread_id=p.get("thread"), link_preview_options=_NO_PREVIEW,
        )  # fmt: skip
        return message.message_id


def _words(error: Exception) -> str:
    return str(error)[:200]
