"""Which of the papers' passages found answers: weights and trees together.

The weights judge each passage by itself; the trees also see by how much it falls short of the best paper's passage in
each feature, how well the handbook's weights think of it, and by how much that falls short of the best section. Both
are numbers: the weights in `data/ranker.json`, the trees and what each of the two counts for in
`data/paper_trees.json`, learned by `scripts/train_paper_ranker.py`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.trees import Trees, Values

DATA = Path(__file__).parent / "data" / "paper_trees.json"
MIXED = ("of_trees", "of_weights", "bias")  # what each counts for, and all papers beside a handbook's section


def names(features: Sequence[str]) -> tuple[str, ...]:
    """The names of what the trees see, of passages with these features."""
    own = (*features, "fit")
    return (*own, *(f"{name}_lag" for name in own), "fit_beside")


def seen(rows: Values, fit: Values, of_papers: npt.NDArray[np.bool_]) -> Values:
    """What the trees see of each paper's passage (p, 2 f + 3), by the features (n, f) of all that was found, how well
    each fits by the handbook's weights (n,) and which are papers' (n,)."""
    own = np.column_stack([rows, fit])[of_papers]
    best_section = fit[~of_papers].max(initial=fit[of_papers].min() if of_papers.all() else -np.inf)
    return np.column_stack([own, own - own.max(axis=0), own[:, -1] - best_section])


@dataclass(frozen=True)
class PaperTrees:
    """The trees, the weights of the features, and what each counts for, in the order of `MIXED`."""

    trees: Trees
    weights: tuple[float, ...]
    mixed: tuple[float, float, float]

    @classmethod
    def load(cls, features: Sequence[str], weights: Sequence[float], path: Path = DATA) -> PaperTrees:
        """The shipped trees, beside weights of the features."""
        data = json.loads(path.read_text(encoding="utf-8"))
        of_trees, of_weights, bias = (float(data[name]) for name in MIXED)
        return cls(Trees.of(data, names(features)), tuple(weights), (of_trees, of_weights, bias))

    def logits(self, rows: Values, fit: Values, of_papers: npt.NDArray[np.bool_]) -> Values:
        """How well each paper's passage answers (p,), on the scale on which `fit` tells it of the handbook's."""
        of_trees, of_weights, bias = self.mixed
        odds = self.trees.log_odds(seen(rows, fit, of_papers))
        found: Values = of_trees * odds + of_weights * (rows[of_papers] @ np.array(self.weights)) + bias
        return found
