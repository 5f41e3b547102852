"""What people call a thing and what papers call it: "hùn" and "góp vốn", "mướn" and "thuê", "chích" and "tiêm".

`data/thesaurus.tsv` holds a term of papers in each row and the ways people say it, written for this by seven language
models, one for each field of a commune's life. A question that holds one way is held by a text that holds another,
though they share no syllable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import fsum
from pathlib import Path
from typing import NamedTuple

from knowledge.question import content_term
from knowledge.text import PAIR, fold_syllable, syllables

DATA = Path(__file__).parent / "data" / "thesaurus.tsv"
LONGEST = 5  # syllables of a way of saying something
# How far a term counts as held that is said otherwise, and one said in a way that may mean something else as well.
SURE, UNSURE = 0.8, 0.4

Phrase = tuple[str, ...]


class Otherwise(NamedTuple):
    """Some of a question's folded terms, how surely they are held where they are said otherwise, and what a text's
    words (`relevance.words_of`) must hold of each other way of saying it."""

    terms: frozenset[str]
    sure: float
    ways: tuple[frozenset[str], ...]


class Thesaurus:
    """Finds the other ways of saying what a text says."""

    def __init__(self, rows: Iterable[tuple[str, Sequence[tuple[str, bool]]]]) -> None:
        """Rows of a paper's term with the ways people say it, each with whether it nearly always means that."""
        self._same: list[tuple[tuple[Phrase, bool], ...]] = []
        self._known: dict[Phrase, list[tuple[int, bool]]] = {}
        # Without diacritics a lone syllable is too many words (lai: lãi, lại), so only longer ways count.
        self._folded: dict[Phrase, list[tuple[int, bool]]] = {}
        for number, (term, ways) in enumerate(rows):
            said = [(tuple(syllables(way)), sure) for way, sure in ((term, True), *ways)]
            self._same.append(tuple((way, sure) for way, sure in said if 0 < len(way) <= LONGEST))
            for way, sure in self._same[-1]:
                self._known.setdefault(way, []).append((number, sure))
                if len(way) > 1:
                    self._folded.setdefault(tuple(map(fold_syllable, way)), []).append((number, sure))

    @classmethod
    def load(cls, path: Path = DATA) -> Thesaurus:
        """The shipped rows: the term, a tab, the ways with ` | ` between them, `?` behind one that means other things
        too."""
        rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
        return cls((term, [(way.rstrip("?"), way[-1] != "?") for way in ways.split(" | ")]) for term, ways in rows)

    def read(self, text: str) -> tuple[Otherwise, ...]:
        """What a text says that can be said otherwise; of two ways one within the other only the longer counts."""
        words = syllables(text)
        known = self._folded if words == list(map(fold_syllable, words)) else self._known
        found = list[Otherwise]()
        end = 0
        for at in range(len(words)):
            sizes = range(min(LONGEST, len(words) - at), max(0, end - at), -1)
            phrase = next((way for size in sizes if (way := tuple(words[at : at + size])) in known), None)
            if phrase is not None:
                end = at + len(phrase)
                found += self._otherwise(phrase, known[phrase])
        return tuple(found)

    def _otherwise(self, phrase: Phrase, rows: Sequence[tuple[int, bool]]) -> Iterable[Otherwise]:
        terms = frozenset(filter(None, map(content_term, phrase)))
        for weight in (SURE, UNSURE) if terms else ():
            ways = {
                _needed(way)
                for number, said_sure in rows
                for way, sure in self._same[number]
                if (said_sure and sure) is (weight == SURE) and way != phrase
            }
            if ways := ways - {frozenset()}:
                yield Otherwise(terms, weight, tuple(sorted(ways, key=sorted)))


@lru_cache(maxsize=65536)
def _needed(way: Phrase) -> frozenset[str]:
    """What the words of a text that says it so must hold: the way's pairs, or its one content word."""
    if len(way) == 1:
        return frozenset(filter(None, [content_term(way[0])]))
    return frozenset(PAIR.join(map(fold_syllable, pair)) for pair in pairwise(way))


@lru_cache(maxsize=1)
def _shipped() -> Thesaurus:
    return Thesaurus.load()


@lru_cache(maxsize=1024)
def said_otherwise(text: str) -> tuple[Otherwise, ...]:
    """What a text says that can be said otherwise, by the shipped thesaurus."""
    return _shipped().read(text)


def held(otherwise: Sequence[Otherwise], own: frozenset[str]) -> dict[str, float]:
    """The terms that a text's words `own` hold by other words, and how surely."""
    found: dict[str, float] = {}
    for terms, sure, ways in otherwise:
        if any(way <= own for way in ways):
            found |= {term: max(sure, found.get(term, 0.0)) for term in terms}
    return found


def cover_otherwise(shares: Mapping[str, float], own: frozenset[str], otherwise: Sequence[Otherwise]) -> float:
    """How much of what a question's terms tell a text holds, in these words or in others, 0 to 1."""
    others = held(otherwise, own)
    return fsum(share * (1.0 if term in own else others.get(term, 0.0)) for term, share in shares.items())
