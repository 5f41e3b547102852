"""What one file's text is recognised by, and how alike two texts are.

Told by the instrument's number and by how many five-syllable shingles of the shorter text stand in the longer one
(folded, so that a scan compares too). Papers of one mould differ in their numbers and figures, so those must agree;
texts without a number must agree nearly to the letter.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass

import numpy as np

from ingest.blocks import Reading
from ingest.head import read_head
from knowledge.text import fold, syllables
from knowledge.types import Document

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


def fingerprint(path: str, document: Document, reading: Reading) -> Print | None:
    """A file's print; None for what is never a copy (pages with their own front matter speak for themselves)."""
    if not document.is_paper:
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


def better(mine: Print, other: Print) -> bool:
    """Whether the new one is to be cited: the whole before an excerpt, a signed copy before an unsigned, text before
    a scan; else the one that came first."""
    if mine.size > _LONGER * other.size or other.size > _LONGER * mine.size:
        return mine.size > other.size
    return (bool(mine.number), not mine.scanned) > (bool(other.number), not other.scanned)
