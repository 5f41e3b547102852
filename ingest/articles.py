"""Texts with articles: laws, decrees, decisions, and the regulations attached to them with a numbering of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

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
    title_goes_on,
)
from ingest.outline import CLOSED, GROUPS, Element, Section, contained, with_title, without_empty

# An introduction that ends in a colon governs every clause under it; a longer one is a text of its own.
LEAD = 400
# Numbers missing between two articles (an excerpt, a lost page) or clauses (a lost line).
ARTICLE_GAP, CLAUSE_GAP = 60, 2
_NAME = 300
_TITLE_LINES, _TITLE_WORDS = 3, 2
_ATTACHMENT = re.compile(r"(?:QUY CHẾ|QUY ĐỊNH|ĐIỀU LỆ|NỘI QUY|CHƯƠNG TRÌNH|ĐỀ ÁN|HƯỚNG DẪN|KẾ HOẠCH|CHIẾN LƯỢC)\b")


def legal(elements: Sequence[Element]) -> list[Section]:
    """Sections of a text with articles: a body, then what is attached to it, each with a numbering of its own."""
    starts, templates = _attachments(elements)
    found: list[Section] = []
    for start, end in zip(starts, [*starts[1:], len(elements)], strict=True):
        first = elements[start]
        prefix: tuple[Unit, ...] = ()
        until = next((at for at in templates if start < at < end), end)
        if start and isinstance(first, Line):
            unit = container(first)
            # Its articles count from 1 again: `[Quy-chế] Đ3`, `PLI Đ3` are not Điều 3 of the decision that issues it.
            prefix = (unit,) if unit else (_attachment(elements[start:end]),)
            if unit:
                unit, start = with_title(unit, elements, start + 1, end)
                prefix = (unit,)
        found.extend(_body(elements[start:end], prefix, until - start))
    return without_empty(found)


def _attachments(elements: Sequence[Element]) -> tuple[list[int], list[int]]:
    """(where the text and each regulation attached to it begin, where forms begin that print articles to fill in).

    Articles that count from 1 again are a regulation's own under its title, and a specimen's under `Mẫu số 04`.
    """
    starts, templates = [0], []
    last = -1
    for i, element in enumerate(elements):
        head = article(element) if isinstance(element, Line) else None
        if head is None:
            continue
        if head[0] == 1 and last >= 0:
            titles = [j for j in range(last + 1, i) if _opens_attachment(elements, j)]
            nearest = elements[titles[-1]] if titles else None
            unit = container(nearest) if isinstance(nearest, Line) else None
            if unit and unit.kind == "form":
                templates.append(titles[-1])
            elif titles:
                # `PHỤ LỤC I` above `QUY CHẾ` above `CHỢ QUÊ`: one title over several lines.
                near = [b - a <= _TITLE_LINES for a, b in pairwise(titles)]
                apart = max((k for k, close in enumerate(near, 1) if not close), default=0)
                starts.append(titles[apart])
        last = i
    return starts, templates


def _attachment(part: Sequence[Element]) -> Unit:
    """What is attached, by its first lines: `QUY CHẾ Hoạt động của Hội đồng`."""
    names = [e.text for e in part[:3] if isinstance(e, Line)]
    end = next(
        (i for i, name in enumerate(names) if i and (name.startswith("(") or not title_goes_on(Line(name)))), len(names)
    )
    mark = "-".join(names[0].split()[:2]).capitalize()
    return Unit("attachment", "", "", " ".join(names[:end])[:_NAME], f"[{mark}]")


def _opens_attachment(elements: Sequence[Element], at: int) -> bool:
    line = elements[at]
    if not isinstance(line, Line) or line.quoted:
        return False
    if container(line):
        return True
    if not is_upper(line.text) or CLOSING.match(line.text):
        return False
    if _ATTACHMENT.match(line.text):
        return True
    passed = False  # whether something else than a title stands between: the office and name of who signed
    for near in (e for e in elements[at + 1 : at + 8] if isinstance(e, Line)):
        if ATTACHED.match(near.text):
            return True
        if container(near) or _ATTACHMENT.match(near.text) or (passed and is_upper(near.text)):
            return False
        passed = passed or not is_upper(near.text)
    return False


def _body(elements: Sequence[Element], prefix: tuple[Unit, ...], until: int) -> list[Section]:
    """The articles up to `until` under their chapters, what stands before them, and what follows."""
    heads = [(i, head) for i, e in enumerate(elements[:until]) if isinstance(e, Line) and (head := article(e))]
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
            unit, at = with_title(unit, elements, at + 1, end)
            groups = [g for g in groups if GROUPS.index(g.kind) < GROUPS.index(unit.kind)] + [unit]
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
    """What follows the last article: who receives and signs, then appendices, forms and tables attached to the text."""
    starts = [i for i, e in enumerate(elements) if isinstance(e, Line) and (container(e) or _annexed(elements, i))]
    first = starts[0] if starts else len(elements)
    found = []
    if first:
        found.append(Section((*prefix, Unit("closing", "", "", CLOSED)), tuple(elements[:first])))
    opened = elements[first] if starts else None
    unit = container(opened) if isinstance(opened, Line) else None
    if isinstance(opened, Line) and unit is None:  # `BIỂU PHÍ … (Ban hành kèm theo …)`, without a number of its own
        title = opened.text.partition("(")[0].strip()
        until = next((i for i in starts[1:] if elements[i] is not opened), len(elements))
        annex = contained(elements[first:until], (Unit("heading", "", "", title[:_NAME]),))
        return found + annex + (_after(elements[until:], prefix) if until < len(elements) else [])
    beside = unit and unit.kind == "appendix" and any(above.kind == "appendix" for above in prefix)
    return found + contained(elements[first:], () if beside else prefix)


def _annexed(elements: Sequence[Element], at: int) -> bool:
    """Whether a title stands here that says, or whose next lines say, that it is attached to the text above."""
    line = elements[at]
    if not isinstance(line, Line) or line.quoted or CLOSING.match(line.text):
        return False
    title, bracket, rest = line.text.partition("(")
    if not is_upper(title) or len(title.split()) < _TITLE_WORDS:
        return False
    if bracket:
        return ATTACHED.match(f"({rest}") is not None
    after = next(
        (e for e in elements[at + 1 : at + 1 + _TITLE_LINES] if not (isinstance(e, Line) and is_upper(e.text))), 0
    )
    return isinstance(after, Line) and ATTACHED.match(after.text) is not None
