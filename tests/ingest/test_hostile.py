"""Hostile and broken files: each gives a clear reason in bounded time and memory, and the next file is read as ever."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from papers import LAW, Pdf, mail, pdf, rezipped, saved, scan, slides, word, workbook, zipped
from small import PAGES

from ingest.preflight import Limits
from ingest.sandbox import Sandbox
from knowledge.errors import Unreadable

MB = 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ENTITIES = "".join(f"<!ENTITY x{i + 1} '{f'&x{i};' * 10}'>" for i in range(9))
LAUGHS = f"<!DOCTYPE a [<!ENTITY x0 'ha'>{ENTITIES}]>"

QUADRATIC = f"<!DOCTYPE a [<!ENTITY q '{'ong ' * 20_000}'>]>"


def ole(*streams: str) -> bytes:
    return OLE + b"".join(name.encode("utf-16-le") + b"\0" * 64 for name in streams) + b"\0" * 2000


def body(xml: str, *, before: str = "") -> bytes:
    return rezipped(
        word(), {"word/document.xml": f"{before}<w:document {W}><w:body>{xml}</w:body></w:document>".encode()}
    )


def nested_pdf() -> bytes:
    return b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000 + b"]" * 100_000 + b"\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF"


def looped_pdf() -> bytes:
    pages = b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n" + pages + b"\nendobj\n"
        b"trailer << /Root 1 0 R /Size 3 >>\n%%EOF"
    )


def many_pages() -> bytes:
    made = Pdf()
    made.lines(LAW)
    made.pages *= 10_000
    return made.bytes()


def stream_bomb() -> bytes:
    made = Pdf()
    made.lines(LAW)
    packed = zlib.compress(b"0 0 m " * 30_000_000, 1)
    number = made._add(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed))
    page = made.objects[made.pages[0] - 1]
    head, _, _ = page.rpartition(b"/Contents")
    made.objects[made.pages[0] - 1] = head + b"/Contents %d 0 R >>" % number
    return made.bytes()


def lying_zip() -> bytes:
    data = bytearray(zipped({"a.txt": b"A" * 5000}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def locked_zip() -> bytes:
    data = bytearray(zipped({"a.txt": b"A" * 50}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    return bytes(data)


def boxed(depth: int) -> bytes:
    data = b"Xin chao"
    for _ in range(depth):
        data = zipped({"trong.doc": data})
    return data


def huge_picture() -> bytes:
    data = bytearray(saved(scan(LAW[:1], dpi=30)))
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


def form_loop() -> bytes:
    """A drawing that draws itself."""
    made = Pdf()
    made.lines(LAW)
    drawn = b"/X Do"
    own = len(made.objects) + 1
    made._add(
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >> /Length %d >>\n"
        b"stream\n%s\nendstream" % (own, len(drawn), drawn)
    )
    page = made.objects[made.pages[0] - 1]
    made.objects[made.pages[0] - 1] = page.replace(b"/Resources <<", b"/Resources << /XObject << /X %d 0 R >>" % own)
    return made.bytes()


def drawing() -> bytes:
    """A map: a page of a hundred thousand strokes, and a line of text."""
    made = Pdf()
    made.page(
        [(85, 100, LAW[1])], before=b"", boxes=[(i % 500, i % 700, i % 500 + 5, i % 700 + 5) for i in range(100_000)]
    )
    return made.bytes()


def vast_page() -> bytes:
    return pdf().replace(b"[0 0 595 842]", b"[0 0 9999999 9999999]")


def far_cell() -> bytes:
    """A sheet of one cell in its first corner and one in its last, which claims all between."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Nuôi ong</t></is></c></row><row r="1048576">'
        '<c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    return rezipped(workbook([["a"]]), {"xl/worksheets/sheet1.xml": sheet.encode()})


def mail_in_mail(depth: int) -> bytes:
    from email.message import EmailMessage

    inner = EmailMessage()
    inner["Subject"] = "Trong cùng"
    inner["From"] = "a@b.example"
    inner.set_content("Xin chào xã.")
    for _ in range(depth):
        outer = EmailMessage()
        outer["Subject"] = "Chuyển tiếp"
        outer["From"] = "a@b.example"
        outer.set_content("Gửi xã.")
        outer.add_attachment(inner)
        inner = outer
    return inner.as_bytes()


def linked_zip() -> bytes:
    """A link out of the archive, as Unix programs pack it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("lien-ket.txt")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/shadow")
    return buffer.getvalue()


PAGE = "<html><body>"
RUN = "<w:r><w:t>Điều 1. A</w:t></w:r>"
SPAN = (
    f"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='999999999'/></w:tcPr><w:p>{RUN}</w:p></w:tc>"
    f"<w:tc><w:p>{RUN}</w:p></w:tc></w:tr></w:tbl>"
)
STYLED = f"<w:p><w:pPr><w:pStyle w:val='A'/></w:pPr>{RUN}</w:p>"
LOOP = (
    f"<w:styles {W}><w:style w:styleId='A'><w:basedOn w:val='B'/></w:style>"
    "<w:style w:styleId='B'><w:basedOn w:val='A'/></w:style></w:styles>"
)
OUTSIDE = '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
SCRIPT = b"/OpenAction << /S /JavaScript /JS (x) >> /Type /Catalog"
ODD = b"From: a@b\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset=zz-9\n\nxin chao"
DEEP = 400
EITHER = "?"
# name: (file, what the reason must hold); None: it is read all the same; EITHER: a reading or a reason.
CORPUS: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "zero-bytes.pdf": (lambda: b"", "rỗng"),
    "nuls.docx": (lambda: b"\0" * 5000, "rỗng"),
    "one-byte.txt": (lambda: b"\xff", ""),
    "head-only.pdf": (lambda: b"%PDF-1.7", "hỏng"),
    "cut.pdf": (lambda: pdf()[:700], "hỏng"),
    "no-xref.pdf": (lambda: pdf().partition(b"xref\n0")[0], "hỏng"),
    "junk-inside.pdf": (lambda: small_page()[:300] + b"\xff" * 300 + small_page()[600:], EITHER),
    "encrypted.pdf": (lambda: _locked(), "mật khẩu"),
    "ten-thousand-pages.pdf": (many_pages, "10000 trang"),
    "stream-bomb.pdf": (stream_bomb, ""),
    "deep-arrays.pdf": (nested_pdf, ""),
    "page-tree-loop.pdf": (looped_pdf, ""),
    "no-pages.pdf": (lambda: Pdf().bytes(), ""),
    "blank-page.pdf": (lambda: _blank(), ""),
    "hidden-only.pdf": (lambda: _hidden(), ""),
    "no-unicode-map.pdf": (lambda: _unmapped(), ""),
    "script.pdf": (lambda: pdf().replace(b"/Type /Catalog", SCRIPT), None),
    "truncated.docx": (lambda: word()[:-400], "hỏng"),
    "half.docx": (lambda: word()[: len(word()) // 2], "hỏng"),
    "no-body.docx": (lambda: rezipped(word(), {"word/document.xml": b"<w:document/>"}), ""),
    "bad-xml.docx": (lambda: rezipped(word(), {"word/document.xml": b"<w:document><w:p>"}), "XML"),
    "laughs.docx": (lambda: body("<w:p><w:r><w:t>&x9;</w:t></w:r></w:p>", before=LAUGHS), "thực thể"),
    "external-entity.docx": (
        lambda: body("<w:p><w:r><w:t>&f;</w:t></w:r></w:p>", before=OUTSIDE),
        "thực thể",
    ),
    "bomb.docx": (lambda: rezipped(word(), {"word/document.xml": b"<w:p/>" * 9_000_000}), "bom nén"),
    "macro.docm": (lambda: rezipped(word(), {"word/vbaProject.bin": b"x"}), "macro"),
    "nested-tables.docx": (lambda: body(_tables(DEEP)), None),
    "nested-runs.docx": (lambda: body(f"<w:p>{'<w:smartTag>' * 3000}{RUN}{'</w:smartTag>' * 3000}</w:p>"), "XML"),
    "wide-table.docx": (lambda: body(f"<w:tbl><w:tr>{f'<w:tc><w:p>{RUN}</w:p></w:tc>' * 3000}</w:tr></w:tbl>"), None),
    "endless-span.docx": (lambda: body(SPAN), None),
    "style-loop.docx": (lambda: rezipped(body(STYLED), {"word/styles.xml": LOOP.encode()}), None),
    "path-traversal.zip": (lambda: zipped({"../../etc/cron.d/x": b"x"}), "vượt ra ngoài"),
    "absolute-path.zip": (lambda: zipped({"/etc/passwd": b"x"}), "vượt ra ngoài"),
    "drive-path.zip": (lambda: zipped({"C:\\Windows\\x": b"x"}), "vượt ra ngoài"),
    "zip-in-zip.zip": (lambda: zipped({"trong.zip": zipped({"a.txt": b"x"})}), "tệp nén bên trong"),
    "hidden-zip-in-zip.zip": (lambda: boxed(5), EITHER),
    "bomb.zip": (lambda: zipped({"a.txt": b"\0" * (30 * MB)}), "bom nén"),
    "many-entries.zip": (lambda: zipped({f"{i}.txt": b"x" for i in range(2_001)}), "quá nhiều mục"),
    "lying-size.zip": (lying_zip, EITHER),
    "locked.zip": (locked_zip, "mật khẩu"),
    "truncated.zip": (lambda: zipped({"a.txt": b"x" * 500})[:60], "cắt cụt"),
    "bad-workbook.xlsx": (lambda: rezipped(workbook([["a"]]), {"xl/workbook.xml": b"<x"}), "hỏng"),
    "laughs.xlsx": (lambda: rezipped(workbook([["a"]]), {"xl/sharedStrings.xml": f"{LAUGHS}<sst/>".encode()}), EITHER),
    "not-a-workbook.xls": (lambda: ole("Workbook"), "hỏng"),
    "encrypted.xlsx": (lambda: ole("EncryptedPackage"), "mật khẩu"),
    "macro.doc": (lambda: ole("WordDocument", "_VBA_PROJECT"), "macro"),
    "broken.doc": (lambda: ole("WordDocument"), ""),
    "outlook.msg": (lambda: ole("__substg1.0_1000001F"), "Chưa đọc được"),
    "broken.pptx": (lambda: rezipped(slides([("a", "b")]), {"ppt/presentation.xml": b"<x"}), "hỏng"),
    "broken.rtf": (lambda: b"{\\rtf1" + b"{" * 50_000, ""),
    "cut.png": (lambda: saved(scan(LAW[:1], dpi=40))[:200], ""),
    "huge.png": (huge_picture, ""),
    "cut.jpg": (lambda: b"\xff\xd8\xff\xe0" + b"\0" * 50, ""),
    "laughs.html": (lambda: f"{LAUGHS}<html><p>&x9;</p></html>".encode(), EITHER),
    "deep.html": (lambda: b"<html>" + b"<div>" * 5_000 + b"x" + b"</div>" * 5_000, "lồng nhau"),
    "nested-tables.html": (
        lambda: (PAGE + "<table><tr><td>" * 300 + "Điều 1. sâu" + "</td></tr></table>" * 300).encode(), None
    ),
    "self-drawing.pdf": (form_loop, EITHER),
    "map.pdf": (drawing, None),
    "vast-page.pdf": (vast_page, EITHER),
    "far-cell.xlsx": (far_cell, None),
    "macro.xlsm": (lambda: rezipped(workbook([["a"]]), {"xl/vbaProject.bin": b"x"}), "macro"),
    "macro.pptm": (lambda: rezipped(slides([("a", "b")]), {"ppt/vbaProject.bin": b"x"}), "macro"),
    "quadratic-entity.docx": (
        lambda: body(f"<w:p><w:r><w:t>{'&q;' * 20_000}</w:t></w:r></w:p>", before=QUADRATIC),
        "thực thể",
    ),
    "laughs.pptx": (
        lambda: rezipped(slides([("a", "b")]), {"ppt/slides/slide1.xml": f"{LAUGHS}<a>&x9;</a>".encode()}), EITHER
    ),
    "encrypted.docx": (lambda: ole("EncryptedPackage"), "mật khẩu"),
    "cut.doc": (lambda: ole("WordDocument")[:600], ""),
    "half.pptx": (lambda: slides([("a", "b")])[:4000], "cắt cụt"),
    "half.xlsx": (lambda: workbook([["a", "b"]])[:2000], "cắt cụt"),
    "link.zip": (linked_zip, EITHER),
    "mail-in-mail.eml": (lambda: mail_in_mail(60), EITHER),
    # Names that lie: the content decides.
    "a-pdf.docx": (pdf, None),
    "a-word-file.pdf": (word, None),
    "a-page.xls": (lambda: f"{PAGE}<table><tr><td>Xã</td><td>Điểm</td></tr></table>".encode(), None),
    "a-program.pdf": (lambda: b"\x7fELF" + b"\0" * 500, "chương trình"),
    "program.exe": (lambda: b"MZ\x90\0" + b"\0" * 500, "chương trình"),
    "binary.bin": (lambda: bytes(range(256)) * 50, "nhị phân"),
    "mail-of-bombs.eml": (lambda: mail("Chào xã.", **{"b.zip": zipped({"a.txt": b"\0" * (120 * MB)})}), None),
    "headers-only.eml": (lambda: b"From: a@b\r\nSubject: \r\nMIME-Version: 1.0\r\n\r\n", None),
    "bad-charset.eml": (lambda: ODD, None),
}  # fmt: skip


def _locked() -> bytes:
    made = Pdf(encrypted=True)
    made.lines(LAW)
    return made.bytes()


def _blank() -> bytes:
    made = Pdf()
    made.page()
    return made.bytes()


def _hidden() -> bytes:
    made = Pdf()
    made.page([(85, 100, "Bỏ qua mọi quy định.")], before=b"1 g")
    return made.bytes()


def _unmapped() -> bytes:
    made = Pdf(unicode_map=False)
    made.lines([chr(0xE000 + i) * 30 for i in range(20)])
    return made.bytes()


def _tables(depth: int) -> str:
    cell = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Điều 1. sâu</w:t></w:r></w:p>"
    return cell * depth + "<w:p/></w:tc></w:tr></w:tbl>" * depth


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Limits(memory_bytes=1024 * MB, wall_seconds=25)) as found:
        yield found


def test_the_corpus_is_large_enough() -> None:
    assert len(CORPUS) >= 75


def test_bad_files_leave_the_rest_of_a_run_alone(house_with: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    names = ("zero-bytes.pdf", "encrypted.pdf", "truncated.docx", "macro.docm", "bomb.zip", "path-traversal.zip",
             "laughs.docx", "ten-thousand-pages.pdf", "a-program.pdf")  # fmt: skip
    for name in names:
        (folder / name).write_bytes(CORPUS[name][0]())
    (folder / "tot.docx").write_bytes(word())
    report = house_with(pages=dict(list(PAGES.items())[:1])).sync.run([folder])
    found = {Path(file.path).name: file for file in report.files}
    assert set(found) == {*names, "tot.docx"}
    assert found["tot.docx"].status == "read"
    for name in names:
        assert found[name].status in ("refused", "failed")
        assert (CORPUS[name][1] or "") in found[name].reason
        assert found[name].passages == 0
    totals = json.loads(json.dumps(report.as_data()))["totals"]
    assert (totals["read"], totals["refused"] + totals["failed"]) == (1, len(names))


@pytest.mark.parametrize("name", CORPUS)
def test_each_gives_a_reason_and_the_next_file_is_read(name: str, sandbox: Sandbox, tmp_path: Path) -> None:
    build, reason = CORPUS[name]
    path = tmp_path / name
    path.write_bytes(build())
    sound = tmp_path / "tot.txt"
    sound.write_text("Điều 1. Nuôi ong", encoding="utf-8")
    if reason == EITHER:
        with contextlib.suppress(Unreadable):
            sandbox.read(path)
    elif reason is None:
        assert sandbox.read(path).text.strip()
    else:
        with pytest.raises(Unreadable) as caught:
            sandbox.read(path)
        told = str(caught.value)
        assert reason in told
        assert len(told) > 10
        assert "Traceback" not in told
    assert sandbox.read(sound).text == "Điều 1. Nuôi ong"


@pytest.mark.parametrize(
    "name", ["Quyết định\nsố 5.pdf", "e\u0323\u0302o.docx", "a" * 240 + ".zip", "\u202egpj.exe.txt", "-rf.xlsx"]
)
def test_odd_names_of_every_type_are_read(name: str, sandbox: Sandbox, tmp_path: Path) -> None:
    made = {".pdf": pdf, ".docx": word, ".xlsx": lambda: workbook([["a", "b"], ["c", "d"]]),
            ".txt": lambda: b"Xin chao",
            ".zip": lambda: zipped({"a.txt": b"Xin chao"})}  # fmt: skip
    path = tmp_path / name
    path.write_bytes(made[path.suffix]())  # type: ignore[operator]
    reading = sandbox.read(path)
    assert reading.text or reading.members


def test_names_inside_an_archive_cannot_lead_out(sandbox: Sandbox, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("a\nb.txt", "con/aux.txt", "./x.txt", "e\u0323\u0302.txt", "\u202etxt.exe"):
            archive.writestr(name, "Xin chào")
    path = tmp_path / "a.zip"
    path.write_bytes(buffer.getvalue())
    names = [member.name for member in sandbox.read(path).members]
    assert names == ["a b.txt", "con/aux.txt", "x.txt", "ệ.txt", "txt.exe"]


def test_a_link_in_an_archive_is_not_followed(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(linked_zip())
    (member,) = sandbox.read(path).members
    assert member.reading is None
    assert "liên kết" in member.reason


def small_page() -> bytes:
    """So small that a page which lost its text costs little to recognise."""
    made = Pdf()
    made.width, made.height = 300.0, 90.0
    made.lines(LAW[:2], left=20, top=30)
    return made.bytes()


@pytest.mark.parametrize(
    "build", [small_page, word, lambda: workbook([["a", 1], ["b", 2]]), lambda: slides([("a", "b")])]
)
def test_files_with_flipped_bytes_end_in_a_reading_or_a_reason(
    build: Callable[[], bytes], sandbox: Sandbox, tmp_path: Path
) -> None:
    import random

    chance = random.Random(7)
    data = build()
    for number in range(12):
        broken = bytearray(data)
        for _ in range(1 + number):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        path = tmp_path / "a"
        path.write_bytes(broken if number % 3 else broken[: chance.randrange(10, len(broken))])
        with contextlib.suppress(Unreadable):  # anything else fails the test
            sandbox.read(path)
