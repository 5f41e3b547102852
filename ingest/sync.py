"""Folders and files into the store: only what changed is read, one bad file stops nothing, a report tells everything.

Each file is one document and one transaction. What a run skips, it skips by hash; what is gone from a folder is
removed only by a run over that folder, and never when the folder itself or more than a fifth of it vanished at once (an
unmounted disk is not a clean-up). What cannot be read or written is reported, and the last good state stays.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Column, Integer, String, Table, Text, delete, select, update
from sqlalchemy.exc import DBAPIError

from ingest.chunk import chunk
from ingest.metadata import describe
from ingest.sandbox import Sandbox
from knowledge.assistant import Assistant
from knowledge.database import METADATA
from knowledge.errors import BadInput, SotayError, Unreadable
from knowledge.store import Change
from knowledge.types import Document, Passage

log = logging.getLogger(__name__)

HANDBOOK = Path(__file__).parent.parent / "knowledge" / "handbook"

FILES = Table(
    "files",
    METADATA,
    Column("path", String(1024), primary_key=True),
    Column("root", String(1024), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("version", String(16), nullable=False),  # of the reading code: new code reads old files again
    Column("document_id", String(64)),
    Column("passages", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("reason", Text, nullable=False),
)

Status = Literal["read", "unchanged", "refused", "failed", "removed"]
_APPLY_EVERY = 25
_SKIPPED_NAMES = ("~$", ".")
_VANISHED = 0.2
# A database and two indexes need room to grow, and SQLite some for its journal.
_ROOM = 64 * 1024 * 1024
_FULL = "Ổ đĩa chứa thư mục dữ liệu đã đầy nên chưa nạp được. Hãy dọn bớt rồi nạp lại; những gì đã nạp vẫn còn."
_REASONS = {
    errno.EACCES: "không có quyền đọc",
    errno.ENOENT: "tệp vừa biến mất",
    errno.EIO: "ổ đĩa báo lỗi",
    errno.ENOSPC: "ổ đĩa đã đầy",
}


@dataclass(frozen=True)
class FileReport:
    """What became of one file; `path` as it was given, `reason` in Vietnamese where it was not read."""

    path: str
    status: Status
    reason: str = ""
    type: str = ""
    pages: int | None = None
    passages: int = 0
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()


@dataclass
class Report:
    """What became of a run, file by file."""

    files: list[FileReport] = field(default_factory=list)
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)

    def count(self, status: Status) -> int:
        """How many files ended so."""
        return sum(file.status == status for file in self.files)

    def as_data(self) -> dict[str, Any]:
        """The report as it is written to JSON."""
        totals = {status: self.count(status) for status in ("read", "unchanged", "refused", "failed", "removed")}
        return {
            "files": [asdict(file) for file in self.files],
            "totals": {
                **totals,
                "files": len(self.files),
                "pages": sum(file.pages or 0 for file in self.files),
                "passages": sum(file.passages for file in self.files if file.status != "removed"),
                "seconds": round(self.seconds, 3),
            },
            "notes": self.notes,
        }


Progress = Callable[[FileReport, int, int], None]


class Sync:
    """Brings files into one assistant's knowledge; one run at a time."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.engine = assistant.engine
        self._running = threading.Lock()

    def handbook(self, *, progress: Progress | None = None) -> Report:
        """Bring the shipped handbook up to date; pages gone from it are removed."""
        return self.run([HANDBOOK], prune=True, progress=progress)

    def run(
        self, paths: Sequence[Path], *, dry_run: bool = False, prune: bool = False, progress: Progress | None = None
    ) -> Report:
        """Read files and folders; a folder's vanished files are removed from the knowledge.

        Raises BadInput when a path does not exist and nothing is known under it, SotayError when a run is under way.
        """
        if not self._running.acquire(blocking=False):
            raise SotayError("Đang có một lượt nạp văn bản khác. Hãy đợi lượt đó xong rồi thử lại.")
        try:
            return self._run([path.expanduser().absolute() for path in paths], dry_run, prune, progress)
        finally:
            self._running.release()

    def passages_of(self, path: Path) -> list[dict[str, Any]] | None:
        """A file's passages in order with their breadcrumbs; None when the file has not been read in."""
        row = self._row(path.expanduser().absolute())
        if row is None:
            return None
        return [passage_data(passage) for passage in self.assistant.store.of_document(row.document_id)]

    # -- within ----------------------------------------------------------------------------------------------------

    def _run(self, paths: list[Path], dry_run: bool, prune: bool, progress: Progress | None) -> Report:
        started = time.perf_counter()
        report = Report()
        work = {file: root for root in paths for file in self._files(root)}
        waiting: list[Change] = []
        try:
            with Sandbox() as sandbox:
                for number, (file, root) in enumerate(work.items(), 1):
                    result, change = self._one(root, file, sandbox, dry_run)
                    report.files.append(result)
                    if change is not None:
                        waiting.append(change)
                    if len(waiting) >= _APPLY_EVERY:
                        self._apply(waiting)
                    if progress:
                        progress(result, number, len(work))
            present = {_name(file) for file in work}
            for root in paths:
                self._gone(root, present, dry_run, prune, report, waiting)
        finally:
            # Also when the run is cut short: what the store has taken, the index must learn.
            self._apply(waiting)
        report.seconds = time.perf_counter() - started
        return report

    def _apply(self, waiting: list[Change]) -> None:
        index = self.assistant.index
        if waiting:
            index.apply(_merged(waiting))
            waiting.clear()
        elif index.faults:
            index.warm()

    def _files(self, root: Path) -> Iterator[Path]:
        if root.is_dir():
            for path in sorted(root.rglob("*")):
                inside = path.relative_to(root).parts
                if path.is_file() and not any(part.startswith(_SKIPPED_NAMES) for part in inside):
                    if root == HANDBOOK and path.name == "README.md":
                        continue
                    yield path
        elif root.is_file():
            yield root
        elif not self._known(root):
            raise BadInput(f"Không có tệp hay thư mục «{root}».")

    def _one(self, root: Path, path: Path, sandbox: Sandbox, dry_run: bool) -> tuple[FileReport, Change | None]:
        started = time.perf_counter()

        def report(status: Status, reason: str = "", document: Document | None = None, passages: int = 0) -> FileReport:
            return FileReport(
                _name(path),
                status,
                reason,
                document.media_type if document else "",
                document.pages if document else None,
                passages,
                round(time.perf_counter() - started, 3),
                document.warnings if document else (),
            )

        try:
            sha256 = _sha256(path)
            before = self._row(path)
            if before and before.sha256 == sha256 and before.version == code_version() and before.status == "read":
                known = self.assistant.store.document(before.document_id)
                if known is not None:
                    return report("unchanged", "", known, before.passages), None
            reading = sandbox.read(path)
            document = describe(reading, path, sha256)
            passages = chunk(document, reading)
            if not passages:
                raise Unreadable("Không tách được đoạn nào từ tệp này.")
            if dry_run:
                return report("read", "chạy thử, chưa ghi", document, len(passages)), None
            if shutil.disk_usage(self.assistant.settings.data_dir).free < _ROOM:
                return report("failed", _FULL), None
            change = self.assistant.store.replace(document, passages, self.assistant.index.embedder.passages)
            if before and before.document_id != document.id and not self._shared(before):
                change = _merged([change, self.assistant.store.remove(before.document_id)])
            self._note(root, path, sha256, "read", "", document.id, len(passages))
            return report("read", "", document, len(passages)), change
        except Unreadable as error:
            status: Status = "refused" if type(error).__name__ == "Refused" else "failed"
            reason = str(error)
        except SotayError as error:
            status, reason = "failed", str(error)
        except OSError as error:
            told = _REASONS.get(error.errno or 0) or error.strerror or error
            status, reason = "failed", f"Không đọc được tệp: {told}."
        except DBAPIError as error:
            log.warning("a document could not be written: %s", error.orig)
            full = "full" in str(error.orig).lower()
            status, reason = "failed", _FULL if full else f"Không ghi được vào cơ sở dữ liệu: {error.orig}"
        except Exception as error:
            log.exception("ingesting a file failed")
            status, reason = "failed", f"Lỗi khi xử lý tệp: {type(error).__name__}: {error}"
        # The last good state stays: a file that can no longer be read keeps the passages of its last reading.
        return report(status, reason), None

    def _gone(
        self, root: Path, present: set[str], dry_run: bool, prune: bool, report: Report, waiting: list[Change]
    ) -> None:
        known = self._known(root)
        missing = [row for row in known if row.path not in present and not os.path.lexists(row.path)]
        if not missing:
            return
        # A file named on the command line is gone for good; a folder that is gone may only be unmounted.
        unmounted = not root.exists() and all(row.path != _name(root) for row in known)
        if not prune and (unmounted or len(missing) > max(1, _VANISHED * len(known))):
            report.notes.append(
                f"{len(missing)}/{len(known)} tệp của {_name(root)} không còn thấy. Có thể ổ đĩa chưa gắn, nên chưa "
                "xóa gì; nếu đúng là muốn xóa, hãy chạy lại với --prune."
            )
            return
        for row in missing:
            if not dry_run:
                if not self._shared(row):
                    waiting.append(self.assistant.store.remove(row.document_id))
                with self.engine.begin() as connection:
                    connection.execute(delete(FILES).where(FILES.c.path == row.path))
            reason = "chạy thử, chưa gỡ" if dry_run else "tệp không còn trong thư mục"
            report.files.append(FileReport(row.path, "removed", reason, passages=row.passages))

    def _shared(self, row: Any) -> bool:
        """Whether another file is this row's document too: a copy whose name differs in its normal form alone."""
        others = select(FILES.c.path).where(FILES.c.document_id == row.document_id, FILES.c.path != row.path)
        with self.engine.connect() as connection:
            return connection.execute(others).first() is not None

    def _known(self, root: Path) -> list[Any]:
        with self.engine.connect() as connection:
            rows = connection.execute(select(FILES)).all()
        whole, inside = _name(root), _name(root).rstrip(os.sep) + os.sep
        return [row for row in rows if row.path == whole or row.path.startswith(inside)]

    def _row(self, path: Path) -> Any:
        with self.engine.connect() as connection:
            return connection.execute(select(FILES).where(FILES.c.path == _name(path))).first()

    def _note(
        self, root: Path, path: Path, sha256: str, status: str, reason: str, document_id: str, passages: int
    ) -> None:
        row = {
            "path": _name(path), "root": _name(root), "sha256": sha256, "version": code_version(),
            "document_id": document_id, "passages": passages, "status": status, "reason": reason,
        }  # fmt: skip
        with self.engine.begin() as connection:
            if connection.execute(update(FILES).where(FILES.c.path == _name(path)).values(row)).rowcount == 0:
                connection.execute(FILES.insert(), row)


def preview(path: Path) -> list[dict[str, Any]]:
    """A file's passages as they would be, without writing anything; raises Unreadable or BadInput."""
    path = path.expanduser().absolute()
    if not path.is_file():
        raise BadInput(f"Không có tệp «{path}».")
    with Sandbox() as sandbox:
        reading = sandbox.read(path)
    return [passage_data(passage) for passage in chunk(describe(reading, path, _sha256(path)), reading)]


def passage_data(passage: Passage) -> dict[str, Any]:
    """A passage as `sotay passages` prints it."""
    return {
        "passage_id": passage.id,
        "breadcrumb": list(passage.breadcrumb),
        "page": passage.page,
        "sources": [f"{source.key} {source.locator}".strip() for source in passage.sources],
        "text": passage.text,
    }


def _merged(changes: Iterable[Change]) -> Change:
    """Several changes as one; a passage added by one and removed by a later one is neither."""
    added: dict[str, None] = {}
    removed: dict[str, None] = {}
    refreshed: dict[str, None] = {}
    kept = 0
    for change in changes:
        kept += change.kept
        for i in change.removed:
            refreshed.pop(i, None)
            if i in added:
                del added[i]
            else:
                removed[i] = None
        for i in change.added:
            if i in removed:
                del removed[i]
                refreshed[i] = None
            else:
                added[i] = None
        for i in change.refreshed:
            if i not in added:
                refreshed[i] = None
    return Change(tuple(added), tuple(removed), kept, tuple(refreshed))


def _name(path: Path) -> str:
    """The path as text that can be written and printed, also where its bytes are not UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def code_version() -> str:
    """A hash of the reading and cutting code: when it changes, unchanged files are read again."""
    digest = hashlib.sha256()
    for module in sorted(Path(__file__).parent.glob("*.py")):
        if module.name not in ("sync.py", "doctor.py", "handbook.py"):
            digest.update(module.read_bytes())
    return digest.hexdigest()[:16]
