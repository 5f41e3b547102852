"""A Bot API server on loopback for tests, strict where Telegram is strict.

    with BotAPI() as server:
        lan = server.user("Lan")
        lan.send("ocop 4 sao cần bao nhiêu điểm")          # an update waits for getUpdates or goes to the webhook
        server.wait_sent(lan, 1)                            # what the bot sent to that chat
        lan.press(server.sent(lan)[-1], "👍")               # a callback query

Real python-telegram-bot clients speak to it by `base_url=server.url + "/bot"`; files are at `server.url + "/file/bot"`.
It keeps Telegram's rules: offsets forget, a second poller ends the first with 409, text of at most 4,096 UTF-16 units,
entities inside the text, buttons of at most 64 bytes, 403 when blocked, downloads up to 20 MB, flood limits (`limits`).
Faults are asked for by `server.fault(…)`. Everything the bot did is in `sent()`, `calls`, `callback_answers`, `stats`.
`python -m tests.botapi` runs it alone and prints its address.
"""

from __future__ import annotations

import asyncio
import json
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.botapi_people import Actor, Call, Chat, Fault, FaultKind, Sent
from tests.botapi_rules import ApiError, Limits, checked_markup, checked_text
from tests.botapi_wire import Reply, Request, post_json, read_request, write_reply

DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
BEING_WRITTEN = "⏳"  # how the bot marks a message that it still writes at
_DEFAULT_UPDATES = {"message", "edited_message", "callback_query", "my_chat_member", "inline_query", "channel_post"}


class BotAPI:
    """The server: runs in a thread of its own; the driver methods may be called from any thread."""

    def __init__(self, token: str = "123456:TEST-token", *, limits: bool = False, username: str = "sotay_bot") -> None:
        self.token = token
        self.me = {
            "id": int(token.split(":")[0]),
            "is_bot": True,
            "first_name": "Sổ tay",
            "username": username,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.rng = random.Random(7)
        self.limits = Limits(on=limits)
        self.faults: list[Fault] = []
        self.chats: dict[int, Chat] = {}
        self.updates: dict[int, dict[str, Any]] = {}  # every update ever made
        self.pending: deque[int] = deque()
        self.forced: deque[int] = deque()  # redelivered whatever the offset says
        self.acknowledged = 0
        self.shuffle = False
        self.files: dict[str, tuple[str, bytes, int]] = {}
        self.calls: list[Call] = []
        self.callback_answers: dict[str, dict[str, Any]] = {}
        self.open_queries: set[str] = set()
        self.drafts: list[dict[str, Any]] = []
        self.commands: list[dict[str, Any]] = []
        self.webhook: dict[str, Any] = {"url": ""}
        self.webhook_statuses: list[int] = []
        self.webhook_pause = 0.1
        self.unknown_methods: set[str] = set()  # answered with 404, as an older server would
        self.allowed: set[str] = set(_DEFAULT_UPDATES)
        self._next_update, self._next_message = 870_000_000, 100
        self._poll: asyncio.Future[None] | None = None
        self._wake: asyncio.Event | None = None
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self.port = 0

    # -- running -----------------------------------------------------------------------------------------------------

    def __enter__(self) -> BotAPI:
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        self._started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop
        assert self._stop
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    @property
    def url(self) -> str:
        """The address, to which clients add `/bot<token>`."""
        return f"http://127.0.0.1:{self.port}"

    async def _serve(self) -> None:
        self._loop, self._stop, self._wake = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", self.port, limit=1 << 20, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        pusher = asyncio.create_task(self._deliver_to_webhook())
        self._started.set()
        await self._stop.wait()
        pusher.cancel()
        server.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await read_request(reader):
                reply = await self._answer(request)
                if reply is None or not await write_reply(writer, reply):
                    break
        except (ConnectionError, asyncio.CancelledError, ValueError):
            pass
        finally:
            with suppress(Exception):
                writer.transport.abort()

    async def _answer(self, request: Request) -> Reply | None:
        """One call answered; None closes the connection."""
        parts = request.path.strip("/").split("/")
        if parts[0] == "stats":
            return Reply(200, json.dumps(self.stats).encode())
        if parts[0] == "file":
            return (
                self._download("/".join(parts[2:])) if parts[1] == f"bot{self.token}" else _failure(401, "Unauthorized")
            )
        if parts[0] != f"bot{self.token}" or len(parts) < 2:
            return _failure(401, "Unauthorized")
        method = parts[1].lower()
        call = Call(method, request.params, at=time.monotonic())
        with self.lock:
            self.calls.append(call)
            fault = self._fault(method, request.params)
        if fault and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        elif fault and fault.kind == "drop":
            return None
        elif fault and fault.kind == "garbage":
            return Reply(200, b"<html>nothing that a bot can read</html>", "text/html")
        elif fault and fault.kind == "status":
            call.status = fault.status
            return _failure(fault.status, fault.description, fault.retry_after)
        reply = await self._call(method, request)
        call.status = reply.status
        with self.lock:
            self.changed.notify_all()
        if fault and fault.kind == "drop_after":
            return None
        if fault and fault.kind == "cut":
            reply.cut = 60 + len(reply.body) // 2
        return reply

    async def _call(self, method: str, request: Request) -> Reply:
        try:
            handler = getattr(self, f"_do_{method}", None)
            if handler is None or method in {name.lower() for name in self.unknown_methods}:
                raise ApiError(404, "Not Found")
            if method == "getupdates":
                result = await self._do_getupdates(request.params)
            else:
                with self.lock:
                    result = handler(request.params, request) if method in _WITH_FILES else handler(request.params)
        except ApiError as error:
            return _failure(error.code, error.description, error.retry_after)
        return Reply(200, json.dumps({"ok": True, "result": result}).encode())

    def _fault(self, method: str, params: dict[str, Any]) -> Fault | None:
        for fault in self.faults:
            if fault.method.lower() not in ("", method) or (fault.times is not None and fault.struck >= fault.times):
                continue
            if fault.chat is not None and str(params.get("chat_id")) != str(fault.chat):
                continue
            fault.seen += 1
            if fault.every is not None and fault.seen % fault.every:
                continue
            if self.rng.random() < fault.share:
                fault.struck += 1
                return fault
        return None

    # -- driving -----------------------------------------------------------------------------------------------------

    def user(self, name: str = "Lan", user_id: int | None = None) -> Actor:
        """A new person."""
        with self.lock:
            return Actor(self, user_id or 5_000_000_000 + len(self.chats), name)

    def group(self, title: str, *people: Actor, admins: tuple[Actor, ...] = (), forum: bool = False) -> Chat:
        """A new supergroup that the bot is in."""
        members = {p.id: "member" for p in people} | {p.id: "administrator" for p in admins}
        chat = Chat(-1_002_000_000_000 - len(self.chats), "supergroup", title, None, forum, members, open=True)
        return self.add_chat(chat)

    def add_chat(self, chat: Chat) -> Chat:
        """Make a chat known."""
        with self.lock:
            return self.chats.setdefault(chat.id, chat)

    def fault(self, kind: FaultKind, method: str = "", **how: Any) -> Fault:
        """From now on something goes wrong; `server.faults.clear()` ends it."""
        with self.lock:
            fault = Fault(kind, method, **how)
            self.faults.append(fault)
            return fault

    def sent(self, chat: Actor | Chat | int | None = None) -> list[Sent]:
        """What the bot's messages in a chat (or everywhere) show now, in order of sending."""
        with self.lock:
            chosen = list(self.chats.values()) if chat is None else [self._chat(chat)]
            found = [m for c in chosen for m in c.sent.values() if not m.deleted]
            return sorted(found, key=lambda m: m.message_id)

    def texts(self, chat: Actor | Chat | int | None = None) -> list[str]:
        """The texts of `sent`."""
        return [message.text for message in self.sent(chat)]

    def wait(self, condition: Callable[[], Any], *, timeout: float = 60.0, what: str = "") -> None:
        """Until the condition holds; an AssertionError with the state if it never does."""
        end = time.monotonic() + timeout
        with self.lock:
            while not condition():
                if time.monotonic() > end:
                    raise AssertionError(f"never happened: {what or condition}; stats {self.stats}")
                self.changed.wait(0.05)

    def wait_sent(
        self, chat: Actor | Chat | None, count: int, *, timeout: float = 60.0, unfinished: bool = False
    ) -> list[Sent]:
        """Until the bot has sent so many messages to the chat, and none of them is still being written unless that will
        do; they."""

        def written() -> bool:
            sent = self.sent(chat)
            return len(sent) >= count and (unfinished or not any(one.text.startswith(BEING_WRITTEN) for one in sent))

        self.wait(written, timeout=timeout, what=f"{count} messages to {chat}")
        return self.sent(chat)

    def redeliver(self, count: int = 100, *, times: int = 1) -> None:
        """Hand the last acknowledged updates out again, as after a lost acknowledgement."""
        with self.lock:
            known = [n for n in self.updates if n not in self.pending][-count:]
            self.forced.extend(known * times)
            self._notify()

    def push(self, kind: str, value: dict[str, Any]) -> int:
        """Queue an update; its id, 0 if the bot does not ask for this kind."""
        with self.lock:
            if kind not in self.allowed:
                return 0
            self._next_update += 1
            self.updates[self._next_update] = {"update_id": self._next_update, kind: value}
            self.pending.append(self._next_update)
            self._notify()
            return self._next_update

    @property
    def stats(self) -> dict[str, Any]:
        """Counts: messages sent, distinct ones, doubled ones, calls by method and by status."""
        with self.lock:
            keys = Counter((m.chat_id, m.text) for c in self.chats.values() for m in c.sent.values())
            return {
                "sent": keys.total(),
                "unique": len(keys),
                "duplicate": keys.total() - len(keys),
                "waiting": len(self.pending),
                "calls": dict(Counter(call.method for call in self.calls)),
                "statuses": dict(Counter(call.status for call in self.calls)),
            }

    # -- shared by methods -------------------------------------------------------------------------------------------

    def next_message_id(self) -> int:
        """Ids rise over all chats, as a bot sees them in private chats."""
        self._next_message += 1
        return self._next_message

    def bot_sees(self, chat: Chat, message: dict[str, Any]) -> bool:
        """Privacy mode: in groups a bot sees commands, mentions of it and replies to it only."""
        if chat.type == "private" or chat.bot_sees_all:
            return True
        text = message.get("text") or message.get("caption") or ""
        name = f"@{self.me['username']}".lower()
        replied = (message.get("reply_to_message") or {}).get("from", {}).get("id") == self.me["id"]
        first = text.split()[0].lower() if text.split() else ""
        command = first.startswith("/") and ("@" not in first or first.endswith(name))
        return command or name in text.lower() or replied

    def add_file(self, name: str, data: bytes, size: int | None = None) -> str:
        """Store a file for getFile; its id."""
        file_id = f"file{len(self.files)}"
        self.files[file_id] = (name, data, size or len(data))
        return file_id

    def sent_as_json(self, chat: Chat, sent: Sent) -> dict[str, Any]:
        """The Message object of one of the bot's messages."""
        value: dict[str, Any] = {
            "message_id": sent.message_id,
            "date": int(time.time()),
            "chat": chat.as_json(),
            "from": self.me,
        }
        if sent.document:
            file_id = self.add_file(*sent.document)
            value["document"] = {"file_id": file_id, "file_unique_id": file_id, "file_name": sent.document[0]}
            value["caption"] = sent.text
        else:
            value |= {"text": sent.text, "entities": sent.entities}
        if sent.markup:
            value["reply_markup"] = sent.markup
        if sent.thread_id:
            value |= {"message_thread_id": sent.thread_id, "is_topic_message": True}
        return value

    def _chat(self, chat: Actor | Chat | int) -> Chat:
        return self.chats[chat if isinstance(chat, int) else chat.id]

    def _notify(self) -> None:
        self.changed.notify_all()
        if self._loop and self._wake:
            self._loop.call_soon_threadsafe(self._wake.set)

    def _target(self, params: dict[str, Any]) -> Chat:
        """The chat that a call means, after the checks that every sending call goes through."""
        chat = self._known_chat(params)
        if chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if not chat.open:
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
        if wait := self.limits.wait(chat.id, is_group=chat.type != "private"):
            raise ApiError(429, f"Too Many Requests: retry after {wait}", wait)
        return chat

    def _known_chat(self, params: dict[str, Any]) -> Chat:
        try:
            return self.chats[int(params["chat_id"])]
        except (KeyError, ValueError):
            raise ApiError(400, "Bad Request: chat not found") from None

    def _own(self, chat: Chat, params: dict[str, Any], verb: str) -> Sent:
        number = int(params.get("message_id", 0))
        if number in chat.messages:
            raise ApiError(400, f"Bad Request: message can't be {verb}ed")
        if number not in chat.sent or chat.sent[number].deleted:
            raise ApiError(400, f"Bad Request: message to {verb} not found")
        return chat.sent[number]

    def _put(self, chat: Chat, params: dict[str, Any], sent: Sent) -> dict[str, Any]:
        reply = json.loads(params.get("reply_parameters") or "{}")
        if number := reply.get("message_id"):
            if number in chat.messages or number in chat.sent:
                sent.reply_to = number
            elif not reply.get("allow_sending_without_reply"):
                raise ApiError(400, "Bad Request: message to be replied not found")
        sent.thread_id = int(params["message_thread_id"]) if params.get("message_thread_id") else None
        sent.markup, sent.params, sent.at = checked_markup(params), params, time.monotonic()
        chat.sent[sent.message_id] = sent
        return self.sent_as_json(chat, sent)

    # -- the methods of the API --------------------------------------------------------------------------------------

    def _do_getme(self, _: dict[str, Any]) -> dict[str, Any]:
        return self.me

    async def _do_getupdates(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        assert self._loop
        assert self._wake
        if self.webhook["url"]:
            raise ApiError(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first"
            )
        if self._poll and not self._poll.done():
            self._poll.set_result(None)  # the newcomer wins, as at Telegram
        mine = self._poll = self._loop.create_future()
        with self.lock:
            if "allowed_updates" in params:
                self.allowed = set(json.loads(params["allowed_updates"])) or set(_DEFAULT_UPDATES)
            offset = int(params.get("offset") or 0)
            while offset > 0 and self.pending and self.pending[0] < offset:
                self.acknowledged = max(self.acknowledged, self.pending.popleft())
            while offset < 0 and len(self.pending) > -offset:
                self.pending.popleft()
        end = self._loop.time() + float(params.get("timeout") or 0)
        limit = min(100, int(params.get("limit") or 100))
        while not mine.done():
            self._wake.clear()
            with self.lock:
                chosen = [self.forced.popleft() for _ in range(min(limit, len(self.forced)))]
                chosen = chosen or list(self.pending)[:limit]
            if chosen or self._loop.time() >= end:
                mine.set_result(None)
                if self.shuffle:
                    self.rng.shuffle(chosen)
                return [self.updates[number] for number in chosen]
            waiter = asyncio.ensure_future(self._wake.wait())
            await asyncio.wait({waiter, mine}, timeout=end - self._loop.time(), return_when=asyncio.FIRST_COMPLETED)
            waiter.cancel()
        raise ApiError(
            409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )

    def _do_sendmessage(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._target(params)
        text, entities = checked_text(params)
        return self._put(chat, params, Sent(self.next_message_id(), chat.id, text, entities))

    def _do_editmessagetext(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._target(params)
        sent = self._own(chat, params, "edit")
        text, entities = checked_text(params)
        markup = checked_markup(params)
        self._modified((text, entities, markup), (sent.text, sent.entities, sent.markup))
        sent.earlier.append(sent.text)
        sent.text, sent.entities, sent.markup = text, entities, markup
        return self.sent_as_json(chat, sent)

    def _do_editmessagereplymarkup(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._target(params)
        sent = self._own(chat, params, "edit")
        markup = checked_markup(params)
        self._modified(markup, sent.markup)
        sent.markup = markup
        return self.sent_as_json(chat, sent)

    def _modified(self, new: object, old: object) -> None:
        if new == old:
            raise ApiError(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly "
                "the same as a current content and reply markup of the message",
            )

    def _do_deletemessage(self, params: dict[str, Any]) -> bool:
        self._own(self._known_chat(params), params, "delet").deleted = True
        return True

    def _do_senddocument(self, params: dict[str, Any], request: Request) -> dict[str, Any]:
        chat = self._target(params)
        upload = request.files.get("document") or next(iter(request.files.values()), None)
        if upload:
            document = (upload.name, upload.data)
        elif params.get("document") in self.files:
            document = self.files[params["document"]][:2]
        else:
            raise ApiError(400, "Bad Request: there is no document in the request")
        if len(document[1]) > UPLOAD_LIMIT:
            raise ApiError(413, "Request Entity Too Large")
        text, entities = checked_text(params, field="caption", limit=1024, required=False)
        return self._put(chat, params, Sent(self.next_message_id(), chat.id, text, entities, document=document))

    def _do_copymessage(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._target(params)
        source, number = self.chats[int(params["from_chat_id"])], int(params["message_id"])
        if number in source.sent:
            text, entities = source.sent[number].text, source.sent[number].entities
        elif number in source.messages:
            text, entities = source.messages[number].get("text", ""), source.messages[number].get("entities", [])
        else:
            raise ApiError(400, "Bad Request: message to copy not found")
        sent = Sent(self.next_message_id(), chat.id, text, entities)
        self._put(chat, params, sent)
        return {"message_id": sent.message_id}

    def _do_sendchataction(self, params: dict[str, Any]) -> bool:
        if self._known_chat(params).blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return True

    def _do_sendmessagedraft(self, params: dict[str, Any]) -> bool:
        if self._known_chat(params).type != "private":
            raise ApiError(400, "Bad Request: message drafts can be sent to private chats only")
        checked_text(params)
        self.drafts.append(params)
        return True

    def _do_answercallbackquery(self, params: dict[str, Any]) -> bool:
        number = params.get("callback_query_id", "")
        if number not in self.open_queries:
            raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(params.get("text", "")) > 200:
            raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
        self.open_queries.discard(number)
        self.callback_answers[number] = params
        return True

    def _do_getfile(self, params: dict[str, Any]) -> dict[str, Any]:
        if params.get("file_id") not in self.files:
            raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        file_id = params["file_id"]
        size = self.files[file_id][2]
        if size > DOWNLOAD_LIMIT:
            raise ApiError(400, "Bad Request: file is too big")
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": size, "file_path": f"documents/{file_id}"}

    def _download(self, path: str) -> Reply:
        stored = self.files.get(path.removeprefix("documents/"))
        return Reply(200, stored[1], "application/octet-stream") if stored else _failure(404, "Not Found")

    def _do_setwebhook(self, params: dict[str, Any]) -> bool:
        self.webhook = {"url": params.get("url", ""), "secret": params.get("secret_token", "")}
        if "allowed_updates" in params:
            self.allowed = set(json.loads(params["allowed_updates"])) or set(_DEFAULT_UPDATES)
        if params.get("drop_pending_updates") in ("true", True):
            self.pending.clear()
        self._notify()
        return True

    def _do_deletewebhook(self, params: dict[str, Any]) -> bool:
        return self._do_setwebhook({"drop_pending_updates": params.get("drop_pending_updates")})

    def _do_getwebhookinfo(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"url": self.webhook["url"], "has_custom_certificate": False, "pending_update_count": len(self.pending)}

    async def _deliver_to_webhook(self) -> None:
        assert self._wake
        while True:
            with self.lock:
                url, number = self.webhook["url"], next(iter([*self.forced, *self.pending]), None)
            if not url or number is None:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), 0.05)
                continue
            secret = self.webhook.get("secret")
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
            status = await post_json(url, self.updates[number], headers)
            with self.lock:
                self.webhook_statuses.append(status)
                if 200 <= status < 300:
                    with suppress(ValueError):
                        (self.forced if number in self.forced else self.pending).remove(number)
                self.changed.notify_all()
            if not 200 <= status < 300:
                await asyncio.sleep(self.webhook_pause)

    def _do_setmycommands(self, params: dict[str, Any]) -> bool:
        self.commands = json.loads(params["commands"])
        if any(not c["command"].replace("_", "").isalnum() or not c["command"].isascii() for c in self.commands):
            raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
        return True

    def _do_getmycommands(self, _: dict[str, Any]) -> list[dict[str, Any]]:
        return self.commands

    def _accept(self, _: dict[str, Any]) -> bool:
        return True

    _do_setmydescription = _do_setmyshortdescription = _do_setmyname = _do_setchatmenubutton = _accept
    _do_deletemycommands = _do_logout = _do_close = _do_setmessagereaction = _accept

    def _do_getchat(self, params: dict[str, Any]) -> dict[str, Any]:
        return self._known_chat(params).as_json() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": {},
        }

    def _do_getchatmember(self, params: dict[str, Any]) -> dict[str, Any]:
        return self._member(self._known_chat(params), int(params["user_id"]))

    def _do_getchatadministrators(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        chat = self._known_chat(params)
        return [self._member(chat, n) for n, status in chat.members.items() if status in ("administrator", "creator")]

    def _member(self, chat: Chat, user_id: int) -> dict[str, Any]:
        status = chat.members.get(user_id, "left")
        user = {
            "id": user_id,
            "is_bot": False,
            "first_name": self.chats[user_id].title if user_id in self.chats else "?",
        }
        more: dict[str, Any] = dict.fromkeys(_RIGHTS, False) if status == "administrator" else {}
        return {"user": user, "status": status, **more}


_WITH_FILES = {"senddocument"}
_RIGHTS = [
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
]


def _failure(status: int, description: str, retry_after: int | None = None) -> Reply:
    value: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if retry_after is not None:
        value["parameters"] = {"retry_after": retry_after}
    return Reply(status, json.dumps(value).encode())


if __name__ == "__main__":
    with BotAPI() as server:
        print(server.url, server.token, flush=True)
        threading.Event().wait()
