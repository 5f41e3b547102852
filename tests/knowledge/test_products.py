"""Household names of products lead to the OCOP set they are scored in."""

from __future__ import annotations

import pytest
import yaml

from knowledge.products import DATA, Products
from knowledge.scorecards import load_scorecards


@pytest.fixture(scope="module")
def products() -> Products:
    return Products.load()


@pytest.mark.parametrize(
    ("question", "sets"),
    [
        ("mật ong muốn lên 4 sao cần gì", (4,)),
        ("mat ong rung muon 4 sao", (4,)),
        ("cà phê chấm nước pha mấy điểm", (13,)),
        ("viên nghệ mật ong được mấy điểm", (18, 4)),
        ("rượu vang trái cây 5 sao", (15,)),
        ("trà hoa cúc chấm theo bộ nào", (12,)),
        ("giò chả xếp vào bộ nào", (8,)),
        ("hoa lan 3 sao", (23,)),
        ("cá cảnh muốn 3 sao", (25,)),
    ],
)
def test_a_product_leads_to_its_set(products: Products, question: str, sets: tuple[int, ...]) -> None:
    assert products.scored(question)[: len(sets)] == sets


@pytest.mark.parametrize(
    "question",
    [
        "tiêu chí nào khó nhất",  # tiêu is a spice too
        "Giai đoạn 2021–2025 đặt mục tiêu bao nhiêu sản phẩm",
        "nhan ruou trang phai ghi gi",  # about the label, not the score
        "bao bì mật ong nên dùng lọ gì",
        "xã có chấm điểm không",
    ],
)
def test_no_product_is_read_into_other_words(products: Products, question: str) -> None:
    assert products.scored(question) == ()


def test_a_product_that_is_packed_is_not_scored(products: Products) -> None:
    assert products.packed("nhãn mắm tép ghi gì")
    assert products.packed("tra tui loc ghi tri tieu duong co bi sao ko")  # no star is meant
    assert not products.packed("nhãn mật ong được mấy điểm")
    assert not products.packed("tui làm mật ong, có hợp không")
    assert not products.packed("hợp tác xã dân tộc làm mật ong")
    assert not products.packed("tui lam mat ong hop tac xa")
    assert not products.packed("nhãn hiệu mật ong đăng ký ở đâu")
    assert not products.packed("mật ong muốn 3 sao thì bao bì thế nào")
    assert products.classes("mắm tép và rượu nếp") == "thực phẩm chế biến rượu"
    assert products.classes("xã nông thôn mới") == ""
    assert products.names("Mật ong rừng nhà em") == ("mật ong rừng",)


def test_every_set_is_found_by_each_of_its_names(products: Products) -> None:
    data = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    assert sorted(data) == sorted(load_scorecards())
    for number, words in data.items():
        for word in words:
            assert products.sets(word)[:1] == (number,), word


def test_what_is_asked_of_any_product_is_no_question_for_its_score_sheet() -> None:
    products = Products.load()
    for text in (
        "mật ong được 49 điểm có được cấp giấy không",
        "htx mien dong cham duoc 69,5 diem la may sao",
        "ai chấm bún của tôi",
        "giò chả nghỉ làm rồi, giấy 4 sao có bị thu lại không",
    ):
        assert products.asked_of_any(text), text
        assert products.scored(text) == (), text
    assert products.scored("mật ong cảm quan mấy điểm") == (4,)
    assert not products.asked_of_any("mật ong 4 sao cần mấy điểm bao bì")


def test_what_is_asked_of_any_product_is_asked_without_its_name() -> None:
    products = Products.load()
    assert products.of_any("ai chấm bún Phú Đô của tôi") == "ai chấm sản phẩm của tôi"
    assert products.of_any("Mật ong Mèo Vạc được 71 điểm thì mấy sao") == "sản phẩm được 71 điểm thì mấy sao"
    assert products.of_any("mat ong duoc 49 diem may sao, mat ong do") == "sản phẩm duoc 49 diem may sao,  do"
    assert products.of_any("mật ong cảm quan mấy điểm") == "mật ong cảm quan mấy điểm"


def test_the_name_behind_a_products_is_where_it_is_from_or_a_brand() -> None:
    products = Products.load()
    assert products.named_after("câu chuyện cốm Mễ Trì được mấy điểm") == ("Mễ Trì",)
    assert products.named_after("HTX miến dong Bình Liêu đóng gói 500 g") == ("Bình Liêu",)
    assert products.named_after("Hà Nội có mấy sản phẩm") == ()
