"""Helper programs that are not Python packages: where they are, and what to install when they are not."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache

_PATH = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin:/snap/bin"
TESSERACT = (
    "Cần Tesseract với dữ liệu tiếng Việt để đọc bản quét và ảnh: apt-get install tesseract-ocr tesseract-ocr-vie."
)
OFFICE = (
    "Cần LibreOffice để đọc tệp .doc và .rtf: apt-get install libreoffice-writer-nogui (đọc tạm được bằng: antiword)."
)


@cache
def find(*names: str) -> str | None:
    """The path of the first of these programs that is installed."""
    import os

    search = os.pathsep.join([os.environ.get("PATH", ""), _PATH])
    return next((path for name in names if (path := shutil.which(name, path=search))), None)


@cache
def tesseract() -> str | None:
    """The path of Tesseract when it is installed with Vietnamese data."""
    path = find("tesseract")
    if path is None:
        return None
    try:
        listed = subprocess.run([path, "--list-langs"], capture_output=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    return path if "vie" in listed.decode("utf-8", "replace").split() else None


def office() -> str | None:
    """The path of LibreOffice."""
    return find("soffice", "libreoffice", "loffice")


def run(
    command: Sequence[str], *, data: bytes = b"", seconds: float, env: dict[str, str] | None = None
) -> bytes | None:
    """What a program prints, or None when it fails or takes too long."""
    import os

    base = {"PATH": os.environ.get("PATH", "") or _PATH, "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(
            list(command),
            input=data,
            capture_output=True,
            timeout=seconds,
            env=base | (env or {}),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
