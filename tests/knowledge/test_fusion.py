"""Fusion: weight decides, ties by id, either list may be empty."""

from __future__ import annotations

import pytest

from knowledge.fusion import DENSE_WEIGHT, fuse


def test_scores_add_by_weight_on_the_scale_of_the_best_lexical_hit() -> None:
    fused = dict(fuse([("a", 20.0), ("b", 10.0)], [("b", 0.9), ("c", 0.5), ("d", 0.2)]))
    assert fused == pytest.approx({"a": 1.0, "b": 0.5 + 0.7 * DENSE_WEIGHT, "c": 0.3 * DENSE_WEIGHT, "d": 0.0})


def test_what_only_the_words_found_is_not_taken_for_unlike() -> None:
    """Two passages of equal words: the last of the dense candidates has no lead over one just beyond them."""
    fused = dict(fuse([("a", 5.0), ("z", 5.0)], [("b", 0.6), ("z", 0.5)]))
    assert fused["a"] == fused["z"]


def test_likeness_below_nothing_takes_nothing_away() -> None:
    assert min(score for _, score in fuse([("a", 5.0)], [("b", -0.1), ("a", -0.3)])) >= 0


def test_equal_scores_go_by_id_and_empty_lists_are_fine() -> None:
    assert [i for i, _ in fuse([("b", 1.0), ("a", 1.0)], [])] == ["a", "b"]
    assert [i for i, _ in fuse([], [("x", 0.2), ("y", 0.4)])] == ["y", "x"]
    assert fuse([], []) == []


def test_meaning_alone_never_overtakes_the_best_words() -> None:
    assert fuse([("words", 3.0)], [("meaning", 1.0)])[0][0] == "words"
