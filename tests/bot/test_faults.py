"""Nothing is lost and nothing is said twice: killed processes, redelivery, flood limits, broken networks (T1-T11)."""

import logging
import random
import re
import subprocess
import sys
import time
from collections import Counter

import pytest
from sqlalchemy import select

from bot import texts
from bot.inbox import INBOX
from bot.outbox import OUTBOX
from tests.bot.house import SmallAssistant, database_in


def answered(server) -> Counter:
    """How often each numbered question was answered."""
    found = (re.search(r"«câu (\d+)»", text) for text in server.texts())
    return Counter(int(match[1]) for match in found if match)


def test_updates_survive_kills_at_random_moments(server, tmp_path):
    """T1: 400 updates, SIGKILL whenever it likes; each is answered, at most one twice."""
    people = [server.user(f"P{n}") for n in range(100)]
    for n in range(400):
        people[n % 100].send(f"câu {n}")
    rng = random.Random()
    command = [sys.executable, "-m", "tests.bot.house", database_in(tmp_path), server.url, server.token]
    targets = sorted(rng.sample(range(10, 390), 3))
    for target in [*targets, 400]:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            server.wait(lambda target=target: len(answered(server)) >= target, timeout=60)
            time.sleep(rng.random() * 0.02)
        finally:
            process.kill()
            process.wait()
    counts = answered(server)
    assert sorted(counts) == list(range(400))
    assert sum(counts.values()) <= 401


def test_redelivered_updates_are_not_answered_again(server, running, assistant):
    """T2: the last 100 updates come 20 times more, then the bot restarts and gets them once more."""
    people = [server.user(f"P{n}") for n in range(50)]
    for n in range(100):
        people[n % 50].send(f"câu {n}")
    with running():
        server.wait(lambda: len(answered(server)) == 100)
        server.redeliver(100, times=20)
        server.wait(lambda: not server.forced and not server.pending)
        people[0].send("câu 100")
        server.wait(lambda: 100 in answered(server))
    server.redeliver(101)
    with running():
        people[0].send("câu 101")
        server.wait(lambda: 101 in answered(server))
    assert set(answered(server).values()) == {1}
    assert len(assistant.asked) == 102


def test_what_was_sent_while_the_bot_was_down_is_answered(server, running):
    """T3."""
    people = [server.user(f"P{n}") for n in range(50)]
    for n, person in enumerate(people):
        person.send(f"câu {n}")
    with running():
        server.wait(lambda: len(answered(server)) == 50)
    assert not [c for c in server.calls if "drop_pending_updates" in c.params]


def test_flood_control_is_obeyed_and_nothing_is_lost_or_doubled(server, running):
    """T4: 429 at every tenth message."""
    server.fault("status", "sendMessage", every=10, status=429, description="Too Many Requests", retry_after=1)
    people = [server.user(f"P{n}") for n in range(60)]
    for n, person in enumerate(people):
        person.send(f"câu {n}")
    with running():
        server.wait(lambda: len(answered(server)) == 60)
    assert set(answered(server).values()) == {1}
    assert [c.status for c in server.calls].count(429) >= 6


def test_the_servers_limits_are_never_hit(server, assistant, running):
    """Two messages each to 20 people within Telegram's limits: not one 429."""
    server.limits.on = True
    server.limits.burst = 1
    assistant.settings.telegram_rate = 28.0
    people = [server.user(f"P{n}") for n in range(20)]
    for n in range(40):
        people[n % 20].send(f"câu {n}")
    with running(patience=1.02):
        server.wait(lambda: len(answered(server)) == 40)
    assert server.limits.refused == 0


def test_one_slow_chat_does_not_hold_up_the_others_and_order_is_kept(server, running, assistant):
    """T5, small."""
    slow, quick = server.user("Chậm"), [server.user(f"P{n}") for n in range(20)]
    gate = []
    assistant.broken = lambda question: (
        bool(gate) or (time.sleep(1.5) if question.text == "câu 0" else None) is not None
    )
    slow.send("câu 0")
    slow.send("câu 1")
    for n, person in enumerate(quick, 2):
        person.send(f"câu {n}")
    with running():
        server.wait(lambda: len(answered(server)) >= 20)
        assert 0 not in answered(server)
        server.wait(lambda: len(answered(server)) == 22)
    order = [re.search(r"«câu (\d+)»", text)[1] for text in server.texts(slow)]
    assert order == ["0", "1"]


def test_two_bots_on_one_token_back_off_and_say_so(server, running):
    """T7."""
    server.fault("status", "getUpdates", times=3, status=409, description="Conflict: terminated by other getUpdates")
    lan = server.user()
    with running() as bot:
        server.wait(lambda: bot.status()["problem"] == texts.CONFLICT)
        assert bot.status()["status"] == "trouble"
        lan.send("câu 1")
        server.wait_sent(lan, 1)
        assert bot.status()["status"] == "running"


def test_a_second_real_poller_loses_nothing(server, running, tmp_path):
    """T7 with two bots at once: the server ends one's poll whenever the other asks."""
    other = SmallAssistant(database_in(tmp_path / "other"), telegram_api_url=server.url)
    from tests.bot.house import RunningBot

    people = [server.user(f"P{n}") for n in range(20)]
    with running(), RunningBot(other):
        for n, person in enumerate(people):
            person.send(f"câu {n}")
        server.wait(lambda: len(answered(server)) == 20)
    assert 409 in [c.status for c in server.calls]


def test_a_broken_handler_apologises_once_and_the_answer_still_comes(server, running, assistant):
    """T10: the first three attempts fail."""
    failures = iter([True, True, True])
    assistant.broken = lambda question: next(failures, False)
    lan = server.user()
    with running():
        lan.send("câu 1")
        server.wait(lambda: 1 in answered(server))
    assert server.texts(lan).count(texts.APOLOGY) == 1
    assert len(server.texts(lan)) == 2


def test_an_update_that_always_fails_is_set_aside_after_five_attempts(server, running, assistant):
    """T10: and later questions of the same chat are not held up by it."""
    assistant.broken = lambda question: question.text == "câu 1"
    lan = server.user()
    with running():
        lan.send("câu 1")
        lan.send("câu 2")
        server.wait(lambda: 2 in answered(server))
        server.wait(lambda: len([q for q in assistant.asked if q.text == "câu 1"]) == 5)
    assert server.texts(lan).count(texts.APOLOGY) == 1
    with assistant.engine.connect() as connection:
        states = connection.execute(select(INBOX.c.state, INBOX.c.payload)).all()
    assert sorted(states) == [("done", ""), ("poison", "")]


def test_an_update_that_the_library_cannot_read_is_set_aside(server, running, assistant):
    lan = server.user()
    server.push("message", {"message_id": "không phải số", "chat": "không phải chat"})
    with running():
        lan.send("câu 1")
        server.wait(lambda: 1 in answered(server))

        def set_aside() -> bool:
            with assistant.engine.connect() as connection:
                return "poison" in connection.scalars(select(INBOX.c.state)).all()

        server.wait(set_aside)


def test_a_full_database_does_not_acknowledge(server, running, assistant, monkeypatch):
    """T10: storing fails twice; Telegram keeps the update until it is stored."""
    lan = server.user()
    bot = running()
    store, failures = bot.telegram.house.inbox.store, iter([True, True])

    def failing(updates):
        if updates and next(failures, False):
            raise OSError("disk full")
        return store(updates)

    monkeypatch.setattr(bot.telegram.house.inbox, "store", failing)
    with bot:
        lan.send("câu 1")
        server.wait(lambda: 1 in answered(server))
    assert set(answered(server).values()) == {1}


def test_a_message_whose_sent_mark_fails_is_not_sent_again(server, running, monkeypatch):
    lan = server.user()
    bot = running()
    sent, failures = bot.telegram.house.outbox.sent, iter([True, True])

    def failing(*args):
        if next(failures, False):
            raise OSError("disk full")
        return sent(*args)

    monkeypatch.setattr(bot.telegram.house.outbox, "sent", failing)
    with bot:
        lan.send("câu 1")
        lan.send("câu 2")
        server.wait(lambda: len(answered(server)) == 2)
    assert set(answered(server).values()) == {1}


@pytest.mark.parametrize("kind", ["drop", "garbage", "status"])
def test_a_bad_network_loses_and_doubles_nothing(server, running, kind):
    """T11: a tenth of all calls fail before they reach Telegram."""
    server.fault(kind, share=0.1, status=502)
    people = [server.user(f"P{n}") for n in range(80)]
    with running():
        for n, person in enumerate(people):
            person.send(f"câu {n}")
        server.wait(lambda: len(answered(server)) == 80, timeout=40)
    assert set(answered(server).values()) == {1}


def test_polls_cut_in_the_middle_of_the_answer_lose_nothing(server, running):
    """T11: the answer to getUpdates breaks off; the same updates are asked for again."""
    server.fault("cut", "getUpdates", share=0.3)
    people = [server.user(f"P{n}") for n in range(60)]
    with running():
        for n, person in enumerate(people):
            person.send(f"câu {n}")
        server.wait(lambda: len(answered(server)) == 60, timeout=40)
    assert set(answered(server).values()) == {1}


def test_answers_whose_receipt_is_lost_are_not_sent_twice(server, running):
    """T11: the connection breaks after the message has arrived; we find that out instead of sending it again."""
    server.fault("drop_after", "sendMessage", share=0.2)
    people = [server.user(f"P{n}") for n in range(40)]
    for n, person in enumerate(people):
        person.send(f"câu {n}")
    with running() as bot:
        server.wait(lambda: len(answered(server)) == 40)
        server.wait(lambda: bot.status()["messages_waiting"] == 0)
    assert set(answered(server).values()) == {1}
    assert server.stats["calls"]["editmessagereplymarkup"] >= 4


def test_a_server_that_proves_nothing_gets_the_message_again(server, running):
    """Rather twice than never."""
    server.unknown_methods.add("editMessageReplyMarkup")
    server.fault("drop_after", "sendMessage", times=1)
    lan = server.user()
    with running():
        lan.send("câu 1")
        server.wait_sent(lan, 2)
    assert answered(server)[1] == 2


def test_out_of_order_updates_are_all_answered(server, running):
    server.shuffle = True
    people = [server.user(f"P{n}") for n in range(40)]
    for n, person in enumerate(people):
        person.send(f"câu {n}")
    with running():
        server.wait(lambda: len(answered(server)) == 40)


def test_refused_entities_fall_back_to_plain_text(server, running):
    """T8: whatever Telegram dislikes about a message, its words arrive."""
    lan = server.user()
    server.fault("status", "sendMessage", times=1, status=400, description="Bad Request: can't parse entities")
    with running():
        lan.send("câu 1")
        (sent,) = server.wait_sent(lan, 1)
    assert sent.entities == []
    assert "26/2026/QĐ-TTg" in sent.text


def test_a_person_who_blocked_the_bot_is_left_alone_until_they_return(server, running, assistant):
    lan = server.user()
    with running() as bot:
        lan.send("câu 1")
        server.wait(lambda: 1 in answered(server))
        lan.block()
        server.wait(lambda: bot.telegram.house.chats.blocked(lan.id))
        lan.unblock()
        lan.send("câu 2")
        server.wait(lambda: 2 in answered(server))
        assert not bot.telegram.house.chats.blocked(lan.id)


def test_403_ends_the_messages_to_that_chat(server, running, assistant):
    lan = server.user()
    assistant.slow = 0.3
    with running() as bot:
        lan.send("câu 1")
        server.wait(lambda: assistant.asked)
        lan.chat.blocked = True
        server.wait(lambda: bot.telegram.house.chats.blocked(lan.id))
    with assistant.engine.connect() as connection:
        assert connection.scalars(select(OUTBOX.c.state)).all() == ["dead"]


def test_a_wrong_token_is_said_once_in_vietnamese_without_the_token(server, running, assistant, caplog):
    caplog.set_level(logging.DEBUG)
    server.token = "123456:ANOTHER"
    with running() as bot:
        server.wait(lambda: bot.status()["problem"] == texts.WRONG_TOKEN)
        server.token = "123456:TEST-token"
        server.wait(lambda: bot.status()["status"] == "running")
    assert [r.message for r in caplog.records if r.name.startswith("bot")].count(texts.WRONG_TOKEN) == 1
    assert "TEST-token" not in caplog.text


def test_an_unreachable_server_is_waited_for(server, running, assistant):
    server.fault("drop", "getMe", times=3)
    lan = server.user()
    lan.send("câu 1")
    with running():
        server.wait(lambda: 1 in answered(server))


def test_a_stop_leaves_the_rest_for_the_next_start(server, running, assistant):
    """T13: stopping does not wait for the backlog, and nothing of it is lost."""
    assistant.slow = 0.2
    people = [server.user(f"P{n}") for n in range(60)]
    for n, person in enumerate(people):
        person.send(f"câu {n}")
    with running():
        server.wait(lambda: len(answered(server)) >= 5)
    assert len(answered(server)) < 60
    assistant.slow = 0.0
    with running():
        server.wait(lambda: len(answered(server)) == 60)
    assert set(answered(server).values()) == {1}


def test_settled_updates_and_sent_messages_keep_no_content(server, running, assistant):
    lan = server.user()
    with running():
        lan.send("số căn cước 001099012345")
        server.wait_sent(lan, 1)

    with assistant.engine.connect() as connection:
        assert connection.scalars(select(INBOX.c.payload)).all() == [""]
        assert connection.scalars(select(OUTBOX.c.payload)).all() == ["{}"]
