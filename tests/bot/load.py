"""1,000 people ask within one minute, within Telegram's limits: each gets exactly one answer.

Run: `python -m tests.bot.load [PEOPLE] [SECONDS]`. Prints one table. The assistant is small: the door is measured.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.bot.house import RunningBot, SmallAssistant, database_in
from tests.bot.test_faults import answered
from tests.botapi import BotAPI


def main(people: int = 1000, seconds: float = 60.0) -> None:
    """Ask, wait for all answers, print what it took."""
    with tempfile.TemporaryDirectory() as folder, BotAPI(limits=True) as server:
        assistant = SmallAssistant(database_in(Path(folder)), telegram_api_url=server.url, telegram_rate=28.0)
        users = [server.user(f"P{n}") for n in range(people)]
        asked: dict[int, float] = {}

        def ask() -> None:
            for n, user in enumerate(users):
                asked[user.id] = time.monotonic()
                user.send(f"câu {n}")
                time.sleep(max(0.0, begun + (n + 1) * seconds / people - time.monotonic()))

        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with RunningBot(assistant, patience=1.0) as bot:
            begun = time.monotonic()
            threading.Thread(target=ask, daemon=True).start()
            server.wait(lambda: len(server.sent()) >= people, timeout=10 * seconds + 60)
            took = time.monotonic() - begun
            server.wait(lambda: bot.status()["messages_waiting"] == 0)
        waits = sorted(message.at - asked[message.chat_id] for message in server.sent())
        counts = answered(server)
        rows = {
            "people": people,
            "asked within, s": round(seconds, 1),
            "all answered after, s": round(took, 1),
            "answered": len(counts),
            "doubled": sum(counts.values()) - len(counts),
            "lost": people - len(counts),
            "429 received": server.limits.refused,
            "wait p50, s": round(waits[len(waits) // 2], 2),
            "wait p95, s": round(waits[int(len(waits) * 0.95)], 2),
            "wait max, s": round(waits[-1], 2),
            "event loop held up at most, ms": round(bot.longest_pause * 1000),
            "memory grown (bot, server and people), MB": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
            // 1024,
        }
        for name, value in rows.items():
            print(f"{name:<44}{value:>10}")


if __name__ == "__main__":
    main(*(kind(word) for kind, word in zip((int, float), sys.argv[1:], strict=False)))
