"""An answer on its way to a chat: its messages and the buttons below them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from telegram import Update

from bot import review_texts, texts
from bot.handling import Context, House, Markup
from bot.press import LETTER, MORE, NOTIFY, REVIEW, SOURCE, SUGGESTION, USEFUL, button
from bot.render import answer_text
from bot.styled import Styled, join
from knowledge import say
from knowledge.text import fold
from knowledge.types import Answer

_SOURCES = 8
_UNREGULATED = re.compile(r"\b(?:khong|chua)(?: co)? quy dinh\b")


@dataclass(frozen=True)
class Beside:
    """What the buttons below an answer depend on besides the answer itself."""

    rated: bool | None = None  # the verdict given
    more: bool = False  # the further buttons are open
    staffed: bool = False  # somebody would get the question
    asked: bool = False  # it is with the reviewers
    watching: frozenset[str] = frozenset()  # the news that the person of a private chat waits for


def keyboard(answer: Answer, beside: Beside = Beside()) -> Markup:
    """Sources two in a row, the verdict, what else can be done, and questions that could come next."""
    sources = [
        button(f"📖 [{c.marker}] {c.locator or c.instrument or c.title}", SOURCE, answer.id, c.marker)
        for c in answer.citations[:_SOURCES]
    ]
    rows = [sources[n : n + 2] for n in range(0, len(sources), 2)]
    wanting = answer.status == "abstained" and answer.text != say.FAILED
    if answer.status == "answered":
        good = texts.GOOD + (" ✓" if beside.rated is True else "")
        bad = texts.BAD + (" ✓" if beside.rated is False else "")
        rows.append([button(good, USEFUL, answer.id, 1), button(bad, USEFUL, answer.id, 0)])
        label = review_texts.LESS if beside.more else review_texts.MORE
        copy = [button(review_texts.COPY, LETTER, answer.id)] if answer.citations else []
        rows.append([*copy, button(label, MORE, answer.id, int(not beside.more))])
        wanting = beside.more or beside.asked or beside.rated is False or unregulated(answer)
    if wanting and beside.staffed:
        label = review_texts.ASKED_REVIEWER if beside.asked else review_texts.ASK_REVIEWER
        rows.append([button(label, REVIEW, answer.id)])
    if answer.status == "abstained" and wanting:
        rows.append([_notice("gap", answer, beside)])
    elif beside.more and answer.citations:
        rows.append([_notice("change", answer, beside)])
    rows += [[button(f"❓ {text}", SUGGESTION, answer.id, n)] for n, text in enumerate(answer.suggestions[:4])]
    return rows


async def keyboard_of(
    context: Context,
    answer: Answer,
    *,
    more: bool = False,
    asked: bool = False,
    watching: tuple[str, bool] | None = None,
) -> Markup:
    """The buttons below an answer as things stand, with what this update is about to change: `asked`, it goes to the
    reviewers; `watching`, one kind of news is now waited for or no longer."""
    beside = await context.house.offload.db(_beside, context.house, answer, context.handling.chat_id)
    waits = beside.watching
    if watching is not None and context.handling.chat_id > 0:
        waits = waits | {watching[0]} if watching[1] else waits - {watching[0]}
    return keyboard(answer, replace(beside, more=more, asked=asked or beside.asked, watching=waits))


def _notice(kind: str, answer: Answer, beside: Beside) -> dict[str, Any]:
    waits = kind in beside.watching
    label = (review_texts.WATCHED if waits else review_texts.WATCH)[kind]
    return button(label, NOTIFY, answer.id, kind[0], int(not waits))


def unregulated(answer: Answer) -> bool:
    """Whether an answer begins by saying that the rules are silent."""
    return bool(_UNREGULATED.search(fold(answer.text[:160])))


def _beside(house: House, answer: Answer, chat_id: int) -> Beside:
    verdict = house.assistant.records.verdict(answer.id)
    return Beside(
        rated=verdict[0] if verdict else None,
        staffed=bool(house.desk.recipients()),
        asked=house.desk.inquiries.of_answer(answer.id) is not None,
        # A group's buttons are everybody's: they only subscribe.
        watching=frozenset(house.desk.watches.of(answer.id, chat_id) if chat_id > 0 else ()),
    )


async def say_answer(
    update: Update,
    context: Context,
    answer: Answer,
    *,
    reply_to: int | None = None,
    edit: int | None = None,
    lead: Styled | None = None,
) -> None:
    """Put an answer on the sheet; the first one in a chat says that a machine answers."""
    house, chat = context.house, update.effective_chat
    assert chat is not None
    greeted = await house.offload.db(house.chats.greeted, chat.id)
    text = answer_text(answer, disclose=not greeted, suggestions=False)
    whole = join([lead, text], "\n\n") if lead else text
    markup = await keyboard_of(context, answer)
    context.say(whole, markup=markup, reply_to=reply_to, edit=edit, about=f"answer:{answer.id}")
    if not greeted:
        context.then(lambda connection: house.chats.note_chat(connection, chat.id, chat.type, greeted=True))
