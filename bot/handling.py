"""One update being handled: what it sends and changes comes about in one transaction, once handling has succeeded."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from telegram import Update
from telegram.ext import Application, CallbackContext

from bot.chats import Chats
from bot.client import Bot
from bot.inbox import Effect, Inbox
from bot.offload import Offload
from bot.outbox import Outbox, Outgoing
from bot.pace import Pace
from bot.styled import Styled, parts, plain
from knowledge.settings import Settings

if TYPE_CHECKING:
    from knowledge.assistant import Assistant

Ingest = Callable[[Any, str], Any]
Markup = list[list[dict[str, Any]]]
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
    ingest: Ingest | None = None


@dataclass
class Handling:
    """The working sheet of one update. Nothing on it has happened until the worker settles the update with it."""

    update_id: int
    house: House
    chat_id: int = 0
    thread_id: int | None = None
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

    def say(
        self,
        text: Styled | str,
        *,
        markup: Markup | None = None,
        reply_to: int | None = None,
        chat_id: int | None = None,
        about: str = "",
    ) -> None:
        """Send a text to the update's chat (or another), in as many messages as it needs; buttons below the last."""
        sheet = self.handling
        pieces = parts(plain(text) if isinstance(text, str) else text)
        for number, part in enumerate(pieces):
            payload: dict[str, Any] = {"text": part.text, "entities": part.entities}
            if markup and number == len(pieces) - 1:
                payload["markup"] = markup
            if reply_to and number == 0:
                payload["reply_to"] = reply_to
            if sheet.thread_id and chat_id in (None, sheet.chat_id):
                payload["thread"] = sheet.thread_id
            sheet.outgoing.append(Outgoing(chat_id or sheet.chat_id, "send", payload, about))

    def then(self, effect: Callable[[Connection], None]) -> None:
        """Change something in the database when, and only when, the update is settled."""
        self.handling.effects.append(effect)


async def note_error(update: object, context: Context) -> None:
    """Keep what a handler raised for the worker, which decides about trying again."""
    if isinstance(update, Update):
        context.handling.error = context.error
