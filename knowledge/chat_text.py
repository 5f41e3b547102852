"""The text that a chat model streams, cut into statements: sentences and items that carry the numbers of passages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from knowledge.compose import Statement
from knowledge.retrieve import Found
from knowledge.text import normalise
from knowledge.types import Hit
from knowledge.units import sentences

_CURRENT, _THEN = 6, 3

_MARKER = re.compile(r"\s*[\[【](\d{1,3}(?:\s*[,;]\s*\d{1,3})*)[\]】]")
_LATE = re.compile(r"([.!?…:])((?:\s*\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\])+)")
_BULLET = re.compile(r"^\s*(?:(?P<mark>[-•*+–])|(?P<ordinal>\d{1,2})[.)])\s+")
_DRESS = re.compile(r"\*\*|__|^\s*#{1,6}\s+")
_THOUGHT_BEGINS = re.compile(r"<think(?:ing)?>", re.I)
_THOUGHT_ENDS = re.compile(r"</think(?:ing)?>", re.I)


def usable(found: Found) -> list[Hit]:
    """The passages that the model may see: the present rule, and the earlier one where the question asks for it."""
    wants_then = not (found.reading.time.event and found.current)
    return [*found.current[:_CURRENT], *(found.then[:_THEN] if wants_then else ())]


def statements_of(chunks: Iterator[str], hits: list[Hit]) -> Iterator[Statement]:
    """The sentences and items of a stream that carry the number of a passage, each as soon as it is complete.

    A line that opens a list takes the passage of its first item.
    """
    opening: Statement | None = None
    for line, parts, opens in _lines(chunks):
        bullet = _BULLET.match(line)
        for n, part in enumerate(parts):
            numbers = [int(m) for group in _MARKER.findall(part) for m in re.split(r"\s*[,;]\s*", group)]
            text = _clean(part)
            if not text:
                continue
            cited = list(dict.fromkeys(number for number in numbers if 1 <= number <= len(hits)))
            if not cited:
                opening = Statement(text, "sentence") if text.endswith(":") else opening
                continue
            first, *others = (hits[number - 1] for number in cited)
            if opening is not None and bullet:
                yield replace(opening, hit=first)
            opening = None
            head = bullet is not None and opens and n == 0
            ordinal = (bullet["ordinal"] or "") if bullet and head else ""
            yield Statement(text, "item" if head else "sentence", first, ordinal=ordinal, also=tuple(others))


def _lines(chunks: Iterator[str]) -> Iterator[tuple[str, list[str], bool]]:
    """Lines with their newly complete sentences, and whether these open the line.

    The last sentence of a line waits, since its number may follow the full stop.
    """
    text, told, ended = "", 0, False
    spoken = _spoken(chunks)
    while not ended:
        chunk = next(spoken, None)
        ended = chunk is None
        text += chunk or ""
        while True:
            line, newline, rest = text.partition("\n")
            parts = _parts(normalise(line))
            ready = parts if newline or ended else parts[:-1]
            if len(ready) > told:
                yield normalise(line), ready[told:], told == 0
                told = len(ready)
            if not newline:
                break
            text, told = rest, 0


def _spoken(chunks: Iterator[str]) -> Iterator[str]:
    """The text without what a reasoning model thinks aloud between <think> and </think>."""
    held, thinking = "", False
    for chunk in chunks:
        held += chunk
        while mark := (_THOUGHT_ENDS if thinking else _THOUGHT_BEGINS).search(held):
            if not thinking:
                yield held[: mark.start()]
            held, thinking = held[mark.end() :], not thinking
        if thinking:
            held = held[-20:]
            continue
        cut = held.rfind("<") if "<" in held[-12:] else len(held)  # a mark may be on its way
        yield held[:cut]
        held = held[cut:]
    if held and not thinking:
        yield held


def _parts(line: str) -> list[str]:
    stripped = _BULLET.sub("", line).strip()
    if not stripped or stripped.startswith(("|", "```", "---")):
        return []
    return sentences(_LATE.sub(r"\2\1", stripped))


def _clean(part: str) -> str:
    text = _DRESS.sub("", _MARKER.sub("", part))
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split())).strip()
