"""Which passage a follow-up is answered from: those found by each of its readings, judged together by boosted trees.

"Nộp ở đâu" may be about the old subject, about what the last answer was about, about what was asked before that, or a
question of its own. scripts/fit_follow_ups.py learns from conversations in which a reader marked the sections that
answer.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.embedding import StaticEmbedder
from knowledge.figure_asked import figure_asked, figure_shown
from knowledge.programmes import programme_named, programmes
from knowledge.question import Kind, content_terms, kind_of
from knowledge.rank import asked_of, meanings
from knowledge.relevance import Weight, alike, words_of
from knowledge.retrieve import Found, best_first
from knowledge.trees import Trees, Values
from knowledge.types import Hit

DATA = Path(__file__).parent / "data" / "follow_up.json"
# What a follow-up may mean: its words about the old subject, or put in place of some of its own; about the passage that
# was told last; about what was asked before the last question; or its words alone.
READINGS = ("joined", "told", "earlier", "alone")
FEATURES = (
    *(f"score_{name}" for name in READINGS), *(f"sure_{name}" for name in READINGS), "perhaps_alone", "perhaps_joined",
    "bare_told", "bare_alone", "own_alone", "own_joined", "own_sure_alone", "held", "held_of_all", "held_near", "near",
    "alike", "same_paper", "across", "again", "again_bare", "again_alike_kind", "again_figure", "told_before",
    "same_page", "figure", "same_kind", "instrument", "meaning", "meaning_both", "way_fit", "way_fit_both", "programme",
    "paper",
)  # fmt: skip
_FAR = -6.0  # a passage that a reading did not find, on the scale of log odds
_AT_MOST = 4  # so many words of its own tell a new subject as surely as more
_LOOKED_AT = 5  # of what each reading found
_IS_AGAIN = FEATURES.index("again")
_NAMES_IT = FEATURES.index("instrument")
# What the odds count for of the passage that was told last – the marks are of passages, not of their lines –, and where
# it names the instrument which is asked for now.
_AGAIN, _AGAIN_NAMED = 0.5, 1.5
BESIDE = 8  # so many passages before and after one of a paper are on its matter
_OF_A_PAPER, _ELSEWHERE, _LEAST, _ALIKE = 0.4, 0.15, 0.3, 0.4


@dataclass(frozen=True)
class Asked:
    """A follow-up: its text, the questions before it, how many words name a subject of its own, whether it may as well
    stand alone, and whether it asks for an instrument and what was told last names one."""

    text: str
    history: tuple[str, ...]
    own: int
    perhaps: bool
    instrument: bool


@dataclass(frozen=True)
class Candidate:
    """A passage that a reading of a follow-up found."""

    hit: Hit
    values: list[float]  # in the order of FEATURES


@dataclass(frozen=True)
class FollowUps:
    """The trees, and what their odds count for on the scale of the confidence, by itself for passages of papers."""

    trees: Trees
    factor: float
    of_papers: float
    weight: Weight
    words: StaticEmbedder

    @classmethod
    def load(cls, weight: Weight, words: StaticEmbedder, path: Path = DATA) -> FollowUps:
        """The shipped trees."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(Trees.of(data, FEATURES), data["factor"], data["of_papers"], weight, words)

    def choose(
        self, asked: Asked, readings: Mapping[str, Found], sure: Mapping[str, float], told: Sequence[Hit]
    ) -> tuple[Found, float]:
        """The reading that found the likeliest passage, its passages in the order of how likely each answers, and how
        likely the first does, 0 to 1, as the confidence reckons. `sure`: how likely each reading by itself finds an
        answer; `told`: the passages told before, the last first."""
        candidates = candidates_of(asked, readings, sure, told, self.weight, self.words)
        if not candidates:
            return next(iter(readings.values())), 0.0
        rows = [one.values for one in candidates.values()]
        odds = dict(zip(candidates, odds_of(self.trees.probabilities(rows), rows), strict=True))
        best = max(odds, key=lambda passage: (odds[passage], passage))
        shares = {name: shares_of(found).get(best, 0.0) for name, found in readings.items()}
        found = readings[max(shares, key=lambda name: shares[name])]
        least = min(odds.values())
        known = odds[best] * (self.of_papers if candidates[best].hit.is_paper else self.factor)
        return found.scored(lambda hit: odds.get(hit.passage.id, least) / odds[best]), known / (1 + known)


def odds_of(chances: Sequence[float] | Values, rows: Sequence[Sequence[float]] | Values) -> list[float]:
    """The odds that passages answer, by what the trees say of their rows of features."""
    return [
        chance / max(1 - chance, 1e-6) * (_AGAIN_NAMED if row[_NAMES_IT] else _AGAIN if row[_IS_AGAIN] else 1.0)
        for chance, row in zip(chances, rows, strict=True)
    ]


def candidates_of(
    asked: Asked,
    readings: Mapping[str, Found],
    sure: Mapping[str, float],
    told: Sequence[Hit],
    weight: Weight,
    words: StaticEmbedder,
) -> dict[str, Candidate]:
    """The first passages of each reading by id, with their features."""
    found = {name: shares_of(readings[name]) if name in readings else {} for name in READINGS}
    pool = {hit.passage.id: hit for one in readings.values() for hit in best_first(one)[:_LOOKED_AT]}
    chance = {name: _log_odds(sure[name]) if name in sure else 0.0 for name in READINGS}
    before = set(content_terms(" ".join(asked.history)))
    every = {term: weight(term) for term in content_terms(asked.text)}
    fresh = {term: much for term, much in every.items() if term not in before}
    figure, kind = figure_asked(asked.text), kind_of(asked.text)
    again_kind = bool(asked.history) and kind_of(asked.history[-1]) == kind
    own, bare = min(asked.own, _AT_MOST), not fresh
    # The question by itself, and behind the one before it.
    texts = (asked.text, " ".join((*asked.history[-1:], asked.text)))
    vectors, spoken = words.questions(list(texts)), [words_of(text) for text in texts]
    programme = next(filter(None, map(programme_named, (asked.text, *reversed(asked.history)))), "")

    def values(passage: str, hit: Hit) -> list[float]:
        share = {name: found[name].get(passage, 0.0) for name in READINGS}
        score = {name: max(math.log(one + 1e-3), _FAR) for name, one in share.items()}
        top = {name: chance[name] if one == 1.0 else 0.0 for name, one in share.items()}
        said = words_of(hit.passage.text).union(*map(words_of, hit.passage.ways))
        held, held_of_all = _held(fresh, said), _held(every, said)
        last = told[0] if told else None
        near = _near(last, hit, words) if last else 0.5
        shown = 0.0 if figure is None else 1.0 if figure_shown(figure, hit.passage.text) else -1.0
        again = last is not None and last.passage.id == passage
        page = last is not None and last.document.id == hit.document.id
        ways = asked_of(hit.passage.ways)
        like = (meanings(ways, words) @ vectors.T).max(axis=0) if ways.ways else np.zeros(len(texts))
        fit = [max((_fit(every, way, text, weight) for _, way in ways.ways), default=0.0) for text in spoken]
        return [
            *score.values(),
            *top.values(),
            score["alone"] * asked.perhaps,
            score["joined"] * asked.perhaps,
            score["told"] * bare,
            score["alone"] * bare,
            score["alone"] * own,
            score["joined"] * own,
            top["alone"] * own,
            held,
            held_of_all,
            held * near,
            near,
            alike(last, hit, words) if last else 0.0,
            float(page and hit.is_paper),
            float(last is not None and last.is_paper != hit.is_paper),
            float(again),
            float(again and bare),
            float(again and again_kind),
            float(again and shown > 0),
            float(any(one.passage.id == passage for one in told[1:])),
            float(page),
            shown,
            float(kind is not Kind.OTHER and kind in ways.kinds),
            float(asked.instrument and again),
            *map(float, like),
            *fit,
            float(programme in programmes(hit)) if programme else 0.5,
            float(hit.is_paper),
        ]

    return {passage: Candidate(hit, values(passage, hit)) for passage, hit in pool.items()}


def shares_of(found: Found) -> dict[str, float]:
    """Each passage's score as a share of the best one's."""
    hits = best_first(found)
    top = max((hit.score for hit in hits), default=0.0)
    return {hit.passage.id: hit.score / top for hit in hits} if top > 0 else {}


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 0.02), 0.98)
    return math.log(bounded / (1 - bounded))


def _fit(asked: Mapping[str, float], way: frozenset[str], spoken: frozenset[str], weight: Weight) -> float:
    """How well a way of asking fits, 0 to 1: the harmonic mean of how much of the question it holds, and how much of it
    was spoken."""
    held, back = _held(asked, way), _held({term: weight(term) for term in way}, spoken)
    return 2 * held * back / (held + back) if held + back else 0.0


def _held(terms: Mapping[str, float], words: frozenset[str]) -> float:
    """How much of what these words tell is held, 0 to 1; 1 of none."""
    whole = math.fsum(terms.values())
    return math.fsum(much for term, much in terms.items() if term in words) / whole if whole else 1.0


def _near(told: Hit, hit: Hit, words: StaticEmbedder) -> float:
    """How near in matter a passage is to the one told, 0 to 1: most where it is of its page or is asked for alike."""
    if told.document.id == hit.document.id:
        beside = abs(told.passage.order - hit.passage.order) <= BESIDE
        return 1.0 if beside or not hit.is_paper else _OF_A_PAPER
    if told.is_paper != hit.is_paper:
        return _ELSEWHERE
    return min(1.0, max(_LEAST, alike(told, hit, words) / _ALIKE))
