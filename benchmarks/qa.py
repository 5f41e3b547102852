"""How often a short extractive answer holds the gold answer: `python benchmarks/qa.py --data ../shared/data [--json
OUT]`.

For each set of qa/ (questions with gold answers, passages in retrieval/ under the same name) the product's own
retrieval and composer answer at 150, 300 and 600 characters; beside them the best passage cut to the same length.
Printed: share of answers that contain a gold answer, and mean token F1 of the best gold answer.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from knowledge.assistant import Assistant, open_assistant
from knowledge.compose import Extractive
from knowledge.settings import load_settings
from knowledge.text import modern_tones, normalise, syllables
from knowledge.types import Document, Passage

LENGTHS = (150, 300, 600)


def main() -> None:
    """Measure every set of qa/ and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds qa/ and retrieval/")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    chosen = parser.parse_args()
    rows = []
    for path in sorted((chosen.data / "qa").glob("*.jsonl")):
        rows += measure(path, chosen.data / "retrieval" / path.stem)
    print(f"{'set':24}{'length':>7}{'ours holds':>12}{'cut holds':>11}{'ours F1':>9}{'cut F1':>8}")
    for row in rows:
        print(
            f"{row['set']:24}{row['length']:>7}{row['ours']:>12.3f}{row['cut']:>11.3f}{row['ours_f1']:>9.3f}{row['cut_f1']:>8.3f}"
        )
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def measure(questions: Path, folder: Path) -> list[dict[str, Any]]:
    """One row for each length."""
    asked = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as scratch:
        assistant = _over(folder / "corpus.jsonl", Path(scratch))
        found = [(assistant.search(row["text"][:1900]), row["answers"]) for row in asked]
        rows = []
        for length in LENGTHS:
            composer = Extractive(assistant.index.weight, assistant.index.embedder, limit=length)
            totals: Counter[str] = Counter()
            for hits, answers in found:
                statements = [s.text for s in composer.compose(hits) if s.hit]
                cut = hits.current[0].passage.text if hits.current else ""
                for name, text in (("ours", " ".join(statements)), ("cut", cut)):
                    text = text[:length]
                    totals[name] += any(_holds(text, answer) for answer in answers)
                    totals[f"{name}_f1"] += max(_f1(text, answer) for answer in answers)
            rows.append(
                {"set": folder.name, "length": length}
                | {n: totals[n] / len(asked) for n in ("ours", "cut", "ours_f1", "cut_f1")}
            )
        assistant.close()
    return rows


def _over(corpus: Path, folder: Path) -> Assistant:
    """An assistant that knows just these passages."""
    settings = load_settings(data_dir=folder)
    assistant = open_assistant(settings)
    for line in corpus.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        document = Document(row["id"], row.get("title") or row["id"], "training", row["id"], "")
        passage = Passage(row["id"], "", normalise(row["text"]), (row.get("title") or "",))
        assistant.store.replace(document, [passage], assistant.index.embedder.passages)
    assistant.close()
    return open_assistant(settings)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", modern_tones(normalise(text)).lower()).strip(" .")


def _holds(text: str, answer: str) -> bool:
    return _plain(answer) in _plain(text)


def _f1(text: str, answer: str) -> float:
    said, wanted = Counter(syllables(text)), Counter(syllables(answer))
    common = sum((said & wanted).values())
    return 2 * common / (said.total() + wanted.total()) if common else 0.0


if __name__ == "__main__":
    main()
