"""`/hoso`: a procedure and a situation give the dossier checklist; items are ticked off by buttons and printed."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from telegram import Update

from bot import flow_texts
from bot.command import fold
from bot.days import short
from bot.flows import Flows, day_asked, handbook_button, mark, notes, standing_line
from bot.handling import Context, House, Markup
from bot.listing import Entry, listing
from bot.outbox import Outgoing
from bot.press import DOSSIER, button, message_id_of
from bot.sheets import Sheet, sheet_id
from bot.styled import Styled, clean, join, marked, plain
from knowledge.grounds import show_grounds
from knowledge.procedures import Case, Checklist, Item, Line, Procedure
from knowledge.registry import Registry

_ITEMS, _ROW = 12, 4  # at most so many on one screen, and so many of their buttons in one row
_NAME = 80


async def on_dossier(update: Update, context: Context) -> None:
    """`/hoso`, or with the dossier's name: offer the procedures and what the chat has begun."""
    name = " ".join(clean(context.rest).split())[:_NAME]
    sheet = Sheet(sheet_id(context.handling.update_id), context.handling.chat_id, name)
    if name:
        context.then(partial(context.house.flows.sheets.begin, sheet=sheet))
    text, markup = await _front(update, context, sheet)
    context.say(text, markup=markup)


async def on_dossier_press(update: Update, context: Context) -> None:
    """What a button of the flow does, by its first id; every screen takes the place of the last."""
    args = [*(context.args or []), "", "", "", "", ""]
    shown = await _acts(update, context, args[0], args[1:])
    if shown is None:
        await context.toast(flow_texts.SHEET_GONE)
        return
    await context.toast()
    text, markup = shown
    if text.text:
        context.say(text, markup=markup, edit=message_id_of(update))


async def _acts(update: Update, context: Context, act: str, rest: list[str]) -> tuple[Styled, Markup] | None:
    house, chat = context.house, context.handling.chat_id
    if act == "l":
        return await _front(update, context, Sheet(sheet_id(context.handling.update_id), chat))
    if act == "m":
        return await house.offload.db(_mine, house, chat, rest[0])
    if act in ("p", "c"):
        return await _choose(update, context, rest[0], rest[1], rest[2])
    sheet = await house.offload.db(house.flows.sheets.get, rest[0], chat)
    found = _found(house.flows, sheet)
    if sheet is None or found is None:
        return None
    on = await day_asked(update, context)
    if act == "d":
        _print(context, sheet, *found, on)
        return Styled(""), []
    if act == "x" and rest[1] != "1":
        return _ask_removal(sheet, *found)
    if act == "x":
        context.then(partial(house.flows.sheets.remove, sheet=sheet))
        return plain(flow_texts.SHEET_REMOVED), [[button(flow_texts.PROCEDURES_BACK, DOSSIER, "l")]]
    if act == "z":
        context.then(partial(house.flows.sheets.clear, sheet=sheet))
        sheet = replace(sheet, had=frozenset())
    if act == "t":
        item, had = rest[1], rest[2] == "1"
        if item not in {one.key for one in found[1].items}:
            return None
        context.then(partial(house.flows.sheets.tick, sheet=sheet, item=item, had=had))
        sheet = replace(sheet, had=sheet.had | {item} if had else sheet.had - {item})
    page = {"t": rest[3], "o": rest[1]}.get(act, "0")
    return _checklist(house, sheet, *found, on, page)


async def _choose(
    update: Update, context: Context, number: str, procedure_key: str, case_key: str
) -> tuple[Styled, Markup] | None:
    """A procedure, then a situation; the latter begins the sheet, or changes one that is begun."""
    house, chat = context.house, context.handling.chat_id
    procedure = house.flows.procedures.get(procedure_key)
    if procedure is None or not (number.isascii() and number.isalnum()) or len(number) > 16:
        return None
    kept = await house.offload.db(house.flows.sheets.get, number, chat)
    case = procedure.case(case_key) or (procedure.cases[0] if len(procedure.cases) == 1 else None)
    on = await day_asked(update, context)
    if case is None:
        return _cases(house, procedure, number, on)
    same = kept is not None and kept.procedure in ("", procedure.key)
    sheet = replace(kept or Sheet(number, chat), procedure=procedure.key, case=case.key)
    if kept is not None and not same:
        sheet = replace(sheet, had=frozenset())
        context.then(partial(house.flows.sheets.clear, sheet=sheet))
    context.then(partial(house.flows.sheets.begin, sheet=sheet))
    return _checklist(house, sheet, procedure, case, on, "0")


# -- screens -----------------------------------------------------------------------------------------------------------


async def _front(update: Update, context: Context, sheet: Sheet) -> tuple[Styled, Markup]:
    """Procedures that hold on the day first, the others with their mark; sheets begun before."""
    house, on = context.house, await day_asked(update, context)
    registry, procedures = house.assistant.registry, house.flows.procedures.values()
    marks = {one.key: mark(registry, one.rule, on) for one in procedures}
    markup: Markup = [
        [button(marks[one.key] + one.name, DOSSIER, "p", sheet.id, one.key)]
        for one in sorted(procedures, key=lambda one: bool(marks[one.key]))
    ]
    begun = await house.offload.db(house.flows.sheets.of_chat, sheet.chat_id)
    if begun:
        markup.append([button(flow_texts.SHEETS_BEGUN.format(count=len(begun)), DOSSIER, "m", 0)])
    lines = [marked(flow_texts.DOSSIER_HEAD, "bold")]
    lines += [plain(flow_texts.DOSSIER_NAME.format(name=sheet.name))] if sheet.name else []
    lines.append(plain(flow_texts.DOSSIER_PICK))
    lines += [] if sheet.name else [marked(flow_texts.DOSSIER_TYPED, "italic")]
    return join(lines), markup


def _cases(house: House, procedure: Procedure, number: str, on: date) -> tuple[Styled, Markup]:
    blocks = [marked(procedure.title, "bold"), standing_line(house.assistant.registry, procedure.rule, on)]
    markup: Markup = [[button(case.name, DOSSIER, "c", number, procedure.key, case.key)] for case in procedure.cases]
    markup.append([button(flow_texts.PROCEDURES_BACK, DOSSIER, "l")])
    return join([*blocks, plain(flow_texts.CASE_PICK)], "\n\n"), markup


def _mine(house: House, chat_id: int, page: str) -> tuple[Styled, Markup]:
    """What the chat has begun."""
    entries = []
    for sheet in house.flows.sheets.of_chat(chat_id):
        if found := _found(house.flows, sheet):
            procedure, case = found
            title = f"{procedure.name} – {case.name}"
            told = flow_texts.HAD.format(had=_had(sheet, case), count=len(case.items))
            entries.append(Entry(f"{sheet.name + ': ' if sheet.name else ''}{title}. {told}", (DOSSIER, "o", sheet.id)))
    head = [marked(flow_texts.SHEETS_HEAD, "bold")]
    text, markup = listing(head, entries, page, (DOSSIER, "m"))
    return text, [*markup, [button(flow_texts.PROCEDURES_BACK, DOSSIER, "l")]]


def _checklist(
    house: House, sheet: Sheet, procedure: Procedure, case: Case, on: date, page: str
) -> tuple[Styled, Markup]:
    registry = house.assistant.registry
    head = [marked(procedure.title, "bold"), marked(case.name, "bold")]
    head += [plain(flow_texts.DOSSIER_NAME.format(name=sheet.name))] if sheet.name else []
    grounds = show_grounds(case.grounds, registry)
    head.append(marked(grounds, "italic"))
    blocks = [join(head), standing_line(registry, procedure.rule, on)]
    back = [button(flow_texts.PROCEDURES_BACK, DOSSIER, "l")]
    if len(procedure.cases) > 1:
        back.insert(0, button(flow_texts.CASES_BACK, DOSSIER, "p", sheet.id, procedure.key))
    told = notes([case.note, procedure.note])
    if not case.items:
        return join([*blocks, *told], "\n\n"), [*handbook_button(procedure.page), back]
    pages = -(-len(case.items) // _ITEMS)
    size = -(-len(case.items) // pages)
    shown = min(int(page), pages - 1) if page.isascii() and page.isdigit() and len(page) < 3 else 0
    had = marked(flow_texts.HAD.format(had=_had(sheet, case), count=len(case.items)), "bold")
    items = list(enumerate(case.items, 1))[shown * size : (shown + 1) * size]
    blocks.append(join([had, *(_item(sheet, n, item, procedure, registry) for n, item in items)]))
    ticks = [_tick(sheet, n, item, shown) for n, item in items]
    rows: Markup = [ticks[n : n + _ROW] for n in range(0, len(ticks), _ROW)]
    if pages > 1:
        rows.append(
            [
                button(("● " if n == shown else "") + flow_texts.ITEMS.format(first=n * size + 1,
                       last=min((n + 1) * size, len(case.items))), DOSSIER, "o", sheet.id, n)
                for n in range(pages)
            ]
        )  # fmt: skip
    rows.append([button(flow_texts.PRINT, DOSSIER, "d", sheet.id)])
    rows += handbook_button(procedure.page)
    rows.append([button(flow_texts.CLEAR, DOSSIER, "z", sheet.id), button(flow_texts.REMOVE, DOSSIER, "x", sheet.id)])
    return join([*blocks, *told], "\n\n"), [*rows, back]


def _item(sheet: Sheet, number: int, item: Item, procedure: Procedure, registry: Registry | None) -> Styled:
    box = flow_texts.TICKED if item.key in sheet.had else flow_texts.UNTICKED
    return join(
        [plain(f"{box} {number}. {_text(item)}"), plain("   ") + marked(_ground(item, procedure, registry), "italic")]
    )


def _tick(sheet: Sheet, number: int, item: Item, page: int) -> dict[str, Any]:
    """The button says what there is and does the opposite; it sets a state, so pressing it twice does no harm."""
    had = item.key in sheet.had
    box = flow_texts.TICKED if had else flow_texts.UNTICKED
    return button(f"{box} {number}", DOSSIER, "t", sheet.id, item.key, 0 if had else 1, page)


def _ask_removal(sheet: Sheet, procedure: Procedure, case: Case) -> tuple[Styled, Markup]:
    title = f"{sheet.name + ': ' if sheet.name else ''}{procedure.name} – {case.name}"
    yes = button(flow_texts.REMOVE_YES, DOSSIER, "x", sheet.id, 1)
    return plain(flow_texts.REMOVE_ASK.format(title=title)), [[yes, button(flow_texts.BACK, DOSSIER, "o", sheet.id)]]


# -- paper -------------------------------------------------------------------------------------------------------------


def _print(context: Context, sheet: Sheet, procedure: Procedure, case: Case, on: date) -> None:
    """Put the checklist on the way as a Word document; it leaves by the outbox like any message."""
    from ingest.checklist import write_checklist  # python-docx takes a moment, and most chats never print

    house = context.house
    registry = house.assistant.registry
    today = house.settings.current_day()
    standing = standing_line(registry, procedure.rule, on).text.split("\n")
    grounds = show_grounds(case.grounds, registry)
    checklist = Checklist(
        title=procedure.title,
        case=case.name,
        subject=sheet.name,
        made_on=today,
        standing=(flow_texts.GROUNDS.format(grounds=grounds), *(line.lstrip("✅🕘🕒❔ ") for line in standing)),
        lines=tuple(
            Line(_text(i), _ground(i, procedure, registry, whole=True), i.key in sheet.had) for i in case.items
        ),
        notes=tuple(note for note in (case.note, procedure.note) if note),
    )
    caption = flow_texts.PRINTED.format(
        title=f"{procedure.name} – {case.name}", had=_had(sheet, case), count=len(case.items), day=short(today)
    )
    payload: dict[str, Any] = {
        "name": _file_name(sheet, procedure, case, today),
        "data": base64.b64encode(write_checklist(checklist)).decode(),
        "text": f"{sheet.name}: {caption}" if sheet.name else caption,
    }
    if context.handling.thread_id:
        payload["thread"] = context.handling.thread_id
    context.handling.outgoing.append(Outgoing(context.handling.chat_id, "document", payload))


def _file_name(sheet: Sheet, procedure: Procedure, case: Case, today: date) -> str:
    words = (
        "".join(c if c.isalnum() and c.isascii() else "-" for c in fold(sheet.name)) or f"{procedure.key}-{case.key}"
    )
    return f"ho-so-{'-'.join(filter(None, words.split('-')))[:40]}-{today:%Y-%m-%d}.docx"


# -- what there is -----------------------------------------------------------------------------------------------------


def _found(flows: Flows, sheet: Sheet | None) -> tuple[Procedure, Case] | None:
    procedure = flows.procedures.get(sheet.procedure) if sheet else None
    case = procedure.case(sheet.case) if procedure and sheet else None
    return (procedure, case) if procedure and case else None


def _had(sheet: Sheet, case: Case) -> int:
    return sum(item.key in sheet.had for item in case.items)


def _text(item: Item) -> str:
    return f"{item.text} ({flow_texts.CONDITION.format(condition=item.condition)})" if item.condition else item.text


def _ground(item: Item, procedure: Procedure, registry: Registry | None, *, whole: bool = False) -> str:
    """The legal grounds of an item; the number is left out on a screen whose head names it."""
    return show_grounds(item.grounds, registry, short="" if whole else procedure.rule)
