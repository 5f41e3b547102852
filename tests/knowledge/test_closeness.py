"""Closeness: distinct question words held by one clause and by one stretch."""

from __future__ import annotations

from knowledge.closeness import clauses, closeness, marks

WEIGHT = {"bao": 1.0, "bì": 2.0, "hạn": 4.0}
PAIR = {("bao", "bì"): 8.0, ("bì", "hạn"): 16.0}


def both(*texts: str) -> list[tuple[float, float]]:
    clause, stretch = closeness([marks(clauses(text))[0] for text in texts], WEIGHT, PAIR)
    return list(zip(clause.tolist(), stretch.tolist(), strict=True))


def test_a_clause_counts_each_word_and_pair_once() -> None:
    assert both("Bao bì, bao bì hạn", "bao. Bì: hạn") == [(31.0, 31.0), (4.0, 7.0)]


def test_passages_are_kept_apart() -> None:
    assert both("bao", "bì hạn", "khác", "") == [(1.0, 1.0), (22.0, 22.0), (0.0, 0.0), (0.0, 0.0)]


def test_a_stretch_ends() -> None:
    far = "bao " + "x " * 100 + "bì"
    assert both(far) == [(3.0, 2.0)]


def test_folded_words_stand_in_the_second_row() -> None:
    assert closeness([marks(clauses("Bao bì"))[1]], {"bi": 1.0}, {})[0].tolist() == [1.0]


def test_nothing_asked_or_nothing_there() -> None:
    assert closeness([], WEIGHT, PAIR)[0].tolist() == []
    assert closeness([marks(clauses("bao"))[0]], {}, {})[0].tolist() == [0.0]
