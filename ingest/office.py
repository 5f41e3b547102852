"""Old Office files (.doc, .rtf, .ppt, OpenDocument) through LibreOffice, each time in a throw-away profile.

A fresh profile runs no macros, follows no links and shares nothing with another conversion. Without LibreOffice a .doc
is read by antiword, which keeps the text but not the tables.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from ingest import programs
from ingest.blocks import Reading
from ingest.job import Job
from ingest.plain import read_plain
from ingest.slides import read_pptx
from ingest.word import read_docx
from knowledge.errors import Refused, Unreadable

_SECONDS = 100.0


def read_doc(job: Job) -> Reading:
    """The blocks of a Word 97–2003 document."""
    # The flag of an encrypted document, in the header that Word always puts first.
    if job.data[512:514] == b"\xec\xa5" and job.data[523:524] and job.data[523] & 1:
        raise Refused("Tệp Word được đặt mật khẩu: hãy lưu lại không mật khẩu.")
    return _read(job, "a.doc")


def read_rtf(job: Job) -> Reading:
    """The blocks of a rich text file."""
    return _read(job, "a.rtf")


def read_odt(job: Job) -> Reading:
    """The blocks of an OpenDocument text."""
    return _read(job, "a.odt")


def read_ppt(job: Job) -> Reading:
    """The slides of a PowerPoint 97–2003 file."""
    return _read(job, "a.ppt")


def _read(job: Job, name: str) -> Reading:
    slides = name.endswith(".ppt")
    made = _converted(job.data, name, "pptx" if slides else "docx")
    if made is not None:
        return (read_pptx if slides else read_docx)(replace(job, data=made))
    if name.endswith(".doc"):
        return _by_antiword(job)
    raise Unreadable(programs.OFFICE if programs.office() is None else _FAILED)


_FAILED = "LibreOffice không chuyển được tệp này: tệp hỏng, được đặt mật khẩu hoặc quá phức tạp."


def _converted(data: bytes, name: str, form: str) -> bytes | None:
    program = programs.office()
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="sotay-office-") as folder:
        source = Path(folder) / name
        source.write_bytes(data)
        profile = (Path(folder) / "profile").as_uri()
        command = [
            program,
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nodefault",
            "--nologo",
            "--nofirststartwizard",
        ]
        command += [f"-env:UserInstallation={profile}", "--convert-to", form, "--outdir", folder, str(source)]
        programs.run(command, seconds=_SECONDS, env={"HOME": folder, "SAL_USE_VCLPLUGIN": "svp"})
        made = source.with_suffix(f".{form}")
        return made.read_bytes() if made.is_file() and made.stat().st_size else None


def _by_antiword(job: Job) -> Reading:
    program = programs.find("antiword")
    if program is None:
        raise Unreadable(programs.OFFICE if programs.office() is None else _FAILED)
    with tempfile.TemporaryDirectory(prefix="sotay-doc-") as folder:
        source = Path(folder) / "a.doc"
        source.write_bytes(job.data)
        printed = programs.run([program, "-w", "0", "-m", "UTF-8.txt", str(source)], seconds=60, env={"HOME": folder})
    if not printed:
        raise Unreadable(_FAILED if programs.office() else programs.OFFICE)
    reading = read_plain(printed.decode("utf-8", "replace"))
    note = "Đọc bằng antiword nên bảng biểu chỉ còn là dòng chữ. " + programs.OFFICE
    return replace(reading, warnings=(note,))
