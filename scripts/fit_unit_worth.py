"""Fit the trees that choose an answer's lines: `python scripts/fit_unit_worth.py` (two minutes on two cores).

Reads `chosen_lines.tsv` (see written.py), finds each question's sections again, and leaves out those whose text has
changed since they were judged. Prints, for trees that have not seen the question, how often the first line is one that
a reader would read first, and what an answer from the first section holds that is stray and lacks that is needed,
beside the best unit by its words and the whole section. Writes knowledge/data/unit_worth.json.
"""

from __future__ import annotations

import argparse
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
from written import Judged, chosen_lines

from ingest.sync import Sync
from knowledge.assistant import Assistant, open_assistant
from knowledge.settings import load_settings
from knowledge.text import fold
from knowledge.trees import Values
from knowledge.types import Question
from knowledge.unit_choice import NEEDED
from knowledge.unit_worth import DATA, FEATURES

FOLDS = 8
JUDGED = "Llnus"
THRESHOLDS = (0.1, NEEDED, 0.2, 0.3)
WIDTHS = (12, 12, 14, 12)


@dataclass(frozen=True)
class Row:
    """A question's sections: features (n, f) and letters of the judged units, and the number of each unit's section."""

    part: int
    features: Values
    letters: str
    section: tuple[int, ...]
    words: Values  # what `Relevance` gives each unit


def main() -> None:
    """Collect, cross-validate, fit on all, write."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        assistant = open_assistant(load_settings(data_dir=Path(scratch)))
        Sync(assistant).handbook()
        judged = chosen_lines()
        rows = [row for text, sections in judged.items() if (row := _row(assistant, text, sections))]
        assistant.close()
    print(f"{len(rows)} questions of {len(judged)}; the others' sections have changed or are no longer found first")
    worth: list[Values] = [np.zeros(0)] * len(rows)
    for part in range(FOLDS):
        lead, needed = _fitted([row for row in rows if row.part != part])
        for n, row in enumerate(rows):
            if row.part == part:
                models = (lead, needed)
                worth[n] = np.column_stack([model.predict_proba(row.features)[:, 1] for model in models])
    print(f"{'':32}{'first right':>12}{'some stray':>12}{'some lacking':>14}{'just right':>12}")
    _tell("whole, in order", [(row, _mine(row)) for row in rows])
    _tell("whole, best by words first", [(row, _led(row, row.words, row.words, -np.inf)) for row in rows])
    for least in THRESHOLDS:
        led = [_led(row, w[:, 0], w[:, 1], least) for row, w in zip(rows, worth, strict=True)]
        _tell(f"trees, needed at {least}", list(zip(rows, led, strict=True)))
    lead, needed = _fitted(rows)
    data = {"lead": as_numbers(lead, FEATURES), "needed": as_numbers(needed, FEATURES)}
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
    kept = [(n, m) for n, own in enumerate(letters) for m, letter in enumerate(own) if letter in JUDGED]
    words = composer.relevance.scores(hits[0], found.reading)
    return Row(
        zlib.crc32(fold(text).encode()) % FOLDS,
        np.array([tables[n][m] for n, m in kept]),
        "".join(letters[n][m] for n, m in kept),
        tuple(n for n, _ in kept),
        np.array([words[m] if n == 0 else 0.0 for n, m in kept]),
    )


def _fitted(rows: Sequence[Row]) -> tuple[Any, Any]:
    """Trees for the line to read first, and for those that are needed."""
    features = np.concatenate([row.features for row in rows])
    letters = np.array(list("".join(row.letters for row in rows)))
    return _boosted(features, np.isin(letters, ["L", "l"])), _boosted(features, np.isin(letters, ["L", "l", "n"]))


def _boosted(features: Values, labels: npt.NDArray[np.bool_]) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(
        learning_rate=0.06, max_iter=150, max_leaf_nodes=8, min_samples_leaf=20, l2_regularization=5.0
    )
    return model.fit(features, labels)


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
