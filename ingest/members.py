"""Files inside files: ZIP archives and e-mails with attachments. Each member becomes a document of its own."""

from __future__ import annotations

import io
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from email import policy
from email.message import EmailMessage, Message, MIMEPart
from email.parser import BytesParser

from ingest.blocks import Block, Member, Paragraph, Reading
from ingest.clean import line as clean
from ingest.html import fragment
from ingest.job import Job
from ingest.plain import read_plain
from knowledge.errors import Refused, Unreadable

_DEEPEST = 1  # an e-mail with an archive is read, an archive in an archive is not
_MOST_MEMBERS = 300
_MOST_BYTES = 100 * 1024 * 1024
_SKIPPED = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def read_zip(job: Job) -> Reading:
    """Each file of an archive; the directory was checked for paths and bombs before."""
    if job.depth > _DEEPEST:
        raise Refused("Tệp nén lồng nhau quá sâu: hãy giải nén trước.")
    members = []
    try:
        with zipfile.ZipFile(io.BytesIO(job.data)) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir() and not _is_skipped(_name(e))]
            if len(entries) > _MOST_MEMBERS:
                raise Refused(f"Tệp nén có {len(entries)} tệp, giới hạn {_MOST_MEMBERS}: hãy giải nén vào thư mục.")
            for number, entry in enumerate(entries):
                job.step(number, len(entries))
                members.append(_member(_name(entry), lambda e=entry: _unpacked(archive, e), job))  # type: ignore[misc]
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError) as error:
        raise Unreadable("Tệp nén hỏng hoặc bị cắt cụt.") from error
    if not members:
        raise Unreadable("Tệp nén không có tệp nào bên trong.")
    return Reading((), members=tuple(members))


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.flag_bits & 1:
        raise Refused("Tệp được đặt mật khẩu: hãy lưu lại không mật khẩu.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused("Là liên kết ra ngoài tệp nén, không phải tệp.")
    try:
        with archive.open(entry) as source:
            # The directory may lie about the size, so the stream itself is bounded.
            data = source.read(_MOST_BYTES + 1)
    except (RuntimeError, zlib.error, zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise Unreadable("Không giải nén được: tệp hỏng hoặc cách nén lạ.") from error
    if len(data) > _MOST_BYTES:
        raise Refused(f"Tệp bung ra quá lớn (hơn {_MOST_BYTES // 1024 // 1024} MB).")
    return data


def _name(entry: zipfile.ZipInfo) -> str:
    name = entry.filename
    if not entry.flag_bits & 0x800:
        # Without the UTF-8 flag the name was decoded as cp437; most programs here wrote UTF-8 or a Vietnamese page.
        raw = name.encode("cp437", "replace")
        for codec in ("utf-8", "cp1258"):
            try:
                name = raw.decode(codec)
                break
            except UnicodeDecodeError:
                continue
    return _safe(name)


def _safe(name: str) -> str:
    """A name fit to show and to keep: composed, one line, without what leads out of the archive."""
    parts = [clean(unicodedata.normalize("NFC", part))[:150] for part in name.replace("\\", "/").split("/")]
    return "/".join(part for part in parts if part and part not in (".", "..")) or "tep"


def _is_skipped(name: str) -> bool:
    return name.startswith(_SKIPPED) or name.rpartition("/")[2].startswith((".", "~$")) or name.endswith(_SKIPPED)


def _member(name: str, data: Callable[[], bytes], job: Job) -> Member:
    from ingest.readers import read_job

    try:
        reading = read_job(replace(job, data=data(), text="", depth=job.depth + 1, step=lambda _done, _total: None))
    except Unreadable as error:
        return Member(name, None, str(error), refused=isinstance(error, Refused))
    return Member(name, reading)


def read_mail(job: Job) -> Reading:
    """An e-mail: its head and text, and each attachment as a member."""
    message = BytesParser(policy=policy.default).parsebytes(job.data)
    assert isinstance(message, EmailMessage)
    blocks: list[Block] = []
    subject = _header(message, "Subject")
    for label, key in (("Tiêu đề", "Subject"), ("Người gửi", "From"), ("Người nhận", "To"), ("Ngày gửi", "Date")):
        value = _header(message, key)
        if value:
            blocks.append(Paragraph(f"{label}: {value}", bold=key == "Subject"))
    body = message.get_body(("html", "plain"))
    text = _content(body) if body is not None else ""
    if body is not None and body.get_content_type() == "text/html":
        blocks.extend(fragment(text))
    else:
        blocks.extend(read_plain(text).blocks)
    members = []
    if job.depth <= _DEEPEST:
        for number, part in enumerate(message.iter_attachments(), 1):
            if number > _MOST_MEMBERS or (part.get_content_maintype() == "image" and part.get("Content-ID")):
                continue
            name = _safe(part.get_filename() or f"dinh-kem-{number}")
            members.append(_member(name, lambda p=part: _bytes(p), job))  # type: ignore[misc]
    return Reading(tuple(blocks), title=subject, members=tuple(members))


def _header(message: EmailMessage, key: str) -> str:
    try:
        return clean(str(message.get(key, "")))[:500]
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""


def _content(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError, KeyError):
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _bytes(part: MIMEPart) -> bytes:
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        return inner[0].as_bytes() if isinstance(inner, list) and inner and isinstance(inner[0], Message) else b""
    return b""
