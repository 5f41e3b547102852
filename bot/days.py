"""Days as people type and read them."""

from __future__ import annotations

import re
from calendar import monthcalendar
from datetime import date, timedelta

from bot import flow_texts
from bot.command import fold
from bot.handling import Markup
from bot.press import button

FIRST, LAST = date(2008, 1, 1), date(2060, 12, 31)
_DAY = re.compile(
    r"(?<![\d/.-])(?:(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"
    r"|(?P<d2>\d{1,2})[-/.](?P<m2>\d{1,2})(?:[-/.](?P<y2>\d{4}))?)(?![\d/.-]*\d)"
)
_WORDS = {"hom nay": 0, "nay": 0, "hom qua": 1, "qua": 1, "hom kia": 2, "mai": -1, "ngay mai": -1}


def read_day(text: str, today: date) -> date | None:
    """The day that a text names: 2026-05-22, 22/5/2026, 22/5 (of this year), hôm nay; None where it names none."""
    words = " ".join(fold(text).split())
    if words in _WORDS:
        return today - timedelta(days=_WORDS[words])
    match = _DAY.search(text)
    if match is None:
        return None
    year = int(match["y"] or match["y2"] or today.year)
    try:
        day = date(year, int(match["m"] or match["m2"]), int(match["d"] or match["d2"]))
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None


def from_data(text: str) -> date | None:
    """A day out of a button's data (20260522); None where it is forged."""
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{8}", text) else None
    except ValueError:
        return None
    return day if day and FIRST <= day <= LAST else None


def to_data(day: date) -> str:
    """A day for a button's data."""
    return f"{day:%Y%m%d}"


def short(day: date) -> str:
    """`22/05/2026`."""
    return f"{day:%d/%m/%Y}"


def long(day: date) -> str:
    """`thứ Sáu 22/05/2026`."""
    return f"{flow_texts.WEEKDAYS[day.weekday()]} {short(day)}"


def month_of(text: str, today: date) -> tuple[int, int]:
    """Year and month out of a button's data (202605); this month where it is forged."""
    day = from_data(f"{text}01")
    return (day.year, day.month) if day else (today.year, today.month)


def month_page(year: int, month: int, turn: tuple[str, ...], pick: tuple[str, ...]) -> Markup:
    """A month to choose a day from: `turn` and `pick` are the data before the month and the day."""

    def other(months: int) -> str:
        ahead = year * 12 + month - 1 + months
        return f"{ahead // 12:04}{ahead % 12 + 1:02}"

    nothing = button("·", *turn, other(0))
    head = [
        button("⏪", *turn, other(-12)), button("◀️", *turn, other(-1)), button(f"{month:02}/{year}", *turn, other(0)),
        button("▶️", *turn, other(1)), button("⏩", *turn, other(12)),
    ]  # fmt: skip
    rows: Markup = [head, [button(name, *turn, other(0)) for name in flow_texts.WEEKDAYS_SHORT]]
    for week in monthcalendar(year, month):
        days = [button(str(d), *pick, f"{year:04}{month:02}{d:02}") if d else nothing for d in week]
        rows.append(days)
    return rows
