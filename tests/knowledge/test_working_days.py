"""Working days with the holidays, the days in lieu and the swapped days of Vietnam."""

from datetime import date

import pytest

from knowledge.errors import BadInput
from knowledge.working_days import WorkingDays


@pytest.fixture(scope="module")
def calendar() -> WorkingDays:
    return WorkingDays.load()


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 5, 22), 15, date(2026, 6, 12)),  # three plain weeks from a Friday
        (date(2026, 8, 21), 1, date(2026, 8, 22)),  # a Saturday that makes up for 31/8
        (date(2026, 8, 20), 10, date(2026, 9, 7)),  # over 22/8 worked, 31/8–02/9 off
        (date(2025, 12, 31), 1, date(2026, 1, 5)),  # 02/01/2026 off by a swap that the library does not know
        (date(2026, 1, 9), 1, date(2026, 1, 10)),  # and the Saturday that makes up for it
        (date(2026, 2, 13), 1, date(2026, 2, 23)),  # Tết Bính Ngọ
        (date(2026, 4, 24), 1, date(2026, 4, 28)),  # Giỗ Tổ on a Sunday: Monday in lieu
        (date(2018, 12, 28), 4, date(2019, 1, 5)),  # a swap over the end of a year
        (date(2019, 1, 4), 1, date(2019, 1, 5)),
    ],
)
def test_due_days_around_holidays_and_swaps(calendar, start, days, due):
    assert calendar.count(start, days).due == due


def test_a_count_tells_what_it_left_out_and_what_it_counted(calendar):
    count = calendar.count(date(2026, 8, 20), 10)
    assert [day for day, _ in count.off] == [date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)]
    assert all(name for _, name in count.off)
    assert count.worked == (date(2026, 8, 22),)
    assert count.provisional == ()


def test_years_whose_schedule_is_not_announced_make_a_count_provisional(calendar):
    assert calendar.count(date(2026, 12, 1), 5).provisional == ()
    assert calendar.count(date(2026, 12, 28), 5).provisional == (2027,)
    assert calendar.count(date(2009, 3, 2), 5).provisional == (2009,)


def test_a_day_off_that_is_not_yet_law_is_counted_with_a_doubt(calendar):
    assert not calendar.is_working(date(2026, 11, 24))
    assert "24/11" in calendar.count(date(2026, 11, 20), 3).doubts[0]
    assert calendar.count(date(2025, 11, 20), 3).doubts == ()


def test_nothing_to_count_is_refused(calendar):
    with pytest.raises(ValueError, match="at least one"):
        calendar.count(date(2026, 5, 22), 0)


@pytest.mark.parametrize("swap", ["{rest: 2026-01-03, work: 2026-01-10}", "{rest: 2026-01-02}", "{rest: x, work: y}"])
def test_a_swap_that_is_none_is_refused(tmp_path, swap):
    path = tmp_path / "days.yaml"
    path.write_text(f"known: {{from: 2010, to: 2026}}\nswaps: [{swap}]\ndoubtful: []\n", encoding="utf-8")
    with pytest.raises(BadInput):
        WorkingDays.load(path)
