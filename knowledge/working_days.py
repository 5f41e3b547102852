"""Working days in Vietnam: public holidays, days off in lieu, and the Saturdays that are worked for a bridging day.

Holidays come from the library `holidays`; `data/working_days.yaml` adds the swaps that it lacks and says for which
years the government's schedule is known. Beyond those years a count is provisional: what is swapped and made up is
not yet announced.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import holidays
import yaml

from knowledge.errors import BadInput
from knowledge.shipped_data import read_yaml

SHIPPED = Path(__file__).parent / "data" / "working_days.yaml"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Count:
    """Working days counted from the day after `start`; `due` is the last of them.

    `off` are the weekdays that were skipped, `worked` the weekend days that were counted; `provisional` are the years
    whose schedule is not announced, `doubts` what to know besides.
    """

    start: date
    due: date
    days: int
    off: tuple[tuple[date, str], ...] = ()
    worked: tuple[date, ...] = ()
    provisional: tuple[int, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Doubt:
    month: int
    day: int
    since: int
    why: str


class WorkingDays:
    """The calendar of offices that rest on Saturday and Sunday."""

    def __init__(self, known: range, swaps: dict[date, date], doubts: tuple[_Doubt, ...]) -> None:
        self.known, self._swaps, self._doubts = known, swaps, doubts
        self._worked = set(swaps.values())
        self._years: dict[int, tuple[dict[date, str], set[date]]] = {}

    @classmethod
    def load(cls, path: Path = SHIPPED) -> WorkingDays:
        """The shipped calendar; BadInput names what cannot be read."""
        try:
            data: Any = read_yaml(path)
            known = range(int(data["known"]["from"]), int(data["known"]["to"]) + 1)
            swaps = {swap["rest"]: swap["work"] for swap in data["swaps"]}
            doubts = tuple(
                _Doubt(int(d["month"]), int(d["day"]), int(d["from"]), str(d["why"])) for d in data["doubtful"]
            )
        except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
            raise BadInput(f"Không đọc được lịch ngày làm việc {path}: {error!r}") from error
        for rest, work in swaps.items():
            if not (isinstance(rest, date) and isinstance(work, date) and rest.weekday() < 5 <= work.weekday()):
                raise BadInput(f"{path}: hoán đổi {rest} – {work} phải là một ngày thường lấy một ngày cuối tuần.")
        return cls(known, swaps, doubts)

    def is_working(self, day: date) -> bool:
        """Whether offices work on that day."""
        off, worked = self._year(day.year)
        return day in worked if day.weekday() >= 5 else day not in off

    def name(self, day: date) -> str:
        """Why that weekday is a day off; empty where it is none."""
        return self._year(day.year)[0].get(day, "")

    def count(self, start: date, days: int) -> Count:
        """So many working days (at least one) after `start`, which is not counted itself."""
        if days < 1:
            raise ValueError("count at least one working day")
        day, left = start, days
        off: list[tuple[date, str]] = []
        worked: list[date] = []
        while left:
            day += _DAY
            weekend = day.weekday() >= 5
            if self.is_working(day):
                left -= 1
                worked += [day] if weekend else []
            elif not weekend:
                off.append((day, self.name(day)))
        years = tuple(year for year in range(start.year, day.year + 1) if year not in self.known)
        doubts = tuple(
            d.why
            for d in self._doubts
            if any(d.since <= o.year and (o.month, o.day) == (d.month, d.day) for o, _ in off)
        )
        return Count(start, day, days, tuple(off), tuple(worked), years, doubts)

    def _year(self, year: int) -> tuple[dict[date, str], set[date]]:
        """Weekdays off by name, and weekend days worked, of one year."""
        if year not in self._years:
            found = holidays.country_holidays("VN", years=year, language="vi")
            off = {day: str(name) for day, name in found.items() if day.weekday() < 5}
            off |= {
                day: f"Ngày nghỉ (làm bù ngày {work:%d/%m/%Y})" for day, work in self._swaps.items() if day.year == year
            }
            # The library writes a swap under the year of the day off; the day that makes up may lie in the next.
            around = holidays.country_holidays("VN", years=(year - 1, year, year + 1))
            worked = {day for day in (*around.weekend_workdays, *self._worked) if day.year == year}
            self._years[year] = (off, worked)
        return self._years[year]
