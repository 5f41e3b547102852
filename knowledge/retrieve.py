"""Finding passages: words and meaning fused, then judged by time, place and what the question refers to.

Both engines are asked without filters and over-fetch; standing is judged here, from the register. Where a date or a
place leaves too few candidates, exact search over the allowed rows fills in.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

import numpy as np

from knowledge.dates import TimeReading, told_time
from knowledge.fusion import fuse
from knowledge.index import PassageIndex
from knowledge.places import NATIONAL
from knowledge.programmes import programme_named, programmes
from knowledge.question import QuestionReading, asks_standing
from knowledge.rank import AROUND, DEPTH, Ranker, share_of_best
from knowledge.references import Reference, forms, product_set
from knowledge.snapshot import Scored, Snapshot
from knowledge.types import Hit, Standing
from knowledge.validity import Validity, Windows

CANDIDATES = 100
# Of the passages nearest by meaning, and of the papers' among them, so many are ranked, whatever the words say.
BY_MEANING, PAPERS_BY_MEANING = 8, 16
_ENOUGH = 5
AS_GOOD = 0.9  # of two passages' scores, when neither is clearly what was asked for
# A named place in a named instrument is what was asked for, whatever the words say.
_EXACT_PLACE, _INSTRUMENT, _PLACE = 2.0, 0.25, 0.5
# In a follow-up, so many sections of each page that was told from count so much more.
_OF_A_PAGE, _SAME_PAGE = 5, 0.25
# A local policy met without the question naming the place: it may be told of, as local, behind national rules.
_UNASKED_LOCALITY = 0.6
_OTHER_SET, _ANY_SET = 0.6, 0.6
_SHEET = 0.2  # a score sheet's page, for a question of labels and names
_OTHER_FORM, _NOT_ONE_FORM = 0.2, 0.4
# Odds at which today's passage alone is told where no time is asked about, and where the heading of the earlier rule
# that fits better names its own time ("Năm 2023 ai công nhận …?").
_ONLY_EARLIER, _OF_ITS_TIME = 0.2, 0.02
# A passage whose heading is about another time than the question: "Năm 2024 …?" for one of 2025, or of no time.
_OTHER_TIME, _SOME_TIME = 0.2, 0.3
# Of the two programmes a page tells of the one that the question does not name, or that the questions before did not.
_OTHER_PROGRAMME, _OTHER_THAN_BEFORE = 0.2, 0.5
_OTHER_LAW = 0.05  # for a question that names a law by its title; and that law's own opening
# So many earlier passages are looked at where a question names no time: one may be all there is to tell.
_EARLIER_UNASKED = 5
# Meaning is searched beside words: both engines are Rust, which leaves Python's lock to the other.
_BESIDE = ThreadPoolExecutor(thread_name_prefix="dense")


@dataclass(frozen=True)
class Found:
    """What retrieval hands on: `current` holds on the day asked about (or is undated), `then` held in the period
    that the question names, by the instrument that it names, or just before today's rule; both best first."""

    reading: QuestionReading
    on: date
    current: tuple[Hit, ...]
    then: tuple[Hit, ...] = ()
    timings: dict[str, float] = field(default_factory=dict)

    def scored(self, score: Callable[[Hit], float]) -> Found:
        """The same with another score for each passage, best first."""

        def ordered(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
            anew = (replace(hit, score=score(hit)) for hit in hits)
            return tuple(sorted(anew, key=lambda hit: (-hit.score, hit.passage.id)))

        return replace(self, current=ordered(self.current), then=ordered(self.then))


def best_first(found: Found) -> list[Hit]:
    """All that was found, whatever its time, best first."""
    return sorted((*found.then, *found.current), key=lambda hit: -hit.score)


class Retriever:
    """Searches one index for one question after another; holds no state of its own."""

    def __init__(self, index: PassageIndex, validity: Validity, ranker: Ranker | None = None) -> None:
        self.index = index
        self.validity = validity
        self.ranker = ranker

    def retrieve(self, reading: QuestionReading, on: date, k: int = 10) -> Found:
        """The k best passages for a question, parted by whether they hold on the day `on`."""
        if self.ranker is None:
            return self.candidates(reading, on, k, by_meaning=False)
        clock = time.perf_counter()
        found = self._ranked(self.ranker, self.candidates(reading, on, max(k, DEPTH)), k)
        if self._unasked(reading, on):
            found = _earlier_only_alone(found)
        return replace(found, timings=found.timings | {"retrieve_ms": (time.perf_counter() - clock) * 1000})

    def candidates(self, reading: QuestionReading, on: date, depth: int = DEPTH, by_meaning: bool = True) -> Found:
        """What the ranker puts in order: the best of words and meaning joined, and what is nearest by meaning alone: a
        paper says in its own words what people ask for in theirs. Parted by whether it holds on the day `on`."""
        clock = time.perf_counter()
        snapshot = self.index.snapshot
        vector = self.index.embedder.questions([reading.search])[0]
        embedded = time.perf_counter()
        near = _BESIDE.submit(self.index.dense, vector, CANDIDATES)
        lexical = self.index.lexical(reading.search, CANDIDATES)
        searched = time.perf_counter()
        dense = near.result()
        # Passages that came in while this question was asked are the next question's.
        scores = {i: score for i, score in fuse(lexical, dense) if i in snapshot.row}
        references = (*reading.references.found, *(Reference("", f"B{number}") for number in reading.sets[:2]))
        for row, bonus in (*self._referred(snapshot, references), *_of_pages(snapshot, reading, vector)):
            scores[row] = scores.get(row, 0.0) + bonus
        judged = self._judge(snapshot, scores, reading, on)
        current = [c for c in judged if c.standing in (Standing.IN_FORCE, Standing.UNKNOWN)]
        if len(current) < _ENOUGH:
            allowed = self._rows(snapshot, lambda w: self.validity.in_force(w, on), reading.locality)
            current = self._fill(snapshot, current, vector, allowed, reading, on)
        ended, unasked = self._ended(reading, on), self._unasked(reading, on)
        then = [] if unasked and reading.time.now else self._then(snapshot, judged, vector, reading, on, ended)
        earlier = self._hits(snapshot, then, vector, min(depth, _EARLIER_UNASKED) if unasked else depth)
        alike = _nearest(snapshot, dense) if by_meaning else frozenset()
        best = self._hits(snapshot, current, vector, depth)
        told = {hit.passage.text for hit in best}
        further = self._hits(snapshot, [c for c in current[depth:] if c.id in alike], vector, len(alike))
        best += tuple(hit for hit in further if hit.passage.text not in told)
        timings = {
            "embed_ms": (embedded - clock) * 1000,
            "lexical_ms": (searched - embedded) * 1000,
            "retrieve_ms": (time.perf_counter() - clock) * 1000,
        }
        return Found(reading, on, best, earlier, timings)

    def with_today(self, found: Found, asked: QuestionReading, k: int = 10) -> Found:
        """What holds today beside an earlier rule, by the question `asked` of today's rules: the words "năm 2022" or
        "QĐ 148" find pages that tell of those, not the rule that took their place. Scores stay shares of the best
        earlier passage's, which stays the one that was asked for. Where a current passage is as good by the question as
        it is, nothing changes."""
        first = found.current[0].score if found.current else 0.0
        if self.ranker is None or not found.then or first >= AS_GOOD * found.then[0].score:
            return found
        now = self.retrieve(asked, found.on, k).current
        then, *shares = share_of_best(self.ranker.logits((found.then[0], *now), asked))
        below = AS_GOOD * found.then[0].score - 1e-6
        scores = [min(share / then * found.then[0].score, below) for share in shares]
        current = tuple(replace(hit, score=score) for hit, score in zip(now, scores, strict=True))
        return replace(found, current=current)

    # -- within ----------------------------------------------------------------------------------------------------

    def _ranked(self, ranker: Ranker, found: Found, k: int) -> Found:
        """The same hits in the ranker's order, their scores odds against the best."""
        hits = (*found.current, *found.then)
        shares = share_of_best(ranker.logits(hits, found.reading))
        size = len(found.current)
        for n, hit in enumerate(hits):
            shares[n] *= _matter_factor(hit, found.reading)
            shares[n] *= _time_factor(hit, found.reading.time, found.on) if n < size else 1.0
        best = max(shares, default=1.0)
        scored = [replace(hit, score=share / best) for hit, share in zip(hits, shares, strict=True)]

        def ordered(part: list[Hit]) -> tuple[Hit, ...]:
            return tuple(sorted(part, key=lambda hit: (-hit.score, hit.passage.id))[:k])

        return replace(found, current=ordered(scored[:size]), then=ordered(scored[size:]))

    def _judge(
        self, snapshot: Snapshot, scores: dict[str, float], reading: QuestionReading, on: date
    ) -> list[_Candidate]:
        named = _named(reading)
        asked_forms = forms(reference.locator for reference in reading.references.found)
        found = []
        for passage_id, score in scores.items():
            ground = snapshot.grounds[snapshot.row[passage_id]]
            locality = snapshot.documents[ground.document_id].locality
            if locality not in (NATIONAL, reading.locality):
                if reading.locality:
                    continue
                score *= _UNASKED_LOCALITY
            score *= _set_factor(ground.product_set, reading.sets) * _form_factor(ground.forms, asked_forms)
            windows = self.validity.windows(ground, snapshot.documents)
            standing = self.validity.standing(windows, on)
            # An instrument named by number overrides time: its own text is what was asked for.
            asked = bool(named) and snapshot.documents[ground.document_id].instrument in named
            found.append(_Candidate(passage_id, score, Standing.UNKNOWN if asked else standing, standing, windows))
        return sorted(found, key=lambda c: (-c.score, c.id))

    def _then(
        self,
        snapshot: Snapshot,
        judged: list[_Candidate],
        vector: np.ndarray,
        reading: QuestionReading,
        on: date,
        ended: set[str],
    ) -> list[_Candidate]:
        period = reading.time.period
        if period is None:
            earlier = [c for c in judged if c.real == Standing.EARLIER]
            if not ended:
                return earlier
            told = {snapshot.ids[row] for key in ended for row in snapshot.cited.get(key, [])}
            return [c for c in earlier if c.id in told]
        if period.end.year > on.year:  # a term that has begun ("2026–2030") is told of by the rules made for it
            return []

        def held(windows: Windows | None) -> bool:
            return self.validity.held_in(windows, period) and not self.validity.in_force(windows, on)

        then = [c for c in judged if held(c.windows)]
        if len(then) < _ENOUGH:
            then = self._fill(snapshot, then, vector, self._rows(snapshot, held, reading.locality), reading, on)
        return then

    def _ended(self, reading: QuestionReading, on: date) -> set[str]:
        """The instruments that a question names which no longer hold; none where it asks about now, unless about
        themselves."""
        named = () if reading.time.now and not asks_standing(reading) else _named(reading)
        return {key for key in named if self.validity.registry.standing(key, on) == Standing.EARLIER}

    def _unasked(self, reading: QuestionReading, on: date) -> bool:
        """Whether a question names no time, no earlier rule and no instrument that no longer holds."""
        return reading.time.period is None and not reading.time.previous and not self._ended(reading, on)

    def _rows(self, snapshot: Snapshot, allow: Callable[[Windows | None], bool], locality: str | None) -> np.ndarray:
        numbers, grounds = snapshot.kinds
        flags = np.array(
            [
                snapshot.documents[ground.document_id].locality in (NATIONAL, locality)
                and allow(self.validity.windows(ground, snapshot.documents))
                for ground in grounds
            ],
            dtype=bool,
        )
        return flags[numbers] if len(numbers) else np.zeros(0, dtype=bool)

    def _fill(
        self,
        snapshot: Snapshot,
        have: list[_Candidate],
        vector: np.ndarray,
        allowed: np.ndarray,
        reading: QuestionReading,
        on: date,
    ) -> list[_Candidate]:
        if not allowed.any():
            return have
        known = {candidate.id for candidate in have}
        more = [(i, s) for i, s in snapshot.exact(vector, CANDIDATES // 4, allowed) if i not in known]
        lexical, rows = self.index.lexical(reading.search, 5 * CANDIDATES), snapshot.row
        scores = {i: s for i, s in fuse(lexical, more) if i not in known and i in rows and allowed[rows[i]]}
        return have + self._judge(snapshot, scores, reading, on)

    def _referred(self, snapshot: Snapshot, references: tuple[Reference, ...]) -> Iterable[tuple[str, float]]:
        bonus: dict[str, float] = {}
        for reference in references:
            names = [name for name in (reference.key, *reference.locator.split()) if name]
            for row in snapshot.cited.get(reference.key or names[-1], []):
                places = snapshot.grounds[row].places
                if reference.locator and any(reference.covers(*place) for place in places):
                    # The more of a passage speaks of the place, the better: a page about it before a summary of all.
                    share = sum(reference.covers(*place) for place in places) / len(places)
                    gain = (_EXACT_PLACE if reference.key else _PLACE) * (0.6 + 0.4 * share)
                elif reference.key:
                    gain = _INSTRUMENT
                else:
                    continue
                passage_id = snapshot.ids[row]
                bonus[passage_id] = max(bonus.get(passage_id, 0.0), gain)
        return bonus.items()

    def _hits(self, snapshot: Snapshot, candidates: list[_Candidate], vector: np.ndarray, k: int) -> tuple[Hit, ...]:
        hits: list[Hit] = []
        seen: set[str] = set()
        for start in (0, k):  # the further ones are read only where some say the same
            chosen = candidates[start : start + k] if len(hits) < k else []
            passages = self.index.passages([c.id for c in chosen])
            for candidate in chosen:
                passage = passages.get(candidate.id)
                row = snapshot.row[candidate.id]
                document = snapshot.documents[snapshot.grounds[row].document_id]
                if passage is None or passage.text in seen:
                    continue
                seen.add(passage.text)
                past = self.validity.told_of(passage)
                alike = float(snapshot.vectors[row] @ vector)
                windows = candidate.windows or ()
                hits.append(Hit(passage, document, candidate.score, candidate.real, windows, past, alike))
        return tuple(hits[:k])


def _nearest(snapshot: Snapshot, dense: Scored) -> frozenset[str]:
    """The passages nearest by meaning, and the nearest of papers: sections in people's own words stand before them."""
    known = [passage for passage, _ in dense if passage in snapshot.row]
    papers = [i for i in known if snapshot.documents[snapshot.grounds[snapshot.row[i]].document_id].is_paper]
    return frozenset((*known[:BY_MEANING], *papers[:PAPERS_BY_MEANING]))


def _of_pages(snapshot: Snapshot, reading: QuestionReading, vector: np.ndarray) -> Iterable[tuple[str, float]]:
    """What the sections that are most like a follow-up gain, of each page that answered the questions before, and what
    stands about the clauses of papers that did."""
    gained: dict[str, float] = {}
    for page in reading.pages:
        rows = np.array(snapshot.of_document.get(page, ()), dtype=np.int64)
        for n in np.argsort(-(snapshot.vectors[rows] @ vector), kind="stable")[:_OF_A_PAGE]:
            gained[snapshot.ids[rows[n]]] = _SAME_PAGE
    gained.update(dict.fromkeys((passage for passage in reading.beside if passage in snapshot.row), _SAME_PAGE))
    return gained.items()


def _earlier_only_alone(found: Found) -> Found:
    """Without the earlier rules of a question that names no time, unless nothing that holds answers it nearly as well:
    then the rule that was is all there is to tell."""
    best = found.then[0] if found.then else None
    if best is None:
        return found
    least = _OF_ITS_TIME if told_time(best.passage.heading, found.on)[0] else _ONLY_EARLIER
    told = found.current and found.current[0].score > least * best.score
    return replace(found, then=()) if told else found


def _time_factor(hit: Hit, asked: TimeReading, on: date) -> float:
    """How far a passage that holds steps back because its heading is about another time than the one asked about."""
    if asked.event or asked.previous:
        return 1.0
    (told, now), period = told_time(hit.passage.heading, on), asked.period
    if told is None:
        held = period is None or any(window.contains(period.start) for window in hit.windows)
        return _OTHER_TIME if now and not held else 1.0
    if period is None:
        return 1.0 if told.end >= on else _OTHER_TIME if asked.now else _SOME_TIME
    return 1.0 if told.start <= period.end and period.start <= told.end else _OTHER_TIME


def _matter_factor(hit: Hit, reading: QuestionReading) -> float:
    """How far a passage steps back that is about the other programme or another law, or a score sheet's where a label
    is meant."""
    factor = 1.0
    if named := programme_named(reading.search):
        factor = 1.0 if named in programmes(hit) else _OTHER_PROGRAMME
    elif before := next(filter(None, map(programme_named, reversed(reading.question.history))), ""):
        factor = 1.0 if before in programmes(hit) else _OTHER_THAN_BEFORE
    if reading.packed and not reading.sets and product_set(source.locator for source in hit.passage.sources):
        factor *= _SHEET
    if not reading.locality and hit.document.locality != NATIONAL:
        factor *= _UNASKED_LOCALITY
    of_it = not reading.laws.isdisjoint(source.key for source in hit.passage.sources)
    if reading.laws and (not of_it or hit.passage.heading in AROUND):
        factor *= _OTHER_LAW
    return factor


def within_programme(found: Found, text: str) -> bool:
    """Whether the best of what was found is about the programme that a text names, if it names one of the two."""
    best = max((*found.then[:1], *found.current[:1]), key=lambda hit: hit.score, default=None)
    named = programme_named(text)
    return best is None or not named or named in programmes(best)


def _named(reading: QuestionReading) -> set[str]:
    """The instruments that a question names."""
    return {reference.key for reference in reading.references.found if reference.key}


class _Candidate(NamedTuple):
    id: str
    score: float
    standing: Standing  # as it counts for this question
    real: Standing
    windows: Windows | None


def _set_factor(told: frozenset[int], asked: tuple[int, ...]) -> float:
    """How far a page of one product set steps back: another product's sheet must not answer, nor any single sheet a
    question about all products."""
    if not told:
        return 1.0
    return 1.0 if told <= set(asked) else _OTHER_SET if asked else _ANY_SET


def _form_factor(told: frozenset[str], asked: frozenset[str]) -> float:
    """How far a passage on another form than the one asked for steps back: all are asked for in the same words."""
    if not asked or (told and told <= asked):
        return 1.0
    return _OTHER_FORM if told and not told & asked else _NOT_ONE_FORM
