"""Which of the two programmes, OCOP or nông thôn mới, a question names and a passage is about."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from knowledge.text import folded_syllables
from knowledge.types import Hit

_PROGRAMMES = {
    "ocop": re.compile(r"\bocop\b|\b[1-5] sao\b"),
    "ntm": re.compile(
        r"\bntm\b|\bnong thon moi\b|\bcong nhan xa\b|"
        r"\bxa (?:\w+ ){0,3}?(?:dat chuan|kieu mau|(?:duoc|dc) cong nhan(?! \d| san pham| hang| ocop))"
    ),
}


@lru_cache(maxsize=1024)
def programme_named(text: str) -> str:
    """The programme that a question names where it names one of the two; else empty."""
    named = [name for name, words in _PROGRAMMES.items() if words.search(" ".join(folded_syllables(text)))]
    return named[0] if len(named) == 1 else ""


def programmes(hit: Hit) -> Collection[str]:
    """The programmes that a passage is about: those that its page's topics name, or its heading does; else both."""
    if about := _PROGRAMMES.keys() & set(hit.document.topics):
        return about
    headed = programme_named(hit.passage.heading)
    return {headed} if headed else _PROGRAMMES.keys()
