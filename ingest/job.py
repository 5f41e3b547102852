"""What a reader is given: the bytes of one file, where recognised pages may be kept, and whom to tell of progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


def _silent(done: int, total: int) -> None:
    return None


@dataclass(frozen=True)
class Job:
    """One file to read. `text` is filled for types that are text; `depth` counts archives and mails around it."""

    data: bytes
    text: str = ""
    cache: Path | None = None
    step: Callable[[int, int], None] = _silent
    depth: int = 0
