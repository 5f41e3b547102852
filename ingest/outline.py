"""Sections: what stands at one place of a text, and how texts without articles fall into them.

Appendices, forms, plans and reports are cut by numbered headings: `I.`, `A.`, `1.`, `1.1.`, `Phần I`, `Mẫu số 01`; and
then at numbered clauses, which are no headings but sentences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from ingest.blocks import Table
from ingest.legal import CLAUSE, Line, Unit, container, counting, grouping, is_upper, outline, title_goes_on

Element = Line | Table

CLOSED = "Nơi nhận, ký tên"
_RECEIVERS = re.compile(r"Nơi nhận\s*:")
GROUPS = ("part", "chapter", "section", "subsection")
LISTED = re.compile(r"(?:[-–+•*☐☑□]|\(?[a-zđ]\d?[.)]|\(?\d{1,3}(?:\.\d+)*[.)]|[ivx]+[.)])\s")
_SET = re.compile(r"Bộ sản phẩm\s*:?\s*")
# A clause of a notice or of minutes tells by itself, as most of a section's must; the items of a list are shorter, or
# end otherwise.
_FULL_STOP, _CLAUSE_WORDS, _MOST = re.compile(r"\.\W*$"), 8, 0.75
_CUT_OTHERWISE = ("form", "set", "criterion", "closing", "article")
# How a paragraph begins that belongs to the clause above it.
_CASE = re.compile(r"(?:Trường hợp|Trong trường hợp|Nếu|Riêng|Đối với|Khi|Ngoài ra|Sau|Trước)\b|\(")
# What only counts a list, and what may open clauses as well as one.
_COUNTS = re.compile(
    r"\b(?:hồ sơ|thành phần|giấy tờ|tài liệu|danh mục|danh sách|các bước|trình tự|quy trình)\b", re.IGNORECASE
)
_SAYS = re.compile(r"\bnhư sau:$")


@dataclass(frozen=True)
class Section:
    """What stands at one place; `lead` are lines from above that must go along with every piece of it."""

    path: tuple[Unit, ...]
    elements: tuple[Element, ...]
    lead: tuple[Line, ...] = ()
    hints: str = ""


def contained(elements: Sequence[Element], prefix: tuple[Unit, ...]) -> list[Section]:
    """Sections of appendices, forms and texts without articles, by their numbered headings."""
    found: list[Section] = []
    path: list[Unit] = []
    run: list[Element] = []
    seen: set[str] = set()

    def finish() -> None:
        if run or path:
            found.append(Section((*prefix, *path), tuple(run)))
        run.clear()

    at = 0
    while at < len(elements):
        line = elements[at]
        at += 1
        unit = _next_unit(line, path, seen) if isinstance(line, Line) else None
        if unit is None and _closes(elements, at - 1, path):
            unit = Unit("closing", "", "", CLOSED)
        if unit is None:
            run.append(line)
            continue
        finish()
        path = _place(unit, path)
        if unit.kind in ("appendix", "form", "part", "chapter"):
            unit, at = with_title(unit, elements, at, len(elements))
        if unit.kind == "closing":
            run.append(line)
        path.append(unit)
        seen.add("/".join(u.key for u in path))
    finish()
    return without_empty(found)


def clauses(section: Section) -> list[Section]:
    """A section of a text without articles, cut at its clauses ("1. Trâu, bò: …", "2. Lợn: …") where each tells by
    itself; whole where its numbers only count a list."""
    headed = section.path[-1].title if section.path else ""
    if _COUNTS.search(headed) or any(unit.kind in _CUT_OTHERWISE for unit in section.path):
        return [section]
    marks = [
        (i, int(match.group(1)))
        for i, e in enumerate(section.elements)
        if isinstance(e, Line) and not e.quoted and (match := CLAUSE.match(e.text))
    ]
    run = counting([(number, "") for _, number in marks], gap=0, first=1)
    starts = [marks[k][0] for k in run]
    if len(starts) < 2 or sum(number == 1 for _, number in marks) > 1:  # several lists
        return [section]
    before = section.elements[: starts[0]]
    above = before[-1].text if before and isinstance(before[-1], Line) else ""
    if above.endswith(":") and (_COUNTS.search(above) or not _SAYS.search(above)):
        return [section]
    end = len(section.elements)
    parts = [section.elements[i:j] for i, j in zip(starts, [*starts[1:], end], strict=True)]
    if not any(map(_paragraphs, parts[:-1])) and (after := _paragraphs(parts[-1])):
        end, parts[-1] = end - after, parts[-1][:-after]  # what ends the text is no part of its last clause
    if sum(map(_tells, parts)) < _MOST * len(parts):
        return [section]
    units = (Unit("clause", str(number), "", "Khoản", f"k{number}") for number, _ in enumerate(parts, 1))
    found = [Section((*section.path, unit), part, section.lead) for unit, part in zip(units, parts, strict=True)]
    around = [replace(section, elements=rest) if rest else None for rest in (before, section.elements[end:])]
    return [one for one in (around[0], *found, around[1]) if one]


def _paragraphs(part: Sequence[Element]) -> int:
    """How many paragraphs end a clause that are neither its own line nor of it: listed, announced, or a case of it."""
    after = list(takewhile(lambda e: isinstance(e, Line) and not LISTED.match(e.text), reversed(part[1:])))
    texts = [e.text for e in part[: len(part) - len(after)] if isinstance(e, Line)]
    of_it = any(isinstance(e, Line) and (e.text[:1].islower() or _CASE.match(e.text)) for e in after)
    return 0 if of_it or (texts and texts[-1].endswith(":")) else len(after)


def _tells(part: Sequence[Element]) -> bool:
    """Whether a clause tells something by itself: whole sentences, or an opening and what it opens."""
    lines = [e.text for e in part if isinstance(e, Line)]
    whole = len(lines) < len(part) or (len(lines) > 1 and lines[0].endswith(":"))
    return whole or bool(_FULL_STOP.search(lines[-1]) and len(" ".join(lines).split()) >= _CLAUSE_WORDS)


def _closes(elements: Sequence[Element], at: int, path: Sequence[Unit]) -> bool:
    """Whether the list of who receives the text begins here: nothing numbered follows but appendices."""
    line = elements[at]
    if not isinstance(line, Line) or not _RECEIVERS.match(line.text):
        return False
    if any(u.kind in ("appendix", "form", "closing") for u in path):
        return False
    for later in elements[at + 1 :]:
        if isinstance(later, Line) and container(later):
            return True
        if isinstance(later, Line) and outline(later):
            return False
    return True


def _next_unit(line: Line, path: Sequence[Unit], seen: set[str]) -> Unit | None:
    unit = container(line) or grouping(line) or outline(line)
    if unit is None:
        return None
    if unit.kind in ("appendix", "form", *GROUPS):
        again = "/".join(u.key for u in [*_place(unit, path), unit]) in seen
        return None if again or not (line.stands_out or not unit.title or unit.kind == "form") else unit
    if unit.kind == "number" and (_SET.match(unit.title) or any(u.kind == "set" for u in path)):
        unit = Unit("set", unit.number, _SET.sub("", unit.title), "Bộ sản phẩm", f"B{unit.number}")
    peers = [u for u in path if u.kind == unit.kind]
    if unit.kind == "decimal":
        return unit if not peers or _value(unit.number) > _value(peers[-1].number) else None
    expected = _value(peers[-1].number)[0] + 1 if peers else 1
    return unit if _value(unit.number)[0] == expected else None


def _place(unit: Unit, path: Sequence[Unit]) -> list[Unit]:
    """The units under which a new one stands: those above the open one of its kind."""
    if unit.kind in ("appendix", "closing"):
        return []
    if unit.kind == "form":
        return [u for u in path if u.kind == "appendix"]
    kept: list[Unit] = []
    for above in path:
        if above.kind == unit.kind and not unit.number.startswith(above.number + "."):
            break
        if unit.kind in GROUPS and above.kind not in ("appendix", "form", *GROUPS[: GROUPS.index(unit.kind)]):
            break
        kept.append(above)
    return kept


def _value(number: str) -> tuple[int, ...]:
    """A number as it sorts: 1.2 → (1, 2), IV → (4,), B → (2,)."""
    if number[0].isdigit():
        return tuple(int(part) for part in re.findall(r"\d+", number))
    if set(number) <= set("IVX"):
        values = [{"I": 1, "V": 5, "X": 10}[c] for c in number]
        return (sum(-v if any(w > v for w in values[i + 1 :]) else v for i, v in enumerate(values)),)
    return ("ABCDEFGH".find(number) + 1,)


def with_title(unit: Unit, elements: Sequence[Element], at: int, end: int) -> tuple[Unit, int]:
    """(the unit with the title that stands on the lines below its number, where the text goes on)."""
    titles = [unit.title] if unit.title else []
    while at < end:
        line = elements[at]
        if not isinstance(line, Line) or not title_goes_on(line) or CLAUSE.match(line.text):
            break
        if titles and not (is_upper(line.text) and is_upper(titles[-1])):
            break
        titles.append(line.text)
        at += 1
    return replace(unit, title=" ".join(titles)), at


def without_empty(found: Sequence[Section]) -> list[Section]:
    """Without sections that only hold a heading which the next section carries in its path."""
    kept = []
    for i, section in enumerate(found):
        carried = i + 1 < len(found) and found[i + 1].path[: len(section.path)] == section.path
        if section.elements or not carried:
            kept.append(section)
    return kept
