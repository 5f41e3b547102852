"""What a person sees: questions, commands, and messages that are no question."""

import pytest

from bot import texts


def test_a_question_gets_its_answer_with_numbered_source(server, running, assistant):
    lan = server.user("Lan")
    with running():
        lan.send("ocop 4 sao can bao nhieu diem")
        (sent,) = server.wait_sent(lan, 1)
    assert "Về câu «ocop 4 sao can bao nhieu diem»" in sent.text
    assert "[1] Điều 2 khoản 1, 26/2026/QĐ-TTg – trang 2, áp dụng từ 22/05/2026" in sent.text
    assert sent.marked("text_link") == ["Điều 2 khoản 1, 26/2026/QĐ-TTg"]
    assert "parse_mode" not in sent.params


def test_first_answer_says_that_a_machine_answers_and_the_next_does_not(server, running):
    lan = server.user()
    with running():
        lan.send("một")
        lan.send("hai")
        first, second = server.wait_sent(lan, 2)
    assert first.text.startswith(texts.DISCLOSURE)
    assert texts.DISCLOSURE not in second.text


def test_start_says_that_a_machine_answers_and_how_to_ask(server, running):
    lan = server.user()
    with running():
        lan.send("/start")
        lan.send("câu hỏi")
        hello, answer = server.wait_sent(lan, 2)
    assert "trợ lý máy (AI)" in hello.text
    assert "/help" in hello.text
    assert texts.DISCLOSURE not in answer.text


@pytest.mark.parametrize("command", ["/help", "/HELP", "/help@sotay_bot", "/help thêm chữ", "/trợ-giúp"])
def test_help_lists_the_commands_however_it_is_typed(server, running, command):
    lan = server.user()
    with running():
        lan.send(command)
        (sent,) = server.wait_sent(lan, 1)
    assert all(f"/{name}" in sent.text for name in texts.COMMANDS)


def test_commands_are_offered_in_telegrams_menu(server, running):
    with running():
        server.wait(lambda: server.commands)
    assert {c["command"] for c in server.commands} == set(texts.COMMANDS)


def test_nguon_shows_the_passages_behind_the_last_answer(server, running):
    lan = server.user()
    with running():
        lan.send("/nguon")
        lan.send("mấy ngày")
        lan.send("/nguon")
        nothing, _, sources = server.wait_sent(lan, 3)
    assert nothing.text == texts.NO_SOURCES
    assert sources.marked("blockquote") == ["Điều 2 khoản 1 nói rằng việc số 2 làm trong 2 ngày."]
    assert "trang 2" in sources.text


def test_another_persons_sources_are_not_shown(server, running):
    lan, minh = server.user("Lan"), server.user("Minh")
    with running():
        lan.send("mấy ngày")
        server.wait_sent(lan, 1)
        minh.send("/nguon")
        (sent,) = server.wait_sent(minh, 1)
    assert sent.text == texts.NO_SOURCES


@pytest.mark.parametrize(
    ("content", "reply"),
    [
        ({"text": "😀👍🏽"}, texts.NO_WORDS),
        ({"text": "   "}, texts.EMPTY),
        ({"text": "?!…"}, texts.NO_WORDS),
        ({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 2}}, texts.VOICE),
        ({"video_note": {"file_id": "v", "file_unique_id": "v", "duration": 2, "length": 9}}, texts.VOICE),
        ({"photo": [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]}, texts.PHOTO),
        ({"document": {"file_id": "d", "file_unique_id": "d"}}, texts.DOCUMENT),
        ({"sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 9, "height": 9,
                      "is_animated": False, "is_video": False}}, texts.NO_WORDS),
        ({"location": {"longitude": 105.8, "latitude": 21.0}}, texts.OTHER),
        ({"contact": {"phone_number": "0912345678", "first_name": "A"}}, texts.OTHER),
        ({"dice": {"emoji": "🎲", "value": 3}}, texts.OTHER),
        ({"text": "/khong_co_lenh_nay"}, texts.UNKNOWN_COMMAND.format(command="/khong_co_lenh_nay")),
    ],
)  # fmt: skip
def test_what_is_no_question_gets_a_helpful_word(server, running, content, reply):
    lan = server.user()
    with running():
        lan.send(**content)
        (sent,) = server.wait_sent(lan, 1)
    assert sent.text == reply


def test_50000_characters_are_refused_with_the_limit_named(server, running):
    lan = server.user()
    with running():
        lan.send("hỏi " * 12500)
        (sent,) = server.wait_sent(lan, 1)
    assert "2000" in sent.text


@pytest.mark.parametrize(
    "text",
    [
        "<b>*đậm_ `mã` [x](y)</b> \\ |",
        "Hồ sơ",
        "a\u200bb \u202eđảo",
        "&lt;script&gt;",
        "mấy\r\nngày\u2028?",
        "x\ud83d y",
    ],
)
def test_no_content_can_break_sending(server, running, text):
    lan = server.user()
    with running():
        lan.send(text)
        (sent,) = server.wait_sent(lan, 1)
    assert "Về câu" in sent.text
    assert not [call for call in server.calls if call.status == 400]


def test_photo_with_a_caption_is_answered_by_its_words(server, running, assistant):
    lan = server.user()
    with running():
        lan.photo("Nhãn này đúng chưa?")
        server.wait_sent(lan, 1)
    assert assistant.asked[0].text == "Nhãn này đúng chưa?"


def test_typing_is_shown_while_an_answer_takes_long(server, running, assistant):
    assistant.slow = 0.7
    lan = server.user()
    with running():
        lan.send("câu khó")
        server.wait_sent(lan, 1)
    assert any(call.method == "sendchataction" for call in server.calls)


def test_long_answer_is_split_in_order_and_its_parts_follow_each_other(server, running, assistant):
    assistant.reply = lambda q: assistant.repeat(q).__class__("a", "answered", "Câu dài thứ nhất. " * 500)
    lan = server.user()
    with running():
        lan.send("dài")
        server.wait(lambda: sum(len(t) for t in server.texts(lan)) >= 8900, timeout=30)
    assert len(server.sent(lan)) == 3


def test_an_older_server_without_courtesies_is_served_as_well(server, running, assistant):
    server.unknown_methods |= {"setMyCommands", "sendChatAction", "deleteWebhook", "sendMessageDraft"}
    assistant.slow = 0.6
    lan = server.user()
    with running() as bot:
        lan.send("hỏi")
        server.wait_sent(lan, 1)
        assert bot.status()["status"] == "running"


def test_a_command_for_another_bot_is_not_answered(server, running):
    lan = server.user()
    with running():
        lan.send("/help@other_bot")
        lan.send("/help")
        (sent,) = server.wait_sent(lan, 1)
    assert "/nguon" in sent.text
