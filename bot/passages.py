"""A passage on a page of its own: opened from a source button, turned with previous and next."""

from __future__ import annotations

from telegram import Update

from bot import flow_texts, texts
from bot.handling import Context, House, Markup
from bot.press import INSTRUMENT, PASSAGE, TOPIC, button, message_id_of
from bot.render import passage_page
from bot.styled import Styled
from knowledge.types import Citation, Document, Interval, Passage, Standing


async def on_source(update: Update, context: Context) -> None:
    """Open the passage behind a marker, as it was cited then."""
    answer_id, marker = context.two
    house = context.house
    turn = await house.offload.db(house.assistant.records.turn, answer_id)
    citation = next((c for c in turn.answer.citations if str(c.marker) == marker), None) if turn else None
    if citation is None:
        await context.toast(texts.GONE)
        return
    await context.toast()
    page, markup = await house.offload.db(_page, house, citation.passage_id, citation, "")
    context.say(page, markup=markup, reply_to=message_id_of(update))


async def on_turn_page(update: Update, context: Context) -> None:
    """Show the passage before or after in the same message."""
    passage_id, origin = context.two
    house = context.house
    if await house.offload.db(house.assistant.passage, passage_id) is None:
        await context.toast(texts.PASSAGE_GONE)
        return
    await context.toast()
    page, markup = await house.offload.db(_page, house, passage_id, None, origin)
    context.say(page, markup=markup, edit=message_id_of(update))


def came_from(act: str | int, *rest: str | int) -> str:
    """Where a passage was opened from, as its button carries it; the way back stays while pages are turned."""
    return ".".join(map(str, (act, *rest)))


def _page(house: House, passage_id: str, citation: Citation | None, origin: str) -> tuple[Styled, Markup]:
    found = house.assistant.passage(passage_id)
    if found is None:
        assert citation is not None
        return passage_page(citation=citation), []
    passage, document, before, after = found
    window, standing = _validity(house, passage, document)
    page = passage_page(citation=citation, passage=passage, document=document, window=window, standing=standing)
    act, *rest = origin.split(".")
    carried = (origin,) if act in (TOPIC, INSTRUMENT) else ()
    row = [button(texts.BEFORE, PASSAGE, before, *carried)] if before else []
    row += [button(texts.AFTER, PASSAGE, after, *carried)] if after else []
    rows = [row] if row else []
    return page, [*rows, [button(flow_texts.BACK, act, *rest)]] if carried else rows


def _validity(house: House, passage: Passage, document: Document) -> tuple[Interval | None, Standing]:
    """When the passage holds, judged by the register as it is now."""
    knowledge = getattr(house.assistant, "knowledge", None)
    if knowledge is None:
        return None, Standing.UNKNOWN
    keys = tuple(source.key for source in passage.sources if not source.past and knowledge.registry.get(source.key))
    windows = knowledge.validity.windows_of(document.id, keys, {document.id: document})
    today = house.settings.current_day()
    holding = [window for window in windows or () if window.contains(today)]
    return (holding or list(windows or ()) or [None])[-1], knowledge.validity.standing(windows, today)
