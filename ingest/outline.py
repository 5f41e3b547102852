"""A reading as sections: each a path of units (Chương II, Điều 7, Khoản 3) and the lines and tables that stand there.

Three ways, by what the text is: articles (laws, decrees, decisions and regulations attached to them), headings that the
file marks, and numbered headings (I., 1., 1.1.) in plans, reports, appendices and forms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.blocks import Block, Heading, Hint, ListItem, Paragraph, Reading, Table
from ingest.legal import (
    ATTACHED,
    CLAUSE,
    CLOSING,
    Line,
    Unit,
    article,
    container,
    counting,
    grouping,
    is_upper,
    outline,
    quoted,
    title_goes_on,
)

Element = Line | Table

# An introduction that ends in a colon governs every clause under it; a longer one is a text of its own.
LEAD = 400
CLOSED = "Nơi nhận, ký tên"
# A "heading" longer than this is a paragraph set in a heading style.
HEADING = 300
# Numbers missing between two articles (an excerpt, a lost page) or clauses (a lost line).
ARTICLE_GAP, CLAUSE_GAP = 60, 2
_SET = re.compile(r"Bộ sản phẩm\s*:?\s*")
_ATTACHMENT = re.compile(r"(?:QUY CHẾ|QUY ĐỊNH|ĐIỀU LỆ|NỘI QUY|CHƯƠNG TRÌNH|ĐỀ ÁN|HƯỚNG DẪN|KẾ HOẠCH|CHIẾN LƯỢC)\b")
_GROUPS = ("part", "chapter", "section", "subsection")


@dataclass(frozen=True)
class Section:
    """What stands at one place; `lead` are lines from above that must go along with every piece of it."""

    path: tuple[Unit, ...]
    elements: tuple[Element, ...]
    lead: tuple[Line, ...] = ()
    hints: str = ""


def sections(reading: Reading, *, handbook: bool = False) -> list[Section]:
    """The sections of a reading in order; a handbook page is cut by its headings alone."""
    if handbook:
        return _by_headings(reading.blocks)
    elements = _elements(reading.blocks)
    heads = [(i, head) for i, e in enumerate(elements) if isinstance(e, Line) and (head := article(e))]
    if len(counting([head[:2] for _, head in heads], gap=ARTICLE_GAP)) >= 2 or _is_decision(elements, heads):
        return _legal(elements)
    if any(isinstance(b, Heading) for b in reading.blocks[1:]):
        return _by_headings(reading.blocks)
    return _contained(elements, ())


def _is_decision(elements: Sequence[Element], heads: Sequence[tuple[int, tuple[int, str, str]]]) -> bool:
    """One article alone counts when it is the first and a legal text's head stands above it."""
    if not heads or heads[0][1][0] != 1:
        return False
    above = (e.text for e in elements[: heads[0][0]] if isinstance(e, Line))
    return any(text.startswith(("Căn cứ", "QUYẾT ĐỊNH", "NGHỊ QUYẾT", "NGHỊ ĐỊNH", "THÔNG TƯ")) for text in above)


def _elements(blocks: Sequence[Block]) -> list[Element]:
    """Blocks as lines and tables, each line knowing whether it is inside a quotation."""
    elements: list[Element] = []
    for block in blocks:
        match block:
            case Heading():
                elements.append(Line(block.text, block.page, heading=block.level))
            case Paragraph():
                elements.append(Line(block.text, block.page, centred=block.centred, bold=block.bold))
            case ListItem():
                elements.append(Line(f"{block.marker} {block.text}", block.page))
            case Table():
                elements.append(block)
    places = [i for i, e in enumerate(elements) if isinstance(e, Line)]
    inside = quoted([e.text for e in elements if isinstance(e, Line)])
    for place, flag in zip(places, inside, strict=True):
        line = elements[place]
        if flag and isinstance(line, Line):
            elements[place] = replace(line, quoted=True)
    return elements


def _by_headings(blocks: Sequence[Block]) -> list[Section]:
    found: list[Section] = []
    stack: list[tuple[int, Unit]] = []
    run: list[Block] = []
    hints: list[str] = []

    def finish() -> None:
        elements = _elements(run)
        path = tuple(unit for _, unit in stack)
        if elements or (path and not hints):
            found.append(Section(path, tuple(elements), hints="\n".join(hints)))
        run.clear()
        hints.clear()

    for block in blocks:
        if isinstance(block, Heading) and len(block.text) <= HEADING:
            if run or hints or stack:
                finish()
            while stack and stack[-1][0] >= block.level:
                stack.pop()
            stack.append((block.level, Unit("heading", "", "", block.text)))
        elif isinstance(block, Hint):
            hints.append(block.text)
        else:
            run.append(block)
    finish()
    return _without_empty(found)


def _without_empty(found: Sequence[Section]) -> list[Section]:
    """Without sections that only hold a heading which the next section carries in its path."""
    kept = []
    for i, section in enumerate(found):
        carried = i + 1 < len(found) and found[i + 1].path[: len(section.path)] == section.path
        if section.elements or not carried:
            kept.append(section)
    return kept


def _legal(elements: Sequence[Element]) -> list[Section]:
    """Sections of a text with articles: a body, then what is attached to it, each with a numbering of its own."""
    starts = _attachments(elements)
    found: list[Section] = []
    for start, end in zip(starts, [*starts[1:], len(elements)], strict=True):
        part = elements[start:end]
        prefix: tuple[Unit, ...] = ()
        if start and isinstance(part[0], Line) and container(part[0]) is None:
            prefix = (_attachment(part),)
        found.extend(_body(part, prefix))
    return _without_empty(found)


def _attachments(elements: Sequence[Element]) -> list[int]:
    """Where a text begins, and where each regulation attached to it begins: articles count from 1 again."""
    starts = [0]
    last = -1
    for i, element in enumerate(elements):
        head = article(element) if isinstance(element, Line) else None
        if head is None:
            continue
        if head[0] == 1 and last >= 0:
            between = range(last + 1, i)
            titles = [j for j in between if _opens_attachment(elements, j)]
            if titles:
                starts.append(titles[0])
        last = i
    return starts


def _attachment(part: Sequence[Element]) -> Unit:
    """What is attached, by its first lines: `QUY CHẾ Hoạt động của Hội đồng`."""
    names = [e.text for e in part[:3] if isinstance(e, Line)]
    end = next(
        (i for i, name in enumerate(names) if i and (name.startswith("(") or not title_goes_on(Line(name)))), len(names)
    )
    # Its articles count from 1 again: `[Quy-chế] Đ3` is not Điều 3 of the decision that issues it.
    mark = "-".join(names[0].split()[:2]).capitalize()
    return Unit("attachment", "", "", " ".join(names[:end])[:HEADING], f"[{mark}]")


def _opens_attachment(elements: Sequence[Element], at: int) -> bool:
    line = elements[at]
    if not isinstance(line, Line) or line.quoted:
        return False
    if container(line):
        return True
    if not is_upper(line.text) or CLOSING.match(line.text):
        return False
    near = (e for e in elements[at + 1 : at + 8] if isinstance(e, Line))
    return bool(_ATTACHMENT.match(line.text)) or any(ATTACHED.match(e.text) for e in near)


def _body(elements: Sequence[Element], prefix: tuple[Unit, ...]) -> list[Section]:
    heads = [(i, head) for i, e in enumerate(elements) if isinstance(e, Line) and (head := article(e))]
    run = counting([head[:2] for _, head in heads], gap=ARTICLE_GAP)
    articles = {heads[k][0]: heads[k][1] for k in run}
    last = max(articles, default=-1)
    end = next((i for i in range(last + 1, len(elements)) if _ends_articles(elements[i])), len(elements))
    found: list[Section] = []
    groups: list[Unit] = []
    at = 0
    opening: list[Element] = []
    while at < end:
        line = elements[at]
        unit = grouping(line) if isinstance(line, Line) else None
        if at in articles:
            stop = next((j for j in range(at + 1, end) if j in articles or _begins_group(elements, j, articles)), end)
            found.extend(_article(elements[at:stop], articles[at], (*prefix, *groups)))
            at = stop
        elif unit and _begins_group(elements, at, articles):
            unit, at = _with_title(unit, elements, at + 1, end)
            groups = [g for g in groups if _GROUPS.index(g.kind) < _GROUPS.index(unit.kind)] + [unit]
        else:
            opening.append(line)
            at += 1
    if opening:
        found.insert(0, Section((*prefix, Unit("opening", "", "", "Phần mở đầu")), tuple(opening)))
    return found + _after(elements[end:], prefix)


def _ends_articles(element: Element) -> bool:
    if not isinstance(element, Line) or element.quoted:
        return False
    return bool(CLOSING.match(element.text)) or container(element) is not None


def _begins_group(elements: Sequence[Element], at: int, articles: dict[int, tuple[int, str, str]]) -> bool:
    """Whether a chapter, part or section begins here: only titles stand between it and the next article."""
    first = elements[at]
    if not isinstance(first, Line) or grouping(first) is None:
        return False
    for j in range(at + 1, min(at + 9, len(elements))):
        element = elements[j]
        if j in articles:
            return True
        if not isinstance(element, Line) or not (grouping(element) or title_goes_on(element)):
            return False
    return False


def _with_title(unit: Unit, elements: Sequence[Element], at: int, end: int) -> tuple[Unit, int]:
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


def _article(elements: Sequence[Element], head: tuple[int, str, str], above: tuple[Unit, ...]) -> list[Section]:
    number, letter, rest = head
    first = elements[0]
    assert isinstance(first, Line)
    body = list(elements[1:])
    unit = Unit("article", f"{number}{letter}", "", "Điều", f"Đ{number}{letter}")
    if not rest and body and isinstance(body[0], Line) and title_goes_on(body[0]) and not CLAUSE.match(body[0].text):
        rest, body = body[0].text, body[1:]
        unit = replace(unit, title=rest)
    elif rest and len(rest) <= 300 and (first.bold or first.heading or _is_heading_text(rest)):
        unit = replace(unit, title=rest)
    elif rest:
        body.insert(0, first)
    path = (*above, unit)
    marks = [(i, _numbered(e)) for i, e in enumerate(body) if isinstance(e, Line) and _numbered(e)]
    run = counting([mark for _, mark in marks if mark], gap=CLAUSE_GAP)
    starts = [marks[k][0] for k in run]
    numbers = [mark for k in run if (mark := marks[k][1])]
    if not starts:
        return [Section(path, tuple(body))]
    lead = tuple(e for e in body[: starts[0]] if isinstance(e, Line))
    found = []
    if len(lead) < starts[0] or sum(len(e.text) for e in lead) > LEAD or (lead and not lead[-1].text.endswith(":")):
        found.append(Section(path, tuple(body[: starts[0]])))
        lead = ()
    for start, stop, (n, suffix) in zip(starts, [*starts[1:], len(body)], numbers, strict=True):
        clause = Unit("clause", f"{n}{suffix}", "", "Khoản", f"k{n}{suffix}")
        found.append(Section((*path, clause), tuple(body[start:stop]), lead))
    return found


def _is_heading_text(text: str) -> bool:
    return len(text) <= 200 and not re.search(r"[.;:,…]$", text)


def _numbered(line: Line) -> tuple[int, str] | None:
    match = None if line.quoted else CLAUSE.match(line.text)
    return (int(match.group(1)), match.group(2)) if match else None


def _after(elements: Sequence[Element], prefix: tuple[Unit, ...]) -> list[Section]:
    """What follows the last article: who receives and signs, then appendices and forms."""
    starts = [i for i, e in enumerate(elements) if isinstance(e, Line) and container(e)]
    first = starts[0] if starts else len(elements)
    found = []
    if first:
        found.append(Section((*prefix, Unit("closing", "", "", CLOSED)), tuple(elements[:first])))
    return found + _contained(elements[first:], prefix)


def _contained(elements: Sequence[Element], prefix: tuple[Unit, ...]) -> list[Section]:
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
        if unit is None:
            run.append(line)
            continue
        finish()
        path = _place(unit, path)
        if unit.kind in ("appendix", "form", "part", "chapter"):
            unit, at = _with_title(unit, elements, at, len(elements))
        if unit.kind == "closing":
            run.append(line)
        path.append(unit)
        seen.add("/".join(u.key for u in path))
    finish()
    return _without_empty(found)


def _next_unit(line: Line, path: Sequence[Unit], seen: set[str]) -> Unit | None:
    unit = container(line) or grouping(line) or outline(line)
    if unit is None:
        formal = any(u.kind in ("appendix", "form", "closing") for u in path)
        return Unit("closing", "", "", CLOSED) if line.text.startswith("Nơi nhận") and not formal else None
    if unit.kind in ("appendix", "form", *_GROUPS):
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
        if above.kind == unit.kind:
            break
        if unit.kind in _GROUPS and above.kind not in ("appendix", "form", *_GROUPS[: _GROUPS.index(unit.kind)]):
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
