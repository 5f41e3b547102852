"""Boosted trees of scikit-learn as the numbers that `knowledge.trees` reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]


def as_numbers(model: HistGradientBoostingClassifier, features: Sequence[str]) -> dict[str, Any]:
    """A fitted model's features by name, its start, and its trees node by node."""
    return {
        "features": list(features),
        "start": float(model._baseline_prediction.ravel()[0]),
        "trees": [_nodes(stage[0].nodes) for stage in model._predictors],
    }


def as_json(data: Mapping[str, Any]) -> str:
    """The data of a file of trees, one tree a line; trees may also stand one level deeper, under names."""
    parts = []
    for key, value in data.items():
        if key == "trees":
            trees = ",\n  ".join(json.dumps(tree, separators=(",", ":")) for tree in value)
            parts.append(f'"trees": [\n  {trees}\n ]')
        elif isinstance(value, Mapping):
            parts.append(f"{json.dumps(key)}: {as_json(value).strip()}")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value)}")
    return "{" + ",\n ".join(parts) + "}\n"


def _nodes(nodes: Any) -> list[list[float]]:
    return [
        [round(float(node["value"]), 4)]
        if node["is_leaf"]
        else [int(node["feature_idx"]), float(node["num_threshold"]), int(node["left"]), int(node["right"])]
        for node in nodes
    ]
