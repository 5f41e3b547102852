"""Scans: recognised page by page with a score and a visible warning, kept between runs; else what to install."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from papers import LAW, Pdf, saved, scan
from PIL import Image, ImageDraw, ImageFilter

from ingest import ocr, programs
from ingest.blocks import Table
from ingest.chunk import chunk
from ingest.flow import Row, Sheet
from ingest.job import Job
from ingest.metadata import describe
from ingest.misread import mend
from ingest.ocr import FLOOR, Scan, recognise
from ingest.pdfpage import Word
from ingest.readers import read_bytes, read_job
from ingest.sandbox import Sandbox
from ingest.scan import ruling_lines, straightened, without_specks
from knowledge.errors import Unreadable
from knowledge.text import fold

HERE = programs.tesseract() is not None


def scanned(*pages: object) -> bytes:
    made = Pdf()
    for page in pages:
        made.page(picture=page)  # type: ignore[arg-type]
    return made.bytes()


def texts_of(found: Scan) -> str:
    return " ".join(word.text for word in found.words)


def alike(text: str) -> float:
    """The share of the words of the law that a text holds, diacritics aside."""
    words = fold(text).split()
    wanted = fold(" ".join(LAW)).split()
    return sum(word in words for word in wanted) / len(wanted)


@pytest.mark.parametrize("form", ["PDF", "PNG", "JPEG", "TIFF"])
def test_scans_are_read_or_say_what_to_install(form: str) -> None:
    data = scanned(scan()) if form == "PDF" else saved(scan(), form, dpi=(200, 200))
    if not HERE:
        with pytest.raises(Unreadable, match="apt-get install tesseract-ocr tesseract-ocr-vie"):
            read_bytes(data)
        return
    reading = read_bytes(data)
    assert alike(reading.text) > 0.85
    assert "bản quét, có thể sai" in reading.page_warnings[1]
    assert {block.page for block in reading.blocks} == {1}


def test_the_warning_goes_into_the_passages() -> None:
    if not HERE:
        with pytest.raises(Unreadable):
            read_bytes(scanned(scan()))
        return
    reading = read_bytes(scanned(scan()))
    passages = chunk(describe(reading, Path("quet.pdf"), "0" * 64), reading)
    assert passages
    assert all("có thể sai" in passage.warning for passage in passages)


def test_pages_of_a_tiff_keep_their_numbers() -> None:
    if not HERE:
        return
    data = saved(scan(LAW[:4]), "TIFF", save_all=True, append_images=[scan(LAW[4:])], dpi=(200, 200))
    reading = read_bytes(data)
    assert reading.pages == 2
    assert {block.page for block in reading.blocks} == {1, 2}


@pytest.mark.parametrize("turn", [-2.5, 1.5])
def test_a_crooked_page_is_straightened(turn: float) -> None:
    level, angle = straightened(scan(turn=turn))
    assert abs(angle + turn) < 0.5
    assert level.size == scan().size


def test_a_straight_page_is_left_alone() -> None:
    picture = scan()
    assert straightened(picture) == (picture, 0.0)


def test_ruling_lines_are_found_in_a_picture() -> None:
    from PIL import ImageDraw

    picture = scan()
    pen = ImageDraw.Draw(picture)
    for x in (200, 700, 1200):
        pen.line((x, 1200, x, 1600), fill=0, width=3)
    for y in (1200, 1400, 1600):
        pen.line((200, y, 1200, y), fill=0, width=3)
    rules = ruling_lines(picture, 200)
    assert {round(r.y0 / 72 * 20) for r in rules if r.y0 == r.y1} >= {120, 140, 160}
    assert {round(r.x0 / 72 * 20) for r in rules if r.x0 == r.x1} >= {20, 70, 120}


def test_tables_of_a_scan_stay_tables() -> None:
    if not HERE:
        return
    from PIL import ImageDraw

    rows = (("Tieu chi", "Diem so"), ("Nguon ong", "Nam diem"), ("Chat luong", "Muoi diem"))
    picture = scan([])
    pen = ImageDraw.Draw(picture)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            x, y = 250 + 450 * j, 500 + 100 * i
            pen.rectangle((x, y, x + 450, y + 100), outline=0, width=3)
            picture.paste(scan([text]).crop((200, 220, 600, 290)), (x + 15, y + 12))
    tables = [block for block in read_bytes(scanned(picture)).blocks if isinstance(block, Table)]
    assert len(tables) == 1
    assert len(tables[0].rows) == 3
    assert len(tables[0].rows[0]) == 2


def worse(*, dpi: int = 200, blur: float = 0.0, noise: int = 0) -> Image.Image:
    """The page as a poor scanner gives it, at 200 dots per inch."""
    picture = scan(noise=noise).filter(ImageFilter.GaussianBlur(blur))
    low = picture.resize((picture.width * dpi // 200, picture.height * dpi // 200), Image.Resampling.BICUBIC)
    return low.resize(picture.size, Image.Resampling.BICUBIC)


@pytest.mark.skipif(not HERE, reason="needs Tesseract")
@pytest.mark.parametrize("turn", [4.5])
def test_a_skewed_scan_reads_as_well_as_a_straight_one(turn: float) -> None:
    straight, skewed = recognise(scan(), 200), recognise(scan(turn=turn), 200)
    assert alike(texts_of(skewed)) > 0.95
    assert skewed.score > straight.score - 0.03
    # Unless it is straightened, lines run into each other.
    assert alike(texts_of(ocr._read(scan(turn=turn), 200))) < alike(texts_of(skewed))


@pytest.mark.skipif(not HERE, reason="needs Tesseract")
@pytest.mark.parametrize("quarter", [90])
def test_a_page_scanned_on_its_side_is_turned(quarter: int) -> None:
    found = recognise(scan(LAW * 3).rotate(quarter, expand=True), 200)
    assert alike(texts_of(found)) > 0.95
    assert found.usable


@pytest.mark.skipif(not HERE, reason="needs Tesseract")
def test_a_coarse_picture_is_enlarged_before_it_is_read() -> None:
    coarse = scan(dpi=60)
    assert alike(read_bytes(saved(coarse, dpi=(60, 60))).text) > 0.9
    assert alike(read_bytes(saved(coarse)).text) > 0.9  # no resolution stated: taken for a page
    assert alike(texts_of(ocr._read(coarse, 60))) < alike(read_bytes(saved(coarse)).text)


@pytest.mark.skipif(not HERE, reason="needs Tesseract")
def test_the_score_falls_with_what_is_read_right_and_the_floor_leaves_out_guesses() -> None:
    made = Pdf()
    made.lines(LAW)
    for page in (worse(), worse(dpi=45), worse(blur=5)):
        made.page(picture=page)
    reading = read_bytes(made.bytes())
    assert set(reading.scores) == {2, 3, 4}
    assert 1 > reading.scores[2] > reading.scores[3] > FLOOR > reading.scores[4]
    read = {n: alike(" ".join(b.text for b in reading.blocks if b.page == n)) for n in (2, 3, 4)}
    assert read[2] > 0.9
    assert read[3] > 0.5  # what is kept is mostly right
    assert read[4] == 0
    assert set(reading.page_warnings) == {2, 3}
    assert any(w.startswith("2 trang là bản quét") for w in reading.warnings)
    assert any(w.startswith("Bỏ trang 4:") for w in reading.warnings)


@pytest.mark.skipif(not HERE, reason="needs Tesseract")
def test_text_without_tones_is_doubtful_but_kept() -> None:
    found = recognise(scan([fold(line) for line in LAW]), 200)
    assert found.usable
    assert found.warning


@pytest.mark.skipif(not HERE, reason="needs Tesseract")
def test_a_page_with_a_picture_alone_is_told_and_an_empty_back_is_not() -> None:
    drawing = Image.new("L", scan().size, 255)
    ImageDraw.Draw(drawing).ellipse((300, 400, 1300, 1400), fill=60)
    made = Pdf()
    made.lines(LAW)
    made.page(picture=drawing)
    made.page(picture=Image.new("L", drawing.size, 250))
    assert read_bytes(made.bytes()).warnings == ("Trang 2 không có chữ nào nhận ra được (chỉ có hình, hoặc quá mờ).",)


def test_dust_goes_and_dots_stay() -> None:
    clean, dusty = scan(), scan(noise=1500)
    swept = np.asarray(without_specks(dusty, 200)) < 128
    ink, dust = np.asarray(clean) < 128, np.asarray(dusty) < 128
    assert (swept & ink).sum() > 0.9 * ink.sum()  # letters with their tones
    assert (swept & ~ink).sum() < 0.25 * (dust & ~ink).sum()


def test_a_page_read_badly_is_tried_without_specks(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def read(picture: Image.Image, dpi: int) -> Scan:
        seen.append(picture)
        return Scan([Word("nuôi", 10, 20, 30, 10, sure=0.9)] * 20, [], given[len(seen) - 1])

    monkeypatch.setattr(ocr, "_read", read)
    given = [0.95, 0.97]
    assert recognise(scan(noise=50), 200).score == 0.97
    given, seen = [0.95, 0.9], []
    assert recognise(scan(noise=50), 200).score == 0.95
    given, seen = [0.98], []
    assert recognise(scan(noise=50), 200).score == 0.98
    assert len(seen) == 1


def test_a_page_below_the_floor_is_left_out_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = Scan([Word("x#q", 10, 20, 30, 10, sure=0.2)] * 20, [], 0.2)
    monkeypatch.setattr(programs, "tesseract", lambda: "/bin/true")
    monkeypatch.setattr(ocr, "recognise", lambda picture, dpi: bad)
    made = Pdf()
    made.lines(LAW)
    made.page(picture=scan(LAW[:1]))
    reading = read_bytes(made.bytes())
    assert any("Bỏ trang 2" in warning for warning in reading.warnings)
    assert {block.page for block in reading.blocks} == {1}


def test_pages_recognised_once_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls = []

    def recognise(picture: object, dpi: int) -> Scan:
        calls.append(dpi)
        return Scan(
            [Word(w, 50 + 40 * i, 80 + 40 * i, 400, 12, sure=0.9) for i, w in enumerate(LAW[0].split())], [], 0.9
        )

    monkeypatch.setattr(programs, "tesseract", lambda: "/bin/true")
    monkeypatch.setattr(ocr, "recognise", recognise)
    data = scanned(scan(LAW[:1]), scan(LAW[1:2]))
    first = read_job(Job(data, cache=tmp_path))
    assert len(calls) == 2
    assert read_job(Job(data, cache=tmp_path)) == first
    assert read_job(Job(scanned(scan(LAW[:1]), scan(LAW[1:2]), scan(LAW[2:3])), cache=tmp_path)).pages == 3
    assert len(calls) == 3
    for kept in tmp_path.iterdir():
        kept.write_text("hỏng")
    assert read_job(Job(data, cache=tmp_path)) == first


def test_progress_by_page_reaches_the_parent(tmp_path: Path) -> None:
    made = Pdf()
    for _ in range(3):
        made.lines(LAW)
    path = tmp_path / "a.pdf"
    path.write_bytes(made.bytes())
    told: list[tuple[int, int]] = []
    with Sandbox() as sandbox:
        sandbox.read(path, progress=lambda done, total: told.append((done, total)))
    assert told
    assert told[0][1] == 3


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        (["Điêu 1. Một", "_ Điều §. Hai", "Điều 3, Ba"], ["Điều 1. Một", "Điều 2. Hai", "Điều 3. Ba"]),
        (["Điều 16. A", "Điều 1. B", "Điền 18. C"], ["Điều 16. A", "Điều 17. B", "Điều 18. C"]),
        (["Chương I", "Chương HI |", "Chương IH"], ["Chương I", "Chương II", "Chương III"]),
        (["a) A", "b) B", "e) C", "d) D", "đ) Đ"], ["a) A", "b) B", "c) C", "d) D", "đ) Đ"]),
        (["c) C", "đ) D", "đ) Đ", "e) E"], ["c) C", "d) D", "đ) Đ", "e) E"]),
        (["Điều 2. A", "L Một là", "2. Hai", "L Ba"], ["Điều 2. A", "1. Một là", "2. Hai", "L Ba"]),
        (["từ ngày O1 tháng l1 năm 2021, ngày lễ"], ["từ ngày 01 tháng 11 năm 2021, ngày lễ"]),
        (["]. Một", "2, Hai", "| dân cư"], ["1. Một", "2. Hai", "dân cư"]),
        (['theo quy "¬ định', 'người "Cao tuổi'], ["theo quy ¬ định", "người Cao tuổi"]),
        (["“1. Sửa thế này.", "Còn nữa.”."], ["“1. Sửa thế này.", "Còn nữa.”."]),
        (
            ["Điều 4. A", "Điều 30 Luật Nuôi ong", "Điêu 5Š. B", "Điều 6. C"],
            ["Điều 4. A", "Điều 30 Luật Nuôi ong", "Điều 5. B", "Điều 6. C"],
        ),
        (
            [
                "Điều 2. Từ ngữ",
                "5. A",
                "6. Ong",
                "1. Mật",
                "_§. Chợ",
                "9. Đàn",
                "Điều 3. Việc",
                "1. Nuôi",
                "8) Báo",
                "b) Hỏi",
            ],
            [
                "Điều 2. Từ ngữ",
                "5. A",
                "6. Ong",
                "7. Mật",
                "8. Chợ",
                "9. Đàn",
                "Điều 3. Việc",
                "1. Nuôi",
                "a) Báo",
                "b) Hỏi",
            ],
        ),
        (
            [
                "Điều 1. Sửa",
                "1. Điều 5 như sau:",
                "“1. Một",
                "9. Chín",
                "3. Ba.”",
                "3. Điều 7 như sau:",
                "8) Tám",
                "9) Chín",
            ],
            [
                "Điều 1. Sửa",
                "1. Điều 5 như sau:",
                "“1. Một",
                "9. Chín",
                "3. Ba.”",
                "3. Điều 7 như sau:",
                "8) Tám",
                "9) Chín",
            ],
        ),
        (["Tăng 15 % so với Điều 9 của Luật"], ["Tăng 15 % so với Điều 9 của Luật"]),
    ],
)
def test_misread_marks_are_put_right_by_counting(read: list[str], meant: list[str]) -> None:
    sheet = Sheet(1, 595, 842, [Row(text, 80, 500, 100 + 20 * i, 12, False) for i, text in enumerate(read)])
    mend([sheet], {1})
    assert [item.text for item in sheet.items if isinstance(item, Row)] == meant


def test_nothing_is_mended_on_text_pages() -> None:
    sheet = Sheet(1, 595, 842, [Row("Điều 1. A", 80, 500, 100, 12, False), Row("Điều §, B", 80, 500, 120, 12, False)])
    mend([sheet], set())
    assert [item.text for item in sheet.items if isinstance(item, Row)] == ["Điều 1. A", "Điều §, B"]
