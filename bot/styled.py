"""Text with marks, cut into Telegram messages. All of Telegram's counting (UTF-16 units, 4,096 of them) is done here.

No parse mode is used anywhere: marks travel beside the text as entities, so no content can break a message.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

LIMIT = 4096
_MAX_ENTITIES = 100

# What shows nothing on a screen; a message of these alone is refused as empty.
_INVISIBLE = (
    r"\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0"
)
_VISIBLE = re.compile(rf"[^{_INVISIBLE}]")
_LONG_BLANK = re.compile(rf"[{_INVISIBLE}]{{12,}}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ufff9-\ufffb]|[\ud800-\udfff]")
_SENTENCE_END = re.compile(r"[.!?…;:][\"”»)\]]*\s+")


@dataclass(frozen=True)
class Mark:
    """A stretch of text (code points `start` to `end`) shown in a certain way."""

    start: int
    end: int
    kind: str
    url: str = ""


@dataclass(frozen=True)
class Part:
    """One message: its text and its entities, with offsets in UTF-16 units."""

    text: str
    entities: list[dict[str, Any]]


@dataclass(frozen=True)
class Styled:
    """A text and its marks."""

    text: str
    marks: tuple[Mark, ...] = ()

    def __add__(self, other: Styled) -> Styled:
        shift = len(self.text)
        moved = tuple(replace(mark, start=mark.start + shift, end=mark.end + shift) for mark in other.marks)
        return Styled(self.text + other.text, self.marks + moved)


def plain(text: str) -> Styled:
    """Text without marks."""
    return Styled(clean(text))


def marked(text: str, kind: str, url: str = "") -> Styled:
    """Text under one mark."""
    text = clean(text)
    return Styled(text, (Mark(0, len(text), kind, url),) if text else ())


def link(text: str, url: str) -> Styled:
    """Text that opens an address; plain where the address is none that Telegram takes."""
    return marked(text, "text_link", url) if re.fullmatch(r"https?://[^\s\x00-\x1f]{1,2000}", url) else plain(text)


def join(pieces: list[Styled], between: str = "\n") -> Styled:
    """Pieces one after another."""
    whole = Styled("")
    for number, piece in enumerate(pieces):
        whole = whole + (Styled(between) if number else Styled("")) + piece
    return whole


def clean(text: str) -> str:
    """The text without what Telegram cannot carry: lone surrogates, control characters, deserts of white space."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = _CONTROL.sub("", text)
    return _LONG_BLANK.sub(lambda found: "\n\n" if "\n" in found[0] else " ", text)


def visible(text: str) -> bool:
    """Whether there is anything to see."""
    return bool(_VISIBLE.search(text))


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text) + sum(c > "\uffff" for c in text)


def parts(styled: Styled, *, limit: int = LIMIT) -> list[Part]:
    """The messages that carry a text: together exactly it, each within the limit, cut at line or sentence ends."""
    text = styled.text
    found: list[Part] = []
    start = 0
    while start < len(text):
        end = _cut(text, start, limit)
        found.append(_part(styled, start, end))
        start = end
    return found


def _cut(text: str, start: int, limit: int) -> int:
    """Where the message that begins at `start` ends."""
    window = text[start : start + limit]
    ends = list(accumulate(2 if c > "\uffff" else 1 for c in window))
    size = bisect_right(ends, limit)
    if start + size >= len(text):
        return len(text)
    window = window[:size]
    cut = start + _boundary(window)
    # What follows must have something to see, or it would be refused as an empty message.
    while cut > start + 1 and not visible(text[cut:]):
        cut = start + max((m.start() for m in _VISIBLE.finditer(text[start:cut])), default=1)
        cut = max(cut, start + 1)
        if visible(text[cut:]):
            break
    return cut


def _boundary(window: str) -> int:
    """The best place to end a message within a window: paragraph, line, sentence, word, else between two letters."""
    floor = len(window) // 2
    for mark in ("\n\n", "\n"):
        at = window.rfind(mark)
        if at >= floor:
            return at + len(mark)
    sentences = [match.end() for match in _SENTENCE_END.finditer(window) if match.end() >= floor]
    if sentences:
        return sentences[-1]
    at = max(window.rfind(" "), window.rfind("\n"))
    if at >= floor:
        return at + 1
    # Never between a letter and its accent, nor inside a joined emoji.
    at = len(window) - 1
    while at > floor and (
        unicodedata.combining(window[at]) or window[at] in "\u200d\ufe0f" or window[at - 1] == "\u200d"
    ):
        at -= 1
    return max(at, 1)


def _part(styled: Styled, start: int, end: int) -> Part:
    text = styled.text[start:end]
    entities: list[dict[str, Any]] = []
    for mark in styled.marks:
        first, last = max(mark.start, start), min(mark.end, end)
        while first < last and not visible(styled.text[first]):
            first += 1
        while first < last and not visible(styled.text[last - 1]):
            last -= 1
        if first < last and len(entities) < _MAX_ENTITIES:
            offset = units(styled.text[start:first])
            entity = {"type": mark.kind, "offset": offset, "length": units(styled.text[first:last])}
            entities.append(entity | ({"url": mark.url} if mark.url else {}))
    return Part(text, entities)
