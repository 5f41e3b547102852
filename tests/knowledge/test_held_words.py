"""The chance that an answer holds a question's word."""

from __future__ import annotations

import pytest

from knowledge.held_words import HeldWords, held_words

WORDS = HeldWords({"nhan": 0.9, "ngay": 0.8, "giup": 0.1}, 0.4)


def test_a_word_that_answers_seldom_hold_counts_little() -> None:
    whole = 0.9 + 0.8 + 0.1
    assert WORDS.share(("nhan", "ngay", "giup"), {"nhan", "ngay"}) == pytest.approx(1.7 / whole)
    assert WORDS.share(("nhan", "ngay", "giup"), {"ngay", "giup"}) == pytest.approx(0.9 / whole)


def test_a_word_never_asked_has_the_chance_of_rare_ones() -> None:
    assert WORDS.share(("nhan", "zyx"), {"nhan"}) == pytest.approx(0.9 / 1.3)


def test_a_word_counts_once_and_none_hold_nothing() -> None:
    assert WORDS.share(("nhan", "nhan", "ngay"), {"nhan"}) == pytest.approx(0.9 / 1.7)
    assert WORDS.share((), {"nhan"}) == 0.0
    assert HeldWords({}, 0.0).share(("nhan",), {"nhan"}) == 0.0


def test_the_shipped_chances_know_what_is_only_said() -> None:
    shipped = held_words()
    assert all(0 < chance <= 1 for chance in (*shipped.chances.values(), shipped.other))
    assert max(map(shipped.chance, ("giup", "chao", "bua"))) < 0.5 < 0.85 < min(map(shipped.chance, ("nhan", "diem")))
