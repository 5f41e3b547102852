"""`⋯ Thêm` below an answer: the buttons that a phone has no room for at first."""

from __future__ import annotations

from telegram import Update

from bot import texts
from bot.answer import keyboard_of
from bot.handling import Context
from bot.press import message_id_of


async def on_more(update: Update, context: Context) -> None:
    """Open or close the further buttons."""
    answer_id, choice = context.two
    turn = await context.house.offload.db(context.house.assistant.records.turn, answer_id)
    if turn is None:
        await context.toast(texts.GONE)
        return
    await context.toast()
    context.buttons(message_id_of(update), await keyboard_of(context, turn.answer, more=choice == "1"))
