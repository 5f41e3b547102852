"""A ground as data files write it, `26/2026/QĐ-TTg Đ7 k6`: an instrument or another source, and the place in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from knowledge.errors import BadInput
from knowledge.references import show_locator
from knowledge.registry import Registry
from knowledge.types import Instrument, Interval, Source, Standing


def read_ground(text: str) -> Source:
    """The source that a data file names."""
    key, _, locator = " ".join(str(text).split()).partition(" ")
    return Source(key, locator)


def read_grounds(given: object) -> tuple[Source, ...]:
    """A list of them; BadInput when it is none."""
    if given is None:
        return ()
    if not isinstance(given, list):
        raise BadInput(f"Căn cứ phải là một danh sách, không phải «{given}».")
    return tuple(map(read_ground, given))


def show_grounds(sources: Iterable[Source], registry: Registry | None, *, short: str = "") -> str:
    """`Điều 6 khoản 1; Phụ lục III Mẫu số 01, 26/2026/QĐ-TTg`: the places of each instrument, then its number.

    Sources that are no instruments are left out. The number is left out where it is the one given as `short`.
    """
    places: dict[str, list[str]] = {}
    for source in sources:
        if registry is None or registry.get(source.key) is not None:
            places.setdefault(source.key, []).append(show_locator(source.locator))
    shown = []
    for key, found in places.items():
        instrument = registry.get(key) if registry else None
        number = instrument.number if instrument else key.partition("@")[0]
        place = "; ".join(dict.fromkeys(filter(None, found)))
        shown.append(f"{place}, {number}" if place and key != short else place or number)
    return "; ".join(shown)


def ground_faults(where: str, grounds: Iterable[Source], registry: Registry, others: Collection[str]) -> list[str]:
    """What is wrong with the grounds of an entry, one Vietnamese line each: the first must be an instrument."""
    faults = []
    for number, source in enumerate(grounds):
        instrument = registry.get(source.key)
        if number == 0 and (instrument is None or instrument.key != source.key):
            faults.append(f"{where}: «{source.key}» không có trong danh bạ văn bản")
        elif instrument is None and source.key not in others:
            faults.append(f"{where}: nguồn «{source.key}» không có trong danh bạ hay sources.yaml")
        if source.locator and show_locator(source.locator) == source.locator:
            faults.append(f"{where}: không hiểu vị trí «{source.locator}»")
    return faults


@dataclass(frozen=True)
class Judged:
    """A rule as it stands on a day: the interval meant, and what holds in its place where it does not hold."""

    instrument: Instrument
    on: date
    standing: Standing
    interval: Interval | None = None
    successor: Instrument | None = None


def judge(registry: Registry | None, key: str, on: date) -> Judged | None:
    """How a rule stands on a day, by the register in use (the office's entries included); None if it is unknown."""
    instrument = registry.get(key) if registry else None
    if registry is None or instrument is None:
        return None
    intervals = instrument.in_force or ()
    holding = [interval for interval in intervals if interval.contains(on)]
    before = [interval for interval in intervals if interval.end and interval.end < on]
    shown = holding or before[-1:] or list(intervals[:1])
    return Judged(
        instrument, on, registry.standing(instrument.key, on), shown[0] if shown else None,
        registry.successor(instrument.key, on),
    )  # fmt: skip
