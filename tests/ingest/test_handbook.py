"""The shipped handbook passes its own check, and the check finds what it should."""

from __future__ import annotations

from pathlib import Path

import pytest
from small import page, write_pages

from ingest.handbook import check, coverage, coverage_table, pages

GOOD = "## Hạn của giấy chứng nhận?\nGiấy chứng nhận có hạn 36 tháng. {26/2026/QĐ-TTg Đ4 k3}"


def test_the_shipped_handbook_has_no_fault() -> None:
    assert check() == []


def test_the_shipped_handbook_covers_every_area_and_both_times() -> None:
    told = coverage()
    assert len(told) >= 15
    assert {row["topics"][0] for row in told} >= {"ocop", "bao-bi", "cau-chuyen", "ten-goi", "ntm"}
    assert any(row["valid_to"] for row in told)
    assert any(row["locality"] == "ha-noi" for row in told)
    assert all(row["passages"] for row in told)
    assert f"{len(told)} trang" in coverage_table(told)


def test_no_two_pages_have_one_title() -> None:
    titles = [p.document.title for p in pages()]
    assert sorted({title for title in titles if titles.count(title) > 1}) == []


def faults(tmp_path: Path, text: str) -> list[str]:
    """What the check finds wrong with one page, whatever it finds in the register."""
    return [f for f in check(write_pages(tmp_path / "handbook", {"ocop/a.md": text})) if f.startswith("ocop/a.md")]


def test_a_sound_page_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, page("Hạn", GOOD)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (page("Hạn", GOOD.replace(" {26/2026/QĐ-TTg Đ4 k3}", "")), "dòng không có nguồn"),
        (page("Hạn", GOOD.replace("26/2026/QĐ-TTg", "999/2031/QĐ-TTg")), "không có trong sổ đăng ký"),
        (page("Hạn", GOOD.replace("26/2026/QĐ-TTg", "026/2026/QĐ-TTg")), "phải viết đủ"),
        (page("Hạn", GOOD.replace("26/2026/QĐ-TTg", "148/QĐ-TTg")), "được dẫn như đang áp dụng"),
        (page("Hạn", GOOD + "\nXem [trang](khong-co.md). {gợi ý}"), "liên kết hỏng"),
        (page("Hạn", GOOD, locality="atlantis"), "không có trong provinces.yaml"),
        (page("Hạn", GOOD, instrument="999/2031/QĐ-TTg"), "không có trong sổ đăng ký"),
        (page("Hạn", GOOD, valid_from="2020-01-01"), "không nằm trong hiệu lực"),
        (page("Hạn", GOOD).replace("reviewed: 2026-11-21\n", ""), "thiếu `reviewed`"),
        (page("Hạn", GOOD).replace("topics: [ocop]", "topics: [khac]"), "chủ đề đầu tiên"),
        (page("Hạn", GOOD).replace("confidence: chắc chắn", "confidence: hơi chắc"), "độ tin"),
        (page("Hạn", GOOD, valid_from="22/05/2026"), "2026-05-22"),
        (GOOD, "thiếu `title`"),
    ],
    ids=lambda part: part if len(part) < 40 else "",
)
def test_a_faulty_page_is_named_with_its_fault(tmp_path: Path, text: str, fault: str) -> None:
    found = faults(tmp_path, text)
    assert any(fault in line for line in found), found


def test_a_fault_names_its_line(tmp_path: Path) -> None:
    text = page("Hạn", GOOD + "\nKhông có nguồn ở đây.")
    line = text.splitlines().index("Không có nguồn ở đây.") + 1
    assert faults(tmp_path, text) == [f"ocop/a.md:{line}: dòng không có nguồn: Không có nguồn ở đây."]


def test_a_past_rule_marked_as_past_is_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, page("Hạn", GOOD + "\nTrước đây cấp huyện công nhận. {cũ 148/QĐ-TTg Đ1}")) == []
