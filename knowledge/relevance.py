"""How well a unit of a passage speaks to a question, and which of the passages found to answer from."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from math import fsum

from knowledge.embedding import Embedder, Vectors
from knowledge.question import Kind, QuestionReading, content_term, content_terms
from knowledge.text import PAIR, fold_syllable, folded_syllables, syllables
from knowledge.types import Hit, Passage
from knowledge.units import Unit, units

# How much a folded syllable (or a pair, joined by `_`) tells: its inverse document frequency.
Weight = Callable[[str], float]
# What share of all that a question's terms tell each of them tells.
Shares = Mapping[str, float]

_FIGURE = re.compile(r"\d|\b(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\b")
_WHEN = re.compile(
    r"\d+\s*(?:ngày|tháng|năm|giờ)|ngày \d|tháng \d|năm \d{4}|\d/\d{4}|trước ngày|kể từ|hết hiệu lực", re.I
)
_WHO = re.compile(
    r"UBND|Ủy ban|Chủ tịch|Bộ trưởng|Thủ tướng|Hội đồng|Sở |Bộ |cơ quan|Tổ tư vấn|cấp (?:xã|huyện|tỉnh)|trung ương",
    re.I,
)
_VERDICT = re.compile(r"^(?:Có|Không|Được|Chưa|Phải|Đúng|Sai)\b")
_SHOWS: dict[Kind, re.Pattern[str]] = {
    Kind.QUANTITY: _FIGURE,
    Kind.TIME: _WHEN,
    Kind.WHO: _WHO,
    Kind.PLACE: _WHO,
    Kind.YES_NO: _VERDICT,
}
# Tuned on the dev half of the golden questions (see knowledge/model/README.md).
_SHOWS_IT, _LEADS, _FROM_HEADING = 0.1, 0.2, 0.5
_WORDS, _PAIRS = 0.6, 0.4
NEAR, UNIT_WEIGHT = 0.5, 0.4
LOOKED_AT = 5
_BEFORE = 0.4  # of its weight, for what only an earlier question said


class Relevance:
    """Scores units by the question's words and neighbouring words, weighted by rarity, and by what the kind of question
    wants to see (a figure, a date, a body, a yes or no)."""

    def __init__(self, weight: Weight) -> None:
        self.weight = weight

    def shares(self, terms: Iterable[str]) -> Shares:
        """What each of the terms tells, as a share of what all of them tell."""
        weights = {term: self.weight(term) for term in terms}
        total = fsum(weights.values())
        return {term: weight / total for term, weight in weights.items()} if total else {}

    def asked(self, reading: QuestionReading) -> tuple[Shares, Shares]:
        """The shares of a question's words and of its neighbouring words; what only an earlier question said tells
        less."""
        terms, pairs = self.shares(reading.terms), self.shares(pairs_of(reading.search))
        return lightened(terms, reading.before, _BEFORE), lightened(pairs, reading.before, _BEFORE)

    def scores(self, hit: Hit, reading: QuestionReading) -> list[float]:
        """One score for each unit of the passage, in order."""
        return self.unit_scores(hit, reading, *self.asked(reading))

    def unit_scores(self, hit: Hit, reading: QuestionReading, terms: Shares, pairs: Shares) -> list[float]:
        """`scores` where the shares of the question's words and neighbouring words are at hand."""
        heading = words_of(hit.passage.heading)
        told = {t: _WORDS * w for t, w in terms.items()} | {t: _PAIRS * w for t, w in pairs.items()}
        # What the heading says counts by itself, less than in the unit's own words.
        headed = _FROM_HEADING * cover(told, heading)
        told |= {term: (1 - _FROM_HEADING) * told[term] for term in told.keys() & heading}
        found = []
        for position, (text, own) in enumerate(words_within(hit.passage)):
            score = headed + cover(told, own)
            score += _SHOWS_IT if shows(reading.kind, text) else 0.0
            score += _LEADS if position == 0 and hit.document.kind != "official" else 0.0
            found.append(score)
        return found

    def best(self, hits: tuple[Hit, ...], reading: QuestionReading) -> Hit:
        """The passage to answer from: near the top by retrieval, and with the best single unit."""
        top = hits[0].score
        if reading.references.found or top <= 0:
            return hits[0]
        near = [hit for hit in hits[:LOOKED_AT] if hit.score >= NEAR * top]
        return max(near, key=lambda hit: hit.score / top + UNIT_WEIGHT * max(self.scores(hit, reading), default=0.0))


def shows(kind: Kind, text: str) -> bool:
    """Whether a text shows what such a question wants to see: a figure, a date, a body, a yes or no."""
    wanted = _SHOWS.get(kind)
    return wanted is not None and wanted.search(text) is not None


def opens_with_verdict(text: str) -> bool:
    """Whether a text opens with a yes or no."""
    return _VERDICT.match(text) is not None


def lightened(shares: Shares, words: Collection[str] | None, factor: float) -> Shares:
    """The shares with so much less of these words, and of pairs of them."""
    if not words:
        return shares
    light = frozenset(words)
    lighter = {term: share * (factor if light.issuperset(term.split(PAIR)) else 1.0) for term, share in shares.items()}
    whole = fsum(lighter.values())
    return {term: share / whole for term, share in lighter.items()} if whole else shares


def cover(shares: Shares, own: frozenset[str]) -> float:
    """How much of what a question's terms tell stands in `own`, from 0 to 1, whatever the order they are summed in."""
    return fsum(map(shares.__getitem__, shares.keys() & own))


def alike(one: Hit, other: Hit, embedder: Embedder) -> float:
    """How alike the questions are that two passages say they answer: the cosine of their meanings."""
    return float(
        _meaning(embedder.name, embedder.passages, one.passage.ways)
        @ _meaning(embedder.name, embedder.passages, other.passage.ways)
    )


@lru_cache(maxsize=4096)
def _meaning(_model: str, embed: Callable[[list[str]], Vectors], ways: tuple[str, ...]) -> Vectors:
    found: Vectors = embed([" ".join(ways)])[0]
    return found


@lru_cache(maxsize=8192)
def words_of(text: str) -> frozenset[str]:
    """The folded content words and neighbouring words of a text."""
    plain = syllables(text)
    folded = list(map(fold_syllable, plain))
    return frozenset(filter(None, map(content_term, plain))).union(map(PAIR.join, pairwise(folded)))


def pairs_of(text: str) -> tuple[str, ...]:
    """The folded neighbouring syllables of a text, each pair once."""
    return tuple(dict.fromkeys(PAIR.join(pair) for pair in pairwise(folded_syllables(text))))


@lru_cache(maxsize=4096)
def words_within(passage: Passage) -> tuple[tuple[str, frozenset[str]], ...]:
    """Each unit's text, and its words with those of the head of its table."""
    return tuple((unit.text, words_of(" ".join((unit.text, *unit.header)))) for unit in units(passage))


def new_words(unit: Unit, said: frozenset[str]) -> int:
    """How many content words a unit adds to what has been said."""
    return len(set(content_terms(unit.text)) - said)
