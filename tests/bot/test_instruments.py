"""`/vanban`: a legal document by the register in use, with what it replaced and the passages about it."""

from __future__ import annotations

import pytest
from small import open_small
from small import page as small_page

from bot import flow_texts
from knowledge.proposal import Proposal, Relation, Stated
from knowledge.registry import Registry
from tests.bot.flowing import Screen
from tests.bot.house import RunningBot
from tests.botapi import BotAPI

PAPER = """<html><body><p>THỦ TƯỚNG CHÍNH PHỦ</p><p>Số: 26/2026/QĐ-TTg</p><p>Hà Nội, ngày 22 tháng 5 năm 2026</p>
<p>QUYẾT ĐỊNH</p><p>Ban hành Bộ tiêu chí và quy trình đánh giá, phân hạng sản phẩm OCOP</p>
<p>Điều 1. Phạm vi điều chỉnh</p><p>Quyết định này quy định bộ tiêu chí và quy trình đánh giá sản phẩm OCOP.</p>
<p>Điều 2. Đối tượng áp dụng</p><p>Chủ thể OCOP và các cơ quan có liên quan trong cả nước.</p></body></html>"""


def test_a_document_in_force_with_what_it_replaced_and_how_sure_that_is(flow_bot, lan):
    page = lan.send("/vanban qd 26/2026")
    assert page.marked("bold")[0] == "Quyết định 26/2026/QĐ-TTg"
    assert "✅ Ngày 21/11/2026: 26/2026/QĐ-TTg đang áp dụng (từ 22/05/2026)" in page.text
    assert "• từ 22/05/2026 đến nay – Điều 11 khoản 1:" in page.text
    assert "Thay thế: 148/QĐ-TTg, 1489/QĐ-TTg" in page.text
    assert "Phần được Sổ tay dẫn: Điều 4, 6, 7." in page.text
    assert "Độ tin về hiệu lực: chắc chắn; rà gần nhất ngày 21/11/2026" in page.text


def test_a_repealed_one_names_what_holds_instead_and_leads_there(flow_bot, lan):
    page = lan.send("/vanban 148")
    assert "🕘 Ngày 21/11/2026: 148/QĐ-TTg đã hết áp dụng" in page.text
    assert "Thay vào đó là 26/2026/QĐ-TTg." in page.marked("bold")
    assert lan.press("↪️ 26/2026").marked("bold")[0] == "Quyết định 26/2026/QĐ-TTg"


def test_a_suspended_one_is_called_suspended_on_both_sides(flow_bot, lan):
    assert "⏸ Ngày 21/11/2026: 46/2026/NĐ-CP đang bị ngưng hiệu lực" in lan.send("/vanban 46/2026/NĐ-CP").text
    page = lan.send("/vanban 15/2018/NĐ-CP")
    assert "✅ Ngày 21/11/2026: 15/2018/NĐ-CP đang áp dụng (từ 04/02/2026)" in page.text
    assert "Được thay bằng: 46/2026/NĐ-CP (đang bị ngưng)" in page.text
    assert page.text.count("• từ ") == 2


def test_the_day_of_the_chat_is_judged_beside_today(flow_bot, lan):
    lan.send("/ngay 2024-06-01")
    page = lan.send("/vanban 148/QĐ-TTg")
    assert "✅ Ngày 01/06/2024: 148/QĐ-TTg đang áp dụng" in page.text
    assert "🕘 Ngày 21/11/2026: 148/QĐ-TTg đã hết áp dụng" in page.text


def test_the_passages_about_it_open_and_lead_back(flow_bot, lan):
    lan.send("/vanban 26/2026/QĐ-TTg")
    page = lan.press("📖 Các đoạn về văn bản này (5)")
    assert "3. Điều 6 khoản 2: Hồ sơ đề nghị đánh giá sản phẩm OCOP gồm những gì?" in page.text
    assert "Bản giới thiệu bộ máy" in lan.press("3").text
    assert "Các đoạn về 26/2026/QĐ-TTg" in lan.press(flow_texts.BACK).text
    assert "Quyết định 26/2026" in lan.press("◀️ 26/2026").text
    assert len(lan.sent) == 1


def test_buttons_work_after_a_restart(flow_house, lan):
    with RunningBot(flow_house.assistant):
        page = lan.send("/vanban 148")
    with RunningBot(flow_house.assistant):
        assert "Quyết định 1489/QĐ-TTg" in lan.press("↪️ 1489", on=page).text


def test_without_a_number_the_main_ones_are_offered(flow_bot, lan):
    page = lan.send("/vanban")
    assert "🕘 148/QĐ-TTg" in " ".join(page.labels)
    assert "Nghị định 37/2026/NĐ-CP" in lan.press("37/2026/NĐ-CP").text
    assert lan.press(flow_texts.INSTRUMENTS_BACK).text.startswith(flow_texts.INSTRUMENT_HEAD)


def test_the_main_ones_are_in_the_register():
    registry = Registry.load()
    assert [key for key in flow_texts.MAIN_INSTRUMENTS if registry.get(key) is None] == []


def test_a_number_that_is_shared_is_asked_about(flow_bot, lan):
    page = lan.send("/vanban 318")
    namesakes = [label for label in page.labels if "318/QĐ-TTg" in label]
    assert len(namesakes) == 2
    assert "Khánh Hòa" in lan.press(next(label for label in namesakes if "Phê duyệt" in label)).text


def test_an_unknown_number_is_said_to_be_unknown_with_near_ones(flow_bot, lan):
    page = lan.send("/vanban 26/2027/NĐ-CP")
    assert "chưa thấy «26/2027/NĐ-CP»" in page.text
    assert page.labels[0].startswith("26/2026/QĐ-TTg")
    assert "cũng không thấy văn bản nào gần giống" in lan.send("/vanban xyz").text


def test_words_find_titles_those_in_force_first(flow_bot, lan):
    page = lan.send("/vanban nhãn hàng hóa")
    assert page.labels[0].startswith("37/2026/NĐ-CP")
    assert any(label.startswith("🕘 43/2017/NĐ-CP") for label in page.labels)


def test_a_group_gets_it_when_it_asks(flow_bot, flow_api, lan):
    group = Screen(flow_api, lan.person, flow_api.group("Nhóm", lan.person))
    assert "Quyết định 26/2026" in group.send("/vanban@sotay_bot 26/2026/QĐ-TTg").text


@pytest.mark.parametrize("data", ["vb", "vb:i:none", "vb:p:none:0", "vb:o::", "vb:?:x"])
def test_forged_buttons_do_no_harm(flow_bot, lan, data):
    lan.send("/vanban")
    lan.forge(data)
    assert lan.send("/vanban 148").text.startswith("Quyết định 148")


def test_the_offices_own_text_and_confirmed_entries_are_shown(tmp_path):
    with BotAPI() as api:
        telegram = {"telegram_token": api.token, "telegram_rate": 1000.0, "telegram_api_url": api.url}
        with open_small(tmp_path, **telegram) as house:
            paper = tmp_path / "quyet-dinh-26.html"
            paper.write_text(PAPER, encoding="utf-8")
            assert house.sync.run([paper]).files[0].status == "read"
            fields = {
                "number": Stated("99/2026/QĐ-TTg", "rõ"), "kind": Stated("quyết định", "rõ"),
                "title": Stated("Sửa đổi Quyết định 26", "rõ"), "effective": Stated("2026-11-01", "rõ"),
                "signed": Stated("2026-10-15", "rõ"),
            }  # fmt: skip
            told = "Bãi bỏ khoản 3 Điều 12 Quyết định số 26/2026/QĐ-TTg."
            proposal = Proposal(fields, (Relation("amends", "26/2026/QĐ-TTg", sentence=told),))
            overlay = house.assistant.overlay
            proposed = overlay.propose(proposal, "d", "x.docx", house.assistant.registry)
            overlay.confirm(proposed.id, by="Lan")
            house.assistant.judge_anew()
            lan = Screen(api, api.user())
            with RunningBot(house.assistant):
                assert lan.send("/vanban").labels[0].startswith("99/2026/QĐ-TTg")
                page = lan.press("99/2026")
                assert "do cơ quan thêm vào danh bạ" in page.text
                page = lan.press("↪️ 26/2026")
                assert f"99/2026/QĐ-TTg sửa đổi hoặc bãi bỏ một phần văn bản này: «{told}»" in page.text
                assert "có điều chỉnh theo xác nhận của cơ quan" in page.text
                assert flow_texts.HELD_OWN in page.text
                assert "Điều 2" in lan.press(flow_texts.OWN_TEXT).text
                assert "Chủ thể OCOP và các cơ quan" in lan.press("3").text


def test_of_many_passages_the_part_is_chosen_first(tmp_path):
    def page(n):
        lines = "\n\n".join(f"## Câu {n}.{k}?\nĐáp {n}.{k}. {{26/2026/QĐ-TTg Đ{n} k{k}}}" for k in range(1, 13))
        return small_page(f"Trang {n}", lines)

    pages = {f"ocop/trang-{n}.md": page(n) for n in (4, 7, 10)}
    with BotAPI() as api:
        telegram = {"telegram_token": api.token, "telegram_rate": 1000.0, "telegram_api_url": api.url}
        with open_small(tmp_path, pages, **telegram) as house, RunningBot(house.assistant):
            lan = Screen(api, api.user())
            lan.send("/vanban 26/2026/QĐ-TTg")
            page = lan.press("📖")
            assert page.labels[:3] == ["Điều 4 (12)", "Điều 7 (12)", "Điều 10 (12)"]
            assert "1. Điều 7 khoản 1: Câu 7.1?" in lan.press("Điều 7").text
            assert "12. Điều 7 khoản 12: Câu 7.12?" in lan.press(flow_texts.LATER_PAGE).text
            assert "Đáp 7.12." in lan.press("12").text
            assert "12. Điều 7 khoản 12" in lan.press(flow_texts.BACK).text
            assert flow_texts.PART_PICK in lan.press(flow_texts.PARTS_BACK).text
