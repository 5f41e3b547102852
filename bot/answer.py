"""An answer on its way to a chat: its messages and the buttons below them."""

from __future__ import annotations

from telegram import Update

from bot import texts
from bot.handling import Context, Markup
from bot.press import SOURCE, SUGGESTION, USEFUL, button
from bot.render import answer_text
from bot.styled import Styled, join
from knowledge.types import Answer

_SOURCES = 8


def keyboard(answer: Answer, *, rated: bool | None = None) -> Markup:
    """Sources two in a row, the verdict, and questions that could come next; `rated` marks the verdict given."""
    sources = [
        button(f"📖 [{c.marker}] {c.locator or c.instrument or c.title}", SOURCE, answer.id, c.marker)
        for c in answer.citations[:_SOURCES]
    ]
    rows = [sources[n : n + 2] for n in range(0, len(sources), 2)]
    if answer.status == "answered":
        good = texts.GOOD + (" ✓" if rated is True else "")
        bad = texts.BAD + (" ✓" if rated is False else "")
        rows.append([button(good, USEFUL, answer.id, 1), button(bad, USEFUL, answer.id, 0)])
    rows += [[button(f"❓ {text}", SUGGESTION, answer.id, n)] for n, text in enumerate(answer.suggestions[:4])]
    return rows


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
    context.say(whole, markup=keyboard(answer), reply_to=reply_to, edit=edit, about=f"answer:{answer.id}")
    if not greeted:
        context.then(lambda connection: house.chats.note_chat(connection, chat.id, chat.type, greeted=True))
