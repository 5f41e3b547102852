"""Fit the trees that choose among the readings of a follow-up: `python scripts/fit_follow_ups.py --data ../shared/data`
(a quarter of an hour on two cores).

Conversations in which a reader marked the sections that answer (follow_ups.tsv, paper_questions.tsv,
invented_paper_questions.tsv), in a store with the handbook alone and in those with papers beside it; and, so that a
change of subject is noticed, questions with a known section asked after others that have nothing to do with it, and
such without an answer. Each passage that a reading finds first is a row. Prints how often the passage chosen answers,
by trees that have not seen the conversation, beside the first of each reading, and writes
knowledge/data/follow_up.json, with what the trees' odds count for so that so many right answers are refused. Run after
fit_confidence.py.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from boosted import as_json, as_numbers
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]
from train_paper_ranker import houses, led_by
from written import OnPapers, chosen_lines, follow_ups, near_misses, unanswerable

from ingest.sync import Sync
from knowledge.assistant import Assistant, open_assistant
from knowledge.follow_up import DATA, FEATURES, READINGS, candidates_of, odds_of
from knowledge.settings import load_settings
from knowledge.trees import rounded
from knowledge.types import Hit, Question

FOLDS = 8
CHANGES, UNANSWERABLE = 350, 250  # conversations put together
FALSE_REFUSALS = 0.024  # of follow-ups whose passage is right, at most
ON_PAPERS = 0.2  # of those on papers, told under the higher limit of papers alone
# How much each kind of conversation counts, whatever its number.
SHARES = {"follow-ups": 3.0, "changes": 1.0, "unanswerable": 0.8, "on papers": 1.0}
MORE = tuple(  # of which more never tells against a passage
    name
    for name in FEATURES
    if name.startswith(("score_", "sure_", "meaning", "way_fit"))
    or name in ("held", "held_of_all", "near", "programme")
)
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Talk:
    """A question in its conversation: a row for each passage found, which of them answer, and its kind."""

    features: Values
    right: npt.NDArray[np.bool_]
    kind: str
    fold: int

    def is_paper(self, passage: int) -> bool:
        """Whether a passage is a paper's."""
        return bool(self.features[passage, FEATURES.index("paper")])


def main() -> None:
    """Collect, cross-validate, fit on all, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds real/")
    chosen = parser.parse_args()
    random.seed(11)
    with tempfile.TemporaryDirectory() as scratch:
        assistant = open_assistant(load_settings(data_dir=Path(scratch, "handbook")))
        Sync(assistant).handbook()
        talks = list(_talks(assistant))
        limits = assistant.confidence
        assistant.close()
        for number, (house, asked) in enumerate(houses(Path(scratch), chosen.data)):
            talks += [*(_talks(house) if number == 0 else ()), *_on_papers(house, asked)]
    likely: list[Values] = [np.zeros(0)] * len(talks)
    for fold in range(FOLDS):
        model = _fitted([talk for talk in talks if talk.fold != fold])
        for n, talk in enumerate(talks):
            if talk.fold == fold:
                likely[n] = np.array(odds_of(model.predict_proba(talk.features)[:, 1], talk.features))
    kept = list(zip(talks, likely, strict=True))
    for kind in SHARES:
        _tell(kind, [(talk, one) for talk, one in kept if talk.kind == kind])
    factors = {
        name: _factor(kept, papers=papers, refused=refused, limit=limit)
        for name, papers, refused, limit in (
            ("factor", False, FALSE_REFUSALS, limits.threshold),
            ("of_papers", True, ON_PAPERS, limits.sure),
        )
    }
    data = factors | as_numbers(_fitted(talks), FEATURES)
    DATA.write_text(as_json(data), encoding="utf-8")


def _factor(kept: Sequence[tuple[Talk, Values]], *, papers: bool, refused: float, limit: float) -> float:
    """What the odds count for, so that this share of the right passages, of papers or of the handbook, lies under the
    limit. Prints what is told above it."""
    told = [(talk, int(odds.argmax()), float(odds.max())) for talk, odds in kept]
    told = [one for one in told if one[0].kind != "changes" and one[0].is_paper(one[1]) == papers]
    right = sorted(odds for talk, passage, odds in told if talk.right[passage])
    least = right[int(refused * len(right))]
    shares = []
    for name, chosen in (
        ("right", [odds for talk, passage, odds in told if talk.right[passage]]),
        ("another", [odds for talk, passage, odds in told if talk.right.any() and not talk.right[passage]]),
        ("without an answer", [odds for talk, passage, odds in told if not talk.right.any()]),
    ):
        shares.append(f"{name} {np.mean(np.array(chosen) >= least):.3f} of {len(chosen)}")
    print(f"{'papers' if papers else 'handbook'}, odds {least:.3f}: told {', '.join(shares)}")
    return round(limit / (1 - limit) / least, 4)


def _talks(assistant: Assistant) -> Iterator[Talk]:
    for one in follow_ups():
        yield from _talk(assistant, Question(one.question, one.history), one.answers, "follow-ups")
    known = chosen_lines()
    others, left = list(known), CHANGES
    for text in random.sample(others, len(others)):
        before = random.choice(others)
        if left and known[before][0].page != known[text][0].page:
            found = list(_talk(assistant, Question(text, (before,)), partial(led_by, known[text]), "changes"))
            left -= len(found)
            yield from found
    left = UNANSWERABLE
    texts = unanswerable() + near_misses()
    for text in random.sample(texts, len(texts)):
        if left:
            asked = Question(text, (random.choice(texts if left % 2 else others),))
            found = list(_talk(assistant, asked, lambda hit: False, "unanswerable"))
            left -= len(found)
            yield from found


def _on_papers(assistant: Assistant, every: Sequence[OnPapers]) -> Iterator[Talk]:
    for one in every:
        before, kind = random.choice(every), "changes" if one.is_answered else "unanswerable"
        if one.history:
            kind = "on papers" if one.is_answered else "unanswerable"
            yield from _talk(assistant, Question(one.question, one.history), one.letters, kind)
        elif before.file != one.file:
            yield from _talk(assistant, Question(one.question, (before.question,)), one.letters, kind)


def _talk(assistant: Assistant, question: Question, answers: Callable[[Hit], object], kind: str) -> Iterator[Talk]:
    """A conversation's last question; none where it does not lean on those before it."""
    finder = assistant.knowledge.finder
    text, history = finder.repaired(question)
    resolved = finder.resolved(text, history)
    if resolved.clarify or not resolved.follows:
        return
    asked = replace(question, text=text, history=history)
    readings = finder.readings(asked, resolved, assistant.settings.current_day())
    candidates = list(candidates_of(*readings, finder.weight, finder.words).values())
    right = np.array([bool(answers(one.hit)) for one in candidates])
    if candidates and (right.any() or kind != "changes"):
        fold = zlib.crc32(question.history[0].encode()) % FOLDS
        yield Talk(rounded([one.values for one in candidates]), right, kind, fold)


def _fitted(talks: Sequence[Talk]) -> HistGradientBoostingClassifier:
    """Trees over all rows: each kind of conversation counts by its share."""
    counts = {kind: sum(talk.kind == kind for talk in talks) for kind in SHARES}
    weight = np.concatenate([np.full(len(t.right), SHARES[t.kind] / counts[t.kind]) for t in talks])
    model = HistGradientBoostingClassifier(
        learning_rate=0.06, max_iter=300, max_leaf_nodes=8, min_samples_leaf=20, l2_regularization=2.0,
        monotonic_cst=[int(name in MORE) for name in FEATURES], random_state=0,
    )  # fmt: skip
    features, right = np.concatenate([t.features for t in talks]), np.concatenate([t.right for t in talks])
    return model.fit(features, right, sample_weight=weight / weight.mean())


def _tell(kind: str, talks: Sequence[tuple[Talk, Values]]) -> None:
    answered = [(talk, one) for talk, one in talks if talk.right.any()]
    if not answered:
        return
    firsts = {
        name: np.mean([t.right[t.features[:, n].argmax()] for t, _ in answered]) for n, name in enumerate(READINGS)
    }
    chosen = np.mean([talk.right[one.argmax()] for talk, one in answered])
    each = ", ".join(f"{name} {share:.3f}" for name, share in firsts.items())
    print(f"{kind:14} {len(talks)}, with an answer {len(answered)}: chosen {chosen:.3f}; first of {each}")


if __name__ == "__main__":
    main()
