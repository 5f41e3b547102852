"""Learn what a paper's passage is worth beside the handbook's sections: `python scripts/train_paper_ranker.py --data
../shared/data` (five minutes on two cores, most of them for reading the papers).

The handbook and all papers of `real/` stand in one store, the handbook and the invented papers in another. Questions
are those on the papers (paper_questions.tsv, invented_paper_questions.tsv) and, so that the papers do not take the
handbook's, half of those of chosen_lines.tsv; the handbook's weights stay as they are. Prints, with an eighth of the
files held out in turn, how often the first passage answers, and how often a question on the handbook loses its section
to a paper; writes the papers' weights in knowledge/data/ranker.json.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from written import INVENTED_PAPERS, Judged, OnPapers, chosen_lines, on_invented_papers, on_papers, to_learn

from ingest.sync import Sync
from knowledge.assistant import Assistant, open_assistant
from knowledge.rank import DATA, FEATURES, WEIGHTS, Ranker
from knowledge.retrieve import best_first
from knowledge.settings import load_settings
from knowledge.types import Hit, Question

RIDGE = 0.003  # pulls towards the handbook's weights
STEPS = 250
FOLDS = 8
HANDBOOK_WEIGHT = 4.5  # with less, papers take more than some 2 % of the questions on the handbook
# Set where too few questions tell to learn from: a definition that is asked for goes first, another number than the one
# asked for does not.
PRIOR = {"defines": 3.0, "number_missing": -3.0}
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Query:
    """One question's candidates: features and a 1 (n, f + 1), which are of papers and which answer (n,); the file that
    it is on, empty for the handbook."""

    features: Array
    papers: npt.NDArray[np.bool_]
    right: Array
    file: str
    invented: bool = False  # whether the file is
    kept: bool = False  # for the report


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
    handbook = np.array([*(data["handbook"][name] for name in FEATURES), 0.0])
    on_paper, kept = [q for q in queries if q.file], [q for q in queries if q.kept]
    learned = [q for q in queries if not q.file and not q.kept]
    print(f"{len(on_paper)} questions on papers, {len(learned)} on the handbook, {len(kept)} more for the report")
    _tell("the handbook's weights", [(q, _best(q, handbook, handbook)) for q in on_paper])
    told: dict[bool, list[tuple[Query, int]]] = {False: [], True: []}
    files = sorted({q.file for q in on_paper})
    for fold in range(FOLDS):
        held = set(files[fold::FOLDS])
        papers = _fit([*(q for q in on_paper if q.file not in held), *learned], handbook)
        for q in on_paper:
            if q.file in held:
                told[q.invented].append((q, _best(q, handbook, papers)))
    _tell("the papers' own, file held out", told[False])
    _tell("invented papers, file held out", told[True])
    papers = _fit([*on_paper, *learned], handbook)
    _tell("questions on the handbook", [(q, _best(q, handbook, papers)) for q in kept])
    data["papers"] = dict(zip(WEIGHTS["papers"], np.round(papers, 3).tolist(), strict=True))
    DATA.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


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
        features = np.column_stack([np.array(ranker.features(hits, reading)), np.ones(len(hits))])
        kept = not file and not to_learn(question.text)
        yield Query(features, np.array([hit.is_paper for hit in hits]), right, file, kept=kept)


def _scores(query: Query, handbook: Array, papers: Array) -> Array:
    return np.where(query.papers, query.features @ papers, query.features @ handbook)


def _best(query: Query, handbook: Array, papers: Array) -> int:
    return int(np.argmax(_scores(query, handbook, papers)))


def _fit(queries: Sequence[Query], handbook: Array) -> Array:
    """Listwise softmax over a question's candidates, the handbook's weights held. Plain gradient steps, L2."""
    start = handbook + np.array([*(PRIOR.get(name, 0.0) for name in FEATURES), 0.0])
    papers, speed = start, np.zeros_like(start)
    weights = [1.0 if query.file else HANDBOOK_WEIGHT for query in queries]
    for _ in range(STEPS):
        gradient = RIDGE * (papers - start)
        for query, weight in zip(queries, weights, strict=True):
            scores = _scores(query, handbook, papers)
            p = np.exp(scores - scores.max())
            p /= p.sum()
            target = p * query.right
            target /= target.sum()
            gradient += weight / sum(weights) * (query.features.T @ ((p - target) * query.papers))
        speed = 0.9 * speed + gradient
        papers = papers - 0.3 * speed
    return papers


def _tell(name: str, told: Sequence[tuple[Query, int]]) -> None:
    first = np.mean([query.right[n] for query, n in told])
    paper = np.mean([query.papers[n] for query, n in told])
    print(f"{name:34} first right {first:.3f}, a paper's {paper:.3f} of {len(told)}")


if __name__ == "__main__":
    main()
