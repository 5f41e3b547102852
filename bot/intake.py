"""A document from an admin's chat: kept in the documents folder, read like any other, reported in one line."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot import texts

if TYPE_CHECKING:
    from ingest.sync import Sync

FOLDER = "telegram"


def intake(sync: Sync, documents: Path) -> Callable[[Path, str], str]:
    """What takes a file in. It must stay in the documents folder, or the next start would take it for removed."""

    def take(path: Path, name: str) -> str:
        folder = documents / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        kept = folder / name
        fresh = folder / f".{name}.new"
        shutil.copyfile(path, fresh)
        os.replace(fresh, kept)
        files = sync.run([kept]).files
        if not files:
            return texts.UPLOAD_NOTHING
        file = files[0]
        if file.status in ("refused", "failed"):
            kept.unlink(missing_ok=True)
        said = texts.UPLOAD_STATUS.get(file.status, file.status).format(passages=file.passages, reason=file.reason)
        return " ".join([said, *file.warnings])

    return take
