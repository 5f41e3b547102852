"""One index over all passages: tantivy for words, Chroma for meaning, exact numpy behind both.

The database is the truth; what stands in `index/` is derived from it and stamped with the state it shows. The
vectors and the grounds of every passage are also kept in memory as one immutable snapshot, so that exact search is
always there: while Chroma is built or audited in the background, when it is damaged, and where a date leaves too few
of its candidates. An engine that cannot follow (a full disk, a broken file) is set aside with its reason in `faults`,
never in the way of an answer or of the store, and is built anew by the next change or by `warm`.
"""

from __future__ import annotations

import json
import logging
import math
import os
import shutil
import threading
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from knowledge import dense
from knowledge.dense import ChromaVectors
from knowledge.embedding import Embedder
from knowledge.errors import StoreDamaged
from knowledge.lexical import LexicalIndex
from knowledge.snapshot import Scored, Snapshot
from knowledge.store import Change, Store
from knowledge.text import FOLDED
from knowledge.types import Passage

log = logging.getLogger(__name__)

# tantivy counts what it has deleted in a term's rarity until it merges; above this share the scores would drift.
_DEAD_SHARE = 0.1
# So many weights of terms and so many passages are kept in memory between two changes; ranking asks for each weight
# hundreds of times a question.
_REMEMBERED = 20_000


class PassageIndex:
    """Holds both derived indexes open beside the store; reads from many threads, writes from one at a time."""

    def __init__(self, folder: Path, store: Store, embedder: Embedder) -> None:
        self.folder = folder
        self.store = store
        self.embedder = embedder
        self._faults: dict[str, str] = {}  # by engine
        self._writing = threading.Lock()
        self._chroma: ChromaVectors | None = None
        self._warming: threading.Thread | None = None
        self._closed = False
        self._numbers: dict[str, int] = {}
        self._forget()
        self._dead = 0  # passages that the lexical index has deleted since it was built
        folder.mkdir(parents=True, exist_ok=True)
        store.embed_again(embedder.name, embedder.passages)
        self.snapshot = Snapshot.of(store, embedder.dimension)
        self._lexical = self._open_lexical()

    # -- asking ----------------------------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether both engines follow the store; until then exact search answers in Chroma's place."""
        return self._chroma is not None and "lexical" not in self._faults

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the derived indexes, in Vietnamese."""
        return tuple(self._faults.values())

    def lexical(self, question: str, k: int) -> Scored:
        """Passages that share the question's terms, best first."""
        try:
            return [(i, score) for i, score in self._lexical.search(question, k) if i in self.snapshot.row]
        except BaseException as error:
            self._broken("lexical", error)
            return []

    def dense(self, vector: np.ndarray, k: int) -> Scored:
        """Passages near the question's unit vector, best first."""
        chroma, snapshot = self._chroma, self.snapshot
        if chroma is not None:
            try:
                return [(i, score) for i, score in chroma.search(vector, k) if i in snapshot.row]
            except BaseException as error:  # a damaged collection raises anything, panics of Rust included
                _expected(error)
                self._distrust(chroma, f"truy vấn Chroma thất bại: {error}")
                self.warm()
        return snapshot.exact(vector, k)

    def weight(self, syllable: str) -> float:
        """How much a folded syllable tells: the log of its rarity among the passages, as in BM25."""
        known = self._weights
        weight = known.get(syllable)
        if weight is None:
            frequency = self.frequency(FOLDED + syllable)
            weight = math.log(1 + (len(self.snapshot.ids) - frequency + 0.5) / (frequency + 0.5))
            if len(known) < _REMEMBERED:
                known[syllable] = weight
        return weight

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages of these ids that are in the store; read once for as long as nothing changes."""
        known = self._passages
        found = {i: known[i] for i in ids if i in known}
        if missing := [i for i in ids if i not in found]:
            read = {passage.id: passage for passage in self.store.passages(missing)}
            if len(known) < _REMEMBERED:
                known.update(read)
            found |= read
        return found

    # -- keeping in step -------------------------------------------------------------------------------------------

    def apply(self, change: Change) -> None:
        """Carry one change of the store into both indexes; then a sample of what is new must find itself."""
        with self._writing:
            old = self.snapshot
            self.snapshot = old.after(change, self.store)
            if len(self.snapshot.ids) != self.store.count():  # a change before this one never arrived
                self.snapshot = Snapshot.of(self.store, self.embedder.dimension)
                self._renew_lexical()
                self._distrust(self._chroma, "chỉ mục bỏ lỡ một thay đổi của kho")
            elif change:
                gone = [i for i in change.removed + change.refreshed if i in old.row]
                fresh = list(change.added + change.refreshed)
                self._follow_lexical(gone, fresh)
                self._follow_dense(gone, fresh)
            self._forget()
        if self._chroma is None:
            self.warm()

    def warm(self, *, wait: bool = False, progress: Callable[[int], None] | None = None) -> None:
        """Bring whatever is behind up to date in the background: Chroma is audited, and rebuilt where it fails."""
        if self._warming is None or not self._warming.is_alive():
            self._warming = threading.Thread(target=self._warm, args=(progress,), name="index-warm", daemon=True)
            self._warming.start()
        if wait:
            self._warming.join()

    def rebuild(self) -> None:
        """Throw both derived indexes away and build them from the store."""
        with self._writing:
            self._distrust(self._chroma, "dựng lại theo yêu cầu")
            self.snapshot = Snapshot.of(self.store, self.embedder.dimension)
            self._renew_lexical()
            self._forget()
        self.warm(wait=True)

    def close(self) -> None:
        """Let the folder go."""
        if self._closed:
            return
        self._closed = True
        if self._warming is not None:
            self._warming.join(timeout=30)
        self._lexical.close()
        if self._chroma is not None:
            self._chroma.close()
            self._chroma = None

    # -- within ----------------------------------------------------------------------------------------------------

    def _forget(self) -> None:
        """Read weights and passages anew: new dictionaries, so that a question under way keeps to the old ones."""
        self._weights: dict[str, float] = {}
        self._passages: dict[str, Passage] = {}

    def _follow_lexical(self, gone: list[str], fresh: list[str]) -> None:
        dead = self._dead + len(gone)
        if "lexical" in self._faults or dead > _DEAD_SHARE * len(self.snapshot.ids):
            self._renew_lexical()
            return
        try:
            self._lexical.replace(gone, self._entries(fresh))
            self._dead = dead
            self._stamp("lexical", self.snapshot.state)
        except BaseException as error:
            self._broken("lexical", error)

    def _renew_lexical(self) -> None:
        try:
            # The old one is let go, not closed: searches may still be under way in it.
            self._lexical = self._build_lexical()
            self._faults.pop("lexical", None)
        except BaseException as error:
            self._broken("lexical", error)

    def _follow_dense(self, gone: list[str], fresh: list[str]) -> None:
        if self._chroma is None:
            return
        try:
            self._chroma.remove(gone)
            vectors = self.snapshot.vectors[[self.snapshot.row[i] for i in fresh]]
            self._chroma.add(fresh, vectors)
            found = dense.faults(self._chroma, len(self.snapshot.ids), *dense.sample(fresh, vectors))
            if not found:
                self._stamp("dense", self.snapshot.state)
        except BaseException as error:
            _expected(error)
            found = [str(error)]
        if found:
            self._distrust(self._chroma, "; ".join(found))

    def _warm(self, progress: Callable[[int], None] | None) -> None:
        if "lexical" in self._faults:
            with self._writing:
                self._renew_lexical()
                self._forget()
        while self._chroma is None:  # a change that lands while Chroma is built is caught by building again
            snapshot = self.snapshot
            try:
                chroma = self._audited(snapshot) or self._build_dense(snapshot, progress)
            except BaseException as error:
                self._faults["dense"] = f"không dựng được chỉ mục Chroma: {error}"
                log.exception("building the Chroma index failed; exact search goes on answering")
                return
            with self._writing:
                if self._closed:
                    chroma.close()
                    return
                if self.snapshot.state == snapshot.state:
                    self._chroma = chroma
                    self._faults.pop("dense", None)
                    return
                chroma.close()

    def _audited(self, snapshot: Snapshot) -> ChromaVectors | None:
        folder, state = self._stamped("dense")
        if folder is None or state != snapshot.state:
            return None
        found = dense.audit_in_child(folder, snapshot.ids, snapshot.vectors)
        if not found:
            return ChromaVectors(folder)
        log.warning("the Chroma index failed its audit (%s) and is rebuilt", "; ".join(found))
        return None

    def _build_dense(self, snapshot: Snapshot, progress: Callable[[int], None] | None) -> ChromaVectors:
        folder = self._new_folder("dense")
        chroma = ChromaVectors(folder)
        chroma.add(snapshot.ids, snapshot.vectors, progress=progress)
        found = dense.faults(chroma, len(snapshot.ids), *dense.sample(snapshot.ids, snapshot.vectors))
        if found:
            raise StoreDamaged("; ".join(found))
        self._stamp("dense", snapshot.state, folder)
        self._sweep("dense", folder)
        return chroma

    def _open_lexical(self) -> LexicalIndex:
        folder, state = self._stamped("lexical")
        if folder is not None and state == self.snapshot.state:
            try:
                told = json.loads(self._pointer("lexical").read_text())
                # A flipped bit in a segment opens and counts well and only ranks wrongly.
                if self._seal(folder) == told["seal"]:
                    lexical = LexicalIndex.open(folder)
                    if lexical.count() == len(self.snapshot.ids):
                        self._dead = int(told["dead"])
                        return lexical
                    lexical.close()
            except BaseException as error:
                _expected(error)
                log.warning("the lexical index does not open (%s) and is rebuilt", error)
        try:
            return self._build_lexical()
        except (OSError, ValueError) as error:
            raise StoreDamaged(
                f"Không dựng được chỉ mục ở {self.folder}: {error}. Hãy xem ổ đĩa còn chỗ và còn ghi được không."
            ) from error

    def _build_lexical(self) -> LexicalIndex:
        folder = self._new_folder("lexical")
        lexical = LexicalIndex.open(folder)
        ids = self.snapshot.ids
        for start in range(0, len(ids), 20_000):
            lexical.replace((), self._entries(ids[start : start + 20_000]))
        self._dead = 0
        self._stamp("lexical", self.snapshot.state, folder)
        self._sweep("lexical", folder)
        return lexical

    def _entries(self, ids: Sequence[str]) -> list[tuple[str, str, str]]:
        passages = self.store.passages(ids)
        return [(p.id, "\n".join((p.title, p.hints)).strip(), p.text) for p in passages]

    def frequency(self, term: str) -> int:
        """How many passages hold a term of the `expand` stream."""
        try:
            return self._lexical.frequency(term)
        except BaseException as error:
            self._broken("lexical", error)
            return 0

    def _broken(self, engine: str, error: BaseException) -> None:
        _expected(error)
        log.warning("the %s index is set aside: %s", engine, error)
        self._faults[engine] = f"chỉ mục từ ngữ không theo kịp kho: {error}"
        self._pointer(engine).unlink(missing_ok=True)

    def _distrust(self, chroma: ChromaVectors | None, reason: str) -> None:
        """Set this Chroma aside, unless another has already taken its place."""
        if chroma is not self._chroma:
            return
        log.warning("Chroma is set aside: %s", reason)
        self._faults["dense"] = reason
        self._chroma = None
        self._pointer("dense").unlink(missing_ok=True)
        if chroma is not None:
            chroma.close()

    # A derived index is live once its pointer names it: {folder, state}, replaced atomically.

    def _pointer(self, engine: str) -> Path:
        return self.folder / f"{engine}.json"

    def _stamped(self, engine: str) -> tuple[Path | None, str]:
        try:
            data = json.loads(self._pointer(engine).read_text())
            folder = self.folder / str(data["folder"])
            if data["embedding"] != self.embedder.name or not folder.is_dir():
                return None, ""
            return folder, str(data["state"])
        except (OSError, ValueError, KeyError, TypeError):
            return None, ""

    def _stamp(self, engine: str, state: str, folder: Path | None = None) -> None:
        if folder is None:
            folder = self._stamped(engine)[0]
            if folder is None:
                raise StoreDamaged(f"không còn tệp {engine}.json")
        data: dict[str, object] = {"folder": folder.name, "state": state, "embedding": self.embedder.name}
        if engine == "lexical":
            data |= {"seal": self._seal(folder), "dead": self._dead}
        draft = self._pointer(engine).with_suffix(".tmp")
        draft.write_text(json.dumps(data))
        os.replace(draft, self._pointer(engine))

    @staticmethod
    def _seal(folder: Path) -> str:
        """Changes with any byte of an index whose files are written once; locks do not count."""
        files = sorted(file for file in folder.iterdir() if not file.name.startswith("."))
        sums = "\n".join(f"{file.name} {zlib.crc32(file.read_bytes()):08x}" for file in files)
        return f"{zlib.crc32(sums.encode()):08x}"

    def _new_folder(self, engine: str) -> Path:
        # Never a name used before in this process: Chroma remembers the paths that it has opened.
        numbers = [int(n) for f in self.folder.glob(f"{engine}-*") if (n := f.name.rpartition("-")[2]).isdigit()]
        self._numbers[engine] = max([0, self._numbers.get(engine, 0), *numbers]) + 1
        folder = self.folder / f"{engine}-{self._numbers[engine]}"
        folder.mkdir()
        return folder

    def _sweep(self, engine: str, keep: Path) -> None:
        for folder in self.folder.glob(f"{engine}-*"):
            if folder != keep:
                shutil.rmtree(folder, ignore_errors=True)


def _expected(error: BaseException) -> None:
    """Let what must end the process through; a panic in Rust is a BaseException too, but no reason to end."""
    if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit)):
        raise error
