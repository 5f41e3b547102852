"""What recognition misreads in the marks that carry a text's structure, put right where the count leaves no doubt.

Only the first word and number of a line on scanned pages: `_ Điêu 10,` is `Điều 10.`, `Điều 1.` between 16 and 18 is
17, `]. ` is `1. `, clause `1. ` between 6 and 8 is 7, `8) ` before `b) ` is `a) `, a second `đ)` after `c)` is `d)`,
`Chương HI` after `Chương II` is `Chương III`; and quotation marks that nothing closes. Words and figures inside the
text are never touched, but for letters in the place of a day or month (`ngày O1 tháng l1 năm`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.flow import Row, Sheet
from ingest.legal import quoted

# Specks, rims of stamps and fold lines at the edge of a scan come out as signs.
_SPECKS = re.compile(
    r"^[\s_|~'\"‘’`•.,:;\-–—]{1,4}(?=(?:[ĐDÐ][iíìĩị1l][êềểễệếeéẻẽ][uủũúùn]|Chương|CHƯƠNG)\s)|^[_|~]\s?(?=\w)"
)
_TRAILING = re.compile(r"[\s|_~‹›.:\-–—]+$")
_ARTICLE = re.compile(
    r"^[ĐDÐ][iíìĩị1l][êềểễệếeéẻẽ][uủũúùn]\s+([\dIlO|!SZ§][^\s.,:;]{0,2})\s*(?:[.,:;]\s*(?=[A-ZĐÀ-Ỹ]|$)|$)"
)
_COMMA = re.compile(r"^([“\"]?\d{1,2}[a-zđ]?),\s+(?=[A-ZĐÀ-Ỹ])")
_ONE = re.compile(r"^[\]\[|lI!]\s?[.,]\s+(?=[A-ZĐÀ-Ỹ])")
_CLAUSE = re.compile(r"^[_|~'`.,\-–—]{0,2}\s?([\dIlO|!SZ§][\dIlO|!]?)\s?[.,]\s+(?=[A-ZĐÀ-Ỹ])")
_DAY = re.compile(r"(?<=ngày )[\dOoIl|]{1,2}(?= tháng)|(?<=tháng )[\dOoIl|]{1,2}(?= năm)")
_LIKE_ONE = re.compile(r"^[1LlI|!\]]\s+(?=[A-ZĐÀ-Ỹ])")
_LIKE_A = re.compile(r"^[\d@äâàáãăA]\s?\)\s+(?=[A-ZĐÀ-Ỹ])")
_POINT = re.compile(r"^([a-zđ])\s?[)\]}]\s")
_CHAPTER = re.compile(r"^(Chương|CHƯƠNG)\s+(\S{1,5})[\s|_~.:\-–—]*$")
_NUMERALS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI"]
_LOOKALIKES = str.maketrans("IlO|!SZ§", "11011528")


@dataclass
class _Mark:
    """An article heading: where it stands and the number read, or None."""

    sheet: Sheet
    at: int
    number: int | None
    scanned: bool

    @property
    def row(self) -> Row:
        row = self.sheet.items[self.at]
        assert isinstance(row, Row)
        return row

    def write(self, text: str) -> None:
        self.sheet.items[self.at] = replace(self.row, text=text)


def mend(sheets: Sequence[Sheet], scanned: set[int]) -> None:
    """Puts the marks of scanned pages right, in place."""
    if not scanned:
        return
    articles: list[_Mark] = []
    chapter = 0
    point: _Mark | None = None
    for sheet in sheets:
        for at, item in enumerate(sheet.items):
            if not isinstance(item, Row):
                continue
            mark = _Mark(sheet, at, None, sheet.number in scanned)
            if mark.scanned:
                mark.write(_DAY.sub(_figures, item.text))
                mark.write(_COMMA.sub(r"\1. ", _ONE.sub("1. ", _SPECKS.sub("", mark.row.text))))
            text = mark.row.text
            if found := _ARTICLE.match(text):
                digits = found.group(1).translate(_LOOKALIKES)
                mark.number = int(digits) if digits.isascii() and digits.isdigit() else None
                articles.append(mark)
            elif found := _CHAPTER.match(text):
                chapter = _chapter(mark, found, chapter)
            elif found := _POINT.match(text):
                _point(mark, found.group(1), point)
                point = mark
    _articles(articles)
    _clauses(sheets, scanned)
    _quotes(
        [
            _Mark(s, i, None, True)
            for s in sheets
            if s.number in scanned
            for i, r in enumerate(s.items)
            if isinstance(r, Row)
        ]
    )


_OPENS = re.compile(r"(?:(?<=^)|(?<=[\s(:]))[“\"](?=[A-ZĐÀ-Ỹ\d])")
_CLOSES = re.compile(r"(?<=[\w.;:,)])[”\"](?=[\s.;:,)]|$)")
_NEAR = 80  # rows: a longer quotation is rather two specks


def _quotes(rows: list[_Mark]) -> None:
    """Takes out quotation marks that are specks: a stray one would make quotations of whole chapters."""
    kept: set[tuple[int, int]] = set()
    opened: tuple[int, int] | None = None
    for n, mark in enumerate(rows):
        text = mark.row.text
        signs = [(m.start(), True) for m in _OPENS.finditer(text)] + [
            (m.start(), False) for m in _CLOSES.finditer(text)
        ]
        for at, opens in sorted(signs):
            if opens:
                opened = (n, at)
            elif opened and n - opened[0] <= _NEAR:
                kept |= {opened, (n, at)}
                opened = None
    for n, mark in enumerate(rows):
        text = mark.row.text
        if any(c in text for c in '“”"«»'):
            shown = [c if c not in '“”"«»' or (n, at) in kept else "" for at, c in enumerate(text)]
            mark.write(re.sub(r"\s{2,}", " ", "".join(shown)).strip())


def _articles(marks: list[_Mark]) -> None:
    """Numbers that neighbours on both sides leave no choice for; and the form `Điều 5. ` for all."""
    for before, mark, after in zip([None, *marks], marks, [*marks[1:], None], strict=False):
        low = before.number if before else 0
        high = after.number if after else None
        # A number that fits between its neighbours is believed, any other gives way to the only one that does.
        fits = (
            mark.number is not None and low is not None and mark.number > low and (high is None or mark.number < high)
        )
        if not fits and low is not None and high == low + 2:
            mark.number = low + 1
        if mark.scanned and mark.number is not None:
            rest = _TRAILING.sub("", _ARTICLE.sub("", mark.row.text, count=1))
            mark.write(f"Điều {mark.number}. {rest}".strip())


def _figures(match: re.Match[str]) -> str:
    return match.group().translate(str.maketrans("OoIl|", "00111"))


def _clauses(sheets: Sequence[Sheet], scanned: set[int]) -> None:
    """The numbers of an article's clauses where their neighbours leave no choice, and the first of its points."""
    rows = [_Mark(s, i, None, s.number in scanned) for s in sheets for i, r in enumerate(s.items) if isinstance(r, Row)]
    run: list[_Mark] = []
    first: _Mark | None = None  # a row that may be `a)`
    one: _Mark | None = None  # a row that may be `1.`
    for mark, inside in zip(rows, quoted([mark.row.text for mark in rows]), strict=True):
        text = mark.row.text
        if _ARTICLE.match(text) or _CHAPTER.match(text):
            _counted(run)
            run, first, one = [], None, None
        elif not run and _LIKE_ONE.match(text):
            one = one or (mark if mark.scanned and not inside else None)
        elif not inside and (found := _CLAUSE.match(text)):
            digits = found.group(1).translate(_LOOKALIKES)
            mark.number = int(digits) if digits.isascii() and digits.isdigit() else None
            if not run and one and mark.number == 2:
                one.number = 1
                one.write(_LIKE_ONE.sub("1. ", one.row.text, count=1))
                run.append(one)
            run.append(mark)
            first = None
        elif _LIKE_A.match(text):
            first = mark if mark.scanned else None
        elif found := _POINT.match(text):
            if found.group(1) == "b" and first:
                first.write(_LIKE_A.sub("a) ", first.row.text, count=1))
            first = None
    _counted(run)


def _counted(run: list[_Mark]) -> None:
    """Puts right a clause's number that its neighbours leave no choice for; and the form `7. ` where it was misread."""
    for before, mark, after in zip([None, *run], run, [*run[1:], None], strict=False):
        low = before.number if before else 0
        high = after.number if after else None
        if low is not None and high == low + 2 and mark.number != low + 1:
            mark.number = low + 1
        if mark.scanned and mark.number is not None and low is not None and mark.number == low + 1:
            mark.write(_CLAUSE.sub(f"{mark.number}. ", mark.row.text, count=1))


def _chapter(mark: _Mark, found: re.Match[str], before: int) -> int:
    """The number of a chapter: as read when it counts on, else the next."""
    read = found.group(2).upper()
    number = _NUMERALS.index(read) + 1 if read in _NUMERALS else 0
    if not before < number <= before + 2:
        number = min(before + 1, len(_NUMERALS))
    if mark.scanned:
        mark.write(f"{found.group(1)} {_NUMERALS[number - 1]}")
    return number


def _point(mark: _Mark, letter: str, before: _Mark | None) -> None:
    """A point before `d)` is `c)`, one before `đ)` is `d)`: both are misread for their neighbours."""
    if before is None or not before.scanned:
        return
    was = _POINT.match(before.row.text)
    wrong = {"d": "e", "đ": "đ"}
    if was and wrong.get(letter) == was.group(1):
        before.write(_POINT.sub("c) " if letter == "d" else "d) ", before.row.text, count=1))
