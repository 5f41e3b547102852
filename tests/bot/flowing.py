"""A real small Sổ tay with the bot on it, for tests of the officers' flows; `Screen` plays them."""

from __future__ import annotations

from typing import Any

from tests.botapi import BotAPI
from tests.botapi_people import Actor, Chat, Sent


class Screen:
    """One person's way through a flow: what is sent and pressed, and the message that shows the answer."""

    def __init__(self, server: BotAPI, person: Actor, chat: Chat | None = None) -> None:
        self.server, self.person, self.chat = server, person, chat
        self.message: Sent | None = None

    @property
    def sent(self) -> list[Sent]:
        """All messages of the bot in this chat."""
        return self.server.sent(self.chat or self.person)

    def send(self, text: str) -> Sent:
        """Write something; the message that answers it."""
        before = len(self.sent)
        self.person.send(text, chat=self.chat)
        self.message = self.server.wait_sent(self.chat or self.person, before + 1)[-1]
        return self.message

    def press(self, label: str, *, on: Sent | None = None) -> Sent:
        """Press a button of the last message (or another); it, once it has changed."""
        message = on or self.message
        assert message is not None
        before: Any = (message.text, message.markup)
        self.person.press(message, label)
        self.server.wait(lambda: (message.text, message.markup) != before, what=f"a change after {label!r}")
        self.message = message
        return message

    def press_for_new(self, label: str) -> Sent:
        """Press a button that brings a new message; that message."""
        assert self.message is not None
        before = len(self.sent)
        self.person.press(self.message, label)
        return self.server.wait_sent(self.chat or self.person, before + 1)[-1]

    def forge(self, data: str) -> str:
        """Press with any data; once it has been answered, what the toast said."""
        assert self.message is not None
        query = self.person.press_data(self.message, data)
        self.server.wait(lambda: query in self.server.callback_answers, what=f"an answer to {data!r}")
        return str(self.server.callback_answers[query].get("text", ""))
