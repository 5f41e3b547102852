"""Whether a message whose sending was interrupted has arrived after all.

Telegram knows no idempotency key. But message ids rise (over all private chats of a bot together, in each supergroup
alone), and an edit that changes nothing is refused with "message is not modified": so after a crash or a lost response
the few ids above the last one known are asked, and only such a refusal counts as proof. Without it the message is sent
again: rather twice than never.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.client import Bot
from bot.offload import Offload
from bot.outbox import Outbox, Row
from bot.pace import Pace

_SPAN = 12  # ids asked: room for what others wrote or were sent at the same moment
_SLOW = 0.08


def surely_not_sent(error: TelegramError) -> bool:
    """Whether a failure came before Telegram could have acted on the call."""
    if isinstance(error, (RetryAfter, InvalidToken)):
        return True
    return isinstance(error.__cause__, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))


def markup_of(payload: dict[str, Any]) -> InlineKeyboardMarkup | None:
    """The buttons of a message."""
    return InlineKeyboardMarkup.de_json({"inline_keyboard": payload["markup"]}, None) if payload.get("markup") else None


class Highest:
    """The highest message ids seen so far."""

    def __init__(self) -> None:
        self._ids: dict[int, int] = {}

    def heard(self, chat_id: int, message_id: int) -> None:
        """A message id was seen in a chat."""
        scope = _scope(chat_id)
        self._ids[scope] = max(message_id, self._ids.get(scope, 0))

    def floor(self, chat_id: int) -> int | None:
        """The next message to this chat will have an id above this one; None when nothing is known."""
        return self._ids.get(_scope(chat_id))


class Fate:
    """Asks Telegram about the ids above the highest one known."""

    def __init__(self, bot: Bot, outbox: Outbox, offload: Offload, pace: Pace) -> None:
        self.bot, self.outbox, self.offload, self.pace = bot, outbox, offload, pace
        self._absent: dict[int, set[int]] = {}  # ids that are certainly not a row's message

    async def find(self, row: Row) -> int | None:
        """The id of the message if it has arrived; raises what keeps us from asking."""
        chat, floor = row.outgoing.chat_id, row.floor or 0
        absent = self._absent.setdefault(row.number, set())
        known = await self.offload.mark(self.outbox.known_ids, chat, floor)
        for number in range(floor + 1, floor + 1 + _SPAN):
            if number in known or number in absent:
                continue
            await self.pace.turn(chat)
            try:
                await self.bot.edit_message_reply_markup(chat, number, reply_markup=markup_of(row.outgoing.payload))
            except BadRequest as error:
                if "not modified" in str(error).lower():
                    del self._absent[row.number]
                    return number
                absent.add(number)
            except (Forbidden, InvalidToken):
                return None
            else:
                return None  # a server that changes what is not there proves nothing
        del self._absent[row.number]
        return None


class OneAtATime:
    """Lets one message out at a time, so that a crash leaves at most one of unknown fate. Where each takes long (a far
    server), the next may start before the last has ended, or the backlog would grow."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._usual = 0.0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """The turn of one message."""
        alone = self._usual < _SLOW
        if alone:
            await self._lock.acquire()
        began = time.monotonic()
        try:
            yield
        finally:
            self._usual = 0.8 * self._usual + 0.2 * (time.monotonic() - began)
            if alone:
                self._lock.release()


def _scope(chat_id: int) -> int:
    """Supergroups (-100…) count for themselves, everything else together."""
    return chat_id if chat_id < -1_000_000_000_000 else 0
