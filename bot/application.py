"""Every handler of the bot, in one list."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import (
    ApplicationBuilder,
    BaseHandler,
    ChatMemberHandler,
    ContextTypes,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.admin import (
    on_broadcast,
    on_broadcast_choice,
    on_document,
    on_figures,
    on_invite,
    on_people,
    on_power,
    on_remove,
)
from bot.ask import on_edited, on_other, on_question, on_suggestion
from bot.client import build_bot
from bot.command import Command
from bot.contents import on_contents, on_contents_press
from bot.conversation import on_day, on_locality, on_new
from bot.curate import on_curate
from bot.deadlines import on_deadline_press, on_deadlines
from bot.dossier import on_dossier, on_dossier_press
from bot.gaps import on_gaps
from bot.gate import gate
from bot.greet import on_help, on_membership, on_start, on_unknown_command
from bot.groups import on_group_question, on_hoi, on_switch
from bot.handling import App, Context, note_error
from bot.instruments import on_instrument, on_instrument_press
from bot.letter import on_letter
from bot.more import on_more
from bot.notices import on_again, on_notify
from bot.passages import on_source, on_turn_page
from bot.press import (
    AGAIN,
    BROADCAST,
    CURATE,
    DEADLINE,
    DOSSIER,
    ERASE,
    INSTRUMENT,
    LETTER,
    MORE,
    NOTIFY,
    PASSAGE,
    REASON,
    REVIEW,
    SOURCE,
    SUGGESTION,
    TOPIC,
    USEFUL,
    Press,
    on_unknown_press,
)
from bot.privacy import on_data, on_erase, on_erase_choice
from bot.rate import on_reason, on_useful
from bot.replies import Replied
from bot.review import on_ask_reviewer
from bot.sources import on_sources
from knowledge.settings import Settings

NEW, EDITED, GROUPS = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE, filters.ChatType.GROUPS
WORDS = filters.TEXT | filters.CAPTION


def handlers() -> list[BaseHandler[Any, Context, Any]]:
    """In order: the first that wants an update gets it."""
    return [
        ChatMemberHandler(on_membership),
        # Everybody
        Command("start", on_start),
        Command("help tro_giup huong_dan", on_help),
        Command("hoi", on_hoi),
        Command("nguon", on_sources),
        Command("moi", on_new),
        Command("ngay", on_day),
        Command("diaphuong dia_phuong", on_locality),
        Command("hoso ho_so", on_dossier),
        Command("thoihan thoi_han", on_deadlines),
        Command("vanban van_ban", on_instrument),
        Command("chude chu_de", on_contents),
        Command("dulieu du_lieu", on_data),
        Command("xoa", on_erase),
        # Groups
        Command("bat tat", on_switch),
        # Admins
        Command("moi_nguoi", on_invite),
        Command("nguoi", on_people),
        Command("bo_nguoi", on_remove),
        Command("thongke thong_ke", on_figures),
        Command("thong_bao thongbao", on_broadcast),
        Command("tat_bot bat_bot", on_power),
        Command("lohong lo_hong", on_gaps),
        Command("", on_unknown_command),
        # Buttons
        Press(SOURCE, on_source),
        Press(PASSAGE, on_turn_page),
        Press(USEFUL, on_useful),
        Press(REASON, on_reason),
        Press(SUGGESTION, on_suggestion),
        Press(BROADCAST, on_broadcast_choice),
        Press(ERASE, on_erase_choice),
        Press(DOSSIER, on_dossier_press),
        Press(DEADLINE, on_deadline_press),
        Press(INSTRUMENT, on_instrument_press),
        Press(TOPIC, on_contents_press),
        Press(REVIEW, on_ask_reviewer),
        Press(CURATE, on_curate),
        Press(MORE, on_more),
        Press(NOTIFY, on_notify),
        Press(AGAIN, on_again),
        Press(LETTER, on_letter),
        Press("", on_unknown_press),
        # Messages
        MessageHandler(NEW & filters.Document.ALL & filters.ChatType.PRIVATE, on_document),
        Replied(),
        MessageHandler(NEW & GROUPS, on_group_question),
        MessageHandler(NEW & WORDS, on_question),
        MessageHandler(EDITED, on_edited),
        MessageHandler(NEW & ~filters.StatusUpdate.ALL, on_other),
    ]


def build_application(settings: Settings) -> App:
    """The application with its handlers; nothing is contacted yet. Updates come through our inbox, not its updater."""
    builder = ApplicationBuilder().bot(build_bot(settings)).updater(None).job_queue(None)
    application: App = builder.context_types(ContextTypes(context=Context)).build()
    application.add_handlers({-1: [TypeHandler(Update, gate)], 0: handlers()})
    application.add_error_handler(note_error)
    return application
