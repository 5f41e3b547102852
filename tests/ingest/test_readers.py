"""The type is found from the content; Markdown, plain text and front matter with their faults."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from pathlib import Path

import pytest

from ingest import readers
from ingest.blocks import Heading, Hint, ListItem, Paragraph, Table
from ingest.readers import read, read_bytes
from knowledge.errors import Refused, Unreadable


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<!DOCTYPE html><p>xin</p>", "text/html"),
        ("<div><p>Một</p><p>Hai</p></div>".encode(), "text/html"),
        (b"<?xml version='1.0'?><html><p>xin</p></html>", "text/html"),
        ("# Tên\n\nChữ.".encode(), "text/markdown"),
        (b"| a | b |\n|---|---|\n| 1 | 2 |", "text/markdown"),
        ("Chào bạn.\nMột dòng.".encode(), "text/plain"),
        ("Số 5 < 7 và 8 > 3.".encode(), "text/plain"),
        ("BM là viết tắt của biểu mẫu.".encode(), "text/plain"),
        ("Điều 1. Một".encode("utf-16"), "text/plain"),
        ("Xin chào các bạn nuôi ong".encode("utf-16-le"), "text/plain"),
        ("\ufeffXin chào".encode(), "text/plain"),
    ],
)
def test_readable_types(data: bytes, expected: str) -> None:
    assert read_bytes(data).media_type == expected


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Office đời cũ"),
        (zipped("META-INF/container.xml"), "EPUB"),
        (b"Rar!\x1a\x07" + b"\0" * 50, "RAR"),
        (b"\x7fELF" + b"\0" * 50, "chương trình"),
        (bytes(range(256)) * 20, "nhị phân"),
        (b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\nxin", "MHTML"),
        (b"<?xml version='1.0'?><w:wordDocument/>", "XML"),
    ],
)
def test_other_types_are_refused_by_name(data: bytes, name: str) -> None:
    with pytest.raises(Refused, match="Chưa đọc được loại tệp này") as caught:
        read_bytes(data)
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", readers.PDF),
        (b"\n\xef\xbb\xbf%PDF-1.7\n%\xe2\xe3", readers.PDF),
        (zipped("[Content_Types].xml", "word/document.xml"), readers.DOCX),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), readers.XLSX),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), readers.PPTX),
        (zipped("word/anh.txt", "ghi-chu.txt"), readers.ZIP),
        (readers.OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), readers.DOC),
        (readers.OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), readers.XLS),
        (readers.OLE + b"\0" * 600 + "PowerPoint Document".encode("utf-16-le"), readers.PPT),
        (b"{\\rtf1 abc}", readers.RTF),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, readers.IMAGE),
        (b"RIFF\0\0\0\0WEBPVP8 ", readers.IMAGE),
        (b"From: a@b\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\nxin", readers.MAIL),
    ],
)
def test_the_type_is_found_from_the_content(data: bytes, expected: str) -> None:
    assert readers.sniff(data)[0] == expected


def test_the_name_of_the_file_decides_nothing(tmp_path: Path) -> None:
    page = tmp_path / "van-ban.pdf"
    page.write_text("<html><body><p>Thật ra là HTML</p></body></html>")
    assert read(page).media_type == "text/html"
    fake = tmp_path / "trang.md"
    fake.write_bytes(b"%PDF-1.7\n")
    with pytest.raises(Unreadable, match="PDF hỏng"):
        read(fake)


@pytest.mark.parametrize("data", [b"", b"   \r\n\t\n", b"\0" * 100])
def test_nothing_in_the_file(data: bytes) -> None:
    with pytest.raises(Unreadable, match="rỗng"):
        read_bytes(data)


@pytest.mark.parametrize("data", ["<html><body><img src=a.png></body></html>", "---\ntitle: A\n---\n", "*** ---\n…\n"])
def test_empty_extraction_is_a_failure(data: str) -> None:
    with pytest.raises(Unreadable, match="Không đọc được chữ nào"):
        read_bytes(data.encode())


def test_an_unknown_encoding_is_named_with_what_to_do() -> None:
    with pytest.raises(Unreadable, match="UTF-8"):
        read_bytes(b"Zusammenf\xfchrung der Br\xfccke f\xfcr K\xf6ln \xff\xfe\x80 gr\xfc\xdfe na\xefve \x81\x9d")


def test_a_declared_old_encoding_of_html_is_honoured() -> None:
    old = unicodedata.normalize("NFD", "đường").encode("cp1258", "ignore")
    assert "ư" in read_bytes(b"<html><meta charset=windows-1258><p>" + "Trường".encode("cp1258", "ignore") + old).text


def test_a_stray_nul_is_no_binary_file() -> None:
    assert read_bytes("Chào bạn,\0 xin mời ngồi.".encode()).text == "Chào bạn, xin mời ngồi."


MARKDOWN = """---
title: Nuôi ong
valid_from: 2026-03-20
---
# Nuôi ong
<!-- hỏi: nuoi ong the nao |
tổ ong đặt đâu
mật để được bao lâu | -->
Dòng một. {7/2026/QĐ-UBND Đ1}
Dòng hai xem [trang](a.md) và ![ảnh tổ](b.png).
Dòng dài
gãy đôi.

1. một
3. ba
   - con

| Mức | Điểm |
|---|---|
| Đẹp*** | 2 | {7/2026/QĐ-UBND Đ2}
| Rất đẹp***** | **3** |

`mã` và ***nhấn*** và *** lẻ.

<div>thẻ <b>html</b><script>xấu()</script></div>
"""


def test_markdown_blocks() -> None:
    reading = read_bytes(MARKDOWN.encode())
    assert reading.metadata == {"title": "Nuôi ong", "valid_from": "2026-03-20"}
    assert reading.warnings == ()
    assert reading.blocks == (
        Heading(1, "Nuôi ong"),
        Hint("nuoi ong the nao | tổ ong đặt đâu | mật để được bao lâu"),
        Paragraph("Dòng một. {7/2026/QĐ-UBND Đ1}"),
        Paragraph("Dòng hai xem trang và ảnh tổ."),
        Paragraph("Dòng dài gãy đôi."),
        ListItem("một", "1."),
        ListItem("ba", "3."),
        ListItem("con", "-", 1),
        Table((("Mức", "Điểm"), ("Đẹp***", "2 {7/2026/QĐ-UBND Đ2}"), ("Rất đẹp*****", "3")), 1),
        Paragraph("mã và nhấn và *** lẻ."),
        Paragraph("thẻ html"),
    )


def test_letters_are_composed_and_invisible_ones_gone() -> None:
    text = unicodedata.normalize("NFD", "Giấy chứng nhận") + " OC\u200bOP \u202edảo\u00ad ngược"
    assert read_bytes(text.encode()).text == "Giấy chứng nhận OCOP dảo ngược"


@pytest.mark.parametrize(
    ("front", "warning", "fields"),
    [
        ("", "Không có phần thông tin đầu trang", {}),
        ("---\ntitle: A\nkhông đóng\n\n", "không có dòng --- kết thúc", {}),
        ("---\ntitle: A\nvalid_from: [2026\n---\n", "sai YAML ở dòng 4", {}),
        ("---\ntitle: Mẫu 01: phiếu\nlocality: x\n---\n", "dòng 2", {"title": "Mẫu 01: phiếu", "locality": "x"}),
        ("---\nvalid_from: 2026-02-31\n---\n", "một giá trị", {}),
        ("---\n- a\n- b\n---\n", "không phải dạng", {}),
        ("---\n\n---\n", "rỗng", {}),
        ("---\na: &x [1]\nb: *x\n---\n", "neo", {}),
    ],
)
def test_faults_of_front_matter_lose_no_text(front: str, warning: str, fields: dict[str, str]) -> None:
    reading = read_bytes((front + "# Tên\n\nChữ còn đây.\n").encode())
    assert "Chữ còn đây." in reading.text
    assert len(reading.warnings) == 1
    assert warning in reading.warnings[0]
    assert dict(reading.metadata) == fields


def test_a_yaml_bomb_is_refused_by_the_loader() -> None:
    bomb = "---\na: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
    )
    reading = read_bytes((bomb + "---\n# T\n\nChữ.\n").encode())
    assert reading.metadata == {}
    assert "Chữ." in reading.text


def test_a_rule_at_the_top_is_not_front_matter() -> None:
    reading = read_bytes("---\nMột câu mở đầu bình thường của bài.\n---\n\n# Tên\n".encode())
    assert "Một câu mở đầu" in reading.text


def test_wrapped_plain_text_is_joined_and_short_lines_are_not() -> None:
    first = "Người nuôi ong đặt tổ ở nơi râm mát và có nhiều hoa quanh năm để đàn"
    wrapped = f"{first}\nkhông phải bay xa. Mùa mưa thì che.\n\nĐoạn hai.\n"
    assert read_bytes(wrapped.encode()).text.split("\n") == [
        "Người nuôi ong đặt tổ ở nơi râm mát và có nhiều hoa quanh năm để đàn không phải bay xa. Mùa mưa thì che.",
        "Đoạn hai.",
    ]
    short = "KẾ HOẠCH\n\n1. Mục đích\nLàm tốt\n- việc a\n- việc b\n"
    assert len(read_bytes(short.encode()).blocks) == 5
