"""What follows from a day that a question names: the due dates of a procedure ("giấy hết hạn 10/4/2027 thì nộp từ ngày
nào"); and whether an instrument held then ("ngày 1/7/2026 còn dùng QĐ 148 không") or, with no day named, holds now.

No passage says these, so they are said in Sổ tay's own name, ahead of the passages with the rule they follow from. The
time limits are those of `deadlines.py`, the days of an instrument those of the register.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from knowledge.compose import Statement
from knowledge.dates import TimeReading, asks_how_today_stands, show, stretches_in
from knowledge.deadlines import Due, Step, cautions, due_dates
from knowledge.grounds import judge
from knowledge.question import QuestionReading, asks_standing
from knowledge.references import Reference
from knowledge.registry import ONE_SOURCE, UNVERIFIED, Registry
from knowledge.retrieve import Found
from knowledge.succession import succession
from knowledge.text import fold
from knowledge.types import Hit, Instrument, Interval, Period, Standing
from knowledge.working_days import WorkingDays

# What may stand between "nộp", "hết hạn" … and the day after it, and between a day and the verb after it.
_BETWEEN = (
    "ngay vao tu la ke den luc xong cho o tai len ve xa phuong ubnd uy ban nhan dan ho so ocop du lan dau hop le gui "
    "hoi hom nay dung sang chieu giay gcn chung nhan bang"
)
_FILLED = rf"(?: (?:{_BETWEEN.replace(' ', '|')}))*"
_WHO = r"(?: (?:thi|la|se|toi|em|minh|anh|chi|htx|hop tac xa|chung toi|chung em|chu the|don vi|co so|da|moi))*"
# Other papers than OCOP's dossiers and certificates; their days follow other rules.
_OTHER_PAPERS = re.compile(
    r"\b(?:nhan hieu|ma vach|ma so|giay phep|dang ky kinh doanh|giay kinh doanh|hop dong|bao cao|hang hoa|lo hang|"
    r"phieu|phan tich|cong bo|vung trong|vay (?:von|tien)|khoan vay|von|phat|iso|haccp|vietgap|globalgap|halal|"
    r"an toan thuc pham|attp|fda|"
    r"huu co|kiem nghiem|xet nghiem|kiem dinh|ho chieu|bang lai|lai xe|dang kiem|van bang|ntm|nong thon moi|"
    r"han su dung|hsd|date)\b"
)

# Folded words of a question of how things stand today: what it asks first.
_OF_TODAY = re.compile(
    r"\b(?:kip|tre|muon (?:chua|roi)|duoc chua|dc chua|hom nay|bua nay|bay gio|gio (?:nay )?(?:nop|da|co))\b"
)
# Folded words by which a paper is a certificate and OCOP's, and by which its extension is asked for.
_CERTIFICATE = re.compile(r"\b(?:giay|gcn|chung nhan|het han|het hieu luc)\b")
_OCOPS = re.compile(r"\bocop\b|\b[1-5] ?sao\b|\b(?:danh gia|cham) lai\b")
_EXTENDED = re.compile(r"\bkeo dai\b|\bgia han\b|\bkhong kip\b|\btre\b|\bqua han\b|\blo\b")
_LOOKED_AT = 4  # passages
_ONE_MORE = re.compile(r"\s*(?:va|den|toi|hoac|hay|,|-)\s*(?:het )?(?:ngay |thang |nam )?\d")
_MONTH = timedelta(days=31)
COUNTED = "Ngày do Sổ tay đếm theo quy định dưới đây, không tính ngày mốc; cách đếm có thể lệch 1 ngày."
PAST, OPEN = " (đã qua)", " (khung nộp đã mở)"


@dataclass(frozen=True)
class Told:
    """What to say first, and what may follow it: the rule at these places, passages on these instruments, or the answer
    to another question."""

    text: str
    places: tuple[Reference, ...] = ()
    keys: tuple[str, ...] = ()
    asks: str = ""


class ByDay:
    """Reckons from the register, the time limits and the calendar."""

    def __init__(self, registry: Registry, steps: Sequence[Step], calendar: WorkingDays) -> None:
        self.registry = registry
        self.steps = steps
        self.calendar = calendar

    def tell(self, found: Found) -> Told | None:
        """What follows from the day or the months that a question names; None where it asks for nothing that can be
        reckoned. The words show which procedure is meant where they name an OCOP certificate, else what was found: one
        of the best passages stands on its page."""
        return (
            self.held(found)
            or self._succeeded(found)
            or self._due(found.reading, found.on, {hit.document.origin for hit in found.current[:_LOOKED_AT]})
        )

    def held(self, found: Found) -> Told | None:
        """How the instruments that a question names, and asks nothing else of, stood then or stand now; None where the
        register does not know or no passage tells of them."""
        reading, on = found.reading, found.on
        keys = tuple(dict.fromkeys(reference.key for reference in reading.references.found if reference.key))
        if not asks_standing(reading) or not about(found, keys):
            return None
        period = reading.time.period
        lines = []
        for key in keys:
            instrument, intervals = self.registry.get(key), self.registry.intervals(key)
            if instrument is None or not intervals or instrument.confidence == UNVERIFIED:
                return None
            name = f"{instrument.kind.lower()} {instrument.number}"
            asked = period or Period(on, on)
            standing = self._suspended(instrument, intervals, asked) or _standing(intervals, asked)
            told = f"{_when(asked, on)}, {name} {standing}"
            successor = None if period else self.registry.successor(key, on)
            told += ", theo một nguồn" if instrument.confidence == ONE_SOURCE else ""
            lines.append(told + (f"; nay áp dụng {successor.kind.lower()} {successor.number}." if successor else "."))
        if period and reading.time.event:  # else the composer parts what held from what holds
            stood = self.registry.standing
            differs = any(stood(key, on) != stood(key, period.end) for key in keys)
            lines += [f"Hiện nay ({show(on)}):"] if differs else []
        return Told("\n".join(lines), keys=keys)

    def _suspended(self, instrument: Instrument, intervals: Sequence[Interval], period: Period) -> str:
        """ "bị ngưng theo …" for one that held before and was suspended; empty for any other."""
        held = [interval for interval in intervals if interval.end and interval.end < period.start]
        others = (self.registry.get(key) for key in instrument.suspended_by)
        by = [other for other in others if other and other.in_force and other.in_force[0].start <= period.end]
        if not held or not by or any(interval.overlaps(Interval(period.start, period.end)) for interval in intervals):
            return ""
        last = max(by, key=lambda other: other.in_force[0].start if other.in_force else period.start)
        days = f"áp dụng từ {show(held[-1].start)} đến {show(held[-1].end)}"
        return f"bị ngưng theo {last.kind.lower()} {last.number} (đã {days})"

    def _succeeded(self, found: Found) -> Told | None:
        """Which instruments replaced or amended the one that a question names, or which that did."""
        told = succession(found.reading, self.registry, found.on)
        named = {reference.key for reference in found.reading.references.found}
        keys = told[1] if told and about(found, told[1]) else tuple(named)
        return Told(told[0], keys=keys) if told and about(found, keys) else None

    def _due(self, reading: QuestionReading, on: date, origins: Collection[str]) -> Told | None:
        # What a follow-up is about stands in brackets; its day was told of before.
        words, _, before_it = " ".join(fold(reading.search).split()).partition("(")
        if before_it and not stretches_in(words) and asks_how_today_stands(words):
            words, before_it = f"{before_it.rstrip(')')} {words}", ""
        other = _OTHER_PAPERS.search(words) is not None
        of_ocop = all(kind.search(f"{words} {before_it}") for kind in (_CERTIFICATE, _OCOPS))
        known = (s for s in self.steps if f"handbook/{s.page}" in origins or (s.window and of_ocop))
        steps = [s for s in known if not (s.topic == "ocop" and other)]
        ends = _ends_in_a_day(fold(reading.text).split("(")[0])
        asked = ((step, _starts(step, words, before_it, ends)) for step in steps)
        step, starts = next(((step, starts) for step, starts in asked if starts), (None, []))
        if step is None or len(set(starts)) > 1:
            return None
        start, last = starts[0]
        judged = judge(self.registry, step.rule, start)
        if judged is None or self.registry.standing(step.rule, on) is not Standing.IN_FORCE:
            return None
        dues, until = ([due for due in due_dates(step, day, self.calendar) if due.day] for day in (start, last))
        stands = {step.window.stand(reckoned, on) for reckoned in (dues, until)} if step.window else {}
        if step.window and stands == {step.window.over}:
            lines = [
                _line(due, end, on, step)
                for due, end in zip(dues, until, strict=True)
                if due.limit.key not in (step.window.opens, step.window.closes)
            ]
            lines += [f"Hôm nay ({show(on)}) {step.window.over}", *([step.before] if lines else [])]
            return Told("\n".join(lines), asks=step.window.then_asks)
        before = judged.standing is Standing.LATER
        if judged.standing is Standing.EARLIER or (before and not step.before) or last - start > _MONTH:
            return None
        named = show(start) if start == last else f"tháng {start.month}/{start.year}"
        stood = [f"Hôm nay ({show(on)}) {stand}" for stand in stands if stand and len(stands) == 1]
        if step.window and stood and start == last:
            stood[0] += step.window.left(dues, on)
        of_today = _OF_TODAY.search(words) is not None or asks_how_today_stands(words)
        lines = stood if of_today else []
        lines += [f"Tính từ {named}, {step.start}:"]
        told = [(due, end) for due, end in zip(dues, until, strict=True) if not _spared(step, due, stands, words)]
        lines += [f"- {_line(due, end, on, step)}" for due, end in told]
        lines += [] if of_today else stood
        lines += [COUNTED] if any(due.limit.kind != "rounds" for due in dues) else []
        lines += [step.before] if before else []
        lines += cautions(dues if start == last else [*dues, *until], self.calendar)
        places = (Reference(s.key, s.locator) for s in dues[0].limit.grounds[:1] if s.locator)
        return Told("\n".join(lines), tuple(places))


def of_rule(reading: QuestionReading, told: Told) -> QuestionReading:
    """The question asked of the rule that was reckoned by: its places are what is looked for, on the day of asking."""
    return replace(reading, time=TimeReading(now=True), references=replace(reading.references, found=told.places))


def about(found: Found, keys: Collection[str]) -> Found | None:
    """What was found that tells of one of these instruments, where no time is named only of the better standing;
    None where nothing does."""
    current, then = (tuple(hit for hit in hits if _tells_of(hit, keys)) for hits in (found.current, found.then))
    if current and then and found.reading.time.period is None:
        current, then = ((), then) if then[0].score > current[0].score else (current, ())
    return replace(found, current=current, then=then) if current or then else None


def _tells_of(hit: Hit, keys: Collection[str]) -> bool:
    if hit.document.instrument in keys or any(source.key in keys for source in hit.passage.sources):
        return True
    return any(key.split("@")[0] in hit.passage.text for key in keys)


def rule_only(statements: Iterable[Statement]) -> list[Statement]:
    """The rule without its examples: the sentences, and a list only where a sentence opens it; all of it where no
    sentence tells it."""
    statements = list(statements)
    found: list[Statement] = []
    opened = False
    for statement in statements:
        if statement.form == "sentence":
            opened = statement.text.rstrip().endswith(":")
        if statement.form != "item" or opened:
            found.append(statement)
    if any(statement.form == "sentence" for statement in found):
        return found
    return [replace(statement, ordinal="") for statement in statements]


def _ends_in_a_day(text: str) -> bool:
    return any(not text[end:].strip(" ?.!") for *_, end in stretches_in(text))


def _starts(step: Step, words: str, before_it: str, ends_in_a_day: bool) -> list[tuple[date, date]]:
    """The starting days (first and last, where only a month or year is named) from which a folded question asks for a
    step's dues; empty where it does not ask for them, or names one more day beside. What the question is about may
    have been named before it."""
    asked = step.asked
    if asked is None or _any(asked.none_of, words):
        return []
    leads = "|".join(asked.day)
    before, after = re.compile(rf"\b(?:{leads}){_FILLED}$"), re.compile(rf"{_WHO} (?:{leads})\b")
    named = stretches_in(words)
    led = [one for one in named if before.search(words[: one[2]].rstrip())]
    led = led or [one for one in named if after.match(words[one[3] :])]
    if any(_ONE_MORE.match(words[end:]) for *_, end in led):
        return []
    groups = [_any(group, f"{words} {before_it}" if n == 0 else words) for n, group in enumerate(asked.all_of)]
    alone = asked.alone and groups[0] and ends_in_a_day
    return [(first, last) for first, last, *_ in led] if alone or all(groups) else []


def _any(phrases: Iterable[str], words: str) -> bool:
    return any(re.search(rf"\b{phrase}\b", words) for phrase in phrases)


def _spared(step: Step, due: Due, stands: Collection[str], words: str) -> bool:
    """Whether the last day to which a certificate may be extended is left out: there is time, and it is not asked."""
    window = step.window
    if window is None or due.limit.key != window.ends or _EXTENDED.search(words):
        return False
    return not {window.late, window.over}.intersection(stands)


def _line(due: Due, last: Due, on: date, step: Step) -> str:
    """A due date as it is told, with that of the last possible start where only its month is known."""
    past = OPEN if step.window and due.limit.key == step.window.opens else PAST
    told = f"{due.limit.what}: {_days(due, on, past)}"
    if last.day != due.day:
        if due.limit.kind == "rounds":
            told += f"; hoặc {_days(last, on, past)}, tùy ngày"
        else:
            gone = past if last.day and last.day < on else ""
            told = f"{due.limit.what}: {show(due.day)} – {show(last.day)}, tùy ngày{gone}"
    return f"{told}. {due.limit.note}" if due.limit.note else told


def _days(due: Due, on: date, past: str) -> str:
    day = f"trước {show(due.day)}" if due.limit.kind == "rounds" else show(due.day)
    told = f"{day}{past if due.day and due.day < on else ''}"
    if due.sooner:
        told += f"; nếu được đề nghị trước {show(due.sooner)} thì vẫn vào đợt sớm hơn"
    if due.then:
        told += f"; {due.limit.then[:1].lower()}{due.limit.then[1:]}: chậm nhất {show(due.then)}"
    return told


def _when(period: Period, on: date) -> str:
    first, last = period.start, period.end
    if first == last == on:
        return f"Hiện nay ({show(on)})"
    if first == last:
        return f"Ngày {show(first)}"
    if (first.year, first.day, last.day) == (last.year, 1, monthrange(last.year, last.month)[1]):
        if first.month == last.month:
            return f"Tháng {first.month}/{first.year}"
        if (first.month, last.month) == (1, 12):
            return f"Năm {first.year}"
    return f"Từ {show(first)} đến {show(last)}"


def _standing(intervals: Sequence[Interval], period: Period) -> str:
    """ "còn hiệu lực (từ … đến …)" for the interval that the period touches, else what was before or after."""
    span = Interval(period.start, period.end)
    touched = [interval for interval in intervals if interval.overlaps(span)]
    held = touched[-1] if touched else None
    if held is None:
        if period.end < intervals[0].start:
            return f"chưa có hiệu lực (có hiệu lực từ {show(intervals[0].start)})"
        ended = [interval for interval in intervals if interval.end and interval.end < period.start][-1]
        return f"không còn hiệu lực (áp dụng từ {show(ended.start)} đến {show(ended.end)})"
    begun = [interval for interval in intervals if interval.start <= held.start]
    days = f"từ {show(begun[0].start)} " + (f"đến {show(held.end)}" if held.end else "đến nay chưa thấy văn bản thay")
    if len(begun) > 1 and begun[-2].end:
        days += (
            f"; không áp dụng từ {show(begun[-2].end + timedelta(days=1))} đến {show(held.start - timedelta(days=1))}"
        )
    whole = held.start <= period.start and (held.end is None or period.end <= held.end)
    return f"có hiệu lực ({days})" if whole else f"chỉ có hiệu lực một phần thời gian đó ({days})"
