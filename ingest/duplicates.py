"""The same paper twice: a decision as DOCX and as PDF, a signed and an unsigned copy, an excerpt beside the whole.

One is cited, the others are its copies: on record, not indexed. `ingest.prints` tells how alike two texts are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    delete,
    or_,
    select,
    update,
)

from ingest.prints import Print, better, same
from knowledge.database import METADATA

PRINTS = Table(
    "prints",
    METADATA,
    Column("path", String(1024), primary_key=True),
    Column("document_id", String(64), nullable=False),  # its own, also where it is a copy
    Column("copy_of", String(1024), index=True),
    Column("likeness", Integer, nullable=False),  # to what it is a copy of, in percent
    Column("number", String(120), nullable=False, index=True),
    Column("signed", String(10), nullable=False),
    Column("issuer", Text, nullable=False),
    Column("legal", Boolean, nullable=False),
    Column("scanned", Boolean, nullable=False),
    Column("size", Integer, nullable=False),
    Column("text_hash", String(64), nullable=False, index=True),
    Column("figures", Text, nullable=False),
    Column("sketch", LargeBinary, nullable=False),
)


@dataclass(frozen=True)
class Match:
    """The cited file that says the same, how alike they are, and whether the new one should be cited instead."""

    of: Print
    likeness: float
    better: bool


class Duplicates:
    """Remembers the prints of all files read; safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def find(self, mine: Print) -> Match | None:
        """The cited file that this one is a copy of, or that should become a copy of this one."""
        near = PRINTS.c.text_hash == mine.text_hash
        if mine.number:
            near = or_(near, PRINTS.c.number == mine.number)
        if mine.legal:  # a signed and an unsigned copy: one of the two has no number
            other = PRINTS.c.number == "" if mine.number else PRINTS.c.number != ""
            near = or_(near, other & PRINTS.c.legal & PRINTS.c.size.between(mine.size * 0.8, mine.size * 1.25))
        if not mine.number:
            alike = PRINTS.c.size.between(mine.size * 0.95, mine.size * 1.05)
            near = or_(near, (PRINTS.c.number == "") & alike)
        query = select(PRINTS).where(near, PRINTS.c.copy_of.is_(None), PRINTS.c.path != mine.path)
        with self.engine.connect() as connection:
            rows = [_print(row) for row in connection.execute(query.where(PRINTS.c.document_id != mine.document_id))]
        found = [(likeness, other) for other in rows if (likeness := same(mine, other))]
        if not found:
            return None
        likeness, best = max(found, key=lambda one: (one[0], one[1].size, one[1].path))
        return Match(best, likeness, better(mine, best))

    def note(self, mine: Print, copy: Match | None = None) -> None:
        """Put a print on record, as cited or as a copy."""
        row = {name: getattr(mine, name) for name in ("path", "document_id", "number", "signed", "issuer", "legal")}
        row |= {"scanned": mine.scanned, "size": mine.size, "text_hash": mine.text_hash}
        row |= {"figures": " ".join(sorted(mine.figures)), "sketch": mine.sketch.tobytes()}
        row |= {"copy_of": copy.of.path if copy else None, "likeness": round(100 * copy.likeness) if copy else 0}
        with self.engine.begin() as connection:
            if connection.execute(update(PRINTS).where(PRINTS.c.path == mine.path).values(row)).rowcount == 0:
                connection.execute(PRINTS.insert(), row)

    def follow(self, old: str, new: Print, likeness: float) -> list[str]:
        """Make the old cited file, and all its copies, copies of the new one; their paths."""
        paths = [old, *self.copies(old)]
        with self.engine.begin() as connection:
            values = {"copy_of": new.path, "likeness": round(100 * likeness)}
            connection.execute(update(PRINTS).where(PRINTS.c.path.in_(paths)).values(values))
        return paths

    def copies(self, path: str) -> list[str]:
        """The paths of a cited file's copies."""
        with self.engine.connect() as connection:
            return list(
                connection.scalars(select(PRINTS.c.path).where(PRINTS.c.copy_of == path).order_by(PRINTS.c.path))
            )

    def strangers(self, mine: Print) -> list[str]:
        """Of the copies on record those that the file, as it reads now, no longer says."""
        query = select(PRINTS).where(PRINTS.c.copy_of == mine.path)
        with self.engine.connect() as connection:
            return [row.path for row in connection.execute(query) if not same(mine, _print(row))]

    def of(self) -> dict[str, tuple[str, int]]:
        """Every copy's path with the path that it is a copy of and how alike they are, in percent."""
        query = select(PRINTS.c.path, PRINTS.c.copy_of, PRINTS.c.likeness).where(PRINTS.c.copy_of.is_not(None))
        with self.engine.connect() as connection:
            return {path: (of, likeness) for path, of, likeness in connection.execute(query)}

    def forget(self, path: str) -> None:
        """Take a file's print away."""
        with self.engine.begin() as connection:
            connection.execute(delete(PRINTS).where(PRINTS.c.path == path))


def _print(row: Any) -> Print:
    own = {name: getattr(row, name) for name in Print.__dataclass_fields__ if name not in ("figures", "sketch")}
    return Print(**own, figures=frozenset(row.figures.split()), sketch=np.frombuffer(row.sketch, np.uint32))
