"""Files to readings: one function per type, the type found from the content and never from the name."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from ingest.blocks import Reading
from ingest.html import read_html
from ingest.markdown import read_markdown
from ingest.plain import read_plain
from knowledge.errors import Refused, Unreadable

HTML, MARKDOWN, TEXT = "text/html", "text/markdown", "text/plain"
READERS: dict[str, Callable[[str], Reading]] = {HTML: read_html, MARKDOWN: read_markdown, TEXT: read_plain}

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word/Excel/PowerPoint đời cũ (.doc, .xls, .ppt)"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "ảnh PNG"),
    (b"\xff\xd8\xff", "ảnh JPEG"),
    (b"GIF8", "ảnh GIF"),
    (b"II*\x00", "ảnh TIFF"),
    (b"MM\x00*", "ảnh TIFF"),
    (b"BM", "ảnh BMP"),
    (b"\x1f\x8b", "tệp nén gzip"),
    (b"BZh", "tệp nén bzip2"),
    (b"7z\xbc\xaf'\x1c", "tệp nén 7z"),
    (b"Rar!", "tệp nén RAR"),
    (b"\xfd7zXZ", "tệp nén xz"),
    (b"\x7fELF", "chương trình máy tính"),
    (b"MZ", "chương trình máy tính"),
    (b"SQLite format 3", "cơ sở dữ liệu SQLite"),
)
_IN_ZIP: tuple[tuple[str, str], ...] = (
    ("word/", "Word (.docx)"),
    ("xl/", "Excel (.xlsx)"),
    ("ppt/", "PowerPoint (.pptx)"),
    ("META-INF/manifest.xml", "OpenDocument (.odt, .ods)"),
    ("META-INF/container.xml", "sách điện tử EPUB"),
)
_MAIL = re.compile(r"(?:[A-Za-z-]+: .*\r?\n(?:[ \t].*\r?\n)*){2,}")
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title)\b", re.I | re.S
)
_HTML_TAG = re.compile(
    r"<(?:p|div|table|tr|td|span|br|h[1-6]|ul|ol|li|b|strong|a|font|center)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_HTML_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_CHARSETS = {"windows-1258": "cp1258", "windows-1252": "cp1252", "iso-8859-1": "cp1252", "us-ascii": "ascii"}
_MARKDOWN = re.compile(
    r"^---[ \t]*\n|^ {0,3}#{1,6}[ \t]+\S|^ {0,3}\|?[ \t]*:?-{3,}:?[ \t]*\||^ {0,3}(?:```|~~~)"
    r"|\]\([^)\s]+\)|\*\*[^*\n]+\*\*|<!--",
    re.MULTILINE,
)


def read(path: Path) -> Reading:
    """What a file says; Unreadable with a Vietnamese reason when it says nothing or cannot be read."""
    return read_bytes(path.read_bytes())


def read_bytes(data: bytes) -> Reading:
    """What these bytes say."""
    media_type, text = sniff(data)
    reading = READERS[media_type](text)
    # An empty extraction is a failure: a damaged or hostile file must not pass as a short one.
    if not any(c.isalnum() for c in reading.text):
        raise Unreadable("Không đọc được chữ nào trong tệp: tệp rỗng, hỏng, hoặc chỉ có ảnh.")
    return reading


def sniff(data: bytes) -> tuple[str, str]:
    """(media type, decoded text); Refused names a type that is not read."""
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable("Tệp rỗng (không có nội dung).")
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        raise Refused(_not_read(_zip_type(data)))
    for magic, name in _MAGIC:
        if data.startswith(magic) and not (len(magic) == 2 and _is_text(data)):
            raise Refused(_not_read(name))
    text = _decode(data)
    head = text[:4096].removeprefix("\ufeff")
    if _HTML_START.match(head) or (head.lstrip().startswith("<") and len(_HTML_TAG.findall(text[:65_536])) >= 3):
        return HTML, text
    if head.lstrip().startswith("<?xml"):
        raise Refused(_not_read("XML"))
    if _MAIL.match(head) and re.search(r"^(?:MIME-Version|Received|From|Subject):", head, re.MULTILINE | re.IGNORECASE):
        raise Refused(_not_read("thư điện tử hoặc trang web lưu dạng MHTML"))
    return (MARKDOWN if _MARKDOWN.search(text) else TEXT), text


def _not_read(name: str) -> str:
    return f"Chưa đọc được loại tệp này: {name}. Các loại đọc được: Markdown, HTML, văn bản thuần (UTF-8, UTF-16)."


def _zip_type(data: bytes) -> str:
    from io import BytesIO

    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "tệp ZIP hỏng"
    return next((name for part, name in _IN_ZIP if any(n.startswith(part) for n in names)), "tệp nén ZIP")


def _is_text(data: bytes) -> bool:
    try:
        data[:4096].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > 4000 and b"\x00" not in data
    return b"\x00" not in data


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(data, "utf-16")
    head = data[:4096]
    if head.count(0) > max(3, len(head) // 20):
        even, odd = data[0:4096:2].count(0), data[1:4096:2].count(0)
        if max(even, odd) > 8 * max(min(even, odd), 1):
            return _utf16(data, "utf-16-be" if even > odd else "utf-16-le")
        raise Refused(_not_read("tệp nhị phân không rõ loại"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        declared = _HTML_CHARSET.search(head)
        if sum(byte < 9 or 13 < byte < 32 for byte in head) > max(2, len(head) // 50):
            raise Refused(_not_read("tệp nhị phân không rõ loại")) from None
        charset = _CHARSETS.get(declared.group(1).decode("ascii", "replace").lower()) if declared else None
        if charset is None:
            raise Unreadable(
                "Không rõ bảng mã của tệp (không phải UTF-8 hay UTF-16; có thể là Windows-1258, TCVN3 hoặc VNI). "
                "Hãy mở bằng trình soạn thảo và lưu lại ở dạng UTF-8."
            ) from None
        return data.decode(charset, "replace")
    controls = sum(c < " " and c not in "\t\n\r\f" for c in text[:65_536])
    if controls > 0.05 * min(len(text), 65_536):
        raise Refused(_not_read("tệp nhị phân không rõ loại"))
    return text


def _utf16(data: bytes, codec: str) -> str:
    text = data.decode(codec, "replace")
    # UTF-16 by chance: binary data decodes to a mix of scripts and unassigned code points.
    bad = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" for c in text[:65_536])
    if bad > 0.02 * max(min(len(text), 65_536), 50):
        raise Refused(_not_read("tệp nhị phân không rõ loại"))
    return text
