"""The register of legal documents: which one a person means, and which one held on a given day.

Read from `data/instruments.yaml`. An office lays its own entries over the shipped ones: they win, survive upgrades, and
an entry that replaces a shipped one closes it, so that a new decision takes effect without waiting for a release.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import BadInput
from knowledge.shipped_data import read_yaml
from knowledge.text import fold, normalise
from knowledge.types import Instrument, Interval, Standing

SHIPPED = Path(__file__).parent / "data" / "instruments.yaml"

ONE_SOURCE, UNVERIFIED = "một nguồn", "chưa kiểm chứng"
CONFIDENCE = ("chắc chắn", ONE_SOURCE, UNVERIFIED)
_LINKS = ("replaces", "replaced_by", "amends", "amended_by", "suspended_by")
_BACK = {"replaces": "replaced_by", "replaced_by": "replaces", "amends": "amended_by", "amended_by": "amends"}
_DAY = timedelta(days=1)

_KINDS = {
    "qd": "quyet dinh", "nd": "nghi dinh", "tt": "thong tu", "ttlt": "thong tu lien tich", "nq": "nghi quyet",
    "kh": "ke hoach", "hd": "huong dan", "cv": "cong van", "ctr": "chuong trinh",
}  # fmt: skip
_KIND = "|".join(sorted({*_KINDS, *_KINDS.values(), "luat"}, key=len, reverse=True))
# "QĐ 26", "nghị định số 15/2018", "148/QĐ-TTg ngày 24/02/2023", "318 năm 2022": folded, without spaces around / and -.
_MENTION = re.compile(
    rf"(?:(?P<kind>{_KIND})\s*(?:so\s*)?)?(?P<serial>\d+(?:\.\d+)?)(?:/(?P<year>\d{{4}}))?(?:[/-](?P<tail>[a-z][a-z0-9/-]*))?"
    r"(?:[\s,(]+(?:ngay\s+)?(?:(?P<day>\d{1,2}[/-]\d{1,2}[/-]\d{4})|(?:nam\s+)?(?P<of>\d{4}))\)?)?"
)
_NUMBER = re.compile(r"(?P<serial>\d+(?:\.\d+)?)(?:/(?P<year>\d{4}))?[/-](?P<tail>.+)")


@dataclass(frozen=True)
class _Name:
    """An instrument's number taken apart, folded, so that a shortened form can be compared with it."""

    serial: str
    year: int | None
    tail: str
    kind: str
    signed: str

    @classmethod
    def of(cls, instrument: Instrument) -> _Name | None:
        match = _NUMBER.fullmatch(_plain(instrument.number))
        if match is None:
            return None
        signed = instrument.signed
        day = f"{signed.day}/{signed.month}/{signed.year}" if signed else ""
        year = int(match["year"]) if match["year"] else signed.year if signed else None
        return cls(match["serial"].lstrip("0"), year, match["tail"], _plain(instrument.kind), day)

    def fits(self, mention: re.Match[str]) -> bool:
        """Whether the words could be a shortened form of this number."""
        kind = _KINDS.get(mention["kind"] or "", mention["kind"] or "")
        return (
            mention["serial"].lstrip("0") == self.serial
            and self.kind.startswith(kind)
            and self.tail.startswith(mention["tail"] or "")
            and (mention["year"] is None or int(mention["year"]) == self.year)
        )

    def dated(self, mention: re.Match[str]) -> bool:
        """Whether the date or year that follows the number is this one's."""
        if mention["day"]:
            return self.signed == re.sub(r"\b0", "", mention["day"].replace("-", "/"))
        return mention["of"] is not None and int(mention["of"]) == self.year


class Registry:
    """Every known instrument, shipped and the office's own; immutable once built."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        entries = list(instruments)
        self._by_key = {entry.key: entry for entry in entries}
        self._twice = [key for key, count in Counter(entry.key for entry in entries).items() if count > 1]
        self._named: dict[str, list[str]] = {}
        self._names: dict[str, _Name] = {}
        for key, entry in self._by_key.items():
            for name in dict.fromkeys(_plain(name) for name in (key, entry.number, *entry.aliases)):
                self._named.setdefault(name, []).append(key)
            if parts := _Name.of(entry):
                self._names[key] = parts

    @classmethod
    def load(cls, shipped_path: Path = SHIPPED, overlay: Iterable[Instrument] = ()) -> Registry:
        """The shipped register with an office's entries over it; BadInput names the entry that cannot be read."""
        try:
            entries = read_yaml(shipped_path)
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise BadInput(f"Không đọc được danh bạ văn bản {shipped_path}: {error}") from error
        if not isinstance(entries, list):
            raise BadInput(f"Danh bạ văn bản {shipped_path} phải là một danh sách.")
        return cls(map(instrument_from, entries)).overlaid(overlay)

    def overlaid(self, overlay: Iterable[Instrument]) -> Registry:
        """This register under other entries: they win by key, and what they replace ends the day before they start."""
        own = {entry.key: entry for entry in overlay}
        if not own:
            return self
        merged = {**self._by_key, **own}
        for entry in own.values():
            for old in (self.get(name) for name in entry.replaces):
                if old and old.key not in own:
                    merged[old.key] = _replaced(merged[old.key], entry)
            for old in (self.get(name) for name in entry.amends):
                if old and old.key not in own:
                    links = dict.fromkeys((*merged[old.key].amended_by, entry.key))
                    merged[old.key] = replace(merged[old.key], amended_by=tuple(links))
        return Registry(merged.values())

    def __iter__(self) -> Iterator[Instrument]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)

    def get(self, name: str) -> Instrument | None:
        """The one instrument meant by a key, number, alias or short form; None if there is none or more than one."""
        if name in self._by_key:
            return self._by_key[name]
        found = self.candidates(name)
        return found[0] if len(found) == 1 else None

    def candidates(self, text: str) -> list[Instrument]:
        """Every instrument that the words may mean; case, diacritics and spaces do not matter.

        A bare "148" names nothing, nor does "10/2026", which is a month as well: those need their kind.
        """
        plain = _plain(text)
        if exact := self._named.get(plain):
            return [self._by_key[key] for key in exact]
        mention = _MENTION.fullmatch(plain)
        if mention is None:
            return []
        if not (mention["kind"] or mention["tail"] or (mention["year"] and float(mention["serial"]) > 12)):
            return []
        fitting = [key for key, name in self._names.items() if name.fits(mention)]
        # A date only chooses between namesakes: the press and even decision 26/2026 misprint the date of 148.
        dated = [key for key in fitting if self._names[key].dated(mention)]
        return [self._by_key[key] for key in dated or fitting]

    def intervals(self, key: str) -> tuple[Interval, ...] | None:
        """The days on which it was in force, oldest first; None if not established or not in the register."""
        instrument = self.get(key)
        return instrument.in_force if instrument else None

    def standing(self, key: str, on: date) -> Standing:
        """Whether it held on that day; one that is suspended, or held before and again later, counts as earlier."""
        intervals = self.intervals(key)
        if not intervals:
            return Standing.UNKNOWN
        if any(interval.contains(on) for interval in intervals):
            return Standing.IN_FORCE
        return Standing.LATER if on < min(interval.start for interval in intervals) else Standing.EARLIER

    def successor(self, key: str, on: date) -> Instrument | None:
        """The instrument that holds in its place on that day; None if it holds itself, lies ahead, or none is known.

        For one under suspension that is the earlier rule that came back.
        """
        start = self.get(key)
        if start is None or self.standing(start.key, on) in (Standing.IN_FORCE, Standing.LATER):
            return None
        others = self._chain(start, "replaced_by") + (self._chain(start, "replaces") if start.suspended_by else [])
        return next((other for other in others if self.standing(other.key, on) is Standing.IN_FORCE), None)

    def predecessors(self, key: str) -> list[Instrument]:
        """What it replaced, and what those had replaced, nearest first."""
        start = self.get(key)
        return self._chain(start, "replaces") if start else []

    def _chain(self, start: Instrument, link: str) -> list[Instrument]:
        found: dict[str, Instrument] = {}
        queue = [start]
        while queue:
            for name in getattr(queue.pop(0), link):
                following = self.get(name)
                if following and following.key != start.key and following.key not in found:
                    found[following.key] = following
                    queue.append(following)
        return list(found.values())

    def validate(self) -> list[str]:
        """What is wrong with the register, one Vietnamese line each; an empty list if nothing is."""
        problems = [f"{key}: có hơn một mục cùng khóa" for key in self._twice]
        shared = Counter(entry.number for entry in self)
        for entry in self:
            if shared[entry.number] > 1 and "@" not in entry.key:
                problems.append(f"{entry.key}: trùng số, cần key dạng {entry.number}@ngày ký")
            if "@" in entry.key and entry.key != f"{entry.number}@{entry.signed}":
                problems.append(f"{entry.key}: key phải là số@ngày ký, tức {entry.number}@{entry.signed}")
            if entry.confidence not in CONFIDENCE:
                problems.append(f"{entry.key}: độ tin “{entry.confidence}” không có trong thang")
            problems += _interval_problems(entry) + self._link_problems(entry)
        return problems

    def _link_problems(self, entry: Instrument) -> list[str]:
        problems = []
        for link in _LINKS:
            for name in getattr(entry, link):
                other = self.get(name)
                if other is None:
                    problems.append(f"{entry.key}: {link} dẫn tới {name}, không có hoặc không rõ là văn bản nào")
                elif link in _BACK and entry.key not in getattr(other, _BACK[link]):
                    problems.append(f"{entry.key}: {link} {name}, nhưng {name} thiếu {_BACK[link]} {entry.key}")
                elif link == "replaced_by":
                    problems += _handover_problems(entry, other)
        return problems


def instrument_from(entry: Mapping[str, Any]) -> Instrument:
    """One entry of the YAML schema as an Instrument; dates may be ISO strings. BadInput says what is wrong."""
    try:
        number = str(entry["number"])
        in_force = entry.get("in_force")
        intervals = None if in_force is None else tuple(sorted(map(_interval, in_force), key=lambda i: i.start))
        return Instrument(
            key=str(entry.get("key") or number),
            number=number,
            kind=str(entry["kind"]),
            title=str(entry["title"]),
            issuer=str(entry.get("issuer") or ""),
            signed=_day(entry.get("signed")),
            locality=str(entry.get("locality") or "trung-uong"),
            in_force=intervals,
            aliases=tuple(map(str, entry.get("aliases") or ())),
            url=str(entry.get("url") or ""),
            confidence=str(entry.get("confidence") or "chắc chắn"),
            note=str(entry.get("note") or ""),
            verified_on=_day(entry.get("verified_on")),
            **{link: tuple(map(str, entry.get(link) or ())) for link in _LINKS},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        name = entry.get("number", entry) if isinstance(entry, Mapping) else entry
        raise BadInput(f"Mục “{name}” của danh bạ văn bản thiếu hoặc sai trường: {error}") from error


def _interval(item: Mapping[str, Any]) -> Interval:
    return Interval(date.fromisoformat(str(item["from"])), _day(item.get("to")), str(item.get("ground") or ""))


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def _plain(text: str) -> str:
    return re.sub(r"\s*([/-])\s*", r"\1", " ".join(fold(normalise(text)).split()))


def _replaced(old: Instrument, new: Instrument) -> Instrument:
    """The old rule with a link to the new one and its open interval ended the day before that begins."""
    links = tuple(dict.fromkeys((*old.replaced_by, new.key)))
    if not old.in_force or not new.in_force:
        return replace(old, replaced_by=links)
    start = min(interval.start for interval in new.in_force)

    def close(i: Interval) -> Interval:
        if i.end is not None or i.start >= start:
            return i
        return Interval(i.start, start - _DAY, f"{i.ground}; bị {new.key} thay từ {start:%d/%m/%Y}".removeprefix("; "))

    return replace(old, replaced_by=links, in_force=tuple(map(close, old.in_force)))


def _interval_problems(entry: Instrument) -> list[str]:
    intervals = entry.in_force or ()
    backwards = [i for i in intervals if i.end and i.end < i.start]
    problems = [f"{entry.key}: kết thúc {i.end} trước khi bắt đầu {i.start}" for i in backwards]
    overlaps = [b for a, b in pairwise(intervals) if a.overlaps(b)]
    problems += [f"{entry.key}: hai khoảng hiệu lực chồng nhau từ {i.start}" for i in overlaps]
    if entry.signed and intervals and intervals[0].start < entry.signed:
        problems.append(f"{entry.key}: có hiệu lực {intervals[0].start} trước ngày ký {entry.signed}")
    return problems


def _handover_problems(old: Instrument, new: Instrument) -> list[str]:
    """The replaced rule must end, and not before the new one takes over; the two may run side by side."""
    if not old.in_force or not new.in_force:
        return []
    start = min(interval.start for interval in new.in_force)
    before = [interval.end for interval in old.in_force if interval.start < start]
    if not before:
        return [f"{old.key}: chưa có hiệu lực khi {new.key} thay nó từ {start}"]
    if None in before:
        return [f"{old.key}: còn để mở dù {new.key} đã thay từ {start}"]
    end = max(end for end in before if end)
    return [f"{old.key}: hở từ {end + _DAY} đến {start - _DAY}, trước khi {new.key} thay"] if end < start - _DAY else []
