"""How likely what was found answers: the same in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.trees import Trees, rounded

TESTS = Path(__file__).parents[1]
# The features of some questions over the small handbook, to the last bit.
ASK = """
import sys, tempfile
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from small import TODAY, open_small
from knowledge.types import Question
with open_small(Path(tempfile.mkdtemp())) as house:
    finder = house.assistant.knowledge.finder
    for text in ("Năm 2024 cấp nào công nhận sản phẩm OCOP 3 sao?", "ho so danh gia san pham ocop gom nhung gi",
                 "chữ trên nhãn cao mấy mm, ghi ở mặt nào của bao bì"):
        found = finder.find(Question(text), TODAY)
        print([value.hex() for value in map(float, finder.features(found))], finder.probability(found).hex())
"""


def told(seed: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": seed}
    run = [sys.executable, "-c", ASK, str(TESTS)]
    return subprocess.run(run, env=environment, check=True, capture_output=True, text=True).stdout


def test_the_same_question_is_judged_alike_whatever_the_order_of_sets() -> None:
    first = told("1")
    assert first.count("\n") == 3
    assert told("2") == told("5") == first


def test_what_the_order_of_a_sum_changes_changes_no_answer() -> None:
    trees = Trees.of({"features": ["a"], "start": 0.0, "trees": [[[0, 1.0, 1, 2], [-2.0], [2.0]]]}, ["a"])
    one, nearly = trees.probabilities([[1.0], [1.0000000000000002]])
    assert one == nearly == pytest.approx(0.119, abs=1e-3)
    assert rounded([[0.1234567]])[0, 0] == 0.123457
