"""Whether what was found answers what was asked: a calibrated estimate, not a guessed threshold.

A boosted ensemble of small trees over features of question and passage: those by which the ranker judges the best
passages, what only the question shows (words and neighbouring words that stand nowhere in the knowledge), and the
question's words as the passage holds them: the one that it holds least, and all of them, each counted by how much it
tells in the language at large, so that a rare word counts where this knowledge has never seen it, and by how likely an
answer holds it; and whether a figure of the kind asked for stands there. All are shares and similarities, so they mean
the same over a small knowledge and a large one; where more can only speak for an answer, the trees may not learn
otherwise. A message that tells a story is judged by trees of its own, which see the part of it that asks as well: most
of its words no answer holds. The trees are numbers in `data/confidence.json`, fitted by `scripts/fit_confidence.py`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.embedding import StaticEmbedder
from knowledge.figure_asked import figure_asked, figure_shown
from knowledge.held_words import held_words
from knowledge.question import QuestionReading, content_terms
from knowledge.rank import FEATURES as RANKED
from knowledge.rank import Ranker
from knowledge.references import names
from knowledge.relevance import Weight, pairs_of, words_of
from knowledge.retrieve import Found
from knowledge.text import fold, syllables
from knowledge.trees import Trees
from knowledge.types import Hit

DATA = Path(__file__).parent / "data" / "confidence.json"
# Of the ranker's features, those that speak of fit; the others only order passages among themselves.
_FIT = (
    "heading_words", "heading_pairs", "asked_words", "asked_pairs", "asked_back", "asked_meaning", "same_kind",
    "text_words", "text_pairs", "best_unit", "title_words", "official", "same_set", "same_place",
)  # fmt: skip
_OF_PAPERS = ("defines", "whole_words", "whole_pairs", "number_missing")
FEATURES = (
    *_FIT, *_OF_PAPERS, "ahead", "cosine", "second", "unknown", "strange", "few", "many", "referred", "worst_word",
    "told", "figure_shown", "expected", "paper",
)  # fmt: skip
# Of the part of a story that asks, beside those of the whole; and whether any part asks.
_OF_PART = (
    "asked_words", "asked_pairs", "asked_back", "asked_meaning", "text_words", "best_unit", "cosine", "worst_word",
    "told", "expected", "strange", "figure_shown",
)  # fmt: skip
OF_STORY = (*FEATURES, "asks", *(f"part_{name}" for name in _OF_PART))
STORY = 16  # content terms; who writes as many tells a story
# What can only speak for an answer, and what can only speak against one.
FOR = frozenset((
    "asked_words", "asked_pairs", "asked_back", "asked_meaning", "text_words", "text_pairs", "best_unit", "title_words",
    "defines", "whole_words", "whole_pairs", "cosine", "second", "referred", "worst_word", "told", "figure_shown",
    "expected",
))  # fmt: skip
AGAINST = frozenset(("unknown", "strange", "number_missing"))
_PART_COLUMNS = [FEATURES.index(name) for name in _OF_PART]
_BEST_PART = [FEATURES.index(name) for name in ("told", "asked_meaning", "asked_words")]  # the part where they are most
_COLUMNS, _MORE_COLUMNS = ([RANKED.index(name) for name in names] for names in (_FIT, _OF_PAPERS))
_FAR_AHEAD = 6.0  # log odds
_LOOKED_AT = 3
_TRADE, _EXPORT = re.compile(r"\b(?:ban|xuat|nhap|sang|qua|di hang|thi truong)\b"), ("xuất khẩu", "nước ngoài")
# Folded words that only name a place or ask what it says.
_OF_PLACES = frozenset(
    ("dieu", "khoan", "diem", "luat", "quy", "dinh", "noi", "ghi", "van", "ban", "ve", "nhung", "gi", "nao", "the")
)
_READ = 4000  # characters of a passage that are read word by word


def features(found: Found, ranker: Ranker, weight: Weight, cosine: float, words: StaticEmbedder) -> list[float]:
    """The features in the order of FEATURES, each about 0 to 1.

    ahead: by how much the ranker puts the best passage before the next; cosine: best dense similarity; second: text fit
    of the second-best passage; unknown and strange: share of the question's words and of its neighbouring words that
    stand nowhere; few and many: how long the question is; worst_word: of the question's words, the one that a
    passage holds least, by its likeness to the nearest word there; told: that likeness over all of its words,
    weighted by how much each tells; figure_shown: whether the figure asked for stands in the first passage (1), in
    a further one, or in none (0); in between where none is asked for; expected: how much of what may be expected of
    its words a passage holds; paper: whether a paper's passage is found first. But for `ahead`, a paper is judged by
    papers, a section of the handbook by sections: one that is asked for in like words says nothing of a paper's clause.
    """
    reading = found.reading
    hits = looked_at(found, _LOOKED_AT)
    rows = ranker.features(hits, reading)
    fit = max(rows, key=lambda row: float(row[_COLUMNS].sum()), default=np.zeros(len(RANKED)))
    texts = sorted((float(row[RANKED.index("text_words")]) for row in rows), reverse=True)
    count = len(reading.terms)
    return [
        *(float(fit[column]) for column in (*_COLUMNS, *_MORE_COLUMNS)),
        _ahead((*found.then[:1], *found.current[:_LOOKED_AT])),
        max(cosine, 0.0),
        texts[1] if len(texts) > 1 else 0.0,
        _nowhere(reading.terms, weight),
        _nowhere(pairs_of(reading.text), weight),
        float(count <= 3),
        min(count, 20) / 20,
        float(any(r.locator or r.key for r in reading.references.found)),
        *_held(hits, reading, words),
        _figure_shown(hits, reading),
        max((held_words().share(reading.terms, words_of(_whole(hit))) for hit in hits), default=0.0),
        float(hits[0].is_paper if hits else False),
    ]


def of_story(whole: Sequence[float], parts: Sequence[Sequence[float]]) -> list[float]:
    """The features of a story in the order of OF_STORY, by those of the whole and those of each of its parts that asks:
    of the parts only the one counts that fits best."""
    best = max(parts, key=lambda values: math.fsum(values[column] for column in _BEST_PART), default=whole)
    return [*whole, float(bool(parts)), *(best[column] for column in _PART_COLUMNS)]


def looked_at(found: Found, count: int) -> tuple[Hit, ...]:
    """The passages by which what was found is judged: the first one of then, and of now so many, of those that are
    papers or sections as the best of them is."""
    best = max((*found.then[:1], *found.current[:count]), key=lambda hit: hit.score, default=None)
    if best is None:
        return ()
    then, now = ([hit for hit in hits if hit.is_paper == best.is_paper] for hits in (found.then[:1], found.current))
    return (*then, *now[:count])


def of_another_country(found: Found) -> bool:
    """Whether a question about another country met a page that does not speak of it, nor of export where trade with it
    is asked about: Vietnam's rule would be told for that country's. Papers tell of people from anywhere."""
    first = next(iter((*found.then[:1], *found.current[:1])), None)
    if not found.reading.abroad or first is None or first.is_paper:
        return False
    told = " ".join((*first.passage.breadcrumb, first.passage.text)).lower()
    trade = _EXPORT if _TRADE.search(fold(found.reading.text)) else ()
    return not any(name in told for name in (*found.reading.abroad, *trade))


def of_an_unknown_instrument(found: Found) -> bool:
    """Whether a question names only instruments that the register does not hold, and nothing found names them."""
    references = found.reading.references
    unknown = () if any(reference.key for reference in references.found) else references.unknown
    told = "\n".join("\n".join((*hit.passage.breadcrumb, hit.passage.text)) for hit in (*found.then, *found.current))
    return bool(unknown) and not any(names(told, instrument) for instrument in unknown)


def is_the_place_named(found: Found) -> bool:
    """Whether what was found first is the very place of the very instrument that a question names ("điều 8 luật …"),
    and what else it says stands there."""
    named = [reference for reference in found.reading.references.found if reference.key and reference.locator]
    hits = (*found.then[:1], *found.current)

    def is_there(hit: Hit) -> bool:
        return any(place.covers(source.key, source.locator) for place in named for source in hit.passage.sources)

    if not named or not any(is_there(hit) for hit in sorted(hits, key=lambda hit: -hit.score)[:1]):
        return False
    told = frozenset[str]().union(*(words_of(_whole(hit)) for hit in hits if is_there(hit)))
    asked = content_terms(found.reading.references.rest)
    return not {term for term in asked if not term.isdigit()} - told - _OF_PLACES


def _held(hits: Sequence[Hit], reading: QuestionReading, words: StaticEmbedder) -> tuple[float, float]:
    """How well the best passage holds the question's worst word, and all of its words."""
    wanted = frozenset(reading.terms)
    mine = [number for number, syllable in enumerate(syllables(reading.search)) if fold(syllable) in wanted]
    if not mine:
        return 0.0, 0.0
    vectors, telling = words.words(reading.search)[mine], words.telling(reading.search)[mine]
    like = [(vectors @ words.words(text[:_READ]).T).max(axis=1) for text in map(_whole, hits) if text]
    worst = max((float(near.min()) for near in like), default=0.0)
    return worst, max((float(near.clip(0) @ telling / telling.sum()) for near in like), default=0.0)


def _ahead(hits: Sequence[Hit]) -> float:
    """By how much the best of them is put before the next, on the scale of log odds, 0 to 1."""
    best, *others = sorted((max(hit.score, 1e-6) for hit in hits), reverse=True) or [1.0]
    return min(math.log(best / max(others[:1], default=1e-6)), _FAR_AHEAD) / _FAR_AHEAD


def _figure_shown(hits: Sequence[Hit], reading: QuestionReading) -> float:
    asked = figure_asked(reading.search)
    if asked is None:
        return 0.5
    shown = [figure_shown(asked, hit.passage.text) for hit in hits]
    return 1.0 if shown and shown[0] else 0.75 if any(shown) else 0.0


def _whole(hit: Hit) -> str:
    """What a passage says, the ways of asking for it and its document's title."""
    return " ".join((hit.passage.text, *hit.passage.ways, hit.document.title))


@dataclass(frozen=True)
class Confidence:
    """The trees for questions and those for stories, the probability under which the assistant abstains, and the one
    from which it is `sure`: between the two it answers with a word of doubt."""

    trees: Trees
    stories: Trees
    threshold: float
    sure: float

    @classmethod
    def load(cls, path: Path = DATA) -> Confidence:
        """The shipped trees."""
        data = json.loads(path.read_text(encoding="utf-8"))
        trees, stories = Trees.of(data, FEATURES), Trees.of(data["stories"], OF_STORY)
        return cls(trees, stories, data["threshold"], data["sure"])

    def probability(self, values: Sequence[float]) -> float:
        """How likely it is that the knowledge answers a question, 0 to 1."""
        return self.trees.probabilities([values])[0]

    def probability_of_story(self, values: Sequence[float]) -> float:
        """How likely it is that the knowledge answers what a story asks, 0 to 1."""
        return self.stories.probabilities([values])[0]


def _nowhere(terms: Sequence[str], weight: Weight) -> float:
    """The share of the terms that no passage holds."""
    ceiling = weight("\x00")
    return sum(weight(term) >= ceiling for term in terms) / len(terms) if terms else 1.0
