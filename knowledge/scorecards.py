"""The 26 OCOP score sheets of decision 26/2026/QĐ-TTg as data: criteria, points, star minimums, what rejects a file.

The files in knowledge/data/scorecards are written by scripts/extract_scorecards.py; their README describes the fields.
A star mark stands on one level of a criterion: a product that wants that star needs this level or a higher one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.shipped_data import read_yaml

FOLDER = Path(__file__).parent / "data" / "scorecards"
INSTRUMENT = "26/2026/QĐ-TTg"
BANDS: dict[int, tuple[int, int]] = {3: (50, 70), 4: (70, 90), 5: (90, 101)}  # from, below (Đ3 k3); 100 is the most
PARTS = ("A", "B", "C")


@dataclass(frozen=True)
class Level:
    """One box of a criterion; `min_star` is the star for which it is the least that counts."""

    points: int
    text: str
    min_star: int | None = None
    case: str | None = None  # set 26: the box counts only for this kind of provider


@dataclass(frozen=True)
class Criterion:
    """A criterion with levels, or a heading that gathers criteria."""

    code: str
    name: str
    points: int
    levels: tuple[Level, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    note: str | None = None

    def leaves(self) -> Iterator[Criterion]:
        """The criteria that carry points themselves, in printed order."""
        if not self.criteria:
            yield self
        for child in self.criteria:
            yield from child.leaves()


@dataclass(frozen=True)
class Part:
    """Phần A, B or C."""

    letter: str
    name: str
    points: int
    criteria: tuple[Criterion, ...]

    def leaves(self) -> Iterator[Criterion]:
        """The criteria of this part that carry points themselves."""
        for criterion in self.criteria:
            yield from criterion.leaves()


@dataclass(frozen=True)
class Rejection:
    """What ends an assessment: `loại`, `dừng` or `không đánh giá`; `at` is "" for the head of the sheet."""

    kind: str
    at: str
    text: str


@dataclass(frozen=True)
class Correction:
    """A misprint put right in this data: what the decision prints and how it is read."""

    at: str
    level: int | None
    field: str
    printed: str | int | None
    read_as: str | int
    why: str


@dataclass(frozen=True)
class Doubt:
    """A place kept as printed although it reads oddly."""

    at: str
    text: str


@dataclass(frozen=True)
class Minimum:
    """The lowest level of a criterion with which a star can still be had."""

    criterion: Criterion
    level: Level

    @property
    def points(self) -> int:
        """Points of that level."""
        return self.level.points


@dataclass(frozen=True)
class Scorecard:
    """One set of products (bộ sản phẩm) and its sheet."""

    set: int
    name: str
    sector: str
    group: str
    agencies: tuple[str, ...]
    star_note: bool  # the sheet says in words that star marks are minimums
    rejections: tuple[Rejection, ...]
    parts: tuple[Part, ...]
    corrections: tuple[Correction, ...]
    doubts: tuple[Doubt, ...]

    def part(self, letter: str) -> Part:
        """Part A, B or C."""
        return next(part for part in self.parts if part.letter == letter)

    def leaves(self) -> Iterator[Criterion]:
        """Every criterion that carries points itself, in printed order."""
        for part in self.parts:
            yield from part.leaves()

    def criterion(self, code: str) -> Criterion:
        """The criterion or heading with this code; KeyError when the sheet has none."""

        def search(criteria: tuple[Criterion, ...]) -> Criterion | None:
            for item in criteria:
                if found := item if item.code == code else search(item.criteria):
                    return found
            return None

        for part in self.parts:
            if found := search(part.criteria):
                return found
        raise KeyError(f"bộ {self.set}: no criterion {code}")

    def total(self, letter: str) -> int:
        """Points of a part, added up from its criteria (not the printed sum)."""
        return sum(criterion.points for criterion in self.part(letter).leaves())

    def marks(self, star: int) -> tuple[Minimum, ...]:
        """The levels that carry exactly this star's mark, in printed order."""
        return tuple(Minimum(c, level) for c in self.leaves() for level in c.levels if level.min_star == star)

    def minimums(self, star: int) -> tuple[Minimum, ...]:
        """What a star needs with the marks of lower stars kept too (the safe reading; the sheets do not say so)."""
        found: dict[str, Minimum] = {}
        for mark in (mark for lower in range(3, star + 1) for mark in self.marks(lower)):
            held = found.get(mark.criterion.code)
            if held is None or mark.points > held.points:
                found[mark.criterion.code] = mark
        return tuple(found[c.code] for c in self.leaves() if c.code in found)

    def floor(self, star: int) -> int:
        """What the minimums of a star add up to."""
        return sum(minimum.points for minimum in self.minimums(star))

    def reachable(self, star: int) -> bool:
        """True when its minimums exist and some total in its band can be had with all of them met."""
        needed = {minimum.criterion.code: minimum.points for minimum in self.minimums(star)}
        totals = {0}
        for c in self.leaves():
            boxes = {level.points for level in c.levels} or {0, c.points}
            totals = {t + p for t in totals for p in boxes if p >= needed.get(c.code, 0)}
        low, below = BANDS[star]
        return any(low <= total < below for total in totals)

    def unmarked(self) -> tuple[Criterion, ...]:
        """Criteria without any star mark: points to be had freely."""
        return tuple(c for c in self.leaves() if not any(level.min_star for level in c.levels))


def _criterion(raw: dict[str, Any]) -> Criterion:
    return Criterion(
        code=raw["code"],
        name=raw["name"],
        points=raw["points"],
        levels=tuple(Level(**level) for level in raw.get("levels", [])),
        criteria=tuple(_criterion(child) for child in raw.get("criteria", [])),
        note=raw.get("note"),
    )


def _scorecard(raw: dict[str, Any]) -> Scorecard:
    return Scorecard(
        set=raw["set"],
        name=raw["name"],
        sector=raw["sector"],
        group=raw["group"],
        agencies=tuple(raw["agencies"]),
        star_note=raw["star_note"],
        rejections=tuple(Rejection(**item) for item in raw["rejections"]),
        parts=tuple(
            Part(
                letter,
                raw["parts"][letter]["name"],
                raw["parts"][letter]["points"],
                tuple(_criterion(item) for item in raw["parts"][letter]["criteria"]),
            )
            for letter in PARTS
        ),
        corrections=tuple(Correction(**item) for item in raw["corrections"]),
        doubts=tuple(Doubt(**item) for item in raw["doubts"]),
    )


@lru_cache(maxsize=4)
def _read(folder: Path) -> tuple[Scorecard, ...]:
    files = sorted(folder.glob("bo-*.yaml"))
    return tuple(_scorecard(read_yaml(file)) for file in files)


def load_scorecards(folder: Path = FOLDER) -> dict[int, Scorecard]:
    """All score sheets by set number; read once."""
    return {card.set: card for card in _read(folder)}
