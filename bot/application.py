"""Every handler of the bot, in one list."""

from __future__ import annotations

from typing import Any

from telegram.ext import (
    ApplicationBuilder,
    BaseHandler,
    ChatMemberHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.ask import on_edited, on_other, on_question, on_suggestion
from bot.client import build_bot
from bot.command import Command
from bot.greet import on_help, on_membership, on_start, on_unknown_command
from bot.handling import App, Context, note_error
from bot.passages import on_source, on_turn_page
from bot.press import PASSAGE, REASON, SOURCE, SUGGESTION, USEFUL, Press, on_unknown_press
from bot.rate import on_reason, on_useful
from bot.sources import on_sources
from knowledge.settings import Settings


def handlers() -> list[BaseHandler[Any, Context, Any]]:
    """In order: the first that wants an update gets it."""
    return [
        ChatMemberHandler(on_membership),
        Command("start", on_start),
        Command("help tro_giup huong_dan", on_help),
        Command("nguon", on_sources),
        Press(SOURCE, on_source),
        Press(PASSAGE, on_turn_page),
        Press(USEFUL, on_useful),
        Press(REASON, on_reason),
        Press(SUGGESTION, on_suggestion),
        Press("", on_unknown_press),
        Command("", on_unknown_command),
        MessageHandler(filters.UpdateType.MESSAGE & (filters.TEXT | filters.CAPTION), on_question),
        MessageHandler(filters.UpdateType.EDITED_MESSAGE, on_edited),
        MessageHandler(filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL, on_other),
    ]


def build_application(settings: Settings) -> App:
    """The application with its handlers; nothing is contacted yet. Updates come through our inbox, not its updater."""
    bot = build_bot(settings)
    builder = ApplicationBuilder().bot(bot).updater(None).job_queue(None)
    application: App = builder.context_types(ContextTypes(context=Context)).build()
    application.add_handlers(handlers())
    application.add_error_handler(note_error)
    return application
