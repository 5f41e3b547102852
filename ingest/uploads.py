"""Files that an admin sends in: kept under a name of our own in the data folder, the sender's name only as data."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Column, DateTime, Engine, Integer, String, Table, delete, select

from knowledge.database import METADATA
from knowledge.text import normalise

UPLOADS = Table(
    "uploads",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("name", String(255), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sent_by", String(120), nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
)

_NAME = 200


@dataclass(frozen=True)
class Upload:
    """One file that was sent in."""

    id: str
    name: str
    size: int
    sent_by: str
    sent_at: datetime


class Uploads:
    """The folder of uploaded files and what is known of each."""

    def __init__(self, engine: Engine, data_dir: Path) -> None:
        self.engine = engine
        self.folder = (data_dir / "uploads").absolute()

    def save(self, content: IO[bytes], name: str, *, by: str = "") -> Upload:
        """Keep a file; it is whole on the disk, or not there at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        own = secrets.token_hex(12)
        draft = self.folder / f".{own}.part"
        try:
            with open(draft, "wb") as file:
                shutil.copyfileobj(content, file)
                file.flush()
                os.fsync(file.fileno())
            upload = Upload(own, safe_name(name), draft.stat().st_size, by[:120], datetime.now(UTC))
            with self.engine.begin() as connection:
                connection.execute(UPLOADS.insert().values(vars(upload)))
            os.replace(draft, self.path(own))
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return upload

    def path(self, own: str) -> Path:
        """Where an upload lies."""
        return self.folder / own

    def get(self, own: str) -> Upload | None:
        """An upload by its id."""
        with self.engine.connect() as connection:
            row = connection.execute(select(UPLOADS).where(UPLOADS.c.id == own)).first()
        return Upload(**row._mapping) if row else None

    def all(self) -> dict[str, Upload]:
        """Every upload by its id."""
        with self.engine.connect() as connection:
            return {row.id: Upload(**row._mapping) for row in connection.execute(select(UPLOADS))}

    def name_of(self, path: Path) -> str | None:
        """The sender's name of a file in this folder; None for any other file."""
        if path.parent != self.folder:
            return None
        upload = self.get(path.name)
        return upload.name if upload else None

    def remove(self, own: str) -> None:
        """Take a file and what is known of it away."""
        self.path(own).unlink(missing_ok=True)
        with self.engine.begin() as connection:
            connection.execute(delete(UPLOADS).where(UPLOADS.c.id == own))


def safe_name(name: str) -> str:
    """A sender's file name as one printable line without folders: data to show, never a path to open."""
    last = re.split(r"[/\\]", normalise(name).replace("\n", " ").replace("\t", " "))[-1]
    return " ".join(last.split()).strip(". ")[:_NAME] or "tệp không tên"
