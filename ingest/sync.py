"""Folders and files into the store: only what changed is read, one bad file stops nothing, a report tells everything.

Each file is one document and one transaction. What a run skips, it skips by hash; what is gone from a folder is
removed only by a run over that folder, and never when the folder itself or more than a fifth of it vanished at once (an
unmounted disk is not a clean-up). What cannot be read or written is reported, and the last good state stays.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from ingest import inside
from ingest.changes import merged
from ingest.draft import Asked, Draft
from ingest.duplicates import Duplicates, Match
from ingest.files import FILES as FILES
from ingest.files import Files, written
from ingest.folder import files_in, vanished
from ingest.metadata import place
from ingest.preview import passage_data, sha256_of
from ingest.report import FileReport as FileReport
from ingest.report import Progress, Report, Status
from ingest.sandbox import Sandbox
from ingest.uploads import Uploads
from knowledge.assistant import Assistant
from knowledge.errors import BadInput, SotayError, Unreadable
from knowledge.overlay import Proposed
from knowledge.store import Change
from knowledge.types import Document

log = logging.getLogger(__name__)

HANDBOOK = Path(__file__).parent.parent / "knowledge" / "handbook"

_KNOWN = ("read", "copy")
_APPLY_EVERY = 25


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
        self.files = Files(assistant.engine)
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
        row = self.files.row(path.expanduser().absolute())
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
            present = {written(file) for file in work}
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
        if root == HANDBOOK:
            yield from (path for path in files_in(root) if path.name != "README.md")
        elif root.is_dir() or root.is_file():
            yield from files_in(root)
        elif not self.files.under(root):
            raise BadInput(f"Không có tệp hay thư mục «{root}».")

    def _one(self, root: Path, path: Path, sandbox: Sandbox, dry_run: bool) -> tuple[FileReport, Change | None]:
        started = time.perf_counter()

        def report(
            status: Status, reason: str = "", document: Document | None = None, passages: int = 0, **more: Any
        ) -> FileReport:
            return FileReport(
                written(path),
                status,
                reason,
                document.media_type if document else "",
                document.pages if document else None,
                passages,
                round(time.perf_counter() - started, 3),
                document.warnings if document else (),
                **more,
            )

        try:
            sha256 = sha256_of(path)
            before = self.files.row(path)
            if before and before.sha256 == sha256 and before.version == code_version() and before.status in _KNOWN:
                known = self.assistant.store.document(before.document_id)
                if known is not None and path not in self._again:
                    return report("unchanged", before.reason, known, before.passages), None
            found = sandbox.draft(path, self._asked(path, sha256))
            document, passages, mine = found.document, found.passages, found.mark
            if found.holds:
                return self._archive(root, path, found, dry_run, report)
            if not passages:
                raise Unreadable("Không tách được đoạn nào từ tệp này.")
            match = self.duplicates.find(mine) if mine else None
            if dry_run:
                return report("read", "chạy thử, chưa ghi", document, len(passages), scores=found.scores), None
            if shutil.disk_usage(self.assistant.settings.data_dir).free < _ROOM:
                return report("failed", _FULL), None
            if mine and match and not match.better:
                change = self._as_copy(root, path, sha256, document, match)
                strangers = self.duplicates.copies(mine.path)
                self.duplicates.note(mine, match)
                self._anew(strangers)
                return report("read", _told(match, self.uploads), document, scores=found.scores), change
            change = self.assistant.store.replace(document, passages, self.assistant.index.embedder.passages)
            if before and before.document_id != document.id and not self.files.shared(before):
                change = merged([change, self.assistant.store.remove(before.document_id)])
            if mine and match:
                change = merged([change, self._instead_of(match, document)])
                self.duplicates.note(mine)
                self.duplicates.follow(match.of.path, mine, match.likeness)
            elif mine:
                self._anew(self.duplicates.strangers(mine))
                self.duplicates.note(mine)
            self._note(root, path, sha256, document_id=document.id, passages=len(passages))
            self._propose(found, path)
            return report("read", "", document, len(passages), scores=found.scores), change
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
        self, root: Path, path: Path, found: Draft, dry_run: bool, report: Callable[..., FileReport]
    ) -> tuple[FileReport, Change | None]:
        """Write what an archive or an e-mail holds, each file inside as a document of its own."""
        told, failures = inside.told(found)
        if not found.inside:
            raise Unreadable(f"Không đọc được tệp nào bên trong: {'; '.join(failures)[:500]}")
        document = replace(found.document, warnings=(*found.document.warnings, *failures))
        if dry_run:
            return report("read", f"chạy thử, chưa ghi: {told}", document), None

        def note(file: Path, sha256: str, document_id: str, passages: int) -> None:
            self._note(root, file, sha256, document_id=document_id, passages=passages)

        made, passages, change = inside.write(self.assistant, path, found, note)
        if not made:
            raise Unreadable("Không tách được đoạn nào từ các tệp bên trong.")
        self._note(root, path, document.sha256, document_id=made[0][1].document.id, reason=told)
        for _, inner in made:
            self._propose(inner, path)
        return report("read", told, document, passages), change

    def _asked(self, path: Path, sha256: str) -> Asked:
        name = self.uploads.name_of(path)
        if name is not None:
            return Asked(name, written(path), sha256, f"upload:{path.name}")
        origin, kind = place(path)
        return Asked(str(path), written(path), sha256, origin, kind)

    def _note(self, root: Path, path: Path, sha256: str, **said: Any) -> None:
        self.files.note(root, path, sha256, code_version(), **said)

    def _as_copy(self, root: Path, path: Path, sha256: str, document: Document, match: Match) -> Change | None:
        """Put a file on record as a copy; what it was indexed as before goes."""
        cited = match.of.document_id
        change = self.assistant.store.remove(document.id) if self.assistant.store.document(document.id) else None
        self.assistant.overlay.forget(document.id)
        self._note(root, path, sha256, document_id=cited, status="copy", reason=_told(match, self.uploads))
        return change

    def _instead_of(self, match: Match, document: Document) -> Change:
        """Take the document away that was cited until now; its file and that file's copies become this one's."""
        change = self.assistant.store.remove(match.of.document_id)
        self.assistant.overlay.forget(match.of.document_id)
        old = [match.of.path, *self.duplicates.copies(match.of.path)]
        self.files.become_copies(old, document.id, f"bản sao của «{document.title}»")
        return change

    def _anew(self, paths: Iterable[str]) -> None:
        """Have files read in this run whose original is no longer what they are copies of."""
        for name in paths:
            row = self.files.row(Path(name))
            if row is not None:
                self._again[Path(row.path)] = Path(row.root)

    def _propose(self, found: Draft, path: Path) -> None:
        if found.proposal is None:
            return
        origin = self.uploads.name_of(path) or written(path)
        try:
            new = self.assistant.overlay.propose(found.proposal, found.document.id, origin, self.assistant.registry)
        except Exception:
            log.exception("no register entry could be proposed from a document")
            return
        self._proposed += [new] if new else []

    def _gone(
        self, root: Path, present: set[str], dry_run: bool, prune: bool, report: Report, waiting: list[Change]
    ) -> None:
        missing, note = vanished(root, self.files.under(root), present, prune=prune)
        report.notes += [note] if note else []
        for row in missing:
            if not dry_run:
                if not self.files.shared(row):
                    waiting.append(self.assistant.store.remove(row.document_id))
                    self.assistant.overlay.forget(row.document_id)
                self._anew(self.duplicates.copies(row.path))
                self.duplicates.forget(row.path)
                self.files.forget(row.path)
            reason = "chạy thử, chưa gỡ" if dry_run else "tệp không còn trong thư mục"
            report.files.append(FileReport(row.path, "removed", reason, passages=row.passages))


def _told(match: Match, uploads: Uploads) -> str:
    path = Path(match.of.path)
    how = "" if match.likeness > 0.995 else f" (giống {match.likeness:.0%})"
    return f"bản sao của «{uploads.name_of(path) or path.name}»{how}, không nạp lần hai"


@cache
def code_version() -> str:
    """A hash of the reading and cutting code: when it changes, unchanged files are read again."""
    digest = hashlib.sha256()
    for module in sorted(Path(__file__).parent.glob("*.py")):
        if module.name not in ("sync.py", "doctor.py", "handbook.py", "folder.py", "preview.py", "report.py"):
            digest.update(module.read_bytes())
    return digest.hexdigest()[:16]
