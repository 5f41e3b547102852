"""Time limits of procedures, from `data/deadlines.yaml`, and the due dates that follow from a starting day.

A limit of N days ends on the Nth day after the starting one, which is not counted itself. The facts do not ground that
way of counting; whoever shows a due date says that it is ours. A limit that the law does not give has kind `none`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import yaml

from knowledge.errors import BadInput
from knowledge.grounds import ground_faults, read_grounds
from knowledge.registry import Registry
from knowledge.shipped_data import read_yaml
from knowledge.types import Source
from knowledge.working_days import Count, WorkingDays

SHIPPED = Path(__file__).parent / "data" / "deadlines.yaml"
PROVISIONAL = (
    "Lịch nghỉ năm {years} chưa công bố: ngày lễ tính theo luật chung, ngày hoán đổi và làm bù chưa biết, "
    "nên kết quả là tạm tính. Lịch hoán đổi, làm bù đã biết: {first}–{last}."
)
PROVISIONAL_PAST = "Chưa có dữ liệu ngày làm bù năm {years}, nên kết quả là tạm tính. Đã biết: {first}–{last}."
TOPICS = {"ocop": "OCOP", "nhan": "Nhãn hiệu, mã vạch", "ntm": "Nông thôn mới"}

Kind = Literal["working days", "days", "months", "rounds", "none"]
DayMonth = tuple[int, int]
_STEP = {"key", "topic", "name", "start", "rule", "page", "before", "asked", "dues", "window"}
_WINDOW = {"opens", "closes", "ends", "early", "within", "late", "over", "then_asks"}
_ASKED = {"day", "all", "none", "alone"}
_LIMIT = {"key", "after", "what", "then", "count", "grounds", "note"}


@dataclass(frozen=True)
class Limit:
    """One time limit: `number` days or months, or rounds (hand in before the first day, done before the second)."""

    key: str
    what: str
    kind: Kind
    number: int = 0
    rounds: tuple[tuple[DayMonth, DayMonth], ...] = ()
    after: str = ""
    then: str = ""
    grounds: tuple[Source, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Asked:
    """How a question asks for a step's due dates, in folded phrases: one of `day` leads to its day, one of each group
    of `all_of` stands somewhere, none of `none_of` does. With `alone` a day that ends the question asks by itself
    ("giấy ocop hết hạn tháng 6/2027"), where the first group is met."""

    day: tuple[str, ...]
    all_of: tuple[tuple[str, ...], ...]
    none_of: tuple[str, ...] = ()
    alone: bool = False


@dataclass(frozen=True)
class Window:
    """The days between two limits in which to hand in, and how a day is spoken of before, within and after them, and
    once what it is for has ended.

    `then_asks` is the question to answer once it has.
    """

    opens: str
    closes: str
    ends: str
    early: str
    within: str
    late: str
    over: str
    then_asks: str

    def stand(self, dues: Collection[Due], on: date) -> str:
        """What is to be known on a day of where it stands; empty where the limits have no day."""
        days = {due.limit.key: due.day for due in dues}
        opens, closes, ends = days.get(self.opens), days.get(self.closes), days.get(self.ends)
        if opens is None or closes is None or ends is None:
            return ""
        return self.over if on > ends else self.late if on > closes else self.within if on >= opens else self.early

    def left(self, dues: Collection[Due], on: date) -> str:
        """How many days are left until it opens or closes, in Vietnamese; empty where it has closed."""
        days = {due.limit.key: due.day for due in dues}
        opens, closes = days.get(self.opens), days.get(self.closes)
        if opens is None or closes is None or on > closes:
            return ""
        if on < opens:
            return f" Còn {(opens - on).days} ngày nữa mới mở khung nộp ({opens:%d/%m/%Y})."
        if on == closes:
            return " Hôm nay là ngày cuối."
        return f" Còn {(closes - on).days} ngày, đến hết ngày {closes:%d/%m/%Y}."


@dataclass(frozen=True)
class Step:
    """A step of a procedure with the limits that run from its starting day.

    `before` is what to know of a day before the rule began; without it the limits do not apply to such a day.
    """

    key: str
    topic: str
    name: str
    start: str
    rule: str
    limits: tuple[Limit, ...]
    page: str = ""
    before: str = ""
    asked: Asked | None = None
    window: Window | None = None


@dataclass(frozen=True)
class Due:
    """A limit reckoned: the day (None where the law gives none), what follows a round, and how days were counted.

    `sooner` is an earlier round that is still open on the starting day, though not when the limit before is used up.
    """

    limit: Limit
    day: date | None = None
    start: date | None = None
    then: date | None = None
    count: Count | None = None
    sooner: date | None = None


def load_steps(path: Path = SHIPPED) -> tuple[Step, ...]:
    """The shipped time limits; BadInput names the entry that is wrong."""
    try:
        data = read_yaml(path)
    except (OSError, yaml.YAMLError) as error:
        raise BadInput(f"Không đọc được các thời hạn {path}: {error}") from error
    steps = tuple(map(_step, data))
    if len({step.key for step in steps}) != len(steps):
        raise BadInput(f"{path}: có hơn một mục cùng khóa.")
    return steps


def due_dates(step: Step, start: date, calendar: WorkingDays) -> list[Due]:
    """What is due when, in the order of the step's limits."""
    found: dict[str, Due] = {}
    for limit in step.limits:
        base = found[limit.after].day if limit.after else start
        found[limit.key] = Due(limit) if base is None else _due(limit, base, start, calendar)
    return list(found.values())


def cautions(dues: Collection[Due], calendar: WorkingDays) -> list[str]:
    """What makes a reckoned day unsure, in Vietnamese: a day of which it is doubtful whether offices work, a year whose
    schedule is not announced."""
    counts = [due.count for due in dues if due.count]
    known = {"first": calendar.known[0], "last": calendar.known[-1]}
    said = [doubt for count in counts for doubt in count.doubts]
    years = sorted({year for count in counts for year in count.provisional})
    for form, some in (
        (PROVISIONAL_PAST, [y for y in years if y < calendar.known[0]]),
        (PROVISIONAL, [y for y in years if y > calendar.known[-1]]),
    ):
        if some:
            said.append(form.format(years=", ".join(map(str, some)), **known))
    return said


def faults(steps: Collection[Step], registry: Registry, others: Collection[str]) -> list[str]:
    """What is wrong with the grounds, one Vietnamese line each; `others` are the keys of other sources."""
    found = []
    for step in steps:
        if registry.get(step.rule) is None:
            found.append(f"{step.key}: «{step.rule}» không có trong danh bạ văn bản")
        for limit in step.limits:
            where = f"{step.key}.{limit.key}"
            found += ground_faults(where, limit.grounds, registry, others)
            if limit.kind == "none":
                found += [] if limit.note else [f"{where}: không có số ngày thì phải nói rõ ở note"]
            elif not limit.grounds:
                found.append(f"{where}: thiếu căn cứ")
    return found


def _due(limit: Limit, base: date, start: date, calendar: WorkingDays) -> Due:
    if limit.kind == "working days":
        count = calendar.count(base, limit.number)
        return Due(limit, count.due, base, count=count)
    if limit.kind == "days":
        return Due(limit, base + timedelta(days=limit.number), base)
    if limit.kind == "months":
        return Due(limit, add_months(base, limit.number), base)
    if limit.kind == "rounds":
        gate, then = _round(limit, base)
        sooner, _ = _round(limit, start)
        return Due(limit, gate, base, then, sooner=sooner if sooner != gate else None)
    return Due(limit)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _round(limit: Limit, base: date) -> tuple[date, date]:
    """The next day before which to hand in (strictly after the base), and the day that ends that round."""
    gates = []
    for year in (base.year, base.year + 1):
        for (day, month), (last_day, last_month) in limit.rounds:
            gate, then = date(year, month, day), date(year, last_month, last_day)
            gates.append((gate, then if then > gate else then.replace(year=year + 1)))
    return min(pair for pair in gates if pair[0] > base)


# -- reading -----------------------------------------------------------------------------------------------------------


def _step(entry: Mapping[str, Any]) -> Step:
    try:
        _only(entry, _STEP)
        limits = tuple(map(_limit, entry["dues"]))
        known: set[str] = set()
        for limit in limits:
            if limit.after and limit.after not in known:
                raise ValueError(f"after «{limit.after}» không đứng trước")
            if limit.key in known:
                raise ValueError(f"trùng khóa «{limit.key}»")
            known.add(limit.key)
        if entry["topic"] not in TOPICS:
            raise ValueError(f"không có chủ đề «{entry['topic']}»")
        text = {name: str(entry[name]) for name in ("key", "topic", "name", "start", "rule")}
        told = {name: str(entry.get(name) or "") for name in ("page", "before")}
        asked, window = _asked(entry.get("asked")), _window(entry.get("window"), known)
        return Step(**text, **told, limits=limits, asked=asked, window=window)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        name = entry.get("key", entry) if isinstance(entry, Mapping) else entry
        raise BadInput(f"Mục thời hạn «{name}» thiếu hoặc sai trường: {error}") from error


def _window(entry: Mapping[str, Any] | None, known: Collection[str]) -> Window | None:
    if entry is None:
        return None
    _only(entry, _WINDOW)
    window = Window(**{name: str(entry[name] or "") for name in _WINDOW})
    if strange := {window.opens, window.closes, window.ends} - set(known):
        raise ValueError(f"window: không có thời hạn «{', '.join(sorted(strange))}»")
    return window


def _asked(entry: Mapping[str, Any] | None) -> Asked | None:
    if entry is None:
        return None
    _only(entry, _ASKED)
    asked = Asked(
        tuple(entry["day"]), tuple(map(tuple, entry["all"])), tuple(entry.get("none") or ()), bool(entry.get("alone"))
    )
    for phrase in (*asked.day, *chain(*asked.all_of), *asked.none_of):
        try:
            re.compile(phrase)
        except re.error as error:
            raise ValueError(f"mẫu «{phrase}» sai: {error}") from error
    return asked


def _limit(entry: Mapping[str, Any]) -> Limit:
    _only(entry, _LIMIT)
    kind, number, rounds = _count(entry["count"])
    return Limit(
        key=str(entry["key"]),
        what=str(entry["what"]),
        kind=kind,
        number=number,
        rounds=rounds,
        after=str(entry.get("after") or ""),
        then=str(entry.get("then") or ""),
        grounds=read_grounds(entry.get("grounds")),
        note=str(entry.get("note") or ""),
    )


def _count(given: Any) -> tuple[Kind, int, tuple[tuple[DayMonth, DayMonth], ...]]:
    if given == "none":
        return "none", 0, ()
    ((kind, value),) = given.items()
    if kind == "rounds":
        return "rounds", 0, tuple((_day_month(first), _day_month(last)) for first, last in value)
    if kind not in ("working days", "days", "months") or not isinstance(value, int) or not value:
        raise ValueError(f"không hiểu cách đếm {given}")
    if kind != "days" and value < 0:
        raise ValueError(f"{kind} phải lớn hơn 0")
    return kind, value, ()


def _day_month(text: object) -> DayMonth:
    day, month = str(text).split("/")
    date(2001, int(month), int(day))  # no 29 February: it must exist every year
    return int(day), int(month)


def _only(entry: Mapping[str, Any], known: set[str]) -> None:
    if unknown := set(entry) - known:
        raise ValueError(f"trường lạ: {', '.join(sorted(unknown))}")
