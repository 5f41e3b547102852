"""How long retrieval takes over many passages: `python benchmarks/latency.py --texts FOLDER --json OUT`.

Fills a store with passages made from the texts found in FOLDER (any .jsonl or .jsonl.gz below it; where they do not
suffice, halves of two are joined), builds both indexes as the product does, and asks the questions found in the
queries.jsonl below it, by the product's own `Assistant.search`: repair of typing slips, reading of the question, both
engines, fusion, standing and ranking. `--keep` names a folder that is filled once and used again. Times are
milliseconds; `peer` is BM25 of bm25s on the same passages and questions, in the same run.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from knowledge.assistant import Assistant, open_assistant
from knowledge.settings import load_settings
from knowledge.text import syllables
from knowledge.types import Document, Passage

PER_DOCUMENT = 500
LONGEST = 1500  # characters of a passage


def texts(folder: Path) -> list[str]:
    """The longest text of each row of the folder's corpora and training pairs, in a fixed order."""
    found = []
    for file in sorted(folder.rglob("*.jsonl*")):
        if file.name.startswith("queries"):
            continue
        with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                found.append(max((value for value in row.values() if isinstance(value, str)), key=len)[:LONGEST])
    return found


def questions(folder: Path, count: int) -> list[str]:
    """So many questions from every queries.jsonl below the folder, in a fixed order."""
    chance = random.Random(7)
    found = []
    for file in sorted(folder.rglob("queries.jsonl")):
        rows = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]
        found += chance.sample(rows, min(count, len(rows)))
    return found


def joined(known: list[str], count: int) -> Iterator[str]:
    """The texts, and after them halves of two of them, until there are so many."""
    chance = random.Random(7)
    yield from known[:count]
    for _ in range(count - len(known)):
        first, second = (chance.choice(known).split() for _ in range(2))
        yield " ".join((*first[len(first) // 2 :], *second[: len(second) // 2]))


def fill(folder: Path, passages: Iterator[str], count: int) -> Assistant:
    """An assistant over so many passages, both of its indexes built."""
    settings = load_settings(data_dir=folder)
    assistant = open_assistant(settings)
    if assistant.store.count() != count:
        batch: list[str] = []
        for number in range(count):
            batch.append(next(passages))
            if len(batch) == PER_DOCUMENT or number == count - 1:
                name = f"d{number}"
                document = Document(name, name, "training", name, "")
                rows = [Passage(name, f"Mục {n}", text, (name, f"Mục {n}"), order=n) for n, text in enumerate(batch)]
                assistant.store.replace(document, rows, assistant.index.embedder.passages)
                batch = []
                print(f"\r{number + 1} passages stored", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        assistant.close()
        assistant = open_assistant(settings)
    assistant.index.warm(wait=True)
    return assistant


def timed(ask: Callable[[str], Any], asked: list[str]) -> dict[str, float]:
    """Median and 95th percentile over the questions, after five to warm up."""
    for question in asked[:5]:
        ask(question)
    times = []
    for question in asked:
        begun = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - begun) * 1000)
    return {"p50_ms": round(float(np.percentile(times, 50)), 1), "p95_ms": round(float(np.percentile(times, 95)), 1)}


def measure(assistant: Assistant, asked: list[str]) -> dict[str, dict[str, float]]:
    """The whole search and each engine by itself."""
    index = assistant.index
    vectors = {question: index.embedder.questions([question])[0] for question in asked}
    return {
        "search": timed(assistant.search, asked),
        "lexical": timed(lambda question: index.lexical(question, 200), asked),
        "dense": timed(lambda question: index.dense(vectors[question], 200), asked),
        "dense, exact": timed(lambda question: index.snapshot.exact(vectors[question], 200), asked),
    }


def bm25(passages: list[str]) -> Callable[[str], Any]:
    """bm25s over syllables, as anyone would set it up."""
    import bm25s

    index = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
    index.index([syllables(text) for text in passages], show_progress=False)

    def ask(question: str) -> Any:
        terms = [term for term in syllables(question) if term in index.vocab_dict]
        return np.argsort(-index.get_scores(terms))[:10] if terms else ()

    return ask


def main() -> None:
    """Fill, ask, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, required=True, metavar="FOLDER", help="../shared/data")
    parser.add_argument("--passages", type=int, default=200_000)
    parser.add_argument("--questions", type=int, default=60, help="from each set of questions")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the filled store stays for another run")
    parser.add_argument("--peer", action="store_true", help="time bm25s too")
    parser.add_argument("--json", type=Path, required=True, metavar="OUT")
    given = parser.parse_args()
    known, asked = texts(given.texts), questions(given.texts, given.questions)
    if not known or not asked:
        parser.error(f"no texts or no queries.jsonl below {given.texts}")
    with tempfile.TemporaryDirectory() as scratch:
        assistant = fill(given.keep or Path(scratch), joined(known, given.passages), given.passages)
        rows: dict[str, Any] = measure(assistant, asked)
        assistant.close()
    if given.peer:
        rows["peer: bm25s, syllables"] = timed(bm25(list(joined(known, given.passages))), asked)
    for name, row in rows.items():
        print(f"{name:24} p50 {row['p50_ms']:6.1f} ms  p95 {row['p95_ms']:6.1f} ms")
    out = {"passages": given.passages, "questions": len(asked), "times": rows}
    given.json.write_text(json.dumps(out, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
