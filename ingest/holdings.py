"""What an office has read in: every file with the document that it is, or the one that it is a copy of."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO

from sqlalchemy import select

from ingest.report import Report
from ingest.sync import FILES, Sync
from knowledge.errors import BadInput, SotayError


@dataclass(frozen=True)
class Holding:
    """One file; `id` is the upload's own, or made from the path of a file in a folder."""

    id: str
    name: str
    title: str
    uploaded: bool
    instrument: str = ""
    kind: str = ""
    copy_of: str = ""  # the name of the file that is cited
    likeness: int = 100
    passages: int = 0
    pages: int | None = None
    media_type: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    warnings: tuple[str, ...] = ()
    sent_by: str = ""
    sent_at: datetime | None = None


# A run that reads a whole folder of scans may take long; what is sent in stands in line behind it for these seconds.
_WAIT = 300.0


def take_in(sync: Sync, content: IO[bytes], name: str, *, by: str = "") -> tuple[str, Report]:
    """Keep and read a file that was sent in; its id and the report.

    BadInput with the reason when it cannot be read; then nothing of it is kept.
    """
    try:
        upload = sync.uploads.save(content, name, by=" ".join(by.split()))
    except OSError as error:
        raise SotayError(f"Không cất được tệp vào thư mục dữ liệu: {error.strerror}.") from error
    try:
        report = sync.run([sync.uploads.path(upload.id)], wait=_WAIT)
        if report.files[0].status != "read":
            raise BadInput(f"«{upload.name}»: {report.files[0].reason}")
    except BaseException:
        sync.uploads.remove(upload.id)
        raise
    return upload.id, report


def take_out(sync: Sync, own: str) -> None:
    """Take an uploaded file away; a copy of it takes its place."""
    path = sync.uploads.path(own)
    path.unlink(missing_ok=True)
    with contextlib.suppress(BadInput):  # sent in, but never read
        sync.run([path], prune=True, wait=_WAIT)
    sync.uploads.remove(own)


def holdings(sync: Sync) -> list[Holding]:
    """Every file read in, but for the shipped handbook's, by name."""
    uploads = sync.uploads.all()
    copies = sync.duplicates.of()
    documents = {document.id: document for document in sync.assistant.store.documents()}
    with sync.engine.connect() as connection:
        rows = connection.execute(select(FILES)).all()

    def name(path: str) -> str:
        inside = Path(path).parent == sync.uploads.folder and Path(path).name in uploads
        return uploads[Path(path).name].name if inside else Path(path).name

    found = []
    for row in rows:
        document = documents.get(row.document_id)
        if document is None or document.kind == "handbook":
            continue
        path = Path(row.path)
        upload = uploads.get(path.name) if path.parent == sync.uploads.folder else None
        of, likeness = copies.get(row.path, ("", 100))
        found.append(
            Holding(
                id=upload.id if upload else hashlib.sha256(row.path.encode()).hexdigest()[:24],
                name=name(row.path),
                title=document.title,
                uploaded=upload is not None,
                instrument=document.instrument or "",
                kind=document.kind,
                copy_of=name(of) if of else "",
                likeness=likeness,
                passages=row.passages,
                pages=document.pages,
                media_type=document.media_type,
                valid_from=document.valid_from,
                valid_to=document.valid_to,
                warnings=document.warnings,
                sent_by=upload.sent_by if upload else "",
                sent_at=upload.sent_at if upload else None,
            )
        )
    return sorted(found, key=lambda holding: (holding.name, holding.id))
