"""A small assistant with a real database, and a bot on it in a thread or in a process that can be killed.

Run as a process: `python -m tests.bot.house DATABASE_URL API_URL TOKEN`.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.run import Telegram
from knowledge.database import open_database
from knowledge.errors import BadInput
from knowledge.places import Places
from knowledge.records import Records
from knowledge.settings import Settings
from knowledge.types import Answer, Citation, Document, Event, Passage, Question, Standing, Turn

DOCUMENT = Document("d1", "Quyết định về OCOP", "official", "quyet-dinh.html", "0" * 64, url="https://vanban.vn/26")
PASSAGES = tuple(
    Passage("d1", f"Điều {n}/Khoản 1#0", f"Điều {n} khoản 1 nói rằng việc số {n} làm trong {n} ngày.",
            ("Chương II", f"Điều {n}", "Khoản 1"), order=n, page=n)
    for n in range(1, 6)
)  # fmt: skip


class SmallAssistant:
    """Answers every question by repeating it, citing one passage; the database is real."""

    def __init__(self, database_url: str, **settings: Any) -> None:
        settings = {"telegram_token": "123456:TEST-token", "telegram_rate": 1000.0} | settings
        self.settings = Settings(_env_file=None, database_url=database_url, **settings)
        self.engine = open_database(database_url)
        self.records = Records(self.engine)
        self.registry = None
        self.places = Places.load()
        self.asked: list[Question] = []
        self.reply: Callable[[Question], Answer] = self.repeat
        self.slow = 0.0
        self.broken: Callable[[Question], bool] = lambda question: False

    def repeat(self, question: Question) -> Answer:
        """The question as an answer."""
        about = ("Quyết định về OCOP › Điều 2", "Điều 2 khoản 1", "26/2026/QĐ-TTg", PASSAGES[1].text)
        since = date(2026, 5, 22)
        citation = Citation(1, PASSAGES[1].id, *about, "https://vanban.vn/26", 2, since, None, Standing.IN_FORCE)
        text = f"Về câu «{question.text}»: làm trong 2 ngày [1]"
        return Answer(uuid.uuid4().hex, "answered", text, (citation,), (), ("Hồ sơ gồm những gì?",))

    def stream(self, question: Question, *, session_id: str, channel: str) -> Iterator[Event]:
        """As the real one: a status, the text in tokens, the answer; the turn is written down."""
        if len(question.text) > 2000:
            raise BadInput(f"Câu hỏi dài {len(question.text)} ký tự, vượt giới hạn 2000. Anh/chị hãy rút gọn.")
        return self._stream(question, session_id, channel)

    def _stream(self, question: Question, session_id: str, channel: str) -> Iterator[Event]:
        self.asked.append(question)
        if self.broken(question):
            raise RuntimeError("broken on purpose")
        yield Event("status", "Đang tìm…")
        answer = self.reply(question)
        sentences = answer.text.split(". ")
        for sentence in sentences:
            time.sleep(self.slow / len(sentences))
            yield Event("token", sentence)
        self.records.save(Turn(session_id, question, answer, channel, datetime.now(UTC)))
        yield Event("done", answer=answer)

    def ask(self, question: Question, *, session_id: str, channel: str) -> Answer:
        """The drained stream."""
        return [event.answer for event in self.stream(question, session_id=session_id, channel=channel)][-1]  # type: ignore[return-value]

    def passage(self, passage_id: str) -> tuple[Passage, Document, str | None, str | None] | None:
        """One of five passages in a row."""
        for n, passage in enumerate(PASSAGES):
            if passage.id == passage_id:
                before = PASSAGES[n - 1].id if n else None
                return passage, DOCUMENT, before, PASSAGES[n + 1].id if n + 1 < len(PASSAGES) else None
        return None


class RunningBot:
    """The bot in a thread with its own event loop; leaving the block stops it as `sotay serve` would."""

    def __init__(self, assistant: Any, *, patience: float = 0.02, **more: Any) -> None:
        self.telegram = Telegram(assistant, assistant.settings, patience=patience, **more)
        self.longest_pause = 0.0

    def __enter__(self) -> RunningBot:
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        self._ready.wait(5)
        return self

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        watch = asyncio.create_task(self._watch())
        self._ready.set()
        await self.telegram.run(self._stop)
        watch.cancel()

    async def _watch(self) -> None:
        """How long the event loop was ever held up."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.02)
            self.longest_pause = max(self.longest_pause, time.perf_counter() - before - 0.02)

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        assert not self._thread.is_alive(), "the bot did not stop"

    def status(self) -> dict[str, Any]:
        """As the API would show it."""
        return self.telegram.status()


def database_in(folder: Path) -> str:
    """A database file's URL."""
    return f"sqlite:///{folder / 'sotay.db'}"


def main(database_url: str, api_url: str, token: str, slow: str = "0") -> None:
    """The bot alone, until killed."""
    assistant = SmallAssistant(database_url, telegram_token=token, telegram_api_url=api_url, telegram_rate=100)
    assistant.slow = float(slow)
    asyncio.run(Telegram(assistant, assistant.settings, patience=0.05).run(asyncio.Event()))  # type: ignore[arg-type]


if __name__ == "__main__":
    main(*sys.argv[1:])
