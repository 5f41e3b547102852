"""A reviewer's answer on its way to everybody: reworded, given a source, approved, or kept from others."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection
from telegram import Update

from bot import review_texts
from bot.desk import may_review, queue
from bot.handling import Context
from bot.messages import messages
from bot.outbox import Outgoing
from bot.press import message_id_of
from bot.reviewed import Draft, draft_markup, draft_text, to_asker
from bot.styled import clean, join, plain, visible
from knowledge.curated import CuratedAnswer, cites_of, signature, tidy

# What a message of ours is about, so that a reply to it can be understood.
DRAFT, EDITING, SOURCING = "curated:", "cedit:", "csource:"
_QUESTION = re.compile(r"\s*hỏi\s*:\s*(.+?)\s*\n(.+)", re.IGNORECASE | re.DOTALL)
_LONGEST = 3000


async def on_curate(update: Update, context: Context) -> None:
    """A button below a draft: judged by the presser's role now and by the version that stands above the button."""
    number, act, version, *_ = [*(context.args or []), "", "", ""]
    house, desk, shown = context.house, context.house.desk, message_id_of(update)
    if not await may_review(update, context):
        return
    answer = await house.offload.db(desk.curated.get, number)
    if answer is None or str(answer.version) != version:
        await context.toast(review_texts.DRAFT_GONE if answer is None else review_texts.CHANGED_SINCE)
        return
    if act == "a":
        await _approve(update, context, answer, shown)
    elif act == "x":
        await context.toast(review_texts.PRIVATE_NOW)
        put_aside = draft_messages(context, _next(answer, status="private"), edit=shown)

        def aside(connection: Connection) -> None:
            if desk.curated.keep_private(connection, number, answer.version):
                queue(context, connection, f"u{context.handling.update_id}:draft", put_aside)
                desk.wake()

        context.then(aside)
    else:
        await context.toast()
        how, about = (review_texts.EDIT_HOW, EDITING) if act == "e" else (review_texts.SOURCE_HOW, SOURCING)
        context.say(how, reply_to=shown, about=about + number)


async def on_draft_reply(update: Update, context: Context, number: str, *, source: bool) -> None:
    """New words, or a source, for a draft; the draft is shown anew."""
    message, house = update.effective_message, context.house
    assert message is not None
    if not await may_review(update, context):
        return
    desk = house.desk
    answer = await house.offload.db(desk.curated.get, number)
    said = clean(message.text or "").strip()
    if answer is None or not visible(said) or len(said) > _LONGEST:
        wrong = review_texts.TOO_LONG.format(limit=_LONGEST) if said else review_texts.WORDS_ONLY
        context.say(review_texts.DRAFT_GONE if answer is None else wrong, reply_to=message.message_id)
        return
    if source:
        words = {"source": " ".join(said.split())}
    elif both := _QUESTION.fullmatch(said):
        words = {"question": both[1], "answer": both[2]}
    else:
        words = {"answer": said}
    tidied: dict[str, Any] = {name: tidy(text) for name, text in words.items()}
    view = await outlook(context, replace(answer, status="draft", version=answer.version + 1, **tidied))
    preview = draft_messages(context, view, reply_to=message.message_id)

    def reword(connection: Connection) -> None:
        if desk.curated.reword(connection, number, answer.version, **words):
            queue(context, connection, f"u{context.handling.update_id}:draft", preview)
            desk.wake()

    context.then(reword)


async def outlook(context: Context, answer: CuratedAnswer) -> Draft:
    """An answer with what the register says of its source."""
    assistant = context.house.assistant
    cites = await context.house.offload.call(cites_of, assistant, answer)
    notes = [review_texts.CLOSED_SOURCE.format(number=key) for key, _, held in cites.places if not held]
    if answer.source and not cites.places:
        notes.append(review_texts.UNKNOWN_SOURCE)
    return Draft(answer, tuple(notes))


def draft_messages(
    context: Context, draft: Draft, *, lead: str = "", reply_to: int | None = None, edit: int | None = None
) -> list[Outgoing]:
    """A draft with its buttons, in the chat of the update."""
    text = draft_text(draft)
    return messages(
        context.handling.chat_id,
        join([plain(lead), text], "\n\n") if lead else text,
        markup=draft_markup(draft.answer),
        reply_to=reply_to,
        edit=edit,
        thread_id=context.handling.thread_id,
        about=DRAFT + draft.answer.id,
    )


async def _approve(update: Update, context: Context, answer: CuratedAnswer, shown: int) -> None:
    house, desk, user = context.house, context.house.desk, update.effective_user
    assert user is not None
    await context.toast(review_texts.APPROVED_NOW)
    cites = await house.offload.call(cites_of, house.assistant, answer)
    inquiry = await house.offload.db(desk.inquiries.get, answer.inquiry) if answer.inquiry else None
    name, today = signature(user.full_name), house.settings.current_day()
    view = await outlook(context, answer)
    signed = _next(answer, status="approved").answer
    preview = draft_messages(
        context, replace(view, answer=replace(signed, approved_name=name, approved_on=today)), edit=shown
    )

    def approve(connection: Connection) -> None:
        key = f"u{context.handling.update_id}"
        if not desk.curated.approve(
            connection, answer.id, answer.version, by=user.id, name=name, on=today, cites=cites
        ):
            return
        queue(context, connection, f"{key}:draft", preview)
        # Who asked has the first words; if others were approved, these are theirs too.
        if inquiry is not None and desk.inquiries.tell(connection, inquiry.id, answer.answer, answer.source):
            queue(context, connection, f"{key}:asker", to_asker(inquiry, answer.answer, answer.source, again=True))
        desk.wake()

    context.then(approve)


def _next(answer: CuratedAnswer, *, status: str) -> Draft:
    """The answer as the change that is under way leaves it."""
    return Draft(replace(answer, status=status, version=answer.version + 1, reason=""))  # type: ignore[arg-type]
