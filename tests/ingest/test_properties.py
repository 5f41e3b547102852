"""For any text: no word is lost, passages are bounded, ids are unique, and cutting is repeatable."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from html import escape

from hypothesis import given, settings
from hypothesis import strategies as st
from ingest_texts import cut

from ingest.pack import HARD
from knowledge.errors import Unreadable
from knowledge.types import Passage

WORDS = st.sampled_from(
    [
        "ong",
        "mật",
        "hoa",
        "đàn",
        "tổ",
        "xã",
        "Điều",
        "khoản",
        "36",
        "tháng",
        "5",
        "sao",
        "□",
        "***",
        "(1)",
        "“mở",
        "đóng”",
        "nhà.",
        "việc;",
        "gồm:",
    ]
)
SENTENCE = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)
STARTS = st.sampled_from(
    ["", "Điều 1. ", "Điều 2. ", "Điều 3. ", "1. ", "2. ", "3. ", "a) ", "b) ", "đ) ", "- ", "I. ", "II. ", "1.1. ",
     "Chương I ", "PHỤ LỤC II ", "Mẫu số 01: ", "Nơi nhận: ", "Mục 1. ", "QUY CHẾ "]
)  # fmt: skip
LINE = st.builds(str.__add__, STARTS, SENTENCE)
LINES = st.lists(LINE, min_size=1, max_size=40)
ROWS = st.integers(1, 5).flatmap(lambda n: st.lists(st.tuples(*[LINE] * n), min_size=1, max_size=12))


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def kept(passages: list[Passage]) -> Counter[str]:
    return words("\n".join(p.title + "\n" + p.text for p in passages))


def sound(passages: list[Passage]) -> None:
    assert len({p.id for p in passages}) == len(passages)
    for passage in passages:
        assert passage.text.strip()
        assert len(passage.text) <= HARD + 600  # context that goes along
        assert all(s.line is None or s.line < len(passage.lines) for s in passage.sources)


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_plain_text_loses_no_word(lines: list[str]) -> None:
    text = "\n".join([*lines, "ong"])
    passages = cut(text)
    sound(passages)
    assert not words(text) - kept(passages)
    assert [p.id for p in passages] == [p.id for p in cut(text)]


@settings(max_examples=100, deadline=None)
@given(LINES, ROWS)
def test_html_loses_no_word(lines: list[str], rows: list[tuple[str, ...]]) -> None:
    table = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    passages = cut(f"<html><body>{text}<table>{table}</table>{text}</body></html>")
    sound(passages)
    everything = "\n".join([*lines, *lines, *(cell for row in rows for cell in row)])
    assert set(words(everything)) <= set(kept(passages))
    # A cell merged or a context repeated may count more often, never less.
    assert not words(everything) - kept(passages)


@settings(max_examples=100, deadline=None)
@given(st.lists(SENTENCE, min_size=1, max_size=30), st.lists(SENTENCE, min_size=1, max_size=5))
def test_markdown_sections_lose_no_word(paragraphs: list[str], headings: list[str]) -> None:
    parts = []
    for i, paragraph in enumerate(paragraphs):
        if i % 6 == 0:
            parts.append("## " + headings[i // 6 % len(headings)])
        parts.append(paragraph)
    text = "\n\n".join([*parts, "ong"])
    passages = cut(text, "handbook")
    sound(passages)
    assert not words(text) - kept(passages)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_a_reason(data: bytes) -> None:
    with contextlib.suppress(Unreadable):
        sound(cut(data, "training"))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    with contextlib.suppress(Unreadable):
        sound(cut(text.encode("utf-8", "surrogatepass"), "training"))
