"""Provinces in questions, by today's names and yesterday's."""

from __future__ import annotations

import pytest

from knowledge.places import Countries, Places
from knowledge.text import fold


@pytest.fixture(scope="module")
def places() -> Places:
    """The shipped list."""
    return Places.load()


NAMED = [
    ("Hà Nội hỗ trợ OCOP thế nào", "ha-noi"),
    ("hn có hỗ trợ bao bì không", "ha-noi"),
    ("TPHCM hỗ trợ gì", "ho-chi-minh"),
    ("thành phố Hồ Chí Minh hỗ trợ gì", "ho-chi-minh"),
    ("Bình Dương hỗ trợ gì", "ho-chi-minh"),
    ("Bắc Giang có chính sách gì", "bac-ninh"),
    ("Thừa Thiên Huế hỗ trợ thế nào", "hue"),
    ("Gia Lai có bao nhiêu sản phẩm", "gia-lai"),
]


@pytest.mark.parametrize(("question", "slug"), NAMED, ids=[q for q, _ in NAMED])
def test_a_province_is_found_by_todays_or_a_former_name(places: Places, question: str, slug: str) -> None:
    for text in (question, fold(question), question.upper(), question.lower()):
        assert places.find(text) == slug, text


@pytest.mark.parametrize(
    "question",
    [
        "hồ sơ OCOP gồm những gì",
        "đánh giá lại sản phẩm khi nào",
        "danh gia lai san pham khi nao",
        "Hà Nội và Đà Nẵng khác nhau gì",
        "sản phẩm hà thủ ô",
    ],
)
def test_none_or_several_provinces_are_none(places: Places, question: str) -> None:
    assert places.find(question) is None


def test_there_are_34_provinces_and_63_names_of_before(places: Places) -> None:
    assert len(places.provinces) == 34
    names = {name for province in places.provinces.values() for name in (*province.former,)}
    kept = {p.name for p in places.provinces.values()}
    assert len(names | kept) == 63


def test_every_name_leads_to_its_own_province(places: Places) -> None:
    for slug, province in places.provinces.items():
        assert slug == fold(province.name).replace(" ", "-")
        for name in (province.name, *province.former):
            assert places.find(f"ở {name} thì sao") == slug, name


def test_names_of_places_are_written_out(places: Places) -> None:
    assert [places.name(slug) for slug in ("ha-noi", "trung-uong", "la")] == ["Hà Nội", "cả nước", "la"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("phí đăng ký nhãn hiệu ở Mỹ bao nhiêu", "mỹ"),
        ("phi dang ky nhan hieu o my bao nhieu", "mỹ"),
        ("quy định ghi nhãn nước mắm bên EU", "eu"),
        ("xuat khau sang trung quoc", "trung quốc"),
        ("mứt dừa vào Nhật Bản", "nhật bản"),
    ],
)
def test_another_country_is_found_with_and_without_diacritics(text: str, name: str) -> None:
    assert name in Countries.load().find(text)


@pytest.mark.parametrize(
    "text",
    [
        "nhãn mỹ phẩm ghi gì",
        "Bộ Nông nghiệp và Môi trường",
        "hồ sơ 5 sao nộp ở trung ương lúc nào",
        "giấy qua han thi sao",
        "giay ocop qua han thi sao",
        "ở Mỹ Đức lấy ý kiến bao nhiêu hộ",
        "o my duc lay y kien bao nhieu ho",
        "OCOP ở Thái Bình ai công nhận",
        "sang thai nguyen ban hang",
        "loai nao re nhat ban chay",
        "vao trung tam thiet ke sang tao",
        "phường ở Nhật Tân",
    ],
)
def test_common_words_and_places_at_home_are_no_country(text: str) -> None:
    assert not Countries.load().find(text)
