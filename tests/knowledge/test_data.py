"""The shipped data agree with one another, and golden questions load."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.abbreviations import Abbreviations
from knowledge.catalogue import load_sources
from knowledge.errors import BadInput
from knowledge.evaluate import Golden, compare_runs, judge, load_golden, rates, table
from knowledge.places import Places
from knowledge.registry import Registry
from knowledge.text import fold
from knowledge.types import Answer, Citation

DATA = Path(__file__).parent.parent.parent / "knowledge" / "data"
GOLDEN = Path(__file__).parent.parent / "golden"


def test_golden_questions_load_and_are_each_there_once() -> None:
    questions = load_golden(GOLDEN)
    assert len(questions) >= 600
    assert [i for i, count in Counter(q.id for q in questions).items() if count > 1] == []
    assert {q.expect for q in questions} == {"answered", "not_regulated", "abstained", "clarify"}
    assert len(load_golden(GOLDEN, "dev")) + len(load_golden(GOLDEN, "report")) == len(questions)
    assert all(q.must for q in questions if q.expect == "answered")
    assert not [q.id for q in questions if q.must and q.expect != "answered"]


def test_golden_questions_name_instruments_and_places_that_are_known() -> None:
    registry, places = Registry.load(), Places.load()
    numbers = {instrument.number for instrument in registry}
    unknown = {key for q in load_golden(GOLDEN) for key in q.instrument} - numbers
    assert unknown == set()
    assert {q.locality for q in load_golden(GOLDEN) if q.locality} <= set(places.provinces)


def test_a_malformed_golden_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "a", "topic": "x", "question": "y", "expect": "answered"}\n{"id": "b"}\n')
    with pytest.raises(BadInput, match=r"a\.jsonl dòng 2"):
        load_golden(tmp_path)


def golden(**more: Any) -> Golden:
    """A question that wants 70 points from 26/2026/QĐ-TTg."""
    given: dict[str, Any] = {"must": (("70",), ("90 điểm", "dưới 90")), "instrument": ("26/2026/QĐ-TTg",)}
    return Golden("a", "ocop", "4 sao mấy điểm", **({"expect": "answered"} | given | more))


def answered(text: str, instrument: str = "26/2026/QĐ-TTg", status: Any = "answered") -> Answer:
    """An answer that cites one instrument."""
    return Answer("x", status, text, (Citation(1, "p", "t", "", instrument, "q"),))


@pytest.mark.parametrize(
    ("question", "answer", "right", "cited"),
    [
        (golden(), answered("Từ 70 đến dưới 90. [1]"), True, True),
        (golden(), answered("TU 70 DEN DUOI 90 [1]"), True, True),
        (golden(), answered("Từ 170 đến dưới 90. [1]"), False, True),
        (golden(), answered("Từ 70,5 đến dưới 90. [1]"), False, True),
        (golden(), answered("Từ 70 điểm. [1]"), False, True),
        (golden(), answered("Từ 70 đến dưới 90. [1]", "148/QĐ-TTg"), True, False),
        (golden(), answered("Chưa rõ.", status="abstained"), False, None),
        (golden(must_not=("cấp huyện",)), answered("Từ 70 đến dưới 90 ở cấp huyện."), False, True),
        (golden(expect="abstained", must=()), answered("Mai trời nắng."), False, None),
        (golden(expect="abstained", must=()), answered("Không.", status="abstained"), True, None),
        (golden(expect="not_regulated", must=()), answered("Quyết định không quy định mức này."), True, None),
        (golden(expect="not_regulated", must=()), answered("Lệ phí là 500.000 đồng."), False, None),
        (golden(expect="clarify", must=()), answered("Từ 70."), False, None),
    ],
)
def test_an_answer_is_judged_by_what_its_question_needs(
    question: Golden, answer: Answer, right: bool, cited: bool | None
) -> None:
    result = judge(question, answer)
    assert (result.right, result.cited) == (right, cited), result.faults
    assert bool(result.faults) != result.right


def test_rates_and_comparison_count_questions() -> None:
    good, bad = judge(golden(), answered("Từ 70 đến dưới 90.")), judge(golden(), answered("Không rõ."))
    invented = judge(golden(expect="abstained", must=()), answered("Mai nắng."))
    found = rates([good, bad, invented])
    assert found["accuracy"] == pytest.approx(1 / 3)
    assert (found["false_answers"], found["false_refusals"]) == (1.0, 0.0)
    assert "tất cả" in table([good, bad])
    assert "kém đi 1 câu" in compare_runs([good.as_data()], [bad])
    assert "Tốt lên 1 câu" in compare_runs([bad.as_data()], [good])


def test_abbreviations_hide_no_vietnamese_word_and_are_there_once() -> None:
    raw = yaml.safe_load((DATA / "abbreviations.yaml").read_text(encoding="utf-8"))
    shorts = [str(entry["short"]) for entry in raw]
    assert [s for s, n in Counter(s.lower() for s in shorts).items() if n > 1] == []
    assert all(set(entry) <= {"short", "long", "slang", "ambiguous", "accented"} for entry in raw)
    abbreviations = Abbreviations.load()
    # A short form that a reader of a plain sentence would stumble over.
    sentence = "từ có mã do là và của xã sao hồ sơ đơn tỉnh điểm năm tháng giấy nhãn tên"
    for word in sentence.split():
        entry = abbreviations.get(word)
        assert entry is None or entry.ambiguous, word


def test_the_register_is_consistent() -> None:
    assert Registry.load().validate() == []


def test_the_register_knows_what_the_house_was_told_of() -> None:
    registry, today = Registry.load(), date(2026, 11, 21)
    for key in ("26/2026/QĐ-TTg", "148/QĐ-TTg", "37/2026/NĐ-CP", "46/2026/NĐ-CP", "15/2018/NĐ-CP"):
        instrument = registry.get(key)
        assert instrument, key
        assert instrument.title, key
        assert instrument.in_force, key
    successor = registry.successor("148/QĐ-TTg", today)
    assert successor
    assert successor.key == "26/2026/QĐ-TTg"


def test_sources_are_whole_and_hide_no_instrument() -> None:
    sources, registry = load_sources(), Registry.load()
    assert sources
    for key, entry in sources.items():
        assert entry.title, key
        assert not entry.url or entry.url.startswith("https://") or entry.url.startswith("http://"), key
        assert registry.get(key) is None, key


def test_every_data_file_is_utf_8_in_normal_form() -> None:
    from knowledge.text import normalise

    for path in sorted(DATA.rglob("*")):
        if path.suffix in (".yaml", ".json", ".jsonl"):
            text = path.read_text(encoding="utf-8")
            assert normalise(text.replace("\t", " ")) == text.replace("\t", " "), path.name
            if path.suffix == ".json":
                json.loads(text)


def test_a_folded_province_is_no_everyday_word_of_the_trade() -> None:
    places = Places.load()
    for word in ("sản phẩm", "bao bì", "điểm", "công nhận", "đánh giá", "câu chuyện", "quảng cáo", "hà thủ ô"):
        assert places.find(word) is None, word
        assert places.find(fold(word)) is None, word
