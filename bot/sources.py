"""`/nguon`: the passages behind the last answer, word for word."""

from __future__ import annotations

from telegram import Update

from bot import texts
from bot.ask import talk_of
from bot.handling import Context, House
from bot.render import source_text
from bot.styled import Styled, join, marked
from knowledge.types import Answer, Citation


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
    """One block for each passage; where several markers stand for one passage, its words are shown once."""
    shown: list[Styled] = [marked(texts.SOURCES_HEAD, "bold")]
    behind: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        behind.setdefault(citation.passage_id, []).append(citation)
    for passage_id, citations in behind.items():
        found = house.assistant.passage(passage_id)
        shown.append(source_text(citations, found[0] if found else None))
    return join(shown, "\n\n")
