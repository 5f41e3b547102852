"""Vietnamese text for searching: one normal form, one way to cut it into terms.

Vietnamese writes syllables, not words, so pairs of neighbouring syllables stand in for words; each term also appears
folded (without diacritics, behind `~`), so that a question typed without them finds the same passages. The lexical
index and the embedding model both read the stream made here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

FOLDED = "~"
PAIR = "_"

_SYLLABLE = re.compile(r"[^\W_]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
# Categories Cc (but not newline and tab), Cs and Co.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]")
# Old-style tone placement (hoà, khoẻ, thuý) moves to the first vowel (hòa, khỏe, thúy); `qu` is a consonant.
_OLD_TONE = re.compile(r"(o)([àáảãạ])|(o)([èéẻẽẹ])|(?<!q)(u)([ỳýỷỹỵ])", re.IGNORECASE)
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_LETTER_AFTER = re.compile(r"[^\W\d_]")


def normalise(text: str) -> str:
    """NFC, without invisible code points, control characters as spaces; letters and case stay as they are."""
    return _CONTROL.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def modern_tones(text: str) -> str:
    """The same NFC text with tone marks placed the modern way: hoà → hòa, thuỷ → thủy."""

    def move(match: re.Match[str]) -> str:
        end = match.end()
        if end < len(text) and _LETTER_AFTER.match(text[end]):
            return match.group()  # hoàn, khoét, huỳnh: the tone already stands where both styles put it
        first, second = match.group()[0], match.group()[1]
        parts = unicodedata.normalize("NFD", second)
        tone = next(c for c in parts if c in _TONES)
        return unicodedata.normalize("NFC", first + tone + parts.replace(tone, ""))

    return _OLD_TONE.sub(move, text)


def _plain_letters() -> dict[int, str | None]:
    """Every Latin letter with marks to the one without, every combining mark to nothing."""
    table: dict[int, str | None] = dict.fromkeys(range(0x300, 0x370))
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code).lower())
        table[code] = "".join(c for c in base if not unicodedata.combining(c))
    return table | {ord("đ"): "d", ord("Đ"): "d"}


_PLAIN = _plain_letters()


def fold(text: str) -> str:
    """Lower case without diacritics, đ → d."""
    return text.lower() if text.isascii() else text.translate(_PLAIN).lower()


def syllables(text: str) -> list[str]:
    """The lower-case syllables and numbers of a text, in order, in one spelling."""
    return _SYLLABLE.findall(modern_tones(normalise(text).lower()))


def folded_syllables(text: str) -> list[str]:
    """The syllables folded; faster than to fold each, since where a tone stands no longer matters."""
    return _SYLLABLE.findall(fold(normalise(text)))


def expand(text: str) -> list[str]:
    """The terms of a text: syllables, folded syllables (`~`), pairs (`_`), folded pairs."""
    return terms(syllables(text))


def terms(plain: list[str]) -> list[str]:
    """The terms of a text that is already cut into syllables."""
    folded = [_folded(s) for s in plain]
    pairs = [a + PAIR + b for a, b in pairwise(plain)]
    folded_pairs = [a + PAIR + b[1:] for a, b in pairwise(folded)]
    return plain + folded + pairs + folded_pairs


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first, so that a longer name hides the shorter ones inside it."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@lru_cache(maxsize=65536)
def _folded(syllable: str) -> str:
    return FOLDED + fold(syllable)


@lru_cache(maxsize=65536)
def fold_syllable(syllable: str) -> str:
    """`fold`, for one syllable after another: there are few."""
    return fold(syllable)
