"""All passages at one moment, in memory: their vectors, their grounds, their documents; exact search over them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from knowledge.paper_names import PaperNames
from knowledge.references import forms, product_set
from knowledge.store import Change, Store
from knowledge.types import Document, Passage

Scored = list[tuple[str, float]]


@dataclass(frozen=True)
class Ground:
    """What a passage's standing hangs on: its document and the instruments that it states as rules."""

    document_id: str
    keys: tuple[str, ...]
    places: tuple[tuple[str, str], ...]  # (key, locator) of every source, past ones too

    @cached_property
    def product_set(self) -> frozenset[int]:
        """The product set that all of it speaks of; see `references.product_set`."""
        return product_set(locator for _, locator in self.places)

    @cached_property
    def forms(self) -> frozenset[str]:
        """The forms (M01, M03 …) that it speaks of."""
        return forms(locator for _, locator in self.places)


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
    def papers(self) -> PaperNames:
        """The documents by the names that people give them."""
        return PaperNames(self.documents.values())

    @cached_property
    def state(self) -> str:
        """Names what an index of this snapshot shows: the generation, and which passages (folders can be mixed up)."""
        return f"{self.generation}-{zlib.crc32(' '.join(sorted(self.ids)).encode()):08x}"

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
    def of_document(self) -> dict[str, list[int]]:
        """The rows of each document, by its id."""
        rows: dict[str, list[int]] = {}
        for row, ground in enumerate(self.grounds):
            rows.setdefault(ground.document_id, []).append(row)
        return rows

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
        return sorted(((self.ids[n], float(scores[n])) for n in best), key=lambda hit: (-hit[1], hit[0]))


def _ground(passage: Passage) -> Ground:
    keys = tuple(sorted({s.key for s in passage.sources if not s.past}))
    places = tuple(sorted({(s.key, s.locator) for s in passage.sources}))
    return Ground(passage.document_id, keys, places)


def _documents(store: Store) -> dict[str, Document]:
    return {document.id: document for document in store.documents()}


def _rows(ids: Sequence[str]) -> dict[str, int]:
    return {i: n for n, i in enumerate(ids)}
