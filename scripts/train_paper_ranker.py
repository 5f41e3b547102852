"""Learn what a paper's passage is worth beside the handbook's sections: `python scripts/train_paper_ranker.py --data
../shared/data` (seven minutes on two cores, most of them for reading the papers).

The handbook and all papers of `real/` stand in one store, the handbook and the invented papers in another. Questions
are those on the papers (paper_questions.tsv, invented_paper_questions.tsv) and, so that the papers do not take the
handbook's, half of those of chosen_lines.tsv; the handbook's weights stay as they are. Weights and trees are learned
each by themselves; what each counts for, and what all papers do beside the handbook, is set by what they say of files
that they have not seen. Prints, with an eighth of the files held out in turn, how often the first passage answers, and
how often a question on the handbook loses its section to a paper; writes the papers' weights in
knowledge/data/ranker.json and knowledge/data/paper_trees.json.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from pathlib import Path

import numpy as np
import numpy.typing as npt
from boosted import as_json, as_numbers
from scipy.optimize import minimize  # type: ignore[import-untyped]
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]
from written import INVENTED_PAPERS, Judged, OnPapers, chosen_lines, on_invented_papers, on_papers, to_learn

from ingest.sync import Sync
from knowledge.assistant import Assistant, open_assistant
from knowledge.paper_trees import DATA as TREES
from knowledge.paper_trees import MIXED, names, seen
from knowledge.rank import DATA, FEATURES, Ranker
from knowledge.retrieve import best_first
from knowledge.settings import load_settings
from knowledge.trees import rounded
from knowledge.types import Hit, Question

RIDGE = 0.003  # pulls towards the handbook's weights
STEPS = 250
FOLDS = 8
HANDBOOK_WEIGHT = 4.5  # with less, papers take more than some 2 % of the questions on the handbook
HANDBOOK_IN_TREES = 1.5  # the same, of a paper's passage that a question on the handbook finds
# Set where too few questions tell to learn from: a definition that is asked for goes first, another number than the one
# asked for does not.
PRIOR = {"defines": 5.0, "number_missing": -3.0}
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Query:
    """One question's candidates: features (n, f), which are of papers and which answer (n,); the file that it is on,
    empty for the handbook."""

    features: Array
    papers: npt.NDArray[np.bool_]
    right: Array
    file: str
    invented: bool = False  # whether the file is
    kept: bool = False  # for the report


@dataclass(frozen=True)
class Told:
    """What trees and weights say of a question's papers' passages (p,), and the handbook's weights of all (n,)."""

    query: Query
    of_trees: Array
    of_weights: Array
    fit: Array

    def scores(self, mixed: Array) -> Array:
        """One score for each candidate, by what each of `MIXED` counts for."""
        found = self.fit.copy()
        found[self.query.papers] = mixed[0] * self.of_trees + mixed[1] * self.of_weights + mixed[2]
        return found

    def best(self, mixed: Array) -> int:
        """The candidate that goes first."""
        return int(np.argmax(self.scores(mixed)))


def main() -> None:
    """Collect, cross-validate, fit on all, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds real/")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        queries = list[Query]()
        for house, asked in houses(Path(scratch), chosen.data):
            queries += [*_on_papers(house, asked), *(() if queries else _on_the_handbook(house))]
    data = json.loads(DATA.read_text(encoding="utf-8"))
    handbook = np.array([data["handbook"][name] for name in FEATURES])
    learned, kept = [q for q in queries if not q.kept], [q for q in queries if q.kept]
    on_paper = [q for q in learned if q.file]
    print(f"{len(on_paper)} questions on papers, {len(learned) - len(on_paper)} on the handbook, {len(kept)} to report")
    told = list[Told]()
    files = sorted({q.file for q in on_paper})
    for part in range(FOLDS):
        held = [q.file in files[part::FOLDS] if q.file else n % FOLDS == part for n, q in enumerate(learned)]
        weights, trees = _fitted([q for q, out in zip(learned, held, strict=True) if not out], handbook)
        told += [_told(q, handbook, weights, trees) for q, out in zip(learned, held, strict=True) if out]
    mixed = _mixed(told)
    alone = np.array([0.0, 1.0, 0.0])
    for name, how in (("weights alone", alone), ("weights and trees", mixed)):
        _tell(f"papers, file held out, {name}", [t for t in told if t.query.file and not t.query.invented], how)
        _tell(f"invented papers, {name}", [t for t in told if t.query.invented], how)
    weights, trees = _fitted(learned, handbook)
    for name, gain in PRIOR.items():  # what is set is not halved by trees that had too little to learn it from
        n = FEATURES.index(name)
        weights[n] = handbook[n] + gain / mixed[1]
    _tell("questions on the handbook", [_told(q, handbook, weights, trees) for q in kept], mixed)
    data["papers"] = dict(zip(FEATURES, np.round(weights, 3).tolist(), strict=True))
    DATA.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    numbers = dict(zip(MIXED, np.round(mixed, 3).tolist(), strict=True)) | as_numbers(trees, names(FEATURES))
    TREES.write_text(as_json(numbers), encoding="utf-8")


def houses(folder: Path, data: Path) -> Iterator[tuple[Assistant, list[OnPapers]]]:
    """An assistant over the handbook and the papers of `real/`, then one with the invented papers in their place, each
    with the questions on them; each is closed when the next is asked for."""
    for papers, asked in ((data / "real", on_papers()), (INVENTED_PAPERS, on_invented_papers())):
        assistant = _with_papers(folder / papers.name, papers)
        yield assistant, asked
        assistant.close()


def _with_papers(folder: Path, papers: Path) -> Assistant:
    """An assistant over the handbook and the papers of a folder."""
    assistant = open_assistant(load_settings(data_dir=folder))
    sync = Sync(assistant)
    sync.handbook()
    sync.run([papers])
    return assistant


def _on_papers(assistant: Assistant, questions: Sequence[OnPapers]) -> Iterator[Query]:
    for asked in questions:
        if asked.is_answered:
            question = Question(asked.question, asked.history)
            for query in _query(assistant, question, asked.letters, asked.file):
                yield replace(query, invented=bool(asked.lines))


def _on_the_handbook(assistant: Assistant) -> Iterator[Query]:
    for text, sections in chosen_lines().items():
        yield from _query(assistant, Question(text), partial(led_by, sections), "")


def led_by(sections: Sequence[Judged], hit: Hit) -> bool:
    """Whether a hit is a section with a line to read first."""
    return any(section.is_of(hit) and set(section.letters) & set("Ll") for section in sections)


def _query(assistant: Assistant, question: Question, answers: Callable[[Hit], object], file: str) -> Iterator[Query]:
    """A question's candidates before ranking; none where none answers, or all do."""
    finder, on = assistant.knowledge.finder, assistant.settings.current_day()
    text, history = finder.repaired(question)
    resolved = finder.resolved(text, history)
    asked = replace(question, text=resolved.text, history=history)
    reading = assistant.knowledge.reader.read(asked, on, asks=resolved.asks, subject=resolved.subject)
    hits = best_first(assistant.knowledge.retriever.candidates(reading, on))
    right = np.array([bool(answers(hit)) for hit in hits], dtype=float)
    if right.any() and not right.all():
        ranker = Ranker((), assistant.extractive.relevance, assistant.index.embedder)
        papers = np.array([hit.is_paper for hit in hits])
        kept = not file and not to_learn(question.text)
        yield Query(np.array(ranker.features(hits, reading)), papers, right, file, kept=kept)


def _fitted(queries: Sequence[Query], handbook: Array) -> tuple[Array, HistGradientBoostingClassifier]:
    """The weights and the trees that some questions teach."""
    rows = [seen(q.features, q.features @ handbook, q.papers) for q in queries if q.papers.any()]
    right = [q.right[q.papers] for q in queries if q.papers.any()]
    share = [np.full(q.papers.sum(), 1.0 if q.file else HANDBOOK_IN_TREES) for q in queries if q.papers.any()]
    trees = HistGradientBoostingClassifier(
        learning_rate=0.06, max_iter=150, max_leaf_nodes=8, min_samples_leaf=40, l2_regularization=2.0, random_state=0
    )
    trees.fit(rounded(np.concatenate(rows)), np.concatenate(right), sample_weight=np.concatenate(share))
    return _weights(queries, handbook), trees


def _weights(queries: Sequence[Query], handbook: Array) -> Array:
    """Listwise softmax over a question's candidates, the handbook's weights held. Plain gradient steps, L2. The last
    weight learned is the bias of all papers, which is set anew when trees and weights are mixed."""
    start = np.array([*(handbook[n] + PRIOR.get(name, 0.0) for n, name in enumerate(FEATURES)), 0.0])
    sizes = [len(q.right) for q in queries]
    first = [0, *accumulate(sizes)][:-1]
    features = np.concatenate([np.column_stack([q.features, np.ones(len(q.right))]) for q in queries])
    papers, right = np.concatenate([q.papers for q in queries]), np.concatenate([q.right for q in queries])
    weight = np.repeat([1.0 if q.file else HANDBOOK_WEIGHT for q in queries], sizes)
    weight /= sum(1.0 if q.file else HANDBOOK_WEIGHT for q in queries)
    fit = features[:, :-1] @ handbook

    def softmax(scores: Array) -> Array:
        odds = np.exp(scores - np.repeat(np.maximum.reduceat(scores, first), sizes))
        return np.asarray(odds / np.repeat(np.add.reduceat(odds, first), sizes))

    found, speed = start, np.zeros_like(start)
    for _ in range(STEPS):
        scores = np.where(papers, features @ found, fit)
        # What answers, each as likely as it is thought now among those that do.
        wanted = softmax(np.where(right > 0, scores, -np.inf))
        speed = 0.9 * speed + RIDGE * (found - start) + features.T @ ((softmax(scores) - wanted) * papers * weight)
        found = found - 0.3 * speed
    return np.asarray(found[:-1])


def _told(query: Query, handbook: Array, weights: Array, trees: HistGradientBoostingClassifier) -> Told:
    fit = query.features @ handbook
    if not query.papers.any():
        return Told(query, np.zeros(0), np.zeros(0), fit)
    odds = trees.decision_function(rounded(seen(query.features, fit, query.papers)))
    return Told(query, odds, query.features[query.papers] @ weights, fit)


def _mixed(told: Sequence[Told]) -> Array:
    """What trees and weights count for, and the bias of papers: what makes the right passages likeliest."""

    def loss(mixed: Array) -> float:
        total = 0.0
        for one in told:
            odds = np.exp((scores := one.scores(mixed)) - scores.max())
            share = max(float(odds @ one.query.right) / float(odds.sum()), 1e-12)
            total -= (1.0 if one.query.file else HANDBOOK_WEIGHT) * np.log(share)
        return total

    return np.asarray(minimize(loss, [0.8, 0.25, 6.0], method="Nelder-Mead", options={"maxiter": 150}).x)


def _tell(name: str, told: Sequence[Told], mixed: Array) -> None:
    best = [(one.query, one.best(mixed)) for one in told]
    first = np.mean([query.right[n] for query, n in best])
    paper = np.mean([query.papers[n] for query, n in best])
    print(f"{name:44} first right {first:.3f}, a paper's {paper:.3f} of {len(told)}", flush=True)


if __name__ == "__main__":
    main()
