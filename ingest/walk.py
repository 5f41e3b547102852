"""The walk over an HTML tree: events in, blocks out, in reading order.

Inline elements add to the text under way, all others end it. A table inside a cell of a real table is flattened into
that cell; a table that only lays the page out is read through.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from ingest.blocks import Block, Heading, ListItem, Paragraph
from ingest.clean import lines, symbols
from ingest.layout import belongs, flat, is_layout, whole_number
from ingest.tables import MAX_COLUMNS, Cell, grid

_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "input", "ins",
    "kbd", "label", "mark", "o:p", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
    "u", "var", "wbr",
}  # fmt: skip
_BOLD = {"b", "strong", "th"}
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_UNIT_BEFORE = re.compile(r"(?:^|[\s\d/(])(?:[kcdm]?m|ha)$")
_MSO_HEADING = re.compile(r"\b(?:MsoHeading|Heading)([1-6])\b")
_NOTE_GAP = re.compile(r"(\(\d{1,3}\)) ([).,;:])")


@dataclass
class _Flow:
    """The text of one block under way."""

    parts: list[str] = field(default_factory=list)
    bold: int = 0
    length: int = 0

    def add(self, text: str, *, bold: bool = False) -> None:
        self.parts.append(text)
        size = len(text.strip())
        self.length += size
        self.bold += size if bold else 0


@dataclass
class _Grid:
    """A table under way: finished rows, the open row, the lines of the open cell."""

    element: etree._Element
    rows: list[list[Cell]] = field(default_factory=list)
    row: list[Cell] | None = None
    cell: etree._Element | None = None
    cell_lines: list[str] = field(default_factory=list)
    cell_bold: bool = True
    head_rows: int = 0


@dataclass
class _List:
    ordered: bool
    kind: str
    number: int


class Walker:
    """Turns the events of one tree into blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._flow = _Flow()
        self._grids: list[_Grid] = []
        self._lists: list[_List] = []
        self._item: str | None = None
        self._heading = 0
        self._bold = 0
        self._centre = 0
        self._pre = 0
        self._symbol_font = 0
        self._marks: list[tuple[etree._Element, list[str]]] = []

    def start(self, element: etree._Element) -> None:
        """An element opens."""
        tag = str(element.tag).lower()
        marks = self._enter(element, tag)
        if marks:
            self._marks.append((element, marks))
        if tag == "br":
            self._flow.add("\n")
        elif tag == "img":
            self._text(f" {element.get('alt') or ''} ")
        elif tag == "input":
            if (element.get("type") or "").lower() in ("checkbox", "radio"):
                self._flow.add("☑" if element.get("checked") is not None else "☐")
        elif tag not in _INLINE:
            self._flush()
            self._open(element, tag)
        if element.text and tag not in ("input", "br"):
            self._sup(element) if tag == "sup" else self._text(element.text)

    def end(self, element: etree._Element) -> None:
        """An element closes; the text behind it follows."""
        tag = str(element.tag).lower()
        if tag not in _INLINE and tag != "br":
            self._flush()
            self._close(element, tag)
        if self._marks and self._marks[-1][0] is element:
            for mark in self._marks.pop()[1]:
                setattr(self, mark, getattr(self, mark) - 1)
        self.tail(element)

    def tail(self, element: etree._Element) -> None:
        """The text behind an element."""
        if element.tail:
            self._text(element.tail)

    def _enter(self, element: etree._Element, tag: str) -> list[str]:
        style = (element.get("style") or "").lower().replace(" ", "")
        marks = []
        if tag in _BOLD or "font-weight:bold" in style or "font-weight:700" in style:
            marks.append("_bold")
        if tag == "center" or (element.get("align") or "").lower() == "center" or "text-align:center" in style:
            marks.append("_centre")
        if tag in ("pre", "xmp"):
            marks.append("_pre")
        if "wingdings" in style or "wingdings" in (element.get("face") or "").lower():
            marks.append("_symbol_font")
        for mark in marks:
            setattr(self, mark, getattr(self, mark) + 1)
        return marks

    def _text(self, text: str) -> None:
        if self._symbol_font:
            text = symbols(text)
        if not self._pre:
            text = text.replace("\n", " ").replace("\r", " ")
        self._flow.add(text, bold=self._bold > 0)

    def _sup(self, element: etree._Element) -> None:
        """A raised figure is a power after a unit (m2), else a footnote: `(1)`, so that it never joins a word."""
        text = (element.text or "").strip()
        before = "".join(self._flow.parts[-3:])
        if text.isdigit() and not _UNIT_BEFORE.search(before.rstrip()):
            spaced = "" if not before or before[-1:].isspace() else " "
            text = f"{spaced}({text}) "
        self._text(text)

    def _open(self, element: etree._Element, tag: str) -> None:
        word = _MSO_HEADING.search(element.get("class") or "")
        if tag in _HEADINGS or word:
            self._heading = int(word.group(1)) if word else _HEADINGS[tag]
        elif tag in ("ul", "ol", "menu", "dir"):
            self._lists.append(_List(tag == "ol", element.get("type") or "1", whole_number(element.get("start"), 1)))
        elif tag == "li":
            self._item = self._marker(element)
        elif tag == "table" and not is_layout(element):
            self._grids.append(_Grid(element))
        elif self._grids:
            self._open_cell(element, tag, self._grids[-1])

    def _open_cell(self, element: etree._Element, tag: str, table: _Grid) -> None:
        if not belongs(element, table.element):
            return
        if tag == "tr":
            table.row = []
            table.rows.append(table.row)
        elif tag in ("td", "th"):
            if table.row is None:
                table.row = []
                table.rows.append(table.row)
            table.cell, table.cell_lines, table.cell_bold = element, [], True

    def _close(self, element: etree._Element, tag: str) -> None:
        if tag in _HEADINGS or _MSO_HEADING.search(element.get("class") or ""):
            self._heading = 0
        elif tag in ("ul", "ol", "menu", "dir"):
            if self._lists:
                self._lists.pop()
        elif tag == "li":
            self._item = None
        elif self._grids and element is self._grids[-1].element:
            self._finish(self._grids.pop())
        elif self._grids:
            table = self._grids[-1]
            if element is table.cell and table.row is not None and element is not None:
                table.row.append(
                    Cell(
                        "\n".join(table.cell_lines),
                        columns=min(whole_number(element.get("colspan"), 1), MAX_COLUMNS),
                        rows=whole_number(element.get("rowspan"), 1) or 10_000,
                        head=tag == "th",
                        bold=table.cell_bold and bool(table.cell_lines),
                    )
                )
                table.cell = None
            elif tag == "thead" and belongs(element, table.element):
                table.head_rows = len(table.rows)

    def _finish(self, table: _Grid) -> None:
        made = grid(table.rows, head_rows=table.head_rows if table.head_rows < len(table.rows) else 0)
        if made is None:
            return
        if self._grids:
            self._grids[-1].cell_lines.append("; ".join(flat(made)))
        else:
            self.blocks.append(made)

    def _marker(self, element: etree._Element) -> str:
        if not self._lists or not self._lists[-1].ordered:
            return "-"
        current = self._lists[-1]
        number = whole_number(element.get("value"), current.number)
        current.number = number + 1
        if current.kind in ("a", "A") and 0 < number <= 26:
            return f"{chr(ord(current.kind) + number - 1)})"
        return f"{number}."

    def _flush(self) -> None:
        flow, self._flow = self._flow, _Flow()
        found = lines(_NOTE_GAP.sub(r"\1\2", "".join(flow.parts)))
        if not found:
            return
        bold = flow.bold >= flow.length > 0
        if self._grids:
            table = self._grids[-1]
            if self._item and self._item != "-":
                found[0] = f"{self._item} {found[0]}"
            table.cell_lines.extend(found)
            table.cell_bold = table.cell_bold and bold
        elif self._heading:
            self.blocks.append(Heading(self._heading, " ".join(found)))
        elif self._item is not None:
            self.blocks.append(ListItem(" ".join(found), self._item, max(len(self._lists) - 1, 0)))
            self._item = None
        else:
            self.blocks.extend(Paragraph(text, centred=self._centre > 0, bold=bold) for text in found)

    def close(self) -> list[Block]:
        """All blocks, the last one included."""
        self._flush()
        return self.blocks
