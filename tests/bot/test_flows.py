"""The officers' flows, played by buttons over a real small Sổ tay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from small import open_small

from bot import flow_texts
from tests.bot.flowing import Screen
from tests.bot.house import RunningBot
from tests.botapi import BotAPI


@pytest.fixture(scope="module")
def api() -> Iterator[BotAPI]:
    with BotAPI() as server:
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, api: BotAPI) -> Iterator[Any]:
    telegram = {"telegram_token": api.token, "telegram_rate": 1000.0, "telegram_api_url": api.url}
    with open_small(tmp_path_factory.mktemp("flows"), **telegram) as house:
        yield house


@pytest.fixture
def bot(house: Any) -> Iterator[RunningBot]:
    with RunningBot(house.assistant) as running:
        yield running


@pytest.fixture
def lan(api: BotAPI) -> Screen:
    return Screen(api, api.user("Lan"))


# -- /thoihan ----------------------------------------------------------------------------------------------------------


def test_a_step_and_a_day_give_due_dates_with_their_rules(bot, lan):
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


def test_the_starting_day_is_chosen_by_buttons(bot, lan):
    lan.send("/thoihan")
    page = lan.press("Cấp mã số mã vạch")
    assert page.labels[:3] == ["Hôm nay 21/11", "Hôm qua 20/11", "19/11"]
    assert "thứ Tư 02/12/2026" in lan.press("Hôm qua").text  # seven working days, 24/11 counted as a day off
    lan.press(flow_texts.OTHER_DAY)
    while "02/2027" not in page.labels:
        lan.press("▶️")
    assert "thứ Hai 01/02/2027" in lan.press("1").text


def test_a_later_year_is_marked_as_not_yet_announced(bot, lan):
    lan.send("/thoihan 2027-02-01")
    page = lan.press("Cấp mã số mã vạch")
    assert "thứ Tư 17/02/2027" in page.text
    assert "Lịch nghỉ năm 2027 chưa công bố" in page.text
    assert "tạm tính" in page.text


@pytest.mark.parametrize("words", ["22/5/2026", "2026-05-22", "22.5.2026", "22/5", "ngày 22/5/2026"])
def test_a_typed_day_is_read(bot, lan, words):
    assert "thứ Sáu 22/05/2026" in lan.send(f"/thoihan {words}").text


@pytest.mark.parametrize("words", ["31/2/2026", "khi nào", "22/5/1806", "2026"])
def test_a_day_that_is_none_is_said_to_be_unreadable(bot, lan, words):
    assert "chưa đọc được ngày" in lan.send(f"/thoihan {words}").text


def test_no_due_date_follows_from_a_rule_that_did_not_hold_yet(bot, lan):
    lan.send("/thoihan 01/06/2025")
    page = lan.press("Thu hồi giấy chứng nhận")
    assert "chưa có hiệu lực, nên Sổ tay không tính hạn" in page.text
    assert "16/06/2025" not in page.text


def test_where_the_law_gives_no_number_of_days_that_is_said(bot, lan):
    lan.send("/thoihan hôm nay")
    assert "chưa tìm thấy văn bản quy định" in lan.press("Xét, công nhận xã").text


@pytest.mark.parametrize(
    "data", ["th", "th:s", "th:s:none:20260522", "th:s:xa:20269999", "th:m:xa:999999", "th:x:xa:1", "th:s:xa:18000101"]
)
def test_forged_buttons_do_no_harm(bot, lan, data):
    lan.send("/thoihan")
    lan.forge(data)
    assert lan.send("/thoihan 22/5/2026").text
