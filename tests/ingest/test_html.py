"""HTML: web pages, what word processors export, and what is meant to harm."""

from __future__ import annotations

import pytest

from ingest.blocks import Heading, ListItem, Paragraph, Table, from_data, to_data
from ingest.html import read_html
from knowledge.errors import Unreadable


def texts(html: str) -> list[str]:
    return read_html(html).text.split("\n")


def table(html: str) -> Table:
    found = [b for b in read_html(html).blocks if isinstance(b, Table)]
    assert len(found) == 1
    return found[0]


def test_blocks_in_reading_order() -> None:
    reading = read_html(
        "<title>Trang</title><h1>Nuôi ong</h1><p>Một <b>đàn</b></p>"
        "<ol start=3><li>ba<li>bốn<ul><li>nhỏ</ul></ol><p align=center><b>Giữa</b></p>"
    )
    assert reading.title == "Nuôi ong"
    assert reading.blocks == (
        Heading(1, "Nuôi ong"),
        Paragraph("Một đàn"),
        ListItem("ba", "3."),
        ListItem("bốn", "4."),
        ListItem("nhỏ", "-", 1),
        Paragraph("Giữa", centred=True, bold=True),
    )


def test_line_breaks_part_paragraphs_and_blanks_do_not() -> None:
    assert texts("<p>Điều 1. A<br>1. Một\n   dòng&nbsp;dài<br/>2. Hai</p>") == [
        "Điều 1. A",
        "1. Một dòng dài",
        "2. Hai",
    ]


def test_rows_and_columns_merged_are_spread_out() -> None:
    found = table(
        "<table><tr><th rowspan=2>TT<th rowspan=2>Việc<th colspan=2>Phí</tr><tr><th>xã<th>tỉnh</tr>"
        "<tr><td>1<td rowspan=2>Cấp giấy<td>5<td>6</tr>"
        "<tr><td>2<td>7<td>8</tr><tr><td colspan=4>Không thu thêm</tr></table>"
    )
    assert found.header_rows == 2
    assert found.rows == (
        ("TT", "Việc", "Phí", "Phí"),
        ("TT", "Việc", "xã", "tỉnh"),
        ("1", "Cấp giấy", "5", "6"),
        ("2", "Cấp giấy", "7", "8"),
        ("Không thu thêm", "", "", ""),
    )


def test_a_table_in_a_cell_is_flattened_into_it() -> None:
    found = table(
        "<table><tr><td>Mục<td>Nội dung</tr><tr><td>1<td>Gồm "
        "<table><tr><td>mật<td>3 chai</tr><tr><td>sáp<td>1 kg</tr></table> cả</tr></table>"
    )
    assert found.rows[1] == ("1", "Gồm\nmật: 3 chai; sáp: 1 kg\ncả")


def test_a_table_that_lays_the_page_out_is_read_through() -> None:
    inner = "<table><tr><td>a<td>b</tr><tr><td>c<td>d</tr></table>"
    blocks = read_html(f"<table><tr><td><p>Menu</p></td><td><h2>Bài</h2>{inner}</td></tr></table>").blocks
    assert [type(b) for b in blocks] == [Paragraph, Heading, Table]


def test_the_letterhead_is_no_table() -> None:
    head = "<tr><td>UBND XÃ A<td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>-----</tr>"
    assert texts(f"<table>{head}<tr><td>Số: 1/QĐ-UBND<td>A, ngày 1</tr></table>") == [
        "UBND XÃ A",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 1/QĐ-UBND",
        "A, ngày 1",
    ]


def test_star_marks_and_tick_boxes_are_kept() -> None:
    html = (
        "<p>□ Một*** ☐ Hai**** ☑ Ba*****</p><p><span style='font-family:Wingdings'>o þ</span> Bốn</p>"
        "<p><input type=checkbox checked>Năm</p>"
    )
    assert texts(html) == ["□ Một*** ☐ Hai**** ☑ Ba*****", "☐ ☑ Bốn", "☑Năm"]


def test_raised_figures_are_powers_or_notes_and_never_join_a_word() -> None:
    assert texts("<p>50 m<sup>2</sup>, quản lý<sup>1</sup>: CO<sub>2</sub></p><p><sup>1 </sup>Theo luật</p>") == [
        "50 m2, quản lý (1): CO2",
        "(1) Theo luật",
    ]


def test_dot_leaders_become_one_blank() -> None:
    assert texts("<p>Họ tên: ……………………</p><p>Số: ........../.......</p><p>__________</p>") == ["Họ tên: …", "Số: …/…"]


def test_what_is_hidden_or_runs_is_not_text() -> None:
    html = (
        "<p>thấy</p><script>alert('x')</script><style>p{}</style><p style='display: none'>giấu</p><p hidden>giấu</p>"
        "<nav>menu</nav><noscript>giấu</noscript><!-- giấu --><p onclick='x()'>thấy nữa</p>"
    )
    assert texts(html) == ["thấy", "thấy nữa"]


def test_entities_are_letters_and_external_ones_nothing() -> None:
    html = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&#7849;n &lt;b&gt; &amp; &x; &khongco;</p>'
    assert "root:" not in read_html(html).text
    assert read_html(html).text.endswith("ẩn <b> & &x; &khongco;")


def test_deep_nesting_is_read() -> None:
    assert texts("<div>" * 1500 + "sâu" + "</div>" * 1500 + "<p>sau</p>") == ["sâu", "sau"]


def test_nesting_beyond_measure_is_refused_rather_than_cut_short() -> None:
    with pytest.raises(Unreadable, match="lồng nhau quá sâu"):
        read_html("<div>" * 5000 + "sâu" + "</div>" * 5000 + "<p>sau</p>")


def test_claims_of_a_million_cells_cost_nothing() -> None:
    found = table("<table><tr><td colspan=99999999 rowspan=99999999>a<td>b</tr><tr><td>c<td>d</tr></table>")
    assert sum(len(row) for row in found.rows) < 1000


def test_text_outside_any_element_is_read() -> None:
    assert texts("trước<div>trong</div>sau<td>lạc</td>") == ["trước", "trong", "sau", "lạc"]


def test_unclosed_tags_lose_nothing() -> None:
    assert texts("<p>một<p>hai<table><tr><td>a<td>b<tr><td>c<td>d</table><div>ba<li>bốn") == [
        "một",
        "hai",
        "a b",
        "c d",
        "ba",
        "- bốn",
    ]


def test_a_reading_crosses_as_json() -> None:
    import json

    reading = read_html("<h2>A</h2><p>b</p><ul><li>c</ul><table><tr><th>d<th>e</tr><tr><td>1<td>2</tr></table>")
    assert from_data(json.loads(json.dumps(to_data(reading)))) == reading
