"""What is checked before any parser sees a file: that it is a plain file of sane size, and that a ZIP is no bomb."""

from __future__ import annotations

import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from knowledge.errors import Refused, Unreadable

_MB = 1024 * 1024
_NESTED = (".zip", ".rar", ".7z", ".gz", ".bz2", ".xz", ".tar", ".jar")


@dataclass(frozen=True)
class Limits:
    """What one file may cost. `wall_seconds` is the floor; every megabyte adds `seconds_per_mb`.

    A file read page by page may take `step_seconds` from each page to the next, and `most_seconds` in all.
    """

    file_bytes: int = 200 * _MB
    memory_bytes: int = 1536 * _MB
    output_bytes: int = 256 * _MB
    written_bytes: int = 64 * _MB
    wall_seconds: float = 60.0
    seconds_per_mb: float = 5.0
    zip_entries: int = 2_000
    zip_bytes: int = 200 * _MB
    zip_ratio: int = 100
    step_seconds: float = 180.0
    most_seconds: float = 4 * 3600.0

    def seconds(self, size: int) -> float:
        """The time that a file of this size may take."""
        return self.wall_seconds + self.seconds_per_mb * size / _MB


def check(path: Path, limits: Limits) -> int:
    """The size of the file; Refused or Unreadable when it must not be opened or holds nothing."""
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unreadable(f"Không mở được tệp: {reason}.") from error
    if not stat.S_ISREG(found.st_mode):
        raise Refused("Không phải tệp thường (là thư mục, ống dẫn hoặc thiết bị).")
    if found.st_size == 0:
        raise Unreadable("Tệp rỗng (0 byte).")
    if found.st_size > limits.file_bytes:
        raise Refused(f"Tệp quá lớn: {found.st_size // _MB} MB, giới hạn {limits.file_bytes // _MB} MB.")
    return found.st_size


def check_zip(path: Path, limits: Limits) -> None:
    """Walks a ZIP's directory without unpacking anything; Refused names what makes it unsafe."""
    with path.open("rb") as file:
        if file.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
            return
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Unreadable("Tệp hỏng hoặc bị cắt cụt (không đọc được mục lục ZIP).") from error
    if len(entries) > limits.zip_entries:
        raise Refused(f"Tệp nén chứa quá nhiều mục ({len(entries)}, giới hạn {limits.zip_entries}).")
    for entry in entries:
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in name.parts[0] if name.parts else False:
            raise Refused("Tệp nén có đường dẫn vượt ra ngoài (.. hoặc tuyệt đối).")
        if entry.flag_bits & 1:
            raise Refused("Tệp được đặt mật khẩu: hãy lưu lại không mật khẩu.")
        if name.name.lower() == "vbaproject.bin":
            raise Refused("Tệp có macro (vbaProject.bin): hãy lưu lại ở dạng không macro.")
        if name.suffix.lower() in _NESTED:
            raise Refused("Tệp nén chứa tệp nén bên trong: hãy giải nén trước.")
        if entry.file_size > 10 * _MB and entry.file_size > limits.zip_ratio * max(entry.compress_size, 1):
            raise Refused("Tệp nén bung ra lớn bất thường (nghi là bom nén).")
    total = sum(entry.file_size for entry in entries)
    if total > limits.zip_bytes:
        raise Refused(f"Tệp nén bung ra {total // _MB} MB, vượt giới hạn {limits.zip_bytes // _MB} MB.")
