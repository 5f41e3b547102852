"""Fit the trees that choose an answer's lines: `python scripts/fit_unit_worth.py` (two minutes on two cores; with
`--data ../shared/data`, for the papers, ten).

Reads `chosen_lines.tsv` (see written.py), finds each question's sections again, and leaves out those whose text has
changed since they were judged. Prints, for trees that have not seen the question, how often the first line is one that
a reader would read first, and what an answer from the first section holds that is stray and lacks that is needed,
beside the best unit by its words and the whole section. Writes knowledge/data/unit_worth.json.

With `--data` it fits the trees for papers instead, from `paper_questions.tsv`, `invented_paper_questions.tsv` and,
counted less, the handbook's lines; what it prints is of trees that have seen no question on the same file.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from boosted import as_json, as_numbers
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]
from train_paper_ranker import houses
from written import Judged, OnPapers, chosen_lines

from ingest.sync import Sync
from knowledge.assistant import Assistant, open_assistant
from knowledge.retrieve import best_first
from knowledge.settings import load_settings
from knowledge.text import fold
from knowledge.trees import Values, rounded
from knowledge.types import Question
from knowledge.unit_choice import NEEDED
from knowledge.unit_worth import DATA, FEATURES, JUDGED, Worth

FOLDS = 8
LETTERS = "Llnus"
OTHERS = 0.3  # what a line of the handbook counts for beside one of a paper
BESIDE = 3  # further passages that a paper's is compared with
THRESHOLDS = (0.1, NEEDED, 0.2, 0.3)
WIDTHS = (12, 12, 14, 12)


@dataclass(frozen=True)
class Row:
    """A question's sections: features (n, f) and letters of the judged units, and the number of each unit's section."""

    part: int | str  # those of one part are judged by trees that have seen none of it
    features: Values
    letters: str
    section: tuple[int, ...]
    words: Values  # what `Relevance` gives each unit


def main() -> None:
    """Collect, cross-validate, fit on all, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder that holds real/, to fit the trees for papers")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        assistant = open_assistant(load_settings(data_dir=Path(scratch, "handbook")))
        Sync(assistant).handbook()
        judged = chosen_lines()
        rows = [row for text, sections in judged.items() if (row := _row(assistant, text, sections))]
        print(f"{len(rows)} questions of {len(judged)}; the others' sections have changed or are no longer found first")
        others: list[Row] = []
        assistant.close()
        if chosen.data:
            others, rows, count = rows, [], 0
            for house, questions in houses(Path(scratch), chosen.data):
                asked = [one for one in questions if one.is_answered]
                rows += [row for one in asked if (row := _row_on_paper(house, one))]
                count += len(asked)
            print(f"{len(rows)} questions of {count} on papers; of the others the passage is not found")
    worth: list[Values] = [np.zeros(0)] * len(rows)
    for part in sorted({row.part for row in rows}, key=str):
        models = _fitted([row for row in rows if row.part != part], others)
        for n, row in enumerate(rows):
            if row.part == part:
                worth[n] = np.column_stack([model.predict_proba(row.features)[:, 1] for model in models])
    print(f"{'':32}{'first right':>12}{'some stray':>12}{'some lacking':>14}{'just right':>12}")
    _tell("whole, in order", [(row, _mine(row)) for row in rows])
    _tell("whole, best by words first", [(row, _led(row, row.words, row.words, -np.inf)) for row in rows])
    for least in THRESHOLDS:
        led = [_led(row, w[:, 0], w[:, 1], least) for row, w in zip(rows, worth, strict=True)]
        _tell(f"trees, needed at {least}", list(zip(rows, led, strict=True)))
    data = json.loads(DATA.read_text(encoding="utf-8"))
    models = _fitted(rows, others)
    of = JUDGED[1] if chosen.data else JUDGED[0]
    data[of] = {name: as_numbers(model, FEATURES) for name, model in zip(Worth._fields, models, strict=True)}
    DATA.write_text(as_json(data), encoding="utf-8")


def _row(assistant: Assistant, text: str, sections: Sequence[Judged]) -> Row | None:
    """The features of a question's judged sections; none where it is answered from another now."""
    finder, composer = assistant.knowledge.finder, assistant.extractive
    repaired, history = finder.repaired(Question(text))
    question = replace(Question(repaired), history=history)
    found, _ = finder.answering(question, finder.resolved(repaired, history), assistant.settings.current_day())
    if not found.current:
        return None
    hits = composer.looked_at(composer.relevance.best(found.current, found.reading), found)
    letters = ["".join(s.letters for s in sections if s.is_of(hit)) for hit in hits]
    if not letters[0] or not any(letter in "Ll" for own in letters for letter in own):
        return None
    tables = composer.worth.features(hits, found.reading)
    kept = [(n, m) for n, own in enumerate(letters) for m, letter in enumerate(own) if letter in LETTERS]
    words = composer.relevance.scores(hits[0], found.reading)
    return Row(
        zlib.crc32(fold(text).encode()) % FOLDS,
        rounded([tables[n][m] for n, m in kept]),
        "".join(letters[n][m] for n, m in kept),
        tuple(n for n, _ in kept),
        np.array([words[m] if n == 0 else 0.0 for n, m in kept]),
    )


def _row_on_paper(assistant: Assistant, asked: OnPapers) -> Row | None:
    """The features of the passage that answers a question on papers, beside those found with it."""
    finder, composer = assistant.knowledge.finder, assistant.extractive
    text, history = finder.repaired(Question(asked.question, asked.history))
    resolved = finder.resolved(text, history)
    found, _ = finder.answering(Question(text, history), resolved, assistant.settings.current_day())
    hits = best_first(found)
    right = next((hit for hit in hits if "L" in asked.letters(hit)), None)
    if right is None:
        return None
    beside = [hit for hit in hits if hit is not right][:BESIDE]
    letters = asked.letters(right)
    features = composer.worth.features([right, *beside], found.reading)[0]
    words = np.array(composer.relevance.scores(right, found.reading))
    return Row(asked.file, rounded(features), letters, (0,) * len(letters), words)


def _fitted(rows: Sequence[Row], others: Sequence[Row] = ()) -> tuple[Any, Any]:
    """Trees for the line to read first, and for those that are needed; `others` are counted less."""
    every = [*rows, *others]
    features = np.concatenate([row.features for row in every])
    letters = np.array(list("".join(row.letters for row in every)))
    counts = np.repeat([1.0] * len(rows) + [OTHERS] * len(others), [len(row.letters) for row in every])
    lead, needed = np.isin(letters, ["L", "l"]), np.isin(letters, ["L", "l", "n"])
    return _boosted(features, lead, counts), _boosted(features, needed, counts)


def _boosted(features: Values, labels: npt.NDArray[np.bool_], counts: Values) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(
        learning_rate=0.06, max_iter=150, max_leaf_nodes=8, min_samples_leaf=20, l2_regularization=5.0
    )
    return model.fit(features, labels, sample_weight=counts)


def _mine(row: Row) -> list[int]:
    return [n for n, section in enumerate(row.section) if section == 0]


def _led(row: Row, lead: Values, needed: Values, least: float) -> list[int]:
    """The best line first, then what is needed, in order."""
    mine = _mine(row)
    best = max(mine, key=lambda n: lead[n])
    return [best, *(n for n in mine if n != best and needed[n] >= least)]


def _tell(name: str, answers: Sequence[tuple[Row, Sequence[int]]]) -> None:
    counts = np.zeros(4)
    for row, told in answers:
        right = row.letters[told[0]] in "Ll"
        stray = any(row.letters[n] == "s" for n in told)
        lacking = {n for n, letter in enumerate(row.letters) if letter in "Ln"} - set(told)
        if any(row.letters[n] == "l" for n in told):  # it stands in for the one that was given as the first
            lacking = {n for n in lacking if row.letters[n] != "L"}
        counts += (right, stray, bool(lacking), right and not stray and not lacking)
    print(f"{name:32}" + "".join(f"{share:>{w}.3f}" for share, w in zip(counts / len(answers), WIDTHS, strict=True)))


if __name__ == "__main__":
    main()
