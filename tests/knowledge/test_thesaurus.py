"""What people call a thing and what papers call it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from knowledge.relevance import words_of
from knowledge.text import syllables
from knowledge.thesaurus import DATA, SURE, UNSURE, Thesaurus, cover_otherwise, held, said_otherwise

ROWS = Thesaurus(
    [
        ("góp vốn", [("hùn", True), ("bỏ tiền chung", True)]),
        ("lãi suất", [("tiền lời", True), ("lời", False)]),
        ("thuê", [("mướn", True)]),
        ("thuê đất", [("mướn ruộng", True)]),
    ]
)


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("muốn vô thì hùn mấy triệu", "Mức góp vốn tối thiểu", {"hun": SURE}),
        ("góp vốn bao nhiêu", "Mỗi hộ bỏ tiền chung 5 triệu", {"gop": SURE, "von": SURE}),
        ("vay lời mấy phân", "Lãi suất 0,65 %/tháng", {"loi": UNSURE}),
        ("tiền lời mấy phân", "Lãi suất 0,65 %/tháng", {"tien": SURE, "loi": SURE}),
        ("mướn ruộng mấy năm", "Thời hạn thuê máy cày", {}),
        ("mướn ruộng mấy năm", "Thời hạn thuê đất", {"muon": SURE, "ruong": SURE}),
        ("mướn máy cày", "Giá thuê máy cày", {"muon": SURE}),
        ("muon ruong may nam", "Thời hạn thuê đất", {"muon": SURE, "ruong": SURE}),
        ("thủ tục gồm gì", "Mức góp vốn tối thiểu", {}),
    ],
)
def test_a_text_holds_what_is_asked_in_other_words(question: str, text: str, found: dict[str, float]) -> None:
    assert held(ROWS.read(question), words_of(text)) == found


def test_a_lone_syllable_without_diacritics_stands_for_too_many_words() -> None:
    assert ROWS.read("hun may trieu") == ()
    assert ROWS.read("xưởng lợi") == ()


def test_what_is_held_otherwise_counts_for_less_than_the_word_itself() -> None:
    shares = {"hun": 0.5, "trieu": 0.5}
    otherwise = ROWS.read("hùn mấy triệu")
    assert cover_otherwise(shares, words_of("góp vốn 5 triệu"), otherwise) == pytest.approx(0.5 + 0.5 * SURE)
    assert cover_otherwise(shares, words_of("hùn 5 triệu"), otherwise) == pytest.approx(1.0)
    assert cover_otherwise(shares, words_of("nộp phí"), otherwise) == 0.0


def test_the_shipped_rows_are_whole_and_each_term_stands_once() -> None:
    lines = DATA.read_text(encoding="utf-8").splitlines()
    terms = [line.split("\t")[0] for line in lines]
    assert len(lines) > 8000
    assert all(low < high for low, high in pairwise(terms))
    for line in lines:
        term, ways = line.split("\t")
        said = [way.rstrip("?") for way in ways.split(" | ")]
        assert term.strip() == term
        assert all(syllables(way) for way in said), line
        assert len(said) == len(set(said)), line
        assert term not in said, line


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("muốn vô hợp tác xã thì hùn mấy triệu", "Thành viên góp vốn tối thiểu"),
        ("chích ngừa chó mấy tháng một lần", "Tiêm phòng dại cho đàn chó mỗi năm một lần"),
    ],
)
def test_the_shipped_rows_know_what_people_say(question: str, text: str) -> None:
    assert held(said_otherwise(question), words_of(text))
