"""The units of a passage that can stand in an answer: sentences, list items, table rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.types import Passage

UnitKind = Literal["sentence", "item", "row"]

_ITEM = re.compile(r"^\s*(?:[-•*+–]|\d{1,2}[.)]|[a-zđ]\))\s+")
_ORDINAL = re.compile(r"^\s*(\d{1,2})[.)]\s+")
# A full stop ends a sentence when a capital, a digit or a quote follows and no abbreviation stands before it.
_END = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][”\"»)]))\s+(?=[“\"«(]?[A-ZÀ-ỸĐ0-9])")
_SHORT = re.compile(r"(?:\b(?:TP|Tp|tp|TX|Th|ThS|TS|PGS|GS|Tr|tr|St|v\.v|VD|vd|Q|P|X|H|No|Nxb|c|e\.g)|\b[A-ZĐ])\.$")
# Items that were set in one line: "… một bộ. - Bước 2: …", "… như sau: a) Đơn; b) Bản sao".
_DASHED = re.compile(r"(?<=[.;:])\s+(?=(?:[-–+*•] ?|[a-zđ]\) |Bước \d{1,2} ?[:.] ?)[A-ZÀ-ỸĐ])")
# A line of a scan that breaks off in a sentence, and one that goes on with it.
_BROKEN = re.compile(r"[^\s.;:!?…|]\s*$")
_MEASURE = "đơn vị tính"
_THOUSANDS = 4  # digits
_MONEY = re.compile(r"\b(?:(nghìn|ngàn|triệu|tỷ|tỉ)\s+)?đồng\b(?!\s*[/\w])", re.IGNORECASE)
# What stands above a table and says what its figures are: "Đơn vị tính: nghìn đồng"; "Đơn vị: …" may name an office.
_MEASURED_IN = re.compile(
    r"^\W*(?:(?:Đơn vị tính|ĐVT)\s*:|Đơn vị\s*:(?=.*(?:đồng|%|\b(?:tấn|tạ|kg|ha|m[23²³]|lít|người|hộ|con|cây))\W*$))\s*"
    r"(?P<unit>[^.;:)]{1,40})\W*$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(?:\d{1,3}|[IVX]{1,5}|[A-H])\.?")
_ROMAN = re.compile(r"[IVX]{1,5}")
_NOTE = 12  # so many words of a row that says nothing else are a note, not the name of a group
_COUNTS = re.compile(r"(?:stt|tt|số tt|số thứ tự)\.?")
_CLAUSE = re.compile(r"Khoản (\d{1,3})[a-zđ]?$")
_RULE = re.compile(r"^\s*\|?[\s:|]*-[\s:|-]*\|?\s*$")


@dataclass(frozen=True)
class Unit:
    """A piece of a passage: its words, the line it stands in, and for a row the header's cells."""

    text: str
    kind: UnitKind
    line: int
    header: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    ordinal: str = ""
    depth: int = 0


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, whole and in order."""
    parts: list[str] = []
    for piece in _END.split(text.strip()):
        if parts and _SHORT.search(parts[-1]):
            parts[-1] += " " + piece
        elif piece.strip():
            parts.append(piece.strip())
    # "Có." and "Không." only mean something with what follows.
    joined: list[str] = []
    for part in parts:
        if joined and len(joined[-1]) < 14 and joined[-1].count(" ") < 3:
            joined[-1] += " " + part
        else:
            joined.append(part)
    return joined


def cells_of(line: str) -> tuple[str, ...]:
    """The cells of a Markdown table line."""
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def is_row(line: str) -> bool:
    """Whether a line is one of a Markdown table."""
    return line.lstrip().startswith("|") and line.count("|") >= 2


def units(passage: Passage) -> list[Unit]:
    """The units of a passage in reading order; table headers are carried by their rows."""
    found: list[Unit] = []
    header: tuple[str, ...] = ()
    in_table, measure = False, ""
    groups: list[tuple[int, str]] = []  # the names above a row, each with its level
    named = Counter(name for line in passage.lines if is_row(line) and (name := _name(cells_of(line))))
    clause = _CLAUSE.match(passage.breadcrumb[-1]) if passage.breadcrumb else None
    for number, line in _whole_lines(passage.lines):
        if not line.strip():
            in_table = False
            continue
        if is_row(line):
            if _RULE.match(line):
                continue
            cells = cells_of(line)
            if not in_table:
                header, in_table, groups = cells, True, []
                continue
            only = _only(cells)
            if only and _is_note(only, cells):
                found += [Unit(sentence, "sentence", number) for sentence in sentences(only)]
                continue
            if only:
                level = _level(cells[0])
                groups = [*((at, name) for at, name in groups if at < level), (level, only)]
            counted = bool(header and _COUNTS.fullmatch(header[0].lower()))  # the number of a row is no name
            names, told = header[counted:], cells[counted:]
            if measure and names and any(cell[:1].isdigit() for cell in told):
                names, told = (*names, _MEASURE), (*told, *[""] * (len(names) - len(told)), measure)
            if groups and told and not only and named[_name(cells)] > 1:
                told = (": ".join((*(name for _, name in groups), told[0])), *told[1:])
            found.append(Unit(line.strip(), "row", number, names, told))
            continue
        in_table = False
        if measured := _MEASURED_IN.match(line):
            measure = measured["unit"].strip()
        if clause and number == 0:
            line = re.sub(rf"^\s*{clause[1]}\s?[.)/]\s*", "", line)  # its number is its place, not one of a list
        for piece in _DASHED.split(line):
            if match := _ITEM.match(piece):
                ordinal = _ORDINAL.match(piece)
                depth = (len(piece) - len(piece.lstrip())) // 2
                text = piece[match.end() :].strip()
                found.append(Unit(text, "item", number, ordinal=ordinal[1] if ordinal else "", depth=depth))
            else:
                found += [Unit(sentence, "sentence", number) for sentence in sentences(piece)]
    return found


def _only(cells: Sequence[str]) -> str:
    """What a row says that has nothing but one thing, be it in several merged cells, and a mark before it (I, A); empty
    for any other row, one with a number, and where there is but one column."""
    marked = bool(cells) and _COUNTED.fullmatch(cells[0]) is not None
    said = {cell for cell in cells[marked:] if cell}
    only = said.pop() if len(said) == 1 and len(cells) - marked > 1 else ""
    return "" if only[:1].isdigit() or cells[0][:1].isdigit() else only


def _is_note(only: str, cells: Sequence[str]) -> bool:
    """Whether the one thing that a row says notes something on the others: a sentence without a number."""
    return only == next(filter(None, cells)) and (only.endswith(".") or ":" in only or len(only.split()) >= _NOTE)


def _level(mark: str) -> int:
    """How high a row stands that names a group: I before A before one without a mark."""
    return 0 if _ROMAN.fullmatch(mark.rstrip(".")) else 1 if mark else 2


def _name(cells: Sequence[str]) -> str:
    """What a row is of: its first cell that is no number of it."""
    return next((cell for cell in cells if cell and not _COUNTED.fullmatch(cell)), "")


def is_group(unit: Unit) -> bool:
    """Whether a row only names what the rows below it are of."""
    return unit.kind == "row" and bool(_only(cells_of(unit.text)))


def _whole_lines(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Each line with its number, the lines of a scan joined that one sentence was broken into."""
    number, whole = 0, ""
    for n, line in enumerate(lines):
        if whole and _BROKEN.search(whole) and _goes_on(line) and not _ITEM.match(line):
            whole = f"{whole.rstrip()} {line.strip()}"
            continue
        if n:
            yield number, whole
        number, whole = n, line
    yield number, whole


def _goes_on(line: str) -> bool:
    """Whether a line begins within a sentence."""
    return line[:1].islower() or line[:1] == "("


def _with_unit(cell: str, name: str) -> str:
    """A bare figure in a column of points says that it is points, one in a column of money ("triệu đồng") of which."""
    if cell.isdigit() and re.search(r"\bđiểm\b", name, re.IGNORECASE):
        return f"{cell} điểm"
    if (money := _MONEY.search(name)) and cell.isdigit() and (money[1] or len(cell) >= _THOUSANDS):
        return f"{int(cell):,} {money[0].lower()}".replace(",", ".")
    return cell


def _within(name: str) -> str:
    """A column's name within a line; that of a place or an abbreviation keeps its capital."""
    return name if name[1:2].isupper() or name.partition(" ")[2][:1].isupper() else name[:1].lower() + name[1:]


def row_as_text(unit: Unit) -> str:
    """A table row as one readable line: `Hạng: 4 sao; Tổng điểm: từ 70 đến dưới 90`."""
    pairs = [(name, cell) for name, cell in zip(unit.header, unit.cells, strict=False) if cell and cell != "–"]
    if not pairs:
        return "; ".join(cell for cell in unit.cells if cell)
    (_, subject), rest = pairs[0], pairs[1:]
    told = "; ".join(f"{_within(name)}: {_with_unit(cell, name)}" if name else cell for name, cell in rest)
    return f"{subject} – {told}" if told else subject
