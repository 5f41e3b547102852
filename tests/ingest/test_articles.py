"""The structure of legal texts: articles, clauses, points, appendices, forms, and what only looks like them."""

from __future__ import annotations

import pytest
from ingest_texts import DECISION, at, cut, locators

from ingest.legal import counting, quoted


def test_each_clause_is_a_passage_under_its_chapter_and_article() -> None:
    passages = cut(DECISION)
    clause = at(passages, "Điều 3/Khoản 2")
    assert clause.breadcrumb == ("Chương II. VIỆC PHẢI LÀM", "Điều 3. Việc của người nuôi", "Khoản 2")
    assert clause.text == "2. Không được đặt tổ cạnh trường học."
    assert [p.place.split("#")[0] for p in passages] == [
        "Phần mở đầu",
        "Điều 1",
        "Điều 2/Khoản 1",
        "Điều 2/Khoản 2",
        "Điều 3/Khoản 1",
        "Điều 3/Khoản 2",
        "Điều 4/Khoản 1",
        "Điều 4/Khoản 2",
        "Nơi nhận, ký tên",
        "Phụ lục I/1",
        "Phụ lục I/2",
        "Phụ lục I/Mẫu số 01",
    ]
    assert [p.order for p in passages] == list(range(len(passages)))


def test_sources_name_article_clause_and_point_as_the_handbook_writes_them() -> None:
    passages = cut(DECISION)
    assert locators(at(passages, "Điều 1")) == [(None, "Đ1")]
    assert locators(at(passages, "Điều 3/Khoản 1")) == [(None, "Đ3 k1"), (1, "Đ3 k1 đa"), (2, "Đ3 k1 đb")]
    assert locators(at(passages, "Phụ lục I/Mẫu số 01")) == [(None, "PLI M01")]
    assert {s.key for p in passages for s in p.sources} == {"7/2026/QĐ-UBND"}


def test_an_introduction_that_governs_the_clauses_goes_along_with_each() -> None:
    clause = at(cut(DECISION), "Điều 2/Khoản 2")
    assert clause.lines == (
        "Trong Quyết định này, các từ ngữ được hiểu như sau:",
        "2. Người nuôi ong là người có từ 02 đàn.",
    )
    assert locators(clause) == [(None, "Đ2 k2"), (0, "Đ2")]


def test_who_receives_and_signs_is_no_part_of_the_last_article() -> None:
    passages = cut(DECISION)
    assert "Nơi nhận" not in at(passages, "Điều 4/Khoản 2").text
    assert at(passages, "Nơi nhận, ký tên").text.startswith("Nơi nhận:")


def test_a_list_in_an_appendix_is_not_clauses_of_the_last_article() -> None:
    passages = cut(DECISION)
    assert all("Điều" not in p.title for p in passages if "Xã Một" in p.text + p.title)


def test_the_letterhead_stands_before_the_first_article() -> None:
    first = cut(DECISION)[0]
    assert first.place == "Phần mở đầu#0"
    assert "nuôi ong ở xã" in first.text
    assert "Căn cứ Luật Chăn nuôi" in first.text


AMENDMENT = """Điều 1. Sửa đổi Quyết định về nuôi ong
1. Sửa đổi Điều 5 như sau:
“Điều 5. Khoảng cách
1. Cách nhà 60 m.
2. Cách đường 10 m.”
2. Bổ sung Điều 5a như sau:
“Điều 5a. Báo cáo
1. Báo mỗi năm.”
Điều 2. Thi hành
Xã thi hành.
Điều 3. Hiệu lực
Từ ngày ký.
"""


def test_quoted_amendments_do_not_break_the_sequence() -> None:
    passages = cut(AMENDMENT)
    assert [p.place for p in passages] == ["Điều 1/Khoản 1#0", "Điều 1/Khoản 2#0", "Điều 2#0", "Điều 3#0"]
    assert "2. Cách đường 10 m.”" in passages[0].text


def test_an_unclosed_quotation_mark_swallows_nothing() -> None:
    passages = cut(DECISION.replace("Đàn ong là", "“Đàn ong là"))
    assert at(passages, "Điều 4/Khoản 1")


def test_a_reference_at_the_start_of_a_line_is_no_article() -> None:
    text = "Điều 1. Một\nNội dung.\nĐiều 9 Luật này không áp dụng ở đây.\nĐiều 2. Hai\nNội dung.\nĐiều 3. Ba\nHết.\n"
    assert [p.place for p in cut(text)] == ["Điều 1#0", "Điều 2#0", "Điều 3#0"]


def test_an_article_out_of_order_is_text() -> None:
    text = "Điều 1. Một\nA.\nĐiều 2. Hai\nB.\nĐiều 50. Lạc\nC.\nĐiều 3. Ba\nD.\nĐiều 4. Bốn\nE.\n"
    passages = cut(text)
    assert [p.place for p in passages] == ["Điều 1#0", "Điều 2#0", "Điều 3#0", "Điều 4#0"]
    assert "Điều 50. Lạc" in passages[1].text


def test_articles_with_letters_count() -> None:
    text = "Điều 1. Một\nA.\nĐiều 1a. Một a\nB.\nĐiều 2. Hai\n1. C.\n1a. D.\n2. E.\n"
    assert [p.sources[0].locator for p in cut(text)] == ["Đ1", "Đ1a", "Đ2 k1", "Đ2 k1a", "Đ2 k2"]


def test_a_regulation_attached_to_a_decision_keeps_its_own_articles() -> None:
    text = (
        "QUYẾT ĐỊNH\nCăn cứ Luật;\nĐiều 1. Ban hành kèm theo Quyết định này Quy chế chợ quê.\nĐiều 2. Xã thi hành.\n"
        "Nơi nhận:\n- Như trên.\nQUY CHẾ\nChợ quê\n(Kèm theo Quyết định số 1/QĐ-UBND)\n"
        "Điều 1. Giờ họp\nTừ 5 giờ.\nĐiều 2. Vệ sinh\n1. Quét chợ.\n2. Thu rác.\n"
    )
    passages = cut(text)
    clause = at(passages, "QUY CHẾ Chợ quê/Điều 2/Khoản 1")
    assert clause.breadcrumb == ("QUY CHẾ Chợ quê", "Điều 2. Vệ sinh", "Khoản 1")
    assert clause.sources[0].locator == "[Quy-chế] Đ2 k1"
    assert at(passages, "Điều 2").text == "Điều 2. Xã thi hành."


def test_one_article_alone_under_a_legal_head_is_an_article() -> None:
    assert at(cut("QUYẾT ĐỊNH\nCăn cứ Luật;\nĐiều 1. Cho phép họp chợ.\n"), "Điều 1")


def test_a_title_on_the_next_line_belongs_to_the_article() -> None:
    lines = ["<b>Điều 1</b>", "<b>Giờ họp chợ</b>", "Từ 5 giờ.", "<b>Điều 2</b>", "<b>Phí</b>", "Không thu."]
    assert [p.title for p in cut("".join(f"<p>{line}</p>" for line in lines))] == ["Điều 1. Giờ họp chợ", "Điều 2. Phí"]


@pytest.mark.parametrize("head", ["Điều 2. Hai", "Điều 2: Hai", "ĐIỀU 2. Hai", "Điều 2.- Hai", "Điều 2 - Hai"])
def test_article_heads_in_their_spellings(head: str) -> None:
    passages = cut(f"Điều 1. Một\nA.\n{head}\nB.\n")
    assert passages[1].title == "Điều 2. Hai"


def test_decomposed_letters_are_recognised() -> None:
    import unicodedata

    assert [p.place for p in cut(unicodedata.normalize("NFD", DECISION))] == [p.place for p in cut(DECISION)]


def test_plans_without_articles_are_cut_by_their_numbered_headings() -> None:
    text = (
        "KẾ HOẠCH\nI. MỤC ĐÍCH\n1. Chung\nLàm tốt.\n2. Riêng\nLàm nhanh.\nII. VIỆC LÀM\n1. Tập huấn\n"
        "- Mở 02 lớp;\n- Mời 01 thầy.\nNơi nhận:\n- Lưu.\n"
    )
    passages = cut(text)
    assert [p.place.split("#")[0] for p in passages] == ["Toàn văn", "I/1", "I/2", "II/1", "Nơi nhận, ký tên"]
    assert passages[3].breadcrumb == ("Tên tài liệu", "II. VIỆC LÀM", "1. Tập huấn")
    assert passages[3].sources[0].locator == "mII.1"


def test_deeper_numbers_stand_under_their_own() -> None:
    text = "HƯỚNG DẪN\nI. CHUNG\n1. Tổ\n1.1. Chỗ đặt\n1.1.1. Mùa hè\nChe.\n1.1.2. Mùa đông\nỦ.\n1.2. Thùng\nGỗ.\n"
    assert [p.title.split(" › ", 1)[1] for p in cut(text)[1:]] == [
        "I. CHUNG › 1. Tổ › 1.1. Chỗ đặt › 1.1.1. Mùa hè",
        "I. CHUNG › 1. Tổ › 1.1. Chỗ đặt › 1.1.2. Mùa đông",
        "I. CHUNG › 1. Tổ › 1.2. Thùng",
    ]


def test_receivers_in_the_middle_of_a_guide_end_nothing() -> None:
    text = "I. MỘT\nViết như sau:\nNơi nhận:\n- Sở.\nII. HAI\nHết.\nNơi nhận:\n- Lưu.\n"
    assert [p.place.split("#")[0] for p in cut(text)] == ["I", "II", "Nơi nhận, ký tên"]


def test_the_best_run_is_the_one_that_counts_on() -> None:
    marks = [(1, ""), (2, ""), (1, ""), (2, ""), (3, ""), (3, ""), (4, "")]
    run = counting(marks, gap=0)
    assert [marks[i][0] for i in run] == [1, 2, 3, 4]
    assert run[:2] == [0, 1]


def test_counting_is_quick_on_thousands_of_candidates() -> None:
    assert len(counting([(i % 7, "") for i in range(20_000)], gap=60)) >= 7


def test_quotations_over_several_lines() -> None:
    assert quoted(["a", "“b", "c", "d”.", "e"]) == [False, True, True, True, False]
    assert quoted(["a “b” c", "“d”", "e"]) == [False, True, False]
    assert quoted(["“a", "b", "c"]) == [True, False, False]


def test_an_appendix_with_articles_of_its_own_is_cited_by_its_number() -> None:
    text = (
        "QUYẾT ĐỊNH\nĐiều 1. Ban hành quy định chợ quê.\nĐiều 2. Xã thi hành.\nNơi nhận:\n- Như trên.\nCHỦ TỊCH\n"
        "Nguyễn Văn A\nPHỤ LỤC I\nQUY ĐỊNH CHỢ QUÊ\n(Kèm theo Quyết định số 1/QĐ-UBND)\nĐiều 1. Giờ họp\nTừ 5 giờ.\n"
        "Điều 2. Vệ sinh\nQuét chợ.\nPHỤ LỤC II\nDANH SÁCH CHỢ\n1. Chợ Một\n2. Chợ Hai\n"
    )
    passages = cut(text)
    own = at(passages, "Phụ lục I/Điều 2")
    assert own.breadcrumb == ("Phụ lục I. QUY ĐỊNH CHỢ QUÊ", "Điều 2. Vệ sinh")
    assert own.sources[0].locator == "PLI Đ2"
    assert at(passages, "Điều 2").sources[0].locator == "Đ2"
    assert at(passages, "Phụ lục II/1").sources[0].locator == "PLII m1"


def test_a_specimen_decision_in_a_form_has_no_articles() -> None:
    text = (
        "NGHỊ ĐỊNH\nĐiều 1. Một\nA.\nĐiều 2. Hai\nB.\nNơi nhận:\n- Như trên.\nTHỦ TƯỚNG\nNguyễn Văn A\nPHỤ LỤC\n"
        "(Ban hành kèm theo Nghị định số 1/2026/NĐ-CP)\nMẫu số 01\nĐƠN XIN NUÔI ONG\nHọ tên: …\nMẫu số 02\n"
        "QUYẾT ĐỊNH\nVề việc thu hồi …\nCăn cứ …;\nĐiều 1. Thu hồi giấy của …\nĐiều 2. Ông … thi hành.\n"
        "Điều 3. Từ ngày ký.\n"
    )
    passages = cut(text)
    assert [p.place.split("#")[0] for p in passages] == [
        "Phần mở đầu", "Điều 1", "Điều 2", "Nơi nhận, ký tên", "Phụ lục", "Phụ lục/Mẫu số 01", "Phụ lục/Mẫu số 02",
    ]  # fmt: skip
    assert "Điều 3. Từ ngày ký." in passages[-1].text
    assert "THỦ TƯỚNG" in at(passages, "Nơi nhận, ký tên").text


def test_a_table_attached_after_the_signature_is_a_section_of_its_own() -> None:
    text = DECISION.partition("PHỤ LỤC I")[0] + (
        "BIỂU PHÍ THUÊ THÙNG ONG\n(Ban hành kèm theo Quyết định số 7/2026/QĐ-UBND)\nThùng gỗ: 20.000 đồng một tháng.\n"
    )
    passages = cut(text)
    annex = next(p for p in passages if "20.000" in p.text)
    assert annex.heading == "BIỂU PHÍ THUÊ THÙNG ONG"
    assert at(passages, "Nơi nhận, ký tên").text.endswith("TM. ỦY BAN NHÂN DÂN")
