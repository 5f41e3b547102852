"""What is done without being asked: approved answers are published, unsound ones go back to the reviewers, and news
goes to those who wait for it.

Everything here is decided from the database and can be done again: a crash between two steps leaves the step to the
next round. Rounds follow a change of the knowledge or of the register, a new day, and a wake from the desk; nothing
runs on the event loop, and a round looks at few things at a time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from bot.curate import DRAFT
from bot.handling import House
from bot.messages import messages
from bot.notices import state_of, tell_news
from bot.reviewed import Draft, draft_markup, draft_text
from knowledge.curated import CuratedAnswer, publish, unsound
from knowledge.registry import Registry

log = logging.getLogger(__name__)

_EVERY = 20.0  # seconds between two looks at whether anything has changed
_SETTLED = 2  # looks at which nothing more has changed: a long ingest is waited for

Send = Callable[[int, int], Any]  # chat and number of a message in the outbox


class Care:
    """Runs beside the workers; `send` hands new messages to the senders."""

    def __init__(self, house: House, send: Send) -> None:
        self.house, self.desk, self.send = house, house.desk, send
        self._woken = asyncio.Event()
        self._done: tuple[int, Registry, date] | None = None  # the state that was last looked after
        self._seen: tuple[int, Registry, date] | None = None
        self._still = 0

    async def run(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            with suppress(RuntimeError):  # the loop has ended: the next start will see to it
                loop.call_soon_threadsafe(self._woken.set)

        self.desk.wake = wake
        first = True
        while True:
            try:
                await self._round(first)
            except Exception:
                log.exception("looking after approved answers and notices failed; it is tried again")
            first = False
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), _EVERY * self.house.patience)

    async def _round(self, first: bool) -> None:
        offload = self.house.offload
        woken = self._woken.is_set()
        self._woken.clear()
        if getattr(self.house.assistant, "index", None) is None:
            return
        # Behind whatever is being settled: it is the same thread.
        state = await offload.db(self._state)
        self._still = self._still + 1 if state == self._seen else 0
        self._seen = state
        changed = state != self._done and (first or self._still >= _SETTLED)
        if woken or changed:
            await offload.call(publish, self.house.assistant)
        if changed:
            for answer, reason in await offload.call(unsound, self.house.assistant):
                await self._take_back(answer, reason)
            now = await offload.db(state_of, *state)
            if await tell_news(self.house, now, self._post):
                self._done = state

    @property
    def settled(self) -> bool:
        """Whether everything has been looked at as the knowledge and the register stand now."""
        return self._done is not None and self._done == self._state()

    def _state(self) -> tuple[int, Registry, date]:
        assistant = self.house.assistant
        return assistant.store.generation(), assistant.registry, self.house.settings.current_day()

    async def _take_back(self, answer: CuratedAnswer, reason: str) -> None:
        """Withdraw an approved answer and lay it before the reviewers, once."""
        numbers = await self.house.offload.db(self._withdraw, answer, reason)
        await self.house.offload.call(publish, self.house.assistant)
        self._post(numbers)

    def _withdraw(self, answer: CuratedAnswer, reason: str) -> list[tuple[int, int]]:
        back = replace(answer, status="withdrawn", version=answer.version + 1, reason=reason)
        text, markup = draft_text(Draft(back)), draft_markup(back)
        numbers: list[tuple[int, int]] = []
        with self.house.inbox.engine.begin() as connection:
            if self.desk.curated.withdraw(connection, answer.id, answer.version, reason):
                for chat in self.desk.recipients():
                    parcel = messages(chat, text, markup=markup, about=DRAFT + answer.id)
                    numbers += self.house.outbox.add(connection, f"cw{answer.id}:{answer.version}:{chat}", parcel)
        return numbers

    def _post(self, numbers: Iterable[tuple[int, int]]) -> None:
        for chat, number in numbers:
            self.send(chat, number)
