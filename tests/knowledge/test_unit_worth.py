"""What each unit of a handbook section is worth to a question, by the shipped trees."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge.assistant import Assistant
from knowledge.types import Hit
from knowledge.unit_worth import FEATURES
from knowledge.units import units

SCRIPTS = Path(__file__).parents[2] / "scripts"


def found(assistant: Assistant, question: str, heading: str) -> tuple[list[Hit], Any]:
    """The passages found for a question, the one with this heading first, and the reading."""
    told = assistant.search(question)
    hits = sorted(told.current, key=lambda hit: hit.passage.heading != heading)
    assert hits[0].passage.heading == heading
    return hits[:3], told.reading


SCORED = "Bao bì và nhãn được mấy điểm trong phiếu OCOP?"


@pytest.mark.parametrize(
    ("question", "leads"),
    [
        ("bao bì với nhãn tối đa mấy điểm trong phiếu ocop", "Với bộ 1–20"),
        ("Bao bì OCOP đơn giản thì mấy điểm, đẹp sáng tạo thì mấy điểm?", "Bao bì: không bao bì 0"),
        ("nhãn có thêm tiếng nước ngoài được mấy điểm phiếu ocop", "Nhãn có thêm tiếng nước ngoài"),
    ],
)
def test_another_question_to_a_section_is_led_by_another_line(handbook: Assistant, question: str, leads: str) -> None:
    hits, reading = found(handbook, question, SCORED)
    worth = handbook.extractive.worth.of(hits, reading)
    best = max(range(len(worth[0])), key=lambda n: worth[0][n].lead)
    assert units(hits[0].passage)[best].text.startswith(leads)


def test_each_unit_has_two_probabilities_and_one_approved_as_a_whole_none(handbook: Assistant) -> None:
    hits, reading = found(handbook, "hồ sơ OCOP gồm những gì", "Hồ sơ OCOP gồm những gì?")
    curated = replace(hits[1], document=replace(hits[1].document, kind="curated"))
    first, second, third = handbook.extractive.worth.of([hits[0], curated, hits[2]], reading)
    assert (len(first), len(second), len(third)) == (len(units(hits[0].passage)), 0, len(units(hits[2].passage)))
    assert all(0 <= chance <= 1 for worth in (*first, *third) for chance in worth)
    for table in handbook.extractive.worth.features(hits, reading):
        assert table.shape[1] == len(FEATURES)
        assert np.isfinite(table).all()


def test_a_papers_lines_are_judged_by_trees_of_their_own(handbook: Assistant) -> None:
    hits, reading = found(handbook, "hồ sơ OCOP gồm những gì", "Hồ sơ OCOP gồm những gì?")
    paper = replace(hits[0], document=replace(hits[0].document, kind="official"))
    [mine], [other] = (handbook.extractive.worth.of([hit], reading) for hit in (hits[0], paper))
    assert len(mine) == len(other)
    assert mine != other


def test_a_question_without_words_that_tell_is_judged_too(handbook: Assistant) -> None:
    hits, _ = found(handbook, "hồ sơ OCOP gồm những gì", "Hồ sơ OCOP gồm những gì?")
    reading = handbook.search("thế à").reading
    for table in handbook.extractive.worth.features(hits, reading):
        assert np.isfinite(table).all()


def test_the_judged_lines_still_stand_in_the_handbook(handbook: Assistant) -> None:
    """Sections that were edited since are left out of learning: judge lines anew before too few are left."""
    sys.path.insert(0, str(SCRIPTS))
    try:
        spec = importlib.util.spec_from_file_location("written", SCRIPTS / "written.py")
        assert spec is not None
        assert spec.loader is not None
        written = importlib.util.module_from_spec(spec)
        sys.modules["written"] = written
        spec.loader.exec_module(written)
    finally:
        sys.path.remove(str(SCRIPTS))
    judged = [section for sections in written.chosen_lines().values() for section in sections]
    assert all(set(section.letters) <= set("Llnus.") for section in judged)
    marks = {
        (document.origin.rsplit("handbook/", 1)[-1], passage.heading): written.mark_of(passage)
        for document in handbook.store.documents()
        for passage in handbook.store.of_document(document.id)
    }
    same = sum(marks.get((section.page, section.heading)) == section.mark for section in judged)
    assert same >= 0.8 * len(judged)
