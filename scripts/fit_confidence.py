"""Fit the trees by which the assistant judges whether it can answer: `python scripts/fit_confidence.py --data
../shared/data` (ten to fifteen minutes on two cores).

Positive: golden questions of the dev half that the handbook answers, its own ways of asking while they are held out of
the index, and, when the right passage is found, questions and long messages written for this (written.py) and questions
of retrieval sets over their own corpus. Negative: golden questions to be refused, such questions and long messages
written for this, citizens' questions on other matters (train/questions_only) and questions of the retrieval sets over
the handbook, and over one another's corpora; half of these without diacritics. Both: questions on the papers of `real/`
in one store with the handbook (paper_questions.tsv) and on invented ones in another (invented_paper_questions.tsv),
positive where a passage that answers is among the first found, negative where none is found or none exists, and the
golden questions of the dev half asked in the first. The threshold is the one under which so many answerable golden
questions are refused by trees that have not seen them; `sure` the one under which so many are answered with a word of
doubt. Stories are judged by trees of their own, which alone learn from the long messages. Writes
knowledge/data/confidence.json and prints, for each group, the share answered and the share answered without doubt, by
trees fitted on the other folds, and the share answered with the whole group held out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from boosted import as_json, as_numbers
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]
from train_paper_ranker import houses
from written import OnPapers, answerable, long_messages, near_misses, unanswerable

from ingest.chunk import chunk
from ingest.handbook import pages
from ingest.markdown import read_markdown
from knowledge.assistant import Assistant, open_assistant
from knowledge.confidence import AGAINST, DATA, FEATURES, FOR, OF_STORY, STORY, Confidence, of_story
from knowledge.conversation import resolve
from knowledge.evaluate import load_golden
from knowledge.retrieve import Found
from knowledge.settings import load_settings
from knowledge.text import fold
from knowledge.trees import rounded
from knowledge.types import Document, Passage, Question

GOLDEN = Path(__file__).parent.parent / "tests" / "golden"
FALSE_REFUSALS = 0.01  # of answerable questions, at most
DOUBTED = 0.045  # of them refused or answered with a word of doubt
FOLDS = 5
# Sets of which no question is on a matter of the papers.
OFF_PAPERS = ("mlqa_vi_dev", "uit_regulations", "vicov19qa", "vire_vimedaqa")
HOUSES = ("papers", "invented")  # what stands beside the handbook: the papers of real/, invented ones
LONG = {"long-answerable": 4.0, "handbook<-long": 6.0}  # the stories, of which the trees for questions see none
LOOKED_AT = 2  # passages among which one must answer a question on papers
# Corpora over which questions of another set must be refused; each is asked its own questions too.
CORPORA = {"alqac2022": "vire_vimedaqa", "mlqa_vi_dev": "alqac2022", "uit_regulations": "mlqa_vi_dev"}


@dataclass(frozen=True)
class Row:
    """The features of one question, as those of a story, whether it has an answer, where it comes from, and whether it
    tells a story."""

    values: list[float]
    answerable: bool
    group: str
    text: str
    is_story: bool


def main() -> None:
    """Collect, fit, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds retrieval/ and train/")
    parser.add_argument("--per-set", type=int, default=120, help="questions taken from each retrieval set")
    chosen = parser.parse_args()
    random.seed(7)
    rows = collect(chosen.data, chosen.per_set)
    report(rows)


def collect(data: Path, per_set: int) -> list[Row]:
    """Every question asked of its knowledge."""
    sets = {folder.name: _load_set(folder) for folder in sorted((data / "retrieval").iterdir()) if folder.is_dir()}
    rows: list[Row] = []

    def ask(assistant: Assistant, question: Question, answerable: bool, group: str) -> None:
        rows.append(_row(assistant, _found(assistant, question), answerable, group, question.text))

    def half_folded(texts: list[str]) -> list[Question]:
        return [Question(fold(text) if number % 2 else text) for number, text in enumerate(texts)]

    with tempfile.TemporaryDirectory() as scratch:
        assistant, held = _without_one_way(Path(scratch, "handbook"), 0)
        for golden in load_golden(GOLDEN, "dev"):
            if golden.expect in ("answered", "abstained"):
                question = Question(golden.question, golden.history, golden.as_of, golden.locality)
                for text in sorted({golden.question, fold(golden.question)}):
                    group = f"golden-{golden.expect}"
                    ask(assistant, replace(question, text=text), golden.expect == "answered", group)
        for question in half_folded([way for way, _ in random.sample(held, 4 * per_set)]):
            ask(assistant, question, True, "handbook<-ways")
        for question in half_folded(random.sample(_citizens(data), 5 * per_set)):
            ask(assistant, question, False, "handbook<-citizens")
        for text in unanswerable():
            ask(assistant, Question(text), False, "handbook<-written")
        for text in near_misses():
            ask(assistant, Question(text), False, "handbook<-written-near")
        for written, group in (
            *((one, "written-answerable") for one in answerable()),
            *((one, "long-answerable") for one in long_messages() if one.headings),
        ):
            found = assistant.search(written.question)
            if any(written.holds(hit) for hit in (*found.then[:1], *found.current[:3])):
                rows.append(_row(assistant, found, True, group, written.question))
        for one in long_messages():
            if not one.headings:
                ask(assistant, Question(one.question), False, "handbook<-long")
        for name, (_, questions) in sets.items():
            for question in half_folded([text for text, _ in random.sample(questions, per_set)]):
                ask(assistant, question, False, f"handbook<-{name}")
        assistant.close()
        others = [text for name in OFF_PAPERS for text, _ in random.sample(sets[name][1], per_set)]
        for kind, (house, asked) in zip(HOUSES, houses(Path(scratch), data), strict=True):
            rows += _in_a_house(house, asked, kind)
            for question in half_folded(others):
                ask(house, question, False, f"{kind}<-others")
        for name, other in CORPORA.items():
            own = _corpus_assistant(Path(scratch, name), sets[name][0])
            for text, right in random.sample(sets[name][1], per_set):
                found = own.search(text)
                if any(hit.passage.document_id in right for hit in found.current[:3]):
                    rows.append(_row(own, found, True, f"{name}<-own", text))
            for text, _ in random.sample(sets[other][1], per_set):
                ask(own, Question(text), False, f"{name}<-other")
            own.close()
    return rows


def _in_a_house(house: Assistant, asked: Sequence[OnPapers], kind: str) -> Iterator[Row]:
    """The questions on papers in their own store, those that must be refused there, and the handbook's in the first."""

    def row(question: Question, answerable: bool, group: str) -> Row:
        return _row(house, _found(house, question), answerable, f"{kind}<-{group}", question.text)

    for golden in load_golden(GOLDEN, "dev") if kind == HOUSES[0] else ():
        if golden.expect in ("answered", "abstained"):
            question = Question(golden.question, golden.history, golden.as_of, golden.locality)
            yield row(question, golden.expect == "answered", f"golden-{golden.expect}")
    for text in unanswerable()[HOUSES.index(kind) :: len(HOUSES)]:
        yield row(Question(text), False, "unanswerable")
    for one in asked:
        question = Question(one.question, one.history)
        found = _found(house, question)
        right = any(map(one.letters, (*found.then[:1], *found.current[:LOOKED_AT])))
        if right or not any(map(one.letters, (*found.then, *found.current))):
            yield row(question, right, "answered" if right else "missed" if one.is_answered else "near")


def _without_one_way(folder: Path, number: int) -> tuple[Assistant, list[tuple[str, Passage]]]:
    """An assistant over the handbook in which each passage lacks one of its ways of asking, and those ways.

    `number` chooses which: the same number always the same ones.
    """
    chance = random.Random(number)
    settings = load_settings(data_dir=folder)
    assistant = open_assistant(settings)
    held = []
    for page in pages():
        passages = chunk(page.document, read_markdown(page.path.read_text(encoding="utf-8")))
        kept = []
        for passage in passages:
            ways = passage.hints.split("\n") if passage.hints else []
            if ways:
                way = ways.pop(chance.randrange(len(ways)))
                passage = replace(passage, hints="\n".join(ways))
                held.append((way, passage))
            kept.append(passage)
        assistant.store.replace(page.document, kept, assistant.index.embedder.passages)
    assistant.close()
    return open_assistant(settings), held


def _citizens(data: Path) -> list[str]:
    with gzip.open(data / "train" / "questions_only.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [text for line in lines if len(text := json.loads(line)["text"]) <= 900]


def _share_of(group: str) -> float:
    """How much a group counts within its label: people's own questions to the handbook most, what other corpora are
    asked in vain least."""
    house, _, kind = group.partition("<-")
    if house in HOUSES:
        return 2.0 if kind.startswith("golden") else 4.0
    if group in LONG:
        return LONG[group]
    if "written" in group:
        return 4.0 if group.endswith("near") else 8.0
    if group.endswith("<-own"):
        return 3.0
    return 4.0 if group.startswith("golden") else 1.0 if group.startswith("handbook") else 0.8


def _row(assistant: Assistant, found: Found, answerable: bool, group: str, text: str) -> Row:
    finder, tells = assistant.knowledge.finder, len(found.reading.terms) >= STORY
    values = finder.features_of_story(found) if tells else finder.features(found)
    return Row(values if tells else of_story(values, [values]), answerable, group, text, tells)


def _found(assistant: Assistant, question: Question) -> Found:
    resolved = resolve(question.text, question.history, spell_out=assistant.abbreviations.spell_out)
    return assistant.search(resolved.text, as_of=question.as_of, locality=question.locality)


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


def report(rows: list[Row]) -> None:
    """Cross-validate, hold each foreign group out, fit on all, write."""
    groups = np.array([row.group for row in rows])
    # A question and its form without diacritics are in one fold.
    folds = np.array([zlib.crc32(fold(row.text).encode()) % FOLDS for row in rows])
    golden = groups == "golden-answered"
    crossed = np.zeros(len(rows))
    for part in range(FOLDS):
        crossed[folds == part] = _fitted(rows, folds != part)(rows, folds == part)
    threshold, sure = (float(np.quantile(crossed[golden], share)) for share in (FALSE_REFUSALS, DOUBTED))
    print(f"{'group':28}{'questions':>10}{'answered':>10}{'no doubt':>10}{'group held out':>16}")
    for group in sorted(set(groups)):
        mine = groups == group
        line = f"{group:28}{mine.sum():>10}"
        line += "".join(f"{np.mean(crossed[mine] >= least):>10.3f}" for least in (threshold, sure))
        if group.startswith("handbook<-") and group != "handbook<-ways":
            line += f"{np.mean(_held_out(rows, groups, folds, group)):>16.3f}"
        print(line, flush=True)
    every = np.ones(len(rows), dtype=bool)
    models = [_boosted(rows, every, features) for features in (FEATURES, OF_STORY)]
    trees, stories = map(as_numbers, models, (FEATURES, OF_STORY))
    DATA.write_text(as_json({"threshold": threshold, "sure": sure} | trees | {"stories": stories}), encoding="utf-8")
    written = Confidence.load()
    for model, features, asked in zip(
        models, (FEATURES, OF_STORY), (written.probability, written.probability_of_story), strict=True
    ):
        values = [row.values[: len(features)] for row in rows]
        expected = model.predict_proba(rounded(values))[:, 1]
        assert np.allclose([asked(row) for row in values], expected, atol=1e-3)


def _held_out(rows: list[Row], groups: Any, folds: Any, group: str) -> npt.NDArray[np.bool_]:
    """Which questions of a group are answered by trees that saw none of its kind, at a threshold found without it."""
    golden = groups == "golden-answered"
    mine = groups == group
    answered, foreign = np.zeros(len(rows)), np.zeros(len(rows))
    for part in range(3):
        test = golden & (folds % 3 == part)
        model = _fitted(rows, ~mine & ~test)
        answered[test] = model(rows, test)
        foreign[mine] += model(rows, mine) / 3
    return np.asarray(foreign[mine] >= np.quantile(answered[golden], FALSE_REFUSALS))


def _fitted(rows: list[Row], which: npt.NDArray[np.bool_]) -> Any:
    """How likely some rows have an answer, by the trees for questions or those for stories, fitted on the others."""
    models = [_boosted(rows, which, features) for features in (FEATURES, OF_STORY)]

    def likely(rows: list[Row], test: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        mine = [row for row, take in zip(rows, test, strict=True) if take]
        values, tells = rounded([row.values for row in mine]), np.array([row.is_story for row in mine])
        plain, story = (model.predict_proba(values[:, : model.n_features_in_])[:, 1] for model in models)
        return np.asarray(np.where(tells, story, plain))

    return likely


def _boosted(rows: list[Row], which: npt.NDArray[np.bool_], features: Sequence[str]) -> HistGradientBoostingClassifier:
    """Trees on some rows, those for questions without the long messages: each label counts half, each group by its
    share."""
    mine = [
        row for row, take in zip(rows, which, strict=True) if take and (features is OF_STORY or row.group not in LONG)
    ]
    labels = np.array([row.answerable for row in mine])
    weight = np.zeros(len(mine))
    for group in {row.group for row in mine}:
        members = np.array([row.group == group for row in mine])
        weight[members] = _share_of(group) / members.sum()
    for label in (False, True):
        weight[labels == label] /= weight[labels == label].sum()
    model = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=150,
        max_leaf_nodes=12,
        min_samples_leaf=20,
        l2_regularization=1.0,
        monotonic_cst=[_sign(name.removeprefix("part_")) for name in features],
    )
    return model.fit(rounded([row.values[: len(features)] for row in mine]), labels, sample_weight=weight * len(mine))


def _sign(name: str) -> int:
    return 1 if name in FOR else -1 if name in AGAINST else 0


if __name__ == "__main__":
    main()
