"""Grids from cells: merged cells spread out, header rows recognised."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.blocks import Table
from ingest.clean import BOXES

# A hostile table can claim millions of merged cells; no real one has more columns than this.
MAX_COLUMNS = 256
# A longer text merged over rows is a remark, not a label; repeating it would only bury the rows.
REPEATED = 300

_DATA = re.compile(rf"^(\d+([.,]\d+)*\.?$|[{BOXES}])")


@dataclass(frozen=True)
class Cell:
    """A cell as the file states it; `head` when marked as a header cell, `bold` when all of it is bold."""

    text: str
    columns: int = 1
    rows: int = 1
    head: bool = False
    bold: bool = False


def grid(
    source: Sequence[Sequence[Cell]], *, head_rows: int = 0, page: int | None = None, every_column: bool = False
) -> Table | None:
    """The table of these rows of cells, or None when it holds no text.

    `head_rows`: as marked by the file (thead); `every_column`: keep columns that are empty from top to bottom.
    """
    header = head_rows or _header_rows(source)
    rows: list[list[str]] = []
    pending: dict[int, tuple[int, str]] = {}  # column -> rows still to fill, text
    for number, cells in enumerate(source):
        row: dict[int, str] = {}
        for column in list(pending):
            left, text = pending.pop(column)
            row[column] = text
            if left > 1:
                pending[column] = (left - 1, text)
        column = 0
        for cell in cells:
            while column in row:
                column += 1
            if column >= MAX_COLUMNS:
                break
            for offset in range(min(cell.columns, MAX_COLUMNS - column)):
                shown = cell.text if offset == 0 or number < header else ""
                row[column + offset] = shown
                if cell.rows > 1:
                    again = shown if len(shown) <= REPEATED else ""
                    pending[column + offset] = (min(cell.rows, len(source) - number) - 1, again)
                    if pending[column + offset][0] < 1:
                        del pending[column + offset]
            column += cell.columns
        rows.append([row.get(i, "") for i in range(max(row, default=-1) + 1)])
    return _rectangle(rows, header, page, every_column=every_column)


def without_empty_columns(table: Table) -> Table:
    """The table without columns that hold nothing."""
    used = [i for i in range(len(table.rows[0])) if any(row[i] for row in table.rows)]
    return replace(table, rows=tuple(tuple(row[i] for i in used) for row in table.rows))


def _rectangle(rows: list[list[str]], header: int, page: int | None, *, every_column: bool) -> Table | None:
    width = max((len(row) for row in rows), default=0)
    full = [row + [""] * (width - len(row)) for row in rows]
    used = [i for i in range(width) if every_column or any(row[i] for row in full)]
    kept: list[tuple[str, ...]] = []
    header_kept = 0
    for number, row in enumerate(full):
        if any(row):
            kept.append(tuple(row[i] for i in used))
            header_kept += number < header
    if not kept:
        return None
    return Table(tuple(kept), header_kept if header_kept < len(kept) else 0, page)


def _header_rows(source: Sequence[Sequence[Cell]]) -> int:
    """How many rows at the top name the columns: marked cells, or bold or short names over rows of data."""
    heads = 0
    for cells in source:
        if not cells or not all(cell.head for cell in cells):
            break
        heads += 1
    if heads:
        return heads if heads < len(source) else 1
    if len(source) < 2 or len(source[0]) < 2:
        return 0
    first = source[0]
    named = all(cell.text and len(cell.text) <= 120 and not _DATA.match(cell.text) for cell in first)
    bold = all(cell.bold or not cell.text for cell in first) and any(cell.bold for cell in first)
    if not (bold or named):
        return 0
    if all(cell.columns == 1 for cell in first):
        return 1
    deep = max(cell.rows for cell in first)
    return 2 if deep == 1 and len(source) > 2 and _names_below(first, source[1]) else deep


def _names_below(first: Sequence[Cell], second: Sequence[Cell]) -> bool:
    """Whether a row only names the columns under the merged cells of the row above."""
    under = [cell.columns > 1 for cell in first for _ in range(min(cell.columns, MAX_COLUMNS))]
    at = 0
    filled = []
    for cell in second:
        filled += [(at, cell.text)] if cell.text else []
        at += cell.columns
    return bool(filled) and all(i < len(under) and under[i] and not _DATA.match(text) for i, text in filled)
