"""Both derived indexes follow the store; exact search is their oracle."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made import made
from small import WordEmbedder

from knowledge.dense import ChromaVectors
from knowledge.index import PassageIndex
from knowledge.store import Change, Store
from knowledge.types import Passage

OpenIndex = Callable[[], PassageIndex]

SYLLABLES = """
hồ sơ sản phẩm công nhận sao điểm tỉnh xã nhãn bao bì hạn năm tháng cấp giấy chứng nhận chủ thể thôn tiêu chí mới nông
đánh giá tên gọi câu chuyện nguyên liệu gốc xuất xứ mã vạch chè miến bánh rượu gạo mật ong tre
""".split()  # noqa: SIM905


def texts(count: int, seed: int = 1) -> list[str]:
    """Distinct sentences of eight syllables."""
    chance = random.Random(seed)
    return [f"{' '.join(chance.choices(SYLLABLES, k=8))} số {n}." for n in range(count)]


def vector(words: WordEmbedder, text: str) -> np.ndarray:
    """The unit vector of one question."""
    return words.questions([text])[0]


def test_chroma_finds_what_exact_search_finds(open_index: OpenIndex, store: Store, words: WordEmbedder) -> None:
    store.replace(*made("a", texts(300)), words.passages)
    index = open_index()
    index.warm(wait=True)
    assert index.ready
    for text in texts(20, seed=2):
        asked = vector(words, text)
        near, exact = index.dense(asked, 30), index.snapshot.exact(asked, 30)
        assert [score for _, score in near] == pytest.approx([score for _, score in exact], abs=1e-5)
        last = exact[-1][1] + 1e-5
        assert {i for i, score in near if score > last} == {i for i, score in exact if score > last}


def test_exact_search_answers_until_chroma_is_ready(open_index: OpenIndex, store: Store, words: WordEmbedder) -> None:
    store.replace(*made("a", texts(40)), words.passages)
    index = open_index()
    assert not index.ready
    asked = vector(words, texts(1, seed=3)[0])
    before = index.dense(asked, 10)
    assert before == index.snapshot.exact(asked, 10)
    index.warm(wait=True)
    assert [s for _, s in index.dense(asked, 10)] == pytest.approx([s for _, s in before], abs=1e-5)


def test_exact_search_keeps_to_the_allowed_rows(open_index: OpenIndex, store: Store, words: WordEmbedder) -> None:
    store.replace(*made("a", texts(30)), words.passages)
    snapshot = open_index().snapshot
    allowed = np.arange(30) % 10 == 0
    asked = vector(words, "hồ sơ sản phẩm")
    found = snapshot.exact(asked, 30, allowed)
    assert {i for i, _ in found} == {snapshot.ids[n] for n in (0, 10, 20)}
    assert [s for _, s in found] == sorted((float(snapshot.vectors[n] @ asked) for n in (0, 10, 20)), reverse=True)
    assert snapshot.exact(asked, 5, np.zeros(30, dtype=bool)) == []


def test_following_changes_equals_building_anew(
    open_index: OpenIndex, store: Store, words: WordEmbedder, tmp_path: Path
) -> None:
    """Documents come, shrink, change, are refreshed and go; the index that followed equals one built at the end."""
    index = open_index()
    index.warm(wait=True)
    chance = random.Random(5)
    for step in range(30):
        name = f"tai lieu {chance.randrange(6)}"
        if step % 7 == 6:
            index.apply(store.remove(name))
            continue
        document, passages = made(name, texts(chance.randrange(1, 12), seed=chance.randrange(4)))
        if chance.random() < 0.3:
            passages = [replace(p, hints="hỏi thêm") for p in passages]
        index.apply(store.replace(document, passages, words.passages))
    assert index.ready
    assert index.faults == ()
    fresh = PassageIndex(tmp_path / "fresh", store, words)
    try:
        fresh.warm(wait=True)
        assert sorted(index.snapshot.ids) == sorted(fresh.snapshot.ids)
        assert index.snapshot.documents == fresh.snapshot.documents
        assert index.snapshot.generation == fresh.snapshot.generation
        for passage_id in fresh.snapshot.ids:
            mine, theirs = index.snapshot.row[passage_id], fresh.snapshot.row[passage_id]
            assert (index.snapshot.vectors[mine] == fresh.snapshot.vectors[theirs]).all()
            assert index.snapshot.grounds[mine] == fresh.snapshot.grounds[theirs]
        for text in [*texts(15, seed=9), "hỏi thêm"]:
            asked = vector(words, text)
            # Deleted passages still count in a term's rarity until they are a tenth of all.
            assert dict(index.lexical(text, 200)) == pytest.approx(dict(fresh.lexical(text, 200)), rel=0.08)
            assert [s for _, s in index.dense(asked, 20)] == pytest.approx(
                [s for _, s in fresh.snapshot.exact(asked, 20)], abs=1e-5
            )
        assert index.weight("ho") == pytest.approx(fresh.weight("ho"), rel=0.15)
    finally:
        fresh.close()


def test_words_that_most_passages_have_lost_are_rare_again(
    open_index: OpenIndex, store: Store, words: WordEmbedder
) -> None:
    document, passages = made("a", [f"{text} quả gấc" for text in texts(40)])
    store.replace(document, passages, words.passages)
    index = open_index()
    index.warm(wait=True)
    common = index.weight("gac")
    edited = [replace(p, text=p.text.removesuffix(" quả gấc")) if p.order > 5 else p for p in passages]
    index.apply(store.replace(document, edited, words.passages))
    rare = index.weight("gac")
    assert rare > 10 * common
    index.rebuild()
    assert index.weight("gac") == pytest.approx(rare)


def test_a_second_opening_reuses_both_indexes(open_index: OpenIndex, store: Store, words: WordEmbedder) -> None:
    store.replace(*made("a", texts(40)), words.passages)
    first = open_index()
    first.warm(wait=True)
    index_folder = first.folder
    first.close()
    before = {p.name: p.stat().st_mtime_ns for p in index_folder.iterdir()}
    second = open_index()
    second.warm(wait=True)
    assert second.ready
    assert {p.name for p in index_folder.iterdir()} == set(before)
    assert (index_folder / "dense.json").stat().st_mtime_ns == before["dense.json"]
    assert (index_folder / "lexical.json").stat().st_mtime_ns == before["lexical.json"]


def test_a_change_made_while_closed_is_seen_at_opening(
    open_index: OpenIndex, store: Store, words: WordEmbedder
) -> None:
    store.replace(*made("a", texts(10)), words.passages)
    first = open_index()
    first.warm(wait=True)
    first.close()
    store.replace(*made("b", ["Thước đo mới của xã."]), words.passages)
    store.remove("a")
    second = open_index()
    assert [i for i, _ in second.lexical("thước đo hồ sơ sản phẩm", 10)] == list(second.snapshot.ids)
    second.warm(wait=True)
    assert second.ready
    assert [i for i, _ in second.dense(vector(words, "thước đo"), 10)] == list(second.snapshot.ids)


def test_a_change_that_was_never_applied_is_noticed_by_the_next(
    open_index: OpenIndex, store: Store, words: WordEmbedder
) -> None:
    index = open_index()
    index.warm(wait=True)
    store.replace(*made("mất", ["Quả gấc đỏ."]), words.passages)  # the run died before it told the index
    index.apply(store.replace(*made("còn", ["Củ nghệ vàng."]), words.passages))
    index.warm(wait=True)
    assert len(index.lexical("quả gấc", 5)) == 1
    assert index.ready
    assert len(index.dense(vector(words, "quả gấc"), 5)) == 2


def test_metadata_of_a_document_alone_reaches_the_snapshot(
    open_index: OpenIndex, store: Store, words: WordEmbedder
) -> None:
    document, passages = made("a", texts(3))
    store.replace(document, passages, words.passages)
    index = open_index()
    change = store.replace(replace(document, locality="ha-noi"), passages, words.passages)
    assert not change
    index.apply(change)
    assert index.snapshot.documents["a"].locality == "ha-noi"


def test_a_change_during_the_building_of_chroma_is_not_lost(
    open_index: OpenIndex, store: Store, words: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.replace(*made("a", texts(20)), words.passages)
    index = open_index()
    building, go_on = threading.Event(), threading.Event()
    add = ChromaVectors.add

    def slow(self: ChromaVectors, *args: object, **named: object) -> None:
        building.set()
        go_on.wait(10)
        add(self, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(ChromaVectors, "add", slow)
    index.warm()
    assert building.wait(10)
    for n in range(5):  # more changes than any fixed number of attempts
        index.apply(store.replace(*made(f"b{n}", [f"Mật ong rừng số {n}."]), words.passages))
    go_on.set()
    index.warm(wait=True)
    assert index.ready
    assert len({i for i, _ in index.dense(vector(words, "mật ong rừng"), 100)}) == 25


def test_asking_goes_on_while_the_index_is_rebuilt(open_index: OpenIndex, store: Store, words: WordEmbedder) -> None:
    store.replace(*made("a", texts(60)), words.passages)
    index = open_index()
    index.warm(wait=True)
    asked, text = vector(words, "hồ sơ"), texts(60)[7]
    expected = [score for _, score in index.snapshot.exact(asked, 10)]
    done = threading.Event()
    wrong: list[object] = []

    def ask() -> None:
        while not done.is_set():
            try:
                if not index.lexical(text, 5):
                    wrong.append("nothing found")
                if [s for _, s in index.dense(asked, 10)] != pytest.approx(expected, abs=1e-5):
                    wrong.append("other scores")
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        index.rebuild()
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert index.ready
    assert index.faults == ()


def test_twins_and_texts_without_known_terms_do_not_fail_the_audit(
    open_index: OpenIndex, store: Store, words: WordEmbedder
) -> None:
    twins = [f"{'Mẫu số hai. '}" for _ in range(30)]
    document, passages = made("a", [*twins, "…", "???"])
    store.replace(document, [replace(p, breadcrumb=()) for p in passages], words.passages)
    index = open_index()
    index.warm(wait=True)
    assert index.ready
    index.close()
    again = open_index()
    again.warm(wait=True)
    assert again.ready
    assert (again.folder / "dense-1").is_dir()  # audited, not rebuilt


def test_an_empty_store_answers_with_nothing(open_index: OpenIndex, words: WordEmbedder) -> None:
    index = open_index()
    index.warm(wait=True)
    assert index.ready
    assert index.lexical("hồ sơ", 10) == index.dense(vector(words, "hồ sơ"), 10) == []
    index.apply(Change())


def test_another_embedding_model_re_embeds_and_rebuilds(
    open_index: OpenIndex, store: Store, words: WordEmbedder
) -> None:
    """S11: also when the new vectors have another length."""

    class Wider(WordEmbedder):
        name, dimension = "wider", 96

    store.replace(*made("a", texts(40)), words.passages)
    first = open_index()
    first.warm(wait=True)
    first.close()
    wider = Wider()
    index = PassageIndex(first.folder, store, wider)
    try:
        asked = wider.questions(["hồ sơ sản phẩm"])[0]
        assert asked.shape == (96,)
        assert len(index.dense(asked, 10)) == 10
        index.warm(wait=True)
        assert index.ready
        assert [s for _, s in index.dense(asked, 10)] == pytest.approx(
            [s for _, s in index.snapshot.exact(asked, 10)], abs=1e-5
        )
    finally:
        index.close()


def test_passages_know_their_neighbours_after_an_edit(store: Store, words: WordEmbedder) -> None:
    document, passages = made("a", ["Một.", "Hai.", "Ba."])
    store.replace(document, passages, words.passages)
    new = Passage("a", "Mục mới#0", "Một rưỡi.", order=2)
    shifted = [passages[0], new, replace(passages[1], order=3), replace(passages[2], order=4)]
    store.replace(document, shifted, words.passages)
    assert store.neighbours(new) == (passages[0].id, passages[1].id)


def test_weights_and_passages_are_read_anew_after_a_change(
    open_index: OpenIndex, store: Store, words: WordEmbedder
) -> None:
    document, passages = made("a", texts(20))
    store.replace(document, passages, words.passages)
    index = open_index()
    rare, first = index.weight("gac"), passages[0].id
    assert index.passages([first])[first].hints == ""
    index.apply(store.replace(*made("b", [f"Quả gấc số {n}." for n in range(9)]), words.passages))
    index.apply(store.replace(document, [replace(passages[0], hints="hỏi"), *passages[1:]], words.passages))
    assert index.weight("gac") < rare
    assert index.passages([first, "không có"]) == {first: replace(passages[0], hints="hỏi")}
