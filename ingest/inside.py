"""The files inside an archive or an e-mail into the store: each a document of its own, under `archive/name`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, delete, select

from ingest.blocks import Member, Reading, block_lines
from ingest.changes import merged
from ingest.chunk import chunk
from ingest.files import FILES
from ingest.metadata import describe
from knowledge.assistant import Assistant
from knowledge.store import Change
from knowledge.types import Document

Note = Callable[[Path, str, str, int], None]  # path, hash, document id, passages


OWN = "thu"  # the e-mail's own text among its attachments


def flat(reading: Reading, name: str = "") -> list[Member]:
    """All readings inside, those of archives within archives too, by their path; what could not be read included."""
    found = []
    for member in reading.members:
        path = f"{name}/{member.name}" if name else member.name
        if member.reading is None:
            found.append(Member(path, None, member.reason, member.refused))
            continue
        if member.reading.blocks:
            found.append(Member(path, member.reading))
        found.extend(flat(member.reading, path))
    return found


def write(
    assistant: Assistant, archive: Path, members: list[Member], note: Note, *, origin: str
) -> tuple[list[tuple[Document, Reading]], int, Change]:
    """Brings the store to what the archive holds now; gives (documents with their readings, passages, what changed).

    What an earlier version of the archive held and this one does not is removed.
    """
    documents: list[tuple[Document, Reading]] = []
    changes: list[Change] = []
    passages = 0
    for member in members:
        if member.reading is None:
            continue
        path = archive / member.name
        sha256 = hashlib.sha256("\n".join(line for b in member.reading.blocks for line in block_lines(b)).encode())
        document = describe(member.reading, path, sha256.hexdigest(), origin=f"{origin}/{member.name}")
        cut = chunk(document, member.reading)
        if not cut:
            continue
        changes.append(assistant.store.replace(document, cut, assistant.index.embedder.passages))
        note(path, document.sha256, document.id, len(cut))
        documents.append((document, member.reading))
        passages += len(cut)
    changes += _removed(assistant, archive, {document.id for document, _ in documents})
    return documents, passages, merged(changes)


def _removed(assistant: Assistant, archive: Path, kept: set[str]) -> list[Change]:
    engine: Engine = assistant.engine
    with engine.connect() as connection:
        rows = connection.execute(select(FILES).where(FILES.c.path.startswith(f"{archive}/", autoescape=True))).all()
    gone = [row for row in rows if row.document_id not in kept]
    changes = []
    for row in gone:
        changes.append(assistant.store.remove(row.document_id))
        with engine.begin() as connection:
            connection.execute(delete(FILES).where(FILES.c.path == row.path))
    return changes


def told(members: list[Member]) -> tuple[str, tuple[str, ...]]:
    """(one line about what was inside, a line for each file that was not read)."""
    failed = [member for member in members if member.reading is None]
    line = f"{len(members)} tệp bên trong, đọc được {len(members) - len(failed)}"
    return line, tuple(f"{member.name}: {member.reason}" for member in failed[:50])
