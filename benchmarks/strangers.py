"""How strangers' questions fare over the handbook: `python benchmarks/strangers.py [--json OUT]`.

Some ten minutes, four on a quiet machine.

Asks the questions of scripts/written.py: for those with an answer, whether a section that holds it comes first, among
the first three and ten, and whether the question is answered; for the others, how many are refused. The half that the
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
    status = [assistant.attempt(Question(written.question))[0].status for written in questions]
    return {
        "questions": len(questions),
        **{f"first {k}": round(float((ranks < k).mean()), 3) for k in (1, 3, 10)},
        "answered": round(status.count("answered") / len(status), 3),
    }


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
            refused = sum(assistant.attempt(Question(text))[0].status != "answered" for text in asked)
            rows[name] = {"questions": len(asked), "refused": round(refused / len(asked), 3)}
        assistant.close()
    for name, figures in rows.items():
        print(f"{name:26}", "  ".join(f"{key} {value}" for key, value in figures.items()))
    if given.json:
        given.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
