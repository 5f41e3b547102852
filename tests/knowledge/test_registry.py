"""The register: what a person means by a number, and which rule held on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge.errors import BadInput
from knowledge.registry import SHIPPED, Registry, instrument_from
from knowledge.types import Instrument, Interval, Standing

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def shipped() -> Registry:
    return Registry.load()


def rule(key: str, *intervals: Interval, **fields: object) -> Instrument:
    number, _, signed = key.partition("@")
    entry = Instrument(
        key=key, number=number, kind="quyết định", title=key, signed=date.fromisoformat(signed) if signed else None
    )
    return replace(entry, in_force=intervals or None, **fields)  # type: ignore[arg-type]


def test_shipped_register_is_sound(shipped: Registry) -> None:
    assert shipped.validate() == []
    assert len(shipped) >= 100


def test_shipped_sources_say_what_they_are() -> None:
    sources = yaml.safe_load((SHIPPED.parent / "sources.yaml").read_text(encoding="utf-8"))
    assert {"o-hn-108", "n-a1", "b-s01", "b-s19c"} <= sources.keys()
    for key, source in sources.items():
        assert key == key.lower()
        assert source["title"], key
        assert source["publisher"], key
        assert source["confidence"] in ("chắc chắn", "một nguồn", "chưa kiểm chứng"), key
        assert "url" not in source or source["url"].startswith("http"), key


@pytest.mark.parametrize(
    ("day", "in_force"),
    [
        (date(2019, 8, 20), set()),
        (date(2019, 8, 21), {"1048/QĐ-TTg"}),
        (date(2023, 2, 23), {"1048/QĐ-TTg"}),
        (date(2023, 2, 24), {"148/QĐ-TTg"}),
        (date(2025, 7, 6), {"148/QĐ-TTg", "1489/QĐ-TTg"}),
        (date(2026, 5, 21), {"148/QĐ-TTg", "1489/QĐ-TTg"}),
        (date(2026, 5, 22), {"148/QĐ-TTg", "1489/QĐ-TTg", "26/2026/QĐ-TTg"}),
        (date(2026, 7, 21), {"148/QĐ-TTg", "1489/QĐ-TTg", "26/2026/QĐ-TTg"}),
        (date(2026, 7, 22), {"26/2026/QĐ-TTg"}),
        (TODAY, {"26/2026/QĐ-TTg"}),
    ],
)
def test_ocop_rules_in_force_by_day(shipped: Registry, day: date, in_force: set[str]) -> None:
    keys = ("1048/QĐ-TTg", "148/QĐ-TTg", "1489/QĐ-TTg", "26/2026/QĐ-TTg")
    assert {key for key in keys if shipped.standing(key, day) is Standing.IN_FORCE} == in_force


@pytest.mark.parametrize(
    ("day", "in_force"),
    [
        (date(2026, 1, 25), "15/2018/NĐ-CP"),
        (date(2026, 1, 26), "46/2026/NĐ-CP"),
        (date(2026, 2, 3), "46/2026/NĐ-CP"),
        (date(2026, 2, 4), "15/2018/NĐ-CP"),
        (date(2026, 4, 16), "15/2018/NĐ-CP"),
        (TODAY, "15/2018/NĐ-CP"),
    ],
)
def test_suspended_food_decree_gives_way_to_the_one_that_came_back(shipped: Registry, day: date, in_force: str) -> None:
    pair = {"15/2018/NĐ-CP", "46/2026/NĐ-CP"}
    assert {key for key in pair if shipped.standing(key, day) is Standing.IN_FORCE} == {in_force}
    (other,) = pair - {in_force}
    found = shipped.successor(other, day)
    assert (found.key if found else None) == (None if day < date(2026, 1, 26) else in_force)
    assert shipped.successor(in_force, day) is None


def test_label_decree_and_new_rural_criteria_change_on_their_days(shipped: Registry) -> None:
    assert shipped.standing("43/2017/NĐ-CP", date(2026, 1, 22)) is Standing.IN_FORCE
    assert shipped.standing("43/2017/NĐ-CP", date(2026, 1, 23)) is Standing.EARLIER
    assert shipped.standing("37/2026/NĐ-CP", date(2026, 1, 22)) is Standing.LATER
    assert shipped.standing("318/QĐ-TTg@2022-03-08", date(2026, 2, 14)) is Standing.IN_FORCE
    assert shipped.standing("51/2025/QĐ-TTg", date(2026, 2, 15)) is Standing.IN_FORCE
    assert shipped.standing("919/QĐ-TTg", TODAY) is Standing.EARLIER
    assert shipped.standing("950/QĐ-BCT", TODAY) is Standing.UNKNOWN
    assert shipped.standing("999/QĐ-TTg", TODAY) is Standing.UNKNOWN


def test_chain_leads_to_todays_rule_and_back(shipped: Registry) -> None:
    today = shipped.successor("1048/QĐ-TTg", TODAY)
    assert today is not None
    assert today.key == "26/2026/QĐ-TTg"
    in_2024 = shipped.successor("1048/QĐ-TTg", date(2024, 1, 1))
    assert in_2024 is not None
    assert in_2024.key == "148/QĐ-TTg"
    earlier = [found.key for found in shipped.predecessors("26/2026/QĐ-TTg")]
    assert earlier == ["148/QĐ-TTg", "1489/QĐ-TTg", "1048/QĐ-TTg", "781/QĐ-TTg"]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("26/2026/QĐ-TTg", "26/2026/QĐ-TTg"),
        ("26/2026", "26/2026/QĐ-TTg"),
        ("QĐ 26", "26/2026/QĐ-TTg"),
        ("qd26", "26/2026/QĐ-TTg"),
        ("quyết định số 26/2026/QĐ-TTg ngày 22/5/2026", "26/2026/QĐ-TTg"),
        ("QUYẾT ĐỊNH 148", "148/QĐ-TTg"),
        ("quyet dinh 148", "148/QĐ-TTg"),
        ("148 / qd-ttg", "148/QĐ-TTg"),
        ("148/2023", "148/QĐ-TTg"),
        ("148/QĐ-TTg ngày 24/02/2025", "148/QĐ-TTg"),  # as misprinted in decision 26/2026
        ("318/QĐ-TTg ngày 08/3/2022", "318/QĐ-TTg@2022-03-08"),
        ("QĐ 318 năm 2023", "318/QĐ-TTg@2023-03-29"),
        ("NĐ 15", "15/2018/NĐ-CP"),
        ("luật 131/2025", "131/2025/QH15"),
        ("nghi dinh 131", "131/2025/NĐ-CP"),
        ("NQ 66.13", "66.13/2026/NQ-CP"),
        ("Nghị quyết 9/2026", "09/2026/NQ-CP"),
        ("luat so huu tri tue", "50/2005/QH11"),
        ("Luật  Quảng  cáo", "16/2012/QH13"),
        ("chương trình 04", "04-CTr/TU"),
    ],
)
def test_short_forms_name_one_instrument(shipped: Registry, words: str, key: str) -> None:
    found = shipped.get(words)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize("words", ["148", "10/2026", "09/2026", "QĐ 999", "26/2025", "nghị định 148", "", "OCOP"])
def test_what_names_nothing_stays_unnamed(shipped: Registry, words: str) -> None:
    assert shipped.candidates(words) == []
    assert shipped.get(words) is None


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("318/QĐ-TTg", ["318/QĐ-TTg@2022-03-08", "318/QĐ-TTg@2023-03-29"]),
        ("QĐ 490", ["490/QĐ-TTg@2018-05-07", "490/QĐ-TTg@2021-03-30"]),
        ("131/2025", ["131/2025/NĐ-CP", "131/2025/QH15"]),
    ],
)
def test_ambiguous_number_offers_candidates(shipped: Registry, words: str, keys: list[str]) -> None:
    assert [found.key for found in shipped.candidates(words)] == keys
    assert shipped.get(words) is None


def test_office_entry_closes_the_rule_that_it_replaces(shipped: Registry) -> None:
    new = rule("7/2027/QĐ-TTg", Interval(date(2027, 3, 1)), replaces=("26/2026/QĐ-TTg",), amends=("51/2025/QĐ-TTg",))
    office = Registry.load(overlay=[new])
    assert office.standing("26/2026/QĐ-TTg", date(2027, 2, 28)) is Standing.IN_FORCE
    assert office.standing("26/2026/QĐ-TTg", date(2027, 3, 1)) is Standing.EARLIER
    assert office.successor("148/QĐ-TTg", date(2027, 3, 1)) == new
    intervals = office.intervals("26/2026/QĐ-TTg")
    assert intervals is not None
    assert intervals[-1].ground.endswith("bị 7/2027/QĐ-TTg thay từ 01/03/2027")
    assert office.validate() == []
    assert shipped.standing("26/2026/QĐ-TTg", date(2027, 3, 1)) is Standing.IN_FORCE  # the shipped one is untouched


def test_office_entry_wins_over_the_shipped_one() -> None:
    known = Registry.load().get("950/QĐ-BCT")
    assert known is not None
    office = Registry.load(overlay=[replace(known, in_force=(Interval(date(2023, 4, 3), date(2025, 12, 31)),))])
    assert office.standing("950/QĐ-BCT", date(2024, 1, 1)) is Standing.IN_FORCE
    assert len(office) == len(Registry.load())


def test_only_the_open_interval_is_closed() -> None:
    old = rule("1/QĐ", Interval(date(2018, 1, 1), date(2019, 1, 1)), Interval(date(2020, 1, 1)))
    new = rule("2/QĐ", Interval(date(2021, 1, 1)), replaces=("1/QĐ",))
    closed = Registry([old]).overlaid([new]).intervals("1/QĐ")
    assert closed is not None
    assert [(i.start, i.end) for i in closed] == [
        (date(2018, 1, 1), date(2019, 1, 1)),
        (date(2020, 1, 1), date(2020, 12, 31)),
    ]


def test_validate_names_each_fault() -> None:
    spring, summer = Interval(date(2020, 1, 1), date(2020, 6, 30)), Interval(date(2020, 6, 1))
    problems = Registry(
        [
            rule("1/QĐ", spring, summer),
            rule("2/QĐ", Interval(date(2020, 1, 1), date(2019, 1, 1))),
            rule("3/QĐ", spring, replaced_by=("4/QĐ",)),
            rule("4/QĐ", Interval(date(2020, 8, 1)), replaces=("3/QĐ", "99/QĐ")),
            rule("5/QĐ", summer, replaced_by=("6/QĐ",)),
            rule("6/QĐ", Interval(date(2021, 1, 1)), amends=("1/QĐ",)),
            rule("7/QĐ", summer),
            rule("7/QĐ@2020-07-01", summer),
            rule("8/QĐ", confidence="chắc"),
            rule("9/QĐ"),
            rule("9/QĐ"),
        ]
    ).validate()
    for fault in (
        "1/QĐ: hai khoảng hiệu lực chồng nhau từ 2020-06-01",
        "2/QĐ: kết thúc 2019-01-01 trước khi bắt đầu 2020-01-01",
        "3/QĐ: hở từ 2020-07-01 đến 2020-07-31, trước khi 4/QĐ thay",
        "4/QĐ: replaces dẫn tới 99/QĐ, không có hoặc không rõ là văn bản nào",
        "5/QĐ: replaced_by 6/QĐ, nhưng 6/QĐ thiếu replaces 5/QĐ",
        "6/QĐ: amends 1/QĐ, nhưng 1/QĐ thiếu amended_by 6/QĐ",
        "7/QĐ: trùng số, cần key dạng 7/QĐ@ngày ký",
        "7/QĐ@2020-07-01: có hiệu lực 2020-06-01 trước ngày ký 2020-07-01",
        "8/QĐ: độ tin “chắc” không có trong thang",
        "9/QĐ: có hơn một mục cùng khóa",
    ):
        assert fault in problems
    assert len(problems) == 10


def test_replaced_rule_left_open_is_found() -> None:
    old = rule("1/QĐ", Interval(date(2020, 1, 1)), replaced_by=("2/QĐ",))
    new = rule("2/QĐ", Interval(date(2021, 1, 1)), replaces=("1/QĐ",))
    assert Registry([old, new]).validate() == ["1/QĐ: còn để mở dù 2/QĐ đã thay từ 2021-01-01"]


def test_entry_from_plain_data() -> None:
    entry = instrument_from(
        {
            "number": "1/2030/QĐ-TTg",
            "kind": "quyết định",
            "title": "Thử",
            "in_force": [{"from": "2030-01-02", "to": None, "ground": "Đ1"}],
            "replaces": ["26/2026/QĐ-TTg"],
        }
    )
    assert entry.key == "1/2030/QĐ-TTg"
    assert entry.in_force == (Interval(date(2030, 1, 2), None, "Đ1"),)
    assert entry.replaces == ("26/2026/QĐ-TTg",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- {number: 1/QĐ, kind: quyết định}", "1/QĐ"),
        ("- {number: 1/QĐ, kind: a, title: b, in_force: [{from: hôm nay}]}", "1/QĐ"),
        ("- {number: 1/QĐ, kind: a, title: b, in_force: [{to: 2020-01-01}]}", "1/QĐ"),
        ("number: 1/QĐ", "danh sách"),
        ("- [", "Không đọc được"),
        ("- 5", "5"),
    ],
)
def test_unreadable_register_says_which_entry(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "instruments.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=words):
        Registry.load(path)
