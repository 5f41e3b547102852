"""How strangers' questions fare over the handbook: `python benchmarks/strangers.py [--json OUT]`.

Some ten minutes, four on a quiet machine.

Asks the questions of scripts/written.py: for those with an answer, whether a section that holds it comes first, among
the first three and ten; for all, how many are answered, answered with a word of doubt, and refused. The half that the
ranker did not learn from is printed apart. The confidence learns from both halves: scripts/fit_confidence.py prints its
held-out figures.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from written import Written, answerable, near_misses, to_learn, unanswerable  # noqa: E402

from ingest.sync import Sync  # noqa: E402
from knowledge.assistant import Assistant, open_assistant  # noqa: E402
from knowledge.say import is_doubted  # noqa: E402
from knowledge.settings import load_settings  # noqa: E402
from knowledge.types import Question  # noqa: E402


def place(assistant: Assistant, written: Written) -> int:
    """The rank of the first passage that holds the answer, from 0; 99 where none does."""
    found = assistant.search(written.question)
    hits = sorted((*found.then, *found.current), key=lambda hit: -hit.score)
    return next((rank for rank, hit in enumerate(hits) if written.holds(hit)), 99)


def row(assistant: Assistant, questions: list[Written]) -> dict[str, Any]:
    """Shares over questions that have an answer."""
    ranks = np.array([place(assistant, written) for written in questions])
    return {
        "questions": len(questions),
        **{f"first {k}": round(float((ranks < k).mean()), 3) for k in (1, 3, 10)},
        **reactions(assistant, [written.question for written in questions]),
    }


def reactions(assistant: Assistant, questions: list[str]) -> dict[str, float]:
    """Shares answered without doubt, answered with a word of doubt, and not answered."""
    answers = [assistant.attempt(Question(text))[0] for text in questions]
    doubted = sum(map(is_doubted, answers))
    refused = sum(answer.status != "answered" for answer in answers)
    counts = {"answered": len(answers) - doubted - refused, "doubted": doubted, "refused": refused}
    return {name: round(count / len(answers), 3) for name, count in counts.items()}


def main() -> None:
    """Ask, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="OUT")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        assistant = open_assistant(load_settings(data_dir=Path(scratch)))
        Sync(assistant).handbook()
        questions = answerable()
        rows = {
            "answerable, learned from": row(assistant, [w for w in questions if to_learn(w.question)]),
            "answerable, kept apart": row(assistant, [w for w in questions if not to_learn(w.question)]),
        }
        for name, asked in (("unanswerable", unanswerable()), ("near misses", near_misses())):
            rows[name] = {"questions": len(asked), **reactions(assistant, asked)}
        assistant.close()
    for name, figures in rows.items():
        print(f"{name:26}", "  ".join(f"{key} {value}" for key, value in figures.items()))
    if given.json:
        given.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
