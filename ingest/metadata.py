"""What a document says about itself: its front matter, or the head and the effect clause of a legal text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast, get_args

from ingest.blocks import Heading, ListItem, Paragraph, Reading, Table
from ingest.legal import ARTICLE
from ingest.sections import missing_articles
from knowledge.text import fold, normalise
from knowledge.types import Document, DocumentKind

HANDBOOK = Path(__file__).resolve().parent.parent / "knowledge" / "handbook"

# A number without a space and with at least one slash or dash: 26/2026/QĐ-TTg, 148/QĐ-TTg, 91/2025/QH15, 36-HD/VPTW.
NUMBER = re.compile(
    r"\d{1,5}(?:[a-z]?(?:/\d{4})?|-[A-ZĐ]{1,4})/[A-ZĐƯ][A-ZĐƯa-z]*\d{0,2}(?:-[A-ZĐƯ][A-ZĐƯa-zđ&]*\d{0,2})*"
)
_HEAD_NUMBER = re.compile(
    r"(?:(?:Bộ luật|Luật|Pháp lệnh|Nghị quyết|Nghị định|Quyết định|Thông tư)\s+)?số\s*:?\s*"
    rf"((?-i:{NUMBER.pattern}))",
    re.IGNORECASE,
)
_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_KINDS = (
    "BỘ LUẬT", "LUẬT", "PHÁP LỆNH", "NGHỊ QUYẾT", "NGHỊ ĐỊNH", "QUYẾT ĐỊNH", "CHỈ THỊ", "THÔNG TƯ LIÊN TỊCH",
    "THÔNG TƯ", "CÔNG ĐIỆN", "KẾ HOẠCH", "HƯỚNG DẪN", "THÔNG BÁO", "BÁO CÁO", "TỜ TRÌNH", "CÔNG VĂN",
    "VĂN BẢN HỢP NHẤT",
)  # fmt: skip
_EFFECT = re.compile(
    r"(?:có )?hiệu lực (?:thi hành )?(?:kể )?từ (?P<when>ngày ký|ngày ban hành|ngày[^.;]{0,60})", re.IGNORECASE
)
_SUBJECT = re.compile(
    r"(?:Quyết định|Nghị định|Thông tư|Luật|Bộ luật|Nghị quyết|Pháp lệnh|Chỉ thị|Kế hoạch|Quy định|Quy chế|Văn bản) này"
)
_NAME_ENDS = re.compile(
    r"(?:Căn cứ|Theo |Để |Xét |Kính gửi|Thực hiện|Quốc hội|Chính phủ|THỦ TƯỚNG|BỘ TRƯỞNG|CHỦ TỊCH|ỦY BAN"
    r"|(?:[IVX]+|\d+|[A-H])[.)] |Phần |PHẦN |Chương |CHƯƠNG |[-+(])"
)
_HEAD_LINES = 40


@dataclass(frozen=True)
class Head:
    """What the head of a legal text states; empty where it does not."""

    number: str = ""
    kind: str = ""
    title: str = ""
    issuer: str = ""
    signed: date | None = None
    effective: date | None = None


def describe(
    reading: Reading, path: Path, sha256: str, *, kind: DocumentKind | None = None, origin: str | None = None
) -> Document:
    """The document that a file is. Its id rests on where it comes from, so new content keeps it.

    A page of the shipped handbook is known by its place; the head of a legal text makes it `official`; front matter
    that names instruments makes a file `curated`; all else is `training`.
    """
    page = _in_handbook(path)
    origin = origin or (f"handbook/{page}" if page else normalise(str(path)))
    front, warnings = _front(reading.metadata)
    head = Head() if page else read_head(reading)
    if kind is None:
        declared = reading.metadata.get("kind")
        kind = "official" if head.number else "curated" if front.get("instruments") else "training"
        kind = "handbook" if page else kind
        if declared in get_args(DocumentKind) and declared != "handbook":
            kind = cast(DocumentKind, declared)
    instrument = reading.metadata.get("instrument")
    return Document(
        id=_id(origin, path),
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


def read_head(reading: Reading) -> Head:
    """Number, kind, title, issuer, date of signing and first day of effect, as far as the text states them plainly."""
    lines = letterhead(reading, everything=True)
    first = next((i for i, line in enumerate(lines) if ARTICLE.match(line)), len(lines))
    top = lines[: min(first, _HEAD_LINES)]
    number = next((m.group(1) for line in top if not line.startswith("Căn cứ") and (m := _HEAD_NUMBER.match(line))), "")
    at, kind = next(
        ((i, k) for i, line in enumerate(top) for k in _KINDS if re.match(rf"{k}\b", line) and len(line) < 250),
        (-1, ""),
    )
    if not number:
        return Head(kind=kind.capitalize(), title=_name(top, at, kind) if kind else "")
    signed = next((day for line in top if not line.startswith("Căn cứ") and (day := _day(line))), None)
    return Head(
        number,
        kind.capitalize(),
        _name(top, at, kind) if kind else "",
        _issuer(top),
        signed,
        _effective(lines, signed),
    )


def letterhead(reading: Reading, *, everything: bool = False) -> list[str]:
    """The lines at the top of a text, or all its lines; a letterhead set as a table is read cell by cell."""
    lines: list[str] = []
    for block in reading.blocks:
        if not everything and len(lines) >= _HEAD_LINES:
            break
        if isinstance(block, Table):
            # The small grid at the top that holds issuer, number, place and date.
            if len(lines) < 6 and len(block.rows) <= 8 and max(map(len, block.rows), default=0) <= 3:
                cells = [cell for column in zip(*block.rows, strict=True) for cell in dict.fromkeys(column)]
                lines += [line.strip() for cell in cells for line in cell.split("\n") if line.strip()]
        elif isinstance(block, ListItem):
            lines.append(f"{block.marker} {block.text}")
        elif isinstance(block, (Paragraph, Heading)):
            lines.append(block.text)
    return lines if everything else lines[:_HEAD_LINES]


def _gaps(reading: Reading, kind: DocumentKind) -> tuple[str, ...]:
    """A warning when articles are missing from an official text: a page lost, or a heading not recognised."""
    missing = missing_articles(reading) if kind == "official" else []
    if not missing:
        return ()
    named = ", ".join(map(str, missing[:10])) + ("…" if len(missing) > 10 else "")
    return (f"Không thấy Điều {named}: có thể tệp thiếu trang hoặc là bản trích.",)


def _name(top: list[str], at: int, kind: str) -> str:
    """The name under the kind: up to the first line that grounds, addresses or introduces."""
    words = [top[at][len(kind) :].strip(" :-")]
    for line in top[at + 1 : at + 6]:
        if _NAME_ENDS.match(line):
            break
        if words[-1] and not words[-1].isupper() and line[:1].isupper() and not line.isupper():
            break
        words.append(line)
    return " ".join(word for word in words if word)[:400]


def _issuer(top: list[str]) -> str:
    """The authority in the letterhead: the capitals before the state's name."""
    names = []
    for line in top[:6]:
        if "CỘNG H" in line or _HEAD_NUMBER.match(line) or not line.isupper():
            break
        names.append(line)
    return " ".join(names)[:200]


def _effective(lines: list[str], signed: date | None) -> date | None:
    """The first day of effect where one clause says it plainly; None when parts take effect on different days."""
    found: set[date] = set()
    for line in lines:
        subject = _SUBJECT.search(line)
        match = _EFFECT.search(line, subject.end()) if subject else None
        if not match or not subject or match.start() - subject.end() > 2:  # else it is said of another text
            continue
        when = match.group("when").lower()
        day = signed if when.startswith(("ngày ký", "ngày ban hành")) else _day(when)
        if day:
            found.add(day)
    return found.pop() if len(found) == 1 else None


def _day(text: str) -> date | None:
    match = _DATE.search(text) or _SLASHED.search(text)
    if not match:
        return None
    try:
        return date(int(match.group(3)), int(match.group(2)), int(match.group(1)))
    except ValueError:
        return None


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


def _title(front: Mapping[str, Any], head: Head, reading: Reading, path: Path) -> str:
    if front.get("title"):
        return str(front["title"])
    if head.number:
        kind = head.kind or "Văn bản"
        return f"{kind} {head.number}" + (f": {head.title}" if head.title else "")
    if reading.title or not head.title:
        return reading.title[:300] or normalise(path.stem)[:200]
    return f"{head.kind}: {head.title}"


def _in_handbook(path: Path) -> str:
    """The page's path inside the shipped handbook, or nothing."""
    try:
        return path.resolve().relative_to(HANDBOOK).as_posix()
    except (ValueError, OSError, RuntimeError):
        return ""


def _id(origin: str, path: Path) -> str:
    """Readable and stable: the name in plain letters and a hash of where it comes from."""
    name = re.sub(r"[^a-z0-9]+", "-", fold(normalise(path.stem))).strip("-")[:40].strip("-")
    return f"{name or 'tep'}-{hashlib.sha256(origin.encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"
