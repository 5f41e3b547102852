"""A question in its conversation, found: typing slips mended, a follow-up resolved, and the readings that it may have
weighed against each other by how likely each finds its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from knowledge.abbreviations import Abbreviations
from knowledge.by_day import ByDay
from knowledge.confidence import (
    Confidence,
    features,
    of_an_unknown_instrument,
    of_another_country,
    own_words_held,
)
from knowledge.conversation import Resolved, is_small_talk, resolve
from knowledge.embedding import StaticEmbedder
from knowledge.figure_asked import figure_asked, figure_shown
from knowledge.index import PassageIndex
from knowledge.question import QuestionReading, Reader
from knowledge.rank import Ranker
from knowledge.retrieve import Found, Retriever, within_programme
from knowledge.same_question import as_asked, is_approved
from knowledge.types import Hit, Question
from knowledge.typing_slips import repair

# By how much surer (in odds) a short question must be by itself than with the subject before it, to be a new subject.
_CHANGED = 2.5
# How much of what a follow-up's own words tell its best passage must hold, and what the odds count for where it does
# not.
_OWN_HELD, _UNHELD = 0.35, 0.15


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
        found = self._as_follow_up(question, resolved, on)
        sure = self.probability(found)
        for other in self._other_readings(question, resolved, on):
            likely = self.probability(other) if within_programme(other, resolved.text) else 0.0
            if _odds(likely) >= _CHANGED * _odds(sure):
                found, sure = other, likely
        return found, sure

    def find(self, question: Question, on: date, asks: str = "", k: int = 10, *, subject: str = "") -> Found:
        """What is found for a question that stands alone; `asks` and `subject` as in `Reader.read`."""
        return self.retrieved(self._reader.read(question, on, asks=asks, subject=subject), on, k)

    def retrieved(self, reading: QuestionReading, on: date, k: int = 10) -> Found:
        """The same for a question that was read already: with today's rule beside an earlier one, and what people
        approved for this very question alone."""
        found = self._retriever.retrieve(reading, on, k)
        if found.then and not reading.time.event and (now := self._reader.today_s(reading, on)):
            found = self._retriever.with_today(found, now, k)
        return as_asked(found, self._index.weight, self._spell_out)

    def probability(self, found: Found) -> float:
        """How likely it is that what was found answers the question: surely when people approved it for this very
        question or the register knows, not at all when that is about another country or rests on an instrument that
        nothing tells of."""
        if is_approved(found) or self._by_day.held(found):
            return 1.0
        if of_another_country(found) or of_an_unknown_instrument(found):
            return 0.0
        sure = self._confidence.probability(self.features(found))
        if not found.reading.before or own_words_held(found, self._index.weight) >= _OWN_HELD:
            return sure
        odds = _UNHELD * _odds(sure)  # what the earlier question said is held, not what is asked now
        return odds / (1 + odds)

    def features(self, found: Found) -> list[float]:
        """What the confidence is judged by."""
        vector = self._index.embedder.questions([found.reading.search])[0]
        hits: tuple[Hit, ...] = found.then[:1] + found.current[:5]
        snapshot = self._index.snapshot
        rows = [snapshot.row[hit.passage.id] for hit in hits if hit.passage.id in snapshot.row]
        cosine = float((snapshot.vectors[rows] @ vector).max()) if rows else 0.0
        return features(found, self._ranker, self._index.weight, cosine, self._words)

    # -- within ----------------------------------------------------------------------------------------------------

    def _as_follow_up(self, question: Question, resolved: Resolved, on: date) -> Found:
        """What was found for a question resolved by its history: less of what answered the last one, unless that holds
        the very figure that is asked for now."""
        found = self.find(replace(question, text=resolved.text), on, resolved.asks, subject=resolved.subject)
        history = question.history
        if not history or resolved.told_before == 1:
            return found
        before = self.resolved(history[-1], history[:-1])
        told = best_first(self.find(replace(question, text=before.text, history=()), on, before.asks))[:1]
        if not told or _shows_figure(resolved.asks, told[0]):
            return found
        return found.with_less_of(told[0].passage.id, resolved.told_before)

    def _other_readings(self, question: Question, resolved: Resolved, on: date) -> Iterator[Found]:
        """What else a follow-up may mean: the question by itself, or one on what was asked before the last question,
        as "cấp xong dùng mấy năm" is after one on trademarks and one on lawyers."""
        if resolved.alone:
            yield self.find(replace(question, text=resolved.alone), on, resolved.alone)
        if resolved.subject and len(question.history) > 1:
            longer = replace(question, history=question.history[:-1])
            earlier = self.resolved(longer.text, longer.history)
            if earlier.subject:
                yield self._as_follow_up(longer, earlier, on)


def best_first(found: Found) -> list[Hit]:
    """All that was found, whatever its time, best first."""
    return sorted((*found.then, *found.current), key=lambda hit: -hit.score)


def _shows_figure(asks: str, hit: Hit) -> bool:
    """Whether a passage tells a figure of the unit that a question asks for."""
    asked = figure_asked(asks)
    return asked is not None and figure_shown(asked, hit.passage.text)


def _odds(probability: float) -> float:
    return probability / max(1 - probability, 1e-6)
