"""Documents, passages and vectors in the database."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from made import made
from small import WordEmbedder

from knowledge.errors import BadInput
from knowledge.store import Store
from knowledge.types import Passage, Source

TEXTS = ["Hồ sơ nộp tại xã.", "Giấy chứng nhận có hạn 36 tháng.", "Bốn sao cần 70 điểm."]


class Counted(WordEmbedder):
    """Remembers which texts it was asked to embed."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def passages(self, texts: list[str]) -> npt.NDArray[np.float32]:  # type: ignore[override]
        """One unit row for each text."""
        self.texts += texts
        return super().passages(texts)


def test_passages_come_back_as_they_were_in_reading_order(store: Store, words: WordEmbedder) -> None:
    document, passages = made("ho so", TEXTS, locality="ha-noi", topics=("ocop",), warnings=("bản quét",))
    passages[1] = replace(passages[1], page=3, hints="hạn mấy năm", warning="có thể sai")
    store.replace(document, passages, words.passages)
    assert store.document("ho so") == document
    assert store.of_document("ho so") == passages
    assert store.passages([passages[2].id, "khong co", passages[0].id]) == [passages[2], passages[0]]
    assert store.neighbours(passages[1]) == (passages[0].id, passages[2].id)
    assert store.neighbours(passages[0]) == (None, passages[1].id)


def test_vectors_come_back_to_the_bit(store: Store, words: WordEmbedder) -> None:
    document, passages = made("ho so", TEXTS)
    store.replace(document, passages, words.passages)
    expected = {p.id: row for p, row in zip(passages, words.passages([p.searchable for p in passages]), strict=True)}
    for found in (list(store.everything()), list(store.some([p.id for p in passages]))):
        assert len(found) == 3
        assert all((vector == expected[passage.id]).all() for passage, vector in found)


def test_only_new_texts_are_embedded(store: Store) -> None:
    embedder = Counted()
    document, passages = made("ho so", TEXTS)
    first = store.replace(document, passages, embedder.passages)
    assert (len(first.added), first.kept, len(embedder.texts)) == (3, 0, 3)
    again = store.replace(document, passages, embedder.passages)
    assert not again
    assert (again.kept, len(embedder.texts)) == (3, 3)
    edited = [passages[0], replace(passages[1], text="Giấy chứng nhận có hạn 60 tháng."), passages[2]]
    change = store.replace(document, edited, embedder.passages)
    assert (change.added, change.removed, change.kept) == ((edited[1].id,), (passages[1].id,), 2)
    assert embedder.texts[3:] == [edited[1].searchable]


def test_metadata_alone_refreshes_a_passage_under_its_id(store: Store, words: WordEmbedder) -> None:
    document, passages = made("ho so", TEXTS)
    store.replace(document, passages, words.passages)
    moved = [replace(passages[0], sources=(Source("37/2026/NĐ-CP", "Đ5"),)), *passages[1:]]
    change = store.replace(document, moved, words.passages)
    assert (change.added, change.removed, change.refreshed) == ((), (), (passages[0].id,))
    assert store.of_document("ho so") == moved


def test_an_inserted_passage_renumbers_the_rest_without_touching_them(store: Store, words: WordEmbedder) -> None:
    document, passages = made("ho so", TEXTS)
    store.replace(document, passages, words.passages)
    new = Passage("ho so", "Mục mới#0", "Xã không chấm điểm.", order=0)
    shifted = [new, *(replace(p, order=p.order + 1) for p in passages)]
    change = store.replace(document, shifted, words.passages)
    assert (change.added, change.removed, change.refreshed, change.kept) == ((new.id,), (), (), 3)
    assert [p.text for p in store.of_document("ho so")] == [new.text, *TEXTS]


def test_an_exception_in_the_middle_leaves_the_last_good_state(store: Store, words: WordEmbedder) -> None:
    document, passages = made("ho so", TEXTS)
    store.replace(document, passages, words.passages)
    before = (store.generation(), store.documents(), store.of_document("ho so"))

    def fails(_texts: list[str]) -> npt.NDArray[np.float32]:
        raise RuntimeError("hết bộ nhớ")

    changed = replace(document, title="Khác")
    with pytest.raises(RuntimeError):
        store.replace(changed, [replace(p, text=p.text + "!") for p in passages], fails)
    # A row that the database refuses: the statements before it must not stay.
    other, theirs = made("khac", ["Một.", "Hai."])
    stolen = replace(theirs[0])
    object.__setattr__(stolen, "id", passages[0].id)
    with pytest.raises(Exception, match="UNIQUE"):
        store.replace(other, [theirs[1], stolen], words.passages)
    assert (store.generation(), store.documents(), store.of_document("ho so")) == before


def test_every_change_raises_the_generation_and_no_change_does_not(store: Store, words: WordEmbedder) -> None:
    document, passages = made("ho so", TEXTS)
    assert store.generation() == 0
    store.replace(document, passages, words.passages)
    assert store.generation() == 1
    store.replace(document, passages, words.passages)
    assert store.generation() == 1
    store.remove("khong co")
    assert store.generation() == 1
    store.replace(document, [replace(passages[0], hints="hỏi"), *passages[1:]], words.passages)
    assert store.generation() == 2
    store.replace(document, passages[1:], words.passages)
    assert store.generation() == 3
    store.remove("ho so")
    assert store.generation() == 4


def test_removing_a_document_takes_its_passages_and_no_others(store: Store, words: WordEmbedder) -> None:
    for name in ("ho so", "bao bi"):
        store.replace(*made(name, TEXTS), words.passages)
    change = store.remove("ho so")
    assert len(change.removed) == 3
    assert store.document("ho so") is None
    assert store.of_document("ho so") == []
    assert store.count() == 3
    assert len(store.of_document("bao bi")) == 3


def test_shrunk_document_leaves_no_passage_behind(store: Store, words: WordEmbedder) -> None:
    document, passages = made("ho so", TEXTS * 400)  # more than one statement's worth of ids
    store.replace(document, passages, words.passages)
    change = store.replace(document, passages[:1], words.passages)
    assert len(change.removed) == 1199
    assert store.count() == 1


def test_equal_ids_and_strangers_passages_are_refused(store: Store, words: WordEmbedder) -> None:
    document, passages = made("ho so", TEXTS)
    with pytest.raises(BadInput, match="trùng nhau"):
        store.replace(document, [passages[0], passages[0]], words.passages)
    with pytest.raises(BadInput):
        store.replace(document, made("bao bi", TEXTS)[1], words.passages)
    assert store.count() == 0


def test_ids_rest_on_document_place_and_text_alone() -> None:
    passage = Passage("d", "Điều 1#0", "Một.", order=1)
    assert passage.id == replace(passage, order=7, page=2, breadcrumb=("x",), hints="y").id
    assert len({passage.id, replace(passage, text="Hai.").id, replace(passage, place="Điều 2#0").id}) == 3
    assert len({passage.id, replace(passage, document_id="e").id}) == 2


@pytest.mark.parametrize(
    "change",
    [{"breadcrumb": ("x",)}, {"page": 2}, {"sources": (Source("a"),)}, {"hints": "y"}, {"warning": "z"}],
    ids=lambda change: next(iter(change)),
)
def test_digest_sees_what_the_id_leaves_out(change: dict[str, object]) -> None:
    passage = Passage("d", "Điều 1#0", "Một.")
    assert replace(passage, **change).digest != passage.digest  # type: ignore[arg-type]
    assert replace(passage, order=9).digest == passage.digest


def test_another_embedding_model_embeds_everything_again(store: Store) -> None:
    """S11: vectors of two models are never mixed."""
    embedder = Counted()
    store.embed_again("một", embedder.passages)
    store.replace(*made("ho so", TEXTS), embedder.passages)
    embedder.texts.clear()
    assert not store.embed_again("một", embedder.passages)
    assert embedder.texts == []
    generation = store.generation()

    def backwards(texts: list[str]) -> npt.NDArray[np.float32]:
        return np.ascontiguousarray(embedder.passages(texts)[:, ::-1])

    assert store.embed_again("hai", backwards)
    assert len(embedder.texts) == 3
    assert store.generation() > generation
    for passage, vector in store.everything():
        assert (vector == backwards([passage.searchable])[0]).all()


def test_a_failed_embedding_again_leaves_the_old_vectors_and_name(store: Store, words: WordEmbedder) -> None:
    store.embed_again("một", words.passages)
    store.replace(*made("ho so", TEXTS), words.passages)
    before = {p.id: v.tobytes() for p, v in store.everything()}

    def fails(_texts: list[str]) -> npt.NDArray[np.float32]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.embed_again("hai", fails)
    assert {p.id: v.tobytes() for p, v in store.everything()} == before
    assert not store.embed_again("một", fails)
