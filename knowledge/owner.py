"""One process owns a data folder, so that no two ever write one index.

The owner holds an exclusive `flock` on `owner.json`, which also tells its address and a secret made for this one start:
other commands find it there and talk to it. The lock ends with the process, however it ends.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from knowledge.errors import FolderOwned, SotayError

FILE = "owner.json"


@dataclass(frozen=True)
class Owner:
    """The running owner as its file tells it; `url` is empty while it starts or when it serves no one."""

    pid: int
    url: str
    secret: str


class Claim:
    """The right to a data folder, held until released or the process ends."""

    def __init__(self, folder: Path, file: IO[str]) -> None:
        self.folder = folder
        self.secret = secrets.token_urlsafe(24)
        self._file = file
        self.announce("")

    def announce(self, url: str) -> None:
        """Tell the address at which this owner answers other commands."""
        self._file.seek(0)
        self._file.truncate()
        json.dump({"pid": os.getpid(), "url": url, "secret": self.secret}, self._file)
        self._file.flush()

    def release(self) -> None:
        """Let the folder go."""
        if not self._file.closed:
            self._file.seek(0)
            self._file.truncate()
            self._file.close()


def claim(folder: Path) -> Claim:
    """Become the owner; raises FolderOwned naming the present one, SotayError where the folder is unusable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise SotayError(f"Không dùng được thư mục dữ liệu {folder}: {error.strerror}.") from error
    file = os.fdopen(descriptor, "r+", encoding="utf-8")
    if not _lock(file):
        owner = _read(file)
        file.close()
        who = f"tiến trình {owner.pid}" if owner else "một tiến trình khác"
        if owner and not owner.url:  # a command that will soon be done, or a server that is starting
            raise FolderOwned(
                f"Thư mục dữ liệu {folder} đang do một lệnh khác của Sổ tay giữ (tiến trình {owner.pid}). "
                "Hãy đợi lệnh đó xong rồi chạy lại, hoặc đặt SOTAY_DATA_DIR khác."
            )
        where = f" tại {owner.url}" if owner else ""
        raise FolderOwned(
            f"Thư mục dữ liệu {folder} đang do {who}{where} giữ. "
            "Hãy dùng tiến trình đó, dừng nó lại, hoặc đặt SOTAY_DATA_DIR khác."
        )
    return Claim(folder, file)


def running_owner(folder: Path) -> Owner | None:
    """The live owner of a folder, or None; never waits and never takes the folder."""
    try:
        with open(folder / FILE, encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return _read(file)
    except OSError:
        pass
    return None


def _lock(file: IO[str]) -> bool:
    # `running_owner` holds the lock for a moment too: half a second tells a look from an owner.
    for _ in range(20):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.025)
        else:
            return True
    return False


def _read(file: IO[str]) -> Owner | None:
    try:
        file.seek(0)
        data = json.load(file)
        return Owner(int(data["pid"]), str(data["url"]), str(data["secret"]))
    except (ValueError, KeyError, TypeError, OSError):
        return None
