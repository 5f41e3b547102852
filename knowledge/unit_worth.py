"""What each unit of a passage is worth to a question: how likely it is the one to read first, and how likely it must be
told.

A handbook section answers more than one question: what a stranger asks is often its second sentence, and of the rest
half is off the matter to him. Two ensembles of small trees judge each unit by its words and meaning beside the
question, the ways of asking for its passage, and the other units. They are numbers in `data/unit_worth.json`, fitted
by `scripts/fit_unit_worth.py` from lines that readers chose for 1,600 questions (`scripts/chosen_lines.tsv`). They
have learned from the handbook alone; a paper's clauses are judged by `Relevance`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from knowledge.embedding import StaticEmbedder, Vectors
from knowledge.figure_asked import figure_asked, figure_shown
from knowledge.held_words import held_words
from knowledge.question import Kind, QuestionReading, content_terms
from knowledge.relevance import Relevance, cover, opens_with_verdict, shows, words_of, words_within
from knowledge.text import fold, syllables
from knowledge.trees import Trees, Values
from knowledge.types import Hit
from knowledge.units import units

DATA = Path(__file__).parent / "data" / "unit_worth.json"
# What ends in `_lag` is by how much a unit falls short of the best one of its passage (`_all`: of all the passages).
FEATURES = (
    "passage", "meaning", "meaning_lag", "meaning_lag_all", "fit", "fit_lag", "fit_lag_all", "asked", "asked_lag",
    "pairs_lag", "rest_lag", "held_lag", "soft_lag", "alone", "back", "new", "number", "count", "heading_meaning",
    "heading_words", "figure", "shows", "verdict", "denies", "item", "length", "list", "like_best", "is_best",
)  # fmt: skip
JUDGED = ("handbook", "papers")  # the names of the judges in the data
_DENIES = re.compile(r"(?:không|chưa)\b", re.IGNORECASE)
# How sharply the ways of asking that are most like the question outweigh the others.
_SHARPNESS = 15.0


class Worth(NamedTuple):
    """Two probabilities: that a unit is the one to read first, and that the answer lacks something without it."""

    lead: float
    needed: float


class Judges(NamedTuple):
    """The trees that judge one kind of passage."""

    lead: Trees
    needed: Trees

    def worth(self, rows: Sequence[Values]) -> list[Worth]:
        """The worth of each unit by its row of features."""
        return [Worth(*both) for both in zip(*(trees.probabilities(rows) for trees in self), strict=True)]


@dataclass(frozen=True)
class UnitWorth:
    """The trees with what the features need."""

    handbook: Judges
    papers: Judges
    relevance: Relevance
    words: StaticEmbedder

    @classmethod
    def load(cls, words: StaticEmbedder, path: Path = DATA) -> UnitWorth:
        """The shipped trees."""
        data = json.loads(path.read_text(encoding="utf-8"))
        handbook, papers = (Judges(*(Trees.of(data[of][name], FEATURES) for name in Worth._fields)) for of in JUDGED)
        # What a word tells must not change with what else is in the store.
        return cls(handbook, papers, Relevance(words.tells), words)

    def of(self, hits: Sequence[Hit], reading: QuestionReading) -> list[list[Worth]]:
        """For each passage, the worth of each of its units, none for what people approved as a whole; the first passage
        is the one to answer from."""
        tables, found = self.features(hits, reading), [list[Worth]() for _ in hits]
        for judges, of_papers in ((self.handbook, False), (self.papers, True)):
            mine = [n for n, hit in enumerate(hits) if hit.is_paper is of_papers]
            worth = iter(judges.worth([row for n in mine for row in tables[n]]))
            for n in mine:
                found[n] = [next(worth) for _ in tables[n]]
        return found

    def features(self, hits: Sequence[Hit], reading: QuestionReading) -> list[Values]:
        """For each passage a row in the order of FEATURES for each of its units."""
        asked = _Asked.of(reading, self.relevance, self.words)
        tables = [self._table(hit, asked, hits[0].score) for hit in hits]
        for of_passage, of_all in (("meaning", "meaning_lag_all"), ("fit", "fit_lag_all")):
            mine, lag = FEATURES.index(of_passage), FEATURES.index(of_all)
            best = max((table[:, mine].max() for table in tables if len(table)), default=0.0)
            for table in tables:
                table[:, lag] = table[:, mine] - best
        return tables

    def _table(self, hit: Hit, asked: _Asked, best_score: float) -> Values:
        """The features of one passage's units, without what compares them with other passages'."""
        within, all_units = words_within(hit.passage), units(hit.passage)
        if not all_units or hit.document.kind == "curated":
            return np.zeros((0, len(FEATURES)))
        reading = asked.reading
        meanings = _meanings(self.words.passages, tuple(text for text, _ in within))
        meaning = meanings @ asked.vector
        heading = hit.passage.heading
        heading_words = words_of(heading)
        fit = np.array(self.relevance.unit_scores(hit, reading, asked.terms, asked.pairs))
        best = int(fit.argmax())
        by_ways = self._like_the_ways(hit, meanings, asked)
        soft, alone = self._soft([text for text, _ in within], asked)
        rest = {term: share for term, share in asked.terms.items() if term not in heading_words}
        whole = fsum(rest.values())
        question = words_of(reading.search)
        contents = [self.relevance.shares(content_terms(text)) for text, _ in within]
        said: set[str] = set()
        new = []
        for content in contents:
            new.append(len(content.keys() - said) / max(1, len(content)))
            said |= content.keys()

        columns = {
            "passage": hit.score / best_score if best_score else 0.0,
            "meaning": meaning,
            "meaning_lag": _lag(meaning),
            "fit": fit,
            "fit_lag": _lag(fit),
            "asked": by_ways,
            "asked_lag": _lag(by_ways),
            "pairs_lag": _lag([cover(asked.pairs, own) for _, own in within]),
            "rest_lag": _lag([cover(rest, own) / whole for _, own in within]) if whole else 0.0,
            "held_lag": _lag([held_words().share(reading.terms, own) for _, own in within]),
            "soft_lag": _lag(soft),
            "alone": alone,
            "back": [cover(content, question) for content in contents],
            "new": new,
            "number": np.arange(len(within)),
            "count": len(within),
            "heading_meaning": meanings @ _meanings(self.words.passages, (heading,))[0],
            "heading_words": [cover(content, heading_words) for content in contents],
            "figure": [0.5 if asked.figure is None else figure_shown(asked.figure, text) for text, _ in within],
            "shows": [shows(reading.kind, text) for text, _ in within],
            "verdict": [opens_with_verdict(text) for text, _ in within],
            "denies": [_DENIES.match(text) is not None for text, _ in within],
            "item": [unit.kind == "item" for unit in all_units],
            "length": [len(text) for text, _ in within],
            "list": reading.kind == Kind.LIST,
            "like_best": meanings @ meanings[best],
            "is_best": np.arange(len(within)) == best,
        }
        table = np.zeros((len(within), len(FEATURES)))
        for name, column in columns.items():
            table[:, FEATURES.index(name)] = column
        return table

    def _like_the_ways(self, hit: Hit, meanings: Vectors, asked: _Asked) -> Vectors:
        """How near each unit is to the ways of asking for the passage, those most like the question first of all."""
        if not hit.passage.ways:
            return np.zeros(len(meanings), dtype=np.float32)
        ways = _meanings(self.words.passages, hit.passage.ways)
        like = ways @ asked.vector
        weight = np.exp(_SHARPNESS * (like - like.max()))
        found: Vectors = meanings @ (ways.T @ (weight / weight.sum()))
        return found

    def _soft(self, texts: Sequence[str], asked: _Asked) -> tuple[Vectors, Vectors]:
        """How well each unit holds the question's words by their nearest words there, and how much better than every
        other unit does."""
        whole = asked.weight.sum()
        if not whole:
            return np.zeros(len(texts), dtype=np.float32), np.ones(len(texts), dtype=np.float32)
        near = np.array([(asked.words @ self.words.words(text).T).max(axis=1, initial=0.0) for text in texts])
        others = np.array([np.delete(near, n, axis=0).max(axis=0, initial=0.0) for n in range(len(near))])
        alone = (near - others).clip(0) @ asked.weight / whole if len(texts) > 1 else np.ones(1, dtype=np.float32)
        return near @ asked.weight / whole, alone


class _Asked(NamedTuple):
    """What is read of a question once for all units."""

    reading: QuestionReading
    terms: dict[str, float]
    pairs: dict[str, float]
    vector: Vectors
    figure: str | None
    words: Vectors  # of each content word
    weight: Vectors  # what each of them tells of an answer

    @classmethod
    def of(cls, reading: QuestionReading, relevance: Relevance, words: StaticEmbedder) -> _Asked:
        terms, pairs = relevance.asked(reading)
        folded = [fold(syllable) for syllable in syllables(reading.search)]
        wanted = frozenset(reading.terms)
        mine = [n for n, syllable in enumerate(folded) if syllable in wanted]
        chances = np.array([held_words().chance(folded[n]) for n in mine], dtype=np.float32)
        vector = words.questions([reading.search])[0]
        telling = words.telling(reading.search)[mine] * chances
        figure = figure_asked(reading.search)
        return cls(reading, dict(terms), dict(pairs), vector, figure, words.words(reading.search)[mine], telling)


def _lag(values: npt.ArrayLike) -> Values:
    """By how much each value falls short of the best."""
    found = np.array(values, dtype=np.float64)
    found -= found.max()
    return found


@lru_cache(maxsize=4096)
def _meanings(embed: Callable[[Sequence[str]], Vectors], texts: tuple[str, ...]) -> Vectors:
    return embed(texts)
