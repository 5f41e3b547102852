"""Takes updates from the inbox, in order within a chat, and settles each with everything it brought about."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import StatementError
from telegram import Update

from bot import texts
from bot.handling import CURRENT, App, Handling, House
from bot.inbox import ATTEMPTS, Waiting
from bot.lanes import Lanes
from bot.outbox import Outgoing

log = logging.getLogger(__name__)


class Work:
    """The workers of the bot."""

    def __init__(
        self,
        application: App,
        house: House,
        sending: Lanes,
        *,
        limit: int,
    ) -> None:
        self.application, self.house, self.sending, self.patience = application, house, sending, house.patience
        self.lanes = Lanes(self._handle, limit=limit, hold=False)

    def offer(self, updates: Iterable[Waiting]) -> None:
        """Queue stored updates."""
        now = self.house.inbox.clock()
        for update in updates:
            self.lanes.put_later(update.lane, update.update_id, update.due - now)

    async def _handle(self, update_id: int) -> float | None:
        offload, inbox = self.house.offload, self.house.inbox
        loaded = await offload.db(inbox.payload, update_id)
        if loaded is None:
            return None
        raw, attempts = loaded
        handling = Handling(update_id, self.house)
        token = CURRENT.set(handling)
        try:
            update = Update.de_json(raw, self.application.bot)
            handling.chat_id = update.effective_chat.id if update.effective_chat else 0
            message = update.effective_message
            if message is not None:
                self.house.highest.heard(message.chat_id, message.message_id)
            handling.query_id = update.callback_query.id if update.callback_query else ""
            handling.thread_id = message.message_thread_id if message and message.is_topic_message else None
            await self.application.process_update(update)
            if handling.error is not None:
                raise handling.error
            numbers = await offload.db(self._settle, handling)
        except Exception as error:
            return await self._failed(handling, attempts, error)
        finally:
            CURRENT.reset(token)
        for chat, number in numbers:
            self.sending.put(chat, number)
        return None

    def _settle(self, handling: Handling) -> list[tuple[int, int]]:
        handling.queued.clear()

        def queue(connection: Connection) -> None:
            handling.queued.extend(self.house.outbox.add(connection, f"u{handling.update_id}", handling.outgoing))

        self.house.inbox.settle(handling.update_id, [*handling.effects, queue])
        return handling.queued

    async def _failed(self, handling: Handling, attempts: int, error: Exception) -> float | None:
        """Back-off, one apology, and after the last attempt the update is set aside."""
        if isinstance(error, StatementError):
            error.hide_parameters = True  # they hold what the person wrote
        name = type(error).__name__
        log.error("handling a Telegram update failed (attempt %d): %s", attempts + 1, name, exc_info=error)
        try:
            if attempts + 1 >= ATTEMPTS:
                await self.house.offload.db(self.house.inbox.settle, handling.update_id, [], poison=name)
                return None
            seconds = float(self.patience * 2**attempts)
            numbers: list[tuple[int, int]] = []

            def apologise(connection: Connection) -> None:
                payload: dict[str, Any] = {"text": texts.APOLOGY}
                if handling.thread_id:
                    payload["thread"] = handling.thread_id
                sorry = Outgoing(handling.chat_id, "send", payload)
                # The key is the update's, so however often it fails there is one apology.
                numbers.extend(self.house.outbox.add(connection, f"u{handling.update_id}:sorry", [sorry]))

            effects = [apologise] if handling.chat_id else []
            await self.house.offload.db(self.house.inbox.postpone, handling.update_id, seconds, name, effects)
        except Exception:
            log.exception("the failure of an update could not be written down")
            return 5.0 * self.patience
        for chat, number in numbers:
            self.sending.put(chat, number)
        return seconds
