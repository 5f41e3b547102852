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
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from ingest import inside
from ingest.blocks import Member, Reading
from ingest.changes import merged
from ingest.chunk import chunk
from ingest.duplicates import Duplicates, Match, fingerprint
from ingest.files import FILES as FILES
from ingest.metadata import describe
from ingest.proposal import propose
from ingest.report import FileReport as FileReport
from ingest.report import Progress, Report, Status
from ingest.sandbox import Sandbox
from ingest.uploads import Uploads
from knowledge.assistant import Assistant
from knowledge.errors import BadInput, SotayError, Unreadable
from knowledge.overlay import Proposed
from knowledge.store import Change
from knowledge.types import Document, Passage

log = logging.getLogger(__name__)

HANDBOOK = Path(__file__).parent.parent / "knowledge" / "handbook"

_KNOWN = ("read", "copy")
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


class Sync:
    """Brings files into one assistant's knowledge; one run at a time."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.engine = assistant.engine
        self.uploads = Uploads(assistant.engine, assistant.settings.data_dir)
        self.duplicates = Duplicates(assistant.engine)
        self._running = threading.Lock()
        self._again: dict[Path, Path] = {}  # copies to be read anew in this run, with the root they were found under
        self._proposed: list[Proposed] = []

    def handbook(self, *, progress: Progress | None = None) -> Report:
        """Bring the shipped handbook up to date; pages gone from it are removed."""
        return self.run([HANDBOOK], prune=True, progress=progress)

    def run(
        self,
        paths: Sequence[Path],
        *,
        dry_run: bool = False,
        prune: bool = False,
        progress: Progress | None = None,
        wait: float = 0.0,
    ) -> Report:
        """Read files and folders; a folder's vanished files are removed from the knowledge.

        Raises BadInput when a path does not exist and nothing is known under it, SotayError when another run is still
        under way after `wait` seconds.
        """
        if not self._running.acquire(timeout=wait):
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
        self._again, self._proposed = {}, []
        work = {file: root for root in paths for file in self._files(root)}
        waiting: list[Change] = []
        try:
            with self._sandbox() as sandbox:
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
            self._read_again(report, waiting, dry_run)
        finally:
            # Also when the run is cut short: what the store has taken, the index must learn.
            self._apply(waiting)
        report.proposals = [
            {"id": one.id, "number": one.proposal.number, "check": list(one.proposal.doubtful), "origin": one.origin}
            for one in self._proposed
        ]
        if self._proposed:
            named = ", ".join(one.proposal.number for one in self._proposed[:5])
            report.notes.append(
                f"{len(self._proposed)} đề nghị mới cho danh bạ văn bản ({named}) chờ người quản trị xác nhận: "
                "`sotay register list`."
            )
        report.seconds = time.perf_counter() - started
        return report

    def _read_again(self, report: Report, waiting: list[Change], dry_run: bool) -> None:
        """Read the copies of what is gone or has changed: the first of them takes its place."""
        told = {file.path: number for number, file in enumerate(report.files)}
        with self._sandbox() as sandbox:
            while self._again and not dry_run:
                path = next(iter(self._again))
                root = self._again.pop(path)
                if not path.is_file():
                    continue
                result, change = self._one(root, path, sandbox, dry_run)
                waiting += [change] if change is not None else []
                if result.path in told:
                    report.files[told[result.path]] = result
                else:
                    report.files.append(result)

    def _sandbox(self) -> Sandbox:
        """A reader that keeps the pages it has recognised: a run that was stopped goes on where it was."""
        return Sandbox(cache=self.assistant.settings.data_dir / "pages")

    def _apply(self, waiting: list[Change]) -> None:
        index = self.assistant.index
        if waiting:
            index.apply(merged(waiting))
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
            if before and before.sha256 == sha256 and before.version == code_version() and before.status in _KNOWN:
                known = self.assistant.store.document(before.document_id)
                if known is not None and path not in self._again:
                    return report("unchanged", before.reason, known, before.passages), None
            reading = sandbox.read(path)
            document = self._describe(reading, path, sha256)
            passages = chunk(document, reading)
            if reading.members:
                return self._archive(root, path, reading, document, dry_run, report)
            if not passages:
                raise Unreadable("Không tách được đoạn nào từ tệp này.")
            mine = fingerprint(_name(path), document, reading)
            match = self.duplicates.find(mine) if mine else None
            if dry_run:
                return report("read", "chạy thử, chưa ghi", document, len(passages)), None
            if shutil.disk_usage(self.assistant.settings.data_dir).free < _ROOM:
                return report("failed", _FULL), None
            if mine and match and not match.better:
                change = self._as_copy(root, path, sha256, document, match)
                strangers = self.duplicates.copies(mine.path)
                self.duplicates.note(mine, match)
                self._anew(strangers)
                return report("read", _told(match, self.uploads), document), change
            change = self.assistant.store.replace(document, passages, self.assistant.index.embedder.passages)
            if before and before.document_id != document.id and not self._shared(before):
                change = merged([change, self.assistant.store.remove(before.document_id)])
            if mine and match:
                change = merged([change, self._instead_of(match, document)])
                self.duplicates.note(mine)
                self.duplicates.follow(match.of.path, mine, match.likeness)
            elif mine:
                self._anew(self.duplicates.strangers(mine))
                self.duplicates.note(mine)
            self._note(root, path, sha256, "read", "", document.id, len(passages))
            self._propose(reading, document, path)
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

    def _archive(
        self,
        root: Path,
        path: Path,
        reading: Reading,
        document: Document,
        dry_run: bool,
        report: Callable[..., FileReport],
    ) -> tuple[FileReport, Change | None]:
        """Write what an archive or an e-mail holds, each file inside as a document of its own."""
        members = inside.flat(reading)
        own = [Member(inside.OWN, replace(reading, members=()))] if reading.blocks else []
        told, failures = inside.told(members)
        if not any(member.reading for member in [*own, *members]):
            raise Unreadable(f"Không đọc được tệp nào bên trong: {'; '.join(failures)[:500]}")
        document = replace(document, warnings=(*document.warnings, *failures))
        if dry_run:
            return report("read", f"chạy thử, chưa ghi: {told}", document), None
        note = partial(self._note, root, status="read", reason="")
        documents, passages, change = inside.write(
            self.assistant,
            path,
            [*own, *members],
            lambda file, sha256, made, count: note(file, sha256, document_id=made, passages=count),
            origin=document.origin,
        )
        self._note(root, path, document.sha256, "read", told, documents[0][0].id, 0)
        for inner, said in documents:
            self._propose(said, inner, path)
        return report("read", told, document, passages), change

    def _describe(self, reading: Reading, path: Path, sha256: str) -> Document:
        name = self.uploads.name_of(path)
        if name is None:
            return describe(reading, path, sha256)
        return describe(reading, Path(name), sha256, origin=f"upload:{path.name}")

    def _as_copy(self, root: Path, path: Path, sha256: str, document: Document, match: Match) -> Change | None:
        """Put a file on record as a copy; what it was indexed as before goes."""
        cited = match.of.document_id
        change = self.assistant.store.remove(document.id) if self.assistant.store.document(document.id) else None
        self.assistant.overlay.forget(document.id)
        self._note(root, path, sha256, "copy", _told(match, self.uploads), cited, 0)
        return change

    def _instead_of(self, match: Match, document: Document) -> Change:
        """Take the document away that was cited until now; its file and that file's copies become this one's."""
        change = self.assistant.store.remove(match.of.document_id)
        self.assistant.overlay.forget(match.of.document_id)
        old = [match.of.path, *self.duplicates.copies(match.of.path)]
        values = {
            "status": "copy",
            "document_id": document.id,
            "passages": 0,
            "reason": f"bản sao của «{document.title}»",
        }
        with self.engine.begin() as connection:
            connection.execute(update(FILES).where(FILES.c.path.in_(old)).values(values))
        return change

    def _anew(self, paths: Iterable[str]) -> None:
        """Have files read in this run whose original is no longer what they are copies of."""
        for name in paths:
            row = self._row(Path(name))
            if row is not None:
                self._again[Path(row.path)] = Path(row.root)

    def _propose(self, reading: Reading, document: Document, path: Path) -> None:
        if document.kind != "official":
            return
        try:
            proposal = propose(reading)
            origin = self.uploads.name_of(path) or _name(path)
            overlay, registry = self.assistant.overlay, self.assistant.registry
            new = overlay.propose(proposal, document.id, origin, registry) if proposal else None
        except Exception:
            log.exception("no register entry could be proposed from a document")
            return
        self._proposed += [new] if new else []

    def _gone(
        self, root: Path, present: set[str], dry_run: bool, prune: bool, report: Report, waiting: list[Change]
    ) -> None:
        known = self._known(root)
        missing = [
            row
            for row in known
            if row.path not in present
            and not os.path.lexists(row.path)
            # What is inside an archive is there as long as the archive is.
            and not any(str(above) in present for above in Path(row.path).parents)
        ]
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
                    self.assistant.overlay.forget(row.document_id)
                self._anew(self.duplicates.copies(row.path))
                self.duplicates.forget(row.path)
                with self.engine.begin() as connection:
                    connection.execute(delete(FILES).where(FILES.c.path == row.path))
            reason = "chạy thử, chưa gỡ" if dry_run else "tệp không còn trong thư mục"
            report.files.append(FileReport(row.path, "removed", reason, passages=row.passages))

    def _shared(self, row: Any) -> bool:
        """Whether another file is this row's document too: one whose name differs in its normal form alone, or the
        original of this copy."""
        same = (FILES.c.document_id == row.document_id) & (FILES.c.path != row.path)
        others = select(FILES.c.path).where(same, FILES.c.status == "read")
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


def _told(match: Match, uploads: Uploads) -> str:
    path = Path(match.of.path)
    how = "" if match.likeness > 0.995 else f" (giống {match.likeness:.0%})"
    return f"bản sao của «{uploads.name_of(path) or path.name}»{how}, không nạp lần hai"


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
