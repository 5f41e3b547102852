"""Cuts a reading into passages: pieces that can answer alone and be cited exactly.

One passage for each clause of an article (one without clauses: one for the article) or of a notice ("2. Lợn từ 04
tuần tuổi: …"), each criterion of a score sheet, each section under a heading. A place of up to 1,600 characters stays
whole; a longer one is cut at its points, list items, rows, paragraphs or, last, sentences into pieces of about 1,200,
never above 2,000 but for context that goes along: the clause's opening line, the header of a table. The bounds are
chosen on what they give: clauses of Vietnamese laws have a median of 170 to 280 characters and 95 % stay under 1,140,
so nearly all remain whole, and a piece still fits a phone.
Measured: decision 26/2026/QĐ-TTg 899 passages, median 431, p95 978, longest 1,479; the civil code 1,636 passages,
longest 1,291; the criminal code 1,454, longest 1,954.

`place` is the structural path; `#n` counts earlier passages of the same place *and text*, so an edit never renumbers
what stands behind it. Two pieces of one clause may share a place; the id (place and text) is theirs alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.asked import ways_of_asking
from ingest.blocks import Reading, Table
from ingest.criteria import criteria
from ingest.legal import POINT, POINTS, Line, Unit, counting
from ingest.outline import GROUPS, LISTED, Element, Section
from ingest.pack import OPENING, Atom, Out, pack
from ingest.sections import sections
from ingest.sources import line_sources, read_sources
from knowledge.types import Document, Passage, Source

_ROMAN = re.compile(r"[IVX]+\.?$")
_INTEGER = re.compile(r"\d{1,3}\.?$")
_DECIMAL = re.compile(r"(\d{1,3}(?:\.\d{1,3})+)\.?$")
_LETTER = re.compile(r"[a-zđ][.)]?$")
# A header with its group rows above this size buries the row that it should explain.
_HEADER = 600


def chunk(document: Document, reading: Reading) -> list[Passage]:
    """The passages of a document in reading order; every word of the reading is in a text or a breadcrumb."""
    marked = document.kind in ("handbook", "curated")
    handbook = document.kind == "handbook"
    found = [
        part for s in sections(reading, handbook=handbook) for part in (_by_criteria(s) if not handbook else [(s, {})])
    ]
    titled = not any(unit.kind == "article" for section, _ in found for unit in section.path)
    passages: list[Passage] = []
    seen: Counter[tuple[str, str]] = Counter()
    for section, places in found:
        located = _locator(section.path)
        pieces = pack(_atoms(section, places, located, marked=marked))
        for number, lines in enumerate(pieces):
            points = list(dict.fromkeys(line.point for line in lines if line.point)) if len(pieces) > 1 else []
            place = "/".join([*_keys(section.path), *(f"Điểm {point}" for point in points[:1])])
            text = "\n".join(line.text for line in lines)
            breadcrumb = _breadcrumb(document, section.path, points, titled=titled)
            hints = section.hints.replace(" | ", "\n") if number == 0 else ""
            if not marked and titled:
                hints = "\n".join(ways_of_asking(document.title, breadcrumb, text))
            passages.append(
                Passage(
                    document_id=document.id,
                    place=f"{place}#{seen[place, text]}",
                    text=text,
                    breadcrumb=breadcrumb,
                    order=len(passages),
                    page=next((line.page for line in lines if line.page is not None), None),
                    sources=_sources(document, located, lines, points),
                    hints=hints,
                    warning=_warning(reading, lines),
                )
            )
            seen[place, text] += 1
    return passages


def _by_criteria(section: Section) -> list[tuple[Section, dict[int, tuple[str, ...]]]]:
    """The section, or several where it holds a score sheet; with the locators of the rows of each table."""
    out: list[tuple[Section, dict[int, tuple[str, ...]]]] = []
    run: list[Element] = []
    for element in section.elements:
        parts = criteria(element, _locator(section.path)) if isinstance(element, Table) else None
        if parts is None:
            run.append(element)
            continue
        if run:
            out.append((replace(section, elements=tuple(run)), {}))
            run = []
        out.extend((Section((*section.path, *units), (table,)), {0: places}) for units, table, places in parts)
    if run or not out:
        out.append((replace(section, elements=tuple(run)), {}))
    return out


def _atoms(section: Section, places: dict[int, tuple[str, ...]], located: str, *, marked: bool) -> list[Atom]:
    """The lines of a section in groups that stay together, each with what must stand above it."""
    lead = tuple(_out(line.text, line.page, marked=marked) for line in section.lead)
    if lead:
        lead = tuple(replace(line, locator=located.rpartition(" ")[0]) for line in lead)
    atoms: list[Atom] = []
    run: list[Out] = []  # the lines of a point under way
    above: tuple[Out, ...] = ()
    in_article = any(unit.kind == "article" for unit in section.path)
    points = _points([e for e in section.elements if isinstance(e, Line)]) if in_article else {}
    opening: tuple[Out, ...] = ()
    colon: tuple[Out, ...] = ()

    def close() -> None:
        if run:
            atoms.append(Atom(tuple(run), above))
            run.clear()

    for number, element in enumerate(section.elements):
        context = (*lead, *opening, *colon)
        if isinstance(element, Table):
            close()
            atoms.extend(_rows(element, context, places.get(number, ()), marked=marked))
            continue
        point = points.get(id(element), "")
        line = _out(element.text, element.page, marked=marked)
        if point:
            line = replace(line, locator=f"{located} đ{point}", point=point)
        listed = bool(LISTED.match(line.text))
        if point or not listed:
            colon = ()
            context = (*lead, *opening)
        if point or not (run and run[0].point):
            close()
            above = context
        run.append(line)  # a point goes on
        if number == 0 and section.path and section.path[-1].kind == "clause" and len(line.text) <= OPENING:
            opening = (line,)
        elif line.text.endswith(":") and len(line.text) <= OPENING and not point:
            colon = (line,)
    close()
    if not section.elements:
        atoms = [Atom((_out(section.path[-1].label, None, marked=False),))]
    return atoms


def _points(lines: Sequence[Line]) -> dict[int, str]:
    """The point letter of each line that opens a point, by the line's identity."""
    marks = [(line, m.group(1)) for line in lines if not line.quoted and (m := POINT.match(line.text))]
    marks = [(line, letter) for line, letter in marks if letter in POINTS]
    run = counting([(POINTS.index(letter), "") for _, letter in marks], gap=1, first=0)
    return {id(marks[k][0]): marks[k][1] for k in run}


def _rows(table: Table, context: tuple[Out, ...], places: tuple[str, ...], *, marked: bool) -> list[Atom]:
    """A table row by row, each under the header and under the rows that head its group."""
    lines = [_out(_row(row), table.page, marked=marked) for row in table.rows]
    lines = [replace(line, locator=place) for line, place in zip(lines, places, strict=True)] if places else lines
    header = tuple(lines[: table.header_rows])
    # Rows that stand without their header say so, or the first of them would be taken for it.
    unnamed = (Out("|" + " |" * max(map(len, table.rows), default=1), table.page),)
    body = lines[table.header_rows :]
    levels = [_level(row[0]) for row in table.rows[table.header_rows :]]
    grouped = len({level for level in levels if level < 9}) > 1
    atoms = []
    above: list[tuple[int, Out]] = []
    for i, (line, level) in enumerate(zip(body, levels, strict=True)):
        while above and above[-1][0] >= level:
            above.pop()
        groups = tuple(out for _, out in above)
        repeated = (*context, *(header or unnamed), *groups)
        if sum(len(out.text) for out in (*header, *groups)) > _HEADER:
            repeated = (*context, *(unnamed if i else header))
        atoms.append(Atom((line,), repeated))
        if grouped and i + 1 < len(levels) and level < levels[i + 1]:
            above.append((level, line))
    return atoms or [Atom((line,), context) for line in header]


def _level(cell: str) -> int:
    """How high a row stands by its number: I before 1 before 1.1 before a; 9 without a number."""
    if _ROMAN.match(cell):
        return 1
    if _INTEGER.match(cell):
        return 2
    if match := _DECIMAL.match(cell):
        return 2 + match.group(1).count(".")
    return 7 if _LETTER.match(cell) else 9


def _row(row: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("\n", " ").replace(" | ", " / ") for cell in row) + " |"


def _out(text: str, page: int | None, *, marked: bool) -> Out:
    if not marked:
        return Out(text, page)
    rest, marks, _ = read_sources(text)
    return Out(rest, page, marks=marks)


def _locator(path: Sequence[Unit]) -> str:
    """The place as sources write it: `Đ7 k6`, `PLII B7 m3.5`, `PLIII M02`, `ChII` for what is in no article."""
    units = {unit.kind: unit for unit in path}
    items = [unit for unit in path if unit.kind in ("roman", "capital", "number", "decimal", "criterion")]
    parts = []
    if "article" in units:
        parts = [units[kind].locator for kind in ("attachment", "appendix", "article", "clause") if kind in units]
    else:
        parts = [units[kind].locator for kind in ("attachment", "appendix", "chapter", "set") if kind in units]
        if "form" in units:
            parts.append(units["form"].locator)
        elif items:
            exact = items[-1:] if items[-1].kind in ("decimal", "criterion") else items
            parts.append("m" + ".".join(unit.number for unit in exact))
    return " ".join(parts)


def _keys(path: Sequence[Unit]) -> list[str]:
    """The path for the place: articles count through a text, so the chapter above may be renamed freely."""
    articles = any(unit.kind == "article" for unit in path)
    return [unit.key for unit in path if not (articles and unit.kind in GROUPS)] or ["Toàn văn"]


def _breadcrumb(document: Document, path: Sequence[Unit], points: Sequence[str], *, titled: bool) -> tuple[str, ...]:
    labels = [unit.label for unit in path]
    if titled and document.title and (not labels or labels[0] != document.title):
        labels.insert(0, document.title)
    if points:
        labels.append(f"Điểm {points[0]}" if len(points) == 1 else f"Điểm {points[0]}–{points[-1]}")
    return tuple(labels)


def _sources(document: Document, located: str, lines: Sequence[Out], points: Sequence[str]) -> tuple[Source, ...]:
    found: list[Source] = []
    if document.instrument:
        exact = f"{located} đ{points[0]}" if len(points) == 1 else located
        found.append(Source(document.instrument, exact))
        found.extend(
            Source(document.instrument, line.locator, line=i)
            for i, line in enumerate(lines)
            if line.locator and line.locator != exact
        )
    for i, line in enumerate(lines):
        found.extend(line_sources(line.marks, i))
    return tuple(found)


def _warning(reading: Reading, lines: Sequence[Out]) -> str:
    pages = sorted({line.page for line in lines if line.page is not None})
    return "; ".join(dict.fromkeys(reading.page_warnings[page] for page in pages if page in reading.page_warnings))
