"""DOCX to blocks: paragraphs with their automatic numbers as text, tables with merged cells, notes and text boxes.

The XML is walked in place, element by element: python-docx drops automatic numbers, text boxes and what stands inside
content controls. Headers, footers, deleted text, comments and hidden text are left out.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ingest.blocks import Block, Heading, Paragraph, Reading, Table
from ingest.clean import is_rule, symbols
from ingest.clean import line as clean
from ingest.docstyles import Numbers, Styles
from ingest.encodings import by_font, convert, detect, font_charset, keep_soft, trusted
from ingest.job import Job
from ingest.layout import STATE_HEADER, flat
from ingest.tables import Cell, grid
from knowledge.errors import Unreadable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MOST_XML = 120 * 1024 * 1024
_DEEPEST = 12  # tables within tables; deeper ones are read as text
_DROPPED = {f"{W}{name}" for name in ("del", "moveFrom", "rPr", "pPr", "instrText", "delText", "sectPr", "tblPr")}


def read_docx(job: Job) -> Reading:
    """The blocks of a Word document; Unreadable when its parts are missing or damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(job.data)) as archive:
            names = set(archive.namelist())
            main = next((n for n in ("word/document.xml", "word/document2.xml") if n in names), "")
            if not main:
                raise Unreadable("Tệp Word hỏng: không có phần nội dung (word/document.xml).")
            body = _parsed(archive.read(main))
            styles = Styles(_optional(archive, names, "word/styles.xml"))
            numbers = Numbers(_optional(archive, names, "word/numbering.xml"), styles)
            notes = _notes(archive, names)
            title = _title(archive, names)
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, NotImplementedError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise Unreadable("Tệp Word hỏng hoặc bị cắt cụt.") from error
    walker = _Walker(styles, numbers, notes)
    walker.weigh_fonts(body)
    top = body.find(f"{W}body")
    walker.container(top if top is not None else body, walker.blocks)
    blocks = _converted(walker.blocks)
    heads = (b.text for b in blocks if isinstance(b, Heading))
    first = next((text for text in heads if len(text) < 200 and not re.match(r"[-–+•\d]", text)), "")
    said = " ".join(b.text for b in blocks[:40] if isinstance(b, (Paragraph, Heading))).lower()
    title = title if title.lower() in said else ""
    warnings = (f"Bỏ qua {walker.hidden} đoạn chữ ẩn.",) if walker.hidden else ()
    return Reading(tuple(blocks), title=first or title, warnings=warnings)


def _parsed(data: bytes) -> etree._Element:
    """The tree of one part. No entities are resolved, and a document type, which Word never writes, is refused."""
    if len(data) > _MOST_XML:
        raise Unreadable("Nội dung Word bung ra quá lớn.")
    if b"<!DOCTYPE" in data[:2048] or b"<!ENTITY" in data[:65536]:
        raise Unreadable("Tệp Word chứa khai báo thực thể XML (dấu hiệu tệp có hại) nên không đọc.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable("Tệp Word hỏng: nội dung XML sai.") from error


def _optional(archive: zipfile.ZipFile, names: set[str], name: str) -> etree._Element | None:
    return _parsed(archive.read(name)) if name in names else None


def _title(archive: zipfile.ZipFile, names: set[str]) -> str:
    core = _optional(archive, names, "docProps/core.xml")
    found = core.find("{http://purl.org/dc/elements/1.1/}title") if core is not None else None
    title = clean(found.text or "") if found is not None else ""
    # Titles of templates and converted papers are seldom the document's own.
    return title if len(title) > 12 and STATE_HEADER not in title.upper() else ""


def _notes(archive: zipfile.ZipFile, names: set[str]) -> dict[tuple[str, str], str]:
    """Footnotes and endnotes by kind and number."""
    found: dict[tuple[str, str], str] = {}
    for kind in ("footnote", "endnote"):
        tree = _optional(archive, names, f"word/{kind}s.xml")
        if tree is None:
            continue
        for note in tree.iter(f"{W}{kind}"):
            if note.get(f"{W}type") in (None, "normal"):
                text = clean(" ".join(t.text or "" for t in note.iter(f"{W}t")))
                if text:
                    found[kind, note.get(f"{W}id") or ""] = text
    return found


@dataclass
class _Text:
    """One paragraph under way."""

    parts: list[str] = field(default_factory=list)
    letters: int = 0
    bold: int = 0
    notes: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)

    def add(self, text: str, *, bold: bool = False) -> None:
        self.parts.append(text)
        size = sum(not c.isspace() for c in text)
        self.letters += size
        self.bold += size if bold else 0


class _Walker:
    def __init__(self, styles: Styles, numbers: Numbers, notes: dict[tuple[str, str], str]) -> None:
        self.styles, self.numbers, self.notes = styles, numbers, notes
        self.blocks: list[Block] = []
        self.hidden = 0
        self.trusts_fonts = True
        self._depth = 0

    def weigh_fonts(self, body: etree._Element) -> None:
        """Whether names of legacy fonts are to be believed in this document."""
        said: list[str] = []
        for run in body.iter(f"{W}r"):
            fonts = run.find(f"{W}rPr/{W}rFonts")
            if fonts is not None and font_charset(fonts.get(f"{W}ascii") or ""):
                said.extend(t.text or "" for t in run.findall(f"{W}t"))
        self.trusts_fonts = trusted(" ".join(said))

    def container(self, element: etree._Element, out: list[Block]) -> None:
        """The blocks of a body, a cell, a content control or a text box, in order."""
        pending = list(reversed(list(element)))
        while pending:
            child = pending.pop()
            if child.tag == f"{W}p":
                self._paragraph(child, out)
            elif child.tag == f"{W}tbl":
                self._table(child, out)
            elif isinstance(child.tag, str) and child.tag not in _DROPPED and child.tag != _FALLBACK:
                pending.extend(reversed(list(child)))

    def _paragraph(self, element: etree._Element, out: list[Block]) -> None:
        style = self.styles.paragraph(element)
        text = _Text()
        self._runs(element, text, style.name)
        number = self.numbers.label(element, style)
        rows = [clean(row) for row in "".join(text.parts).split("\n")]
        rows = [row for row in rows if row and not is_rule(row)]
        if rows and number:
            rows[0] = f"{number} {rows[0]}"
        bold = text.letters > 0 and text.bold >= 0.95 * text.letters
        if rows and style.heading and not text.boxes:
            out.append(Heading(style.heading, " ".join(rows)))
        else:
            out.extend(Paragraph(row, centred=style.centred, bold=bold) for row in rows)
        for box in text.boxes:
            self.container(box, out)
        out.extend(Paragraph(note) for note in text.notes)

    def _runs(self, element: etree._Element, text: _Text, style: str) -> None:
        """Text of the runs below an element; text boxes are kept for after the paragraph."""
        pending = list(reversed(list(element)))
        while pending:
            child = pending.pop()
            tag = child.tag
            if not isinstance(tag, str) or tag in _DROPPED or tag == _FALLBACK:
                continue
            if tag == f"{W}r":
                self._run(child, text, style)
            elif tag == f"{W}txbxContent":
                text.boxes.append(child)
            elif tag == f"{_MATH}oMath":
                text.add(" " + "".join(t.text or "" for t in child.iter(f"{_MATH}t")) + " ")
            else:
                pending.extend(reversed(list(child)))

    def _run(self, run: etree._Element, text: _Text, style: str) -> None:
        look = self.styles.run(run, style)
        if look.hidden:
            self.hidden += any(t.text for t in run.iter(f"{W}t"))
            return
        for child in run:
            name = str(child.tag).removeprefix(W)
            if name == "t":
                said = child.text or ""
                if self.trusts_fonts and font_charset(look.font):
                    said = by_font(said, look.font)
                elif look.font.lower().startswith("wingdings"):
                    said = symbols(said)
                said = keep_soft(said)
                if look.raised and said.strip().isdigit() and text.parts and text.parts[-1][-1:].isalpha():
                    unit = re.search(r"(?:^|[\s\d/(])(?:[kcdm]?m|ha)$", "".join(text.parts[-3:]))
                    said = said if unit else f" ({said.strip()}) "
                text.add(said.upper() if look.capitals else said, bold=look.bold)
            elif name in ("tab", "ptab"):
                text.add(" ")
            elif name in ("br", "cr"):
                text.add("\n" if child.get(f"{W}type") in (None, "textWrapping") else " ")
            elif name in ("noBreakHyphen", "softHyphen"):
                text.add("-" if name == "noBreakHyphen" else "")
            elif name == "sym":
                text.add(_symbol(child))
            elif name in ("footnoteReference", "endnoteReference"):
                note = self.notes.get((name.removesuffix("Reference"), child.get(f"{W}id") or ""))
                if note:
                    number = len(text.notes) + 1 if not note[:1].isdigit() else ""
                    text.notes.append(f"({number}) {note}" if number else note)
                    text.add(f" ({number}) " if number else " ")
            elif isinstance(child.tag, str) and name not in ("rPr", "instrText", "delText"):
                for box in child.iter(f"{W}txbxContent"):
                    if not any(a.tag == _FALLBACK or a.tag == f"{W}txbxContent" for a in _above(box, child)):
                        text.boxes.append(box)

    def _table(self, element: etree._Element, out: list[Block]) -> None:
        self._depth += 1
        rows = [self._row(row) for row in _of(element, "tr")]
        self._depth -= 1
        heads = 0
        for row in _of(element, "tr"):
            if row.find(f"{W}trPr/{W}tblHeader") is None:
                break
            heads += 1
        cells = [[Cell(_shown(c.blocks), c.columns, c.rows, bold=c.bold) for c in row] for row in _merged(rows)]
        whole = " ".join(cell.text for row in cells for cell in row).upper().replace("HOÀ", "HÒA")
        letterhead = STATE_HEADER in whole or "ĐẢNG CỘNG SẢN VIỆT NAM" in whole
        layout = (len(cells) <= 4 and letterhead) or _is_layout(rows)
        made = None if layout else grid(cells, head_rows=heads if heads < len(cells) else 0)
        if made is not None and len(made.rows[0]) > 1:
            out.append(made)
        else:
            for column in range(max((len(row) for row in rows), default=0)) if layout else ():
                for row in rows:
                    out.extend(row[column].blocks if column < len(row) else ())
            if not layout:
                out.extend(block for row in rows for cell in row for block in cell.blocks)

    def _row(self, element: etree._Element) -> list[_Cell]:
        cells = []
        properties = element.find(f"{W}trPr")
        skipped = properties.find(f"{W}gridBefore") if properties is not None else None
        if skipped is not None:
            cells.append(_Cell([], columns=_number(skipped.get(f"{W}val"), 1)))
        for cell in _of(element, "tc"):
            look = cell.find(f"{W}tcPr")
            span = look.find(f"{W}gridSpan") if look is not None else None
            merge = look.find(f"{W}vMerge") if look is not None else None
            blocks: list[Block] = []
            if self._depth < _DEEPEST:
                self.container(cell, blocks)
            else:
                blocks = [Paragraph(clean(" ".join(t.text or "" for t in cell.iter(f"{W}t"))))]
            goes_on = merge is not None and merge.get(f"{W}val") != "restart"
            cells.append(_Cell(blocks, _number(span.get(f"{W}val") if span is not None else None, 1), goes_on=goes_on))
        return cells


@dataclass
class _Cell:
    blocks: list[Block]
    columns: int = 1
    rows: int = 1
    goes_on: bool = False

    @property
    def bold(self) -> bool:
        return bool(self.blocks) and all(getattr(block, "bold", False) for block in self.blocks)


def _merged(rows: list[list[_Cell]]) -> list[list[_Cell]]:
    """Rows in which a cell merged downwards counts its rows and the cells it covers are gone."""
    open_cells: dict[int, _Cell] = {}
    out = []
    for row in rows:
        kept = []
        column = 0
        below: dict[int, _Cell] = {}
        for cell in row:
            above = open_cells.get(column) if cell.goes_on else None
            if above is not None and above.columns == cell.columns:
                above.rows += 1
                below[column] = above
            else:
                kept.append(cell)
                below[column] = cell
            column += cell.columns
        open_cells = below
        out.append(kept)
    return out


def _is_layout(rows: list[list[_Cell]]) -> bool:
    """Whether a table only places text: a single row, or the end of a letter with who receives and who signs."""
    texts = [" ".join(getattr(b, "text", "") for b in cell.blocks) for row in rows for cell in row]
    if len(rows) == 1:
        return len(rows[0]) <= 2 or not all(texts)
    return len(rows) <= 3 and len(rows[0]) <= 3 and any(text.startswith(("Nơi nhận", "Kính gửi")) for text in texts)


def _shown(blocks: list[Block]) -> str:
    """A cell's blocks as lines; a table inside a cell is flattened."""
    rows = []
    for block in blocks:
        if isinstance(block, Table):
            rows.append("; ".join(flat(block)))
        else:
            rows.append(block.text)
    return "\n".join(row for row in rows if row)


def _of(element: etree._Element, name: str) -> list[etree._Element]:
    """Rows of a table or cells of a row, through content controls and tracked changes, not into inner tables."""
    found = []
    pending = list(reversed(list(element)))
    while pending:
        child = pending.pop()
        if child.tag == f"{W}{name}":
            found.append(child)
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}moveTo"):
            pending.extend(reversed(list(child)))
    return found


def _above(element: etree._Element, top: etree._Element) -> list[Any]:
    found = []
    for ancestor in element.iterancestors():
        if ancestor is top:
            break
        found.append(ancestor)
    return found


def _symbol(element: etree._Element) -> str:
    font = (element.get(f"{W}font") or "").lower()
    code = int(element.get(f"{W}char") or "0", 16) & 0xFF
    return symbols(chr(code)) if font.startswith("wingdings") and code else " "


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 5 else default


def _converted(blocks: list[Block]) -> list[Block]:
    """Text in a legacy font whose name the file does not tell, converted."""
    sample = "\n".join(b.text for b in blocks if isinstance(b, (Paragraph, Heading)))[:100_000]
    charset = detect(sample)
    if charset is None:
        return blocks
    out: list[Block] = []
    for b in blocks:
        if isinstance(b, Paragraph):
            out.append(Paragraph(convert(b.text, charset), b.page, b.centred, b.bold))
        elif isinstance(b, Heading):
            out.append(Heading(b.level, convert(b.text, charset), b.page))
        elif isinstance(b, Table):
            rows = tuple(tuple(convert(cell, charset) for cell in row) for row in b.rows)
            out.append(Table(rows, b.header_rows, b.page))
        else:
            out.append(b)
    return out
