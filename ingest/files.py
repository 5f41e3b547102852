"""What is on record of each file read in: what a run skips by hash, and which document each file is."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Integer, String, Table, Text, delete, select, update

from knowledge.database import METADATA

FILES = Table(
    "files",
    METADATA,
    Column("path", String(1024), primary_key=True),
    Column("root", String(1024), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("version", String(16), nullable=False),  # of the reading code: new code reads old files again
    Column("document_id", String(64)),
    Column("passages", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("reason", Text, nullable=False),
)


class Files:
    """The files on record; safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def row(self, path: Path) -> Any:
        """What is on record of a file, or None."""
        with self.engine.connect() as connection:
            return connection.execute(select(FILES).where(FILES.c.path == written(path))).first()

    def under(self, root: Path) -> list[Any]:
        """All that is on record of a file, or of the files in a folder and the folders below."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(FILES)).all()
        whole, inside = written(root), written(root).rstrip(os.sep) + os.sep
        return [row for row in rows if row.path == whole or row.path.startswith(inside)]

    def shared(self, row: Any) -> bool:
        """Whether another file is this row's document too: one whose name differs in its normal form alone, or the
        original of this copy."""
        same = (FILES.c.document_id == row.document_id) & (FILES.c.path != row.path)
        others = select(FILES.c.path).where(same, FILES.c.status == "read")
        with self.engine.connect() as connection:
            return connection.execute(others).first() is not None

    def note(
        self,
        root: Path,
        path: Path,
        sha256: str,
        version: str,
        *,
        document_id: str,
        passages: int = 0,
        status: str = "read",
        reason: str = "",
    ) -> None:
        """Put a file on record as it is now."""
        row = {
            "path": written(path), "root": written(root), "sha256": sha256, "version": version,
            "document_id": document_id, "passages": passages, "status": status, "reason": reason,
        }  # fmt: skip
        with self.engine.begin() as connection:
            if connection.execute(update(FILES).where(FILES.c.path == written(path)).values(row)).rowcount == 0:
                connection.execute(FILES.insert(), row)

    def become_copies(self, paths: Iterable[str], document_id: str, reason: str) -> None:
        """Put files on record as copies of another document."""
        values = {"status": "copy", "document_id": document_id, "passages": 0, "reason": reason}
        with self.engine.begin() as connection:
            connection.execute(update(FILES).where(FILES.c.path.in_(list(paths))).values(values))

    def forget(self, path: str) -> None:
        """Take a file off the record."""
        with self.engine.begin() as connection:
            connection.execute(delete(FILES).where(FILES.c.path == path))


def written(path: Path) -> str:
    """The path as text that can be written and printed, also where its bytes are not UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
