"""Inline buttons. What a button does is written in its data (Telegram allows 64 bytes), by ids that the database
knows; so a button works after a restart and as long as the turn behind it is kept."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler

from bot import texts
from bot.handling import App, Context
from bot.styled import clean

Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]

SOURCE, PASSAGE, USEFUL, REASON, SUGGESTION, BROADCAST, ERASE = "s", "p", "u", "r", "q", "b", "x"
REVIEW, CURATE, MORE, NOTIFY, AGAIN, LETTER = "h", "c", "m", "n", "a", "l"  # the reviewers' desk, news, quoting
DOSSIER, DEADLINE, INSTRUMENT, TOPIC = "hs", "th", "vb", "cd"  # the officers' flows


def button(label: str, act: str, *rest: str | int) -> dict[str, Any]:
    """A button that does something, with ids behind it."""
    data = ":".join((act, *map(str, rest)))
    if len(data.encode()) > 64:
        raise ValueError(f"callback data too long: {data}")
    return {"text": shorten(label, 48), "callback_data": data}


def shorten(text: str, limit: int) -> str:
    """On one line, cut at a word where it is longer than the limit."""
    line = " ".join(clean(text).split()) or "…"
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0] + "…"


class Press(BaseHandler[Update, Context, None]):
    """Handles one kind of button (none: any); the ids behind it become `context.args`."""

    def __init__(self, act: str, callback: Callback) -> None:
        super().__init__(callback)
        self.act = act

    def check_update(self, update: object) -> object:
        """The ids behind the button, or None."""
        query = update.callback_query if isinstance(update, Update) else None
        if query is None or not isinstance(query.data, str):
            return None
        act, *rest = query.data.split(":")
        return rest if self.act in (act, "") else None

    def collect_additional_context(self, context: Context, update: Update, application: App, check_result: Any) -> None:
        """The ids behind the button."""
        context.args = list(check_result)


async def on_unknown_press(update: Update, context: Context) -> None:
    """A button of an older version, or a forged one."""
    await context.toast(texts.GONE)


def message_id_of(update: Update) -> int:
    """The message under which a button was pressed, however old."""
    query = update.callback_query
    return query.message.message_id if query and query.message else 0
