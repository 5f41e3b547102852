"""Passages: bounded, stable, readable alone, and nothing lost."""

from __future__ import annotations

import re

import pytest
from ingest_texts import DECISION, at, cut, locators

from ingest.pack import HARD, TARGET, WHOLE, Atom, Out, pack, row_parts, sentences

LONG = "Câu này kể chuyện ong bay đi tìm hoa ở triền đồi phía sau làng. "


def clause_of(points: int, size: int) -> str:
    letters = "abcdđeghik"
    lines = [f"{letters[i]}) Điểm {letters[i]} nói: " + (LONG * 20)[:size] + "." for i in range(points)]
    return "Điều 1. Một\n1. Người nuôi phải làm:\n" + "\n".join(lines) + "\n2. Hết.\nĐiều 2. Hai\nXong.\n"


def test_a_clause_of_moderate_length_stays_whole() -> None:
    passage = at(cut(clause_of(4, 300)), "Điều 1/Khoản 1")
    assert TARGET < len(passage.text) <= WHOLE


def test_an_over_long_clause_is_cut_at_its_points_with_its_opening_line() -> None:
    pieces = [p for p in cut(clause_of(6, 500)) if p.place.startswith("Điều 1/Khoản 1")]
    assert len(pieces) >= 3
    for piece in pieces:
        assert piece.lines[0] == "1. Người nuôi phải làm:"
        assert all(re.match(r"[a-zđ]\) ", line) for line in piece.lines[1:])
        assert len(piece.text) <= HARD
    assert pieces[0].breadcrumb[-1].startswith("Điểm a")
    assert [letter for p in pieces for letter in re.findall(r"^([a-zđ])\)", p.text, re.M)] == list("abcdđe")


def test_a_piece_of_one_point_is_cited_by_that_point() -> None:
    pieces = [p for p in cut(clause_of(3, 900)) if p.place.startswith("Điều 1/Khoản 1")]
    assert [p.place for p in pieces] == [f"Điều 1/Khoản 1/Điểm {x}#0" for x in "abc"]
    assert locators(pieces[1])[0] == (None, "Đ1 k1 đb")


def test_an_over_long_point_is_cut_at_sentences() -> None:
    pieces = cut(clause_of(1, 1200).replace("nói: ", "nói: " + LONG * 60))
    for piece in pieces:
        assert len(piece.text) <= HARD
        assert all(line[-1] in ".:" for line in piece.lines)


def test_editing_one_clause_changes_only_its_passage() -> None:
    before = {p.id for p in cut(DECISION)}
    after = cut(DECISION.replace("02 đàn", "03 đàn"))
    assert [p.place for p in after if p.id not in before] == ["Điều 2/Khoản 2#0"]


def test_inserting_a_clause_leaves_the_others_as_they_were() -> None:
    before = {p.id for p in cut(DECISION)}
    after = cut(DECISION.replace("2. Không được đặt", "2. Việc mới.\n3. Không được đặt"))
    assert len([p for p in after if p.id not in before]) == 2


def test_an_edit_in_a_long_list_moves_few_passages() -> None:
    rows = [
        f"Dòng {i} kể về hộ nuôi ong số {i * 7919 % 1000} ở xóm {i % 9}, có {i % 13 + 1} đàn và bán mật."
        for i in range(400)
    ]
    before = {p.id for p in cut("\n".join(rows), "training")}
    rows.insert(3, "Một dòng mới chen vào gần đầu, dài hơn các dòng khác một chút để dời chỗ cắt.")
    after = cut("\n".join(rows), "training")
    assert len(before) > 20
    assert len([p for p in after if p.id not in before]) <= 5


def test_equal_passages_have_ids_of_their_own() -> None:
    passages = cut("# A\n\nGiống nhau.\n\n# A\n\nGiống nhau.\n", "training")
    assert [p.place for p in passages] == ["A#0", "A#1"]
    assert len({p.id for p in passages}) == 2


def test_metadata_that_the_id_leaves_out_is_seen_in_the_digest() -> None:
    one = at(cut(DECISION), "Điều 1")
    two = at(cut(DECISION.replace("QUY ĐỊNH CHUNG", "QUY ĐỊNH ĐẦU")), "Điều 1")
    assert one.id == two.id
    assert one.digest != two.digest


def html_table(rows: list[tuple[str, ...]]) -> str:
    head, *body = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<table><tr>{head.replace('td>', 'th>')}</tr>" + "".join(f"<tr>{row}</tr>" for row in body) + "</table>"


def table_of(rows: int, *, width: int = 40) -> str:
    body = "".join(
        f"<tr><td>{i}</td><td>Xã {i} {'ong ' * width}</td><td>{i * 3} điểm</td></tr>" for i in range(1, rows)
    )
    return f"<p>Bảng điểm</p><table><tr><th>STT</th><th>Tên xã</th><th>Điểm</th></tr>{body}</table>"


def test_a_table_is_cut_between_rows_and_its_header_repeated() -> None:
    passages = cut(table_of(40), "training")
    assert len(passages) > 3
    for passage in passages:
        rows = [line for line in passage.lines if line.startswith("|")]
        assert rows[0] == "| STT | Tên xã | Điểm |"
        assert all(re.fullmatch(r"\| (\d+) \| Xã \1 .* \| \d+ điểm \|", row) for row in rows[1:])
    assert sum(len([x for x in p.lines if x.startswith("| ")]) - 1 for p in passages) == 39


def test_a_row_beyond_the_bound_is_cut_by_its_cells_under_the_header() -> None:
    long = LONG * 80
    passages = cut(html_table([("Việc", "Mô tả"), ("Một", long), ("Hai", "Ngắn")]), "training")
    assert all(len(p.text) <= HARD and p.lines[0] == "| Việc | Mô tả |" for p in passages)
    assert " ".join(p.text for p in passages).count("triền đồi") == 80


def test_rows_that_head_a_group_go_along() -> None:
    rows = "".join(
        f"<tr><td>{group}</td><td>NHÓM {group}</td><td></td></tr>"
        + "".join(f"<tr><td>{i}</td><td>Loại {group}{i} {'ong ' * 30}</td><td>Sở</td></tr>" for i in range(1, 9))
        for group in ("I", "II")
    )
    passages = cut(f"<table><tr><th>STT</th><th>Tên</th><th>Ai</th></tr>{rows}</table>", "training")
    holding = [p for p in passages if "Loại II8" in p.text]
    assert "| II | NHÓM II |  |" in holding[0].text
    assert all("NHÓM" in p.text for p in passages)


def test_a_table_wider_than_a_page_stays_whole_rows() -> None:
    head = "".join(f"<th>Cột {i}</th>" for i in range(60))
    body = "".join("<tr>" + "".join(f"<td>{r}.{i}</td>" for i in range(60)) + "</tr>" for r in range(30))
    passages = cut(f"<table><tr>{head}</tr>{body}</table>", "training")
    rows = [line for p in passages for line in p.lines if not line.startswith("| Cột")]
    assert len(rows) == 30
    assert all(row.count(" | ") == 59 for row in rows)


SHEET = (
    "<p>PHỤ LỤC II</p><p>BỘ TIÊU CHÍ</p><p>1. Bộ sản phẩm: Mật ong</p><p>Tên sản phẩm: …………</p>{one}"
    "<p>Ghi chú: dấu sao là mức tối thiểu (*** 3 sao)</p><p>2. Sản phẩm sáp ong</p>{one}"
)
ROWS = [
    ("Tiêu chí", "Điểm"),
    ("Phần A: SẢN PHẨM (40 Điểm)", "40"),
    ("1. TỔ CHỨC", "6"),
    ("1.1. Nguồn hoa", "3"),
    ("□ Có một loại hoa***", "1"),
    ("□ Có nhiều loại hoa*****", "3"),
    ("1.2. Thùng nuôi", "3"),
    ("□ Thùng gỗ****", "3"),
    ("2. VỊ", "4"),
    ("2.1. Mùi", "2"),
    ("☐ Thơm", "2"),
    ("3. ĐÓNG CHAI (chai thủy tinh)", "2"),
    ("☑ Kín", "2"),
    ("TỔNG CỘNG", "100"),
]


def test_a_score_sheet_is_cut_at_its_criteria() -> None:
    passages = cut("<p>Điều 1. A</p><p>x</p><p>Điều 2. B</p><p>y</p>" + SHEET.format(one=html_table(ROWS)))
    first = at(passages, "Phụ lục II/Bộ sản phẩm 1/Phần A/1/1.1")
    assert first.breadcrumb == (
        "Phụ lục II. BỘ TIÊU CHÍ",
        "Bộ sản phẩm 1. Mật ong",
        "Phần A. SẢN PHẨM (40 Điểm)",
        "1. TỔ CHỨC",
        "1.1. Nguồn hoa",
    )
    assert first.lines == (
        "| Tiêu chí | Điểm |",
        "| Phần A: SẢN PHẨM (40 Điểm) | 40 |",
        "| 1. TỔ CHỨC | 6 |",
        "| 1.1. Nguồn hoa | 3 |",
        "| □ Có một loại hoa*** | 1 |",
        "| □ Có nhiều loại hoa***** | 3 |",
    )
    assert locators(first) == [(None, "PLII B1 m1.1"), (1, "PLII B1"), (2, "PLII B1 m1")]
    second = at(passages, "Phụ lục II/Bộ sản phẩm 2/Phần A/1/1.2")
    assert second.breadcrumb[1] == "Bộ sản phẩm 2. Sản phẩm sáp ong"
    assert second.text == "| Tiêu chí | Điểm |\n| 1.2. Thùng nuôi | 3 |\n| □ Thùng gỗ**** | 3 |"
    alone = at(passages, "Phụ lục II/Bộ sản phẩm 1/Phần A/3")
    assert alone.sources[0].locator == "PLII B1 m3"
    assert "| ☑ Kín | 2 |" in alone.text


def test_training_texts_are_cut_by_headings_under_the_title() -> None:
    passages = cut(
        "# Sổ nuôi ong\n\nMở đầu.\n\n## Đặt tổ\n\nChỗ mát.\n\n### Mùa hè\n\nChe nắng.\n",
        "training",
        title="Sổ nuôi ong",
    )
    assert [p.breadcrumb for p in passages] == [
        ("Sổ nuôi ong",),
        ("Sổ nuôi ong", "Đặt tổ"),
        ("Sổ nuôi ong", "Đặt tổ", "Mùa hè"),
    ]


def test_a_heading_without_text_is_not_lost() -> None:
    passages = cut("# A\n\n## B\n\nChữ.\n\n## Cuối cùng\n", "training")
    assert any("Cuối cùng" in p.text for p in passages)


def test_a_list_keeps_the_line_that_introduces_it() -> None:
    items = "\n".join(f"- Việc {i}: {LONG}" for i in range(60))
    passages = cut(f"# Việc\n\nNgười nuôi ong cần làm:\n\n{items}\n", "training")
    assert len(passages) > 2
    assert all(p.lines[0] == "Người nuôi ong cần làm:" for p in passages)


@pytest.mark.parametrize("size", [1, 500, 5_000, 50_000])
def test_one_word_without_end_is_still_bounded(size: int) -> None:
    assert all(len(p.text) <= HARD for p in cut("x" * size, "training"))


def test_pieces_carry_their_context_once() -> None:
    head = Out("đầu:")
    atoms = [Atom((Out(f"{i} " + "y" * 300),), (head,)) for i in range(10)]
    pieces = pack(atoms)
    assert len(pieces) > 1
    assert all(piece.count(head) == 1 and piece[0] is head and len(piece) > 1 for piece in pieces)


def test_sentences_are_not_cut_after_abbreviations() -> None:
    text = "Ông ở TP. Hồ Chí Minh nuôi ong. " * 30
    assert all(part.startswith("Ông") for part in sentences(text.strip(), 200))


def test_row_parts_keep_every_cell() -> None:
    parts = row_parts("| a | " + "b c. D " * 300 + "| e |", 400)
    assert "".join(parts).count("b c.") == 300
    assert all(part.startswith("| ") and part.endswith(" |") for part in parts)


def test_what_a_part_of_a_procedure_is_asked_for_goes_along_unseen() -> None:
    title = "Thủ tục: Cấp thẻ lái đò"
    text = (
        f"Tên {title[0].lower()}{title[1:]}\n\n**Trình tự thực hiện:**\n\nNộp đơn.\n\n**Thành phần hồ sơ:**\n\nĐơn.\n\n"
        "**Cách thức thực hiện:**\n\nTại xã.\n\nCơ quan thực hiện: Ủy ban nhân dân cấp xã"
    )
    asked = {p.breadcrumb[-1]: p.hints for p in cut(text, "training", title=title)}
    assert asked["Thành phần hồ sơ"].startswith("Cấp thẻ lái đò: hồ sơ gồm những giấy tờ gì")
    assert "lệ phí bao nhiêu tiền" in asked["Cách thức thực hiện"]
    assert "cơ quan nào giải quyết" in asked[title]


def test_a_heading_of_a_titled_paper_is_asked_for_with_the_title() -> None:
    passages = cut("# Báo cáo ong\n\n## Sản lượng\n\nĐược 3 tấn.\n", "training", title="Báo cáo ong")
    assert "Sản lượng – Báo cáo ong" in [p.hints for p in passages]


def test_rows_cut_off_from_their_header_say_so() -> None:
    rows = "".join(f"<tr><td>{n}</td><td>{LONG * 4}</td></tr>" for n in range(12))
    long_header = f"<tr><th>Số</th><th>{LONG * 12}</th></tr>"
    pieces = cut(f"<html><body><table>{long_header}{rows}</table></body></html>", "training")
    assert len(pieces) > 2
    assert all(p.lines[0] == "| | |" for p in pieces[1:])
