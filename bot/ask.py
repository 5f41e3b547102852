"""A question in, an answer out; and a helpful word for what is no question."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from telegram import Message, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot import texts
from bot.chats import Talk
from bot.command import for_another_bot
from bot.handling import Context
from bot.outbox import Outgoing
from bot.render import answer_parts
from bot.styled import clean
from knowledge.errors import SotayError
from knowledge.types import Answer, Event, Question

_TYPING_AFTER, _TYPING_EVERY = 0.4, 4.5  # Telegram shows the sign for five seconds


async def on_question(update: Update, context: Context) -> None:
    """Text (or the caption of something else) is a question."""
    message = update.effective_message
    assert message is not None
    if for_another_bot(message):
        return
    text = clean(message.text or message.caption or "").strip()
    if not text:
        context.say(texts.EMPTY)
    elif not any(c.isalnum() for c in text):
        context.say(texts.NO_WORDS)
    else:
        await answer_question(update, context, text)


async def answer_question(update: Update, context: Context, text: str) -> None:
    """Ask the house and send what it says."""
    talk = await talk_of(update, context)
    question = Question(text, as_of=talk.as_of, locality=talk.locality)
    try:
        async with typing(context):
            answer = await _answer(context, question, talk)
    except SotayError as error:
        context.say(str(error))
        return
    await say_answer(update, context, answer)


async def _answer(context: Context, question: Question, talk: Talk) -> Answer:
    stream = context.house.assistant.stream
    answer: Answer | None = None
    event: Event
    async for event in context.house.offload.each(
        lambda: stream(question, session_id=talk.session, channel="telegram")
    ):
        answer = event.answer or answer
    if answer is None:
        raise RuntimeError("the assistant's stream ended without an answer")
    return answer


async def say_answer(update: Update, context: Context, answer: Answer) -> None:
    """Put an answer on the sheet; the first one in a chat says that a machine answers."""
    house, chat = context.house, update.effective_chat
    assert chat is not None
    greeted = await house.offload.db(house.chats.greeted, chat.id)
    for part in answer_parts(answer, disclose=not greeted):
        payload: dict[str, Any] = {"text": part.text, "entities": part.entities}
        if context.handling.thread_id:
            payload["thread"] = context.handling.thread_id
        context.handling.outgoing.append(Outgoing(chat.id, "send", payload, f"answer:{answer.id}"))
    if not greeted:
        context.then(lambda connection: house.chats.note_chat(connection, chat.id, chat.type, greeted=True))


async def talk_of(update: Update, context: Context) -> Talk:
    """The conversation that an update belongs to."""
    chat, user = update.effective_chat, update.effective_user
    assert chat is not None
    chats, thread = context.house.chats, context.handling.thread_id or 0
    return await context.house.offload.db(chats.talk, chat.id, user.id if user else 0, thread)


@asynccontextmanager
async def typing(context: Context) -> AsyncIterator[None]:
    """Shows that something is being written while it takes long: a courtesy, that may fail and holds nothing up."""

    async def show() -> None:
        await asyncio.sleep(_TYPING_AFTER)
        while True:
            with suppress(TelegramError):
                await context.bot.send_chat_action(
                    context.handling.chat_id, ChatAction.TYPING, message_thread_id=context.handling.thread_id
                )
            await asyncio.sleep(_TYPING_EVERY)

    task = asyncio.create_task(show())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def on_other(update: Update, context: Context) -> None:
    """Voice, pictures, files and the rest: what to do instead."""
    message = update.effective_message
    if message is not None:
        context.say(_instead(message))


def _instead(message: Message) -> str:
    if message.voice or message.audio or message.video_note or message.video:
        return texts.VOICE
    if message.photo or message.sticker or message.animation:
        return texts.PHOTO if message.photo else texts.NO_WORDS
    if message.document:
        return texts.DOCUMENT
    return texts.OTHER
