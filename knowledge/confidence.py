"""Whether what was found answers what was asked: a calibrated estimate, not a guessed threshold.

A logistic model over features of question and passages: those by which the ranker judges the best passages, and
what only the question shows (words and neighbouring words that stand nowhere in the knowledge). All are shares and
similarities, so they mean the same over a small knowledge and a large one. The weights are numbers in
`data/confidence.json`, fitted by `scripts/fit_confidence.py`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.rank import FEATURES as RANKED
from knowledge.rank import Ranker
from knowledge.relevance import Weight, pairs_of
from knowledge.retrieve import Found

DATA = Path(__file__).parent / "data" / "confidence.json"
# Of the ranker's features, those that speak of fit; the others only order passages among themselves.
_FIT = (
    "heading_words", "heading_pairs", "asked_words", "asked_pairs", "asked_back", "asked_meaning", "same_kind",
    "text_words", "text_pairs", "best_unit", "title_words", "official", "same_set", "same_place",
)  # fmt: skip
FEATURES = (*_FIT, "cosine", "second", "unknown", "strange", "few", "many", "referred")
_COLUMNS = [RANKED.index(name) for name in _FIT]
_LOOKED_AT = 3


def features(found: Found, ranker: Ranker, weight: Weight, cosine: float) -> list[float]:
    """The features in the order of FEATURES, each about 0 to 1.

    cosine: best dense similarity; second: text fit of the second-best passage; unknown and strange: share of the
    question's words and of its neighbouring words that stand nowhere; few and many: how long the question is.
    """
    reading = found.reading
    hits = (*found.then[:1], *found.current[:_LOOKED_AT])
    vector = ranker.embedder.questions([reading.search])[0]
    rows = [ranker.features(hit, reading, vector) for hit in hits]
    fit = max(rows, key=lambda row: float(row[_COLUMNS].sum()), default=np.zeros(len(RANKED)))
    texts = sorted((float(row[RANKED.index("text_words")]) for row in rows), reverse=True)
    words = len(reading.terms)
    return [
        *(float(fit[column]) for column in _COLUMNS),
        max(cosine, 0.0),
        texts[1] if len(texts) > 1 else 0.0,
        _nowhere(reading.terms, weight),
        _nowhere(pairs_of(reading.text), weight),
        float(words <= 3),
        min(words, 20) / 20,
        float(any(r.locator or r.key for r in reading.references.found)),
    ]


@dataclass(frozen=True)
class Confidence:
    """Weights of the logistic model and the probability under which the assistant abstains."""

    weights: tuple[float, ...]
    bias: float
    threshold: float

    @classmethod
    def load(cls, path: Path = DATA) -> Confidence:
        """The shipped weights."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(tuple(data["weights"][name] for name in FEATURES), data["bias"], data["threshold"])

    def probability(self, values: Sequence[float]) -> float:
        """How likely it is that the knowledge answers the question, 0 to 1."""
        score = self.bias + sum(w * v for w, v in zip(self.weights, values, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def _nowhere(terms: Sequence[str], weight: Weight) -> float:
    """The share of the terms that no passage holds."""
    ceiling = weight("\x00")
    return sum(weight(term) >= ceiling for term in terms) / len(terms) if terms else 1.0
