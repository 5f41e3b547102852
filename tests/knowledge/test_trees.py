"""Trees kept as numbers tell what the model that was fitted tells."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]

from knowledge.trees import Trees, rounded

SCRIPTS = Path(__file__).parents[2] / "scripts"
NAMES = ("length", "likeness", "share")


def fitted() -> tuple[HistGradientBoostingClassifier, np.ndarray, dict[str, Any]]:
    """A model over three features, its rows, and its numbers after a round trip through the file's text."""
    spec = importlib.util.spec_from_file_location("boosted", SCRIPTS / "boosted.py")
    assert spec is not None
    assert spec.loader is not None
    boosted = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(boosted)
    rows = rounded(np.random.default_rng(5).normal(size=(400, 3)))
    labels = rows[:, 0] * rows[:, 1] > rows[:, 2]
    model = HistGradientBoostingClassifier(max_iter=30, max_leaf_nodes=6).fit(rows, labels)
    text = boosted.as_json({"threshold": 0.5, "one": boosted.as_numbers(model, NAMES)})
    return model, rows, json.loads(text)["one"]


def test_the_numbers_tell_what_the_model_tells() -> None:
    model, rows, data = fitted()
    told = Trees.of(data, NAMES).probabilities(rows)
    assert np.allclose(told, model.predict_proba(rows)[:, 1], atol=1e-3)
    assert Trees.of(data, NAMES).probabilities([]) == []


def test_features_are_found_by_name() -> None:
    _, rows, data = fitted()
    turned = Trees.of(data, NAMES[::-1]).probabilities(rows[:, ::-1])
    assert turned == Trees.of(data, NAMES).probabilities(rows)
    with pytest.raises(ValueError, match="share"):
        Trees.of(data, NAMES[:2])


def test_a_tree_of_one_leaf_tells_it() -> None:
    (told,) = Trees.of({"features": ["a"], "start": 0.0, "trees": [[[1.0]], [[0.5]]]}, ["a"]).probabilities([[9.0]])
    assert told == pytest.approx(1 / (1 + np.exp(-1.5)))
