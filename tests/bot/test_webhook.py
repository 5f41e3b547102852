"""The webhook: nothing is read without the secret, an update is stored before it is acknowledged (T9)."""

import asyncio
import json
import threading

import pytest
import uvicorn

from bot.webhook import MAX_BODY, Webhook, secret_for
from tests.bot.house import RunningBot
from tests.bot.test_faults import answered

SECRET = b"x" * 64


def call(webhook, *, body=b"{}", headers=(), method="POST", chunks=None):
    """One ASGI request; the status and how often the body was asked for."""
    asked, sent = [], []
    pieces = list(chunks or [body])

    async def receive():
        asked.append(1)
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message):
        sent.append(message)

    asyncio.run(webhook({"type": "http", "method": method, "headers": list(headers)}, receive, send))
    return sent[0]["status"], len(asked)


@pytest.fixture
def stored():
    return []


@pytest.fixture
def webhook(stored):
    async def store(updates):
        stored.extend(updates)
        return True

    return Webhook(SECRET.decode(), store)


def given(secret):
    return [(b"x-telegram-bot-api-secret-token", secret)]


@pytest.mark.parametrize("headers", [(), given(b""), given(b"wrong"), given(SECRET + b"x"), given(SECRET[:-1])])
def test_without_the_secret_the_body_is_not_even_read(webhook, stored, headers):
    assert call(webhook, body=b'{"update_id": 1}', headers=headers) == (401, 0)
    assert stored == []


def test_an_empty_secret_lets_nobody_in(stored):
    async def store(updates):
        raise AssertionError

    assert call(Webhook("", store), headers=given(b""))[0] == 401


def test_an_update_is_stored_and_acknowledged(webhook, stored):
    assert call(webhook, chunks=[b'{"upd', b'ate_id": 7}'], headers=given(SECRET)) == (200, 2)
    assert stored == [{"update_id": 7}]


@pytest.mark.parametrize("body", [b"", b"nothing", b"[]", b'{"message": {}}', b'{"update_id": "7"}', b"\xff"])
def test_what_is_no_update_is_refused(webhook, stored, body):
    assert call(webhook, body=body, headers=given(SECRET))[0] == 400
    assert stored == []


def test_more_than_a_megabyte_is_refused_announced_or_not(webhook):
    announced = [*given(SECRET), (b"content-length", str(MAX_BODY + 1).encode())]
    assert call(webhook, headers=announced) == (413, 0)
    assert call(webhook, chunks=[b" " * 500_000] * 3, headers=given(SECRET))[0] == 413


def test_a_failed_store_is_not_acknowledged():
    async def store(updates):
        return False

    assert call(Webhook(SECRET.decode(), store), body=b'{"update_id": 1}', headers=given(SECRET))[0] == 503


def test_telegram_delivers_by_webhook_and_again_until_it_is_stored(server, assistant):
    """Through real HTTP: the first two deliveries fail, the third counts, and the answer is sent once."""
    bot = RunningBot(assistant)
    failures = iter([503, 503])

    async def app(scope, receive, send):
        if scope["type"] == "http" and (status := next(failures, None)):
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        elif scope["type"] == "http":
            loop = bot._loop  # the bot lives in its own thread here; in `sotay serve` they share one loop
            body = (await receive())["body"]

            async def again():
                return {"type": "http.request", "body": body}

            answer = []

            async def keep(message):
                answer.append(message)

            future = asyncio.run_coroutine_threadsafe(bot.telegram.webhook(scope, again, keep), loop)
            await asyncio.wrap_future(future)
            for message in answer:
                await send(message)

    http = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=http.run, daemon=True)
    thread.start()
    server.wait(lambda: http.started)
    port = http.servers[0].sockets[0].getsockname()[1]
    assistant.settings.telegram_webhook_url = f"http://127.0.0.1:{port}/telegram"
    lan = server.user()
    with bot:
        server.wait(lambda: server.webhook["url"])
        lan.send("câu 1")
        server.wait(lambda: 1 in answered(server))
        server.redeliver(1, times=3)
        server.wait(lambda: len(server.webhook_statuses) >= 6)
    http.should_exit = True
    thread.join(5)
    assert server.webhook["secret"] == secret_for(assistant.settings)
    assert server.webhook_statuses[:3] == [503, 503, 200]
    assert answered(server)[1] == 1
    assert "getupdates" not in server.stats["calls"]
    assert json.dumps(server.webhook).count("TEST-token") == 0
