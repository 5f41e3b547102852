"""The handbook's source marks, and what the chunker makes of a handbook page."""

from __future__ import annotations

import pytest
from ingest_texts import cut

from ingest.sources import Mark, line_sources, read_sources
from knowledge.types import Source

PAGE = """---
title: Nuôi ong
topics: [ocop]
instruments: [7/2026/QĐ-UBND]
valid_from: 2026-03-20
---

## Đặt tổ ong cách nhà bao nhiêu mét?
<!-- hỏi: to ong cach nha may met | đặt ong gần nhà được không -->
Tổ ong đặt cách nhà ít nhất 50 m. {7/2026/QĐ-UBND Đ3 k1 đb}
Trước đây là 30 m. {cũ 3/2020/QĐ-UBND Đ2}
Nên trồng hàng cây chắn. {gợi ý}
<!-- ghi chú của người viết, không phải câu hỏi -->

| Nơi | Khoảng cách |
|---|---|
| Nhà | 50 m | {7/2026/QĐ-UBND Đ3 k1}
| Chợ | 100 m | {tính từ 7/2026/QĐ-UBND Đ3; o-hn-1}

- Hỏi xã trước. Xem [trang khác](../khac.md). {7/2026/QĐ-UBND Đ4}

## Mục hai
Không có nguồn.
"""


def test_lines_are_clean_and_their_sources_addressed() -> None:
    first, second = cut(PAGE, "handbook", title="Nuôi ong")
    assert first.title == "Nuôi ong › Đặt tổ ong cách nhà bao nhiêu mét?"
    assert first.lines == (
        "Tổ ong đặt cách nhà ít nhất 50 m.",
        "Trước đây là 30 m.",
        "Nên trồng hàng cây chắn.",
        "| Nơi | Khoảng cách |",
        "| Nhà | 50 m |",
        "| Chợ | 100 m |",
        "- Hỏi xã trước. Xem trang khác.",
    )
    assert first.sources == (
        Source("7/2026/QĐ-UBND", "Đ3 k1 đb", line=0),
        Source("3/2020/QĐ-UBND", "Đ2", line=1, past=True),
        Source("7/2026/QĐ-UBND", "Đ3 k1", line=4),
        Source("7/2026/QĐ-UBND", "Đ3", line=5),
        Source("o-hn-1", "", line=5),
        Source("7/2026/QĐ-UBND", "Đ4", line=6),
    )
    assert first.hints == "to ong cach nha may met\nđặt ong gần nhà được không"
    assert "ghi chú của người viết" not in first.searchable
    assert second.sources == ()
    assert second.hints == ""


def test_a_long_page_section_keeps_its_sources_with_their_lines() -> None:
    lines = "\n".join(
        f"Câu số {i} nói về tổ ong ở góc vườn sau nhà, chỗ ấy râm mát. {{7/2026/QĐ-UBND Đ{i}}}" for i in range(1, 80)
    )
    passages = cut(f"## Dài\n<!-- hỏi: dài -->\n{lines}\n", "handbook")
    assert len(passages) > 2
    for passage in passages:
        for source in passage.sources:
            assert source.line is not None
            assert passage.lines[source.line].startswith(f"Câu số {source.locator[1:]} ")
    assert [bool(p.hints) for p in passages] == [True] + [False] * (len(passages) - 1)


def test_braces_in_a_stranger_s_file_are_text() -> None:
    passages = cut("# A\n\nXem {7/2026/QĐ-UBND Đ3} nhé.\n", "training")
    assert passages[0].text == "Xem {7/2026/QĐ-UBND Đ3} nhé."
    assert passages[0].sources == ()


@pytest.mark.parametrize(
    ("entry", "mark"),
    [
        ("26/2026/QĐ-TTg", Mark("rule", "26/2026/QĐ-TTg")),
        ("318/QĐ-TTg@2022-03-08 PLI m2", Mark("rule", "318/QĐ-TTg@2022-03-08", "PLI m2")),
        ("26/2026/QĐ-TTg PLII B7 m3.5", Mark("rule", "26/2026/QĐ-TTg", "PLII B7 m3.5")),
        ("26/2026/QĐ-TTg PLIII M02", Mark("rule", "26/2026/QĐ-TTg", "PLIII M02")),
        ("15/2018/NĐ-CP ChII Đ7 k6 đđ", Mark("rule", "15/2018/NĐ-CP", "ChII Đ7 k6 đđ")),
        ("cũ 148/QĐ-TTg Đ3", Mark("past", "148/QĐ-TTg", "Đ3")),
        ("tính từ 26/2026/QĐ-TTg Đ7 k6", Mark("computed", "26/2026/QĐ-TTg", "Đ7 k6")),
        ("gợi ý", Mark("advice")),
        ("o-hn-108", Mark("rule", "o-hn-108")),
        ("134/2025/QH15", Mark("rule", "134/2025/QH15")),
    ],
)
def test_entries(entry: str, mark: Mark) -> None:
    assert read_sources(f"Câu. {{{entry}}}") == ("Câu.", (mark,), ())


@pytest.mark.parametrize("entry", ["xem thêm", "26/2026/QĐ-TTg Điều 7", "26/2026/QĐ-TTg k6 Đ7", "", "cũ", "Đ7"])
def test_what_is_no_source_stays_and_is_named(entry: str) -> None:
    text, marks, problems = read_sources(f"Câu {{{entry}}}.")
    assert text == f"Câu {{{entry}}}."
    assert marks == ()
    assert len(problems) == 1


def test_several_entries_and_repeats() -> None:
    _, marks, _ = read_sources("A. {1/2026/NĐ-CP Đ1; gợi ý; 1/2026/NĐ-CP Đ1}")
    assert line_sources(marks, 3) == (Source("1/2026/NĐ-CP", "Đ1", line=3),)
