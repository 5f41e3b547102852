"""Scanned pages to words: Tesseract with Vietnamese data, page by page, each page with a score.

A page below `DOUBT` is kept with a warning that goes along into every citation, below `FLOOR` it is left out and the
report says so. What was recognised is kept by the hash of the page's picture, so a run that was stopped goes on where
it was, and a changed file costs only its new pages.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import ClassVar

import pypdfium2 as pdfium
from PIL import Image

from ingest import programs, ruled, scan
from ingest.encodings import convert, detect
from ingest.job import Job
from ingest.pdfpage import Rule, Word
from ingest.syllables import is_syllable, vietnamese_share
from knowledge.errors import Unreadable

DPI = 300
# Measured on a page of law blurred and shrunk step by step, the share of words read exactly: 0.98 → 99 %, 0.97 → 95 %,
# 0.91 → 80 %, 0.87 → 65 %, 0.83 → 52 %, 0.78 → 34 %, 0.70 → 18 %; lying on its side 0.50 → 2 %. So nearly every
# recognised page is marked, and one with two words of three wrong is left out.
DOUBT, FLOOR = 0.99, 0.75
# Below this a page is read again without its specks, and the better reading kept. Measured on a speckled scan of 144
# dpi: 0.941 → 0.973, words of which Tesseract is unsure 34 → 4; clean pages read no better so (0.975 → 0.972).
_UNCLEAR = 0.972
_FOREIGN = 0.1
_DUST = 0.002  # share of dark spots below which a page without words is an empty back
_SECONDS = 150.0
_MOST_PIXELS = 40_000_000
_VERSION = "3"


@dataclass
class Scan:
    """What was recognised on one page; `score` is between 0 and 1."""

    words: list[Word] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    score: float = 0.0
    marked: bool = False  # whether there is anything on the page but dust

    DOUBTFUL: ClassVar[str] = "bản quét, có thể sai"

    @property
    def blank(self) -> bool:
        """Whether the page holds no text to speak of: an empty back, a photograph."""
        return sum(len(word.text) for word in self.words) < 12

    @property
    def usable(self) -> bool:
        """Whether the text is good enough to be searched."""
        return not self.blank and self.score >= FLOOR

    @property
    def warning(self) -> str:
        """What a citation of this page says, or nothing for a page read well."""
        return f"{self.DOUBTFUL} (điểm nhận dạng {self.score:.2f})" if self.score < DOUBT else ""


class Recogniser:
    """Recognises the pages of one file; without Tesseract it says once what to install."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.warnings: list[str] = []
        self.scores: dict[int, float] = {}
        self.wordless: list[int] = []  # pages with something on them, but no words

    def read(self, document: pdfium.PdfDocument, index: int) -> Scan | None:
        """The words of a page of a PDF, or None without Tesseract."""
        page = document[index]
        try:
            width, height = page.get_size()
            scale = min(DPI / 72, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
            picture = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil().convert("L")
        finally:
            page.close()
        return self.picture(picture, round(scale * 72), index + 1)

    def picture(self, picture: Image.Image, dpi: int, number: int) -> Scan | None:
        """The words of a picture, or None without Tesseract; coordinates in points."""
        kept = self._kept(picture)
        if kept and kept.is_file():
            try:
                return self._scored(_from_data(json.loads(kept.read_text("utf-8"))), number)
            except (ValueError, KeyError, TypeError):
                kept.unlink(missing_ok=True)
        if programs.tesseract() is None:
            if programs.TESSERACT not in self.warnings:
                self.warnings.append(programs.TESSERACT)
            return None
        found = recognise(picture, dpi)
        if kept:
            part = kept.with_suffix(f".{os.getpid()}")
            part.write_text(json.dumps(asdict(found), ensure_ascii=False), "utf-8")
            part.replace(kept)
        return self._scored(found, number)

    def _scored(self, found: Scan, number: int) -> Scan:
        if not found.blank:
            self.scores[number] = round(found.score, 3)
        elif found.marked:
            self.wordless.append(number)
        return found

    def forget(self, number: int) -> None:
        """What was recognised on this page is not used: it has a text of its own."""
        self.scores.pop(number, None)
        self.wordless = [page for page in self.wordless if page != number]

    def told(self) -> list[str]:
        """How well the pages of the file were read, a line for each thing to know."""
        lines = list(self.warnings)
        kept = {page: score for page, score in self.scores.items() if score >= FLOOR}
        if kept:
            worst = min(kept, key=lambda page: kept[page])
            lowest, highest = (f"{value:.2f}".replace(".", ",") for value in (kept[worst], max(kept.values())))
            span = f"{lowest} (trang {worst})" if lowest == highest else f"{lowest} (trang {worst}) đến {highest}"
            lines.append(f"{len(kept)} trang là bản quét, chữ do máy nhận ra có thể sai: điểm nhận dạng {span}.")
        if unread := sorted(self.scores.keys() - kept.keys()):
            lines.append(f"Bỏ trang {named(unread)}: ảnh quét quá mờ, chữ nhận ra không đủ tin cậy.")
        if self.wordless:
            lines.append(f"Trang {named(self.wordless)} không có chữ nào nhận ra được (chỉ có hình, hoặc quá mờ).")
        return lines

    def _kept(self, picture: Image.Image) -> Path | None:
        if self.job.cache is None:
            return None
        self.job.cache.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(f"{_VERSION} {picture.size}".encode() + picture.tobytes()).hexdigest()[:40]
        return self.job.cache / f"{digest}.json"


def recognise(picture: Image.Image, dpi: int) -> Scan:
    """Straightens a picture and reads it; a page that reads badly is also tried turned as Tesseract thinks it lies."""
    dark = picture.reduce(4).histogram()[:200]
    if not any(dark):  # empty paper
        return Scan()
    marked = sum(dark) > _DUST * picture.width * picture.height / 16
    level, _ = scan.straightened(picture)
    found = _read(level, dpi)
    if found.score < FLOOR and not found.blank:
        turned = _turned(level, dpi)
        if turned is not None:
            level = scan.straightened(turned)[0]
            found = max(found, _read(level, dpi), key=lambda one: one.score)
    if found.score < _UNCLEAR and (marked or not found.blank):
        found = max(found, _read(scan.without_specks(level, dpi), dpi), key=lambda one: one.score)
    return replace(found, marked=marked)


def _read(picture: Image.Image, dpi: int) -> Scan:
    rules = scan.ruling_lines(picture, dpi)
    tables = ruled.find(rules)
    if tables:
        # Cells are read without their borders; the words find their cells by place.
        picture = scan.without_lines(picture, rules, dpi)
    words = _words(_tesseract(picture, dpi, ["--psm", "6" if tables else "3", "tsv"]), dpi)
    return Scan(words, rules if tables else [], _score(words))


def _tesseract(picture: Image.Image, dpi: int, options: list[str]) -> str:
    program = programs.tesseract()
    if program is None:
        raise Unreadable(programs.TESSERACT)
    buffer = io.BytesIO()
    picture.convert("L").save(buffer, "PPM")
    command = [program, "stdin", "stdout", "-l", "vie", "--dpi", str(dpi), *options]
    printed = programs.run(command, data=buffer.getvalue(), seconds=_SECONDS)
    return (printed or b"").decode("utf-8", "replace")


def _turned(picture: Image.Image, dpi: int) -> Image.Image | None:
    program = programs.tesseract()
    buffer = io.BytesIO()
    picture.convert("L").save(buffer, "PPM")
    printed = programs.run([program or "", "stdin", "stdout", "--psm", "0"], data=buffer.getvalue(), seconds=_SECONDS)
    for row in (printed or b"").decode("utf-8", "replace").split("\n"):
        if row.startswith("Rotate:") and row.split()[1] in ("90", "180", "270"):
            return picture.rotate(-int(row.split()[1]), expand=True, fillcolor=255)
    return None


def _words(table: str, dpi: int) -> list[Word]:
    """The words of Tesseract's table; all of a line share one baseline."""
    scale = 72.0 / dpi
    lines: dict[tuple[str, ...], list[tuple[str, float, float, float, float, float]]] = {}
    for row in table.split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip() or float(cells[10]) < 0:
            continue
        x, y, width, height = (int(cell) * scale for cell in cells[6:10])
        lines.setdefault(tuple(cells[2:5]), []).append((cells[11], x, y, width, height, float(cells[10]) / 100))
    heights = [entry[4] for entries in lines.values() for entry in entries if len(entry[0]) > 1]
    usual = median(heights) if heights else 10.0
    words = []
    for entries in lines.values():
        tall = [e for e in entries if e[4] < 2.5 * usual] or entries
        base = median(e[2] + e[4] for e in tall)
        size = min(max(e[4] for e in tall), 1.8 * usual) * 1.1
        # Specks and the rims of stamps come out as lone signs of which Tesseract is unsure.
        words += [
            Word(text, x, x + width, base, size, sure=sure)
            for text, x, _, width, height, sure in entries
            if not (sure < 0.35 and _is_speck(text)) and height < 6 * usual
        ]
    return words


def _is_speck(text: str) -> bool:
    """Whether a word of which Tesseract is unsure is no word at all."""
    bare = text.strip(".,;:()“”\"'-")
    return len(bare) < 2 or not (is_syllable(bare) or bare.isdigit())


def _score(words: list[Word]) -> float:
    """How far the text can be trusted: Tesseract's own certainty and the share of Vietnamese syllables.

    Text that is no Vietnamese (typed without tones, English, codes) rests on the certainty alone, a little less.
    """
    letters = sum(len(word.text) for word in words)
    if not letters:
        return 0.0
    sure = sum(word.sure * len(word.text) for word in words) / letters
    text = " ".join(word.text for word in words)
    charset = detect(text)
    share, count = vietnamese_share(convert(text, charset) if charset else text)
    return sure if count < 5 else max(0.5 * sure + 0.5 * share, sure - _FOREIGN)


def _from_data(data: dict[str, list[dict[str, float]]]) -> Scan:
    words = [Word(**entry) for entry in data["words"]]  # type: ignore[arg-type]
    rules = [Rule(**entry) for entry in data["rules"]]
    return Scan(words, rules, float(data["score"]), bool(data["marked"]))  # type: ignore[arg-type]


def named(pages: Sequence[int]) -> str:
    """Page numbers as a report names them."""
    return ", ".join(map(str, pages[:12])) + ("…" if len(pages) > 12 else "")
