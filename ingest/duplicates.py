"""The same paper twice: a decision as DOCX and as PDF, a signed and an unsigned copy, an excerpt beside the whole.

One is cited, the others are its copies: on record, not indexed. Told by the instrument's number and by how many
five-syllable shingles of the shorter text stand in the longer one (folded, so that a scan compares too). Papers of one
mould differ in their numbers and figures, so those must agree; texts without a number must agree nearly to the letter.
"""

from __future__ import annotations

import hashlib
import json
import zlib
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

from ingest.blocks import Reading
from ingest.head import read_head
from knowledge.database import METADATA
from knowledge.text import fold, syllables
from knowledge.types import Document

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

_SHINGLE = 5
_KEPT = 2048  # the smallest hashes: containment is then told within about 2 points
_ALIKE, _ALIKE_SCAN, _ALIKE_UNSIGNED, _ALIKE_UNNUMBERED = 0.85, 0.6, 0.9, 0.97
_ENOUGH, _ENOUGH_UNNUMBERED = 20, 200  # shingles below which likeness says little
_LONGER = 1.3  # from here on the longer one is the whole and the other an excerpt


@dataclass(frozen=True)
class Print:
    """What one file's text is recognised by."""

    path: str
    document_id: str
    number: str
    signed: str
    issuer: str
    legal: bool
    scanned: bool
    size: int
    text_hash: str
    figures: frozenset[str]
    sketch: np.ndarray  # sorted uint32
    copy_of: str | None = None
    likeness: int = 0


@dataclass(frozen=True)
class Match:
    """The cited file that says the same, how alike they are, and whether the new one should be cited instead."""

    of: Print
    likeness: float
    better: bool


def fingerprint(path: str, document: Document, reading: Reading) -> Print | None:
    """A file's print; None for what is never a copy (pages with their own front matter speak for themselves)."""
    if document.kind not in ("official", "training"):
        return None
    words = syllables(reading.text)
    folded = [fold(word) for word in words]
    grams = {zlib.crc32(" ".join(folded[i : i + _SHINGLE]).encode()) for i in range(len(folded) - _SHINGLE + 1)}
    head = read_head(reading)
    said = json.dumps(dict(reading.metadata), sort_keys=True, default=str)
    return Print(
        path=path,
        document_id=document.id,
        number=document.instrument or "",
        signed=head.signed.isoformat() if head.signed else "",
        issuer=" ".join(fold(head.issuer).split()),
        legal=bool(head.kind or head.number) and not reading.metadata,
        scanned=bool(reading.page_warnings),
        size=len(grams),
        text_hash=hashlib.sha256(f"{said}\x1f{' '.join(words)}".encode()).hexdigest(),
        figures=frozenset(word for word in folded if word[0].isdigit()),
        sketch=np.array(sorted(grams)[:_KEPT], np.uint32),
    )


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
        return Match(best, likeness, _better(mine, best))

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


def same(one: Print, other: Print) -> float:
    """How alike two texts are (0–1) when they are one paper; 0 when they are not."""
    if one.text_hash == other.text_hash:
        return 1.0
    if bool(one.number) != bool(other.number) and not (one.legal and other.legal):
        return 0.0
    if one.number and other.number:
        if one.number != other.number or (one.signed and other.signed and one.signed != other.signed):
            return 0.0
        if not (one.scanned or other.scanned) and not _issuers_agree(one.issuer, other.issuer):
            return 0.0
        wanted, enough = _ALIKE_SCAN if one.scanned or other.scanned else _ALIKE, _ENOUGH
    elif one.number or other.number:
        wanted, enough = _ALIKE_UNSIGNED, _ENOUGH
    else:
        wanted, enough = _ALIKE_UNNUMBERED, _ENOUGH_UNNUMBERED
    if min(one.size, other.size) < enough or not _figures_agree(one, other):
        return 0.0
    likeness = containment(one.sketch, other.sketch)
    return likeness if likeness >= wanted else 0.0


def containment(a: np.ndarray, b: np.ndarray) -> float:
    """The share of the shorter text's shingles that the other holds, from the smallest hashes of both."""
    if not len(a) or not len(b):
        return 0.0
    limit = min([int(part[-1]) for part in (a, b) if len(part) == _KEPT] or [2**32])
    a, b = a[a <= limit], b[b <= limit]
    return float(np.intersect1d(a, b, assume_unique=True).size / max(1, min(len(a), len(b))))


def _issuers_agree(one: str, other: str) -> bool:
    """Whether two letterheads may be one: a page header may stand above either."""
    a, b = set(one.split()), set(other.split())
    return a <= b or b <= a


def _figures_agree(one: Print, other: Print) -> bool:
    """Whether the shorter text's figures stand in the other: papers of one mould differ in them."""
    if one.scanned or other.scanned:
        return True
    short, long = sorted((one, other), key=lambda p: p.size)
    if not (one.number or other.number):
        return short.figures == long.figures
    if bool(one.number) != bool(other.number):
        short, long = (one, other) if other.number else (other, one)
    return len(short.figures - long.figures) <= 1 + 0.02 * len(short.figures)


def _better(mine: Print, other: Print) -> bool:
    """Whether the new one is to be cited: the whole before an excerpt, a signed copy before an unsigned, text before
    a scan; else the one that came first."""
    if mine.size > _LONGER * other.size or other.size > _LONGER * mine.size:
        return mine.size > other.size
    return (bool(mine.number), not mine.scanned) > (bool(other.number), not other.scanned)


def _print(row: Any) -> Print:
    own = {name: getattr(row, name) for name in Print.__dataclass_fields__ if name not in ("figures", "sketch")}
    return Print(**own, figures=frozenset(row.figures.split()), sketch=np.frombuffer(row.sketch, np.uint32))
