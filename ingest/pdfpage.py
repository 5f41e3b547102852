"""One page of a PDF as words with places, ruling lines and pictures, read through pdfium.

pdfium is asked once for all letters and then a few times per word, never per letter: that is what keeps a page at a few
milliseconds. Coordinates are points from the top left of the page as it is shown.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.encodings import by_font, font_charset, keep_soft

# Objects on one page: a map or a drawing may hold a million; text and tables need far fewer.
_OBJECTS, _LETTERS = 60_000, 400_000
_FORM_DEPTH = 4
_THIN = 3.0  # a filled box thinner than this is a line
_LONG = 9  # letters: no Vietnamese syllable is longer, so look for spaces that are only gaps
_WORD_GAP = 0.1  # of the height, beyond the usual gap between letters
_TINY = 2.5  # letters lower than this cannot be read on paper
_WHITE = 245


@dataclass(frozen=True)
class Word:
    """Letters without a space between; `y` is the baseline, `size` the height of the letters' box."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False
    sure: float = 1.0


@dataclass(frozen=True)
class Rule:
    """A straight line drawn on the page, horizontal where y0 == y1."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass
class Page:
    """What stands on one page. `lost` counts letters whose font does not say which letters they are."""

    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    hidden: int = 0
    lost: int = 0
    letters: int = 0
    pictures: float = 0.0  # share of the page that pictures cover
    over_picture: bool = False  # invisible text over a picture: what a scanner's program has recognised


@dataclass(frozen=True)
class _Font:
    bold: bool
    legacy: str = ""  # its name, where it draws a legacy character set


@dataclass(frozen=True)
class _Style:
    font: _Font
    invisible: bool
    white: bool


_PLAIN = _Style(_Font(False), False, False)


class _Styles:
    """Fonts and styles of text objects, each asked for once."""

    def __init__(self) -> None:
        self._fonts: dict[int, _Font] = {}
        self._styles: dict[int, _Style] = {}
        self._colour = tuple(ctypes.c_uint() for _ in range(4))

    def of(self, target: Any) -> _Style:
        address = ctypes.cast(target, ctypes.c_void_p).value or 0
        found = self._styles.get(address)
        if found is None:
            found = self._styles[address] = self._style(target) if address else _PLAIN
        return found

    def _style(self, target: Any) -> _Style:
        font = raw.FPDFTextObj_GetFont(target)
        address = ctypes.cast(font, ctypes.c_void_p).value or 0
        if address not in self._fonts:
            self._fonts[address] = self._font(font)
        mode = raw.FPDFTextObj_GetTextRenderMode(target)
        white = False
        if mode in (0, 4) and raw.FPDFPageObj_GetFillColor(target, *self._colour):
            red, green, blue, alpha = (part.value for part in self._colour)
            white = min(red, green, blue) >= _WHITE or alpha < 10
        return _Style(self._fonts[address], mode in (3, 7), white)

    @staticmethod
    def _font(font: Any) -> _Font:
        buffer = ctypes.create_string_buffer(200)
        raw.FPDFFont_GetBaseFontName(font, buffer, 200)
        name = buffer.value.decode("utf-8", "replace")
        bold = "bold" in name.lower() or "black" in name.lower() or raw.FPDFFont_GetWeight(font) >= 600
        return _Font(bold, name if font_charset(name) else "")


def read_page(document: pdfium.PdfDocument, index: int) -> Page:
    """The words, lines and pictures of a page; raises pdfium's error when the page is damaged."""
    source = document[index]
    text = source.get_textpage()
    try:
        width, height = source.get_size()
        page = Page(index + 1, width, height)
        place = _Placing(source)
        fills = _objects(source, page, place)
        _words(text, page, place, fills)
        return page
    finally:
        text.close()
        source.close()


class _Placing:
    """From the PDF's own coordinates to points from the top left of the page as shown."""

    def __init__(self, source: pdfium.PdfPage) -> None:
        self.left, self.bottom, self.right, self.top = source.get_bbox()
        self.turn = source.get_rotation() % 360

    def point(self, x: float, y: float) -> tuple[float, float]:
        match self.turn:
            case 90:
                return y - self.bottom, x - self.left
            case 180:
                return self.right - x, y - self.bottom
            case 270:
                return self.top - y, self.right - x
            case _:
                return x - self.left, self.top - y

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        if self.turn == 0 and x0 <= x1 and y0 <= y1:
            return x0 - self.left, self.top - y1, x1 - self.left, self.top - y0
        ax, ay = self.point(x0, y0)
        bx, by = self.point(x1, y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _words(text: pdfium.PdfTextPage, page: Page, place: _Placing, fills: list[tuple[float, ...]]) -> None:
    handle = text.raw
    count = min(raw.FPDFText_CountChars(handle), _LETTERS)
    if count <= 0:
        return
    letters = _letters(handle, count)
    read = _Words(handle, letters, place)
    visible: list[Word] = []
    behind: list[Word] = []
    for start, end in read.spans():
        style, word = read.word(start, end)
        if word is None:
            continue
        page.letters += len(word.text)
        if raw.FPDFText_HasUnicodeMapError(handle, start) == 1 or _unknown(word.text):
            page.lost += len(word.text)
        if style.invisible:
            behind.append(word)
        elif word.size < _TINY or (style.white and not _on_colour(word, fills, page)):
            page.hidden += len(word.text)
        else:
            visible.append(word)
    page.words = visible
    if behind:
        # Invisible text over a scan is its recognised text; anywhere else it is hidden from the reader.
        if page.pictures > 0.5 and sum(len(w.text) for w in behind) > sum(len(w.text) for w in visible):
            page.words, page.over_picture = behind + visible, True
        else:
            page.hidden += sum(len(w.text) for w in behind)


def _letters(handle: Any, count: int) -> str:
    """All letters of the page, one for each index that pdfium knows."""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(handle, 0, count, buffer) - 1
    if written == count:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
        if len(text) == count:
            return text
    codes = (raw.FPDFText_GetUnicode(handle, i) for i in range(count))
    return "".join(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd" for code in codes)


_SPAN = re.compile("[^\\s\x00-\x01\x03-\x20\u200b\ufffe\ufeff]+\ufffe?")
_SOFT = re.compile("[\x02\ufffe]")


class _Words:
    """Asks pdfium for one word after another."""

    def __init__(self, handle: Any, letters: str, place: _Placing) -> None:
        self.handle, self.letters, self.place = handle, letters, place
        self.styles = _Styles()
        self.first, self.last = raw.FS_RECTF(), raw.FS_RECTF()
        self.x, self.y = ctypes.c_double(), ctypes.c_double()

    def spans(self) -> Iterator[tuple[int, int]]:
        """(start, end) of each word: letters without white space, and without a gap where none is written."""
        tight = False  # the page writes no spaces but moves on, as design programs do
        for match in _SPAN.finditer(self.letters):
            start, end = match.span()
            if end - start < (4 if tight else _LONG):
                yield start, end
                continue
            parts = self._parted(start, end)
            yield from parts
            tight = tight or len(parts) > 1

    def _parted(self, start: int, end: int) -> list[tuple[int, int]]:
        gaps = []
        raw.FPDFText_GetLooseCharBox(self.handle, start, self.last)
        height = max(self.last.top - self.last.bottom, 0.1)
        for i in range(start + 1, end):
            right = self.last.right
            raw.FPDFText_GetLooseCharBox(self.handle, i, self.last)
            gaps.append(self.last.left - right)
        # Against the usual gap: letters may be set close or apart.
        least = max(sorted(gaps)[len(gaps) // 2] + _WORD_GAP * height, 0.04 * height) if gaps else 0.0
        parts = [start, *(i for i, gap in enumerate(gaps, start + 1) if gap > least)]
        return list(zip(parts, [*parts[1:], end], strict=True))

    def word(self, start: int, end: int) -> tuple[_Style, Word | None]:
        handle, first, last = self.handle, self.first, self.last
        style = self.styles.of(raw.FPDFText_GetTextObject(handle, start))
        # A hyphen at the end of a line is kept: whether it belongs to the word is known when lines are joined.
        shown = _SOFT.sub("-", self.letters[start:end])
        if not shown:
            return style, None
        if style.font.legacy:
            shown = by_font(shown, style.font.legacy)
        shown = keep_soft(shown)
        raw.FPDFText_GetLooseCharBox(handle, start, first)
        raw.FPDFText_GetLooseCharBox(handle, end - 1, last)
        raw.FPDFText_GetCharOrigin(handle, start, self.x, self.y)
        x0, y0, x1, y1 = self.place.box(first.left, first.bottom, first.right, first.top)
        a0, b0, a1, _ = self.place.box(last.left, last.bottom, last.right, last.top)
        _, baseline = self.place.point(self.x.value, self.y.value)
        size = max(y1 - y0, 0.1)
        if a1 < x0 or abs(b0 - y0) > 2 * size:  # letters set one below the other
            a0, a1 = min(x0, a0), max(x1, a1)
        return style, Word(shown, min(x0, a0), max(x1, a1), baseline, size, style.font.bold)


def _unknown(text: str) -> bool:
    return any(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" for c in text)


def _on_colour(word: Word, fills: list[tuple[float, ...]], page: Page) -> bool:
    """Whether a white word stands on a coloured ground."""
    x, y = (word.x0 + word.x1) / 2, word.y - word.size / 3
    return page.pictures > 0.02 or any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in fills)


def _objects(source: pdfium.PdfPage, page: Page, place: _Placing) -> list[tuple[float, ...]]:
    """Notes the lines and pictures of a page; gives the boxes filled with a colour."""
    fills: list[tuple[float, ...]] = []
    area = max(page.width * page.height, 1.0)
    left = [_OBJECTS]
    for target, matrix in _walk(source.raw, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, None, 0, left):
        kind = raw.FPDFPageObj_GetType(target)
        if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
            continue
        edges = [ctypes.c_float() for _ in range(4)]
        if not raw.FPDFPageObj_GetBounds(target, *edges):
            continue
        box = [edge.value for edge in edges]
        if matrix is not None:
            box = _moved(box, matrix)
        x0, y0, x1, y1 = place.box(*box)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            shown = max(min(x1, page.width) - max(x0, 0), 0) * max(min(y1, page.height) - max(y0, 0), 0)
            page.pictures = min(page.pictures + shown / area, 1.0)
        elif kind == raw.FPDF_PAGEOBJ_SHADING:
            fills.append((x0, y0, x1, y1))
        else:
            _path(target, (x0, y0, x1, y1), page, fills)
    return fills


def _walk(
    holder: Any, count: Any, get: Any, matrix: tuple[float, ...] | None, depth: int, left: list[int]
) -> Iterator[tuple[Any, tuple[float, ...] | None]]:
    """All objects, those inside forms with the form's matrix; stops after `_OBJECTS`."""
    for i in range(count(holder)):
        left[0] -= 1
        if left[0] <= 0:
            return
        target = get(holder, i)
        if not target:
            continue
        if raw.FPDFPageObj_GetType(target) != raw.FPDF_PAGEOBJ_FORM:
            yield target, matrix
        elif depth < _FORM_DEPTH:
            own = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(target, own)
            inner = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
            yield from _walk(target, raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject, inner, depth + 1, left)


def _path(target: Any, box: tuple[float, float, float, float], page: Page, fills: list[tuple[float, ...]]) -> None:
    x0, y0, x1, y1 = box
    filling, stroking = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(target, filling, stroking)
    if not filling.value and not stroking.value:
        return
    if y1 - y0 <= _THIN < x1 - x0:
        page.rules.append(Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
    elif x1 - x0 <= _THIN < y1 - y0:
        page.rules.append(Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))
    elif x1 - x0 > _THIN and y1 - y0 > _THIN:
        if stroking.value and raw.FPDFPath_CountSegments(target) <= 6:
            page.rules += [Rule(x0, y0, x1, y0), Rule(x0, y1, x1, y1), Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1)]
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        coloured = raw.FPDFPageObj_GetFillColor(target, red, green, blue, alpha)
        if filling.value and coloured and min(red.value, green.value, blue.value) < _WHITE:
            fills.append(box)


def _times(a: tuple[float, ...], b: tuple[float, ...] | None) -> tuple[float, ...]:
    if b is None:
        return a
    return (
        a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3], a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5],
    )  # fmt: skip


def _moved(box: list[float], m: tuple[float, ...]) -> list[float]:
    xs = [m[0] * x + m[2] * y + m[4] for x in (box[0], box[2]) for y in (box[1], box[3])]
    ys = [m[1] * x + m[3] * y + m[5] for x in (box[0], box[2]) for y in (box[1], box[3])]
    return [min(xs), min(ys), max(xs), max(ys)]
