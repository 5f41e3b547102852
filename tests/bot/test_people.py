"""Conversations, groups, access and what admins do."""

import json
import logging

import pytest

from bot import texts
from tests.bot.test_buttons import ask


@pytest.fixture
def admin(server, assistant):
    person = server.user("Quản trị")
    assistant.settings.telegram_admins = [person.id]
    return person


# -- conversations ------------------------------------------------------------------------------------------------


def test_moi_begins_a_conversation_that_knows_nothing_of_the_last(server, running, assistant):
    lan = server.user()
    with running():
        ask(server, lan, "câu cũ")
        ask(server, lan, "/moi")
        assert ask(server, lan, "/nguon").text == texts.NO_SOURCES


def test_ngay_holds_until_it_is_taken_back(server, running, assistant):
    lan = server.user()
    with running():
        assert "01/06/2024" in ask(server, lan, "/ngay 2024-06-01").text
        ask(server, lan, "cấp nào công nhận")
        assert "01/06/2024" in ask(server, lan, "/ngay").text
        ask(server, lan, "/ngay hôm nay")
        ask(server, lan, "cấp nào công nhận")
    assert [str(q.as_of) for q in assistant.asked] == ["2024-06-01", "None"]


@pytest.mark.parametrize("words", ["1/6/2024", "01-06-2024", "1.6.2024", "2024/6/1"])
def test_ngay_with_a_question_counts_for_that_question_only(server, running, assistant, words):
    lan = server.user()
    with running():
        ask(server, lan, f"/ngay {words} cấp nào công nhận 3 sao")
        ask(server, lan, "còn bây giờ")
    assert [str(q.as_of) for q in assistant.asked] == ["2024-06-01", "None"]
    assert assistant.asked[0].text == "cấp nào công nhận 3 sao"


@pytest.mark.parametrize("words", ["mai", "31/02/2024", "2024", "1/6/20245"])
def test_a_date_that_is_none_is_said_to_be_unreadable(server, running, assistant, words):
    lan = server.user()
    with running():
        assert ask(server, lan, f"/ngay {words}").text == texts.DAY_UNREAD


def test_diaphuong_is_set_once_by_any_of_its_names(server, running, assistant):
    lan = server.user()
    with running():
        assert ask(server, lan, "/diaphuong").text == texts.LOCALITY_NONE
        assert "Hà Nội" in ask(server, lan, "/diaphuong ha noi").text
        ask(server, lan, "hỗ trợ bao nhiêu")
        assert ask(server, lan, "/diaphuong Atlantis").text == texts.LOCALITY_UNREAD.format(name="Atlantis")
        ask(server, lan, "/diaphuong bỏ")
        ask(server, lan, "hỗ trợ bao nhiêu")
    assert [q.locality for q in assistant.asked] == ["ha-noi", None]


# -- groups ---------------------------------------------------------------------------------------------------------


def test_a_group_is_answered_only_when_the_bot_is_spoken_to(server, running, assistant):
    lan, minh = server.user("Lan"), server.user("Minh")
    group = server.group("Xã Mỹ Đức", lan, minh)
    group.bot_sees_all = True  # even where Telegram shows it everything
    with running():
        lan.send("sáng nay họp ở đâu", chat=group)
        lan.send("@other_bot mấy giờ", chat=group)
        lan.send("/weather", chat=group)
        lan.send(voice={"file_id": "v", "file_unique_id": "v", "duration": 2}, chat=group)
        lan.send("@Sotay_bot, mấy sao", chat=group)
        server.wait_sent(group, 1)
        lan.send("/hoi mấy điểm", chat=group)
        answer = server.wait_sent(group, 2)[-1]
        minh.send("còn 5 sao?", chat=group, reply_to=answer)
        server.wait_sent(group, 3)
    assert [q.text for q in assistant.asked] == ["mấy sao", "mấy điểm", "còn 5 sao?"]
    assert answer.reply_to is not None


def test_hoi_in_reply_asks_what_was_replied_to(server, running, assistant):
    lan, minh = server.user("Lan"), server.user("Minh")
    group = server.group("Nhóm", lan, minh)
    group.bot_sees_all = True
    with running():
        lan.send("hồ sơ gồm gì nhỉ", chat=group)
        asked = next(iter(group.messages.values()))
        minh.send("/hoi", chat=group, reply_to=asked)
        server.wait_sent(group, 1)
        minh.send("/hoi", chat=group)
        assert server.wait_sent(group, 2)[-1].text == texts.HOI_EMPTY
    assert assistant.asked[0].text == "hồ sơ gồm gì nhỉ"


def test_topics_get_their_answers_and_keep_their_conversations_apart(server, running, assistant):
    lan = server.user()
    group = server.group("Tỉnh", lan, forum=True)
    with running():
        lan.send("/hoi câu một", chat=group, thread=7)
        answer = server.wait_sent(group, 1)[-1]
        lan.send("/nguon", chat=group, thread=9)
        other = server.wait_sent(group, 2)[-1]
    assert (answer.thread_id, other.thread_id) == (7, 9)
    assert other.text == texts.NO_SOURCES


def test_a_groups_admins_switch_the_bot_off_and_on(server, running, assistant):
    lan, head = server.user("Lan"), server.user("Trưởng nhóm")
    group = server.group("Nhóm", lan, admins=(head,))
    with running():
        lan.send("/tat", chat=group)
        assert server.wait_sent(group, 1)[-1].text == texts.SWITCH_ADMINS
        head.send("/tat", chat=group)
        assert server.wait_sent(group, 2)[-1].text == texts.SWITCHED_OFF
        lan.send("/hoi câu một", chat=group)
        head.send("/bat", chat=group)
        assert server.wait_sent(group, 3)[-1].text == texts.SWITCHED_ON
        lan.send("/hoi câu hai", chat=group)
        server.wait_sent(group, 4)
    assert [q.text for q in assistant.asked] == ["câu hai"]


# -- access -----------------------------------------------------------------------------------------------------------


def test_by_invitation_a_stranger_is_told_how_and_a_code_lets_in_once(server, running, assistant, admin):
    assistant.settings.telegram_access = "invite"
    lan, minh = server.user("Lan"), server.user("Minh")
    with running():
        assert ask(server, lan).text == texts.CLOSED["invite"]
        code = ask(server, admin, "/moi-nguoi chuyên-viên").text.split("start=")[1].split()[0]
        assert ask(server, lan, "/start sai-ma").text == texts.BAD_CODE
        lan.send(f"/start {code}")
        joined = server.wait_sent(lan, 4)[2]
        assert joined.text == texts.JOINED.format(role="chuyên viên")
        assert "Về câu" in ask(server, lan).text
        assert ask(server, minh, f"/start {code}").text == texts.BAD_CODE
        assert "Lan – chuyên viên" in ask(server, admin, "/nguoi").text
        ask(server, admin, f"/bo_nguoi {lan.id}")
        assert ask(server, lan).text == texts.CLOSED["invite"]


def test_by_list_others_learn_their_number(server, running, assistant):
    lan, minh = server.user("Lan"), server.user("Minh")
    assistant.settings.telegram_access, assistant.settings.telegram_allowed = "list", [minh.id]
    with running():
        assert str(lan.id) in ask(server, lan).text
        assert "Về câu" in ask(server, minh).text


@pytest.mark.parametrize("command", ["/moi_nguoi", "/nguoi", "/bo_nguoi 5", "/thongke", "/thong_bao x", "/tat_bot"])
def test_admins_commands_are_for_admins(server, running, command):
    lan = server.user()
    with running():
        assert ask(server, lan, command).text == texts.ADMINS_ONLY


def test_a_flood_from_one_person_gets_one_polite_word(server, running, assistant):
    assistant.settings.telegram_user_rate = 3
    lan, minh = server.user("Lan"), server.user("Minh")
    with running() as bot:
        for n in range(8):
            lan.send(f"câu {n}")
        ask(server, minh, "câu của Minh")
        server.wait(lambda: len(server.sent(lan)) >= 4)
        server.wait(lambda: bot.status()["updates_waiting"] == 0 and bot.status()["messages_waiting"] == 0)
    assert len(server.sent(lan)) == 4
    assert server.texts(lan)[-1] == texts.TOO_MANY.format(limit=3)


# -- admins -----------------------------------------------------------------------------------------------------------


def test_the_switch_over_everything_survives_a_restart_and_spares_admins(server, running, assistant, admin):
    lan = server.user()
    with running():
        ask(server, admin, "/tat_bot")
    with running():
        assert ask(server, lan).text == texts.SWITCHED_OFF_ALL
        assert "Về câu" in ask(server, admin).text
        ask(server, admin, "/bat_bot")
        assert "Về câu" in ask(server, lan).text


def test_figures(server, running, admin):
    lan = server.user()
    with running():
        answer = ask(server, lan)
        lan.press(answer, "👍")
        server.wait(lambda: f"{texts.GOOD} ✓" in answer.labels)
        text = ask(server, admin, "/thongke").text
    assert "Câu hỏi còn lưu: 1 (trả lời 1," in text
    assert "1 hữu ích" in text


def test_a_broadcast_is_shown_first_and_goes_out_once_to_all_who_have_not_blocked_the_bot(server, running, admin):
    people = [server.user(f"P{n}") for n in range(5)]
    with running() as bot:
        for person in people:
            ask(server, person, "/start")
        people[0].block()
        server.wait(lambda: bot.telegram.house.chats.blocked(people[0].id))
        preview = ask(server, admin, "/thong_bao Từ mai *có* quyết định mới.")
        assert "Từ mai *có* quyết định mới." in preview.text
        assert len(server.sent()) == 6
        lines = len(server.sent(people[1]))
        for _ in range(3):
            admin.press_data(preview, preview.buttons[0]["callback_data"])
        for person in people[1:]:
            assert server.wait_sent(person, lines + 1)[-1].text == "Từ mai *có* quyết định mới."
        server.wait(lambda: bot.status()["updates_waiting"] == 0 and bot.status()["messages_waiting"] == 0)
    assert all(len(server.sent(person)) == 2 for person in people[1:])
    assert len(server.sent(people[0])) == 1


def test_a_dropped_broadcast_goes_nowhere(server, running, admin):
    lan = server.user()
    with running():
        ask(server, lan, "/start")
        preview = ask(server, admin, "/thong_bao thử")
        admin.press(preview, texts.BROADCAST_NO)
        server.wait(lambda: preview.text == texts.BROADCAST_DROPPED)
        ask(server, lan)
    assert len(server.sent(lan)) == 2


def test_an_admins_document_is_taken_in_and_others_is_not(server, running, admin):
    taken = []

    def ingest(path, name):
        taken.append((name, path.read_bytes()))
        return "đọc được 3 đoạn."

    lan = server.user()
    with running(ingest=ingest):
        lan.upload("a.pdf", b"x")
        assert server.wait_sent(lan, 1)[-1].text == texts.DOCUMENT
        admin.upload("../../quyết định.docx", b"\x00noi dung")
        assert server.wait_sent(admin, 1)[-1].text == "Tệp «quyết định.docx»: đọc được 3 đoạn."
        admin.upload("to.pdf", b"x", size=20 * 1024 * 1024 + 1)
        assert "20 MB" in server.wait_sent(admin, 2)[-1].text
    assert taken == [("quyết định.docx", b"\x00noi dung")]


# -- privacy --------------------------------------------------------------------------------------------------------


def test_dulieu_shows_all_that_is_kept_and_numbers_are_masked(server, running, assistant):
    lan, minh = server.user("Lan"), server.user("Minh")
    with running():
        ask(server, minh, "câu của Minh")
        ask(server, lan, "gọi 0912 345 678 hỏi mấy sao")
        ask(server, lan, "/diaphuong Hà Nội")
        document = ask(server, lan, "/dulieu").document
    data = json.loads(document[1])
    assert data["telegram_id"] == lan.id
    assert [turn["question"] for turn in data["questions"]] == ["gọi [số điện thoại] hỏi mấy sao"]
    assert data["conversations"][0]["locality"] == "ha-noi"


def test_xoa_erases_one_person_after_asking_and_nobody_else(server, running, assistant):
    lan, minh = server.user("Lan"), server.user("Minh")
    with running():
        ask(server, minh, "câu của Minh")
        ask(server, lan, "câu một")
        ask(server, lan, "/moi")
        ask(server, lan, "câu hai")
        asked = ask(server, lan, "/xoa")
        minh.press_data(asked, asked.buttons[0]["callback_data"])  # not his button
        lan.press(asked, texts.ERASE_NO)
        server.wait(lambda: asked.text == texts.ERASE_KEPT)
        asked = ask(server, lan, "/xoa")
        lan.press(asked, texts.ERASE_YES)
        server.wait(lambda: asked.text == texts.ERASED.format(count=2))
        assert ask(server, lan, "/nguon").text == texts.NO_SOURCES
        assert ask(server, minh, "/nguon").text != texts.NO_SOURCES


def test_neither_tokens_nor_what_people_write_reach_the_logs(server, running, assistant, caplog):
    caplog.set_level(logging.DEBUG)
    assistant.broken = lambda question: "bí mật" in question.text
    server.fault("status", "sendMessage", times=2, status=400, description="Bad Request: can't parse entities")
    lan = server.user("Nguyễn Thị Lan")
    with running() as bot:
        lan.send("bí mật 0912345678")
        ask(server, lan, "câu thường 001099012345")
        server.wait(lambda: len([q for q in assistant.asked if "bí mật" in q.text]) == 5)
        server.wait(lambda: bot.status()["updates_waiting"] == 0)
    said = "\n".join(caplog.handler.format(r) for r in caplog.records if r.levelno >= logging.INFO)
    for secret in ("TEST-token", "0912345678", "001099012345", "Nguyễn Thị Lan", "câu thường"):
        assert secret not in said
