"""The table of files read in: what a run skips by hash, and which document each file is."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

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
