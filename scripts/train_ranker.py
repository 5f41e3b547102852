"""Learn the ranker's weights: `python scripts/train_ranker.py` (two or three minutes; prints what each half of the data
gains).

Queries are the golden questions of the dev half, with and without diacritics, and questions written for this
(written.py), half of which are kept for the report. Writes the handbook's weights in knowledge/data/ranker.json; those
of papers are learned beside them by train_paper_ranker.py.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from written import answerable, to_learn

from ingest.sync import Sync
from knowledge.assistant import Assistant, open_assistant
from knowledge.conversation import resolve
from knowledge.evaluate import Golden, holds, load_golden
from knowledge.rank import DATA, FEATURES, Ranker
from knowledge.settings import load_settings
from knowledge.text import fold
from knowledge.types import Hit, Question

GOLDEN = Path(__file__).parent.parent / "tests" / "golden"
GOLDEN_WEIGHT = 8.0
WRITTEN_WEIGHT = 1.0
RIDGE = 0.02
# Of each question's candidates so many are learned from: with the further ones that are ranked too, which are easily
# told apart, the kept questions lose a point.
LEARNED_FROM = 10
RARE = {"same_place", "same_number", "other_number"}  # seldom tell, so a ridge would hide what they tell


@dataclass
class Query:
    """One question's candidates: features (n, f), which of them answer (n,), its weight and fold."""

    features: np.ndarray
    right: np.ndarray
    weight: float
    part: int
    kind: str


def main() -> None:
    """Collect, cross-validate, fit on all, write."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        assistant = open_assistant(load_settings(data_dir=Path(scratch)))
        Sync(assistant).handbook()
        queries = [*_golden(assistant), *_written(assistant)]
        assistant.close()
    print(f"{len(queries)} questions, {sum(q.kind == 'golden' for q in queries)} of them golden")
    for part in (0, 1):
        train = [q for q in queries if q.part != part and q.kind != "kept"]
        test = [q for q in queries if q.part == part]
        weights = _fit(train)
        for kind in ("golden", "written"):
            mine = [q for q in test if q.kind == kind]
            print(
                f"part {part} {kind:7} first right: fused {_first(mine, None):.3f}, ranked {_first(mine, weights):.3f}"
            )
    weights = _fit([q for q in queries if q.kind != "kept"])
    kept = [q for q in queries if q.kind == "kept"]
    print(f"kept for the report: fused {_first(kept, None):.3f}, ranked {_first(kept, weights):.3f} of {len(kept)}")
    data = json.loads(DATA.read_text(encoding="utf-8"))
    data["handbook"] = dict(zip(FEATURES, np.round(weights, 3).tolist(), strict=True))
    DATA.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(data["handbook"]))


def _golden(assistant: Assistant) -> Iterator[Query]:
    for number, golden in enumerate(g for g in load_golden(GOLDEN, "dev") if g.expect == "answered" and g.must):
        for text in {golden.question, fold(golden.question)}:
            question = _standalone(assistant, golden, text)
            hits = _candidates(assistant, question)
            right = np.array([holds(golden, hit.passage.text) for hit in hits], dtype=float)
            if right.any() and not right.all():
                yield Query(_features(assistant, hits, question), right, GOLDEN_WEIGHT, number % 2, "golden")


def _written(assistant: Assistant) -> Iterator[Query]:
    for number, written in enumerate(answerable()):
        question = Question(written.question)
        hits = _candidates(assistant, question)
        right = np.array([written.holds(hit) for hit in hits], dtype=float)
        if right.any() and not right.all():
            kind = "written" if to_learn(written.question) else "kept"
            yield Query(_features(assistant, hits, question), right, WRITTEN_WEIGHT, number % 2, kind)


def _standalone(assistant: Assistant, golden: Golden, text: str) -> Question:
    text, history = assistant.knowledge.finder.repaired(Question(text, golden.history))
    resolved = resolve(text, history, spell_out=assistant.abbreviations.spell_out)
    return Question(resolved.text, as_of=golden.as_of, locality=golden.locality)


def _candidates(assistant: Assistant, question: Question) -> list[Hit]:
    """The hits before ranking, those in force and those of the time asked about."""
    on = question.as_of or assistant.settings.current_day()
    reading = assistant.knowledge.reader.read(question, on)
    found = assistant.knowledge.retriever.candidates(reading, on, LEARNED_FROM)
    return [*found.current, *found.then]


def _features(assistant: Assistant, hits: list[Hit], question: Question) -> np.ndarray:
    ranker = Ranker((0.0,) * len(FEATURES), assistant.extractive.relevance, assistant.index.embedder)
    on = question.as_of or assistant.settings.current_day()
    reading = assistant.knowledge.reader.read(question, on)
    return np.array(ranker.features(hits, reading))


def _fit(queries: list[Query]) -> np.ndarray:
    """Listwise softmax: the right passages together should take all the mass. Plain gradient steps, L2."""
    w = np.zeros(len(FEATURES))
    ridge = np.array([RIDGE / 20 if name in RARE else RIDGE for name in FEATURES])
    w[0] = 3.0
    total = sum(q.weight for q in queries)
    speed = np.zeros_like(w)
    for _ in range(400):
        gradient = ridge * w
        for q in queries:
            scores = q.features @ w
            p = np.exp(scores - scores.max())
            p /= p.sum()
            target = p * q.right
            target /= target.sum()
            gradient += q.weight / total * (q.features.T @ (p - target))
        speed = 0.9 * speed + gradient
        w -= 0.5 * speed
    return w


def _first(queries: list[Query], weights: np.ndarray | None) -> float:
    """The share of questions whose first passage is right."""
    if not queries:
        return float("nan")
    return float(
        np.mean([q.right[np.argmax(q.features[:, 0] if weights is None else q.features @ weights)] for q in queries])
    )


if __name__ == "__main__":
    main()
