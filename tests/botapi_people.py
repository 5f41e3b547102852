"""Chats, people and what the bot sent them, as the tests drive and read them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tests.botapi_rules import incoming_entities

if TYPE_CHECKING:
    from tests.botapi import BotAPI

FaultKind = Literal["status", "drop", "drop_after", "cut", "delay", "garbage"]


@dataclass
class Fault:
    """Something that goes wrong in `share` of the calls of a method, so many `times`, or at every so-many-th call.

    `drop` closes the connection before the call is done, `drop_after` after it, `cut` in the middle of the answer.
    """

    kind: FaultKind
    method: str = ""
    share: float = 1.0
    times: int | None = None
    every: int | None = None
    status: int = 500
    description: str = "Internal Server Error"
    retry_after: int | None = None
    seconds: float = 0.0
    chat: int | None = None
    seen: int = 0
    struck: int = 0


@dataclass
class Sent:
    """A message of the bot as the chat shows it now; `earlier` holds what it said before edits."""

    message_id: int
    chat_id: int
    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    markup: dict[str, Any] | None = None
    reply_to: int | None = None
    thread_id: int | None = None
    document: tuple[str, bytes] | None = None
    params: dict[str, Any] = field(default_factory=dict)
    earlier: list[str] = field(default_factory=list)
    deleted: bool = False
    at: float = 0.0

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """All inline buttons, row after row."""
        return [button for row in (self.markup or {}).get("inline_keyboard", []) for button in row]

    @property
    def labels(self) -> list[str]:
        """What stands on the buttons."""
        return [button["text"] for button in self.buttons]

    def marked(self, kind: str) -> list[str]:
        """The pieces of text under entities of one type."""
        raw = self.text.encode("utf-16-le")
        return [
            raw[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
            for e in self.entities
            if e["type"] == kind
        ]


@dataclass
class Call:
    """One call of the API as it arrived, and the status it got."""

    method: str
    params: dict[str, Any]
    status: int = 0
    at: float = 0.0


@dataclass
class Chat:
    """A chat with what happened in it. `members` maps user ids to their status."""

    id: int
    type: str
    title: str = ""
    username: str | None = None
    is_forum: bool = False
    members: dict[int, str] = field(default_factory=dict)
    open: bool = False  # a private chat in which the user has written, a group in which the bot is
    blocked: bool = False
    bot_sees_all: bool = False  # privacy mode off, or the bot is an administrator
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    sent: dict[int, Sent] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The Chat object of the API."""
        value: dict[str, Any] = {"id": self.id, "type": self.type}
        if self.type == "private":
            value["first_name"] = self.title
        else:
            value["title"] = self.title
        if self.username:
            value["username"] = self.username
        if self.is_forum:
            value["is_forum"] = True
        return value


class Actor:
    """A person in Telegram, for tests: writes, presses buttons, sends files, blocks the bot."""

    def __init__(self, server: BotAPI, user_id: int, name: str) -> None:
        self.server, self.id, self.name = server, user_id, name
        self.chat = server.add_chat(Chat(user_id, "private", name, members={user_id: "member"}))

    def as_json(self) -> dict[str, Any]:
        """The User object of the API."""
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": "vi"}

    def send(
        self,
        text: str | None = None,
        *,
        chat: Chat | None = None,
        reply_to: Sent | dict[str, Any] | None = None,
        thread: int | None = None,
        forwarded: bool = False,
        **content: Any,
    ) -> int:
        """Write a message (or other content: `send(voice={…})`); the update's id, 0 if the bot cannot see it."""
        with self.server.lock:
            return self._send(text, chat or self.chat, reply_to, thread, forwarded, content)

    def _send(
        self, text: str | None, chat: Chat, reply_to: Any, thread: int | None, forwarded: bool, content: dict[str, Any]
    ) -> int:
        if chat.type == "private":
            chat.open, chat.blocked = True, False
        message = {
            "message_id": self.server.next_message_id(),
            "date": int(time.time()),
            "chat": chat.as_json(),
            "from": self.as_json(),
            **content,
        }
        if text is not None:
            message["text"] = text
        for words, marks in (("text", "entities"), ("caption", "caption_entities")):
            if words in message and (found := incoming_entities(message[words])):
                message[marks] = found
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        if isinstance(reply_to, Sent):
            message["reply_to_message"] = self.server.sent_as_json(chat, reply_to)
        elif reply_to is not None:
            message["reply_to_message"] = reply_to
        if forwarded:
            origin = {"type": "hidden_user", "sender_user_name": "Người khác", "date": int(time.time())}
            message["forward_origin"] = origin
        chat.messages[message["message_id"]] = message
        if not self.server.bot_sees(chat, message):
            return 0
        return self.server.push("message", message)

    def edit(self, update_id: int, text: str) -> int:
        """Change a message that went out as that update; the new update's id."""
        message = dict(self.server.updates[update_id]["message"], text=text, edit_date=int(time.time()))
        message.pop("entities", None)
        if found := incoming_entities(text):
            message["entities"] = found
        return self.server.push("edited_message", message)

    def press(self, sent: Sent, label: str) -> str:
        """Press the button whose label begins with these words; the id of the callback query."""
        matching = [b for b in sent.buttons if b["text"].startswith(label)]
        assert matching, f"no button {label!r} among {sent.labels}"
        return self.press_data(sent, matching[0]["callback_data"])

    def press_data(self, sent: Sent, data: str) -> str:
        """Press with any data at all, as a forged client could."""
        with self.server.lock:
            query_id = str(self.server.rng.getrandbits(62))
            self.server.open_queries.add(query_id)
            chat = self.server.chats[sent.chat_id]
            message = self.server.sent_as_json(chat, sent)
            self.server.push(
                "callback_query",
                {
                    "id": query_id,
                    "from": self.as_json(),
                    "message": message,
                    "chat_instance": str(chat.id),
                    "data": data,
                },
            )
            return query_id

    def upload(self, name: str, data: bytes, *, size: int | None = None, **more: Any) -> int:
        """Send a document; `size` can claim more than there is."""
        file_id = self.server.add_file(name, data, size)
        document = {"file_id": file_id, "file_unique_id": file_id, "file_name": name, "file_size": size or len(data)}
        return self.send(document=document, **more)

    def voice(self) -> int:
        """Send a voice message."""
        return self.send(voice={"file_id": "v1", "file_unique_id": "v1", "duration": 3})

    def photo(self, caption: str | None = None) -> int:
        """Send a picture."""
        more: dict[str, Any] = {"caption": caption} if caption else {}
        return self.send(photo=[{"file_id": "p1", "file_unique_id": "p1", "width": 90, "height": 90}], **more)

    def block(self) -> None:
        """Block the bot: it gets 403 from now on, and hears of it."""
        self.chat.blocked = True
        self._membership("member", "kicked")

    def unblock(self) -> None:
        """Take the bot back."""
        self.chat.blocked = False
        self._membership("kicked", "member")

    def _membership(self, old: str, new: str) -> None:
        until = {"until_date": 0}
        pair = [{"user": self.server.me, "status": s} | (until if s == "kicked" else {}) for s in (old, new)]
        self.server.push(
            "my_chat_member",
            {
                "chat": self.chat.as_json(),
                "from": self.as_json(),
                "date": int(time.time()),
                "old_chat_member": pair[0],
                "new_chat_member": pair[1],
            },
        )
