"""Numbers as Vietnamese writes them: 10.000, 69,9, mười nghìn, hai mươi lăm, một trăm linh năm."""

from __future__ import annotations

import re
from fractions import Fraction

_ONES = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6, "bảy": 7,
    "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_INSIDE = frozenset(("mốt", "tư", "lăm", "nhăm"))  # only after a ten
SCALES = {"nghìn": 10**3, "ngàn": 10**3, "vạn": 10**4, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
ROMAN = {name: n for n, name in enumerate(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"), 1)}
WORD = "|".join((*_ONES, "mười", "mươi", "trăm", "linh", "lẻ", *SCALES))
_GROUPED = re.compile(r"\d{1,3}(?:[.\s]\d{3})+|[1-9]\d{0,2}(?:,\d{3})+")


def read_digits(text: str) -> Fraction | None:
    """The number behind digits with Vietnamese separators; None for what is no number (1.2.3)."""
    if _GROUPED.fullmatch(text):
        return Fraction(re.sub(r"\D", "", text))
    whole, *rest = re.split(r"[.,]", text)
    if not rest:
        return Fraction(int(whole))
    if len(rest) > 1 and not _GROUPED.fullmatch(".".join((whole, *rest[:-1]))):
        return None
    digits = whole + "".join(rest)
    return Fraction(int(digits), 10 ** len(rest[-1]))


def read_words(words: list[str]) -> tuple[Fraction, int] | None:
    """The number that a run of number words begins with and how many words it takes; None if it begins with none.

    "năm" counts as five only where it cannot mean a year: not after a full number ("ba năm" is three years).
    """
    total, taken = 0, 0
    while taken < len(words):
        group = _below_thousand(words[taken:], first=taken == 0)
        if group is None:
            break
        value, used = group
        scale = SCALES.get(words[taken + used]) if taken + used < len(words) else None
        if scale is None:
            # "hai mươi nghìn năm" ends before "năm"; a remainder needs a hundred or a link word before it
            if total and not _continues(words[taken : taken + used]):
                break
            return Fraction(total + value), taken + used
        total += value * scale
        taken += used + 1
    return (Fraction(total), taken) if taken else None


def _continues(words: list[str]) -> bool:
    return words[0] in ("linh", "lẻ", "mười") or (len(words) > 1 and words[1] in ("trăm", "mươi"))


def _below_thousand(words: list[str], *, first: bool) -> tuple[int, int] | None:
    value, at = 0, 0
    if len(words) > 1 and words[0] in _ONES and words[0] not in _INSIDE and words[1] == "trăm":
        value, at = 100 * _ONES[words[0]], 2
        if at + 1 < len(words) and words[at] in ("linh", "lẻ") and words[at + 1] in _ONES:
            return value + _ONES[words[at + 1]], at + 2
    elif words[0] in ("linh", "lẻ") and not first:
        return (_ONES[words[1]], 2) if len(words) > 1 and words[1] in _ONES else None
    rest = words[at:]
    if rest and rest[0] == "mười":
        value, at = value + 10, at + 1
    elif len(rest) > 1 and rest[0] in _ONES and rest[0] not in _INSIDE and rest[1] == "mươi":
        value, at = value + 10 * _ONES[rest[0]], at + 2
    elif rest and at == 0 and rest[0] in _ONES and rest[0] not in _INSIDE:
        return _ONES[rest[0]], 1
    else:
        return (value, at) if at else None
    if at < len(words) and words[at] in _ONES and words[at] != "năm":
        return value + _ONES[words[at]], at + 1
    return value, at
