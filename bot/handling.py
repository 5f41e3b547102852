"""One update being handled: what it sends and changes comes about in one transaction, once handling has succeeded."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application, CallbackContext

from bot.chats import Chats
from bot.client import Bot
from bot.fate import Highest
from bot.inbox import Effect, Inbox
from bot.messages import Markup as Markup
from bot.messages import messages
from bot.offload import Offload
from bot.outbox import Outbox, Outgoing
from bot.pace import Pace
from bot.people import People
from bot.styled import Styled
from knowledge.settings import Settings

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.flows import Flows
    from bot.gate import Limiter
    from knowledge.assistant import Assistant

Ingest = Callable[[Path, str], str]  # a file and its name; what became of it, in Vietnamese
App = Application[Bot, "Context", dict[Any, Any], dict[Any, Any], dict[Any, Any], None]


@dataclass(frozen=True)
class House:
    """What handlers work with; opened once, in `run.py`."""

    assistant: Assistant
    settings: Settings
    inbox: Inbox
    outbox: Outbox
    chats: Chats
    offload: Offload
    pace: Pace
    highest: Highest
    people: People
    limiter: Limiter
    flows: Flows
    desk: Desk
    ingest: Ingest | None = None
    patience: float = 1.0  # stretches pauses; tests shorten it
    grow_after: float = 1.5  # seconds after which an answer still being composed is shown growing


@dataclass
class Handling:
    """The working sheet of one update. Nothing on it has happened until the worker settles the update with it."""

    update_id: int
    house: House
    chat_id: int = 0
    thread_id: int | None = None
    query_id: str = ""
    queued: list[tuple[int, int]] = field(default_factory=list)  # outbox rows made by effects: chat and number
    outgoing: list[Outgoing] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    error: Exception | None = None


CURRENT: ContextVar[Handling] = ContextVar("handling")


class Context(CallbackContext[Bot, dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """What a handler gets: the house, and ways to say and change things that survive a crash."""

    @property
    def handling(self) -> Handling:
        """The sheet of the update being handled."""
        return CURRENT.get()

    @property
    def house(self) -> House:
        """Assistant, settings and stores."""
        return self.handling.house

    @property
    def rest(self) -> str:
        """What stands after a command."""
        return " ".join(self.args or [])

    @property
    def two(self) -> tuple[str, str]:
        """The first two ids behind a button; empty where there are none, as in a forged one."""
        first, second, *_ = [*(self.args or []), "", ""]
        return first, second

    def say(
        self,
        text: Styled | str,
        *,
        markup: Markup | None = None,
        reply_to: int | None = None,
        edit: int | None = None,
        chat_id: int | None = None,
        about: str = "",
    ) -> None:
        """Send a text to the update's chat (or another), in as many messages as it needs; buttons below the last.

        `edit` names a message that is to become the first of them.
        """
        sheet = self.handling
        here = chat_id in (None, sheet.chat_id)
        sheet.outgoing += messages(
            chat_id or sheet.chat_id,
            text,
            markup=markup,
            reply_to=reply_to,
            edit=edit,
            thread_id=sheet.thread_id if here else None,
            about=about,
        )

    def buttons(self, message_id: int, markup: Markup) -> None:
        """Change the buttons under one of our messages."""
        payload = {"message_id": message_id, "markup": markup}
        self.handling.outgoing.append(Outgoing(self.handling.chat_id, "markup", payload))

    async def toast(self, text: str = "") -> None:
        """Answer a pressed button, so that it stops spinning. A courtesy: it may come too late and fail."""
        query = self.handling.query_id
        if query:
            with suppress(TelegramError):
                await self.bot.answer_callback_query(query, text[:200] or None)

    def then(self, effect: Callable[[Connection], None]) -> None:
        """Change something in the database when, and only when, the update is settled."""
        self.handling.effects.append(effect)


async def note_error(update: object, context: Context) -> None:
    """Keep what a handler raised for the worker, which decides about trying again."""
    if isinstance(update, Update):
        context.handling.error = context.error
