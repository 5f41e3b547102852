"""Fit the weights by which the assistant judges whether it can answer: `python scripts/fit_confidence.py --data
../shared/data`.

Positive: golden questions of the dev half that the handbook answers, and questions of the retrieval dev sets over
their own corpus when the right passage is found. Negative: golden questions to be refused, questions of the
retrieval sets over the handbook, and over one another's corpora. Writes knowledge/data/confidence.json and prints
the rates at the threshold.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from train_ranker import without_one_way

from knowledge.assistant import Assistant, open_assistant
from knowledge.confidence import DATA, FEATURES
from knowledge.conversation import resolve
from knowledge.evaluate import load_golden
from knowledge.settings import load_settings
from knowledge.text import fold
from knowledge.types import Document, Passage, Question

GOLDEN = Path(__file__).parent.parent / "tests" / "golden"
FALSE_REFUSALS = 0.03  # of answerable questions, at most


def main() -> None:
    """Fit, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds retrieval/")
    parser.add_argument("--per-set", type=int, default=250, help="questions taken from each retrieval set")
    chosen = parser.parse_args()
    random.seed(7)
    sets = {
        folder.name: _load_set(folder) for folder in sorted((chosen.data / "retrieval").iterdir()) if folder.is_dir()
    }
    rows: list[tuple[list[float], int, str]] = []
    with tempfile.TemporaryDirectory() as scratch:
        assistant, held = without_one_way(Path(scratch, "handbook"), 0)
        for golden in load_golden(GOLDEN, "dev"):
            if golden.expect in ("answered", "abstained"):
                label = int(golden.expect == "answered")
                question = Question(golden.question, golden.history, golden.as_of, golden.locality)
                for text in {golden.question, fold(golden.question)}:
                    rows.append((_features(assistant, replace(question, text=text)), label, f"golden-{golden.expect}"))
        for way, _ in random.sample(held, 2 * chosen.per_set):
            rows.append((_features(assistant, Question(way)), 1, "handbook<-ways"))
        for name, (_, questions) in sets.items():
            for text, _ in random.sample(questions, min(chosen.per_set, len(questions))):
                rows.append((_features(assistant, Question(text)), 0, f"handbook<-{name}"))
        assistant.close()
        names = list(sets)
        for number, name in enumerate(names):
            own = _corpus_assistant(Path(scratch, name), sets[name][0])
            other = sets[names[(number + 2) % len(names)]][1]
            for text, right in random.sample(sets[name][1], min(chosen.per_set, len(sets[name][1]))):
                found = own.search(text)
                if any(hit.passage.document_id in right for hit in found.current[:3]):
                    rows.append((own.features(found), 1, f"{name}<-own"))
            for text, _ in random.sample(other, min(chosen.per_set, len(other))):
                rows.append((_features(own, Question(text)), 0, f"{name}<-other"))
            own.close()
    _fit(rows)


def _share_of(group: str) -> float:
    """How much a group counts within its label: people's own questions to the handbook most, other corpora least."""
    return 4.0 if group.startswith("golden") else 1.0 if group.startswith("handbook") else 0.4


def _features(assistant: Assistant, question: Question) -> list[float]:
    resolved = resolve(question.text, question.history, spell_out=assistant.abbreviations.spell_out)
    found = assistant.search(resolved.text, as_of=question.as_of, locality=question.locality)
    return assistant.features(found)


def _load_set(folder: Path) -> tuple[list[dict[str, str]], list[tuple[str, set[str]]]]:
    corpus = [json.loads(line) for line in (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()]
    right: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, *_ = line.split("\t")
        right.setdefault(query, set()).add(document)
    queries = [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    return corpus, [(q["text"], right.get(q["id"], set())) for q in queries if len(q["text"]) <= 1500]


def _corpus_assistant(folder: Path, corpus: list[dict[str, str]]) -> Assistant:
    assistant = open_assistant(load_settings(data_dir=folder))
    for row in corpus:
        document = Document(row["id"], row.get("title") or row["id"], "training", row["id"], "")
        passage = Passage(row["id"], "", row["text"], (row.get("title") or "",))
        assistant.store.replace(document, [passage], assistant.index.embedder.passages)
    assistant.close()
    return open_assistant(load_settings(data_dir=folder))


def _fit(rows: list[tuple[list[float], int, str]]) -> None:
    x = np.array([row[0] for row in rows])
    y = np.array([row[1] for row in rows], dtype=float)
    groups = sorted({row[2] for row in rows})
    weight = np.zeros(len(rows))
    for group in groups:
        members = np.array([row[2] == group for row in rows])
        weight[members] = _share_of(group) / members.sum()
    for label in (0, 1):
        weight[y == label] /= weight[y == label].sum()
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(20_000):
        p = 1 / (1 + np.exp(-(x @ w + b)))
        error = weight * (p - y)
        w -= 2.0 * (x.T @ error + 2e-4 * w)
        b -= 2.0 * error.sum()
    p = 1 / (1 + np.exp(-(x @ w + b)))
    answerable = np.array([row[2] == "golden-answered" for row in rows])
    threshold = float(np.quantile(p[answerable], FALSE_REFUSALS))
    data = {
        "weights": dict(zip(FEATURES, np.round(w, 3).tolist(), strict=True)),
        "bias": round(b, 3),
        "threshold": round(threshold, 3),
    }
    DATA.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(data))
    for group in groups:
        members = np.array([row[2] == group for row in rows])
        print(f"{group:32}{members.sum():>6} answered {np.mean(p[members] >= threshold):.3f}")


if __name__ == "__main__":
    main()
