"""Boosted trees kept as numbers: what a script fitted with scikit-learn, read with numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

_LEAF = -1
_DECIMALS = 6  # beyond them a value tells in which order it was summed, or on which machine
_FURTHEST = 30.0  # log odds beyond which a probability is as good as 0 or 1


def rounded(rows: Sequence[Sequence[float] | Values] | Values) -> Values:
    """Rows of values as trees are asked with them, and so must be fitted: to the sixth decimal. A tree may part 1 from
    1.0000000000000002, and the same question would then be answered by one process and refused by the next."""
    return np.asarray(rows, dtype=np.float64).round(_DECIMALS)


@dataclass(frozen=True)
class Trees:
    """A sum of small trees over named features, on the scale of log odds.

    Each array has a row for each tree and a column for each of its nodes: the feature that a node asks for (-1 in a
    leaf), the limit up to which one goes `low` and above which `high`, and a leaf's value.
    """

    start: float
    feature: npt.NDArray[np.int64]
    limit: Values
    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]
    value: Values

    @classmethod
    def of(cls, data: Mapping[str, Any], features: Sequence[str]) -> Self:
        """Trees from a data file: `features` by name, `start`, and `trees`, each a list of nodes: [feature, limit, node
        if at most the limit, node if above], or [value] for a leaf. They will be asked with values in the order of
        `features`; raises ValueError where the file's trees ask for another."""
        if unknown := set(data["features"]).difference(features):
            raise ValueError(f"the trees ask for {', '.join(sorted(unknown))}")
        order = [features.index(name) for name in data["features"]]
        trees = data["trees"]
        shape = (len(trees), max(map(len, trees), default=1))
        feature, low, high = (np.full(shape, _LEAF) for _ in range(3))
        limit, value = np.zeros(shape), np.zeros(shape)
        for n, tree in enumerate(trees):
            for m, node in enumerate(tree):
                if len(node) == 1:
                    value[n, m] = node[0]
                else:
                    feature[n, m], limit[n, m] = order[int(node[0])], node[1]
                    low[n, m], high[n, m] = int(node[2]), int(node[3])
        return cls(float(data["start"]), feature, limit, low, high, value)

    def probabilities(self, rows: Sequence[Sequence[float] | Values] | Values) -> list[float]:
        """One probability, 0 to 1, for each row of values."""
        found: list[float] = (1 / (1 + np.exp(-self.log_odds(rows)))).tolist()
        return found

    def log_odds(self, rows: Sequence[Sequence[float] | Values] | Values) -> Values:
        """The log odds of each row of values, at most 30 either way."""
        if not len(rows):
            return np.zeros(0)
        values = rounded(rows)
        each, tree = np.arange(len(values))[:, None], np.arange(len(self.feature))[None, :]
        node = np.zeros((len(values), len(self.feature)), dtype=np.int64)
        while (asked := self.feature[tree, node]).max(initial=_LEAF) != _LEAF:
            further = np.where(
                values[each, asked] <= self.limit[tree, node], self.low[tree, node], self.high[tree, node]
            )
            node = np.where(asked == _LEAF, node, further)
        found: Values = (self.start + self.value[tree, node].sum(axis=1)).clip(-_FURTHEST, _FURTHEST)
        return found
