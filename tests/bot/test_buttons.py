"""Buttons under answers, and answers that grow in place."""

import uuid

import pytest
from sqlalchemy import select

from bot import review_texts, texts
from bot.grow import GROWING
from bot.press import button
from knowledge.records import FEEDBACK
from knowledge.types import Answer
from tests.bot.house import PASSAGES


def ask(server, person, text="mấy ngày"):
    before = len(server.sent(person))
    person.send(text)
    return server.wait_sent(person, before + 1)[-1]


def test_a_source_button_opens_the_exact_passage(server, running):
    lan = server.user()
    with running():
        answer = ask(server, lan)
        lan.press(answer, "📖 [1]")
        page = server.wait_sent(lan, 2)[-1]
        server.wait(lambda: server.callback_answers)
    assert page.marked("blockquote") == [PASSAGES[1].text]
    assert page.marked("bold") == ["[1] Quyết định về OCOP › Chương II › Điều 2 › Khoản 1"]
    assert "26/2026/QĐ-TTg – Điều 2 khoản 1 – trang 2 – áp dụng từ 22/05/2026" in page.text
    assert page.reply_to == answer.message_id


def test_previous_and_next_turn_the_page_in_place(server, running):
    lan = server.user()
    with running():
        lan.press(ask(server, lan), "📖 [1]")
        page = server.wait_sent(lan, 2)[-1]
        lan.press(page, texts.AFTER)
        server.wait(lambda: PASSAGES[2].text in page.text)
        lan.press(page, texts.BEFORE)
        server.wait(lambda: len(page.earlier) == 2)
        lan.press(page, texts.BEFORE)
        server.wait(lambda: PASSAGES[0].text in page.text)
    assert page.labels == [texts.AFTER]
    assert len(server.sent(lan)) == 2


def test_buttons_work_after_a_restart_and_show_what_was_cited_then(server, running, assistant, monkeypatch):
    lan = server.user()
    with running():
        answer = ask(server, lan)
    monkeypatch.setattr(assistant, "passage", lambda passage_id: None)  # the document has been replaced since
    with running():
        lan.press(answer, "📖 [1]")
        page = server.wait_sent(lan, 2)[-1]
    assert PASSAGES[1].text in page.text
    assert texts.QUOTED_THEN in page.text
    assert page.buttons == []


def test_a_verdict_is_recorded_and_marked(server, running, assistant):
    lan = server.user()
    with running():
        answer = ask(server, lan)
        lan.press(answer, "👍")
        server.wait(lambda: f"{texts.GOOD} ✓" in answer.labels)
    with assistant.engine.connect() as connection:
        assert connection.execute(select(FEEDBACK.c.useful, FEEDBACK.c.reason)).all() == [(True, "")]


def test_a_bad_verdict_asks_why_and_the_last_word_counts(server, running, assistant):
    lan = server.user()
    with running():
        answer = ask(server, lan)
        lan.press(answer, "👎")
        server.wait(lambda: texts.REASONS[1] in answer.labels)
        lan.press(answer, texts.REASONS[1])
        server.wait(lambda: texts.REASONS[1] not in answer.labels)
    with assistant.engine.connect() as connection:
        assert connection.execute(select(FEEDBACK.c.useful, FEEDBACK.c.reason)).all() == [(False, texts.REASONS[1])]
    assert f"{texts.BAD} ✓" in answer.labels


def test_a_suggestion_is_asked_by_its_button(server, running, assistant):
    lan = server.user()
    with running():
        lan.press(ask(server, lan), "❓ Hồ sơ gồm")
        answer = server.wait_sent(lan, 2)[-1]
    assert answer.text.startswith("❓ Hồ sơ gồm những gì?")
    assert assistant.asked[-1].text == "Hồ sơ gồm những gì?"


@pytest.mark.parametrize(
    "data", ["s:nothing:1", "s", "s:::", "u:nothing:1", "r:x:99", "q:x:y", "p:none", "?", "", ":" * 60, "s:" + "x" * 60]
)
def test_forged_or_outdated_buttons_do_no_harm(server, running, assistant, data):
    lan = server.user()
    with running() as bot:
        answer = ask(server, lan)
        lan.press_data(answer, data)
        ask(server, lan, "câu sau")
        server.wait(lambda: bot.status()["updates_waiting"] == 0)
    assert len(server.sent(lan)) == 2


def test_a_pressed_button_stops_spinning_even_if_it_means_nothing(server, running):
    lan = server.user()
    with running():
        query = lan.press_data(ask(server, lan), "unknown:1")
        server.wait(lambda: query in server.callback_answers)


def test_button_data_stays_within_64_bytes():
    assert len(button("x", "s", "f" * 32, 100)["callback_data"]) <= 64
    with pytest.raises(ValueError, match="too long"):
        button("x", "s", "f" * 64)


def test_an_abstention_offers_no_verdict_but_suggestions(server, running, assistant):
    assistant.reply = lambda q: Answer("a1", "abstained", "Chưa có căn cứ.", suggestions=("Thử câu này?",))
    lan = server.user()
    with running():
        answer = ask(server, lan)
    assert answer.labels == [review_texts.WATCH["gap"], "❓ Thử câu này?"]


def test_an_answer_that_takes_long_grows_in_place_and_becomes_one_message(server, running, assistant):
    assistant.slow = 1.5
    assistant.reply = lambda q: Answer(uuid.uuid4().hex, "answered", ". ".join(f"Ý thứ {n}" for n in range(12)))
    lan = server.user()
    with running(grow_after=0.05):
        lan.send("câu khó")
        server.wait(lambda: server.sent(lan) and server.sent(lan)[0].buttons)
    (sent,) = server.sent(lan)
    assert len(sent.earlier) >= 3
    assert sent.earlier[0].startswith("⏳")
    assert any("Ý thứ 3" in text and "Ý thứ 11" not in text for text in sent.earlier)
    assert "⏳" not in sent.text
    assert "Ý thứ 11" in sent.text


def test_a_growing_answer_takes_its_place_after_a_restart(server, running, assistant):
    """Stopped in the middle of composing: the note that stands there becomes the answer."""
    assistant.slow = 4.0
    assistant.reply = lambda q: Answer(uuid.uuid4().hex, "answered", ". ".join(f"Ý thứ {n}" for n in range(40)))
    lan = server.user()
    with running(grow_after=0.05):
        lan.send("câu khó")
        server.wait_sent(lan, 1)
    assistant.slow = 0.0
    with running():
        server.wait(lambda: server.sent(lan)[0].buttons)
    assert len(server.sent(lan)) == 1
    with assistant.engine.connect() as connection:
        assert connection.execute(select(GROWING)).all() == []


def test_a_note_that_was_deleted_does_not_swallow_the_answer(server, running, assistant):
    assistant.slow = 1.0
    lan = server.user()
    with running(grow_after=0.05):
        lan.send("câu khó")
        server.wait_sent(lan, 1, unfinished=True)[0].deleted = True
        server.wait(lambda: server.sent(lan) and "Về câu" in server.sent(lan)[-1].text)
    assert len(server.sent(lan)) == 1


def test_edits_keep_within_the_limits_of_telegram(server, running, assistant):
    server.limits.on = True
    assistant.slow = 4.0
    assistant.reply = lambda q: Answer(uuid.uuid4().hex, "answered", ". ".join(f"Ý thứ {n}" for n in range(40)))
    lan = server.user()
    with running(patience=1.0, grow_after=0.5):
        lan.send("câu khó")
        server.wait(lambda: server.sent(lan) and server.sent(lan)[0].buttons)
    assert server.limits.refused == 0


def test_an_edited_question_is_answered_again_once(server, running, assistant):
    lan = server.user()
    with running():
        number = lan.send("mấy ngay")
        server.wait_sent(lan, 1)
        lan.edit(number, "mấy ngày")
        second = server.wait_sent(lan, 2)[-1]
        lan.edit(number, "mấy ngày")  # Telegram also reports edits that change no word
        ask(server, lan, "câu khác")
    assert second.text.startswith(texts.EDITED)
    assert second.reply_to == next(iter(lan.chat.messages))
    assert [q.text for q in assistant.asked] == ["mấy ngay", "mấy ngày", "câu khác"]


def test_a_forwarded_question_is_answered(server, running, assistant):
    lan = server.user()
    with running():
        lan.send("bà con hỏi mấy sao", forwarded=True)
        server.wait_sent(lan, 1)
    assert assistant.asked[0].text == "bà con hỏi mấy sao"
