"""A reading as sections: each a path of units (Chương II, Điều 7, Khoản 3) and the lines and tables that stand there.

By what the text is: articles, headings that the file marks, numbered headings, bold labels; what is in no article then
at its numbered clauses, where each tells by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.articles import ARTICLE_GAP, legal
from ingest.blocks import Block, Heading, Hint, ListItem, Paragraph, Reading, Table
from ingest.legal import Line, Unit, article, counting, quoted
from ingest.outline import Element, Section, clauses, contained, without_empty

# A "heading" longer than this is a paragraph set in a heading style; so is an item of a list, or a whole sentence.
HEADING = 300
_SENTENCE = 100
_ITEM = re.compile(r"[-–+•*]\s")
_LABEL = re.compile(r"(?![-–+•*(\d])[^:]{3,80}:$")
_LABELLED = re.compile(r"[A-ZĐÀ-Ỹ][^:.;]{3,60}:\s+\S")
_LABELS = 3


def sections(reading: Reading, *, handbook: bool = False) -> list[Section]:
    """The sections of a reading in order; a handbook page is cut by its headings alone."""
    if handbook:
        return _by_headings(reading.blocks)
    return [part for section in _sections([_unset(block) for block in reading.blocks]) for part in clauses(section)]


def _sections(blocks: Sequence[Block]) -> list[Section]:
    elements = _elements(blocks)
    heads = [(i, head) for i, e in enumerate(elements) if isinstance(e, Line) and (head := article(e))]
    if len(counting([head[:2] for _, head in heads], gap=ARTICLE_GAP)) >= 2 or _is_decision(elements, heads):
        return legal(elements)
    if any(isinstance(b, Heading) for b in blocks[1:]):
        return _by_headings(blocks)
    first = blocks[0] if blocks else None
    if isinstance(first, Heading) and len(elements) > 1 and len(first.text) <= HEADING:
        return contained(elements[1:], (Unit("heading", "", "", first.text),))
    found = contained(elements, ())
    return found if len(found) > 1 else _by_labels(elements) or found


def _unset(block: Block) -> Block:
    """The block, as a paragraph where only its style calls it a heading."""
    if not isinstance(block, Heading):
        return block
    sentence = len(block.text) > _SENTENCE and block.text.endswith((".", ";", ","))
    return Paragraph(block.text, block.page) if sentence or _ITEM.match(block.text) else block


def _by_labels(elements: Sequence[Element]) -> list[Section]:
    """A sheet without numbers, cut at its bold labels (`Thành phần hồ sơ:`); nothing where there are too few."""
    labels = {i for i, e in enumerate(elements) if isinstance(e, Line) and e.bold and _LABEL.match(e.text)}
    if len(labels) < _LABELS:
        return []
    found: list[Section] = []
    path: tuple[Unit, ...] = ()
    run: list[Element] = []
    for i, element in enumerate(elements):
        begins = i in labels
        # `Cơ quan thực hiện: …` on one line is a label of its own and ends what stood under the last one.
        ends = isinstance(element, Line) and path and not element.bold and _LABELLED.match(element.text)
        if (begins or ends) and (run or path):
            found.append(Section(path, tuple(run)))
            run = []
        if begins and isinstance(element, Line):
            path = (Unit("heading", "", "", element.text.rstrip(": ")),)
        elif ends:
            path = ()
        if not begins:
            run.append(element)
    if run or path:
        found.append(Section(path, tuple(run)))
    return without_empty(found)


def missing_articles(reading: Reading) -> list[int]:
    """The numbers that the articles of a text skip, up to its last one."""
    heads = [head for e in _elements(reading.blocks) if isinstance(e, Line) and (head := article(e))]
    run = [heads[k][0] for k in counting([head[:2] for head in heads], gap=ARTICLE_GAP)]
    return sorted(set(range(1, max(run, default=0))) - set(run))


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
    return without_empty(found)
