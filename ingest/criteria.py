"""Score sheets: a table whose rows are numbered criteria (1.1., 2.3.) with options and points, cut at its criteria."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.blocks import Table
from ingest.legal import Unit

_PART = re.compile(r"(?:Phần|PHẦN)\s+([A-H])\b\s*[.:]?\s*(.*)$", re.DOTALL)
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\s?[.)]?\s+(?=\S)")
# A title in a breadcrumb stays readable; the row in the text has all of it.
_TITLE = 110


def criteria(table: Table, above: str) -> list[tuple[tuple[Unit, ...], Table, tuple[str, ...]]] | None:
    """(units, rows, locator of each row) for every criterion, or None for another kind of table. `above`: its locator.

    The rows of a part or a group of criteria (`1. TỔ CHỨC SẢN XUẤT | 18`) stand with the first criterion under them.
    """
    numbers = [_number(row) for row in table.rows]
    deep = sum("." in n for n in numbers)
    # A criterion has options under it; a table that merely numbers its rows is cut like any other.
    if deep < 3 or numbers.count("") < 2 * deep or not table.header_rows:
        return None
    following = _following(numbers)
    header, found = table.rows[: table.header_rows], []
    part: Unit | None = None
    group: Unit | None = None
    rows: list[tuple[str, ...]] = []
    places: list[str] = []
    units: tuple[Unit, ...] = ()
    waiting = False  # rows of a part or group that stand before their first criterion

    def finish() -> None:
        if rows:
            found.append((units, Table((*header, *rows), len(header), table.page), ("",) * len(header) + tuple(places)))
        rows.clear()
        places.clear()

    for i in range(table.header_rows, len(table.rows)):
        row, number = table.rows[i], numbers[i]
        letter = _PART.match(row[0])
        depth = number.count(".") + 1 if number else 0
        if letter or depth in (1, 2):
            if not waiting:
                finish()
            if letter:
                part, group = Unit("part", letter.group(1), _cut(letter.group(2)), "Phần", ""), None
            elif depth == 1:
                group = _unit(number, row[0])
            waiting = letter is not None or (depth == 1 and following[i].startswith(number + "."))
            last = group if depth == 1 else _unit(number, row[0]) if depth == 2 else None
            mine = group if depth == 2 and group and number.startswith(group.number + ".") else None
            units = tuple(u for u in (part, mine, last) if u)
        rows.append(row)
        places.append(_place(above, number) if number else "" if units and not letter else above)
    finish()
    return found


def _number(row: Sequence[str]) -> str:
    match = _NUMBERED.match(row[0])
    return match.group(1) if match else ""


def _following(numbers: Sequence[str]) -> list[str]:
    """For each row the number of the next row that has one."""
    found = [""] * len(numbers)
    for i in range(len(numbers) - 2, -1, -1):
        found[i] = numbers[i + 1] or found[i + 1]
    return found


def _unit(number: str, cell: str) -> Unit:
    title = cell[len(number) :].lstrip(". )").strip()
    return Unit("criterion", number, _cut(title), "", f"m{number}")


def _cut(title: str) -> str:
    title = " ".join(title.split())
    if len(title) <= _TITLE:
        return title
    short = re.split(r"\s\(|\sYêu cầu:", title)[0]
    return short if len(short) <= _TITLE else short[:_TITLE].rsplit(" ", 1)[0] + "…"


def _place(above: str, number: str) -> str:
    return f"{above} m{number}".strip()
