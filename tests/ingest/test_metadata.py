"""What a document says about itself, and an id that its content does not move."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from ingest_texts import DECISION

from ingest.head import read_head
from ingest.metadata import HANDBOOK, describe
from ingest.readers import read_bytes


def test_the_head_of_a_decision() -> None:
    head = read_head(read_bytes(DECISION.encode()))
    assert head.number == "7/2026/QĐ-UBND"
    assert head.kind == "Quyết định"
    assert head.title == "Về việc nuôi ong ở xã"
    assert head.issuer == "ỦY BAN NHÂN DÂN TỈNH X"
    assert head.signed == date(2026, 3, 5)
    assert head.effective == date(2026, 3, 20)


def test_an_official_text_becomes_its_instrument() -> None:
    document = describe(read_bytes(DECISION.encode()), Path("a/qd-7.html"), "0")
    assert document.kind == "official"
    assert document.instrument == "7/2026/QĐ-UBND"
    assert document.valid_from == date(2026, 3, 20)
    assert document.title == "Quyết định 7/2026/QĐ-UBND: Về việc nuôi ong ở xã"


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("Quyết định này có hiệu lực thi hành kể từ ngày ký.", date(2026, 3, 5)),
        ("Quyết định này có hiệu lực kể từ ngày 01/4/2026.", date(2026, 4, 1)),
        ("Quyết định này có hiệu lực sau 45 ngày.", None),
        ("Quyết định này bãi bỏ Quyết định số 2 có hiệu lực từ ngày 01 tháng 01 năm 2020 của tỉnh.", None),
    ],
)
def test_effect_only_where_plainly_stated(clause: str, expected: date | None) -> None:
    text = DECISION.replace("Quyết định này có hiệu lực thi hành từ ngày 20 tháng 3 năm 2026.", clause)
    assert read_head(read_bytes(text.encode())).effective == expected


def test_a_number_cited_in_the_text_is_not_the_documents_own() -> None:
    text = "Tin nông nghiệp\nTheo Quyết định số 7/2026/QĐ-UBND, người nuôi ong phải báo xã.\n"
    document = describe(read_bytes(text.encode()), Path("tin.txt"), "0")
    assert document.kind == "training"
    assert document.instrument is None
    assert document.title == "tin"


def test_missing_articles_are_named() -> None:
    text = DECISION.replace("Điều 2. Giải thích từ ngữ", "Điêu 2 Giải thích từ ngữ")
    document = describe(read_bytes(text.encode()), Path("a.txt"), "0")
    assert document.warnings == ("Không thấy Điều 2: có thể tệp thiếu trang hoặc là bản trích.",)
    assert describe(read_bytes(DECISION.encode()), Path("a.txt"), "0").warnings == ()


def test_a_plan_without_a_number_has_its_title() -> None:
    text = "ỦY BAN NHÂN DÂN XÃ A\nBÁO CÁO\nKết quả nuôi ong tháng 5\n\n1. Số đàn\nCó 40 đàn.\n"
    document = describe(read_bytes(text.encode()), Path("a.txt"), "0")
    assert (document.kind, document.title) == ("training", "Báo cáo: Kết quả nuôi ong tháng 5")


FRONT = """---
title: Nuôi ong
instruments: [7/2026/QĐ-UBND]
topics: [ocop]
valid_from: 2026-03-20
locality: ha-noi
---

## A

B.
"""


def test_front_matter_becomes_the_documents_fields() -> None:
    document = describe(read_bytes(FRONT.encode()), Path("trang.md"), "0")
    assert document.kind == "curated"
    assert (document.title, document.locality) == ("Nuôi ong", "ha-noi")
    assert document.instruments == ("7/2026/QĐ-UBND",)
    assert document.valid_from == date(2026, 3, 20)
    assert document.valid_to is None


def test_bad_fields_are_named_and_the_rest_is_used() -> None:
    text = FRONT.replace("2026-03-20", "hôm qua").replace("[ocop]", "ocop").replace("ha-noi", "[a]")
    document = describe(read_bytes(text.encode()), Path("trang.md"), "0")
    assert document.title == "Nuôi ong"
    assert document.valid_from is None
    assert [w.split("`")[1] for w in document.warnings] == ["locality", "topics", "valid_from"]


def test_a_page_of_the_handbook_is_known_by_its_place_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.metadata.HANDBOOK", HANDBOOK)  # another test's small Sổ tay may stand in its place
    reading = read_bytes(FRONT.encode())
    page = describe(reading, HANDBOOK / "ocop" / "nuoi-ong.md", "0")
    assert page.kind == "handbook"
    assert page.origin == "handbook/ocop/nuoi-ong.md"
    claimed = read_bytes(FRONT.replace("topics", "kind: handbook\ntopics").encode())
    assert describe(claimed, Path("gia.md"), "0").kind == "curated"


def test_the_id_rests_on_the_origin_and_not_on_the_content() -> None:
    one, two = read_bytes(DECISION.encode()), read_bytes(FRONT.encode())
    here = describe(one, Path("a/Quyết định 7.html"), "1")
    assert here.id == describe(two, Path("a/Quyết định 7.html"), "2").id
    assert here.id != describe(one, Path("b/Quyết định 7.html"), "1").id
    assert here.id.startswith("quyet-dinh-7-")
    assert len(describe(one, Path("x" * 300), "0").id) <= 64


def test_decomposed_names_are_the_same_file() -> None:
    import unicodedata

    reading = read_bytes(FRONT.encode())
    name = "Phụ lục ổi.md"
    assert describe(reading, Path(unicodedata.normalize("NFD", name)), "0").id == describe(reading, Path(name), "0").id
