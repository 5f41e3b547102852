"""`sotay serve` as a process of its own, for tests of starting, stopping and streams."""

from __future__ import annotations

import os
import re
import selectors
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, str(ROOT / "tests" / "small.py")]


def environment(data: Path, **settings: str) -> dict[str, str]:
    """The variables of a server over its own data folder, whatever the caller's own environment says."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SOTAY_")}
    fixed = {
        "SOTAY_DATA_DIR": str(data),
        "SOTAY_DOCUMENTS_DIR": str(data / "documents"),
        "SOTAY_TODAY": "2026-11-21",
        "SOTAY_RATE_LIMIT": "100000/minute",
        "PYTHONUNBUFFERED": "1",
    }
    return own | fixed | settings


class Server:
    """A running server; `url` once it says where it listens."""

    def __init__(self, data: Path, *arguments: str, **settings: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *arguments],
            env=environment(data, **settings),
            cwd=data.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.data = data
        self.url = ""

    def __enter__(self) -> Server:
        line = self._line(60)
        found = re.search(r"http://\S+", line)
        if not found:
            self.process.kill()
            raise AssertionError(f"the server did not start: {line} {self.process.communicate()[1]}")
        self.url = found[0].replace("localhost", "127.0.0.1")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def _line(self, seconds: float) -> str:
        assert self.process.stdout
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            return self.process.stdout.readline() if selector.select(seconds) else ""

    def stop(self, bound: float) -> tuple[int, float]:
        """Send SIGTERM; the exit status and how long it took. Fails after `bound` seconds."""
        started = time.monotonic()
        self.process.terminate()
        status = self.process.wait(bound)
        return status, time.monotonic() - started


def run(data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command that is expected to end by itself."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(data, **settings),
        cwd=data.parent,
        capture_output=True,
        text=True,
        timeout=250,
    )
