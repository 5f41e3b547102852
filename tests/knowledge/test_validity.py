"""Which rule held when: judged from the register at question time, stored nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from small import PAGES, page

from knowledge.registry import Registry, instrument_from
from knowledge.snapshot import Ground
from knowledge.types import Document, Interval, Period, Question, Standing
from knowledge.validity import Validity, intersect

JAN, JUN, DEC = date(2026, 1, 1), date(2026, 6, 30), date(2026, 12, 31)


@pytest.fixture(scope="module")
def registry() -> Registry:
    """The shipped register."""
    return Registry.load()


def windows(registry: Registry, *keys: str, start: date | None = None, end: date | None = None) -> Any:
    """The windows of a page that rests on these instruments and governs this period."""
    document = Document("d", "D", "handbook", "d", "", valid_from=start, valid_to=end)
    return Validity(registry).windows_of("d", keys, {"d": document})


# instrument, day, standing
STOOD = [
    ("148/QĐ-TTg", date(2023, 2, 23), Standing.LATER),
    ("148/QĐ-TTg", date(2024, 6, 1), Standing.IN_FORCE),
    ("26/2026/QĐ-TTg", date(2026, 5, 21), Standing.LATER),
    ("26/2026/QĐ-TTg", date(2026, 5, 22), Standing.IN_FORCE),
    ("26/2026/QĐ-TTg", date(2026, 11, 21), Standing.IN_FORCE),
    # From 22/05 to 21/07/2026 both held: the day of filing decided.
    ("148/QĐ-TTg", date(2026, 5, 22), Standing.IN_FORCE),
    ("148/QĐ-TTg", date(2026, 7, 21), Standing.IN_FORCE),
    ("148/QĐ-TTg", date(2026, 7, 22), Standing.EARLIER),
    # 46/2026/NĐ-CP was in force, then suspended, and 15/2018/NĐ-CP came back.
    ("46/2026/NĐ-CP", date(2026, 11, 21), Standing.EARLIER),
    ("15/2018/NĐ-CP", date(2026, 11, 21), Standing.IN_FORCE),
    ("15/2018/NĐ-CP", date(2020, 1, 1), Standing.IN_FORCE),
]


@pytest.mark.parametrize(("key", "day", "standing"), STOOD, ids=[f"{key} {day}" for key, day, _ in STOOD])
def test_a_rule_stands_as_the_register_says(registry: Registry, key: str, day: date, standing: Standing) -> None:
    validity = Validity(registry)
    assert validity.standing(windows(registry, key), day) == standing
    assert validity.in_force(windows(registry, key), day) == (standing == Standing.IN_FORCE)


def test_the_suspended_decree_held_before_and_the_old_one_did_not_meanwhile(registry: Registry) -> None:
    validity = Validity(registry)
    (first,) = (i for i in registry.intervals("46/2026/NĐ-CP") or ())
    assert validity.in_force(windows(registry, "46/2026/NĐ-CP"), first.start)
    assert not validity.in_force(windows(registry, "15/2018/NĐ-CP"), first.start)
    assert first.end
    assert not validity.in_force(windows(registry, "46/2026/NĐ-CP"), date.fromordinal(first.end.toordinal() + 1))


def test_a_page_holds_only_while_all_its_rules_and_its_own_period_hold(registry: Registry) -> None:
    found = windows(registry, "148/QĐ-TTg", start=date(2023, 2, 24), end=date(2025, 7, 5))
    assert [(w.start, w.end) for w in found] == [(date(2023, 2, 24), date(2025, 7, 5))]
    both = windows(registry, "148/QĐ-TTg", "26/2026/QĐ-TTg")
    assert [(w.start, w.end) for w in both] == [(date(2026, 5, 22), date(2026, 7, 21))]


def test_what_rests_on_nothing_known_is_unknown_and_stays_a_candidate(registry: Registry) -> None:
    assert windows(registry) is None
    assert windows(registry, "khong-co/2031") is None
    assert Validity(registry).standing(None, JAN) == Standing.UNKNOWN
    assert Validity(registry).in_force(None, JAN)


def test_rules_that_never_held_together_hold_never() -> None:
    assert intersect((Interval(JAN, JUN),), (Interval(date(2026, 7, 1)),)) == ()
    assert Validity(Registry([])).standing((), JUN) == Standing.EARLIER


@pytest.mark.parametrize(
    ("left", "right", "both"),
    [
        ([(JAN, None)], [(JUN, None)], [(JUN, None)]),
        ([(JAN, JUN)], [(JUN, DEC)], [(JUN, JUN)]),
        ([(JAN, DEC)], [(JAN, JAN), (JUN, DEC)], [(JAN, JAN), (JUN, DEC)]),
        ([(JAN, JAN), (DEC, None)], [(JAN, None)], [(JAN, JAN), (DEC, None)]),
        ([(JAN, JUN)], [], []),
    ],
)
def test_intervals_meet_in_the_days_that_lie_in_both(left: Any, right: Any, both: Any) -> None:
    def make(pairs: Any) -> tuple[Interval, ...]:
        return tuple(Interval(start, end) for start, end in pairs)

    assert [(w.start, w.end) for w in intersect(make(left), make(right))] == both
    assert [(w.start, w.end) for w in intersect(make(right), make(left))] == both


def test_a_rule_that_rests_and_returns_is_an_earlier_one_meanwhile() -> None:
    validity = Validity(Registry([]))
    held = (Interval(date(2025, 1, 1), date(2025, 12, 31)), Interval(date(2026, 7, 1)))
    assert validity.standing(held, JUN) == Standing.EARLIER
    assert validity.standing(held, date(2024, 1, 1)) == Standing.LATER
    assert validity.standing(held, DEC) == Standing.IN_FORCE


def test_held_in_asks_for_a_shared_day(registry: Registry) -> None:
    validity, old = Validity(registry), windows(registry, "148/QĐ-TTg")
    assert validity.held_in(old, Period(date(2024, 1, 1), date(2024, 12, 31)))
    assert validity.held_in(old, Period(date(2023, 2, 24), date(2023, 2, 24)))
    assert not validity.held_in(old, Period(date(2022, 1, 1), date(2023, 2, 23)))
    assert not validity.held_in(None, Period(date(2024, 1, 1), date(2024, 12, 31)))


def test_windows_are_judged_once_for_equal_grounds(registry: Registry) -> None:
    validity = Validity(registry)
    documents = {name: Document(name, name, "handbook", name, "") for name in "ab"}
    first = validity.windows(Ground("a", ("148/QĐ-TTg",), ()), documents)
    assert validity.windows(Ground("b", ("148/QĐ-TTg",), ()), documents) is first


REPEAL = {
    "number": "77/2026/QĐ-TTg",
    "kind": "Quyết định",
    "title": "Thay Quyết định 26",
    "signed": "2026-11-01",
    "in_force": [{"from": "2026-11-15", "to": None, "ground": "Điều 12"}],
    "replaces": ["26/2026/QĐ-TTg"],
}


def test_an_entry_laid_over_the_register_closes_every_passage_at_once(house_with: Callable[..., Any]) -> None:
    """An office confirms a repeal: the next question is judged by it, and nothing is read in again."""
    assistant = house_with().assistant
    generation, day = assistant.store.generation(), date(2026, 11, 21)

    def standings() -> dict[str, Standing]:
        hits = assistant.search("hồ sơ sản phẩm OCOP hạng sao", k=50, as_of=day)
        return {hit.passage.id: hit.standing for hit in (*hits.current, *hits.then)}

    resting = [
        passage.id
        for document in assistant.store.documents()
        for passage in assistant.store.of_document(document.id)
        if any(source.key == "26/2026/QĐ-TTg" for source in passage.sources)
    ]
    assert len(resting) == 5
    before = standings()
    assert {before[i] for i in resting} == {Standing.IN_FORCE}
    assistant.use_registry(assistant.registry.overlaid([instrument_from(REPEAL)]))
    after = standings()
    assert not {i for i in resting if after.get(i) == Standing.IN_FORCE}
    assert assistant.store.generation() == generation
    answer = assistant.ask(Question("sản phẩm ocop 4 sao cần bao nhiêu điểm"))
    assert not (answer.status == "answered" and not answer.warnings)
    # The day before it takes over, the old rule still answers.
    answer = assistant.ask(Question("sản phẩm ocop 4 sao cần bao nhiêu điểm", as_of=date(2026, 11, 14)))
    assert answer.status == "answered"
    assert "từ 70 đến dưới 90" in answer.text


def test_a_question_about_the_past_gets_the_rule_of_then(house_with: Callable[..., Any]) -> None:
    assistant = house_with().assistant
    then = assistant.ask(Question("năm 2024 cấp nào công nhận sản phẩm OCOP 3 sao"))
    assert "cấp huyện" in then.text
    assert "148/QĐ-TTg" in [c.instrument for c in then.citations]
    bound = assistant.ask(Question("cấp nào công nhận sản phẩm OCOP 3 sao", as_of=date(2024, 6, 1)))
    assert "cấp huyện" in bound.text
    assert "cấp tỉnh" not in bound.text
    now = assistant.ask(Question("cấp nào công nhận sản phẩm OCOP 3 sao"))
    assert "cấp tỉnh" in now.text
    assert "cấp huyện" not in now.text


def test_both_rules_answer_for_the_weeks_in_which_both_held(house_with: Callable[..., Any]) -> None:
    transition = page(
        "Chuyển tiếp", "## Hồ sơ nộp trước thì theo quyết định nào?\nHồ sơ nộp trước vẫn theo 148. {148/QĐ-TTg Đ1}",
        instrument="148/QĐ-TTg", valid_from="2023-02-24", valid_to="2026-07-21",
    )  # fmt: skip
    assistant = house_with(pages=PAGES | {"ocop/chuyen-tiep.md": transition}).assistant

    def standing(day: date) -> dict[str, Standing]:
        found = assistant.search("hồ sơ OCOP nộp theo quyết định nào", k=20, as_of=day)
        return {hit.document.title: hit.standing for hit in (*found.current, *found.then)}

    during = standing(date(2026, 6, 15))
    assert (during["Chuyển tiếp"], during["Hồ sơ OCOP"]) == (Standing.IN_FORCE, Standing.IN_FORCE)
    before, after = standing(date(2026, 5, 21)), standing(date(2026, 7, 22))
    assert before["Chuyển tiếp"] == Standing.IN_FORCE
    assert before.get("Hồ sơ OCOP", Standing.LATER) == Standing.LATER
    assert after["Hồ sơ OCOP"] == Standing.IN_FORCE
    assert after.get("Chuyển tiếp", Standing.EARLIER) == Standing.EARLIER
