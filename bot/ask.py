"""A question in, an answer out; and a helpful word for what is no question."""

from __future__ import annotations

from telegram import Message, Update

from bot import texts
from bot.answer import say_answer
from bot.chats import Talk
from bot.command import for_another_bot, mention
from bot.grow import Growing
from bot.handling import Context
from bot.styled import Styled, clean, marked, plain
from knowledge.errors import SotayError
from knowledge.types import Answer, Question


async def on_question(update: Update, context: Context) -> None:
    """Text (or the caption of something else) is a question."""
    message = update.effective_message
    assert message is not None
    if not for_another_bot(message):
        await ask_text(update, context, message.text or message.caption or "")


async def on_edited(update: Update, context: Context) -> None:
    """A question that was corrected is answered again, unless its words are the same."""
    message = update.edited_message
    assert message is not None
    text = mention(str(context.bot.username)).sub(" ", clean(message.text or message.caption or "")).strip()
    talk = await talk_of(update, context)
    house = context.house
    last = await house.offload.db(house.assistant.records.last, talk.session, limit=1)
    if not text or for_another_bot(message) or text.startswith("/") or (last and last[-1].question.text == text):
        return
    await ask_text(update, context, text, reply_to=message.message_id, lead=marked(texts.EDITED, "italic"))


async def on_suggestion(update: Update, context: Context) -> None:
    """A question from a button under an earlier answer."""
    answer_id, number = context.two
    house = context.house
    turn = await house.offload.db(house.assistant.records.turn, answer_id)
    if turn is None or not number.isdigit() or int(number) >= len(turn.answer.suggestions):
        await context.toast(texts.GONE)
        return
    await context.toast()
    text = turn.answer.suggestions[int(number)]
    await ask_text(update, context, text, lead=Styled("❓ ") + marked(text, "bold"))


async def ask_text(
    update: Update,
    context: Context,
    text: str,
    *,
    reply_to: int | None = None,
    lead: Styled | None = None,
    talk: Talk | None = None,
) -> None:
    """Ask the house and send what it says; a word of help where there is nothing to ask."""
    text = clean(text).strip()
    if not text:
        context.say(texts.EMPTY, reply_to=reply_to)
        return
    if not any(c.isalnum() for c in text):
        context.say(texts.NO_WORDS, reply_to=reply_to)
        return
    talk = talk or await talk_of(update, context)
    question = Question(text, as_of=talk.as_of, locality=talk.locality)
    growing = Growing(context, reply_to=reply_to)
    try:
        async with growing:
            answer = await _answer(context, question, talk, growing)
    except SotayError as error:
        context.say(plain(str(error)), reply_to=reply_to, edit=growing.message_id)
        return
    growing.forget()
    await say_answer(update, context, answer, reply_to=reply_to, edit=growing.message_id, lead=lead)


async def _answer(context: Context, question: Question, talk: Talk, growing: Growing) -> Answer:
    stream = context.house.assistant.stream
    answer: Answer | None = None
    events = context.house.offload.each(lambda: stream(question, session_id=talk.session, channel="telegram"))
    async for event in events:
        growing.tell(event)
        answer = event.answer or answer
    if answer is None:
        raise RuntimeError("the assistant's stream ended without an answer")
    return answer


async def talk_of(update: Update, context: Context) -> Talk:
    """The conversation that an update belongs to."""
    chat, user = update.effective_chat, update.effective_user
    assert chat is not None
    chats, thread = context.house.chats, context.handling.thread_id or 0
    return await context.house.offload.db(chats.talk, chat.id, user.id if user else 0, thread)


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
