"""Commands as people type them: `/nguon`, `/Nguon@sotay_bot`, `/moi-nguoi`, `/nguồn`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Message, Update
from telegram.ext import BaseHandler

from bot.handling import App, Context

Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]

# Not by the entity that Telegram adds: it ends at a hyphen or an accent, and other Bot API servers leave it out.
_COMMAND = re.compile(r"/([^\W\d_][\w-]{0,40})(?:@(\w+))?(?:\s+|$)(.*)", re.DOTALL)


def fold(text: str) -> str:
    """Lower case, without accents, hyphens as underscores."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("-", "_"))
    return "".join(c for c in letters if not unicodedata.combining(c))


def parse(message: Message | None) -> tuple[str, str] | None:
    """The command in a message and what follows it; None when it is none or is meant for another bot."""
    match = _COMMAND.match((message.text or "").strip()) if message else None
    if message is None or match is None:
        return None
    if match[2] and match[2].lower() != str(message.get_bot().username).lower():
        return None
    return fold(match[1]), match[3].strip()


def for_another_bot(message: Message) -> bool:
    """Whether it is a command that names another bot."""
    match = _COMMAND.match((message.text or "").strip())
    return bool(match and match[2]) and parse(message) is None


def mention(name: str) -> re.Pattern[str]:
    """The bot's name in a text."""
    return re.compile(rf"@{re.escape(name)}\b", re.IGNORECASE)


class Command(BaseHandler[Update, Context, None]):
    """Handles one command (or several names of it; none: every command)."""

    def __init__(self, names: str, callback: Callback, *, edited: bool = False) -> None:
        super().__init__(callback)
        self.names, self.edited = set(names.split()), edited

    def check_update(self, update: object) -> object:
        """The command and the words after it, or None."""
        if not isinstance(update, Update):
            return None
        message = update.message or (update.edited_message if self.edited else None)
        found = parse(message)
        return found if found and (not self.names or found[0] in self.names) else None

    def collect_additional_context(self, context: Context, update: Update, application: App, check_result: Any) -> None:
        """What follows the command becomes `context.args`."""
        context.args = check_result[1].split()
