"""One index over all passages: tantivy for words, Chroma for meaning, exact numpy behind both.

The database is the truth; what stands in `index/` is derived from it and stamped with the generation it shows. The vectors
and the grounds of every passage are also kept in memory as one immutable snapshot, so that exact search is always there:
while Chroma is built or audited in the background, when it is damaged, and where a date leaves too few of its candidates.
"""

from __future__ import annotations

import json
import logging
import math
import os
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from knowledge import dense
from knowledge.dense import ChromaVectors
from knowledge.embedding import Embedder
from knowledge.errors import StoreDamaged
from knowledge.lexical import LexicalIndex
from knowledge.store import Change, Store
from knowledge.text import FOLDED
from knowledge.types import Document, Passage

log = logging.getLogger(__name__)

Scored = list[tuple[str, float]]


@dataclass(frozen=True)
class Ground:
    """What a passage's standing hangs on: its document and the instruments that it states as rules."""

    document_id: str
    keys: tuple[str, ...]
    places: tuple[tuple[str, str], ...]  # (key, locator) of every source, past ones too


@dataclass(frozen=True)
class Snapshot:
    """All passages at one generation: ids, their unit vectors (n, d) float32, their grounds, the documents."""

    generation: int
    ids: tuple[str, ...]
    vectors: np.ndarray
    grounds: tuple[Ground, ...]
    documents: dict[str, Document]
    row: dict[str, int]

    @staticmethod
    def of(store: Store, dimension: int) -> Snapshot:
        """Read the whole store once."""
        generation = store.generation()
        ids, rows, grounds = [], [], []
        for passage, vector in store.everything():
            ids.append(passage.id)
            rows.append(vector)
            grounds.append(_ground(passage))
        vectors = np.vstack(rows) if rows else np.empty((0, dimension), np.float32)
        return Snapshot(generation, tuple(ids), vectors, tuple(grounds), _documents(store), _rows(ids))

    def after(self, change: Change, store: Store) -> Snapshot:
        """The snapshot that follows a change; only what is new is read."""
        gone = set(change.removed + change.refreshed)
        keep = [n for n, i in enumerate(self.ids) if i not in gone]
        fresh = list(store.some(change.added + change.refreshed))
        ids = [self.ids[n] for n in keep] + [passage.id for passage, _ in fresh]
        vectors = np.vstack([self.vectors[keep], *(vector[None] for _, vector in fresh)])
        grounds = [self.grounds[n] for n in keep] + [_ground(passage) for passage, _ in fresh]
        return Snapshot(store.generation(), tuple(ids), vectors, tuple(grounds), _documents(store), _rows(ids))

    @cached_property
    def kinds(self) -> tuple[np.ndarray, list[Ground]]:
        """Per row a number (n,) int32, and the ground behind each number: few grounds are distinct, so a question of
        time is judged once for each of them and not once for each passage."""
        distinct: dict[tuple[str, tuple[str, ...]], int] = {}
        grounds: list[Ground] = []
        numbers = np.empty(len(self.grounds), np.int32)
        for row, ground in enumerate(self.grounds):
            key = (ground.document_id, ground.keys)
            if key not in distinct:
                distinct[key] = len(grounds)
                grounds.append(ground)
            numbers[row] = distinct[key]
        return numbers, grounds

    @cached_property
    def cited(self) -> dict[str, list[int]]:
        """Rows by what their sources name: an instrument's key, or one step of a locator (`Đ7`, `M02`)."""
        rows: dict[str, list[int]] = {}
        for row, ground in enumerate(self.grounds):
            for name in {part for key, locator in ground.places for part in (key, *locator.split())}:
                rows.setdefault(name, []).append(row)
        return rows

    def exact(self, vector: np.ndarray, k: int, allowed: np.ndarray | None = None) -> Scored:
        """The k nearest passages by cosine, among the rows where `allowed` (n,) is true."""
        scores = self.vectors @ vector if len(self.ids) else np.empty(0, np.float32)
        if allowed is not None:
            scores = np.where(allowed, scores, -np.inf)
        k = min(k, int(allowed.sum()) if allowed is not None else len(scores))
        if k <= 0:
            return []
        best = np.argpartition(-scores, k - 1)[:k]
        best = best[np.lexsort((best, -scores[best]))]
        return [(self.ids[n], float(scores[n])) for n in best]


def _ground(passage: Passage) -> Ground:
    keys = tuple(sorted({s.key for s in passage.sources if not s.past}))
    places = tuple(sorted({(s.key, s.locator) for s in passage.sources}))
    return Ground(passage.document_id, keys, places)


def _documents(store: Store) -> dict[str, Document]:
    return {document.id: document for document in store.documents()}


def _rows(ids: Sequence[str]) -> dict[str, int]:
    return {i: n for n, i in enumerate(ids)}


class PassageIndex:
    """Holds both derived indexes open beside the store; reads from many threads, writes from one at a time."""

    def __init__(self, folder: Path, store: Store, embedder: Embedder) -> None:
        self.folder = folder
        self.store = store
        self.embedder = embedder
        self.faults: tuple[str, ...] = ()
        self._writing = threading.Lock()
        self._chroma: ChromaVectors | None = None
        self._warming: threading.Thread | None = None
        self._closed = False
        folder.mkdir(parents=True, exist_ok=True)
        store.embed_again(embedder.name, embedder.passages)
        self.snapshot = Snapshot.of(store, embedder.dimension)
        self._lexical = self._open_lexical()

    # -- asking ----------------------------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether Chroma has been audited and serves; until then exact search answers in its place."""
        return self._chroma is not None

    def lexical(self, question: str, k: int) -> Scored:
        """Passages that share the question's terms, best first."""
        return [(i, score) for i, score in self._lexical.search(question, k) if i in self.snapshot.row]

    def dense(self, vector: np.ndarray, k: int) -> Scored:
        """Passages near the question's unit vector, best first."""
        chroma, snapshot = self._chroma, self.snapshot
        if chroma is not None:
            try:
                return [(i, score) for i, score in chroma.search(vector, k) if i in snapshot.row]
            except Exception as error:  # a damaged collection raises anything; the answer must not suffer
                self._distrust(f"truy vấn Chroma thất bại: {error}")
        return snapshot.exact(vector, k)

    def weight(self, syllable: str) -> float:
        """How much a folded syllable tells: the log of its rarity among the passages, as in BM25."""
        frequency = self._lexical.frequency(FOLDED + syllable)
        return math.log(1 + (len(self.snapshot.ids) - frequency + 0.5) / (frequency + 0.5))

    def known(self, syllable: str) -> bool:
        """Whether a folded syllable stands in any passage."""
        return self._lexical.frequency(FOLDED + syllable) > 0

    # -- keeping in step -------------------------------------------------------------------------------------------

    def apply(self, change: Change) -> None:
        """Carry one change of the store into both indexes; then a sample of what is new must find itself."""
        with self._writing:
            old = self.snapshot
            fresh = list(change.added + change.refreshed)
            self.snapshot = old.after(change, self.store)
            if not change:
                return
            gone = list(change.removed + change.refreshed)
            self._lexical.replace(gone, self._entries(fresh))
            self._stamp("lexical", self.snapshot.generation)
            if self._chroma is not None:
                try:
                    self._chroma.remove([i for i in gone if i in old.row])
                    rows = [self.snapshot.row[i] for i in fresh]
                    self._chroma.add(fresh, self.snapshot.vectors[rows])
                    found = dense.faults(self._chroma, len(self.snapshot.ids), *self._probes(fresh))
                except Exception as error:
                    found = [str(error)]
                if found:
                    self._distrust("; ".join(found))
                else:
                    self._stamp("dense", self.snapshot.generation)
        if self._chroma is None:
            self.warm()

    def warm(self, *, wait: bool = False, progress: Callable[[int], None] | None = None) -> None:
        """Audit Chroma, and rebuild it where it fails, in the background; `wait` for it."""
        if self._warming is None or not self._warming.is_alive():
            self._warming = threading.Thread(target=self._warm, args=(progress,), name="index-warm", daemon=True)
            self._warming.start()
        if wait:
            self._warming.join()

    def rebuild(self) -> None:
        """Throw both derived indexes away and build them from the store."""
        with self._writing:
            self._distrust("dựng lại theo yêu cầu")
            self.snapshot = Snapshot.of(self.store, self.embedder.dimension)
            self._lexical.close()
            self._lexical = self._build_lexical()
            self._pointer("dense").unlink(missing_ok=True)
        self.warm(wait=True)

    def close(self) -> None:
        """Let the folder go."""
        self._closed = True
        if self._warming is not None:
            self._warming.join(timeout=30)
        self._lexical.close()
        if self._chroma is not None:
            self._chroma.close()
            self._chroma = None

    # -- within ----------------------------------------------------------------------------------------------------

    def _warm(self, progress: Callable[[int], None] | None) -> None:
        for _ in range(3):  # a change that lands while Chroma is built is caught by building again
            snapshot = self.snapshot
            try:
                chroma = self._audited(snapshot) or self._build_dense(snapshot, progress)
            except Exception as error:
                self.faults = (f"không dựng được chỉ mục Chroma: {error}",)
                log.exception("building the Chroma index failed; exact search goes on answering")
                return
            with self._writing:
                if self._closed:
                    chroma.close()
                    return
                if self.snapshot.generation == snapshot.generation:
                    self._chroma, self.faults = chroma, ()
                    return
                chroma.close()

    def _audited(self, snapshot: Snapshot) -> ChromaVectors | None:
        folder, generation = self._stamped("dense")
        if folder is None or generation != snapshot.generation:
            return None
        found = dense.audit_in_child(folder, len(snapshot.ids), *self._probes(snapshot.ids, snapshot))
        if not found:
            return ChromaVectors(folder)
        log.warning("the Chroma index failed its audit (%s) and is rebuilt", "; ".join(found))
        return None

    def _build_dense(self, snapshot: Snapshot, progress: Callable[[int], None] | None) -> ChromaVectors:
        folder = self._new_folder("dense")
        chroma = ChromaVectors(folder)
        chroma.add(snapshot.ids, snapshot.vectors, progress=progress)
        found = dense.faults(chroma, len(snapshot.ids), *self._probes(snapshot.ids, snapshot))
        if found:
            raise StoreDamaged("; ".join(found))
        self._stamp("dense", snapshot.generation, folder)
        self._sweep("dense", folder)
        return chroma

    def _open_lexical(self) -> LexicalIndex:
        folder, generation = self._stamped("lexical")
        if folder is not None and generation == self.snapshot.generation:
            try:
                lexical = LexicalIndex.open(folder)
                if lexical.count() == len(self.snapshot.ids):
                    return lexical
                lexical.close()
            except Exception as error:  # tantivy raises ValueError, OSError and panics alike
                log.warning("the lexical index does not open (%s) and is rebuilt", error)
        return self._build_lexical()

    def _build_lexical(self) -> LexicalIndex:
        folder = self._new_folder("lexical")
        lexical = LexicalIndex.open(folder)
        ids = self.snapshot.ids
        for start in range(0, len(ids), 20_000):
            lexical.replace((), self._entries(ids[start : start + 20_000]))
        self._stamp("lexical", self.snapshot.generation, folder)
        self._sweep("lexical", folder)
        return lexical

    def _entries(self, ids: Sequence[str]) -> list[tuple[str, str, str]]:
        passages = self.store.passages(ids)
        return [(p.id, "\n".join((p.title, p.hints)).strip(), p.text) for p in passages]

    def _probes(self, ids: Sequence[str], snapshot: Snapshot | None = None) -> tuple[list[str], np.ndarray]:
        snapshot = snapshot or self.snapshot
        step = max(1, len(ids) // dense.PROBES)
        # A text without a known term has no direction and cannot find itself.
        chosen = [i for i in list(ids)[::step] if snapshot.vectors[snapshot.row[i]].any()]
        return chosen, snapshot.vectors[[snapshot.row[i] for i in chosen]]

    def _distrust(self, reason: str) -> None:
        log.warning("Chroma is set aside: %s", reason)
        self.faults = (reason,)
        self._pointer("dense").unlink(missing_ok=True)
        chroma, self._chroma = self._chroma, None
        if chroma is not None:
            chroma.close()

    # A derived index is live once its pointer names it: {folder, generation}, replaced atomically.

    def _pointer(self, engine: str) -> Path:
        return self.folder / f"{engine}.json"

    def _stamped(self, engine: str) -> tuple[Path | None, int]:
        try:
            data = json.loads(self._pointer(engine).read_text())
            folder = self.folder / str(data["folder"])
            if data["embedding"] != self.embedder.name or not folder.is_dir():
                return None, -1
            return folder, int(data["generation"])
        except (OSError, ValueError, KeyError, TypeError):
            return None, -1

    def _stamp(self, engine: str, generation: int, folder: Path | None = None) -> None:
        name = folder.name if folder else self._stamped(engine)[0].name  # type: ignore[union-attr]
        draft = self._pointer(engine).with_suffix(".tmp")
        draft.write_text(json.dumps({"folder": name, "generation": generation, "embedding": self.embedder.name}))
        os.replace(draft, self._pointer(engine))

    def _new_folder(self, engine: str) -> Path:
        number = 1
        while (folder := self.folder / f"{engine}-{number}").exists():
            number += 1
        folder.mkdir()
        return folder

    def _sweep(self, engine: str, keep: Path) -> None:
        for folder in self.folder.glob(f"{engine}-*"):
            if folder != keep:
                shutil.rmtree(folder, ignore_errors=True)
