"""Whether two questions ask the same thing: by the words they share, both ways, weighted by rarity.

An answer that was approved for one question is an answer to that question only: it must not speak to others that
merely share some words. So figures, what is asked for (how many, who, when …) and nearly all words must agree; tone
marks, order and polite words do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from knowledge.question import Kind, content_terms, kind_of
from knowledge.relevance import Weight
from knowledge.retrieve import Found
from knowledge.text import fold, syllables
from knowledge.types import Hit

# Of the 210,000 pairs of golden questions, all from .8 up are rewordings of one question; two pairs under it are not.
SAME = 0.8
_DENIED = re.compile(r"\b(?:khong|chua|chang) (?:duoc|phai|can|co|bi|thuoc|dat|du|nop|lam)\b")
_BEHIND = 0.25  # what else was found, beside an answer to this very question: nothing is added from it
# What asks (its kind is compared instead) or joins.
_LIGHT = frozenset(
    "a ai bang bao can cho cua cung dau de duoc gi k khong ko nao nhieu o sao theo thuoc tu".split()  # noqa: SIM905
)


def likeness(one: str, other: str, weight: Weight) -> float:
    """How much two questions are one, 0 to 1; 0 where figures or what is asked for differ."""
    kinds = {kind_of(one), kind_of(other)} - {Kind.OTHER}
    if len(kinds) > 1 or _denies(one) != _denies(other) or _figures(_words(one)) != _figures(_words(other)):
        return 0.0
    return overlap(one, other, weight)


def overlap(one: str, other: str, weight: Weight) -> float:
    """How much of its words each finds in the other, weighted by rarity, 0 to 1: the smaller of both shares."""
    left, right = _words(one), _words(other)
    return min(_share(left, set(right), weight), _share(right, set(left), weight))


def as_asked(found: Found, weight: Weight, spell_out: Callable[[str], str]) -> Found:
    """What was found, with approved answers where they belong: first for the question that they answer, else out."""

    def answers_it(hit: Hit) -> bool:
        if hit.document.kind != "curated" or not hit.passage.breadcrumb:
            return False
        asked = spell_out(hit.passage.breadcrumb[-1])
        return likeness(asked, spell_out(found.reading.text), weight) >= SAME

    if not any(hit.document.kind == "curated" for hit in (*found.current, *found.then)):
        return found
    answers = [hit for hit in found.current if answers_it(hit)]
    others = [hit for hit in found.current if hit.document.kind != "curated"]
    then = tuple(hit for hit in found.then if hit.document.kind != "curated")
    if not answers:
        return replace(found, current=tuple(others), then=then)
    top = max((hit.score for hit in others), default=1.0) or 1.0
    first = [replace(hit, score=1.0) for hit in answers]
    behind = [replace(hit, score=_BEHIND * hit.score / top) for hit in others]
    return replace(found, current=(*first, *behind), then=then)


def is_approved(found: Found) -> bool:
    """Whether people approved an answer to this very question."""
    return bool(found.current) and found.current[0].document.kind == "curated"


def _words(text: str) -> tuple[str, ...]:
    return tuple(term for term in content_terms(text) if term not in _LIGHT)


def _figures(terms: tuple[str, ...]) -> set[str]:
    return {term for term in terms if term.isdigit()}


def _share(terms: tuple[str, ...], other: set[str], weight: Weight) -> float:
    total = sum(weight(term) for term in terms)
    return sum(weight(term) for term in terms if term in other) / total if total else 0.0


def _denies(text: str) -> bool:
    """Whether it asks about what is not so; the "không" that only makes a question does not count."""
    return bool(_DENIED.search(" ".join(fold(syllable) for syllable in syllables(text))))
