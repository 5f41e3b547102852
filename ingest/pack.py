"""Lines into pieces of bounded size.

A piece closes when the next atom would take it past TARGET. It also closes early before a
line that its own text elects (one in four, past 60 % of TARGET), so an edit moves the cuts near it and not all behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from ingest.sources import Mark

# Characters. See chunk.py for the measurements.
WHOLE = 1600
TARGET = 1200
HARD = 2000
# A line that introduces others is repeated above each piece of them, up to this length.
OPENING = 400
# A last piece shorter than this joins the one before.
TAIL = 150

_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=[\"“(+\-–\d]|[^\W\da-z_])")
_ABBREVIATION = re.compile(r"(?:\b(?:TP|TX|TT|TS|ThS|GS|PGS|BS|KS|Tr|Đ|P|Q|KT|TM|TL|St|No)|\b\d{1,2})\.$")
_LONGEST_ABBREVIATION = 6
_COMMA = re.compile(r"(?<=[,;])\s+")


@dataclass(frozen=True)
class Out:
    """One line of a passage, with the place it is cited by (empty: the passage's) and its source marks."""

    text: str
    page: int | None = None
    locator: str = ""
    marks: tuple[Mark, ...] = ()
    point: str = ""


@dataclass(frozen=True)
class Atom:
    """Lines that stay together, and those that must stand above them in any piece (a clause's opening, a header)."""

    lines: tuple[Out, ...]
    context: tuple[Out, ...] = ()

    @property
    def size(self) -> int:
        return size(self.lines)


def size(lines: Sequence[Out]) -> int:
    """Characters of these lines as passage text."""
    return sum(len(line.text) + 1 for line in lines) - 1 if lines else 0


def pack(atoms: Sequence[Atom], *, whole: int = WHOLE, target: int = TARGET, hard: int = HARD) -> list[list[Out]]:
    """The atoms as pieces: one when all of them fit into `whole`, else pieces of about `target`, none above `hard`."""
    everything = _joined(atoms)
    if size(everything) <= whole:
        return [everything] if everything else []
    pieces: list[list[Out]] = []
    piece: list[Out] = []
    held: set[int] = set()  # the lines in the piece, by identity: equal text elsewhere is another line
    length = 0
    fresh = 0  # characters in the piece that are not repeated context
    for atom in [small for large in atoms for small in fitting(large, target, hard)]:
        added = [line for line in atom.context if id(line) not in held]
        grown = length + size(added) + atom.size + 2
        elected = fresh > 0.6 * target and crc32(atom.lines[0].text.encode()) % 4 == 0
        if fresh and (grown > target or elected):
            pieces.append(piece)
            piece, held, fresh, length = [], set(), 0, 0
            added = list(atom.context)
        added += [line for line in atom.lines if id(line) not in held]
        piece.extend(added)
        held.update(id(line) for line in added)
        length += size(added) + 1
        fresh += atom.size
    if pieces and fresh < TAIL and size(_joined([Atom((*pieces[-1], *piece))])) <= hard:
        pieces[-1] = _joined([Atom((*pieces[-1], *piece))])
    elif fresh:
        pieces.append(piece)
    return pieces


def _joined(atoms: Sequence[Atom]) -> list[Out]:
    lines = {id(line): line for atom in atoms for line in (*atom.context, *atom.lines)}
    return list(lines.values())


def fitting(atom: Atom, target: int, hard: int) -> Iterator[Atom]:
    """The atom, or smaller ones where it is too large: its lines, and at last sentences."""
    context = size(atom.context)
    if context > hard // 2:  # a context so long would leave no room for the text
        atom = Atom(atom.lines, ())
        context = 0
    room = hard - context - 1
    if atom.size <= max(target - context, target // 2):
        yield atom
    elif len(atom.lines) > 1:
        for single in _singly(atom):
            yield from fitting(single, target, hard)
    elif atom.size <= room:
        yield atom
    else:
        line = atom.lines[0]
        parts = row_parts(line.text, target // 2) if line.text.startswith("| ") else sentences(line.text, target // 2)
        for part in parts:
            yield Atom((Out(part, line.page, line.locator, line.marks, line.point),), atom.context)


def _singly(atom: Atom) -> Iterator[Atom]:
    """The lines one by one; what opens them (`b) … như sau:`, `“Điều 54. …`) goes along and is never left alone."""
    opening: tuple[Out, ...] = ()
    quotation: tuple[Out, ...] = ()
    first = atom.lines[0]
    if first.text.endswith(":") and len(first.text) < OPENING:
        opening = (first,)
    else:
        yield Atom((first,), atom.context)
    for line in atom.lines[1:]:
        if line.text.startswith("“") and "”" not in line.text and len(line.text) < OPENING // 2:
            quotation = (line,)
        else:
            yield Atom((line,), (*atom.context, *opening, *quotation))
        if "”" in line.text:
            quotation = ()
    if quotation and atom.lines[-1] is quotation[0]:
        yield Atom(quotation, (*atom.context, *opening))


def sentences(text: str, limit: int) -> list[str]:
    """The text cut at sentences into parts of about `limit`; a longer sentence at commas, at last between words."""
    parts = _merge(_split(text, _SENTENCE), limit)
    out: list[str] = []
    for part in parts:
        if len(part) <= 2 * limit:
            out.append(part)
        else:
            out.extend(word for piece in _merge(_split(part, _COMMA), limit) for word in _words(piece, limit))
    return out


def row_parts(row: str, limit: int) -> list[str]:
    """An oversized table row as several rows: each long cell is cut, the other cells stand in the first."""
    cells = [cell.strip() for cell in row.strip("| ").split(" | ")]
    cut = [sentences(cell, max(limit // max(len(cells), 1), 80)) if cell else [""] for cell in cells]
    rows = []
    for i in range(max(len(parts) for parts in cut)):
        rows.append("| " + " | ".join(parts[i] if i < len(parts) else "" for parts in cut) + " |")
    return rows


def _split(text: str, pattern: re.Pattern[str]) -> list[str]:
    parts = []
    start = 0
    for match in pattern.finditer(text):
        if not _ABBREVIATION.search(text[max(start, match.start() - _LONGEST_ABBREVIATION) : match.start()]):
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def _merge(parts: Sequence[str], limit: int) -> list[str]:
    out: list[str] = []
    for part in parts:
        if out and len(out[-1]) + len(part) < limit:
            out[-1] += " " + part
        else:
            out.append(part)
    return out


def _words(text: str, limit: int) -> list[str]:
    if len(text) <= 2 * limit:
        return [text]
    out = _merge(text.split(" "), limit)
    return [word[i : i + limit] for word in out for i in range(0, len(word), limit)]
