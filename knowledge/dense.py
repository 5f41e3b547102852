"""Approximate vector search in Chroma: derived, disposable, and never trusted before it has been probed.

Measured on chromadb 1.5.9: with damaged HNSW files `count()` stays right while `query()` silently misses passages, and
a collection broken by a kill can take the process that opens it down with it. So a folder is first opened by a child
process (`python -m knowledge.dense FOLDER VECTORS`) in which every vector must read back as it was put in and a sample
must find itself; only then is it opened here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.errors import StoreDamaged

COLLECTION = "passages"
PROBES = 50
# The vendor advises batches of 50-250; larger ones make a kill in the middle costlier.
_BATCH = 250
# ef_search bounds how many neighbours a query can see; over-fetching 200-400 needs as many.
_CONFIGURATION: Any = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 400},
}
_AUDIT_SECONDS = 120


class ChromaVectors:
    """One Chroma collection in one folder, owned by this process."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._client = chromadb.PersistentClient(folder, Settings(anonymized_telemetry=False, is_persistent=True))
            self._collection: Any = self._client.get_or_create_collection(
                COLLECTION,
                configuration=_CONFIGURATION,
                embedding_function=None,
            )
        except Exception as error:  # Chroma raises bare and Rust-born exceptions alike
            raise StoreDamaged(f"Chỉ mục Chroma ở {folder} không mở được: {error}") from error

    def count(self) -> int:
        """How many vectors it says it holds."""
        return int(self._collection.count())

    def add(self, ids: Sequence[str], vectors: np.ndarray, *, progress: Callable[[int], None] | None = None) -> None:
        """Put unit vectors in, row i under ids[i]."""
        for start in range(0, len(ids), _BATCH):
            batch = list(ids[start : start + _BATCH])
            self._collection.upsert(ids=batch, embeddings=vectors[start : start + _BATCH])
            if progress:
                progress(len(batch))

    def remove(self, ids: Sequence[str]) -> None:
        """Take vectors out; unknown ids are ignored."""
        for start in range(0, len(ids), _BATCH):
            self._collection.delete(ids=list(ids[start : start + _BATCH]))

    def search(self, vector: np.ndarray, k: int) -> list[tuple[str, float]]:
        """The k nearest ids with cosine similarity, best first; all of them where there are fewer."""
        found = self._collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
        return [(i, 1.0 - float(d)) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def unlike(self, ids: Sequence[str], rows: np.ndarray) -> int:
        """How many of these do not give back their own unit vector."""
        found = 0
        for start in range(0, len(ids), _BATCH):
            batch = list(ids[start : start + _BATCH])
            got = self._collection.get(ids=batch, include=["embeddings"])
            have = dict(zip(got["ids"], got["embeddings"], strict=True))
            for passage_id, row in zip(batch, rows[start : start + _BATCH], strict=True):
                # Not `> 1e-3`: a damaged vector may hold NaN. A vector of zeros has no direction to compare.
                found += passage_id not in have or not (not row.any() or np.abs(have[passage_id] - row).max() < 1e-3)
        return found

    def close(self) -> None:
        """Let the folder go."""
        close = getattr(self._client, "close", None)
        if close:
            close()


def faults(vectors: ChromaVectors, count: int, ids: Sequence[str], rows: np.ndarray) -> list[str]:
    """What an audit finds wrong: a count that differs, or probes that do not find themselves."""
    found = []
    if (have := vectors.count()) != count:
        found.append(f"có {have} vectơ, đúng ra phải là {count}")
    lost = 0
    for passage_id, row in zip(ids, rows, strict=True):
        near = vectors.search(row, 10)
        # Equal texts share a vector, so rank 1 may be a twin: what counts is that nothing else stands closer.
        lost += not any(i == passage_id for i, _ in near) and not (near and near[-1][1] > 1 - 1e-4)
    if lost:
        found.append(f"{lost}/{len(ids)} đoạn thử không tự tìm thấy mình")
    return found


def audit_in_child(folder: Path, ids: Sequence[str], rows: np.ndarray) -> list[str]:
    """What is wrong with a folder that should hold exactly these vectors; found in a process of its own, which a broken
    folder may crash without harm."""
    with tempfile.TemporaryDirectory() as scratch:
        vectors = Path(scratch, "vectors.npz")
        np.savez(vectors, ids=np.array(ids, dtype="U24"), rows=rows)
        command = [sys.executable, "-m", "knowledge.dense", str(folder), str(vectors)]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), "ANONYMIZED_TELEMETRY": "False"}
        try:
            child = subprocess.run(
                command, capture_output=True, text=True, timeout=_AUDIT_SECONDS, env=environment, check=False
            )
        except subprocess.TimeoutExpired:
            return [f"kiểm tra không xong trong {_AUDIT_SECONDS} giây"]
    if child.returncode == 0:
        return []
    return [child.stdout.strip() or f"tiến trình kiểm tra dừng với mã {child.returncode}"]


def sample(ids: Sequence[str], rows: np.ndarray) -> tuple[list[str], np.ndarray]:
    """About `PROBES` of the vectors, spread evenly; a text without a known term has no direction and is no probe."""
    chosen = [n for n in range(0, len(ids), max(1, len(ids) // PROBES)) if rows[n].any()]
    return [ids[n] for n in chosen], rows[chosen]


def _main() -> int:
    folder, given = Path(sys.argv[1]), np.load(sys.argv[2])
    ids, rows = [str(i) for i in given["ids"]], given["rows"]
    try:
        vectors = ChromaVectors(folder)
        found = faults(vectors, len(ids), *sample(ids, rows))
        if unlike := vectors.unlike(ids, rows):
            found.append(f"{unlike}/{len(ids)} vectơ không còn như khi ghi")
    except Exception as error:  # a damaged collection raises anything
        found = [f"{type(error).__name__}: {error}"]
    print("; ".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(_main())
