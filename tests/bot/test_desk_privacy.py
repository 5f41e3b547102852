"""What the reviewers' desk keeps of people: shown whole, removed whole, no longer than promised, in no log."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot import review_texts as say
from bot import texts
from bot.inquiries import INQUIRIES
from bot.watches import WATCHES
from knowledge.curated import CURATED
from knowledge.records import TURNS
from tests.bot.office import ASKED, PLAIN, REPLY


def rows(office: Any, table: Any) -> list[Any]:
    """All of a table."""
    with office.assistant.engine.connect() as connection:
        return list(connection.execute(select(table)))


def erase(server: Any, office: Any, person: Any) -> None:
    """`/xoa`, and yes."""
    asked = office.ask(person, "/xoa")
    person.press(asked, texts.ERASE_YES)
    server.wait(lambda: asked.text.startswith("Đã xóa"))


def busy(server: Any, office: Any) -> Any:
    """Lan has asked, sent on, and waits for news; the reviewer has answered; the draft."""
    office.appoint()
    answer = office.ask(office.lan, ASKED)
    office.lan.press(answer, say.ASK_REVIEWER)
    inquiry = server.wait_sent(office.group, 1)[-1]
    server.wait_sent(office.lan, 2)
    other = office.ask(office.lan, "Cấp nào công nhận sản phẩm OCOP 3 sao?")
    office.lan.press(other, say.MORE)
    server.wait(lambda: say.WATCH["change"] in other.labels)
    office.lan.press(other, say.WATCH["change"])
    server.wait(lambda: say.WATCHED["change"] in other.labels)
    return office.reply(inquiry)


def test_dulieu_shows_what_was_sent_on_and_waited_for_and_a_reviewers_answers(server, office):
    with office.bot():
        busy(server, office)
        mine = json.loads(office.file_of(office.lan, "/dulieu"))
        theirs = json.loads(office.file_of(office.reviewer, "/dulieu"))
    assert [(one["question"], one["answered"]) for one in mine["sent_to_reviewers"]] == [(ASKED, True)]
    assert [one["kind"] for one in mine["notices"]] == ["change"]
    assert mine["answers_as_reviewer"] == []
    assert [one["answer"] for one in theirs["answers_as_reviewer"]] == [REPLY]


def test_xoa_of_the_asker_removes_all_and_the_reviewer_is_told(server, office):
    with office.bot():
        office.appoint()
        inquiry = office.inquiry()
        server.wait_sent(office.lan, 2)
        erase(server, office, office.lan)
        assert rows(office, INQUIRIES) == rows(office, WATCHES) == rows(office, CURATED) == []
        office.reviewer.send(REPLY, chat=office.group, reply_to=inquiry)
        assert server.wait_sent(office.group, 2)[-1].text == say.ASKER_GONE
    assert REPLY not in str(server.texts(office.lan))


def test_xoa_of_the_asker_takes_drafts_along_but_not_what_was_approved(server, office):
    with office.bot():
        draft = busy(server, office)
        office.press(draft, say.APPROVE)
        office.until_known()
        erase(server, office, office.lan)
        assert rows(office, INQUIRIES) == rows(office, WATCHES) == []
        assert [row.inquiry for row in rows(office, CURATED)] == [""]
        assert REPLY in office.ask(office.minh, PLAIN).text


def test_xoa_of_the_reviewer_takes_the_name_off_the_citation(server, office):
    with office.bot():
        office.press(busy(server, office), say.APPROVE)
        office.until_known()
        erase(server, office, office.reviewer)
        server.wait(lambda: "Hoa" not in str(office.assistant.store.documents()))
        answer = office.ask(office.minh, PLAIN)
    assert "Chuyên viên trả lời, duyệt ngày 21/11/2026" in answer.text
    assert "Hoa" not in answer.text


def test_old_questions_leave_every_table_and_a_rule_is_waited_for_without_its_question(server, office):
    with office.bot():
        busy(server, office)
        office.minh.press(office.ask(office.minh, "giá vàng hôm nay"), say.WATCH["gap"])
        server.wait(lambda: len(rows(office, WATCHES)) == 2)
    old = datetime.now(UTC) - timedelta(days=office.settings.retention_days + 1)
    with office.assistant.engine.begin() as connection:
        connection.execute(TURNS.update().values(asked_at=old))
        connection.execute(INQUIRIES.update().values(sent_at=old))
        connection.execute(CURATED.update().values(changed=old))
        connection.execute(WATCHES.update().values(since=old))
    with office.bot():  # its first tidying
        server.wait(lambda: rows(office, TURNS) == rows(office, INQUIRIES) == rows(office, CURATED) == [])
        server.wait(lambda: [(row.kind, row.question) for row in rows(office, WATCHES)] == [("change", "")])


def test_nothing_that_people_write_reaches_the_logs(server, office, caplog):
    caplog.set_level(logging.DEBUG)
    with office.bot():
        office.press(busy(server, office), say.APPROVE)
        office.until_known()
        office.ask(office.admin, "/lohong")
    said = "\n".join(caplog.handler.format(r) for r in caplog.records if r.levelno >= logging.INFO)
    for secret in ("tiền công", "HĐND", "Hoa", "Lan"):
        assert secret not in said
