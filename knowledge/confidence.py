"""Whether what was found answers what was asked: a calibrated estimate, not a guessed threshold.

A logistic model over a few features of question and passages; its weights are numbers in `data/confidence.json`,
fitted on the dev half of the golden questions by `scripts/fit_confidence.py`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.question import content_terms
from knowledge.retrieve import Found

DATA = Path(__file__).parent / "data" / "confidence.json"
FEATURES = ("cover", "heading", "unknown", "cosine", "margin", "length", "referred")


def features(found: Found, weight: Callable[[str], float], known: Callable[[str], bool], cosine: float) -> list[float]:
    """The features of a question and its best passages, in the order of FEATURES.

    cover: share of the question's weighted words in the best passage; heading: likewise in its title and other ways
    of asking; unknown: share of weight in words that stand nowhere in the knowledge; cosine: best dense similarity.
    """
    hits = found.then[:1] + found.current[:3]
    terms = found.reading.terms
    total = sum(weight(t) for t in terms)
    if not hits or not total:
        return [
            0.0,
            0.0,
            1.0,
            cosine,
            0.0,
            float(min(len(terms), 10)) / 10,
            float(bool(found.reading.references.found)),
        ]

    def share(text: str) -> float:
        have = set(content_terms(text))
        return sum(weight(t) for t in terms if t in have) / total

    cover = max(share(hit.passage.searchable) for hit in hits)
    heading = max(share(f"{hit.passage.title}\n{hit.passage.hints}") for hit in hits)
    unknown = sum(weight(t) for t in terms if not known(t)) / total
    margin = hits[0].score - (found.current[min(9, len(found.current) - 1)].score if found.current else 0.0)
    return [
        cover, heading, unknown, cosine, margin, min(len(terms), 10) / 10, float(bool(found.reading.references.found))
    ]  # fmt: skip


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

    def probability(self, values: list[float]) -> float:
        """How likely it is that the knowledge answers the question, 0 to 1."""
        return 1 / (1 + math.exp(-float(np.dot(self.weights, values)) - self.bias))
