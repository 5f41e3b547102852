"""One way to clean the characters that a file holds, whatever its type."""

from __future__ import annotations

import re
import unicodedata

from knowledge.text import normalise

# All that `normalise` would change besides composing; most text holds none, and looking is far quicker than changing.
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\uf8ff\U000e0000-\U0010ffff]"
)
_SPACE = re.compile(r"[^\S\n]+")
# Dot leaders and ruled lines of forms: four or more are one blank to fill in.
_LEADER = re.compile(r"(?:[.…_‥·]\s?){3,}[.…_‥·]|…{2,}")
_DASHES = re.compile(r"[-–—=_]{4,}")
_NO_WORD = re.compile(r"[\s.…_‥·\-–—=|]*")
# Word's symbol fonts spell tick boxes and bullets with letters.
_WINGDINGS = str.maketrans(
    {"o": "☐", "q": "☐", "¨": "☐", "r": "☐", "x": "☒", "ý": "☒", "þ": "☑", "ü": "✓", "§": "-", "Ø": "-", "v": "-"}
)
BOXES = "☐☑☒□✓"


def line(text: str) -> str:
    """One line: NFC, no invisible characters, single spaces, blanks of forms as `…`."""
    return _tidy(_normal(text).replace("\n", " "))


def lines(text: str) -> list[str]:
    """The lines of a text, each cleaned, without those that hold no word (rules, dot leaders)."""
    cleaned = (_tidy(part) for part in _normal(text).split("\n"))
    return [part for part in cleaned if not is_rule(part)]


def is_rule(text: str) -> bool:
    """Whether a line is only a ruled line, a dot leader or empty."""
    return _NO_WORD.fullmatch(text) is not None


def symbols(text: str) -> str:
    """Text set in Wingdings as the signs that it shows."""
    return text.translate(_WINGDINGS)


def _normal(text: str) -> str:
    return normalise(text) if _ODD.search(text) or not unicodedata.is_normalized("NFC", text) else text


def _tidy(text: str) -> str:
    text = _DASHES.sub("…", _LEADER.sub("…", text))
    return _SPACE.sub(" ", text).strip()
