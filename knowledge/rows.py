"""The one row of a table that a question asks for: whose range holds a figure that it names ("chai 330 ml" falls into
"trên 200 đến 1.000 g hoặc ml", "71 điểm" into "từ 70 đến dưới 90"), or that it calls by name."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from fractions import Fraction

from knowledge.figure_asked import MONEY
from knowledge.figures import Fact, facts_of
from knowledge.measures import MEASURED
from knowledge.relevance import words_of
from knowledge.text import fold
from knowledge.units import Unit

_OR = re.compile(r"\s+(?:hoặc|hay)\s+")
_LAST_WORD = re.compile(r"\S+$")
_SCALE = re.compile(r"\bthang(?: diem)?\s*$")
_POINTS = "điểm"
_ROWS = 3  # a smaller table stands whole
_ASK = frozenset(("bao", "nhieu"))  # folded; "bảo", "bao bì" are other words


def row_holding(units: Sequence[Unit], question: str) -> int | None:
    """The number of the one row with a range that holds a figure of the question; None where no row or several do.

    The first column with ranges in the figure's unit decides. A figure with a bound of its own ("trên 20 triệu"), two
    figures in one unit and the scale itself ("thang 100 điểm") fall into no single row.
    """
    rows = [n for n, unit in enumerate(units) if unit.kind == "row"]
    asked = [_with_unit(figure, question) for figure in _figures(question)]
    for value, unit in asked:
        if value is None or sum(other == unit for _, other in asked) > 1:
            continue
        for column in range(max((len(units[n].cells) for n in rows), default=0)):
            ranges = {n: found for n in rows if (found := _ranges(units[n], column, unit))}
            if ranges:
                held = [n for n, found in ranges.items() if any(all(_within(value, x) for x in one) for one in found)]
                if len(held) == 1:
                    return held[0]
                break
    return None


def row_named(units: Sequence[Unit], asked: Collection[str], pairs: Collection[str]) -> int | None:
    """The number of the one row whose first cell the question names; None where it names none, or where another row
    holds a word of the question that this one lacks. `asked` are the question's folded words and `pairs` its
    neighbouring ones, of which the cell must hold one that no other holds: a syllable ("tích") is not yet a name."""
    cells = {n: words_of(unit.cells[0]) for n, unit in enumerate(units) if unit.kind == "row"}
    held = {n: cell.intersection(asked) - _ASK for n, cell in cells.items()}
    every = frozenset[str]().union(*held.values())
    whole = [n for n, words in held.items() if words == every]
    if len(cells) < _ROWS or len(whole) != 1:
        return None
    others = frozenset[str]().union(*(cell for n, cell in cells.items() if n != whole[0]))
    return whole[0] if cells[whole[0]].intersection(pairs) - others else None


def _figures(text: str) -> list[Fact]:
    return [fact for fact in facts_of(text) if fact.kind == "figure"]


def _with_unit(figure: Fact, text: str) -> tuple[Fraction | None, str]:
    """A figure's value, None where it is only a bound, and its unit: "15 triệu" is a sum of money."""
    start, end = figure.span
    scaled = any(c.isalpha() for c in text[start:end])
    bounded = figure.bound or _SCALE.search(fold(text[:start]))
    return None if bounded else Fraction(figure.value), figure.unit or (MONEY if scaled else "")


def _ranges(row: Unit, column: int, unit: str) -> list[list[Fact]]:
    """The ranges in that unit which a cell tells, each by its limits."""
    if column >= len(row.cells) or unit not in MEASURED:
        return []
    name = row.header[column].lower() if column < len(row.header) else ""
    found = []
    for cell in _alternatives(row.cells[column]):
        text = f"{cell} {_POINTS}" if _POINTS in name and cell[-1:].isdigit() else cell
        found.append([fact for fact in _figures(text) if fact.bound and fact.unit == unit])
    return [limits for limits in found if limits]


def _alternatives(cell: str) -> list[str]:
    """A cell once for each of the units that it names: "Trên 50 đến 200 g hoặc ml", "Đến 50 g hoặc 50 ml"."""
    first, *others = _OR.split(cell.strip())
    found = [first]
    for other in others:
        if not any(c.isdigit() for c in other):
            found.append(_LAST_WORD.sub(lambda _, unit=other: unit, first))
        else:
            found.append(f"{first.split(' ', 1)[0]} {other}" if other[0].isdigit() else other)
    return found


def _within(value: Fraction, limit: Fact) -> bool:
    bound = Fraction(limit.value)
    return {"<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound}[limit.bound]
