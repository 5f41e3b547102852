"""Telegram's flood limits, kept from our side: a pause between messages overall, in one chat and in a group."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

_GROUP_WINDOW, _GROUP_LIMIT = 60.0, 19  # Telegram allows 20 a minute in a group


class Pace:
    """Says when the next message may go out. Messages are spaced evenly, not sent in bursts, so that a process killed
    while sending leaves at most one message of unknown fate."""

    def __init__(
        self, per_second: float, *, chat_pause: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.gap, self.chat_pause, self.clock = 1.0 / per_second, chat_pause, clock
        self._next = 0.0
        self._held = 0.0
        self._last: dict[int, float] = {}
        self._groups: dict[int, deque[float]] = {}
        self._holds: dict[int, float] = {}

    def delay(self, chat_id: int) -> float:
        """Seconds until this chat may get its next message; 0: now."""
        now = self.clock()
        until = max(self._last.get(chat_id, -1e9) + self.chat_pause, self._holds.get(chat_id, 0.0), self._held)
        sent = self._groups.get(chat_id)
        if sent:
            while sent and sent[0] <= now - _GROUP_WINDOW:
                sent.popleft()
            if len(sent) >= _GROUP_LIMIT:
                until = max(until, sent[0] + _GROUP_WINDOW)
        return max(0.0, until - now)

    async def turn(self, chat_id: int) -> None:
        """Wait for the next free place among all messages, and take it."""
        now = self.clock()
        mine = max(now, self._next, self._held)
        self._next = mine + self.gap
        if mine > now:
            await asyncio.sleep(mine - now)
        self._note(chat_id)

    def try_turn(self, chat_id: int) -> bool:
        """Take a place if one is free at once: for what can as well be left out, such as a step of a growing answer."""
        now = self.clock()
        if self.delay(chat_id) > 0 or self._next > now or self._held > now:
            return False
        self._next = now + self.gap
        self._note(chat_id)
        return True

    def done(self, chat_id: int) -> None:
        """A message has arrived: the chat's pause is counted from here, as Telegram counts it."""
        self._last[chat_id] = self.clock()

    def hold(self, chat_id: int, seconds: float) -> None:
        """Telegram said to wait. It does not say whether for this chat or for all: so this chat rests the whole time,
        and all others for a second, which is as long as the overall limit needs."""
        now = self.clock()
        self._holds[chat_id] = now + seconds
        self._held = max(self._held, now + min(seconds, 1.0))

    def _note(self, chat_id: int) -> None:
        now = self.clock()
        self._last[chat_id] = now
        if chat_id < 0:
            self._groups.setdefault(chat_id, deque()).append(now)
        if len(self._last) > 5000:
            self._last = {chat: moment for chat, moment in self._last.items() if moment > now - self.chat_pause}
            self._groups = {
                chat: sent for chat, sent in self._groups.items() if sent and sent[-1] > now - _GROUP_WINDOW
            }
            self._holds = {chat: moment for chat, moment in self._holds.items() if moment > now}
