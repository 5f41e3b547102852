"""The officers' flows, played by buttons over a real small Sổ tay."""

from __future__ import annotations

import pytest
from small import open_small
from small import page as small_page

from bot import flow_texts, texts
from tests.bot.flowing import Screen
from tests.bot.house import RunningBot

# -- /thoihan ----------------------------------------------------------------------------------------------------------


def test_a_step_and_a_day_give_due_dates_with_their_rules(flow_bot, lan):
    lan.send("/thoihan 22/5/2026")
    page = lan.press("Xã xử lý hồ sơ OCOP")
    assert "thứ Sáu 12/06/2026" in page.marked("bold")
    assert "15 ngày làm việc" in page.text
    assert "Điều 7 khoản 2, 26/2026/QĐ-TTg" in page.marked("italic")
    assert "Tỉnh tổ chức đánh giá đợt đó: trước 30/12/2026" in page.text
    assert "không quy định số ngày cho từng bước" in page.text
    assert flow_texts.HOW_COUNTED in page.text
    assert "2010–2026" in page.text
    assert len(lan.sent) == 1


def test_the_starting_day_is_chosen_by_buttons(flow_bot, lan):
    lan.send("/thoihan")
    page = lan.press("Cấp mã số mã vạch")
    assert page.labels[:3] == ["Hôm nay 21/11", "Hôm qua 20/11", "19/11"]
    assert "thứ Tư 02/12/2026" in lan.press("Hôm qua").text  # seven working days, 24/11 counted as a day off
    lan.press(flow_texts.OTHER_DAY)
    while "02/2027" not in page.labels:
        lan.press("▶️")
    assert "thứ Hai 01/02/2027" in lan.press("1").text


def test_a_later_year_is_marked_as_not_yet_announced(flow_bot, lan):
    lan.send("/thoihan 2027-02-01")
    page = lan.press("Cấp mã số mã vạch")
    assert "thứ Tư 17/02/2027" in page.text
    assert "Lịch nghỉ năm 2027 chưa công bố" in page.text
    assert "tạm tính" in page.text


@pytest.mark.parametrize("words", ["22/5/2026", "2026-05-22", "22.5.2026", "22/5", "ngày 22/5/2026"])
def test_a_typed_day_is_read(flow_bot, lan, words):
    assert "thứ Sáu 22/05/2026" in lan.send(f"/thoihan {words}").text


@pytest.mark.parametrize("words", ["31/2/2026", "khi nào", "22/5/1806", "2026"])
def test_a_day_that_is_none_is_said_to_be_unreadable(flow_bot, lan, words):
    assert "chưa đọc được ngày" in lan.send(f"/thoihan {words}").text


def test_no_due_date_follows_from_a_rule_that_did_not_hold_yet(flow_bot, lan):
    lan.send("/thoihan 01/06/2025")
    page = lan.press("Thu hồi giấy chứng nhận")
    assert "chưa có hiệu lực, nên Sổ tay không tính hạn" in page.text
    assert "16/06/2025" not in page.text


def test_where_the_law_gives_no_number_of_days_that_is_said(flow_bot, lan):
    lan.send("/thoihan hôm nay")
    assert "chưa tìm thấy văn bản quy định" in lan.press("Xét, công nhận xã").text


@pytest.mark.parametrize(
    "data", ["th", "th:s", "th:s:none:20260522", "th:s:xa:20269999", "th:m:xa:999999", "th:x:xa:1", "th:s:xa:18000101"]
)
def test_forged_buttons_do_no_harm(flow_bot, lan, data):
    lan.send("/thoihan")
    lan.forge(data)
    assert lan.send("/thoihan 22/5/2026").text


# -- /chude ------------------------------------------------------------------------------------------------------------


def test_the_handbook_is_read_by_chapter_page_and_passage_in_one_message(flow_bot, lan):
    lan.send("/chude")
    assert "OCOP" in lan.press("OCOP").text
    page = lan.press("3")
    assert page.marked("bold") == ["Hồ sơ OCOP"]
    passage = lan.press("1")
    assert "Bản giới thiệu bộ máy tổ chức của chủ thể." in passage.marked("blockquote")[0]
    lan.press(texts.AFTER)
    assert "01 bộ giấy và 01 bộ điện tử" in passage.text
    assert lan.press(flow_texts.BACK).marked("bold") == ["Hồ sơ OCOP"]
    lan.press("◀️ OCOP")
    assert lan.press(flow_texts.CHAPTERS_BACK).text.startswith(flow_texts.CONTENTS_HEAD)
    assert len(lan.sent) == 1


def test_a_page_of_another_time_stands_last_and_says_so(flow_bot, lan):
    lan.send("/chude")
    last = lan.press("OCOP").text.split("\n")[-1]
    assert last == "4. Cấp công nhận hạng sao OCOP trước đây – 🕘 đến 05/07/2025"
    assert "🕘 đến 05/07/2025" in lan.press("4").text


def test_the_day_of_the_chat_decides_which_pages_hold(flow_bot, lan):
    lan.send("/ngay 2024-06-01")
    lan.send("/chude")
    lines = lan.press("OCOP").text.split("\n")
    assert "1. Cấp công nhận hạng sao OCOP trước đây" in lines
    assert "2. Cấp công nhận hạng sao OCOP – 🕒 từ 22/05/2026" in lines


@pytest.mark.parametrize(
    ("words", "found"), [("ho so", "1. Hồ sơ OCOP"), ("Hồ sơ", "1. Hồ sơ OCOP"), ("xyz", "Không có trang nào")]
)
def test_pages_are_found_by_words_of_their_titles(flow_bot, lan, words, found):
    assert found in lan.send(f"/chude {words}").text


@pytest.mark.parametrize(
    "data", ["cd", "cd:k:none:0", "cd:d:none:0", "cd:k:ocop:99999999", "cd:k:ocop:x", "p:none:cd.l", "p:none:x.x"]
)
def test_forged_places_in_the_handbook_do_no_harm(flow_bot, lan, data):
    lan.send("/chude")
    lan.forge(data)
    assert lan.send("/chude").text.startswith(flow_texts.CONTENTS_HEAD)


def test_long_lists_are_turned_and_stay_within_telegrams_limits(tmp_path, flow_api):
    many = {
        f"ocop/trang-{n:02}.md": small_page(f"Trang số {n:02}", f"## Câu hỏi {n}?\nĐáp {n}. {{gợi ý}}")
        for n in range(20)
    }
    telegram = {"telegram_token": flow_api.token, "telegram_rate": 1000.0, "telegram_api_url": flow_api.url}
    minh = Screen(flow_api, flow_api.user("Minh"))
    with open_small(tmp_path, many, **telegram) as house, RunningBot(house.assistant):
        minh.send("/chude")
        first = minh.press("OCOP")
        assert first.text.split("\n")[-1] == "8. Trang số 07"
        assert first.labels[-3:-1] == ["1/3", flow_texts.LATER_PAGE]
        assert minh.press(flow_texts.LATER_PAGE).text.split("\n")[-1] == "16. Trang số 15"
        last = minh.press(flow_texts.LATER_PAGE)
        assert flow_texts.LATER_PAGE not in last.labels
        assert "Câu hỏi 19?" in minh.press("20").text
