"""Time limits: the shipped data, and the days that follow from it."""

from datetime import date
from pathlib import Path

import pytest

import knowledge
from knowledge.catalogue import load_sources
from knowledge.deadlines import add_months, due_dates, faults, load_steps
from knowledge.errors import BadInput
from knowledge.registry import Registry
from knowledge.working_days import WorkingDays

SHIPPED = Path(knowledge.__file__).parent / "handbook"
STEPS = {step.key: step for step in load_steps()}
CALENDAR = WorkingDays.load()


def due(step, start):
    return {found.limit.key: found for found in due_dates(STEPS[step], start, CALENDAR)}


def test_every_limit_has_its_ground_in_the_register():
    assert faults(STEPS.values(), Registry.load(), load_sources()) == []


def test_every_page_named_is_in_the_handbook():
    assert [step.page for step in STEPS.values() if not (SHIPPED / step.page).is_file()] == []


@pytest.mark.parametrize(
    ("expiry", "earliest", "latest"),
    [  # the table of the handbook (ocop/danh-gia-lai.md)
        (date(2026, 12, 31), date(2026, 7, 4), date(2026, 9, 2)),
        (date(2027, 3, 31), date(2026, 10, 2), date(2026, 12, 1)),
        (date(2029, 8, 5), date(2029, 2, 6), date(2029, 4, 7)),
    ],
)
def test_the_window_of_reassessment_agrees_with_the_handbook(expiry, earliest, latest):
    found = due("han", expiry)
    assert (found["som"].day, found["muon"].day) == (earliest, latest)


def test_an_extension_ends_where_the_handbook_says():
    assert due("han", date(2026, 9, 15))["keo"].day == date(2027, 3, 14)


def test_a_certificate_runs_36_months_and_opens_its_window():
    found = due("gcn", date(2026, 8, 5))
    assert found["het"].day == date(2029, 8, 5)
    assert found["som"].day == date(2029, 2, 6)


def test_the_commune_has_15_working_days_and_the_round_follows():
    found = due("xa", date(2026, 5, 22))
    assert found["xa"].day == date(2026, 6, 12)
    assert (found["dot"].day, found["dot"].then, found["dot"].sooner) == (date(2026, 10, 30), date(2026, 12, 30), None)
    assert found["tinh"].day is None


def test_a_round_that_only_quick_work_reaches_is_named():
    found = due("xa", date(2026, 10, 20))
    assert (found["dot"].day, found["dot"].sooner) == (date(2027, 4, 30), date(2026, 10, 30))


@pytest.mark.parametrize(
    ("start", "gate", "then"),
    [
        (date(2026, 4, 29), date(2026, 4, 30), date(2026, 6, 30)),
        (date(2026, 4, 30), date(2026, 10, 30), date(2026, 12, 30)),  # "before" the day, not on it
        (date(2026, 12, 31), date(2027, 4, 30), date(2027, 6, 30)),
    ],
)
def test_rounds_of_the_province(start, gate, then):
    found = due("dot", start)["dot"]
    assert (found.day, found.then) == (gate, then)


def test_rounds_of_the_ministry_cross_the_year():
    found = due("dottw", date(2026, 11, 21))["dot"]
    assert (found.day, found.then) == (date(2027, 1, 30), date(2027, 3, 30))


def test_what_the_law_does_not_limit_has_no_day_but_a_note():
    found = due("ntm", date(2026, 11, 21))["chua"]
    assert found.day is None
    assert "chưa tìm thấy" in found.limit.note


def test_months_end_with_the_month():
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2024, 2, 29), 36) == date(2027, 2, 28)


GOOD = """
- key: a
  topic: ocop
  name: A
  start: ngày a
  rule: 26/2026/QĐ-TTg
  dues:
    - {key: b, what: B, count: {days: 3}, grounds: [26/2026/QĐ-TTg Đ7]}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("topic: ocop", "topic: khác"),
        ("count: {days: 3}", "count: {weeks: 3}"),
        ("count: {days: 3}", "count: {working days: -3}"),
        ("count: {days: 3}", "count: {rounds: [[30/2, 30/4]]}"),
        ("what: B", "what: B, after: c"),
        ("what: B", "what: B, whatever: c"),
        ("  name: A\n", ""),
        ("  dues:", "  asked: {day: ['(nop'], all: [[xa]]}\n  dues:"),
        ("  dues:", "  asked: {day: [nop]}\n  dues:"),
        ("  dues:", "  window: {opens: a, closes: a}\n  dues:"),
        (
            "  dues:",
            "  window: {opens: x, closes: a, ends: '', early: e, within: w, late: l, over: o, then_asks: t}\n  dues:",
        ),
        ("  dues:", "  asked: {day: [nop], all: [[xa]], unless: [tinh]}\n  dues:"),
    ],
)
def test_an_entry_that_is_wrong_is_refused(tmp_path, old, new):
    path = tmp_path / "deadlines.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert len(load_steps(path)) == 1
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput):
        load_steps(path)


@pytest.mark.parametrize("ground", ["99/2099/QĐ-TTg Đ1", "o-l26", "26/2026/QĐ-TTg 7.6"])
def test_a_ground_that_leads_nowhere_is_found(tmp_path, ground):
    path = tmp_path / "deadlines.yaml"
    path.write_text(GOOD.replace("26/2026/QĐ-TTg Đ7", ground), encoding="utf-8")
    assert faults(load_steps(path), Registry.load(), load_sources())
