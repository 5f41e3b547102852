"""Checks of the shipped handbook: each line sourced, each source in the register, each page inside its rules' time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ingest.chunk import chunk
from ingest.markdown import read_markdown
from ingest.metadata import HANDBOOK, describe
from ingest.sources import Mark, read_sources
from knowledge.catalogue import load_sources
from knowledge.places import NATIONAL, Places
from knowledge.registry import Registry
from knowledge.settings import load_settings
from knowledge.text import normalise
from knowledge.types import Document, Interval
from knowledge.units import cells_of, is_row
from knowledge.validity import intersect

_REQUIRED = ("title", "topics", "instruments", "valid_from", "locality", "confidence", "reviewed")
AREAS = ("ocop", "bo-san-pham", "bao-bi", "cau-chuyen", "ten-goi", "ntm", "chung")
_CONFIDENCE = ("chắc chắn", "một nguồn")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")


@dataclass(frozen=True)
class Page:
    """One page as its file has it: path inside the handbook, front matter, body lines with their numbers."""

    name: str
    path: Path
    front: dict[str, Any]
    document: Document
    lines: tuple[tuple[int, str], ...]


def pages(folder: Path = HANDBOOK) -> list[Page]:
    """All pages, by path."""
    return [_page(path, folder) for path in sorted(folder.rglob("*.md")) if path.name != "README.md"]


def check(folder: Path = HANDBOOK) -> list[str]:
    """What is wrong with the handbook, one line each, as `page:line: fault`; empty when all is well."""
    registry, catalogue, places = Registry.load(), load_sources(), Places.load()
    today = load_settings().current_day()
    faults = [f"instruments.yaml: {problem}" for problem in registry.validate()]
    for page in pages(folder):
        found = [
            *_front_faults(page, places),
            *_period_faults(page, registry),
            *_line_faults(page, registry, set(catalogue), today),
            *_link_faults(page),
        ]
        faults += [f"{page.name}{fault}" for fault in found]
    return faults


def coverage(folder: Path = HANDBOOK) -> list[dict[str, Any]]:
    """What each page covers: title, topics, sections, passages, words, instruments, period."""
    told = []
    for page in pages(folder):
        reading = read_markdown(page.path.read_text(encoding="utf-8"))
        body = " ".join(line for _, line in page.lines)
        told.append(
            {
                "page": page.name,
                "title": page.document.title,
                "topics": list(page.document.topics),
                "sections": sum(line.startswith("## ") for _, line in page.lines),
                "passages": len(chunk(page.document, reading)),
                "words": len(re.sub(r"\{[^{}]*\}", " ", body).split()),
                "instruments": list(page.document.instruments),
                "valid_from": _iso(page.document.valid_from),
                "valid_to": _iso(page.document.valid_to),
                "locality": page.document.locality,
            }
        )
    return told


def coverage_table(told: Sequence[dict[str, Any]]) -> str:
    """The coverage for people: a line a page, a total at the end."""
    lines = []
    for row in told:
        period = f"{row['valid_from'] or '…'} – {row['valid_to'] or 'nay'}"
        lines.append(f"{row['page']:52} {row['sections']:>3} mục {row['passages']:>3} đoạn  {period:26} {row['title']}")
    total = {name: sum(row[name] for row in told) for name in ("sections", "passages", "words")}
    lines.append(f"{len(told)} trang, {total['sections']} mục, {total['passages']} đoạn, {total['words']} từ.")
    return "\n".join(lines)


# -- faults ------------------------------------------------------------------------------------------------------------


def _front_faults(page: Page, places: Places) -> Iterator[str]:
    for name in _REQUIRED:
        if name not in page.front:
            yield f": thiếu `{name}` ở đầu trang"
    for warning in page.document.warnings:
        yield f": {warning}"
    topics = page.document.topics
    if not topics or topics[0] not in AREAS:
        yield f": chủ đề đầu tiên phải là một trong {', '.join(AREAS)}"
    if page.document.confidence not in _CONFIDENCE:
        yield f": độ tin «{page.document.confidence}» không dùng được"
    locality = page.document.locality
    if locality != NATIONAL and locality not in places.provinces:
        yield f": địa phương «{locality}» không có trong provinces.yaml"


def _period_faults(page: Page, registry: Registry) -> Iterator[str]:
    document = page.document
    span = Interval(document.valid_from or date.min, document.valid_to)
    held: tuple[Interval, ...] = (span,)
    for key in document.instruments:
        if registry.get(key) is None:
            yield f": văn bản «{key}» không có trong sổ đăng ký"
            continue
        intervals = registry.intervals(key)
        if intervals is None:
            continue
        both = intersect((span,), intervals)
        held = intersect(held, intervals)
        if not both or both[0].start != span.start or both[-1].end != span.end:
            yield f": thời gian của trang không nằm trong hiệu lực của {key}"
    if not held and document.instruments:
        yield ": các văn bản của trang không lúc nào cùng có hiệu lực"


def _line_faults(page: Page, registry: Registry, catalogue: set[str], today: date) -> Iterator[str]:
    in_table = False
    for number, line in page.lines:
        text = line.strip()
        if not text or text.startswith("#") or _RULE.match(text):
            in_table = in_table and bool(text)
            continue
        header = is_row(text) and not in_table
        in_table = is_row(text)
        words, marks, problems = read_sources(text)
        for problem in problems:
            yield f":{number}: {problem}"
        if not marks and not header and not words.rstrip("*_ ").endswith(":"):
            yield f":{number}: dòng không có nguồn: {words[:60]}"
        for mark in marks:
            if fault := _mark_fault(mark, page.document, registry, catalogue, today):
                yield f":{number}: {fault}"
        if in_table and not any(cells_of(words)):
            yield f":{number}: dòng bảng trống"


def _mark_fault(mark: Mark, document: Document, registry: Registry, catalogue: set[str], today: date) -> str:
    if mark.kind == "advice" or mark.key in catalogue:
        return ""
    instrument = registry.get(mark.key)
    if instrument is None or instrument.key != mark.key:
        if instrument is not None:
            return f"nguồn «{mark.key}» phải viết đủ là «{instrument.key}»"
        several = registry.candidates(mark.key)
        return f"nguồn «{mark.key}» " + ("trùng số, cần thêm @ngày ký" if several else "không có trong sổ đăng ký")
    if mark.kind == "past" or instrument.in_force is None:
        return ""
    until = document.valid_to or today
    held = [i for i in instrument.in_force if i.overlaps(Interval(document.valid_from or date.min, until))]
    if not held or (document.valid_to is None and not any(i.contains(today) for i in instrument.in_force)):
        return (
            f"«{mark.key}» không còn (hoặc chưa) hiệu lực mà được dẫn như đang áp dụng; dùng `cũ` nếu nói chuyện trước"
        )
    return ""


def _link_faults(page: Page) -> Iterator[str]:
    for number, line in page.lines:
        for target in _LINK.findall(line):
            if not target.startswith(("http:", "https:")) and not (page.path.parent / target.split("#")[0]).is_file():
                yield f":{number}: liên kết hỏng «{target}»"


def _page(path: Path, folder: Path) -> Page:
    text = normalise(path.read_text(encoding="utf-8"))
    reading = read_markdown(text)
    # Comments are notes and ways of asking: nothing in them is said to anyone.
    lines = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text).split("\n")
    body = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), 0) + 1 if lines[0] == "---" else 0
    numbered = tuple((n + 1, line) for n, line in enumerate(lines) if n >= body)
    return Page(
        path.relative_to(folder).as_posix(), path, dict(reading.metadata), describe(reading, path, ""), numbered
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
