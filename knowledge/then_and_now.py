"""What a passage tells of the time that a question asks about, and what of today, for the composer.

A page on today's rules may tell in some lines of the rules before (`Source.past`); a page on an earlier rule says so by
its windows.
"""

from __future__ import annotations

import re
from datetime import date

from knowledge.dates import show, stretches_in, told_time
from knowledge.question import QuestionReading
from knowledge.text import fold
from knowledge.types import Hit, Interval, Period, Standing

NOT_THEN = "Sổ tay chưa thấy đoạn nói riêng về lúc đó. Quy định hiện hành (từ {since}):"
# How a passage begins that tells of years gone by.
_TELLS_OF_THEN = re.compile(
    r"(?:Trước đây|(?:Khoảng |Đến )?(?:(?:đầu|giữa|cuối|hết) )?(?:năm )?20(?:[01]\d|2[0-5]))\b", re.I
)
_OPENING = 40  # characters
_BEFORE = re.compile(r"\btrước (?:đây|đó|kia|(?:ngày )?\d{1,2}/(?:\d{1,2}/)?20\d\d)", re.I)
_NUMBER = re.compile(r"\d+/20\d\d/\S+")  # of an instrument


def tells_of_then(hit: Hit, on: date) -> bool:
    """Whether a passage begins with what was, or says in its heading that it is about a time gone by."""
    told, _ = told_time(hit.passage.heading, on)
    return _TELLS_OF_THEN.match(hit.passage.lines[0]) is not None or (told is not None and told.end < on)


def begins_in(hit: Hit, period: Period | None) -> bool:
    """Whether a passage begins with a day, month or year that lies in the period: "Tính đến tháng 6/2025, …"."""
    opening = fold(hit.passage.lines[0])[:_OPENING]
    named = stretches_in(opening) if period else []
    return any(period.start <= first and last <= period.end for first, last, *_ in named if period)


def of_the_past(reading: QuestionReading, on: date) -> bool:
    """Whether a question asks how things were in a time gone by."""
    time = reading.time
    return time.previous or (time.period is not None and time.period.end < on and not time.event)


def begun_later(hit: Hit, reading: QuestionReading) -> date | None:
    """Since when the rule of a passage has held that tells nothing of the time asked about; None where it does, or held
    then."""
    period = reading.time.period
    if period is None or reading.time.event or hit.standing is not Standing.IN_FORCE or not hit.windows:
        return None
    late = hit.windows[0].start > period.end
    return hit.windows[0].start if late and not speaks_of_then(hit, reading) else None


def held_then(hit: Hit, reading: QuestionReading) -> bool:
    """Whether the rule of a passage held in the time asked about, as it does today."""
    period = reading.time.period
    return period is not None and any(window.overlaps(Interval(period.start, period.end)) for window in hit.windows)


def speaks_of_then(hit: Hit, reading: QuestionReading) -> bool:
    """Whether a passage on today's rules says something of the time asked about, or of before."""
    words, period = _NUMBER.sub("", f"{hit.passage.heading}\n{hit.passage.text}"), reading.time.period
    named = period is not None and str(period.start.year) in words
    return named or any(source.past for source in hit.passage.sources) or _BEFORE.search(words) is not None


def of_another_time(hit: Hit, reading: QuestionReading) -> bool:
    """Whether a question asks how things were then, and the passage tells how they are now."""
    time = reading.time
    if time.period is None or time.now or time.event or hit.standing is Standing.EARLIER:
        return False
    return not any(time.period.words in fold(way) for way in hit.passage.ways)


def line_of_then(hit: Hit, reading: QuestionReading) -> int | None:
    """The one line of a passage on today's rules that tells of the period asked about and of no other; None where none
    or several do."""
    period = reading.time.period
    if period is None or reading.time.now or reading.time.event or hit.standing is Standing.EARLIER:
        return None
    span = Interval(period.start, period.end)
    others = {line for line, interval in hit.past if not interval.overlaps(span)}
    lines = {line for line, _ in hit.past} - others
    return lines.pop() if len(lines) == 1 else None


def tells_both(hit: Hit, reading: QuestionReading, on: date) -> bool:
    """Whether a current passage itself tells what held then, or before, and what holds now; not one that says in its
    heading that it is about another time than the one asked about."""
    sources, period = hit.passage.sources, reading.time.period
    told, _ = told_time(hit.passage.heading, on)
    if period and told and (told.end < period.start or period.end < told.start):
        return False
    if not any(s.past for s in sources) or all(s.past for s in sources):
        return False
    if not {ref.key for ref in reading.references.found if ref.key} <= {source.key for source in sources}:
        return False
    if period is None or not hit.past:
        return True
    return any(interval.overlaps(Interval(period.start, period.end)) for _, interval in hit.past)


def about_that_time(then: Hit, now: Hit, period: Period | None, on: date) -> bool:
    """Whether an earlier passage says in its heading that it is about the time asked about or a part of it, and one on
    today's rules names no time there."""
    (told, _), (other, _) = told_time(then.passage.heading, on), told_time(now.passage.heading, on)
    return bool(period and told and other is None and period.start <= told.start and told.end <= period.end)


def names_year(hit: Hit, period: Period | None) -> bool:
    """Whether a passage is about the very year that was asked for."""
    return period is not None and period.start.year == period.end.year and str(period.start.year) in hit.passage.heading


def window_label(hit: Hit, period: Period | None) -> str:
    """ "Từ 24/02/2023 đến 05/7/2025 (148/QĐ-TTg):" – dates from the register, labelled as the rule's own period."""
    windows = [
        w for w in hit.windows if period is None or (w.start <= period.end and (w.end or w.start) >= period.start)
    ]
    window = windows[-1] if windows else None
    if window is None:
        return "Trước đây:"
    until = f" đến {show(window.end)}" if window.end else ""
    return f"Quy định áp dụng từ {show(window.start)}{until}:"
