"""A question in its conversation, found: typing slips mended, a follow-up resolved, and the readings that it may have
weighed against each other by how likely each finds its answer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain

from knowledge.abbreviations import Abbreviations
from knowledge.by_day import ByDay
from knowledge.confidence import (
    Confidence,
    features,
    is_the_place_named,
    of_an_unknown_instrument,
    of_another_country,
    own_words_held,
)
from knowledge.conversation import Resolved, is_small_talk, resolve
from knowledge.embedding import StaticEmbedder
from knowledge.figure_asked import figure_asked, figure_shown
from knowledge.index import PassageIndex
from knowledge.measures import MEASURED
from knowledge.question import QuestionReading, Reader, last_asked
from knowledge.rank import Ranker
from knowledge.references import asks_of_an_instrument, asks_which_instrument, read_references
from knowledge.relevance import alike
from knowledge.retrieve import Found, Retriever, best_first, within_programme
from knowledge.same_question import as_asked, is_approved
from knowledge.types import Hit, Question
from knowledge.typing_slips import repair

# By how much surer (in odds) a short question must be by itself than with the subject before it, to be a new subject.
_CHANGED = 2.5
# The same for a follow-up on what the last answer was about, in the words of its heading and not of the asker; on the
# instrument that it names, where that is asked about.
_OF_ANSWER, _OF_INSTRUMENT = 4.0, 1.5
# What a passage counts for that was told before and names the instrument that is asked for now.
_HOLDS_IT = 2.5
# How much of what its own words tell a section of the same page must hold, where the subject has not changed.
_GOES_ON = 0.65
# How much of what a follow-up's own words tell its best passage must hold, and what the odds count for where it does
# not.
_OWN_HELD, _UNHELD = 0.35, 0.15
# So many passages of papers are looked at for the figure that is asked for, and what the odds count for without it.
_SHOWN_BY, _WITHOUT_FIGURE = 2, 0.15
# So many earlier questions are looked at; how alike another page's section is asked for to count whole in a follow-up,
# and the least that it counts for.
_TURNS, _NEAR, _FAR = 2, 0.4, 0.3
_BESIDE = 8  # so many passages before and after one of a paper are on its matter
_OF_A_PAPER = 0.4  # far from the clause that was told
_ELSEWHERE = 0.15  # of the handbook after a paper, or of a paper after the handbook


class Finder:
    """Finds for one state of the register; holds no state of its own. `words` likens the question's words to those of a
    passage, whatever model finds the passages."""

    def __init__(
        self,
        index: PassageIndex,
        abbreviations: Abbreviations,
        ranker: Ranker,
        confidence: Confidence,
        reader: Reader,
        retriever: Retriever,
        by_day: ByDay,
        words: StaticEmbedder,
    ) -> None:
        self._index = index
        self._spell_out = abbreviations.spell_out
        self._ranker = ranker
        self._confidence = confidence
        self._reader, self._retriever, self._by_day = reader, retriever, by_day
        self._words = words

    def repaired(self, question: Question) -> tuple[str, tuple[str, ...]]:
        """The question and the earlier ones with typing slips put right; a greeting ("alo") is none."""

        def mended(text: str) -> str:
            greets = is_small_talk(text, self._spell_out)
            return text if greets else repair(text, self._index.frequency)

        return mended(question.text), tuple(map(mended, question.history))

    def resolved(self, text: str, history: tuple[str, ...]) -> Resolved:
        """A question, already mended, made to stand alone by the earlier ones."""
        return resolve(text, history, spell_out=self._spell_out)

    def answering(self, question: Question, resolved: Resolved, on: date) -> tuple[Found, float]:
        """What was found for a question made to stand alone, and how likely it answers."""
        return self._among(question, resolved, self._told(question, on) if resolved.subject else (), on)

    def find(self, question: Question, on: date, k: int = 10) -> Found:
        """What is found for a question that stands alone."""
        return self.retrieved(self._reader.read(question, on), on, k)

    def retrieved(self, reading: QuestionReading, on: date, k: int = 10) -> Found:
        """The same for a question that was read already: with today's rule beside an earlier one, and what people
        approved for this very question alone."""
        found = self._retriever.retrieve(reading, on, k)
        if found.then and not reading.time.event and (now := self._reader.today_s(reading, on)):
            found = self._retriever.with_today(found, now, k)
        return as_asked(found, self._index.weight, self._spell_out)

    def probability(self, found: Found) -> float:
        """How likely it is that what was found answers the question: surely when people approved it for this very
        question, the register knows, or it is the very place that is named, not at all when that is about another
        country or rests on an instrument that nothing tells of."""
        if is_approved(found) or self._by_day.tell(found) or is_the_place_named(found):
            return 1.0
        if of_another_country(found) or of_an_unknown_instrument(found):
            return 0.0
        sure = self._confidence.probability(self.features(found))
        if _lacks_the_figure(found):
            sure = _of_odds(_WITHOUT_FIGURE * _odds(sure))
        if not found.reading.before:
            return sure if sure >= self._confidence.sure else max(sure, self._by_last_clause(found, sure))
        if self._own_held(found) >= _OWN_HELD:
            return sure
        return _of_odds(_UNHELD * _odds(sure))  # what the earlier question said is held, not what is asked now

    def features(self, found: Found) -> list[float]:
        """What the confidence is judged by."""
        vector = self._index.embedder.questions([found.reading.search])[0]
        hits: tuple[Hit, ...] = found.then[:1] + found.current[:5]
        snapshot = self._index.snapshot
        rows = [snapshot.row[hit.passage.id] for hit in hits if hit.passage.id in snapshot.row]
        cosine = float((snapshot.vectors[rows] @ vector).max()) if rows else 0.0
        return features(found, self._ranker, self._index.weight, cosine, self._words)

    # -- within ----------------------------------------------------------------------------------------------------

    def _by_last_clause(self, found: Found, sure: float) -> float:
        """How likely the same passages answer by the whole question and by the clause with which it asks, their odds'
        geometric mean: an answer need not tell the story before it."""
        clause = last_asked(found.reading.text)
        if clause is None:
            return sure
        reading = self._reader.read(replace(found.reading.question, text=clause), found.on)
        by_clause = self._confidence.probability(self.features(replace(found, reading=reading)))
        return _of_odds(math.sqrt(_odds(sure) * _odds(by_clause)))

    def _told(self, question: Question, on: date) -> tuple[Hit, ...]:
        """The passages that answered the last questions before this one, each resolved by those before it; the last
        first."""
        *earlier, last = question.history[-_TURNS:] or ("",)
        if not last:
            return ()
        before = replace(question, text=last, history=tuple(earlier))
        resolved = self.resolved(last, before.history)
        told = self._told(before, on) if resolved.subject else ()
        found, _ = self._among(before, resolved, told, on)
        return (*best_first(found)[:1], *told)

    def _among(self, question: Question, resolved: Resolved, told: tuple[Hit, ...], on: date) -> tuple[Found, float]:
        """The likeliest of the readings of a question, after those passages were told."""
        found = self._as_follow_up(question, resolved, told, on)
        sure = self.probability(found)
        goes_on = sure >= self._confidence.threshold and self._goes_on(told, found)
        resolved = replace(resolved, alone="") if goes_on or self._asks_of_it(question, resolved) else resolved
        for other, factor in self._other_readings(question, resolved, told, found, on):
            likely = self.probability(other) if within_programme(other, resolved.text) else 0.0
            if factor * _odds(likely) >= _odds(sure):
                found, sure = other, likely
        return found, sure

    def _as_follow_up(self, question: Question, resolved: Resolved, told: tuple[Hit, ...], on: date) -> Found:
        """What was found for a question resolved by its history: what is near in matter to what answered the questions
        before goes first, and there is less of that itself, unless it holds the very figure that is asked for now."""
        reading = self._reader.read(
            replace(question, text=resolved.text), on, asks=resolved.asks, subject=resolved.subject
        )
        if not told:
            return self.retrieved(reading, on)
        pages = tuple(dict.fromkeys(hit.document.id for hit in told))
        again = {hit.passage.id: self._again(question.text, resolved, hit) for hit in told}

        def counts(hit: Hit) -> float:
            return _nearness(told, hit, self._words) * again.get(hit.passage.id, 1.0)

        around = (self._index.store.around(hit.passage, _BESIDE) for hit in told if hit.is_paper)
        beside = tuple(dict.fromkeys(passage.id for passage in chain.from_iterable(around)))
        return self.retrieved(replace(reading, pages=pages, beside=beside), on).weighed(counts)

    def _other_readings(
        self, question: Question, resolved: Resolved, told: tuple[Hit, ...], first: Found, on: date
    ) -> Iterator[tuple[Found, float]]:
        """What else a follow-up may mean, and what the odds of each count for: the question by itself, which changes
        the subject, so less where its answer is far from what was told; one on what the last answer was about; or one
        on what was asked before the last question, as "cấp xong dùng mấy năm" is after one on trademarks and one on
        lawyers."""
        if resolved.alone:
            found = self.find(replace(question, text=resolved.alone), on)
            near = (_nearness(told, hit, self._words) for hit in best_first(found)[:1] if told)
            # What would only be told again is no rival.
            yield found, 1.0 if _repeats(told, first) else next(near, 1.0) / _CHANGED
        if told:
            named = self._instrument(told[0]) if asks_of_an_instrument(question.text) else ""
            subject = named or told[0].passage.heading.rstrip("?")
            text = resolved.text.replace(f"({resolved.subject})", f"({subject})")
            found = self._as_follow_up(question, replace(resolved, text=text, subject=subject), told, on)
            if not _repeats(told, found) and self._own_held(found) >= self._own_held(first):
                yield found, 1 / (_OF_INSTRUMENT if named else _OF_ANSWER)
        if resolved.subject and len(question.history) > 1:
            longer = replace(question, history=question.history[:-1])
            earlier = self.resolved(longer.text, longer.history)
            if earlier.subject:
                yield self._as_follow_up(longer, earlier, told[1:], on), 1 / _CHANGED

    def _goes_on(self, told: tuple[Hit, ...], found: Found) -> bool:
        """Whether what was found for a follow-up is of a page that was told from and holds the follow-up's words."""
        best = best_first(found)[:1]
        of_a_page = any(hit.document.id == one.document.id for hit in best for one in told)
        return of_a_page and not _repeats(told, found) and self._own_held(found) >= _GOES_ON

    def _asks_of_it(self, question: Question, resolved: Resolved) -> bool:
        """Whether a follow-up asks when an instrument was signed or holds and names none: it means the one that was
        asked about."""
        named = (read_references(text, self._reader.registry).found for text in (question.text, resolved.subject))
        now, before = (any(reference.key for reference in found) for found in named)
        return before and not now and asks_of_an_instrument(question.text)

    def _again(self, question: str, resolved: Resolved, told: Hit) -> float:
        """What a passage counts for that was told before: less, unless it holds the figure or the instrument that is
        asked for now."""
        if asks_which_instrument(question):
            return _HOLDS_IT if self._instrument(told) else resolved.told_before
        asked = figure_asked(resolved.asks)
        return 1.0 if asked is not None and figure_shown(asked, told.passage.text) else resolved.told_before

    def _instrument(self, hit: Hit) -> str:
        """The instrument that a passage names first; empty where it names none."""
        registry = self._reader.registry
        named = (reference.key for reference in read_references(hit.passage.text, registry).found if reference.key)
        return next((f"{found.kind} {found.number}" for found in map(registry.get, named) if found), "")

    def _own_held(self, found: Found) -> float:
        return own_words_held(found, self._index.weight)


def _lacks_the_figure(found: Found) -> bool:
    """Whether a question asks for a sum, a term or a share, and the papers' passages found first show none."""
    first, asked = best_first(found)[:_SHOWN_BY], figure_asked(found.reading.search)
    if asked not in MEASURED or not first or not first[0].is_paper:
        return False
    return not any(figure_shown(asked, hit.passage.text) for hit in first)


def _repeats(told: tuple[Hit, ...], found: Found) -> bool:
    """Whether the best of what was found was told already."""
    return any(hit.passage.id == one.passage.id for hit in best_first(found)[:1] for one in told)


def _nearness(told: tuple[Hit, ...], hit: Hit, words: StaticEmbedder) -> float:
    """What a passage counts for in a follow-up: most where it is of a page that was told from or is asked for alike."""
    same = [one for one in told if one.document.id == hit.document.id]
    if same:
        beside = any(abs(one.passage.order - hit.passage.order) <= _BESIDE for one in same)
        return 1.0 if beside or not hit.is_paper else _OF_A_PAPER
    if hit.is_paper != told[0].is_paper:
        return _ELSEWHERE
    return min(1.0, max(_FAR, max(alike(one, hit, words) for one in told) / _NEAR))


def _odds(probability: float) -> float:
    return probability / max(1 - probability, 1e-6)


def _of_odds(odds: float) -> float:
    return odds / (1 + odds)
