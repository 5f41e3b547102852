"""A question to the reviewers and back: the real assistant over a small handbook, the real client against loopback."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot import review_texts as say
from bot import texts
from bot.inquiries import INQUIRIES, PER_DAY
from knowledge.curated import BY_REVIEWER, CURATED
from tests.bot.office import ASKED, PLAIN, REPLY, SOURCE
from tests.bot.test_buttons import ask


def test_a_question_goes_to_the_group_once_and_the_answer_comes_back_and_is_learnt(server, office):
    with office.bot():
        office.appoint()
        answer = ask(server, office.lan, ASKED)
        for _ in range(4):
            office.lan.press_data(
                answer, next(b["callback_data"] for b in answer.buttons if "chuyên viên" in b["text"])
            )
        inquiry = server.wait_sent(office.group, 1)[-1]
        assert server.wait_sent(office.lan, 2)[-1].text == say.SENT_ON
        assert ASKED in inquiry.text
        assert say.REASON_ABSTAINED in inquiry.text
        assert "Lan" not in inquiry.text
        draft = office.reply(inquiry)
        told = server.wait_sent(office.lan, 3)[-1]
        assert say.REPLY_HEAD in told.text
        assert REPLY in told.text
        assert told.reply_to == answer.message_id
        # Not for others yet.
        assert BY_REVIEWER not in ask(server, office.minh, PLAIN).text
        office.press(draft, say.APPROVE)
        office.until_known()
        learnt = ask(server, office.minh, PLAIN)
    assert REPLY in learnt.text
    assert f"{BY_REVIEWER}, duyệt ngày 21/11/2026 (Chị Hoa)" in learnt.text
    assert len(server.sent(office.lan)) == 3
    assert len([m for m in server.sent(office.group) if say.INQUIRY_HEAD in m.text]) == 1


def test_the_whole_way_survives_a_restart_at_every_step(server, office):
    with office.bot():
        office.appoint()
        answer = ask(server, office.lan, ASKED)
    with office.bot():
        office.lan.press(answer, say.ASK_REVIEWER)
        inquiry = server.wait_sent(office.group, 1)[-1]
    with office.bot():
        draft = office.reply(inquiry)
    with office.bot():
        office.press(draft, say.APPROVE)
    with office.bot():
        office.until_known()
        assert REPLY in ask(server, office.minh, PLAIN).text


def test_a_source_is_added_by_reply_and_named_in_the_citation(server, office):
    with office.bot():
        office.appoint()
        draft = office.reply(office.inquiry())
        assert say.NO_SOURCE in draft.text
        office.reviewer.press(draft, say.ADD_SOURCE)
        prompt = server.wait_sent(office.group, 3)[-1]
        assert prompt.text == say.SOURCE_HOW
        sourced = office.reply(prompt, SOURCE)
        assert f"Nguồn: {SOURCE}" in sourced.text
        # The older preview no longer speaks for the words as they stand.
        office.reviewer.press(draft, say.APPROVE)
        server.wait(lambda: any(a.get("text") == say.CHANGED_SINCE for a in server.callback_answers.values()))
        office.press(sourced, say.APPROVE)
        office.until_known()
        assert f"theo {SOURCE}" in ask(server, office.minh, PLAIN).text
        again = server.wait_sent(office.lan, 4)[-1]
    assert say.REPLY_AGAIN in again.text
    assert SOURCE in again.text


def test_words_and_question_can_be_changed_before_approval(server, office):
    with office.bot():
        office.appoint()
        draft = office.reply(office.inquiry())
        office.reviewer.press(draft, say.EDIT)
        prompt = server.wait_sent(office.group, 3)[-1]
        changed = office.reply(
            prompt, "Hỏi: Tiền công người chấm OCOP cấp xã là bao nhiêu?\nTheo quy chế chi tiêu của xã."
        )
        assert "Hỏi: Tiền công người chấm OCOP cấp xã là bao nhiêu?" in changed.text
        office.press(changed, say.APPROVE)
        office.until_known("tien cong nguoi cham ocop cap xa la bao nhieu")
        learnt = ask(server, office.minh, "tien cong nguoi cham ocop cap xa la bao nhieu")
    assert "Theo quy chế chi tiêu của xã." in learnt.text


def test_only_reviewers_and_admins_reply_and_approve_judged_when_they_do(server, office):
    with office.bot():
        office.appoint()
        inquiry = office.inquiry()
        office.minh.send("Tôi trả lời nhé", chat=office.group, reply_to=inquiry)
        assert server.wait_sent(office.group, 2)[-1].text == say.REVIEWERS_ONLY
        draft = office.reply(inquiry)
        office.minh.press(draft, say.APPROVE)
        server.wait(lambda: any(a.get("text") == say.REVIEWERS_ONLY for a in server.callback_answers.values()))
        ask(server, office.admin, f"/bo_nguoi {office.reviewer.id}")
        office.reviewer.press(draft, say.APPROVE)
        server.wait(
            lambda: len([a for a in server.callback_answers.values() if a.get("text") == say.REVIEWERS_ONLY]) == 2
        )
    with office.assistant.engine.connect() as connection:
        assert connection.scalars(select(CURATED.c.status)).all() == ["draft"]


def test_kept_private_it_is_never_shown_and_an_approved_answer_can_be_taken_back(server, office):
    with office.bot():
        office.appoint()
        draft = office.press(office.reply(office.inquiry()), say.KEEP_PRIVATE)
        assert draft.labels == [say.APPROVE, say.EDIT, say.ADD_SOURCE]
        assert REPLY not in ask(server, office.minh, PLAIN).text
        office.press(draft, say.APPROVE)
        office.until_known()
        assert REPLY in ask(server, office.minh, PLAIN).text
        office.press(draft, say.KEEP_PRIVATE)
        index = office.assistant.index
        server.wait(lambda: not any(d.kind == "curated" for d in index.snapshot.documents.values()))
        assert REPLY not in ask(server, office.minh, PLAIN).text


def test_without_a_group_it_goes_to_each_reviewer_and_admin_and_with_nobody_there_is_no_button(server, office):
    office.settings.telegram_reviewers_chat = None
    with office.bot():
        office.appoint()
        answer = ask(server, office.lan, ASKED)
        office.lan.press(answer, say.ASK_REVIEWER)
        for person in (office.reviewer, office.admin):
            server.wait(lambda person=person: say.INQUIRY_HEAD in server.sent(person)[-1].text)
        inquiry = server.sent(office.reviewer)[-1]
        office.reviewer.send(REPLY, reply_to=inquiry)
        server.wait(lambda: REPLY in server.sent(office.lan)[-1].text)
        server.wait(lambda: server.sent(office.admin)[-1].text == say.DONE_BY_ANOTHER.format(question=ASKED))
        ask(server, office.admin, f"/bo_nguoi {office.reviewer.id}")
        office.settings.telegram_admins = []
        assert not any("chuyên viên" in label for label in ask(server, office.lan, "giá xăng hôm nay").labels)
        office.lan.press_data(server.sent(office.lan)[-1], answer.buttons[0]["callback_data"])


def test_after_a_bad_verdict_the_reason_goes_along(server, office):
    with office.bot():
        office.appoint()
        answer = ask(server, office.lan, "Cấp nào công nhận sản phẩm OCOP 3 sao?")
        assert say.ASK_REVIEWER not in answer.labels
        office.lan.press(answer, "👎")
        server.wait(lambda: say.ASK_REVIEWER in answer.labels)
        office.lan.press(answer, texts.REASONS[1])
        server.wait(lambda: texts.REASONS[1] not in answer.labels)
        office.lan.press(answer, say.ASK_REVIEWER)
        inquiry = server.wait_sent(office.group, 1)[-1]
        server.wait(lambda: say.ASKED_REVIEWER in answer.labels)
    assert say.REASON_BAD.format(why=f" ({texts.REASONS[1]})") in inquiry.text
    assert "[1] Điều 7 khoản 3, 26/2026/QĐ-TTg" in inquiry.text
    assert "Chủ tịch UBND cấp tỉnh" in inquiry.marked("blockquote")[0]


def test_in_a_topic_the_answer_returns_to_the_topic(server, office):
    forum = server.group("Tỉnh", office.lan, forum=True)
    with office.bot():
        office.appoint()
        office.lan.send(f"/hoi {ASKED}", chat=forum, thread=7)
        answer = server.wait_sent(forum, 1)[-1]
        office.lan.press(answer, say.ASK_REVIEWER)
        office.reply(server.wait_sent(office.group, 1)[-1])
        told = server.wait_sent(forum, 3)[-1]
    assert REPLY in told.text
    assert (told.thread_id, told.reply_to) == (7, answer.message_id)


def test_a_follow_up_is_sent_on_in_words_that_stand_alone(server, office):
    with office.bot():
        office.appoint()
        ask(server, office.lan, "Giấy chứng nhận OCOP in ở nhà in nào?")
        answer = ask(server, office.lan, "còn 5 sao thì ai in?")
        if say.ASK_REVIEWER not in answer.labels:
            office.lan.press(answer, say.MORE)
            server.wait(lambda: say.ASK_REVIEWER in answer.labels)
        office.lan.press(answer, say.ASK_REVIEWER)
        inquiry = server.wait_sent(office.group, 1)[-1]
    assert (
        "nhà in" in inquiry.marked("bold")[1] or "Hỏi trước đó: Giấy chứng nhận OCOP in ở nhà in nào?" in inquiry.text
    )


def test_personal_numbers_reach_neither_the_reviewers_nor_the_tables(server, office):
    with office.bot():
        office.appoint()
        inquiry = office.inquiry("Tôi là 001099012345, gọi 0912345678 hỏi tiền công người chấm OCOP cấp xã bao nhiêu?")
        office.reply(inquiry, "Gọi a.b@example.vn nhé.")
    assert "0912345678" not in inquiry.text
    with office.assistant.engine.connect() as connection:
        kept = f"{connection.execute(select(INQUIRIES)).all()}{connection.execute(select(CURATED)).all()}"
    for secret in ("001099012345", "0912345678", "a.b@example.vn"):
        assert secret not in kept


def test_one_person_cannot_flood_the_reviewers(server, office):
    with office.bot():
        office.appoint()
        for n in range(PER_DAY):
            office.inquiry(f"Giá xăng loại {n} hôm nay là mấy đồng?")
            server.wait_sent(office.lan, 2 * n + 2)
        answer = ask(server, office.lan, "Giá vàng hôm nay là mấy đồng?")
        office.lan.press(answer, say.ASK_REVIEWER)
        enough = say.ENOUGH_TODAY.format(limit=PER_DAY)
        server.wait(lambda: any(a.get("text") == enough for a in server.callback_answers.values()))
    assert len(server.sent(office.group)) == PER_DAY


def test_a_corrected_reply_corrects_what_the_asker_was_told(server, office):
    with office.bot():
        office.appoint()
        inquiry = office.inquiry()
        before = len(server.sent(office.group))
        number = office.reviewer.send(REPLY, chat=office.group, reply_to=inquiry)
        server.wait_sent(office.group, before + 1)
        office.reviewer.edit(number, "Câu đã sửa.")
        draft = server.wait_sent(office.group, before + 2)[-1]
        told = server.wait_sent(office.lan, 4)[-1]
    assert "Câu đã sửa." in draft.text
    assert say.REPLY_AGAIN in told.text
    with office.assistant.engine.connect() as connection:
        assert connection.scalars(select(CURATED.c.answer)).all() == ["Câu đã sửa."]


def test_other_replies_to_the_bot_are_questions_as_before(server, office):
    with office.bot():
        answer = ask(server, office.lan, "Cấp nào công nhận sản phẩm OCOP 3 sao?")
        office.lan.send("giấy chứng nhận ocop hạn mấy năm", reply_to=answer)
        assert "36 tháng" in server.wait_sent(office.lan, 2)[-1].text


@pytest.mark.parametrize("data", ["h:nothing", "h", "c:x:a:1", "c:::", "c:x", "m:x:1", "m"])
def test_forged_presses_do_no_harm(server, office, data):
    with office.bot() as bot:
        office.appoint()
        answer = ask(server, office.reviewer, "Cấp nào công nhận sản phẩm OCOP 3 sao?")
        office.reviewer.press_data(answer, data)
        server.wait(lambda: bot.status()["updates_waiting"] == 0)
    assert len(server.sent(office.reviewer)) == 3
    assert server.sent(office.group) == []
