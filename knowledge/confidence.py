"""Whether what was found answers what was asked: a calibrated estimate, not a guessed threshold.

A logistic model over a few features of question and passages. They are shares and similarities, so they mean the
same over a small knowledge and a large one. The weights are numbers in `data/confidence.json`, fitted by
`scripts/fit_confidence.py`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.relevance import pairs_of, words_of
from knowledge.retrieve import Found

DATA = Path(__file__).parent / "data" / "confidence.json"
FEATURES = ("cover", "pairs", "heading", "unknown", "cosine", "long", "referred")
_LOOKED_AT = 3


def features(found: Found, weight: Callable[[str], float], cosine: float) -> list[float]:
    """The features of a question and its best passages, each 0 to 1, in the order of FEATURES.

    cover and pairs: share of the question's words, and of its neighbouring words, in the best passage, weighted by
    rarity; heading: likewise in its title and other ways of asking; unknown: share of words that stand nowhere;
    cosine: best dense similarity; long: how many words there are; referred: whether a legal reference led to the
    place.
    """
    reading = found.reading
    hits = (*found.then[:1], *found.current[:_LOOKED_AT])
    terms = reading.terms
    pairs = pairs_of(reading.search)
    referred = float(any(r.locator or r.key for r in reading.references.found))
    cover = matched = heading = 0.0
    for hit in hits:
        have, title = words_of(hit.passage.searchable), words_of(f"{hit.passage.title}\n{hit.passage.hints}")
        share = _share(terms, have, weight)
        near = _share(pairs, have, weight)
        if share + near > cover + matched:
            cover, matched, heading = share, near, _share((*terms, *pairs), title, weight)
    rarest = [weight(term) for term in terms]
    ceiling = weight("\x00")  # what a word weighs that stands nowhere
    unknown = sum(w for w in rarest if w >= ceiling) / (sum(rarest) or 1.0)
    return [cover, matched, heading, unknown, max(cosine, 0.0), min(len(terms), 10) / 10, referred]


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


def _share(terms: Sequence[str], have: frozenset[str], weight: Callable[[str], float]) -> float:
    total = sum(weight(term) for term in terms)
    return sum(weight(term) for term in terms if term in have) / total if total else 0.0
