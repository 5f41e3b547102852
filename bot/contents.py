"""`/chude`: the shipped handbook by chapter, page and passage."""

from __future__ import annotations

from datetime import date

from telegram import Update

from bot import flow_texts
from bot.days import short
from bot.flows import day_asked, reference
from bot.handling import Context, House, Markup
from bot.listing import SIZE, Data, Entry, listing
from bot.passages import came_from
from bot.press import PASSAGE, TOPIC, button, message_id_of
from bot.styled import Styled, join, marked, plain
from knowledge.text import fold, syllables
from knowledge.types import Document, Standing

_ROOT = "handbook/"


async def on_contents(update: Update, context: Context) -> None:
    """`/chude`: the chapters; with words after it, the pages whose titles have them."""
    words, house = context.rest, context.house
    if words:
        on = await day_asked(update, context)
        text, markup = await house.offload.db(_search, house, words, on)
    else:
        text, markup = await house.offload.db(_chapters, house)
    context.say(text, markup=markup)


async def on_contents_press(update: Update, context: Context) -> None:
    """The chapters (`l`), a chapter's pages (`k`), a page's passages (`d`, or `n` below what is being read)."""
    view, name, number, *_ = [*(context.args or []), "", "", ""]
    house, on = context.house, await day_asked(update, context)
    if view == "k":
        found = await house.offload.db(_chapter, house, name, number, on)
    elif view in ("d", "n"):
        found = await house.offload.db(_page, house, name, number, on)
    else:
        found = await house.offload.db(_chapters, house)
    if found is None:
        await context.toast(flow_texts.OUTDATED)
        return
    await context.toast()
    text, markup = found
    message_id = message_id_of(update)
    if view == "n":  # asked for from another flow, whose screen stays
        context.say(text, markup=markup, reply_to=message_id)
    else:
        context.say(text, markup=markup, edit=message_id)


# -- screens -----------------------------------------------------------------------------------------------------------


def _chapters(house: House) -> tuple[Styled, Markup]:
    counts: dict[str, int] = {}
    for document in _documents(house):
        counts[_chapter_of(document)] = counts.get(_chapter_of(document), 0) + 1
    order = [*flow_texts.CHAPTERS, *sorted(set(counts) - set(flow_texts.CHAPTERS))]
    markup: Markup = []
    for name in order:
        if name in counts:
            label = flow_texts.CHAPTER.format(name=_named(name), count=counts[name])
            markup.append([button(label, TOPIC, "k", name, 0)])
    head = [marked(flow_texts.CONTENTS_HEAD, "bold"), plain(flow_texts.CONTENTS_PICK)]
    return join([*head, marked(flow_texts.CONTENTS_TYPED, "italic")]), markup


def _chapter(house: House, name: str, number: str, on: date) -> tuple[Styled, Markup] | None:
    pages = [document for document in _documents(house) if _chapter_of(document) == name]
    if not pages:
        return None
    head = [marked(_named(name), "bold")]
    text, markup = listing(head, _entries(house, pages, on), number, (TOPIC, "k", name))
    return text, [*markup, [button(flow_texts.CHAPTERS_BACK, TOPIC, "l")]]


def _page(house: House, name: str, number: str, on: date) -> tuple[Styled, Markup] | None:
    document = next((d for d in _documents(house) if reference(d.origin) == name), None)
    if document is None:
        return None
    turn: Data = (TOPIC, "d", name)
    passages = house.assistant.store.of_document(document.id)
    entries = [
        Entry(passage.breadcrumb[-1] if passage.breadcrumb else passage.title,
              (PASSAGE, passage.id, came_from(*turn, place // SIZE)))
        for place, passage in enumerate(passages)
    ]  # fmt: skip
    head = [marked(document.title, "bold")]
    if told := _told(house, document, on):
        head = [join([*head, marked(told, "italic")])]
    text, markup = listing(head, entries, number, turn)
    chapter = _chapter_of(document)
    return text, [*markup, [button(f"◀️ {_named(chapter)}", TOPIC, "k", chapter, 0)]]


def _search(house: House, words: str, on: date) -> tuple[Styled, Markup]:
    wanted = set(map(fold, syllables(words)))
    pages = [d for d in _documents(house) if wanted and wanted <= set(map(fold, syllables(d.title)))]
    back: Markup = [[button(flow_texts.CHAPTERS_BACK, TOPIC, "l")]]
    if not pages:
        return plain(flow_texts.CONTENTS_NONE.format(words=words[:60])), back
    head = [plain(flow_texts.CONTENTS_FOUND.format(words=words[:60]))]
    entries = _entries(house, pages, on)
    if len(entries) > SIZE:
        head.append(plain(flow_texts.CONTENTS_MORE.format(shown=SIZE, count=len(entries))))
    text, markup = listing([join(head)], entries[:SIZE], "0", (TOPIC, "l"))
    return text, [*markup, *back]


# -- what there is -----------------------------------------------------------------------------------------------------


def _documents(house: House) -> list[Document]:
    documents = house.assistant.index.snapshot.documents.values()
    return [document for document in documents if document.kind == "handbook" and document.origin.startswith(_ROOT)]


def _chapter_of(document: Document) -> str:
    return document.origin.removeprefix(_ROOT).partition("/")[0]


def _named(chapter: str) -> str:
    return flow_texts.CHAPTERS.get(chapter, chapter)


def _entries(house: House, pages: list[Document], on: date) -> list[Entry]:
    """The pages that hold on the day first, then those of other times, each with its time."""
    told = {document.id: _told(house, document, on) for document in pages}
    ordered = sorted(pages, key=lambda document: (bool(told[document.id]), fold(document.title)))
    return [
        Entry(f"{d.title} – {told[d.id]}" if told[d.id] else d.title, (TOPIC, "d", reference(d.origin), 0))
        for d in ordered
    ]


def _told(house: House, document: Document, on: date) -> str:
    """Of what time a page is, where its rules do not hold on the day; judged by the register in use."""
    validity = house.assistant.knowledge.validity
    windows = validity.windows_of(document.id, document.instruments, {document.id: document})
    standing = validity.standing(windows, on)
    if standing is Standing.EARLIER and windows and windows[-1].end:
        return flow_texts.PAGE_EARLIER.format(day=short(windows[-1].end))
    if standing is Standing.EARLIER:
        return flow_texts.PAGE_NOT
    if standing is Standing.LATER and windows:
        return flow_texts.PAGE_LATER.format(day=short(windows[0].start))
    return ""
