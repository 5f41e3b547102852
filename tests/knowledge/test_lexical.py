"""Lexical search: what a question finds must not hang on how it is typed, nor on what was deleted before."""

from __future__ import annotations

import threading
import unicodedata
from pathlib import Path

import pytest

from knowledge.lexical import LexicalIndex, is_accented
from knowledge.text import fold, syllables

PASSAGES = [
    ("diem", "Điều 5. Xếp hạng", "Sản phẩm 4 sao đạt từ 70 đến dưới 90 điểm; 3 sao đạt từ 50 đến dưới 70 điểm."),
    ("ho-so", "Điều 8. Hồ sơ", "Hồ sơ gồm đơn đăng ký, bản giới thiệu và bảng tự đánh giá."),
    ("han", "Điều 11. Giấy chứng nhận", "Giấy chứng nhận có giá trị 36 tháng kể từ ngày ký."),
    ("hoa-binh", "Tỉnh Hòa Bình", "Cam Cao Phong của Hòa Bình được bảo hộ chỉ dẫn địa lý."),
    ("nhan", "Ghi nhãn", "Nhãn phải ghi tên hàng hóa, tên và địa chỉ cơ sở. Bao bì phải ghi hạn sử dụng."),
    ("rai", "Thu hồi", "Nhãn hàng bị thu hồi khi sai. Tên cơ sở công bố. Hàng hóa có hạn. Ghi sổ sử dụng của bao."),
]
QUESTIONS = [
    "Sản phẩm 4 sao cần bao nhiêu điểm?",
    "Giấy chứng nhận có giá trị mấy tháng",
    "cam ở Hòa Bình",
    "bao bì ghi hạn sử dụng",
]
FIRST = ["diem", "han", "hoa-binh", "nhan"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    opened = LexicalIndex.open(tmp_path_factory.mktemp("lexical"))
    opened.replace((), PASSAGES)
    return opened


def found(index: LexicalIndex, question: str) -> list[str]:
    return [i for i, _ in index.search(question, 5)]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "typed",
    [
        lambda q: unicodedata.normalize("NFD", q),
        lambda q: q.replace("Hòa", "Hoà"),
        str.upper,
        lambda q: f"  {q.replace(' ', '   ')} ?!",
        lambda q: f'"{q}" +body:(*) ~2 [TO] \\',
    ],
    ids=["NFD", "old tones", "upper case", "spaces", "query syntax"],
)
def test_the_way_of_typing_changes_nothing(index: LexicalIndex, question: str, typed: object) -> None:
    expected = found(index, question)
    got = found(index, typed(question))  # type: ignore[operator]
    assert got[0] == expected[0]
    if "~" not in typed(question):  # type: ignore[operator]
        assert got == expected


@pytest.mark.parametrize(("question", "first"), list(zip(QUESTIONS, FIRST, strict=True)))
def test_the_right_passage_comes_first_with_and_without_diacritics(
    index: LexicalIndex, question: str, first: str
) -> None:
    assert found(index, question)[0] == first
    assert found(index, fold(question))[0] == first


def test_words_of_one_clause_beat_the_same_words_scattered(index: LexicalIndex) -> None:
    scores = dict(index.search("bao bì ghi hạn sử dụng", 5))
    assert scores["nhan"] > scores["rai"] > 0


def test_words_that_only_ask_find_little(index: LexicalIndex) -> None:
    asking = dict(index.search("cho hỏi hồ sơ là gì như thế nào", 5))
    plain = dict(index.search("hồ sơ", 5))
    assert max(asking, key=asking.__getitem__) == max(plain, key=plain.__getitem__) == "ho-so"


def test_nothing_to_look_for_finds_nothing(index: LexicalIndex) -> None:
    assert index.search("", 5) == index.search("?!🙂 \u200b", 5) == index.search("sao", 0) == []
    assert index.search("zzz qqq", 5) == []


def test_k_bounds_the_result_and_scores_fall(index: LexicalIndex) -> None:
    hits = index.search("sản phẩm nhãn hồ sơ hàng hóa", 3)
    assert len(hits) == 3
    assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)


def test_removed_and_replaced_passages_leave_nothing_behind(tmp_path: Path) -> None:
    index = LexicalIndex.open(tmp_path)
    index.replace((), PASSAGES)
    index.replace(["diem", "unknown"], [("han", "Điều 11", "Giấy chứng nhận có giá trị 60 tháng.")])
    assert index.count() == len(PASSAGES) - 1
    assert "diem" not in found(index, "sản phẩm 4 sao")
    assert found(index, "giá trị 36 tháng") == found(index, "giá trị 60 tháng")
    index.close()
    again = LexicalIndex.open(tmp_path)
    assert again.count() == len(PASSAGES) - 1
    assert found(again, "giá trị 60 tháng")[0] == "han"


def test_readers_go_on_beside_a_writer(tmp_path: Path) -> None:
    index = LexicalIndex.open(tmp_path)
    index.replace((), PASSAGES)
    failures: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(50):
                assert found(index, "giấy chứng nhận 36 tháng")[0] == "han"
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for n in range(5):
        index.replace((), [(f"new-{n}", "Mục", f"Nội dung số {n}")])
    for reader in readers:
        reader.join()
    assert failures == []
    assert index.count() == len(PASSAGES) + 5


def test_a_question_counts_as_accented_by_most_of_its_words() -> None:
    assert is_accented(syllables("Sản phẩm OCOP bốn sao cần bao nhiêu điểm"))
    assert not is_accented(syllables("san pham OCOP 4 sao can bao nhiêu diem"))
    assert not is_accented([])
