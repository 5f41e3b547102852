"""Lines on pages to paragraphs: reading order, running heads, and which line goes on with the one above.

Both text pages and scans come through here. The layout decides (indents, full lines, gaps, centring), helped by the
marks that Vietnamese documents put at the start of a paragraph (`Điều 5.`, `1.`, `a)`, `-`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from ingest.blocks import Paragraph, Table
from ingest.clean import is_rule
from ingest.clean import line as clean
from ingest.legal import is_upper
from ingest.pdfpage import Word
from ingest.ruled import by_line
from ingest.syllables import is_syllable

STARTS = re.compile(
    r"(?:[-–—+•*●○▪■☐☑□►✓]\s*\S|\(?\d{1,3}(?:\.\d{1,3}){0,4}[.)]\s*[^\d\s]|\(?[a-zđ]\d?[)]\s|[a-zđA-ZĐ]\.\s+[A-ZĐÀ-Ỹ]"
    r"|[IVXL]{1,6}[.)]\s|(?:Điều|ĐIỀU)\s+\d+[a-zđ]?\s*[.:]|(?:Chương|CHƯƠNG|Mục|MỤC|Phần|PHẦN|Tiểu mục)\s+[IVXLC\d]"
    r"|(?:Phụ lục|PHỤ LỤC)\b|(?:Mẫu|MẪU)\s+(?:số|SỐ)|Căn cứ\s|Nơi nhận|Kính gửi|Bước \d|“?(?:Điều|ĐIỀU)\s+\d+\.)"
)
_ALONE = re.compile(
    r"(?:(?:Chương|CHƯƠNG|Mục|MỤC|Phần|PHẦN|Phụ lục|PHỤ LỤC|Tiểu mục)\s+(?:thứ\s+\w+|[IVXLC]+|\d+|[A-Z])\.?"
    r"|PHỤ LỤC|Phụ lục|LUẬT|BỘ LUẬT|PHÁP LỆNH|NGHỊ QUYẾT|NGHỊ ĐỊNH|QUYẾT ĐỊNH:?|THÔNG TƯ|CHỈ THỊ|KẾ HOẠCH|TỜ TRÌNH"
    r"|BÁO CÁO|HƯỚNG DẪN|THÔNG BÁO|CÔNG VĂN|ĐIỀU LỆ|QUY CHẾ|QUY ĐỊNH|NGHỊ ĐỊNH:|THÔNG TƯ:|QUYẾT NGHỊ:)$"
)
_LISTED = re.compile(r"(?:[-–—+•*●○▪■]|\(?\d{1,3}(?:\.\d{1,3}){0,4}[.)]|\(?[a-zđ]\d?\))\s*\S")
_ENDS = re.compile(r"[.;:!?…]['”\"»)]*$")
_NUMBER_ONLY = re.compile(r"[-–—\s]*(?:Trang\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?[-–—\s.]*$", re.IGNORECASE)
_SIGNED_BY = re.compile(
    r"(?:Ký bởi|Người ký|Được ký bởi|Ký số bởi|Email|E-mail|Cơ quan|Tổ chức|Thời gian ký|Thời gian|Ngày ký|Giờ ký"
    r"|Signature Not Verified|Digitally signed by|Signed by|Date|Reason|Location|Lý do|DN)\s*:"
    r"|Signature (?:Not Verified|valid)|\d\d[./-]\d\d[./-]\d{4} \d\d:\d\d:\d\d",
    re.IGNORECASE,
)
_EDGE = 0.14  # the upper and lower part of a page where running heads and page numbers stand
_GAP = 2.0  # in letter heights: words farther apart stand in two columns
_PROSE = 9  # lines: a column this long is running text
_SLACK = 1.2  # in letter heights: a line that ends this near the margin is full


@dataclass(frozen=True)
class Row:
    """One line of one column: `left` and `right` are the column's edges."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    first: float = 0.0  # width of its first word
    left: float = 0.0
    right: float = 0.0
    column: int = 0  # 0: the page's main text; others stand beside it
    apart: bool = False  # in a short column (letterhead, signatures), where lines seldom go on


@dataclass
class Sheet:
    """A page ready to be read: rows and tables from top to bottom."""

    number: int
    width: float
    height: float
    items: list[Row | tuple[float, Table]] = field(default_factory=list)


def rows_of(words: Sequence[Word], width: float) -> list[Row]:
    """The lines of a page in reading order; what stands in two columns comes column by column."""
    found = by_line(words)
    lines = [_segments(line) for line in found]
    if not lines:
        return []
    _part_letterhead(found, lines)
    left, right = _margins([seg for line in lines for seg in line], width)
    out: list[Row] = []
    at = 0
    zones = 0
    while at < len(lines):
        if len(lines[at]) < 2:
            out.append(replace(_row(lines[at][0]), left=left, right=right))
            at += 1
            continue
        end, gutter = _zone(lines, at)
        if len(lines[at]) > 2 or gutter is None:
            merged = [word for seg in lines[at] for word in seg]
            out.append(replace(_row(merged), left=left, right=right))
            at += 1
            continue
        zones += 1
        for side in (0, 1):
            part = [seg for line in lines[at:end] for seg in line if (seg[0].x0 > gutter) == bool(side)]
            edge0, edge1 = min(s[0].x0 for s in part), max(s[-1].x1 for s in part)
            column = 2 * zones + side
            out += [
                replace(_row(seg), left=edge0, right=edge1, column=column, apart=len(part) < _PROSE) for seg in part
            ]
        at = end
    return out


def _segments(words: list[Word]) -> list[list[Word]]:
    """A line cut where a gap is too wide for a space; a line stretched to both margins stays whole."""
    segments = [[words[0]]]
    for before, word in pairwise(words):
        if word.x0 - before.x1 > _GAP * min(before.size, word.size):
            segments.append([])
        segments[-1].append(word)
    stretched = len(segments) > 2 and all(len(seg) <= 2 for seg in segments)
    return [words] if stretched else segments


def _part_letterhead(found: list[list[Word]], lines: list[list[list[Word]]]) -> None:
    """Cuts the first lines in two where the issuer stands beside the state's name, however near to each other."""
    for at, words in enumerate(found[:6]):
        names = [word.text.replace("HOÀ", "HÒA") for word in words]
        start = next((i for i in range(len(names) - 2) if names[i : i + 3] == ["CỘNG", "HÒA", "XÃ"]), 0)
        if not start:
            continue
        gutter = words[start].x0
        for i in range(at, min(at + 6, len(found))):
            if len(lines[i]) == 1:
                lines[i] = _cut(found[i], gutter) if i > at else [words[:start], words[start:]]
            if any(word.text.lower() == "ngày" for word in found[i]):
                return
        return


def _cut(words: list[Word], gutter: float) -> list[list[Word]]:
    """A line cut at its widest gap, when that is wider than a space and near the gutter."""
    gaps = [(b.x0 - a.x1, i) for i, (a, b) in enumerate(pairwise(words), 1)]
    if gaps:
        widest, at = max(gaps)
        if widest > 0.7 * words[0].size and abs(words[at].x0 - gutter) < 12 * words[0].size:
            return [words[:at], words[at:]]
    return [words]


def _row(words: list[Word]) -> Row:
    return Row(
        clean(" ".join(word.text for word in words)),
        words[0].x0,
        words[-1].x1,
        words[0].y,
        median(word.size for word in words),
        all(word.bold for word in words),
        words[0].x1 - words[0].x0,
    )


def _margins(segments: Sequence[list[Word]], width: float) -> tuple[float, float]:
    """The edges of the text body: where most long lines begin and end."""
    wide = [seg for seg in segments if seg[-1].x1 - seg[0].x0 > 0.45 * width] or list(segments)
    starts = sorted(seg[0].x0 for seg in wide)
    ends = sorted(seg[-1].x1 for seg in wide)
    return starts[len(starts) // 8], ends[-1 - len(ends) // 8]


def _zone(lines: list[list[list[Word]]], at: int) -> tuple[int, float | None]:
    """(where two columns that begin at this line end, a place in the gap between them)."""
    if len(lines[at]) != 2:
        return at + 1, None
    first = lines[at]
    low, high = first[0][-1].x1, first[1][0].x0
    size = first[0][0].size
    sides: list[list[list[Word]]] = [[first[0]], [first[1]]]
    end = at + 1
    bottom = first[0][0].y
    while end < len(lines):
        line = lines[end]
        y = line[0][0].y
        if len(line) > 2 or y - bottom > 2.6 * size:
            break
        if len(line) == 2:
            new_low, new_high = max(low, line[0][-1].x1), min(high, line[1][0].x0)
            if new_high - new_low < 0.8 * size:
                break
            low, high = new_low, new_high
            sides[0].append(line[0])
            sides[1].append(line[1])
        else:
            seg = line[0]
            side = 0 if seg[-1].x1 <= high - 0.5 * size and seg[-1].x1 <= (low + high) / 2 + size else 1
            if side == 1 and seg[0].x0 < low + 0.5 * size:
                break
            if not any(_aligned(seg, other, size) for other in sides[side]):
                break
            if side == 0:
                low = max(low, seg[-1].x1)
            else:
                high = min(high, seg[0].x0)
            sides[side].append(seg)
        bottom = y
        end += 1
    return end, (low + high) / 2


def _aligned(a: list[Word], b: list[Word], size: float) -> bool:
    centres = abs((a[0].x0 + a[-1].x1) - (b[0].x0 + b[-1].x1)) / 2
    return abs(a[0].x0 - b[0].x0) < 0.6 * size or centres < 0.6 * size


def without_running(sheets: Sequence[Sheet]) -> None:
    """Takes out running heads and feet, page numbers, and the lines of electronic signatures."""
    seen: Counter[tuple[str, int]] = Counter()
    for sheet in sheets:
        for key in {_key(row, sheet) for row in _rows(sheet) if _at_edge(row, sheet)}:
            seen[key] += 1
    often = max(2, min(len(sheets) // 4, 5)) if len(sheets) < 200 else 5
    for sheet in sheets:
        rows = _rows(sheet)
        body = median([row.size for row in rows]) if rows else 0.0
        signing = {id(row) for row in rows if _SIGNED_BY.match(row.text)}
        many = len(signing) >= 2

        def drop(
            row: Row, sheet: Sheet = sheet, body: float = body, signing: set[int] = signing, many: bool = many
        ) -> bool:
            if _at_edge(row, sheet) and (_NUMBER_ONLY.match(row.text) or seen[_key(row, sheet)] > often):
                return True
            return id(row) in signing and (many or row.size < 0.8 * body)

        sheet.items = [item for item in sheet.items if not (isinstance(item, Row) and drop(item))]


def _rows(sheet: Sheet) -> list[Row]:
    return [item for item in sheet.items if isinstance(item, Row)]


def _at_edge(row: Row, sheet: Sheet) -> bool:
    return row.y < _EDGE * sheet.height or row.y > (1 - _EDGE) * sheet.height


def _key(row: Row, sheet: Sheet) -> tuple[str, int]:
    """A running line is the same at about the same height, whatever numbers it holds."""
    return re.sub(r"\d+", "#", row.text), round(row.y / sheet.height * 40)


def blocks(sheets: Sequence[Sheet]) -> list[Paragraph | Table]:
    """Paragraphs and tables in reading order, joined over lines and pages."""
    flow = _Flow(_line_gap(sheets), _indenting(sheets))
    for sheet in sheets:
        for item in sheet.items:
            if isinstance(item, Row):
                if not is_rule(item.text):
                    flow.add(item, sheet)
            else:
                flow.table(item[1])
    flow.end()
    return flow.out


def _line_gap(sheets: Sequence[Sheet]) -> float:
    """The usual distance between lines, in letter heights."""
    gaps = [
        (b.y - a.y) / a.size
        for sheet in sheets[:40]
        for a, b in zip(_rows(sheet), _rows(sheet)[1:], strict=False)
        if a.column == b.column and 0.5 * a.size < b.y - a.y < 3 * a.size
    ]
    return median(gaps) if gaps else 1.3


def _indenting(sheets: Sequence[Sheet]) -> bool:
    """Whether the text begins its paragraphs with an indent: marked lines mostly stand to the right of the margin."""
    marked = [r for s in sheets[:60] for r in _rows(s) if r.column == 0 and STARTS.match(r.text) and not _centred(r)]
    inside = [r for r in marked if r.x0 - r.left > 0.8 * r.size]
    return len(marked) >= 3 and len(inside) > 0.7 * len(marked)


def _centred(row: Row) -> bool:
    """Whether a line stands in the middle of its column, away from both edges."""
    if _LISTED.match(row.text):
        return False
    space_left, space_right = row.x0 - row.left, row.right - row.x1
    wide = row.right - row.left
    if wide <= 0 or row.column:
        return row.column > 0 and wide > 0 and abs(space_left - space_right) < 0.1 * wide and space_left > row.size
    return space_left > 2.5 * row.size and abs(space_left - space_right) < max(0.1 * wide, 2 * row.size)


def _middled(row: Row) -> bool:
    """Whether a line is as far from the left edge as from the right, near or not."""
    return abs((row.x0 - row.left) - (row.right - row.x1)) < max(2 * row.size, 0.1 * (row.right - row.left))


_OWN_NUMBER = re.compile(r"(?:Luật |Nghị quyết |Bộ luật )?[Ss]ố\s*:?\s*\d+\s*[/-]")
_IN_NUMBER = re.compile(r"\s*([/-])\s*(?=[\dA-ZĐ])")
_GLUED = re.compile(r"^(\(?(?:[a-zđ]\d?\)|\d{1,3}[.)]))(?=[A-ZĐÀ-Ỹ])")


class _Flow:
    def __init__(self, line_gap: float, indenting: bool) -> None:
        self.out: list[Paragraph | Table] = []
        self.gap = line_gap
        self.indenting = indenting
        self.open: list[Row] = []
        self.page = 0
        self.last_page = 0

    def add(self, row: Row, sheet: Sheet) -> None:
        if self.open and self._goes_on(row, sheet):
            self.open.append(row)
        else:
            self.end()
            self.open, self.page = [row], sheet.number
        self.last_page = sheet.number

    def table(self, table: Table) -> None:
        self.end()
        self.out.append(table)

    def end(self) -> None:
        if self.open:
            text = _GLUED.sub(r"\1 ", clean(join([row.text for row in self.open])))
            if len(text) < 80 and _OWN_NUMBER.match(text):
                text = _IN_NUMBER.sub(r"\1", text)
            centred = all(_centred(row) for row in self.open)
            self.out.append(Paragraph(text, self.page, centred=centred, bold=all(r.bold for r in self.open)))
        self.open = []

    def _goes_on(self, row: Row, sheet: Sheet) -> bool:
        last, first = self.open[-1], self.open[0]
        turned = sheet.number != self.last_page
        if row.column != last.column:
            return False
        if abs(row.size - last.size) > 0.2 * max(row.size, last.size):
            return False
        marked = bool(STARTS.match(row.text))
        ended = bool(_ENDS.search(last.text))
        gap = 0.0 if turned else (row.y - last.y) / last.size
        if not turned and (gap > 1.9 * self.gap or gap < 0):
            return False
        if row.apart and not row.text[:1].islower():
            return False
        if _centred(row) and _middled(last) and not row.apart:
            upper = is_upper(row.text)
            same = row.bold == last.bold and upper == is_upper(last.text)
            title = _centred(last) or row.bold or upper
            near = not turned and gap < 1.5 * self.gap
            return same and title and near and not marked and not ended and not _ALONE.match(last.text)
        if _CUT_NUMBER.search(last.text) and re.match(r"[\dA-ZĐ]", row.text):
            return True
        room = last.right - last.x1
        if row.text[:1].islower() and not marked and not ended and gap < 1.4 * self.gap and not row.apart:
            return True  # no paragraph of an official text begins with a small letter
        if room > row.first + _SLACK * row.size:
            return False  # the next word would have fitted: the writer ended the line
        indent = row.x0 - row.left
        if len(self.open) == 1:
            step = row.x0 - first.x0
            hanging = bool(STARTS.match(first.text)) and 0 < step < 4 * row.size
            if step > 0.8 * row.size and not hanging and not turned:
                return False
            if abs(step) <= 0.5 * row.size and self.indenting and indent > 0.8 * row.size and not row.column:
                return False
        elif (not turned and abs(row.x0 - last.x0) > 0.8 * row.size) or (
            turned
            and self.indenting
            and indent > 0.8 * row.size
            and row.x0 - last.x0 + last.left - row.left > 0.8 * row.size
        ):
            return False
        if marked and (ended or not self.indenting or indent > 0.8 * row.size):
            return False
        if ended and gap > 1.25 * self.gap:
            return False
        return not (turned and ended and (row.text[:1].isupper() and room > 0.6 * row.size))


_CUT_NUMBER = re.compile(r"\d/$|\d/[A-ZĐ]+-$")
_HYPHEN = re.compile(r"([^\W\d_]+)-$")


def join(texts: Sequence[str]) -> str:
    """Broken lines as one: numbers such as `15/2018/NĐ-` + `CP` without a space, English words without their hyphen."""
    out = ""
    for text in texts:
        if not out:
            out = text
            continue
        before = _HYPHEN.search(out)
        if before and text[:1].isalpha() and not out.endswith(" -"):
            word = before.group(1)
            after = re.match(r"[^\W\d_]+", text)
            broken = word.islower() and after and after.group().islower() and not is_syllable(word)
            out = out[:-1] + text if broken else out + text
        elif re.search(r"\d/$|/[A-ZĐ]+-?$", out) and re.match(r"[\dA-ZĐ]", text) and out.endswith(("/", "-")):
            out += text
        else:
            out += " " + text
    return out
