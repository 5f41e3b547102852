"""Files to readings: one function per type, the type found from the content and never from the name."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import cast

from ingest.blocks import Reading
from ingest.encodings import decode_bytes, modern
from ingest.html import read_html
from ingest.job import Job
from ingest.markdown import read_markdown
from ingest.plain import read_plain
from knowledge.errors import Refused, Unreadable

HTML, MARKDOWN, TEXT, PDF, IMAGE = "text/html", "text/markdown", "text/plain", "application/pdf", "image"
_OOXML = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX = _OOXML + "wordprocessingml.document", _OOXML + "spreadsheetml.sheet"
PPTX = _OOXML + "presentationml.presentation"
DOC, RTF, XLS = "application/msword", "application/rtf", "application/vnd.ms-excel"
PPT, ODT = "application/vnd.ms-powerpoint", "application/vnd.oasis.opendocument.text"
ZIP, MAIL = "application/zip", "message/rfc822"


def _by(module: str, name: str) -> Callable[[Job], Reading]:
    """A reader whose libraries are loaded with the first file of its type: a run over web pages needs no pdfium."""

    def reader(job: Job) -> Reading:
        found = cast(Callable[[Job], Reading], getattr(import_module(f"ingest.{module}"), name))
        return found(job)

    return reader


READERS: dict[str, Callable[[Job], Reading]] = {
    HTML: lambda job: read_html(job.text),
    MARKDOWN: lambda job: read_markdown(job.text),
    TEXT: lambda job: read_plain(modern(job.text)),
    PDF: _by("pdf", "read_pdf"),
    DOCX: _by("word", "read_docx"),
    DOC: _by("office", "read_doc"),
    RTF: _by("office", "read_rtf"),
    ODT: _by("office", "read_odt"),
    PPT: _by("office", "read_ppt"),
    XLSX: _by("sheets", "read_xlsx"),
    XLS: _by("sheets", "read_xls"),
    PPTX: _by("slides", "read_pptx"),
    IMAGE: _by("images", "read_image"),
    ZIP: _by("members", "read_zip"),
    MAIL: _by("members", "read_mail"),
}

_READ: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"{\\rtf", RTF),
    (b"\x89PNG", IMAGE),
    (b"\xff\xd8\xff", IMAGE),
    (b"GIF8", IMAGE),
    (b"II*\x00", IMAGE),
    (b"MM\x00*", IMAGE),
    (b"BM", IMAGE),
)
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "tệp nén gzip"),
    (b"BZh", "tệp nén bzip2"),
    (b"7z\xbc\xaf'\x1c", "tệp nén 7z"),
    (b"Rar!", "tệp nén RAR"),
    (b"\xfd7zXZ", "tệp nén xz"),
    (b"\x7fELF", "chương trình máy tính"),
    (b"MZ", "chương trình máy tính"),
    (b"SQLite format 3", "cơ sở dữ liệu SQLite"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Old Office files are told apart by the streams that their directory names, in UTF-16.
_IN_OLE: tuple[tuple[str, str], ...] = (
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
    ("PowerPoint Document", PPT),
)
_IN_ZIP: tuple[tuple[str, str], ...] = (
    ("word/", DOCX),
    ("xl/", XLSX),
    ("ppt/", PPTX),
)
_NOT_IN_ZIP: tuple[tuple[str, str], ...] = (
    ("META-INF/container.xml", "sách điện tử EPUB"),
    ("AndroidManifest.xml", "ứng dụng Android"),
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


def read(path: Path, job: Job | None = None) -> Reading:
    """What a file says; Unreadable with a Vietnamese reason when it says nothing or cannot be read."""
    return read_job(replace(job or Job(b""), data=path.read_bytes()))


def read_bytes(data: bytes) -> Reading:
    """What these bytes say."""
    return read_job(Job(data))


def read_job(job: Job) -> Reading:
    """What the bytes of a job say."""
    media_type, text = sniff(job.data)
    reading = replace(READERS[media_type](replace(job, text=text)), media_type=media_type)
    # An empty extraction is a failure: a damaged or hostile file must not pass as a short one.
    if not reading.members and not any(c.isalnum() for c in reading.text):
        raise Unreadable("Không đọc được chữ nào trong tệp: tệp rỗng, hỏng, hoặc chỉ có ảnh.")
    return reading


def sniff(data: bytes) -> tuple[str, str]:
    """(media type, decoded text where the type is text); Refused names a type that is not read."""
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable("Tệp rỗng (không có nội dung).")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(data), ""
    if data.startswith(OLE):
        return _ole_type(data), ""
    # Some programs put a few bytes before the mark of a PDF; readers look for it in the first kilobyte.
    before, mark, _ = data[:1024].partition(b"%PDF-")
    if mark and (len(before.strip()) < 8 or not _is_text(before)):
        return PDF, ""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return IMAGE, ""
    for magic, name in (*_READ, *_MAGIC):
        if data.startswith(magic) and not (len(magic) == 2 and _is_text(data)):
            if name not in READERS:
                raise Refused(_not_read(name))
            return name, ""
    text = _decode(data)
    head = text[:4096].removeprefix("\ufeff")
    if _HTML_START.match(head) or (head.lstrip().startswith("<") and len(_HTML_TAG.findall(text[:65_536])) >= 3):
        return HTML, text
    if head.lstrip().startswith("<?xml"):
        raise Refused(_not_read("XML"))
    if _MAIL.match(head) and re.search(r"^(?:MIME-Version|Received|From|Subject):", head, re.MULTILINE | re.IGNORECASE):
        if re.search(r"^Content-Type:\s*multipart/related", head, re.MULTILINE | re.IGNORECASE) and "From:" not in head:
            raise Refused(_not_read("trang web lưu dạng MHTML"))
        return MAIL, ""
    return (MARKDOWN if _MARKDOWN.search(text) else TEXT), text


def _not_read(name: str) -> str:
    return (
        f"Chưa đọc được loại tệp này: {name}. Các loại đọc được: PDF, Word, Excel, PowerPoint, RTF, ODT, ảnh quét, "
        "HTML, Markdown, văn bản thuần, thư điện tử, ZIP."
    )


def _zip_type(data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
            kind = archive.read("mimetype")[:80].decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, RuntimeError, zlib.error) as error:
        raise Unreadable("Tệp hỏng hoặc bị cắt cụt (không đọc được mục lục ZIP).") from error
    if "[Content_Types].xml" in names:
        found = next((kind for part, kind in _IN_ZIP if any(n.startswith(part) for n in names)), "")
        if found:
            return found
    if kind.startswith("application/vnd.oasis.opendocument"):
        if kind.startswith(ODT):
            return ODT
        raise Refused(_not_read("OpenDocument bảng tính hoặc trình chiếu (.ods, .odp): hãy lưu lại dạng .xlsx, .pptx"))
    for part, name in _NOT_IN_ZIP:
        if part in names:
            raise Refused(_not_read(name))
    return ZIP


def _ole_type(data: bytes) -> str:
    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise Refused("Tệp được đặt mật khẩu: hãy lưu lại không mật khẩu.")
    if holds("_VBA_PROJECT"):
        raise Refused("Tệp có macro (VBA): hãy lưu lại ở dạng không macro.")
    for name, media_type in _IN_OLE:
        if holds(name):
            return media_type
    raise Refused(_not_read("tệp Office đời cũ không rõ loại, hoặc thư Outlook (.msg)"))


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
        if charset is None and (legacy := decode_bytes(data)):
            return legacy
        if charset is None:
            raise Unreadable(
                "Không rõ bảng mã của tệp (không phải UTF-8, UTF-16, Windows-1258, TCVN3 hay VNI). "
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
