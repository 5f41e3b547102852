"""👍 and 👎 under an answer, and why."""

from __future__ import annotations

from telegram import Update

from bot import texts
from bot.answer import keyboard_of
from bot.handling import Context
from bot.press import REASON, button, message_id_of


async def on_useful(update: Update, context: Context) -> None:
    """Write the verdict down; after a 👎 ask what was wrong."""
    answer_id, verdict = context.two
    records, useful = context.house.assistant.records, verdict == "1"
    turn = await context.house.offload.db(records.turn, answer_id)
    if turn is None or not await context.house.offload.db(records.rate, answer_id, useful=useful):
        await context.toast(texts.GONE)
        return
    await context.toast(texts.THANKS if useful else texts.SORRY)
    asked = [] if useful else [[button(reason, REASON, answer_id, n)] for n, reason in enumerate(texts.REASONS)]
    context.buttons(message_id_of(update), await keyboard_of(context, turn.answer) + asked)


async def on_reason(update: Update, context: Context) -> None:
    """Write the reason down."""
    answer_id, number = context.two
    records = context.house.assistant.records
    reason = texts.REASONS[int(number)] if number.isdigit() and int(number) < len(texts.REASONS) else ""
    turn = await context.house.offload.db(records.turn, answer_id)
    if turn is None or not await context.house.offload.db(records.rate, answer_id, useful=False, reason=reason):
        await context.toast(texts.GONE)
        return
    await context.toast(texts.THANKS_REASON)
    context.buttons(message_id_of(update), await keyboard_of(context, turn.answer))
