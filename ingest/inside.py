"""The files inside an archive or an e-mail into the store: each a document of its own, under `archive/name`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, delete, select

from ingest.changes import merged
from ingest.draft import Draft
from ingest.files import FILES
from knowledge.assistant import Assistant
from knowledge.store import Change

Note = Callable[[Path, str, str, int], None]  # path, hash, document id, passages


def write(
    assistant: Assistant, archive: Path, found: Draft, note: Note
) -> tuple[list[tuple[Path, Draft]], int, Change]:
    """Brings the store to what the archive holds now; gives (what was written and where, passages, what changed).

    What an earlier version of the archive held and this one does not is removed.
    """
    written: list[tuple[Path, Draft]] = []
    changes: list[Change] = []
    for name, inner in found.inside:
        if not inner.passages:
            continue
        path = archive / name
        changes.append(assistant.store.replace(inner.document, inner.passages, assistant.index.embedder.passages))
        note(path, inner.document.sha256, inner.document.id, len(inner.passages))
        written.append((path, inner))
    changes += _removed(assistant, archive, {inner.document.id for _, inner in written})
    return written, sum(len(inner.passages) for _, inner in written), merged(changes)


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


def told(found: Draft) -> tuple[str, tuple[str, ...]]:
    """(one line about what was inside, a line for each file that was not read)."""
    line = f"{found.holds} tệp bên trong, đọc được {found.holds - len(found.failed)}"
    return line, tuple(f"{name}: {reason}" for name, reason in found.failed[:50])
