"""A small office in Telegram: an asker, a reviewer, an admin and their group around a real assistant."""

from __future__ import annotations

from typing import Any

from bot import review_texts as say
from knowledge.curated import BY_REVIEWER
from knowledge.types import Question
from tests.bot.house import RunningBot

ASKED = "Người chấm OCOP cấp xã được trả bao nhiêu tiền công?"
PLAIN = "nguoi cham ocop cap xa duoc tra bao nhieu tien cong"
REPLY = "Tiền công do HĐND tỉnh quyết định, ghi trong quy chế Hội đồng."
SOURCE = "khoản 3 Điều 7 Quyết định 26/2026/QĐ-TTg"


class Office:
    """A small Sổ tay with a bot, an asker, a reviewer, an admin and their group."""

    def __init__(self, server: Any, house: Any) -> None:
        self.server, self.house, self.assistant = server, house, house.assistant
        self.settings = house.assistant.settings
        self.lan, self.minh = server.user("Lan"), server.user("Minh")
        self.reviewer, self.admin = server.user("Chị Hoa"), server.user("Quản trị")
        self.group = server.group("Tổ chuyên viên", self.reviewer, self.admin, self.minh)
        self.settings.telegram_admins = [self.admin.id]

    def bot(self, **more: Any) -> RunningBot:
        """The bot, started."""
        return RunningBot(self.assistant, **more)

    def ask(self, person: Any, text: str) -> Any:
        """Somebody writes in private; the next message that comes back."""
        before = len(self.server.sent(person))
        person.send(text)
        return self.server.wait_sent(person, before + 1)[-1]

    def file_of(self, person: Any, command: str) -> Any:
        """The content of the file that somebody gets for a command, whatever else comes meanwhile."""
        before = len(self.server.sent(person))
        person.send(command)
        files: list[Any] = []

        def came() -> bool:
            files[:] = [sent.document for sent in self.server.sent(person)[before:] if sent.document]
            return bool(files)

        self.server.wait(came, what=f"a file for {command}")
        return files[0][1]

    def appoint(self) -> None:
        """The reviewer takes the role by an invitation."""
        code = self.ask(self.admin, "/moi_nguoi chuyen_vien").text.split("start=")[1].split()[0]
        self.ask(self.reviewer, f"/start {code}")
        self.server.wait_sent(self.reviewer, 2)

    def inquiry(self, question: str = ASKED) -> Any:
        """Somebody asks in vain and sends the question on; the message in the group."""
        before = len(self.server.sent(self.group))
        answer = self.ask(self.lan, question)
        self.lan.press(answer, say.ASK_REVIEWER)
        return self.server.wait_sent(self.group, before + 1)[-1]

    def reply(self, to: Any, text: str = REPLY) -> Any:
        """The reviewer replies in the group; the draft that follows."""
        before = len(self.server.sent(self.group))
        self.reviewer.send(text, chat=self.group, reply_to=to)
        return self.server.wait_sent(self.group, before + 1)[-1]

    def press(self, sent: Any, label: str) -> Any:
        """The reviewer presses; waits until the message has changed."""
        before = len(sent.earlier)
        self.reviewer.press(sent, label)
        self.server.wait(lambda: len(sent.earlier) > before)
        return sent

    def until_known(self, question: str = PLAIN) -> None:
        """An approved answer has reached the store and the index."""
        self.server.wait(lambda: BY_REVIEWER in str(self.assistant.attempt(Question(question))[0].citations))
