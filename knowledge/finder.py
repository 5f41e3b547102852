"""A question in its conversation, found: typing slips mended, a follow-up resolved, and the readings that it may have
weighed against each other by how likely each finds its answer."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain

from knowledge.abbreviations import Abbreviations
from knowledge.by_day import ByDay, about
from knowledge.confidence import (
    STORY,
    Confidence,
    features,
    is_the_place_named,
    looked_at,
    of_an_unknown_instrument,
    of_another_country,
    of_story,
)
from knowledge.conversation import Resolved, going_back, is_small_talk, resolve
from knowledge.embedding import StaticEmbedder
from knowledge.figure_asked import LEVEL, figure_asked, figure_shown
from knowledge.follow_up import BESIDE, Asked, FollowUps
from knowledge.index import PassageIndex
from knowledge.measures import MEASURED
from knowledge.question import QuestionReading, Reader, asking_parts, last_asked
from knowledge.rank import Ranker
from knowledge.references import asks_of_an_instrument, asks_which_instrument, read_references
from knowledge.retrieve import Found, Retriever, best_first, within_programme
from knowledge.same_question import as_asked, is_approved
from knowledge.succession import asks_succession
from knowledge.text import fold
from knowledge.types import Hit, Question
from knowledge.typing_slips import repair

# So many passages of papers are looked at for the figure that is asked for, and what the odds count for without it.
_SHOWN_BY, _WITHOUT_FIGURE = 2, 0.15
_NAMED_BY = 2  # so many passages are looked at for the instrument of which it is asked what became of it
_LIKENED = 5  # so many are likened to the question by their meaning
_OF_THEN = re.compile(r"\b(?:hoi|luc|khi|thoi|dot|dao|nam) (?:nam )?(?:do|ay|no|kia|bay gio)\b")
_TURNS = 2  # so many earlier questions are looked at


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
        self.weight, self.words = index.weight, words
        self._follow_ups = FollowUps.load(index.weight, words)
        self._index = index
        self._spell_out = abbreviations.spell_out
        self._ranker = ranker
        self._confidence = confidence
        self._reader, self._retriever, self._by_day = reader, retriever, by_day

    def repaired(self, question: Question) -> tuple[str, tuple[str, ...]]:
        """The question and the earlier ones with typing slips put right, where a greeting ("alo") is none; what says
        that it goes back to an earlier subject is asked after that."""

        def mended(text: str) -> str:
            greets = is_small_talk(text, self._spell_out)
            return text if greets else repair(text, self._index.frequency)

        return going_back(mended(question.text), tuple(map(mended, question.history)))

    def resolved(self, text: str, history: tuple[str, ...]) -> Resolved:
        """A question, already mended, made to stand alone by the earlier ones."""
        return resolve(text, history, spell_out=self._spell_out)

    def answering(self, question: Question, resolved: Resolved, on: date) -> tuple[Found, float]:
        """What was found for a question made to stand alone, and how likely it answers."""
        if not resolved.follows:
            found = self._joined(question, resolved, (), on)
            return found, self.probability(found)
        found, sure = self._follow_ups.choose(*self.readings(question, resolved, on))
        settled = self._settled(found)
        return found, sure if settled is None else settled

    def readings(
        self, question: Question, resolved: Resolved, on: date
    ) -> tuple[Asked, dict[str, Found], dict[str, float], tuple[Hit, ...]]:
        """What each of the readings of a follow-up finds, as `FollowUps.choose` takes it."""
        told = self._told(question, on)
        readings = {"joined": self._joined(question, resolved, told, on)}
        if not self._asks_of_it(question, resolved):
            others = self._others(question, resolved, told, on)
            readings |= {name: found for name, found in others if within_programme(found, resolved.text)}
        sure = {name: self.probability(found) for name, found in readings.items()}
        named = asks_which_instrument(question.text) and bool(told and self._instrument(told[0]))
        asked = Asked(question.text, question.history, resolved.own, bool(resolved.alone), named)
        return asked, readings, sure, told

    def find(self, question: Question, on: date, k: int = 10) -> Found:
        """What is found for a question that stands alone."""
        return self.retrieved(self._of_story(self._reader.read(question, on), on), on, k)

    def retrieved(self, reading: QuestionReading, on: date, k: int = 10) -> Found:
        """The same for a question that was read already: with today's rule beside an earlier one, and what people
        approved for this very question alone."""
        found = self._retriever.retrieve(reading, on, k)
        if found.then and not reading.time.event and (now := self._reader.today_s(reading, on)):
            found = self._retriever.with_today(found, now, k)
        return as_asked(found, self.weight, self._spell_out)

    def probability(self, found: Found) -> float:
        """How likely it is that what was found answers the question."""
        settled = self._settled(found)
        if settled is not None:
            return settled
        tells = len(found.reading.terms) >= STORY
        judge = self._confidence.probability_of_story if tells else self._confidence.probability
        sure = judge(self.features_of_story(found) if tells else self.features(found))
        if _lacks_the_figure(found):
            sure = _of_odds(_WITHOUT_FIGURE * _odds(sure))
        return sure if tells or sure >= self._confidence.sure else max(sure, self._by_last_clause(found, sure))

    def features(self, found: Found) -> list[float]:
        """What the confidence is judged by."""
        vector = self._index.embedder.questions([found.reading.search])[0]
        snapshot = self._index.snapshot
        near = (hit.passage.id for hit in looked_at(found, _LIKENED))
        rows = [snapshot.row[passage] for passage in near if passage in snapshot.row]
        cosine = float((snapshot.vectors[rows] @ vector).max()) if rows else 0.0
        return features(found, self._ranker, self.weight, cosine, self.words)

    def features_of_story(self, found: Found) -> list[float]:
        """What the confidence is judged by where a message tells a story."""
        parts = [self.features(self._by_part(found, part)) for part in asking_parts(found.reading.text)]
        return of_story(self.features(found), parts)

    # -- within ----------------------------------------------------------------------------------------------------

    def _by_last_clause(self, found: Found, sure: float) -> float:
        """How likely the same passages answer by the whole question and by the clause with which it asks, their odds'
        geometric mean: an answer need not tell the story before it."""
        clause = last_asked(found.reading.text)
        if clause is None:
            return sure
        by_clause = self._confidence.probability(self.features(self._by_part(found, clause)))
        return _of_odds(math.sqrt(_odds(sure) * _odds(by_clause)))

    def _by_part(self, found: Found, part: str) -> Found:
        """The same passages, as found for a part of the question."""
        return replace(found, reading=self._reader.read(replace(found.reading.question, text=part), found.on))

    def _settled(self, found: Found) -> float | None:
        """How likely an answer is where nothing need be judged: sure when people approved it for this very question,
        the register knows, or it is the very place that is named, none when that is about another country, or rests on
        an instrument, or asks what became of one, that nothing tells of."""
        if is_approved(found) or self._by_day.tell(found) or is_the_place_named(found):
            return 1.0
        if (
            (of_another_country(found) and self._asks_abroad(found))
            or of_an_unknown_instrument(found)
            or _untold_succession(found)
        ):
            return 0.0
        return None

    def _of_story(self, reading: QuestionReading, on: date) -> QuestionReading:
        """A reading in which the time of a story is that of an event, unless the part that asks names it or refers to
        it ("hồi đó")."""
        if len(reading.terms) < STORY or reading.time.period is None or reading.time.event:
            return reading
        parts = asking_parts(reading.text)
        named = (self._reader.read(replace(reading.question, text=part), on).time for part in parts)
        if not parts or any(_OF_THEN.search(fold(part)) for part in parts) or any(time.period for time in named):
            return reading
        return replace(reading, time=replace(reading.time, event=True))

    def _asks_abroad(self, found: Found) -> bool:
        """Whether a question asks of another country: a story may only mention where the daughter has been."""
        parts = asking_parts(found.reading.text) if len(found.reading.terms) >= STORY else ()
        return not parts or any(self._by_part(found, part).reading.abroad for part in parts)

    def _told(self, question: Question, on: date) -> tuple[Hit, ...]:
        """The passages that answered the last questions before this one, each resolved by those before it; the last
        first."""
        *earlier, last = question.history[-_TURNS:]
        before = replace(question, text=last, history=tuple(earlier))
        resolved = self.resolved(last, before.history)
        told = self._told(before, on) if resolved.follows else ()
        found, _ = self.answering(before, resolved, on)
        return (*best_first(found)[:1], *told)

    def _joined(self, question: Question, resolved: Resolved, told: tuple[Hit, ...], on: date) -> Found:
        """What is found for a question resolved by its history, among the rest what is near to what was told."""
        reading = self._reader.read(
            replace(question, text=resolved.text), on, asks=resolved.asks, subject=resolved.subject
        )
        pages = tuple(dict.fromkeys(hit.document.id for hit in told))
        around = (self._index.store.around(hit.passage, BESIDE) for hit in told if hit.is_paper)
        beside = tuple(dict.fromkeys(passage.id for passage in chain.from_iterable(around)))
        return self.retrieved(replace(self._of_story(reading, on), pages=pages, beside=beside), on)

    def _others(
        self, question: Question, resolved: Resolved, told: tuple[Hit, ...], on: date
    ) -> Iterator[tuple[str, Found]]:
        """What else a follow-up may mean: the question by itself; one on what the last answer was about, or on the
        instrument that it names, where that is asked about; or one on what was asked before the last question, as "cấp
        xong dùng mấy năm" is after one on trademarks and one on lawyers."""
        yield "alone", self.find(question, on)
        if told:
            named = self._instrument(told[0]) if asks_of_an_instrument(question.text) else ""
            subject = named or told[0].passage.heading.rstrip("?")
            text = f"{question.text.strip().rstrip('?')} ({subject})"
            yield "told", self._joined(question, replace(resolved, text=text, subject=subject), told, on)
        if len(question.history) > 1:
            longer = replace(question, history=question.history[:-1])
            earlier = self.resolved(longer.text, longer.history)
            if earlier.follows:
                yield "earlier", self._joined(longer, earlier, told[1:], on)

    def _asks_of_it(self, question: Question, resolved: Resolved) -> bool:
        """Whether a follow-up asks when an instrument was signed or holds and names none: it means the one that was
        asked about."""
        named = (read_references(text, self._reader.registry).found for text in (question.text, resolved.subject))
        now, before = (any(reference.key for reference in found) for found in named)
        return before and not now and asks_of_an_instrument(question.text)

    def _instrument(self, hit: Hit) -> str:
        """The instrument that a passage names first; empty where it names none."""
        registry = self._reader.registry
        named = (reference.key for reference in read_references(hit.passage.text, registry).found if reference.key)
        return next((f"{found.kind} {found.number}" for found in map(registry.get, named) if found), "")


def _untold_succession(found: Found) -> bool:
    """Whether a question asks what replaced or amended an instrument, and none of the first passages names it."""
    asked = asks_succession(found.reading)
    first = replace(found, current=found.current[:_NAMED_BY], then=found.then[:_NAMED_BY])
    return asked is not None and about(first, {asked[0]}) is None


def _lacks_the_figure(found: Found) -> bool:
    """Whether a question asks for a sum, a term or a share, and the papers' passages found first show none."""
    first, asked = best_first(found)[:_SHOWN_BY], figure_asked(found.reading.search)
    if asked not in (*MEASURED, LEVEL) or not first or not first[0].is_paper:
        return False
    return not any(figure_shown(asked, hit.passage.text) for hit in first)


def _odds(probability: float) -> float:
    return probability / max(1 - probability, 1e-6)


def _of_odds(odds: float) -> float:
    return odds / (1 + odds)
