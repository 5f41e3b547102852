"""An office's own register entries: in force from the moment of confirmation, over every release, until withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from knowledge.database import open_database
from knowledge.errors import BadInput
from knowledge.lay import lay, said
from knowledge.overlay import Overlay
from knowledge.proposal import Proposal, Relation, Stated
from knowledge.registry import Registry
from knowledge.types import Instrument, Interval, Question, Standing

OLD = Instrument("26/2026/QĐ-TTg", "26/2026/QĐ-TTg", "quyết định", "Bộ tiêu chí", signed=date(2026, 5, 22),
                 in_force=(Interval(date(2026, 5, 22)),), aliases=("QĐ 26",))  # fmt: skip
HA_NOI = Instrument("9/2020/QĐ-UBND", "9/2020/QĐ-UBND", "quyết định", "Của Hà Nội", signed=date(2020, 2, 2),
                    locality="ha-noi", in_force=(Interval(date(2020, 2, 2)),))  # fmt: skip
SHIPPED = Registry([OLD, HA_NOI])


def proposal(*relations: Relation, **fields: str) -> Proposal:
    """A new decision; fields as given."""
    values = {"number": "40/2026/QĐ-TTg", "kind": "quyết định", "title": "Bộ tiêu chí mới", "locality": "trung-uong"}
    values |= {"signed": "2026-10-20", "effective": "2026-11-01"} | fields
    return Proposal({name: Stated(value, "rõ", "Điều 3.") for name, value in values.items()}, relations)


REPLACING = Relation("replaces", "26/2026/QĐ-TTg", "Quyết định", date(2026, 5, 22), date(2026, 10, 31))


@pytest.fixture
def overlay(tmp_path: Any) -> Overlay:
    """An empty overlay on a database of its own."""
    return Overlay(open_database(f"sqlite:///{tmp_path / 'o.db'}"))


def test_a_handbook_line_is_judged_anew_at_once(house_with: Callable[..., Any]) -> None:
    assistant = house_with().assistant
    question = Question("Giấy chứng nhận OCOP có thời hạn mấy năm?")
    before = assistant.ask(question)
    assert [c.standing for c in before.citations] == [Standing.IN_FORCE]
    waiting = assistant.overlay.propose(proposal(REPLACING), "d", "qd-40.docx", assistant.registry)
    assistant.judge_anew()
    assert assistant.ask(question).citations[0].standing == Standing.IN_FORCE  # proposed is not in force
    assistant.overlay.confirm(waiting.id, by="chị Lan")
    assistant.judge_anew()
    after = assistant.ask(question)
    resting = [c for c in after.citations if c.instrument == "26/2026/QĐ-TTg"]
    assert Standing.IN_FORCE not in [c.standing for c in resting]
    if resting:
        assert any("trước đây" in warning for warning in after.warnings)
    then = assistant.ask(replace(question, as_of=date(2026, 10, 31)))
    assert then.citations[0].standing == Standing.IN_FORCE
    assistant.overlay.reject(waiting.id, by="chị Lan")
    assistant.judge_anew()
    assert assistant.ask(question).text == before.text


def test_confirmed_entries_hold_at_the_next_start_and_over_a_newer_release(overlay: Overlay) -> None:
    waiting = overlay.propose(proposal(REPLACING), "d", "qd-40.docx", SHIPPED)
    assert waiting is not None
    overlay.confirm(waiting.id, by="A")
    newer = replace(OLD, aliases=("QĐ 26", "OCOP 2026"), amended_by=("30/2026/QĐ-TTg",))
    for shipped, aliases in ((SHIPPED, 1), (Registry([newer, HA_NOI]), 2)):
        registry = Overlay(overlay.engine).over(shipped)
        old = registry.get("26/2026/QĐ-TTg")
        assert old is not None
        assert (old.in_force or ())[0].end == date(2026, 10, 31)
        assert old.replaced_by == ("40/2026/QĐ-TTg",)
        assert len(old.aliases) == aliases
        assert registry.standing("40/2026/QĐ-TTg", date(2026, 11, 21)) is Standing.IN_FORCE
        found = registry.successor("QĐ 26", date(2026, 11, 21))
        assert found is not None
        assert found.number == "40/2026/QĐ-TTg"


def test_the_day_that_the_text_names_ends_the_old_rule() -> None:
    registry = lay(SHIPPED, proposal(replace(REPLACING, ends=date(2026, 12, 31))))
    assert registry.standing("26/2026/QĐ-TTg", date(2026, 12, 31)) is Standing.IN_FORCE
    assert registry.standing("26/2026/QĐ-TTg", date(2027, 1, 1)) is Standing.EARLIER


def test_an_amendment_ends_nothing() -> None:
    registry = lay(SHIPPED, proposal(replace(REPLACING, kind="amends", ends=None)))
    old = registry.get("26/2026/QĐ-TTg")
    assert old is not None
    assert (old.in_force, old.amended_by) == (OLD.in_force, ("40/2026/QĐ-TTg",))


def test_another_provinces_paper_of_the_same_number_stays() -> None:
    local = proposal(Relation("replaces", "9/2020/QĐ-UBND"), number="3/2026/QĐ-UBND", locality="hue")
    registry = lay(SHIPPED, local)
    assert registry.standing("9/2020/QĐ-UBND", date(2026, 11, 21)) is Standing.IN_FORCE
    registry = lay(
        SHIPPED, proposal(Relation("replaces", "9/2020/QĐ-UBND"), number="3/2026/QĐ-UBND", locality="ha-noi")
    )
    assert registry.standing("9/2020/QĐ-UBND", date(2026, 11, 21)) is Standing.EARLIER


def test_what_the_register_does_not_hold_is_closed_too() -> None:
    registry = lay(SHIPPED, proposal(Relation("replaces", "7/2015/QĐ-TTg")))
    assert registry.standing("7/2015/QĐ-TTg", date(2026, 10, 31)) is Standing.IN_FORCE
    assert registry.standing("7/2015/QĐ-TTg", date(2026, 11, 1)) is Standing.EARLIER


def test_an_old_text_does_not_reopen_a_rule_that_was_ended() -> None:
    closed = replace(OLD, in_force=(Interval(date(2026, 5, 22), date(2026, 9, 30), "bị thay"),))
    text = proposal(number="26/2026/QĐ-TTg", signed="2026-05-22", effective="2026-05-22")
    assert said(Registry([OLD]), text)
    entry = lay(Registry([closed]), text).get("26/2026/QĐ-TTg")
    assert entry is not None
    assert (entry.in_force or ())[0].end == date(2026, 9, 30)


def test_what_the_register_says_already_is_not_proposed(overlay: Overlay) -> None:
    known = proposal(number="26/2026/QĐ-TTg", signed="2026-05-22", effective="2026-05-22")
    assert overlay.propose(known, "d", "x", SHIPPED) is None
    assert overlay.propose(known, "d", "x", Registry([HA_NOI])) is not None


def test_a_reading_is_proposed_once_whatever_became_of_it(overlay: Overlay) -> None:
    first = overlay.propose(proposal(REPLACING), "d", "a.docx", SHIPPED)
    assert first is not None
    assert overlay.propose(proposal(REPLACING), "e", "a.pdf", SHIPPED) is None
    overlay.reject(first.id, by="A")
    assert overlay.propose(proposal(REPLACING), "d", "a.docx", SHIPPED) is None
    changed = overlay.propose(proposal(REPLACING, effective="2026-12-01"), "d", "a.docx", SHIPPED)
    assert changed is not None
    again = overlay.propose(proposal(REPLACING, effective="2026-12-02"), "d", "a.docx", SHIPPED)
    assert again is not None
    assert again.id == changed.id  # the waiting one follows its document


def test_a_missing_day_must_be_filled_in_before_confirming(overlay: Overlay) -> None:
    waiting = overlay.propose(proposal(REPLACING, effective=""), "d", "a", SHIPPED)
    assert waiting is not None
    with pytest.raises(BadInput, match="hiệu lực từ ngày nào"):
        overlay.confirm(waiting.id, by="A")
    assert overlay.over(SHIPPED).get("40/2026/QĐ-TTg") is None
    done = overlay.confirm(waiting.id, by="A", changes={"effective": "01/11/2026"})
    assert (done.status, done.decided_by) == ("confirmed", "A")
    with pytest.raises(BadInput, match="đã được xác nhận"):
        overlay.confirm(waiting.id, by="B")
    with pytest.raises(BadInput, match="Không có đề nghị"):
        overlay.confirm(99, by="B")


def test_one_broken_entry_does_not_keep_the_others_or_the_start(overlay: Overlay) -> None:
    from knowledge.overlay import ENTRIES

    for number in ("40/2026/QĐ-TTg", "41/2026/QĐ-TTg"):
        waiting = overlay.propose(proposal(number=number), "d", "a", SHIPPED)
        assert waiting is not None
        overlay.confirm(waiting.id, by="A")
    with overlay.engine.begin() as connection:
        connection.execute(ENTRIES.update().where(ENTRIES.c.number == "40/2026/QĐ-TTg").values(proposal={}))
    registry = overlay.over(SHIPPED)
    assert registry.get("40/2026/QĐ-TTg") is None
    assert registry.get("41/2026/QĐ-TTg") is not None


def test_withdrawing_a_document_drops_only_what_nobody_judged(overlay: Overlay) -> None:
    kept = overlay.propose(proposal(REPLACING), "d", "a", SHIPPED)
    assert kept is not None
    overlay.confirm(kept.id, by="A")
    overlay.propose(proposal(number="41/2026/QĐ-TTg"), "d", "a", SHIPPED)
    overlay.forget("d")
    assert [p.status for p in overlay.proposals()] == ["confirmed"]
    assert overlay.over(SHIPPED).standing("26/2026/QĐ-TTg", date(2026, 11, 21)) is Standing.EARLIER
