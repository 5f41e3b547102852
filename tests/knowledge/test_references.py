"""Legal references in questions as people type them."""

from __future__ import annotations

import pytest

from knowledge.paper_names import PaperNames
from knowledge.references import (
    Reference,
    asks_of_an_instrument,
    asks_which_instrument,
    names,
    read_references,
    show_locator,
)
from knowledge.registry import Registry
from knowledge.text import fold
from knowledge.types import Document

OCOP, OLD = "26/2026/QĐ-TTg", "148/QĐ-TTg"


@pytest.fixture(scope="module")
def registry() -> Registry:
    """The shipped register."""
    return Registry.load()


# question, (key, locator) pairs
NAMED = [
    ("quyết định 26/2026/QĐ-TTg quy định gì", [(OCOP, "")]),
    ("QĐ 26/2026 nói gì về phí", [(OCOP, "")]),
    ("quyết định 148 còn hiệu lực không", [(OLD, "")]),
    ("QĐ 148/QĐ-TTg ngày 24/02/2023", [(OLD, "")]),
    ("khoản 6 điều 7 quyết định 26/2026/QĐ-TTg", [(OCOP, "Đ7 k6")]),
    ("điểm a khoản 2 điều 6 QĐ 26/2026/QĐ-TTg", [(OCOP, "Đ6 k2 đa")]),
    ("nghị định 37/2026/NĐ-CP về nhãn", [("37/2026/NĐ-CP", "")]),
    ("hồi 148 thì mấy điểm mới đẩy lên tỉnh", [(OLD, "")]),
    ("theo 1048 thì chất lượng 40 điểm", [("1048/QĐ-TTg", "")]),
    (
        "văn bản nào thay QĐ 318/QĐ-TTg",
        [("318/QĐ-TTg@2022-03-08", "")],
    ),  # another, on a province, bears the same number
    ("QĐ 318 của tỉnh Khánh Hòa quy hoạch", []),
    ("318/QĐ-TTg ngày 5/5/2024", []),
    ("điều 5 nói gì", [("", "Đ5")]),
    ("mẫu số 02 là gì", [("", "M02")]),
    ("biểu mẫu 2 điền thế nào", [("", "M02")]),
    ("phụ lục II có gì", [("", "PLII")]),
    ("phụ lục 2 có gì", [("", "PLII")]),
    ("chương 3 quy định gì", [("", "ChIII")]),
    ("bộ sản phẩm số 7 chấm thế nào", [("", "PLII B7")]),
    ("khác nhau giữa QĐ 148/QĐ-TTg và QĐ 26/2026/QĐ-TTg", [(OLD, ""), (OCOP, "")]),
    ("qđ 148 và 1489 còn dùng không", [(OLD, ""), ("1489/QĐ-TTg", "")]),
    ("148/QĐ-TTg thay đổi gì so với 919", [(OLD, ""), ("919/QĐ-TTg", "")]),
]
NOT_NAMED = [
    "sản phẩm 3 sao cần 50 điểm",
    "có 12 bộ sản phẩm không",
    "nộp 2 bộ hồ sơ ở đâu",
    "năm 2024 cấp nào công nhận",
    "mẫu 5 sản phẩm gửi đâu",
    "điểm cao nhất là bao nhiêu",
    "gọi 0912345678",
    "theo 148 hộ được hỏi thì bao nhiêu hộ hài lòng",
    "hồi 1048 hộ còn nghèo",
    "so với 919 hộ năm kia thì sao",
]


@pytest.mark.parametrize(("question", "expected"), NAMED, ids=[q for q, _ in NAMED])
def test_references_are_read_with_and_without_diacritics(
    registry: Registry, question: str, expected: list[tuple[str, str]]
) -> None:
    for text in (question, fold(question), question.upper()):
        found = read_references(text, registry).found
        assert [(r.key, r.locator) for r in found] == expected, text


@pytest.mark.parametrize("question", NOT_NAMED)
def test_other_numbers_are_no_references(registry: Registry, question: str) -> None:
    for text in (question, fold(question)):
        assert read_references(text, registry).found == (), text


def test_numbers_are_taken_out_so_that_their_year_is_no_time(registry: Registry) -> None:
    rest = read_references("QĐ 26/2026/QĐ-TTg năm 2024 còn dùng không", registry).rest
    assert "26/2026" not in rest
    assert "năm 2024" in rest
    own = read_references("QĐ 148/QĐ-TTg năm 2023 còn dùng không", registry).rest
    assert "2023" not in own


def test_an_instrument_that_is_not_known_is_named(registry: Registry) -> None:
    references = read_references("quyết định 9999/2031/QĐ-UBND nói gì", registry)
    assert references.found == ()
    assert references.unknown == ("quyết định 9999/2031/QĐ-UBND",)


@pytest.mark.parametrize(
    ("instrument", "text", "named"),
    [
        ("thông tư 18/2022", "Theo Thông tư số 18/2022/TT-BNNPTNT thì …", True),
        ("tt 18/2022", "18/2022/TT-BNNPTNT", True),
        ("thông tư 18/2022", "Thủ tục của QĐ 18/2022/QĐ-TTg.", False),
        ("thông tư 18/2022", "118/2022/TT-BTC", False),
        ("QĐ 1234/QĐ-UBND", "Quyết định 1234/QĐ-UBND ngày 01/6/2026", True),
        ("QĐ 1234/QĐ-UBND", "Quyết định 1234/QĐ-UBNDT", False),
    ],
)
def test_a_text_names_an_instrument_in_any_usual_form(instrument: str, text: str, named: bool) -> None:
    assert names(text, instrument) is named


def test_a_bare_reference_is_alone_and_a_question_about_it_is_not(registry: Registry) -> None:
    assert read_references("khoản 6 điều 7 QĐ 26/2026/QĐ-TTg", registry).alone
    assert not read_references("điều 7 QĐ 26/2026/QĐ-TTg ai ký giấy chứng nhận", registry).alone


@pytest.mark.parametrize(
    ("reference", "place", "inside"),
    [
        (Reference(OCOP, "Đ7"), (OCOP, "Đ7 k6"), True),
        (Reference(OCOP, "Đ7 k6"), (OCOP, "Đ7 k6 đa"), True),
        (Reference(OCOP, "Đ7 k6"), (OCOP, "Đ7"), False),
        (Reference(OCOP, "Đ7"), (OLD, "Đ7"), False),
        (Reference("", "Đ7"), (OLD, "Đ7 k1"), True),
        (Reference(OCOP, "Đ7"), (OCOP, "Đ70"), False),
    ],
)
def test_a_reference_covers_what_lies_inside_it(reference: Reference, place: tuple[str, str], inside: bool) -> None:
    assert reference.covers(*place) == inside


@pytest.mark.parametrize(
    ("locator", "shown"),
    [
        ("Đ7 k6 đa", "Điều 7 khoản 6 điểm a"),
        ("PLII B7 m1.2", "Phụ lục II Bộ 7 mục 1.2"),
        ("PLIII M02", "Phụ lục III Mẫu số 02"),
        ("ChIII Đ4", "Chương III Điều 4"),
        ("", ""),
        ("tr. 5", "tr. 5"),
    ],
)
def test_locators_are_shown_in_words(locator: str, shown: str) -> None:
    assert show_locator(locator) == shown


@pytest.mark.parametrize(
    "text", ["quyết định nào", "theo thong tu so may", "van ban gi vay", "nghị định mới số bao nhiêu"]
)
def test_a_question_of_which_instrument_is_known(text: str) -> None:
    assert asks_which_instrument(text)
    assert not asks_of_an_instrument(text)


@pytest.mark.parametrize("text", ["ai ký", "ký ngày nào", "hiệu lực từ hôm nào vậy", "quyet dinh do con dung khong"])
def test_a_question_of_an_instruments_own_is_known(text: str) -> None:
    assert asks_of_an_instrument(text)
    assert not asks_which_instrument(text)
    assert not asks_of_an_instrument("ai cấp giấy, nộp ở đâu, đăng ký mất mấy ngày")


def _paper(number: str, kind: str, title: str) -> Document:
    return Document(number, f"{kind} {number}: {title}", "official", number, "", instrument=number)


PAPERS = PaperNames(
    [
        _paper("91/2025/QH15", "Luật", "ĐÒ NGANG"),
        _paper("92/2025/QH15", "Luật", "PHÒNG VÀ CHỐNG ĐUỐI NƯỚC"),
        _paper("93/2025/NĐ-CP", "Nghị định", "QUY ĐỊNH VỀ BẾN ĐÒ"),
    ]
)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("điều 3 luật đò ngang cấm gì", {"91/2025/QH15"}),
        ("luat do ngang quy dinh gi", {"91/2025/QH15"}),
        ("luật PCĐN phòng chống đuối nước nói gì", {"92/2025/QH15"}),  # the abbreviation spelt out beside it
        ("nghị định quy định về bến đò", set()),  # only laws go by their titles
        ("đò ngang chở mấy người", set()),
    ],
)
def test_a_law_that_was_taken_in_is_known_by_its_title(text: str, keys: set[str]) -> None:
    assert set(PAPERS.titled(text)) == keys


def test_a_paper_is_known_by_its_number_before_the_register_holds_it(registry: Registry) -> None:
    assert read_references("nghị định 93/2025/NĐ-CP điều 2", registry).unknown
    assert read_references("nghị định 93/2025/NĐ-CP điều 2", registry, PAPERS).found == (
        Reference("93/2025/NĐ-CP", "Đ2"),
    )


def test_a_title_tells_only_where_no_number_does(registry: Registry) -> None:
    named = read_references("điều 2 nghị định 93/2025/NĐ-CP và luật đò ngang", registry, PAPERS)
    assert named.to(["91/2025/QH15"]) == named
    place = read_references("điều 8 luật đò ngang", registry, PAPERS).to(["91/2025/QH15"])
    assert place.found == (Reference("91/2025/QH15", "Đ8"),)
