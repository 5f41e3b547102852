"""`/hoso`: dossier checklists by buttons, kept in the database, printed as Word documents."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from docx import Document
from small import open_small

from bot import flow_texts, texts
from bot.sheets import Sheets
from tests.bot.flowing import Screen
from tests.bot.house import RunningBot
from tests.botapi import BotAPI


def begun(lan, name=""):
    lan.send(f"/hoso {name}".strip())
    lan.press("OCOP – hồ sơ của chủ thể")
    return lan.press("Đánh giá lại")


def test_a_situation_gives_its_items_each_with_its_ground(flow_bot, lan):
    page = begun(lan)
    assert "☐ 3. Mẫu số 02 cập nhật" in page.text
    assert page.marked("italic").count("Điều 6 khoản 1 điểm c") == 3
    assert "✅ Ngày 21/11/2026: 26/2026/QĐ-TTg đang áp dụng" in page.text
    assert "Đã có 0/21" in page.marked("bold")
    assert len(lan.sent) == 1


def test_items_are_ticked_and_unticked_in_place(flow_bot, lan):
    begun(lan)
    page = lan.press("☐ 4")
    assert "☑ 4. Các phiếu kiểm nghiệm định kỳ" in page.text
    assert "Đã có 1/21" in page.text
    assert "☑ 4" in page.labels
    assert "☐ 4. Các phiếu" in lan.press("☑ 4").text
    lan.press("☐ 2")
    assert "Đã có 0/21" in lan.press(flow_texts.CLEAR).text


def test_ticks_outlive_a_restart_and_work_on_the_old_message(flow_house, lan):
    with RunningBot(flow_house.assistant):
        begun(lan, "mật ong")
        page = lan.press("☐ 1")
    with RunningBot(flow_house.assistant):
        assert "Đã có 2/21" in lan.press("☐ 2", on=page).text
        lan.send("/hoso")
        lan.press(flow_texts.SHEETS_BEGUN.format(count=1))
        again = lan.press("1")
    assert "☑ 1." in again.text
    assert "☑ 2." in again.text
    assert "Hồ sơ: mật ong" in again.text


def test_a_button_sets_a_state_so_an_old_one_pressed_again_does_no_harm(flow_bot, lan, flow_api):
    page = begun(lan)
    tick = next(b["callback_data"] for b in page.buttons if b["text"] == "☐ 1")
    lan.press("☐ 1")
    lan.forge(tick)
    assert "Đã có 2/21" in lan.press("☐ 2").text


def test_a_long_list_is_turned_and_keeps_its_place_when_ticked(flow_bot, lan):
    begun(lan)
    page = lan.press("12–21")
    assert "11. " not in page.text
    assert "☑ 21. Đủ 01 bộ giấy" in lan.press("☐ 21").text
    assert "● 12–21" in page.labels


def test_another_situation_keeps_the_ticks_that_it_shares(flow_bot, lan):
    begun(lan)
    lan.press("☐ 1")
    lan.press("☐ 4")  # periodic tests: only asked for in a reassessment
    lan.press(flow_texts.CASES_BACK)
    assert "Đã có 1/19" in lan.press("Sản phẩm mới").text


def test_the_checklist_comes_as_a_word_document_with_ticks_and_grounds(flow_bot, lan):
    begun(lan, "mật ong Mỹ Đức")
    lan.press("☐ 4")
    sent = lan.press_for_new(flow_texts.PRINT)
    name, data = sent.document
    assert name == "ho-so-mat-ong-my-duc-2026-11-21.docx"
    document = Document(BytesIO(data))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Hồ sơ: mật ong Mỹ Đức" in words
    assert "Ngày lập: 21/11/2026. Đã có 1/21 thành phần." in words
    assert "26/2026/QĐ-TTg đang áp dụng" in words
    assert "trợ lý máy" in words
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0] == ["TT", "Thành phần hồ sơ", "Căn cứ", "Đã có"]
    assert rows[4] == ["4", "Các phiếu kiểm nghiệm định kỳ", "Điều 6 khoản 1 điểm c, 26/2026/QĐ-TTg", "☑"]
    assert [row[3] for row in rows[1:]].count("☑") == 1
    assert len(rows) == 22


def test_the_document_arrives_although_telegram_fails_at_first(flow_bot, lan, flow_api):
    begun(lan)
    fault = flow_api.fault("status", "senddocument", times=2, status=502, description="Bad Gateway")
    sent = lan.press_for_new(flow_texts.PRINT)
    assert fault.struck == 2
    assert sent.document is not None
    assert len([m for m in lan.sent if m.document]) == 1


def test_where_the_law_has_no_list_that_is_said_and_nothing_is_invented(flow_bot, lan):
    lan.send("/hoso")
    lan.press("Nông thôn mới 2026")
    page = lan.press("Xã nông thôn mới hiện đại")
    assert "chưa đọc được các điều kiện cụ thể nên không liệt kê" in page.text
    assert flow_texts.PRINT not in page.labels
    lan.press(flow_texts.CASES_BACK)
    page = lan.press("Xã đạt chuẩn")
    assert "không phải thành phần hồ sơ do luật định" in page.text
    assert "☐ 10. Tiêu chí 10" in page.text


def test_a_past_procedure_is_dated_and_stands_last(flow_bot, lan):
    page = lan.send("/hoso")
    assert page.labels[0] == "OCOP – hồ sơ của chủ thể"
    old = next(label for label in page.labels if "21/8/2019" in label)
    assert old.startswith("🕘")
    page = lan.press(old)
    assert "1048/QĐ-TTg đã hết áp dụng (từ 21/08/2019, đến hết 23/02/2023)" in page.text
    assert "Thay vào đó là 26/2026/QĐ-TTg." in page.text


def test_the_day_of_the_chat_decides_what_is_current(flow_bot, lan):
    lan.send("/ngay 2024-06-01")
    page = lan.send("/hoso")
    assert "🕒 OCOP – hồ sơ của chủ thể" in page.labels
    assert "OCOP trước đây (24/02/2023–21/7/2026)" in page.labels
    assert "Ngày 01/06/2024: 26/2026/QĐ-TTg chưa có hiệu lực" in lan.press("🕒 OCOP – hồ sơ của").text


def test_a_rule_that_the_offices_register_has_closed_is_shown_as_closed(tmp_path):
    from knowledge.registry import instrument_from

    entry = instrument_from(
        {
            "number": "99/2026/QĐ-TTg", "kind": "quyết định", "title": "Quy định mới", "replaces": ["26/2026/QĐ-TTg"],
            "in_force": [{"from": "2026-11-01", "to": None}],
        }
    )  # fmt: skip
    with BotAPI() as api:
        telegram = {"telegram_token": api.token, "telegram_rate": 1000.0, "telegram_api_url": api.url}
        with open_small(tmp_path, **telegram) as house:
            house.assistant.use_registry(house.assistant.registry.overlaid([entry]))
            lan = Screen(api, api.user())
            with RunningBot(house.assistant):
                assert "🕘 OCOP – hồ sơ của chủ thể" in lan.send("/hoso").labels
                page = lan.press("🕘 OCOP – hồ sơ của chủ thể")
                assert "đã hết áp dụng (từ 22/05/2026, đến hết 31/10/2026)" in page.text
                assert "Thay vào đó là 99/2026/QĐ-TTg." in page.text
                lan.send("/thoihan 20/11/2026")
                page = lan.press("Xã xử lý hồ sơ OCOP")
    assert "đã hết hiệu lực, nên Sổ tay không tính hạn" in page.text


def test_a_sheet_is_thrown_away_only_when_that_is_confirmed(flow_bot, lan):
    begun(lan, "bánh")
    assert "Xóa danh mục «bánh" in lan.press(flow_texts.REMOVE).text
    lan.press(flow_texts.BACK)
    lan.press(flow_texts.REMOVE)
    lan.press(flow_texts.REMOVE_YES)
    assert not any("Đang làm dở" in label for label in lan.send("/hoso").labels)


def test_a_group_has_its_own_sheets(flow_bot, flow_api, lan):
    group = flow_api.group("Xã Mỹ Đức", lan.person)
    begun(lan, "của riêng tôi")
    here = Screen(flow_api, lan.person, group)
    page = here.send("/hoso")
    assert not any("Đang làm dở" in label for label in page.labels)
    here.press("OCOP – hồ sơ UBND xã")
    assert "☑ 2. Báo cáo Mẫu số 03" in here.press("☐ 2").text


def test_nobody_reads_or_changes_the_sheet_of_another_chat(flow_bot, flow_api, flow_house, lan):
    page = begun(lan, "bí mật")
    data = [b["callback_data"] for b in page.buttons if b["callback_data"].startswith("hs:")]
    minh = Screen(flow_api, flow_api.user("Minh"))
    minh.send("/hoso")
    before = len(minh.sent)
    for one in data:
        minh.forge(one)
    sheet = data[0].split(":")[2]
    minh.forge(f"hs:c:{sheet}:ntm:xa")
    minh.send("/hoso")
    assert len(minh.sent) == before + 1
    assert not any("bí mật" in message.text for message in minh.sent)
    kept = Sheets(flow_house.assistant.engine).get(sheet, lan.person.id)
    assert (kept.procedure, kept.case, kept.had) == ("ocop", "lai", frozenset())


@pytest.mark.parametrize(
    "data",
    [
        "hs",
        "hs:o",
        "hs:o:none",
        "hs:p:1:none",
        "hs:c:1:ocop:none",
        "hs:t:1:x:1:0",
        "hs:d:none",
        "hs:?:1",
        "hs:m:999",
        "hs:p:" + "𝟗" * 12 + ":ocop",
        "hs:p::ocop",
    ],
)
def test_forged_buttons_do_no_harm(flow_bot, lan, data):
    lan.send("/hoso")
    lan.forge(data)
    assert lan.send("/hoso").labels


def test_every_button_of_every_checklist_fits_into_64_bytes(flow_bot, lan, flow_api):
    lan.send("/hoso")
    for message in flow_api.sent():
        assert all(len(b["callback_data"].encode()) <= 64 for b in message.buttons)


def test_sheets_untouched_for_a_year_are_forgotten(flow_house, flow_bot, lan):
    begun(lan, "cũ")
    sheets = Sheets(flow_house.assistant.engine)
    (sheet,) = sheets.of_chat(lan.person.id)
    assert sheets.expire() == 0
    later = Sheets(flow_house.assistant.engine, clock=lambda: sheets.clock() + 366 * 86400)
    assert later.expire() >= 1
    assert sheets.get(sheet.id, lan.person.id) is None


def test_a_person_sees_their_sheets_among_their_data_and_can_erase_them(flow_house, flow_bot, lan, flow_api):
    begun(lan, "mứt dừa")
    lan.press("☐ 4")
    before = len(lan.sent)
    lan.person.send("/dulieu")
    data = json.loads(flow_api.wait_sent(lan.person, before + 1)[-1].document[1])
    assert data["dossiers"] == [{"name": "mứt dừa", "procedure": "ocop", "situation": "lai", "had": ["kndk"]}]
    lan.send("/xoa")
    lan.press(texts.ERASE_YES)
    assert Sheets(flow_house.assistant.engine).of_chat(lan.person.id) == []
