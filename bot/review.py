"""A question that the machine could not answer well goes to the reviewers, and a reviewer's word back to the asker."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection
from telegram import Update

from bot import review_texts, texts
from bot.answer import keyboard_of, unregulated
from bot.ask import talk_of
from bot.curate import draft_messages, outlook
from bot.desk import may_review, queue
from bot.handling import Context, House
from bot.inquiries import PER_DAY, Inquiry, hash_of
from bot.messages import messages
from bot.press import message_id_of
from bot.reviewed import inquiry_text, to_asker
from bot.styled import clean, visible
from knowledge.curated import CuratedAnswer, tidy
from knowledge.places import NATIONAL
from knowledge.types import Turn

ABOUT = "inquiry:"
_LONGEST = 3000


async def on_ask_reviewer(update: Update, context: Context) -> None:
    """Send a question on, once however often the button is pressed, without its asker's name."""
    answer_id, _ = context.two
    user, chat, house = update.effective_user, update.effective_chat, context.house
    desk = house.desk
    turn = await house.offload.db(house.assistant.records.turn, answer_id)
    if turn is None or user is None or chat is None:
        await context.toast(texts.GONE)
        return
    recipients = await house.offload.db(desk.recipients)
    if not recipients:
        await context.toast(review_texts.NOBODY)
        return
    if await house.offload.db(desk.inquiries.of_answer, answer_id) is not None:
        await context.toast(review_texts.SENT_BEFORE)
        return
    if await house.offload.db(desk.inquiries.today, user.id) >= PER_DAY:
        await context.toast(review_texts.ENOUGH_TODAY.format(limit=PER_DAY))
        return
    await context.toast()
    talk = await talk_of(update, context)
    before = await house.offload.db(earlier_questions, house, turn)
    asked = turn.question.text
    inquiry = Inquiry(
        id=hash_of(f"inquiry:{answer_id}"),
        answer_id=answer_id,
        question=await house.offload.call(house.assistant.standalone, asked, before),
        asked=asked,
        locality=talk.locality or NATIONAL,
        chat_id=chat.id,
        thread_id=context.handling.thread_id,
        user_id=user.id,
        message_id=message_id_of(update),
    )
    reason = await house.offload.db(_reason, house, turn)
    text = inquiry_text(inquiry, turn.answer, reason, before[-1:], _place(house, inquiry.locality))
    context.buttons(message_id_of(update), await keyboard_of(context, turn.answer, asked=True))

    def send_on(connection: Connection) -> None:
        if not desk.inquiries.add(connection, inquiry):
            return
        for recipient in recipients:
            parcel = messages(recipient, text, about=f"{ABOUT}{inquiry.id}")
            queue(context, connection, f"rv{inquiry.id}:{recipient}", parcel)
        told = messages(chat.id, review_texts.SENT_ON, reply_to=inquiry.message_id, thread_id=inquiry.thread_id)
        queue(context, connection, f"rv{inquiry.id}:asker", told)

    context.then(send_on)


async def on_inquiry_reply(update: Update, context: Context, number: str) -> None:
    """A reviewer's answer: to the asker at once, and to the reviewer as a draft for everybody."""
    message, user, house = update.effective_message, update.effective_user, context.house
    assert message is not None
    if not await may_review(update, context) or user is None:
        return
    desk = house.desk
    inquiry = await house.offload.db(desk.inquiries.get, number)
    said = clean(message.text or "").strip()
    if inquiry is None or not visible(said) or len(said) > _LONGEST:
        wrong = review_texts.TOO_LONG.format(limit=_LONGEST) if said else review_texts.WORDS_ONLY
        context.say(review_texts.ASKER_GONE if inquiry is None else wrong, reply_to=message.message_id)
        return
    draft = hash_of(f"draft:{message.chat_id}:{message.message_id}")
    known = await house.offload.db(desk.curated.get, draft)
    if known is not None and known.answer == tidy(said):
        return  # Telegram also reports edits that change no word
    if known is not None:
        stands = replace(known, status="draft", answer=tidy(said), version=known.version + 1)
    else:
        stands = CuratedAnswer(draft, "draft", inquiry.question, tidy(said), inquiry=inquiry.id)
    view = await outlook(context, stands)
    parcel = to_asker(inquiry, said, stands.source, again=bool(inquiry.told))
    others = [chat for chat in await house.offload.db(desk.recipients) if chat != message.chat_id]
    preview = draft_messages(context, view, lead=review_texts.DELIVERED, reply_to=message.message_id)

    def deliver(connection: Connection) -> None:
        if known is not None:
            if not desk.curated.reword(connection, draft, known.version, answer=said):
                return
        else:
            asked = {"locality": inquiry.locality, "inquiry": inquiry.id}
            desk.curated.draft(connection, draft, inquiry.question, said, by=user.id, **asked)
        desk.inquiries.tell(connection, inquiry.id, tidy(said), stands.source)
        desk.watches.answered(connection, inquiry.answer_id, inquiry.chat_id)
        queue(context, connection, f"u{context.handling.update_id}:asker", parcel)
        queue(context, connection, f"u{context.handling.update_id}:draft", preview)
        if not inquiry.told:  # where each reviewer has the question alone, nobody should answer it twice
            done = review_texts.DONE_BY_ANOTHER.format(question=inquiry.question)
            for chat in others:
                queue(context, connection, f"rv{inquiry.id}:{chat}:done", messages(chat, done))
        desk.wake()

    context.then(deliver)


def earlier_questions(house: House, turn: Turn) -> tuple[str, ...]:
    """The questions that the same conversation asked before this one, oldest first."""
    turns = house.assistant.records.last(turn.session_id, limit=20) if turn.session_id else []
    return tuple(t.question.text for t in turns if t.asked_at < turn.asked_at)[-4:]


def _reason(house: House, turn: Turn) -> str:
    if turn.answer.status == "abstained":
        return review_texts.REASON_ABSTAINED
    verdict = house.assistant.records.verdict(turn.answer.id)
    if verdict is not None and not verdict[0]:
        return review_texts.REASON_BAD.format(why=f" ({verdict[1]})" if verdict[1] else "")
    return review_texts.REASON_UNREGULATED if unregulated(turn.answer) else review_texts.REASON_WISH


def _place(house: House, locality: str) -> str:
    return house.assistant.places.name(locality) if locality != NATIONAL else ""
