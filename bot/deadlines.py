"""`/thoihan`: a step of a procedure and a starting day give due dates, each with the rule behind it."""

from __future__ import annotations

from datetime import date, timedelta

from telegram import Update

from bot import flow_texts, texts
from bot.days import from_data, long, month_of, month_page, read_day, short, to_data
from bot.flows import Flows, day_asked, handbook_button, notes, standing_line
from bot.handling import Context, Markup
from bot.press import DEADLINE, button, message_id_of
from bot.styled import Styled, join, marked, plain
from knowledge.deadlines import Due, Step, cautions, due_dates
from knowledge.grounds import judge, show_grounds
from knowledge.registry import Registry
from knowledge.types import Standing
from knowledge.working_days import WorkingDays


async def on_deadlines(update: Update, context: Context) -> None:
    """`/thoihan`, or with a starting day: offer the steps."""
    words, today = context.rest, context.house.settings.current_day()
    start = read_day(words, today) if words else None
    if words and start is None:
        context.say(flow_texts.DEADLINE_UNREAD.format(words=words[:40]))
        return
    text, markup = _steps(context.house.flows, start)
    context.say(text, markup=markup)


async def on_deadline_press(update: Update, context: Context) -> None:
    """The list of steps (`l`), a month to choose from (`m`), a step with or without its starting day (`s`)."""
    view, key, day, *_ = [*(context.args or []), "", "", ""]
    house, edit = context.house, message_id_of(update)
    today, step = house.settings.current_day(), house.flows.steps.get(key)
    if view != "l" and step is None:
        await context.toast(flow_texts.OUTDATED if view in ("s", "m") else texts.GONE)
        return
    await context.toast()
    start = from_data(day)
    if step is None:
        text, markup = _steps(house.flows, start)
    elif view == "m":
        text, markup = _ask_day(step), _month(step, day, today)
    elif start is None:
        text, markup = _ask_day(step), _some_days(step, today)
    else:
        on = await day_asked(update, context)
        text = reckoning(step, start, on, house.flows.calendar, house.assistant.registry)
        row = [
            button(flow_texts.OTHER_DAY, DEADLINE, "m", key, f"{start:%Y%m}"),
            button(flow_texts.OTHER_STEP, DEADLINE, "l", "", to_data(start)),
        ]
        markup = [*handbook_button(step.page), row]
    context.say(text, markup=markup, edit=edit)


# -- screens -----------------------------------------------------------------------------------------------------------


def _steps(flows: Flows, start: date | None) -> tuple[Styled, Markup]:
    ask = flow_texts.DEADLINE_PICK_FROM.format(day=long(start)) if start else flow_texts.DEADLINE_PICK
    lines = [marked(flow_texts.DEADLINE_HEAD, "bold"), plain(ask)]
    if start is None:
        lines.append(marked(flow_texts.DEADLINE_TYPED, "italic"))
    data = (to_data(start),) if start else ()
    return join(lines), [[button(step.name, DEADLINE, "s", step.key, *data)] for step in flows.steps.values()]


def _ask_day(step: Step) -> Styled:
    return join([marked(step.name, "bold"), plain(flow_texts.DEADLINE_DAY.format(start=step.start))])


def _some_days(step: Step, today: date) -> Markup:
    def pick(label: str, back: int) -> dict[str, str]:
        day = today - timedelta(days=back)
        return button(label.format(day=f"{day:%d/%m}"), DEADLINE, "s", step.key, to_data(day))

    return [
        [pick(flow_texts.TODAY, 0), pick(flow_texts.YESTERDAY, 1)],
        [pick("{day}", back) for back in (2, 3, 4, 5)],
        [button(flow_texts.CALENDAR, DEADLINE, "m", step.key, f"{today:%Y%m}")],
        [button(flow_texts.OTHER_STEP, DEADLINE, "l")],
    ]


def _month(step: Step, month: str, today: date) -> Markup:
    page = month_page(*month_of(month, today), (DEADLINE, "m", step.key), (DEADLINE, "s", step.key))
    return [*page, [button(flow_texts.BACK, DEADLINE, "s", step.key)]]


def reckoning(step: Step, start: date, on: date, calendar: WorkingDays, registry: Registry | None) -> Styled:
    """The due dates of a step with their rules, how they were counted, and what to mind."""
    dues = due_dates(step, start, calendar)
    head = [marked(step.name, "bold"), plain(flow_texts.DEADLINE_FROM.format(start=step.start, day=long(start)))]
    blocks = [join(head), standing_line(registry, step.rule, on)]
    outside = _outside_of_rule(step, start, registry)
    if outside and outside != step.before:
        return join([*blocks, *notes([outside])], "\n\n")
    blocks += [_due(due, start, calendar, registry) for due in dues]
    blocks += notes([outside, *cautions(dues, calendar)])
    if any(due.day for due in dues):
        blocks.append(marked(_how(dues, calendar), "italic"))
    return join(blocks, "\n\n")


def _due(due: Due, start: date, calendar: WorkingDays, registry: Registry | None) -> Styled:
    limit = due.limit
    grounds = show_grounds(limit.grounds, registry)
    lines: list[Styled] = []
    if due.day is None:
        lines.append(Styled("❔ ") + marked(limit.what, "bold"))
    else:
        day = flow_texts.BEFORE_DAY.format(day=short(due.day)) if limit.kind == "rounds" else long(due.day)
        lines.append(Styled("📅 ") + marked(day, "bold") + plain(f" – {limit.what}"))
        if due.then:
            lines.append(plain("   " + flow_texts.ROUND_THEN.format(then=limit.then, day=short(due.then))))
        if due.sooner:
            lines.append(plain("   " + flow_texts.ROUND_SOONER.format(day=short(due.sooner))))
        if counted := _counted(due, start):
            lines.append(plain("   " + counted))
        if limit.kind in ("days", "months") and not calendar.is_working(due.day):
            why = calendar.name(due.day) or flow_texts.WEEKEND
            lines.append(plain("   " + flow_texts.RESTING.format(why=why)))
    if grounds:
        lines.append(plain("   ") + marked(grounds, "italic"))
    if limit.note:
        lines.append(plain("   " + limit.note))
    return join(lines)


def _counted(due: Due, start: date) -> str:
    """How a limit was counted, in words."""
    limit, since = due.limit, due.start or start
    if limit.kind == "days" and limit.number < 0:
        return flow_texts.DAYS_BEFORE.format(number=-limit.number, day=short(since))
    if limit.kind in ("days", "months"):
        form = flow_texts.DAYS if limit.kind == "days" else flow_texts.MONTHS
        return flow_texts.COUNTED_FROM.format(span=form.format(number=limit.number), day=short(since))
    if due.count is None:
        return ""
    count = due.count
    said = [flow_texts.WORKING_DAYS.format(number=count.days), flow_texts.NOT_COUNTED]
    if count.off:
        days = ", ".join(f"{day:%d/%m} ({name})" for day, name in count.off)
        said[-1] += " " + flow_texts.NOT_COUNTED_TOO.format(days=days)
    if count.worked:
        said.append(flow_texts.COUNTED_TOO.format(days=", ".join(f"{day:%d/%m}" for day in count.worked)))
    return "; ".join(said)


def _outside_of_rule(step: Step, start: date, registry: Registry | None) -> str:
    """What to know of a starting day outside of the rule's time: nothing follows from the rule for it, unless the step
    says otherwise of a day before; empty for a day within."""
    judged = judge(registry, step.rule, start)
    if judged is None or judged.standing in (Standing.IN_FORCE, Standing.UNKNOWN):
        return ""
    later = judged.standing is Standing.LATER
    if later and step.before:
        return step.before
    form = flow_texts.BEFORE_RULE if later else flow_texts.AFTER_RULE
    return form.format(day=short(start), number=judged.instrument.number)


def _how(dues: list[Due], calendar: WorkingDays) -> str:
    said = [flow_texts.HOW_COUNTED] if any(due.limit.kind in ("working days", "days") for due in dues) else []
    if any(due.count and not due.count.provisional for due in dues):
        said.append(flow_texts.HOW_WORKING.format(first=calendar.known[0], last=calendar.known[-1]))
    return " ".join(said)
