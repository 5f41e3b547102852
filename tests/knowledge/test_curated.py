"""Answers of reviewers: nobody sees them before approval, they answer their own question only, and fall with their
ground."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small import PAGES, TODAY, page

from knowledge.curated import BY_REVIEWER, cites_of, publish, unsound
from knowledge.proposal import Proposal, Relation, Stated
from knowledge.same_question import SAME, likeness
from knowledge.types import Question

ASKED = "Người chấm OCOP cấp xã được trả bao nhiêu tiền công?"
PLAIN = "nguoi cham ocop cap xa duoc tra bao nhieu tien cong"
ANSWER = "Tiền công người chấm do HĐND tỉnh quyết định.\nMức chi ghi trong quy chế của Hội đồng."
SOURCE = "khoản 3 Điều 7 Quyết định 26/2026/QĐ-TTg"


def approve(assistant: Any, *, number: str = "u1", question: str = ASKED, source: str = SOURCE) -> None:
    """A reviewer's answer, approved and published."""
    curated = assistant.curated
    with assistant.engine.begin() as connection:
        curated.draft(connection, number, question, ANSWER, by=5, locality="trung-uong", inquiry="i1")
        curated.reword(connection, number, 1, source=source)
    sign(assistant, number)


def sign(assistant: Any, number: str = "u1") -> None:
    """The last word of a reviewer."""
    answer = assistant.curated.get(number)
    with assistant.engine.begin() as connection:
        done = assistant.curated.approve(
            connection, number, answer.version, by=5, name="Lan", on=TODAY, cites=cites_of(assistant, answer)
        )
    assert done
    publish(assistant)


def test_nobody_is_given_an_answer_before_it_is_approved(house_with):
    assistant = house_with().assistant
    with assistant.engine.begin() as connection:
        assistant.curated.draft(connection, "u1", ASKED, ANSWER, by=5, locality="trung-uong", inquiry="i1")
    publish(assistant)
    assert assistant.ask(Question(ASKED)).status == "abstained"


@pytest.mark.parametrize("typed", [ASKED, PLAIN, "tiền công cho người chấm OCOP ở cấp xã được trả là bao nhiêu"])
def test_an_approved_answer_is_given_whole_and_cited_as_a_reviewers(house_with, typed):
    assistant = house_with().assistant
    approve(assistant)
    answer = assistant.ask(Question(typed))
    assert answer.status == "answered"
    assert "HĐND tỉnh quyết định" in answer.text
    assert "quy chế của Hội đồng" in answer.text
    (citation,) = answer.citations
    assert citation.title.startswith(f"{BY_REVIEWER}, duyệt ngày 21/11/2026 (Lan), theo {SOURCE}")


@pytest.mark.parametrize(
    "asked",
    [
        "Cấp nào công nhận sản phẩm OCOP 3 sao?",
        "khoản 3 điều 7 quyết định 26/2026/QĐ-TTg nói gì về 3 sao",
        "Sản phẩm OCOP 4 sao cần bao nhiêu điểm?",
        "ai trả tiền công cho người chấm OCOP cấp xã",
        "người chấm OCOP cấp xã không được trả bao nhiêu tiền công",
        "người chấm OCOP cấp xã được phát bao nhiêu bộ phiếu",
    ],
)
def test_it_answers_no_other_question_and_changes_no_other_answer(house_with, asked):
    assistant = house_with().assistant
    before = assistant.ask(Question(asked))
    approve(assistant)
    after = assistant.ask(Question(asked))
    assert (after.text, after.citations) == (before.text, before.citations)


def test_without_a_legal_ground_the_answer_says_so_and_holds_from_its_approval(house_with):
    assistant = house_with().assistant
    approve(assistant, source="")
    answer = assistant.ask(Question(PLAIN))
    assert answer.citations[0].valid_from == TODAY
    assert any("chưa dẫn văn bản" in warning for warning in answer.warnings)
    assert assistant.ask(Question(PLAIN, as_of=date(2026, 6, 1))).status == "abstained"


def test_a_change_of_words_needs_approval_again(house_with):
    assistant = house_with().assistant
    approve(assistant)
    version = assistant.curated.get("u1").version
    with assistant.engine.begin() as connection:
        assert assistant.curated.reword(connection, "u1", version, answer="Câu khác.")
        assert not assistant.curated.reword(connection, "u1", version, answer="Cùng lúc, người khác.")
    publish(assistant)
    assert assistant.ask(Question(ASKED)).status == "abstained"
    sign(assistant)
    assert assistant.ask(Question(ASKED)).text.startswith("Câu khác.")


def test_publishing_twice_changes_nothing_and_a_private_answer_leaves(house_with):
    assistant = house_with().assistant
    approve(assistant)
    generation = assistant.store.generation()
    assert publish(assistant) == 0
    assert assistant.store.generation() == generation
    with assistant.engine.begin() as connection:
        assistant.curated.keep_private(connection, "u1", assistant.curated.get("u1").version)
    assert publish(assistant) == 1
    assert assistant.store.document("curated:u1") is None
    assert assistant.ask(Question(ASKED)).status == "abstained"


def test_it_is_unsound_when_a_passage_that_it_cites_changes(house_with, tmp_path: Path):
    house = house_with()
    approve(house.assistant)
    assert unsound(house.assistant) == []
    name = "ocop/cong-nhan.md"
    changed = PAGES[name].replace("Chủ tịch UBND cấp tỉnh công nhận", "Chủ tịch UBND tỉnh đánh giá, công nhận")
    (tmp_path / "handbook" / name).write_text(changed, encoding="utf-8")
    house.sync.handbook()
    ((answer, reason),) = unsound(house.assistant)
    assert answer.id == "u1"
    assert "đã thay đổi" in reason


def test_a_change_that_only_helps_searching_leaves_it_sound(house_with, tmp_path: Path):
    house = house_with()
    approve(house.assistant)
    name = "ocop/cong-nhan.md"
    changed = PAGES[name].replace("cap nao cong nhan 3 sao", "cap nao cong nhan 3 sao | ai cong nhan 3 sao")
    (tmp_path / "handbook" / name).write_text(changed, encoding="utf-8")
    house.sync.handbook()
    assert unsound(house.assistant) == []


def close_26(assistant: Any, *, on: str = "2026-11-01") -> None:
    """The office confirms a decision that replaces 26/2026/QĐ-TTg."""
    values = {"number": "90/2026/QĐ-TTg", "kind": "quyết định", "title": "Bộ tiêu chí mới", "signed": on}
    values |= {"issuer": "Thủ tướng Chính phủ", "effective": on}
    fields = {name: Stated(value, "rõ") for name, value in values.items()}
    relation = Relation("replaces", "26/2026/QĐ-TTg", plainness="rõ")
    made = assistant.overlay.propose(Proposal(fields, (relation,)), "d", "d.pdf", assistant.registry)
    assistant.overlay.confirm(made.id, by="Quản trị")
    assistant.judge_anew()


def test_it_stops_answering_at_once_when_its_instrument_is_closed(house_with):
    assistant = house_with().assistant
    approve(assistant)
    close_26(assistant)
    assert BY_REVIEWER not in str(assistant.ask(Question(ASKED)).citations)
    ((_, reason),) = unsound(assistant)
    assert reason == "26/2026/QĐ-TTg không còn áp dụng, nay là 90/2026/QĐ-TTg"


def test_an_earlier_rule_cited_as_such_does_not_make_it_unsound(house_with):
    assistant = house_with().assistant
    approve(assistant, source="Điều 1 Quyết định 148/QĐ-TTg ngày 24/02/2023")
    assert unsound(assistant) == []
    assert assistant.ask(Question(ASKED)).status == "answered"


def test_personal_numbers_are_masked_and_a_reviewers_name_can_be_taken_off(house_with):
    assistant = house_with().assistant
    approve(assistant, question="Gọi 0912345678 hỏi tiền công người chấm OCOP cấp xã bao nhiêu?")
    assert "0912345678" not in assistant.curated.get("u1").question
    with assistant.engine.begin() as connection:
        assistant.curated.forget_person(connection, 5)
    publish(assistant)
    assert "Lan" not in assistant.store.document("curated:u1").title
    assert assistant.curated.of_person(5) == []


def test_drafts_expire_and_approved_answers_stay(house_with):
    assistant = house_with().assistant
    approve(assistant)
    with assistant.engine.begin() as connection:
        assistant.curated.draft(connection, "u2", ASKED, ANSWER, by=5, locality="trung-uong", inquiry="i2")
    assert assistant.curated.expire(-1) == 1
    assert assistant.curated.get("u1") is not None


def even(_word: str) -> float:
    return 1.0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Phí đánh giá OCOP ai trả?", "phi danh gia ocop ai tra", True),
        ("Phí đánh giá OCOP ai trả?", "phí đánh giá OCOP bao nhiêu", False),
        ("OCOP 4 sao cần bao nhiêu điểm?", "OCOP 5 sao cần bao nhiêu điểm?", False),
        ("Sản phẩm nào được dự thi OCOP?", "Sản phẩm nào không được dự thi OCOP?", False),
        ("Sản phẩm mật ong có được dự thi OCOP không?", "san pham mat ong duoc du thi ocop ko", True),
        ("", "OCOP", False),
    ],
)
def test_two_questions_are_one_only_when_they_ask_the_same(one, other, same):
    assert (likeness(one, other, even) >= SAME) is same


def test_a_local_answer_stays_local(house_with):
    pages = PAGES | {
        "ocop/khac.md": page("Khác", "## Mức khác?\nKhông liên quan đến tiền công. {26/2026/QĐ-TTg Đ7 k1}")
    }
    assistant = house_with(pages=pages).assistant
    with assistant.engine.begin() as connection:
        assistant.curated.draft(connection, "u1", ASKED, ANSWER, by=5, locality="ha-noi", inquiry="i1")
    sign(assistant)
    assert assistant.ask(Question(ASKED, locality="bac-ninh")).status == "abstained"
    here = assistant.ask(Question(ASKED, locality="ha-noi"))
    assert here.status == "answered"
    abroad = assistant.ask(Question(ASKED))
    assert abroad.status == "abstained" or any("địa phương" in warning for warning in abroad.warnings)
