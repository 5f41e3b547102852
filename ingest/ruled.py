"""Tables from ruling lines: lines are joined, crossings make a grid, missing borders make merged cells.

It serves text pages (lines from the PDF) and scans (lines found in the picture) alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.clean import lines as clean_lines
from ingest.pdfpage import Rule, Word
from ingest.tables import Cell

_NEAR = 3.0  # points within which two lines are one and a line's end touches another
_MOST_LINES = 4_000  # a drawing, not a table
_MOST_CELLS = 20_000


@dataclass
class RuledCell:
    """A cell on the page and the rows and columns of the grid that it spans."""

    x0: float
    y0: float
    x1: float
    y1: float
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    words: list[Word] = field(default_factory=list)


@dataclass
class Ruled:
    """A table found on a page; `xs` are its column borders."""

    x0: float
    y0: float
    x1: float
    y1: float
    xs: tuple[float, ...]
    cells: list[RuledCell]

    def take(self, words: Sequence[Word]) -> list[Word]:
        """Puts words into the cells they stand in; gives back those that stand in none."""
        rest = []
        for word in words:
            x, y = (word.x0 + word.x1) / 2, word.y - word.size * 0.3
            inside = self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1
            cell = next((c for c in self.cells if c.x0 <= x <= c.x1 and c.y0 <= y <= c.y1), None) if inside else None
            if cell is None:
                rest.append(word)
            else:
                cell.words.append(word)
        return rest

    def rows(self) -> list[list[Cell]]:
        """The cells row by row, as `ingest.tables.grid` reads them."""
        count = max((c.row + c.rows for c in self.cells), default=0)
        out: list[list[Cell]] = [[] for _ in range(count)]
        for cell in sorted(self.cells, key=lambda c: (c.row, c.column)):
            text = "\n".join(clean_lines(cell_text(cell.words)))
            bold = bool(text) and all(w.bold for w in cell.words)
            out[cell.row].append(Cell(text, cell.columns, cell.rows, bold=bold))
        return out


def find(rules: Sequence[Rule]) -> list[Ruled]:
    """The tables that these lines draw, from top to bottom; frames around text are none."""
    across = _joined([(r.y0, min(r.x0, r.x1), max(r.x0, r.x1)) for r in rules if abs(r.y1 - r.y0) < 1])
    down = _joined([(r.x0, min(r.y0, r.y1), max(r.y0, r.y1)) for r in rules if abs(r.x1 - r.x0) < 1])
    across = [a for a in across if a[2] - a[1] > 2 * _NEAR]
    down = [d for d in down if d[2] - d[1] > 2 * _NEAR]
    if len(across) + len(down) > _MOST_LINES or len(across) < 2 or len(down) < 1:
        return []
    found = [made for group in _connected(across, down) if (made := _table(*group)) is not None]
    return sorted(found, key=lambda t: (t.y0, t.x0))


Line = tuple[float, float, float]  # where it lies, from, to


def _joined(lines: list[Line]) -> list[Line]:
    """Lines that lie on one another or go on, as one."""
    out: list[Line] = []
    lines.sort()
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and lines[end][0] - lines[at][0] <= _NEAR:
            end += 1
        level = sum(line[0] for line in lines[at:end]) / (end - at)
        pieces = sorted((line[1], line[2]) for line in lines[at:end])
        start, stop = pieces[0]
        for begin, finish in pieces[1:]:
            if begin <= stop + _NEAR:
                stop = max(stop, finish)
            else:
                out.append((level, start, stop))
                start, stop = begin, finish
        out.append((level, start, stop))
        at = end
    return out


def _connected(across: list[Line], down: list[Line]) -> list[tuple[list[Line], list[Line]]]:
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, (y, x0, x1) in enumerate(across):
        for j, (x, y0, y1) in enumerate(down):
            if x0 - _NEAR <= x <= x1 + _NEAR and y0 - _NEAR <= y <= y1 + _NEAR:
                parent[root(i)] = root(len(across) + j)
    groups: dict[int, tuple[list[Line], list[Line]]] = {}
    for i, line in enumerate(across):
        groups.setdefault(root(i), ([], []))[0].append(line)
    for j, line in enumerate(down):
        groups.setdefault(root(len(across) + j), ([], []))[1].append(line)
    return [g for g in groups.values() if len(g[0]) >= 2 and g[1]]


def _table(across: list[Line], down: list[Line]) -> Ruled | None:
    ys = _levels([line[0] for line in across])
    left, right = min(line[1] for line in across), max(line[2] for line in across)
    # Tables open at the sides: the horizontal lines end where the outer columns do.
    xs = _levels([line[0] for line in down])
    xs = ([left] if xs[0] - left > 4 * _NEAR else []) + xs + ([right] if right - xs[-1] > 4 * _NEAR else [])
    if len(xs) < 3 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) > _MOST_CELLS:
        return None
    columns, rows = len(xs) - 1, len(ys) - 1
    owner = list(range(columns * rows))

    def root(i: int) -> int:
        while owner[i] != i:
            owner[i] = owner[owner[i]]
            i = owner[i]
        return i

    for row in range(rows):
        middle = (ys[row] + ys[row + 1]) / 2
        for column in range(columns):
            here = row * columns + column
            if column + 1 < columns and not _covers(down, xs[column + 1], middle):
                owner[root(here + 1)] = root(here)
            centre = (xs[column] + xs[column + 1]) / 2
            if row + 1 < rows and not _covers(across, ys[row + 1], centre):
                owner[root(here + columns)] = root(here)
    spans: dict[int, list[int]] = {}
    for i in range(columns * rows):
        row, column = divmod(i, columns)
        span = spans.setdefault(root(i), [row, column, row, column])
        span[0], span[1] = min(span[0], row), min(span[1], column)
        span[2], span[3] = max(span[2], row), max(span[3], column)
    if len(spans) < 2:
        return None
    cells = [
        RuledCell(xs[c0], ys[r0], xs[c1 + 1], ys[r1 + 1], r0, c0, r1 - r0 + 1, c1 - c0 + 1)
        for r0, c0, r1, c1 in spans.values()
    ]
    return Ruled(xs[0], ys[0], xs[-1], ys[-1], tuple(xs), cells)


def _levels(values: list[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > _NEAR:
            out.append(value)
    return out


def _covers(lines: list[Line], level: float, at: float) -> bool:
    """Whether a line near `level` (they are sorted) passes over `at`."""
    i = bisect_left(lines, (level - 1.5 * _NEAR,))
    while i < len(lines) and lines[i][0] <= level + 1.5 * _NEAR:
        if lines[i][1] - _NEAR <= at <= lines[i][2] + _NEAR:
            return True
        i += 1
    return False


def cell_text(words: Sequence[Word]) -> str:
    """The words of a cell as lines: broken lines joined, list items and sentences kept apart."""
    from ingest.flow import STARTS

    rows = by_line(words)
    out: list[str] = []
    for row in rows:
        text = " ".join(word.text for word in row)
        if out and not STARTS.match(text) and not out[-1].endswith((".", ";", ":", "!", "?")):
            out[-1] += text if out[-1].endswith(("/", "QĐ-", "NĐ-", "TT-")) else f" {text}"
        else:
            out.append(text)
    return "\n".join(out)


def by_line(words: Sequence[Word]) -> list[list[Word]]:
    """Words in lines by their baselines, from top to bottom, each from left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.y, w.x0)):
        for row in reversed(rows[-3:]):
            apart = abs(row[0].y - word.y)
            if apart <= 0.45 * max(row[0].size, word.size) and not (apart > 0.15 * word.size and _over(row, word)):
                row.append(word)
                break
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w.x0) for row in rows]


def _over(row: Sequence[Word], word: Word) -> bool:
    """Whether a word stands above or below another of the row: two lines of a warped scan come close together."""
    middle = (word.x0 + word.x1) / 2
    return any(other.x0 < middle < other.x1 for other in row)
