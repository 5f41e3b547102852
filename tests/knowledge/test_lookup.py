"""A document looked up by what people type, near ones, and notes made readable."""

import pytest

from knowledge.lookup import Mention, meant, near, parts, readable
from knowledge.registry import Registry
from knowledge.types import Standing

REGISTRY = Registry.load()


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("26/2026/QĐ-TTg", ["26/2026/QĐ-TTg"]),
        ("qd 26/2026", ["26/2026/QĐ-TTg"]),
        ("nghị định 15/2018 còn hiệu lực không", ["15/2018/NĐ-CP"]),
        ("luật shtt", ["50/2005/QH11"]),
        ("148", ["148/QĐ-TTg"]),
        ("318", ["318/QĐ-TTg@2022-03-08", "318/QĐ-TTg@2023-03-29"]),
        ("26/2027/NĐ-CP", []),
        ("nhãn hàng hóa", []),
        ("", []),
    ],
)
def test_what_people_type_names_the_document(words, keys):
    assert sorted(instrument.key for instrument in meant(words, REGISTRY)) == keys


def test_a_wrong_number_finds_its_neighbours_first_by_serial():
    assert near("26/2027/NĐ-CP", REGISTRY)[0].key == "26/2026/QĐ-TTg"
    assert near("51/2026/QĐ-TTg", REGISTRY)[0].key == "51/2025/QĐ-TTg"


def test_words_find_documents_by_their_titles():
    found = {instrument.key for instrument in near("nhan hang hoa", REGISTRY)}
    assert {"37/2026/NĐ-CP", "43/2017/NĐ-CP"} <= found


@pytest.mark.parametrize("words", ["xyz", "quyết định", "!!!", "𝟗" * 50, "9" * 5000])
def test_words_that_mean_nothing_find_nothing(words):
    assert near(words, REGISTRY) == []
    assert meant(words, REGISTRY) == []


def test_the_parts_that_passages_name_are_told_in_order():
    named = ("Đ7 k6", "PLII B7 m3.5", "Đ12", "Đ7", "PLI", "", "PLIII M02")
    found = [Mention("x", locator, Standing.IN_FORCE) for locator in named]
    assert parts(found) == "Điều 7, 12; Phụ lục I, II, III"


def test_notes_of_the_register_are_spelled_out():
    told = readable("Đ11 k1: hiệu lực (n-a2, một nguồn); QĐ 148, PLII m3.5", {"n-a2": "baochinhphu.vn"})
    assert told == "Điều 11 khoản 1: hiệu lực (baochinhphu.vn, một nguồn); QĐ 148, Phụ lục II mục 3.5"
