"""What recognition misreads in the marks that carry a text's structure, put right where the count leaves no doubt.

Only marks at the start of a line on scanned pages: `Điêu 5.` is `Điều 5.`, `]. ` is `1. `, a second `đ)` after `c)` is
`d)`, `Chương HI` after `Chương II` is `Chương III`. Words and figures inside the text are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.flow import Row, Sheet

_ARTICLE = re.compile(r"^[ĐDÐ][iíìĩị1l][êềểễệếeéẻẽ][uủũúù]\s+(?=[\dIlO]{1,3}\s*[a-z]?\s*[.:,])")
_NUMBER = re.compile(r"^(Điều\s+)([\dIlO]{1,3})(\s*[a-zđ]?)\s*[.:,]\s*(?=\S|$)")
_ONE = re.compile(r"^[\]\[|lI!]\s?[.,]\s+(?=[A-ZĐÀ-Ỹ])")
_POINT = re.compile(r"^([a-zđ])\s?[)\]}]\s")
_CHAPTER = re.compile(r"^(Chương|CHƯƠNG|Chuong|Chưong|Chương)\s+([HIJLVXlU1T|!]{1,5})\.?$")
_NUMERALS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI"]


def mend(sheets: Sequence[Sheet], scanned: set[int]) -> None:
    """Puts the marks of scanned pages right, in place."""
    chapter = 0
    before: tuple[Sheet, int] | None = None  # where the last point letter stood
    for sheet in sheets:
        for i, item in enumerate(sheet.items):
            if not isinstance(item, Row):
                continue
            text = item.text
            if match := _CHAPTER.match(text):
                expected = chapter + 1
                if sheet.number in scanned and expected <= len(_NUMERALS):
                    text = f"{match.group(1)} {_nearest(match.group(2), expected)}"
                chapter = _NUMERALS.index(text.split()[1]) + 1 if text.split()[1] in _NUMERALS else expected
            if sheet.number in scanned:
                text = _marks(text)
            if text != item.text:
                sheet.items[i] = replace(item, text=text)
            if match := _POINT.match(text):
                if match.group(1) == "đ" and before and _letter(before) == "đ" and sheet.number in scanned:
                    _retitle(before, "d")
                before = (sheet, i)


def _marks(text: str) -> str:
    text = _ARTICLE.sub("Điều ", text)
    if match := _NUMBER.match(text):
        digits = match.group(2).replace("I", "1").replace("l", "1").replace("O", "0")
        text = f"{match.group(1)}{digits}{match.group(3).strip()}. {text[match.end() :]}".strip()
    return _ONE.sub("1. ", text)


def _nearest(read: str, expected: int) -> str:
    """The numeral that counts on, when what was read can be it; else what was read."""
    plain = re.sub(r"[lJT1|!]", "I", read).replace("H", "II").replace("U", "II")
    wanted = _NUMERALS[expected - 1]
    return (
        wanted
        if plain == wanted or len(plain) in (len(wanted) - 1, len(wanted) + 1) or plain not in _NUMERALS
        else plain
    )


def _letter(place: tuple[Sheet, int]) -> str:
    row = place[0].items[place[1]]
    match = _POINT.match(row.text) if isinstance(row, Row) else None
    return match.group(1) if match else ""


def _retitle(place: tuple[Sheet, int], letter: str) -> None:
    row = place[0].items[place[1]]
    if isinstance(row, Row):
        place[0].items[place[1]] = replace(row, text=_POINT.sub(f"{letter}) ", row.text, count=1))
