"""What a document says about itself: its front matter, or the head of a legal text; its title and its id."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast, get_args

from ingest.blocks import Reading
from ingest.head import KINDS, Head, plain_title, read_head
from ingest.sections import missing_articles
from knowledge.text import fold, normalise
from knowledge.types import Document, DocumentKind

HANDBOOK = Path(__file__).resolve().parent.parent / "knowledge" / "handbook"


def describe(
    reading: Reading, path: Path, sha256: str, *, kind: DocumentKind | None = None, origin: str | None = None
) -> Document:
    """The document that a file is. Its id rests on where it comes from, so new content keeps it.

    A page of the shipped handbook is known by its place; the head of a legal text makes it `official`; front matter
    that names instruments makes a file `curated`; all else is `training`.
    """
    if origin is None:
        origin, placed = place(path)
        kind = kind or placed
    page = kind == "handbook"
    front, warnings = _front(reading.metadata)
    head = Head() if page else read_head(reading)
    if kind is None:
        declared = reading.metadata.get("kind")
        kind = "official" if head.number else "curated" if front.get("instruments") else "training"
        if declared in get_args(DocumentKind) and declared != "handbook":
            kind = cast(DocumentKind, declared)
    instrument = reading.metadata.get("instrument")
    return Document(
        id=identity(origin, path),
        title=_title(front, head, reading, path),
        kind=kind,
        origin=origin,
        sha256=sha256,
        instrument=instrument if isinstance(instrument, str) and kind != "handbook" else head.number or None,
        instruments=front.get("instruments", ()),
        topics=front.get("topics", ()),
        locality=front.get("locality", "trung-uong"),
        valid_from=front.get("valid_from") or head.effective,
        valid_to=front.get("valid_to"),
        confidence=front.get("confidence", "chắc chắn"),
        media_type=reading.media_type,
        pages=reading.pages,
        warnings=(*reading.warnings, *warnings, *_gaps(reading, kind)),
    )


def _gaps(reading: Reading, kind: DocumentKind) -> tuple[str, ...]:
    """A warning when articles are missing from an official text: a page lost, or a heading not recognised."""
    missing = missing_articles(reading) if kind == "official" else []
    if not missing:
        return ()
    named = ", ".join(map(str, missing[:10])) + ("…" if len(missing) > 10 else "")
    return (f"Không thấy Điều {named}: có thể tệp thiếu trang hoặc là bản trích.",)


def _front(metadata: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """(the fields of the front matter that are sound, what is wrong with the others)."""
    fields: dict[str, Any] = {}
    warnings = []
    for key in ("title", "locality", "confidence"):
        value = metadata.get(key)
        if isinstance(value, str) and value.strip():
            fields[key] = " ".join(normalise(value).split())
        elif value is not None:
            warnings.append(f"Thông tin đầu trang: `{key}` phải là một dòng chữ.")
    for key in ("instruments", "topics"):
        value = metadata.get(key)
        if isinstance(value, list) and all(isinstance(v, (str, int, float)) for v in value):
            fields[key] = tuple(normalise(str(v)).strip() for v in value)
        elif value is not None:
            warnings.append(f"Thông tin đầu trang: `{key}` phải là danh sách [a, b].")
    for key in ("valid_from", "valid_to"):
        value = metadata.get(key)
        try:
            if value is not None:
                fields[key] = date.fromisoformat(str(value))
        except ValueError:
            warnings.append(f"Thông tin đầu trang: `{key}` phải là ngày dạng 2026-05-22 (đang là {str(value)[:40]}).")
    start, end = fields.get("valid_from"), fields.get("valid_to")
    if start and end and end < start:
        warnings.append("Thông tin đầu trang: `valid_to` sớm hơn `valid_from`.")
    return fields, warnings


_OF_WHOM = re.compile(r"của\b", re.IGNORECASE)  # "QUY ƯỚC / của thôn Đồng Say" is one phrase


def _title(front: Mapping[str, Any], head: Head, reading: Reading, path: Path) -> str:
    if front.get("title"):
        return str(front["title"])
    if head.number:
        kind = head.kind or "Văn bản"
        return f"{kind} {head.number}" + (f": {head.title}" if head.title else "")
    own = reading.title if reading.title.upper().rstrip(" .:") not in KINDS else ""
    if own or not head.title:
        # What stands first in a workbook is the name of a sheet, not of the whole.
        stands_out = "" if reading.media_type.endswith(("sheet", "excel")) else plain_title(reading)
        return own[:300] or stands_out or normalise(path.stem)[:200]
    return f"{head.kind}{' ' if _OF_WHOM.match(head.title) else ': '}{head.title}"


def place(path: Path) -> tuple[str, DocumentKind | None]:
    """(where a file comes from, that it is a page of the shipped handbook or nothing)."""
    page = _in_handbook(path)
    return (f"handbook/{page}", "handbook") if page else (normalise(str(path)), None)


def _in_handbook(path: Path) -> str:
    """The page's path inside the shipped handbook, or nothing."""
    try:
        return path.resolve().relative_to(HANDBOOK).as_posix()
    except (ValueError, OSError, RuntimeError):
        return ""


def identity(origin: str, path: Path | str) -> str:
    """A document's id, readable and stable: the name in plain letters and a hash of where it comes from."""
    name = re.sub(r"[^a-z0-9]+", "-", fold(normalise(Path(path).stem))).strip("-")[:40].strip("-")
    return f"{name or 'tep'}-{hashlib.sha256(origin.encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"
