"""`/nguon`: the passages behind the last answer, word for word."""

from __future__ import annotations

from telegram import Update

from bot import texts
from bot.ask import talk_of
from bot.handling import Context, House
from bot.render import source_text
from bot.styled import Styled, join, marked
from knowledge.types import Answer


async def on_sources(update: Update, context: Context) -> None:
    """Show what the last answer of this conversation rests on."""
    talk = await talk_of(update, context)
    turns = await context.house.offload.db(context.house.assistant.records.last, talk.session, limit=1)
    if not turns:
        context.say(texts.NO_SOURCES)
    elif not turns[-1].answer.citations:
        context.say(texts.LAST_WITHOUT_SOURCES)
    else:
        context.say(await context.house.offload.db(_sources, context.house, turns[-1].answer))


def _sources(house: House, answer: Answer) -> Styled:
    """One block for each passage; several markers can stand for one passage, whose text is then shown once."""
    shown: list[Styled] = [marked(texts.SOURCES_HEAD, "bold")]
    for citation in answer.citations:
        found = house.assistant.passage(citation.passage_id)
        shown.append(source_text(citation, (found[0], found[1]) if found else None))
    return join(shown, "\n\n")
