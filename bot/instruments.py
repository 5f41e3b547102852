"""`/vanban`: one legal document by the register in use: whether it holds, what it replaced, what is known about it."""

from __future__ import annotations

from collections import Counter
from datetime import date

from telegram import Update

from bot import flow_texts
from bot.days import short
from bot.flows import day_asked, mark, notes, reference, standing_line
from bot.handling import Context, House, Markup
from bot.listing import SIZE, Data, Entry, listing
from bot.passages import came_from
from bot.press import INSTRUMENT, PASSAGE, button, message_id_of
from bot.styled import Styled, join, link, marked, plain
from knowledge.lookup import Mention, meant, mentions, near, own_documents, part_of, parts, place_of, readable
from knowledge.references import show_locator
from knowledge.registry import Registry
from knowledge.types import Instrument, Interval, Standing

_LINKED, _OWN, _QUOTE = 6, 5, 300
_FEW, _WHOLE = 3 * SIZE, "-"  # passages that need no choice of a part; a part that is none
_ORDER = (Standing.IN_FORCE, Standing.UNKNOWN, Standing.LATER, Standing.EARLIER)


async def on_instrument(update: Update, context: Context) -> None:
    """`/vanban số`: the document, a choice where several are meant, near ones where none is; without words, the main
    ones."""
    words, house = context.rest, context.house
    on = await day_asked(update, context)
    text, markup = await house.offload.db(_answer, house, words, on) if words else _front(house, on)
    context.say(text, markup=markup)


async def on_instrument_press(update: Update, context: Context) -> None:
    """The main ones (`l`), a document (`i`), the passages about it (`p`) or a part (`q`), its own text (`o`)."""
    view, name, number, page, *_ = [*(context.args or []), "", "", "", ""]
    house, on = context.house, await day_asked(update, context)
    instrument = next((one for one in _register(house) if reference(one.key) == name), None)
    if view != "l" and instrument is None:
        await context.toast(flow_texts.OUTDATED)
        return
    await context.toast()
    if instrument is None:
        text, markup = _front(house, on)
    elif view == "p":
        text, markup = await house.offload.db(_about, house, instrument, number, on)
    elif view == "q":
        text, markup = await house.offload.db(_about_part, house, instrument, number, page, on)
    elif view == "o":
        text, markup = await house.offload.db(_own_text, house, instrument, number)
    else:
        text, markup = await house.offload.db(_instrument, house, instrument, on)
    context.say(text, markup=markup, edit=message_id_of(update))


# -- finding -----------------------------------------------------------------------------------------------------------


def _register(house: House) -> Registry:
    return house.assistant.registry or Registry(())


def _front(house: House, on: date) -> tuple[Styled, Markup]:
    """The office's own newest entries, then the main ones."""
    registry = _register(house)
    own = [one for one in registry if _is_own(house, one)]
    own.sort(key=lambda one: one.signed or date.min, reverse=True)
    main = [instrument for key in flow_texts.MAIN_INSTRUMENTS if (instrument := registry.get(key))]
    chosen = list({one.key: one for one in (*own[:_OWN], *main)}.values())
    lines = [marked(flow_texts.INSTRUMENT_HEAD, "bold"), plain(flow_texts.INSTRUMENT_PICK)]
    return join([*lines, marked(flow_texts.INSTRUMENT_TYPED, "italic")]), [_open(registry, one, on) for one in chosen]


def _answer(house: House, words: str, on: date) -> tuple[Styled, Markup]:
    registry = _register(house)
    found = list({one.key: one for one in meant(words, registry)}.values())
    if len(found) == 1:
        return _instrument(house, found[0], on)
    back = [[button(flow_texts.INSTRUMENTS_BACK, INSTRUMENT, "l")]]
    if found:
        form = flow_texts.INSTRUMENT_SEVERAL
    elif found := near(words, registry):
        numbered = any(c.isdigit() for c in words)
        form = flow_texts.INSTRUMENT_NEAR if numbered else flow_texts.INSTRUMENT_TITLED
        if not numbered:
            found.sort(key=lambda one: _ORDER.index(registry.standing(one.key, on)))
    else:
        form = flow_texts.INSTRUMENT_NONE
    choices = [_open(registry, one, on) for one in found[:SIZE]]
    return plain(form.format(words=words[:60])), [*choices, *back]


def _open(registry: Registry, instrument: Instrument, on: date) -> list[dict[str, str]]:
    label = flow_texts.INSTRUMENT_LABEL.format(
        mark=mark(registry, instrument.key, on), number=instrument.number, title=instrument.title
    )
    return [button(label, INSTRUMENT, "i", reference(instrument.key))]


def _is_own(house: House, instrument: Instrument) -> bool:
    return house.assistant.shipped.get(instrument.key) is None


# -- one document ------------------------------------------------------------------------------------------------------


def _instrument(house: House, instrument: Instrument, on: date) -> tuple[Styled, Markup]:
    registry, today = _register(house), house.settings.current_day()
    found = _mentions(house, instrument, on)
    own = own_documents(instrument.key, house.assistant.index.snapshot)
    blocks = [_head(house, instrument), standing_line(registry, instrument.key, on)]
    if on != today:
        blocks.append(standing_line(registry, instrument.key, today))
    if instrument.in_force:
        lines = [_interval(house, interval) for interval in instrument.in_force]
        blocks.append(join([marked(flow_texts.IN_FORCE_HEAD, "bold"), *lines]))
    if links := _links(registry, instrument, on):
        blocks.append(join(links))
    blocks += [join(lines) for lines in (_changed_parts(house, instrument),) if lines]
    blocks.append(_held(found, bool(own)))
    blocks += notes([_readable(house, instrument.note)])
    blocks.append(_certainty(house, instrument))
    name = reference(instrument.key)
    markup: Markup = []
    if found:
        markup.append([button(flow_texts.ABOUT.format(count=len(found)), INSTRUMENT, "p", name, 0)])
    if own:
        markup.append([button(flow_texts.OWN_TEXT, INSTRUMENT, "o", name, 0)])
    linked = [other for key in _linked(instrument) if (other := registry.get(key))][:_LINKED]
    others = [button(f"↪️ {other.number}", INSTRUMENT, "i", reference(other.key)) for other in linked]
    markup += [others[n : n + 2] for n in range(0, len(others), 2)]
    return join(blocks, "\n\n"), [*markup, [button(flow_texts.INSTRUMENTS_BACK, INSTRUMENT, "l")]]


def _head(house: House, instrument: Instrument) -> Styled:
    lines = [marked(f"{instrument.kind[:1].upper()}{instrument.kind[1:]} {instrument.number}", "bold")]
    lines.append(plain(instrument.title))
    signed = flow_texts.SIGNED.format(day=short(instrument.signed)) if instrument.signed else ""
    if about := ", ".join(part for part in (instrument.issuer, signed) if part):
        lines.append(marked(about, "italic"))
    if instrument.locality != "trung-uong":
        lines.append(plain(flow_texts.LOCAL.format(place=house.assistant.places.name(instrument.locality))))
    if instrument.url:
        lines.append(link(flow_texts.OPEN_TEXT, instrument.url))
    return join(lines)


def _interval(house: House, interval: Interval) -> Styled:
    span = [flow_texts.SINCE.format(start=short(interval.start))] if interval.start > date.min else []
    span.append(flow_texts.UNTIL.format(end=short(interval.end)) if interval.end else flow_texts.UNTIL_NOW)
    ground = f" – {_readable(house, interval.ground)}" if interval.ground else ""
    return plain(f"• {' '.join(span)}{ground}")


def _links(registry: Registry, instrument: Instrument, on: date) -> list[Styled]:
    lines = []
    for form, keys in (
        (flow_texts.REPLACES, instrument.replaces),
        (flow_texts.REPLACED_BY, instrument.replaced_by),
        (flow_texts.AMENDS, instrument.amends),
        (flow_texts.AMENDED_BY, instrument.amended_by),
        (flow_texts.SUSPENDED_BY, instrument.suspended_by),
    ):
        if keys:
            named = [_named(registry, key, on) for key in keys]
            lines.append(plain(form.format(numbers=", ".join(named))))
    return lines


def _named(registry: Registry, key: str, on: date) -> str:
    """Its number; with a word where it is suspended, since what it replaced has come back."""
    other = registry.get(key)
    if other is None:
        return key
    rests = bool(other.suspended_by) and registry.standing(other.key, on) is Standing.EARLIER
    return flow_texts.RESTS.format(number=other.number) if rests else other.number


def _linked(instrument: Instrument) -> list[str]:
    keys = (*instrument.replaced_by, *instrument.suspended_by, *instrument.replaces, *instrument.amended_by)
    return list(dict.fromkeys((*keys, *instrument.amends)))


def _changed_parts(house: House, instrument: Instrument) -> list[Styled]:
    """What the office has confirmed about parts of it, or about others by it, with the sentence that says so."""
    registry, lines = _register(house), []
    for one in house.assistant.overlay.proposals("confirmed"):
        for relation in one.proposal.relations:
            other = registry.get(relation.number)
            if other is not None and other.key == instrument.key:
                form = {"amends": flow_texts.PART_BY, "repeals": flow_texts.REPEALED_BY}.get(relation.kind)
                number = one.proposal.number
            elif (mine := registry.get(one.proposal.number)) is not None and mine.key == instrument.key:
                form = {"amends": flow_texts.PART_OF, "repeals": flow_texts.REPEALS}.get(relation.kind)
                number = relation.number
            else:
                continue
            if form:
                said = f": «{relation.sentence[:_QUOTE]}»" if relation.sentence else ""
                lines.append(plain(f"• {form.format(number=number)}{said}"))
    return [marked(flow_texts.OFFICE_HEAD, "bold"), *lines[:_LINKED]] if lines else []


def _held(found: list[Mention], own: bool) -> Styled:
    if not found and not own:
        return plain(flow_texts.HELD_NOTHING)
    named = parts(found)
    lines = [plain(flow_texts.HELD_PARTS.format(parts=named))] if named else []
    lines.append(plain(flow_texts.HELD_OWN if own else flow_texts.HELD_NOT_OWN))
    return join(lines)


def _certainty(house: House, instrument: Instrument) -> Styled:
    said = [flow_texts.CONFIDENCE.get(instrument.confidence, instrument.confidence)]
    if instrument.verified_on:
        said.append(flow_texts.VERIFIED.format(day=short(instrument.verified_on)))
    shipped = house.assistant.shipped.get(instrument.key)
    if shipped is None:
        said.append(flow_texts.FROM_OFFICE)
    elif shipped != instrument:
        said.append(flow_texts.CHANGED_BY_OFFICE)
    return marked("; ".join(said), "italic")


def _readable(house: House, text: str) -> str:
    names = {key: entry.publisher or entry.title for key, entry in house.assistant.catalogue.items()}
    return readable(text, names)


# -- its passages ------------------------------------------------------------------------------------------------------


def _about(house: House, instrument: Instrument, number: str, on: date) -> tuple[Styled, Markup]:
    """The passages about a document; of one with many, its parts to choose from."""
    found = _mentions(house, instrument, on)
    if len(found) <= _FEW:
        return _listed(house, instrument, found, number, (INSTRUMENT, "p", reference(instrument.key)))
    counts = Counter(map(part_of, found))
    order = dict.fromkeys(part_of(mention) for mention in sorted(found, key=lambda one: place_of(one.locator)))
    keys = []
    for part in order:
        label = flow_texts.PART.format(name=show_locator(part) or flow_texts.PART_NONE, count=counts[part])
        keys.append(button(label, INSTRUMENT, "q", reference(instrument.key), part or _WHOLE, 0))
    lines = [marked(flow_texts.ABOUT_HEAD.format(number=instrument.number), "bold"), plain(flow_texts.PART_PICK)]
    return join(lines), [*(keys[n : n + 3] for n in range(0, len(keys), 3)), _back(instrument)]


def _about_part(house: House, instrument: Instrument, part: str, page: str, on: date) -> tuple[Styled, Markup]:
    wanted = "" if part == _WHOLE else part
    found = [mention for mention in _mentions(house, instrument, on) if part_of(mention) == wanted]
    text, markup = _listed(house, instrument, found, page, (INSTRUMENT, "q", reference(instrument.key), part[:8]))
    others = button(flow_texts.PARTS_BACK, INSTRUMENT, "p", reference(instrument.key), 0)
    return text, [*markup[:-1], [others, *markup[-1]]]


def _mentions(house: House, instrument: Instrument, on: date) -> list[Mention]:
    return mentions(instrument.key, house.assistant.index.snapshot, house.assistant.knowledge.validity, on)


def _listed(house: House, instrument: Instrument, found: list[Mention], page: str, turn: Data) -> tuple[Styled, Markup]:
    passages = {p.id: p for p in house.assistant.store.passages([mention.passage_id for mention in found])}
    entries: list[Entry] = []
    for mention in found:
        if (passage := passages.get(mention.passage_id)) is None:
            continue
        place = show_locator(mention.locator)
        heading = passage.breadcrumb[-1] if passage.breadcrumb else passage.title
        held = mention.standing in (Standing.IN_FORCE, Standing.UNKNOWN)
        title = ("" if held else flow_texts.NOT_ANY_MORE) + (f"{place}: {heading}" if place else heading)
        entries.append(Entry(title, (PASSAGE, passage.id, came_from(*turn, len(entries) // SIZE))))
    head = [marked(flow_texts.ABOUT_HEAD.format(number=instrument.number), "bold")]
    text, markup = listing(head, entries, page, turn)
    return text, [*markup, _back(instrument)]


def _own_text(house: House, instrument: Instrument, number: str) -> tuple[Styled, Markup]:
    turn: Data = (INSTRUMENT, "o", reference(instrument.key))
    entries: list[Entry] = []
    for document in own_documents(instrument.key, house.assistant.index.snapshot):
        for passage in house.assistant.store.of_document(document):
            back = came_from(*turn, len(entries) // SIZE)
            entries.append(Entry(passage.title or passage.place, (PASSAGE, passage.id, back)))
    head = [marked(flow_texts.OWN_HEAD.format(number=instrument.number), "bold")]
    text, markup = listing(head, entries, number, turn)
    return text, [*markup, _back(instrument)]


def _back(instrument: Instrument) -> list[dict[str, str]]:
    return [button(f"◀️ {instrument.number}", INSTRUMENT, "i", reference(instrument.key))]
