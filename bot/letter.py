"""`📋 Chép trích dẫn`: an answer in the form of an official letter, in a block that a tap copies."""

from __future__ import annotations

from telegram import Update

from bot import review_texts, texts
from bot.handling import Context
from bot.press import message_id_of
from bot.styled import join, marked
from knowledge.official import official_text


async def on_letter(update: Update, context: Context) -> None:
    """The answer as plain text with its grounds in full."""
    answer_id, _ = context.two
    house = context.house
    turn = await house.offload.db(house.assistant.records.turn, answer_id)
    if turn is None or not turn.answer.citations:
        await context.toast(texts.GONE)
        return
    await context.toast()
    text = await house.offload.call(official_text, house.assistant, turn)
    head = marked(review_texts.COPY_HEAD, "italic")
    context.say(join([head, marked(text, "pre")]), reply_to=message_id_of(update))
