"""Closeness: distinct question words held by one clause and by one stretch."""

from __future__ import annotations

from knowledge.closeness import clauses, closeness, marks

WEIGHT = {"bao": 1.0, "bì": 2.0, "hạn": 4.0}
PAIR = {("bao", "bì"): 8.0, ("bì", "hạn"): 16.0}


def both(*texts: str) -> list[tuple[float, float]]:
    found = closeness([marks(clauses(text))[0] for text in texts], WEIGHT, PAIR)
    return list(zip(found.clause.tolist(), found.stretch.tolist(), strict=True))


def test_a_clause_counts_each_word_and_pair_once() -> None:
    assert both("Bao bì, bao bì hạn", "bao. Bì: hạn") == [(31.0, 31.0), (4.0, 7.0)]


def test_passages_are_kept_apart() -> None:
    assert both("bao", "bì hạn", "khác", "") == [(1.0, 1.0), (22.0, 22.0), (0.0, 0.0), (0.0, 0.0)]


def test_a_stretch_ends() -> None:
    far = "bao " + "x " * 100 + "bì"
    assert both(far) == [(3.0, 2.0)]


def test_a_clause_of_the_questions_words_alone_matches_best() -> None:
    texts = ["hạn của mọi thứ khác", "bao bì hạn", "bao bì hạn của mọi thứ"]
    found = closeness([marks(clauses(text))[0] for text in texts], WEIGHT, PAIR)
    held, own = 4 / 7, 1 / 5
    assert found.match.tolist() == [2 * held * own / (held + own), 1.0, 2 * (3 / 6) / (1 + 3 / 6)]


def test_a_word_in_another_clause_does_not_count_for_the_match() -> None:
    found = closeness([marks(clauses("bao. bì hạn"))[0]], WEIGHT, PAIR)
    assert found.match.tolist() == [2 * (6 / 7) / (6 / 7 + 1)]


def test_the_opening_counts_each_word_once_and_ends_after_forty_words() -> None:
    texts = ["bao bao. " + "x " * 37 + "bì hạn", "y", "hạn " * 50]
    found = closeness([marks(clauses(text))[0] for text in texts], WEIGHT, PAIR)
    assert found.opening.tolist() == [3.0, 0.0, 4.0]


def test_folded_words_stand_in_the_second_row() -> None:
    assert closeness([marks(clauses("Bao bì"))[1]], {"bi": 1.0}, {})[0].tolist() == [1.0]


def test_nothing_asked_or_nothing_there() -> None:
    assert [part.tolist() for part in closeness([], WEIGHT, PAIR)] == [[]] * 4
    assert [part.tolist() for part in closeness([marks(clauses("bao"))[0]], {}, {})] == [[0.0]] * 4
    assert [part.tolist() for part in closeness([marks(clauses("bao"))[0]], {"bao": 0.0}, {})] == [[0.0]] * 4
