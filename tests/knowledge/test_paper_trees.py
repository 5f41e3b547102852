"""Which of the papers' passages goes first: weights and trees together."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.paper_trees import PaperTrees, names, seen
from knowledge.trees import Trees

FEATURES = ("words", "meaning")
ROWS = np.array([[0.9, 0.2], [0.5, 0.4], [0.3, 0.8]])
FIT = np.array([2.0, 1.0, 3.0])
NO_TREES = {"start": 0.0, "features": [], "trees": []}


def test_trees_see_a_passage_and_how_far_it_falls_short() -> None:
    papers = np.array([False, True, True])
    told = dict(zip(names(FEATURES), seen(ROWS, FIT, papers).T.tolist(), strict=True))
    assert told["words"] == [0.5, 0.3]
    assert told["words_lag"] == pytest.approx([0.0, -0.2])
    assert told["fit_lag"] == [-2.0, 0.0]
    assert told["fit_beside"] == [-1.0, 1.0]


def test_without_a_section_what_it_would_lead_by_is_told_from_the_least_of_the_papers() -> None:
    told = dict(zip(names(FEATURES), seen(ROWS, FIT, np.ones(3, dtype=bool)).T.tolist(), strict=True))
    assert told["fit_beside"] == [1.0, 0.0, 2.0]


def test_trees_and_weights_count_for_what_was_learned() -> None:
    papers = np.array([True, False, True])
    lag = {"start": 0.0, "features": ["words_lag"], "trees": [[[0, -0.1, 1, 2], [-1.0], [1.0]]]}
    judge = PaperTrees(Trees.of(lag, names(FEATURES)), (2.0, 1.0), (3.0, 0.5, 0.25))
    assert judge.logits(ROWS, FIT, papers) == pytest.approx([3.0 + 0.5 * 2.0 + 0.25, -3.0 + 0.5 * 1.4 + 0.25])


def test_weights_alone_judge_where_no_trees_count() -> None:
    judge = PaperTrees(Trees.of(NO_TREES, names(FEATURES)), (1.0, 0.0), (0.0, 1.0, 0.0))
    assert judge.logits(ROWS, FIT, np.ones(3, dtype=bool)) == pytest.approx([0.9, 0.5, 0.3])


def test_what_is_learned_must_ask_for_what_the_ranker_tells() -> None:
    with pytest.raises(ValueError, match="trees ask for"):
        PaperTrees.load(FEATURES, (0.0, 0.0))
