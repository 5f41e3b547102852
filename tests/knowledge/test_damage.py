"""S5: whatever happens to the derived indexes' files, the answers stay the same and the index is rebuilt.

The damage is done while the index is closed, to one file at a time: deleted, cut in half, filled with zeros, filled
with garbage, four kilobytes zeroed, one bit flipped. Chroma's audit takes seconds, so its files meet one damage each
here and all of them with SOTAY_TEST_ALL=1.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from made import made
from small import WordEmbedder
from sqlalchemy import Engine
from test_index import texts

from knowledge.database import open_database
from knowledge.dense import ChromaVectors
from knowledge.errors import StoreDamaged
from knowledge.index import PassageIndex
from knowledge.lexical import LexicalIndex
from knowledge.store import Change, Store


def delete(path: Path) -> None:
    """The file is gone."""
    path.unlink()


def truncate(path: Path) -> None:
    """The second half is gone."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zero(path: Path) -> None:
    """Nothing but zeros."""
    path.write_bytes(bytes(path.stat().st_size))


def garbage(path: Path) -> None:
    """Nothing but noise."""
    path.write_bytes(random.Random(1).randbytes(path.stat().st_size))


def hole(path: Path) -> None:
    """A page of zeros in the middle."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4096] = bytes(len(data[middle : middle + 4096]))
    path.write_bytes(data)


def flip(path: Path) -> None:
    """The highest bit of a byte in the middle is turned."""
    data = bytearray(path.read_bytes())
    if data:
        data[len(data) // 2] ^= 0x80
    path.write_bytes(data)


DAMAGES = (delete, truncate, zero, garbage, hole, flip)
QUESTIONS = ["hồ sơ sản phẩm công nhận", "bao bì mật ong", "cau chuyen che", "điểm sao số 17"]
Answers = list[tuple[list[tuple[str, float]], list[float]]]
Healthy = tuple[Store, Path, Answers]


def answers(index: PassageIndex) -> Answers:
    """What is found for a few questions: passages by words, scores by meaning."""
    found = []
    for question in QUESTIONS:
        lexical = [(i, round(score, 3)) for i, score in index.lexical(question, 20)]
        dense = index.dense(index.embedder.questions([question])[0], 20)
        found.append((lexical, [round(score, 3) for _, score in dense]))
    return found


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Healthy]:
    """A store, the folder of its closed, healthy index, and what that index answers."""
    folder = tmp_path_factory.mktemp("healthy")
    engine = open_database(f"sqlite:///{folder / 'sotay.db'}")
    store = Store(engine)
    # Chroma writes its vector files only once it holds a thousand.
    store.replace(*made("a", texts(1100)), WordEmbedder().passages)
    index = PassageIndex(folder / "index", store, WordEmbedder())
    index.warm(wait=True)
    expected = answers(index)
    index.close()
    yield store, folder / "index", expected
    engine.dispose()


class LexicalOnly(PassageIndex):
    """Leaves Chroma alone, for tests of the other half."""

    def warm(self, **_: object) -> None:  # type: ignore[override]
        """Nothing."""


@pytest.fixture(scope="module")
def healthy_lexical(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Healthy]:
    """The same of a hundred passages and words alone."""
    folder = tmp_path_factory.mktemp("lexical")
    engine = open_database(f"sqlite:///{folder / 'sotay.db'}")
    store = Store(engine)
    store.replace(*made("a", texts(100)), WordEmbedder().passages)
    index = LexicalOnly(folder / "index", store, WordEmbedder())
    expected = answers(index)
    index.close()
    yield store, folder / "index", expected
    engine.dispose()


CHROMA = ("chroma.sqlite3", "data_level0.bin", "header.bin", "length.bin", "link_lists.bin", "index_metadata.pickle")
TANTIVY = ("meta.json", ".managed.json", "*.term", "*.idx", "*.fieldnorm", "*.store")
Damage = Callable[[Path], None]


def chroma_cases() -> list[tuple[str, Damage]]:
    """Each file with each damage, or one damage each: the quietest ones for the files that hold the vectors."""
    if os.environ.get("SOTAY_TEST_ALL"):
        return [(name, damage) for name in CHROMA for damage in DAMAGES]
    return list(zip(CHROMA, (garbage, hole, delete, zero, truncate, flip), strict=True))


def damaged(folder: Path, tmp_path: Path, inside: str, pattern: str, damage: Damage) -> Path:
    """A copy of the index with one file damaged."""
    shutil.copytree(folder, tmp_path / "index")
    damage(min((tmp_path / "index" / inside).rglob(pattern)))
    return tmp_path / "index"


@pytest.mark.parametrize(("pattern", "damage"), chroma_cases(), ids=lambda part: getattr(part, "__name__", part))
def test_a_damaged_file_of_chroma_changes_no_answer(
    healthy: Healthy, tmp_path: Path, pattern: str, damage: Damage
) -> None:
    store, folder, expected = healthy
    index = PassageIndex(damaged(folder, tmp_path, "dense-1", pattern, damage), store, WordEmbedder())
    try:
        assert answers(index) == expected
        index.warm(wait=True)
        assert index.ready
        assert index.faults == ()
        assert answers(index) == expected
        lost = [
            i
            for i, row in zip(index.snapshot.ids, index.snapshot.vectors, strict=True)
            if index.dense(row, 5)[0][1] < 0.999
        ]
        assert lost == []
    finally:
        index.close()


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("pattern", TANTIVY)
def test_a_damaged_file_of_tantivy_changes_no_answer(
    healthy_lexical: Healthy, tmp_path: Path, pattern: str, damage: Damage
) -> None:
    store, folder, expected = healthy_lexical
    index = LexicalOnly(damaged(folder, tmp_path, "lexical-1", pattern, damage), store, WordEmbedder())
    try:
        assert [lexical for lexical, _ in answers(index)] == [lexical for lexical, _ in expected]
        assert index.faults == ()
        # What was rebuilt can also be changed.
        index.apply(Change(refreshed=index.snapshot.ids[:3]))
        assert index.faults == ()
    finally:
        index.close()


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_pointer_changes_no_answer(healthy_lexical: Healthy, tmp_path: Path, damage: Damage) -> None:
    store, folder, expected = healthy_lexical
    index = LexicalOnly(damaged(folder, tmp_path, ".", "lexical.json", damage), store, WordEmbedder())
    try:
        assert answers(index) == expected
    finally:
        index.close()


@pytest.mark.parametrize("gone", ["dense-1", "lexical-1", "dense.json", "."])
def test_a_missing_folder_or_pointer_is_built_anew(healthy: Healthy, tmp_path: Path, gone: str) -> None:
    store, folder, expected = healthy
    shutil.copytree(folder, tmp_path / "index")
    if gone.endswith(".json"):
        (tmp_path / "index" / gone).write_text('{"folder": "../../etc"}')
    else:
        shutil.rmtree(tmp_path / "index" / gone)
    index = PassageIndex(tmp_path / "index", store, WordEmbedder())
    try:
        assert answers(index) == expected
        index.warm(wait=True)
        assert index.ready
        assert answers(index) == expected
    finally:
        index.close()


def test_an_index_of_another_store_is_not_believed(healthy: Healthy, tmp_path: Path, engine: Engine) -> None:
    """The same generation and the same number of passages, but other passages: the folder came from elsewhere."""
    _, folder, _ = healthy
    shutil.copytree(folder, tmp_path / "index")
    mine = Store(engine)
    mine.replace(*made("a", [f"{text} khác" for text in texts(1100, seed=8)]), WordEmbedder().passages)
    mine.embed_again(WordEmbedder.name, WordEmbedder().passages)
    index = PassageIndex(tmp_path / "index", mine, WordEmbedder())
    fresh = PassageIndex(tmp_path / "fresh", mine, WordEmbedder())
    try:
        assert index.snapshot.generation == 2
        index.warm(wait=True)
        assert answers(index) == answers(fresh)
    finally:
        index.close()
        fresh.close()


def test_chroma_failing_while_it_serves_is_replaced(
    healthy: Healthy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, folder, expected = healthy
    shutil.copytree(folder, tmp_path / "index")
    index = PassageIndex(tmp_path / "index", store, WordEmbedder())
    try:
        index.warm(wait=True)
        serving = index._chroma
        search = ChromaVectors.search

        def fails(self: ChromaVectors, vector: np.ndarray, k: int) -> list[tuple[str, float]]:
            if self is serving:
                raise RuntimeError("Error executing plan: Error getting embedding")
            return search(self, vector, k)

        monkeypatch.setattr(ChromaVectors, "search", fails)
        assert answers(index) == expected
        assert index._warming
        index._warming.join()  # started by the failure itself
        assert index.ready
        assert index._chroma is not serving
        assert index.faults == ()
        assert answers(index) == expected
    finally:
        index.close()


class Panic(BaseException):
    """What Rust code that panics raises through PyO3: not an Exception."""


def test_a_panic_of_the_lexical_index_leaves_meaning_to_answer_and_is_mended(
    healthy: Healthy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, folder, expected = healthy
    shutil.copytree(folder, tmp_path / "index")
    index = PassageIndex(tmp_path / "index", store, WordEmbedder())
    try:
        index.warm(wait=True)
        with monkeypatch.context() as broken:

            def panics(*_: object) -> list[tuple[str, float]]:
                raise Panic("index out of bounds")

            broken.setattr(LexicalIndex, "search", panics)
            assert index.lexical("hồ sơ", 5) == []
            assert not index.ready
            assert index.faults
        assert answers(index)[0][1] == expected[0][1]
        index.warm(wait=True)
        assert index.ready
        assert answers(index) == expected
    finally:
        index.close()


def test_a_lexical_index_that_cannot_follow_is_caught_up_by_the_next_change(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = WordEmbedder()
    store.replace(*made("a", texts(30)), words.passages)
    index = PassageIndex(tmp_path / "index", store, words)
    try:
        index.warm(wait=True)
        with monkeypatch.context() as full:

            def no_space(*_: object) -> None:
                raise ValueError("An IO error occurred: 'No space left on device (os error 28)'")

            full.setattr(LexicalIndex, "replace", no_space)
            index.apply(store.replace(*made("b", ["Quả gấc đỏ."]), words.passages))
            assert not index.ready
            assert "No space left" in " ".join(index.faults)
            assert index.lexical("hồ sơ", 5)  # what was indexed before still answers
        index.apply(store.replace(*made("c", ["Củ nghệ vàng."]), words.passages))
        assert index.ready
        assert index.faults == ()
        assert len(index.lexical("quả gấc", 5)) == 1
        assert len(index.lexical("củ nghệ", 5)) == 1
    finally:
        index.close()


@pytest.mark.parametrize("content", [b"", b"not a database at all " * 100, bytes(8192)])
def test_a_database_that_is_none_is_told_in_vietnamese(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sotay.db"
    path.write_bytes(content)
    if not content:  # an empty file is an empty database to SQLite
        open_database(f"sqlite:///{path}").dispose()
        return
    with pytest.raises(StoreDamaged, match="Không mở được cơ sở dữ liệu"):
        open_database(f"sqlite:///{path}")
    assert path.read_bytes() == content
