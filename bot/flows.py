"""What the officers' flows share: their data, opened once, and how a rule's standing and a ground are drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine
from telegram import Update

from bot import flow_texts
from bot.ask import talk_of
from bot.days import short
from bot.handling import Context, Markup
from bot.press import TOPIC, button
from bot.sheets import Sheets
from bot.styled import Styled, join, marked, plain
from knowledge.deadlines import Step, load_steps
from knowledge.grounds import Judged, judge
from knowledge.procedures import Procedure, load_procedures
from knowledge.registry import Registry
from knowledge.types import Standing
from knowledge.working_days import WorkingDays

_HEADS = {
    Standing.IN_FORCE: flow_texts.IN_FORCE,
    Standing.EARLIER: flow_texts.EARLIER,
    Standing.LATER: flow_texts.LATER,
    Standing.UNKNOWN: flow_texts.UNKNOWN,
}
_MARKS = {
    Standing.IN_FORCE: "",
    Standing.EARLIER: flow_texts.NOT_ANY_MORE,
    Standing.LATER: flow_texts.NOT_YET,
    Standing.UNKNOWN: flow_texts.NOT_KNOWN,
}


@dataclass(frozen=True)
class Flows:
    """The shipped procedures and time limits, the calendar of working days, and the checklists that chats keep."""

    procedures: dict[str, Procedure]
    steps: dict[str, Step]
    calendar: WorkingDays
    sheets: Sheets


def open_flows(engine: Engine) -> Flows:
    """Everything that the flows read from data, and what chats keep; BadInput where a data file is wrong."""
    procedures = {procedure.key: procedure for procedure in load_procedures()}
    return Flows(procedures, {step.key: step for step in load_steps()}, WorkingDays.load(), Sheets(engine))


async def day_asked(update: Update, context: Context) -> date:
    """The day by which rules are judged: the one that the chat has set with /ngay, else today."""
    talk = await talk_of(update, context)
    return talk.as_of or context.house.settings.current_day()


def standing_line(registry: Registry | None, key: str, on: date) -> Styled:
    """One line or two: whether a rule holds on a day, since when and until when, and what holds in its place."""
    judged = judge(registry, key, on)
    if judged is None:
        return plain(flow_texts.RULE_UNKNOWN.format(key=key))
    rests = judged.standing is Standing.EARLIER and bool(judged.instrument.suspended_by)
    form = flow_texts.SUSPENDED if rests else _HEADS[judged.standing]
    head = form.format(day=short(on), number=judged.instrument.number)
    about = [*span(judged), *certainty(judged)]
    lines = [plain(f"{head} ({', '.join(about)})" if about else head)]
    if judged.successor is not None:
        lines.append(marked(flow_texts.NOW_INSTEAD.format(number=judged.successor.number), "bold"))
    return join(lines)


def mark(registry: Registry | None, key: str, on: date) -> str:
    """A sign before the name of what rests on a rule that does not hold on the day; empty where it holds."""
    judged = judge(registry, key, on)
    return "" if judged is None else _MARKS[judged.standing]


def span(judged: Judged) -> list[str]:
    """Since when and until when, in words."""
    interval = judged.interval
    if interval is None:
        return []
    said = [flow_texts.SINCE.format(start=short(interval.start))] if interval.start > date.min else []
    return said + ([flow_texts.UNTIL.format(end=short(interval.end))] if interval.end else [])


def certainty(judged: Judged) -> list[str]:
    """A mark where the validity does not rest on two sources."""
    mark = flow_texts.CERTAINTY.get(judged.instrument.confidence)
    return [mark] if mark else []


def notes(lines: Iterable[str]) -> list[Styled]:
    """Notes under their heading; nothing where there are none."""
    told = [plain(f"• {line}") for line in dict.fromkeys(lines) if line]
    return [join([marked(flow_texts.NOTES_HEAD, "bold"), *told])] if told else []


def handbook_button(page: str) -> Markup:
    """A row that opens a page of the handbook below, by its path in it; none where there is none."""
    return [[button(flow_texts.HANDBOOK_PAGE, TOPIC, "n", reference(f"handbook/{page}"), 0)]] if page else []


def reference(name: str) -> str:
    """A short name for something that a button opens; found again by comparing, so it needs no table."""
    return hashlib.sha256(name.encode()).hexdigest()[:10]
