"""One question in, one verified answer out; the doors draw it.

Everything that is held open (database, index, register, composer) is opened once, here, by `open_assistant`.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import permutations

from sqlalchemy import Engine

from knowledge import say
from knowledge.abbreviations import Abbreviations
from knowledge.by_day import ByDay, Told, about, of_rule, rule_only
from knowledge.catalogue import SourceEntry, load_sources
from knowledge.cite import Citer
from knowledge.compose import Composer, Extractive, Statement, render
from knowledge.confidence import (
    Confidence,
    features,
    of_an_unknown_instrument,
    of_another_country,
    own_words_held,
)
from knowledge.conversation import Resolved, is_small_talk, resolve
from knowledge.curated import Curated
from knowledge.database import open_database
from knowledge.deadlines import load_steps
from knowledge.embedding import StaticEmbedder, load_embedder
from knowledge.errors import BadInput
from knowledge.figure_asked import figure_asked, figure_shown
from knowledge.index import PassageIndex
from knowledge.instructions import trusted
from knowledge.overlay import Overlay
from knowledge.places import Places
from knowledge.question import QuestionReading, Reader, two_parts
from knowledge.rank import Ranker
from knowledge.records import Records
from knowledge.registry import Registry
from knowledge.retrieve import Found, Retriever, within_programme
from knowledge.same_question import as_asked, is_approved
from knowledge.settings import Settings
from knowledge.store import Store
from knowledge.text import normalise
from knowledge.types import Answer, Document, Event, Hit, Passage, Question, Turn
from knowledge.typing_slips import repair
from knowledge.validity import Validity
from knowledge.verify import Verifier
from knowledge.working_days import WorkingDays

log = logging.getLogger(__name__)

MAX_QUESTION = 2000
# By how much surer (in odds) a short question must be by itself than with the subject before it, to be a new subject.
_CHANGED = 2.5
# How much of what a follow-up's own words tell its best passage must hold, and what the odds count for where it does
# not.
_OWN_HELD, _UNHELD = 0.35, 0.15
# From which share of the best passage's odds another answers a question as well.
_ANSWERS_BOTH = 0.6
# Of so many of the best passages for a whole question, the pages that may answer its second half.
_PAGES_OF_BOTH = 3


@dataclass(frozen=True)
class Knowledge:
    """What is known at one moment: the register and all that judges by it. Replaced whole when the register changes."""

    registry: Registry
    validity: Validity
    reader: Reader
    retriever: Retriever
    citer: Citer
    verifier: Verifier
    by_day: ByDay


@dataclass(frozen=True)
class _Block:
    """A part of an answer: what it is composed from, what leads it in, and whether only the rule is wanted of it."""

    found: Found
    lead: str = ""
    rule: bool = False


class Assistant:
    """Answers questions; safe to use from several threads."""

    def __init__(self, settings: Settings, engine: Engine, index: PassageIndex, registry: Registry) -> None:
        self.settings = settings
        self.engine = engine
        self.store = index.store
        self.index = index
        self.records = Records(engine)
        self.abbreviations = Abbreviations.load(frequency=index.frequency)
        self.places = Places.load()
        self.catalogue: dict[str, SourceEntry] = load_sources()
        self.confidence = Confidence.load()
        self.extractive = Extractive(index.weight, index.embedder)
        self.ranker = Ranker.load(self.extractive.relevance, index.embedder)
        embedder = index.embedder
        self._words = embedder if isinstance(embedder, StaticEmbedder) else StaticEmbedder()
        self.composer: Composer = self._composer()
        self._steps, self._calendar = load_steps(), WorkingDays.load()
        self.shipped = registry
        self.overlay = Overlay(engine)
        self.curated = Curated(engine)
        self.knowledge = self._know(self.overlay.over(registry))

    @property
    def registry(self) -> Registry:
        """The register in use."""
        return self.knowledge.registry

    def use_registry(self, registry: Registry) -> None:
        """Judge by another state of the register from the next question on."""
        self.knowledge = self._know(registry)

    def judge_anew(self) -> None:
        """Judge by what the office has confirmed until now, from the next question on."""
        self.use_registry(self.overlay.over(self.shipped))

    # -- answering -------------------------------------------------------------------------------------------------

    def ask(self, question: Question, *, session_id: str = "", channel: str = "cli") -> Answer:
        """The drained stream: the answer whole."""
        answer = None
        for event in self.stream(question, session_id=session_id, channel=channel):
            answer = event.answer or answer
        assert answer is not None
        return answer

    def stream(self, question: Question, *, session_id: str = "", channel: str = "cli") -> Iterator[Event]:
        """Events of one answer; the last is `done`. Raises BadInput before the first event, and nothing after it."""
        question = self._checked(question, session_id)
        return self._stream(question, session_id or uuid.uuid4().hex, channel)

    def search(self, text: str, *, k: int = 10, as_of: date | None = None, locality: str | None = None) -> Found:
        """The passages for a question, without an answer."""
        text, _ = self.repaired(Question(text))
        question = self._checked(Question(text, as_of=as_of, locality=locality), "")
        return self._find(question, as_of or self.settings.current_day(), k=k)

    def attempt(self, question: Question) -> tuple[Answer, float]:
        """What would be answered now and how surely, without a turn: nobody is asking."""
        question = self._checked(question, "")
        on = question.as_of or self.settings.current_day()
        events = self._answer(question, uuid.uuid4().hex, on, time.perf_counter())
        answer = next(event.answer for event in events if event.answer is not None)
        text, history = self.repaired(question)
        resolved = resolve(text, history, spell_out=self.abbreviations.spell_out)
        _, sure = self._found(replace(question, text=text, history=history), resolved, on)
        return answer, sure

    def standalone(self, text: str, history: tuple[str, ...]) -> str:
        """A question in words that need no earlier one beside them; as it was typed where it may stand alone."""
        text, history = self.repaired(Question(text, history))
        resolved = resolve(text, history, spell_out=self.abbreviations.spell_out)
        return resolved.alone or resolved.text

    def passage(self, passage_id: str) -> tuple[Passage, Document, str | None, str | None] | None:
        """A passage with its document and the ids before and after it."""
        passage = self.store.passage(passage_id)
        document = self.store.document(passage.document_id) if passage else None
        if passage is None or document is None:
            return None
        return passage, document, *self.store.neighbours(passage)

    def close(self) -> None:
        """Let everything go."""
        self.index.close()
        self.engine.dispose()

    # -- within ----------------------------------------------------------------------------------------------------

    def check_text(self, text: str) -> str:
        """The question's text in normal form; raises BadInput where it is empty or too long."""
        text = normalise(text).strip()
        if not any(c.isalnum() for c in text):
            raise BadInput(say.EMPTY_QUESTION)
        if len(text) > MAX_QUESTION:
            raise BadInput(say.LONG_QUESTION.format(limit=MAX_QUESTION, length=len(text)))
        return text

    def _checked(self, question: Question, session_id: str) -> Question:
        history = question.history
        if not history and session_id:
            history = tuple(turn.question.text for turn in self.records.last(session_id))
        return replace(question, text=self.check_text(question.text), history=history)

    def _stream(self, question: Question, session_id: str, channel: str) -> Iterator[Event]:
        clock = time.perf_counter()
        answer_id = uuid.uuid4().hex
        today = self.settings.current_day()
        on = question.as_of or today
        answer = None
        try:
            for event in self._answer(question, answer_id, on, clock):
                if event.answer is None:
                    yield event
                answer = event.answer or answer
        except Exception:
            log.exception("answering failed")
        if answer is None:
            answer = Answer(answer_id, "abstained", say.FAILED, as_of=on)
        answer = replace(answer, timings=answer.timings | {"total_ms": (time.perf_counter() - clock) * 1000})
        try:
            self.records.save(Turn(session_id, question, answer, channel, datetime.now(UTC)))
        except Exception:
            log.exception("the turn could not be written down")
        yield Event("done", answer=answer)

    def _answer(self, question: Question, answer_id: str, on: date, clock: float) -> Iterator[Event]:
        knowledge = self.knowledge
        yield Event("status", say.SEARCHING)
        text, history = self.repaired(question)
        resolved = resolve(text, history, spell_out=self.abbreviations.spell_out)
        if resolved.clarify:
            text, choices = resolved.clarify
            yield Event("done", answer=Answer(answer_id, "clarify", text, suggestions=choices, as_of=on))
            return
        question = replace(question, text=text, history=history)
        found, sure = self._found(question, resolved, on)
        if sure < self._limit(found):
            yield Event("done", answer=self._abstain(answer_id, found, on))
            return
        if not resolved.before and (asked_back := say.which(found)):
            text, choices = asked_back
            yield Event("done", answer=Answer(answer_id, "clarify", text, suggestions=choices, as_of=on))
            return
        yield Event("status", say.COMPOSING)
        said: list[Statement] = []
        notes: list[str] = []
        for block in self._blocks(question, found, sure):
            part: list[Statement] = []
            composed = self.composer.compose(trusted(block.found))
            for statement in rule_only(composed) if block.rule else composed:
                if statement.form == "note":  # the answer begins anew; `done` replaces what was streamed
                    notes.append(statement.text)
                    part.clear()
                    continue
                if knowledge.verifier.faults(statement, block.found):
                    continue
                part.append(statement)
                if statement.form != "label":
                    yield Event("token", statement.text)
            if any(statement.hit for statement in part):
                said += [Statement(block.lead, "label")] if block.lead else []
                said += _without_empty_labels(part)
        if not said:
            yield Event("done", answer=self._abstain(answer_id, found, on))
            return
        numbers, citations = knowledge.citer.cite(said, on)
        text = render(said, [[numbers[mark] for mark in knowledge.citer.marks(s)] for s in said])
        if resolved.before:
            text = f"{resolved.before} {text}"
        yield Event(
            "done",
            answer=Answer(
                answer_id,
                "answered",
                text,
                citations,
                (*notes, *say.warnings(found, said, citations, knowledge.registry, self.settings.current_day())),
                say.suggestions(found, said),
                on,
                found.timings,
                self.extractive.name if notes else self.composer.name,
            ),
        )

    def repaired(self, question: Question) -> tuple[str, tuple[str, ...]]:
        """The question and the earlier ones with typing slips put right; a greeting ("alo") is none."""

        def mended(text: str) -> str:
            greets = is_small_talk(text, self.abbreviations.spell_out)
            return text if greets else repair(text, self.index.frequency)

        return mended(question.text), tuple(map(mended, question.history))

    def _found(self, question: Question, resolved: Resolved, on: date) -> tuple[Found, float]:
        """What was found for a question made to stand alone, and how likely it answers."""
        found = self._resolved(question, resolved, on)
        sure = self._probability(found)
        for other in self._other_readings(question, resolved, on):
            likely = self._probability(other) if within_programme(other, resolved.text) else 0.0
            if _odds(likely) >= _CHANGED * _odds(sure):
                found, sure = other, likely
        return found, sure

    def _resolved(self, question: Question, resolved: Resolved, on: date) -> Found:
        """What was found for a question resolved by its history: less of what answered the last one, unless that holds
        the very figure that is asked for now."""
        found = self._find(replace(question, text=resolved.text), on, resolved.asks, subject=resolved.subject)
        history = question.history
        if not history or resolved.told_before == 1:
            return found
        before = resolve(history[-1], history[:-1], spell_out=self.abbreviations.spell_out)
        told = _best_first(self._find(replace(question, text=before.text, history=()), on, before.asks))[:1]
        if not told or _shows_figure(resolved.asks, told[0]):
            return found
        return found.with_less_of(told[0].passage.id, resolved.told_before)

    def _other_readings(self, question: Question, resolved: Resolved, on: date) -> Iterator[Found]:
        """What else a follow-up may mean: the question by itself, or one on what was asked before the last question,
        as "cấp xong dùng mấy năm" is after one on trademarks and one on lawyers."""
        if resolved.alone:
            yield self._find(replace(question, text=resolved.alone), on, resolved.alone)
        if resolved.subject and len(question.history) > 1:
            longer = replace(question, history=question.history[:-1])
            earlier = resolve(longer.text, longer.history, spell_out=self.abbreviations.spell_out)
            if earlier.subject:
                yield self._resolved(longer, earlier, on)

    def _blocks(self, question: Question, found: Found, sure: float) -> list[_Block]:
        """What to answer from, in order: what follows from a day that the question names, or each of the two things
        that it asks, or what was found for all of it."""
        if is_approved(found):
            return [_Block(found)]
        if told := self.knowledge.by_day.tell(found):
            return [_Block(self._after(told, question, found), told.text, rule=bool(told.places))]
        if sure < self.confidence.sure:
            return [_Block(found, say.DOUBT)]
        halves = self._halves(question, found) if self.composer is self.extractive else []
        return halves or [_Block(found)]

    def _after(self, told: Told, question: Question, found: Found) -> Found:
        """What follows what was told from a day: the rule, what tells of the instruments, or another answer."""
        if told.places:
            return self._retrieved(of_rule(found.reading, told), found.on)
        if told.asks:
            return self._find(replace(question, text=told.asks), found.on)
        return about(found, told.keys) or found

    def _halves(self, question: Question, whole: Found) -> list[_Block]:
        """The two things that a question asks, where each is surely answered, in another passage than the other, and
        the second by a page that the first or the whole question finds: by itself it may have lost its subject."""
        on = whole.on
        halves = two_parts(question.text)
        blocks: list[_Block] = []
        history = question.history
        pages = {hit.document.id for hit in _best_first(whole)[:_PAGES_OF_BOTH]}
        for half in halves or ():
            resolved = resolve(half, history, spell_out=self.abbreviations.spell_out)
            found, sure = self._found(question, resolved, on)
            first = _best_first(found)[:1]
            if resolved.clarify or sure < self.confidence.sure or (blocks and first[0].document.id not in pages):
                return []
            pages |= {hit.document.id for hit in first}
            blocks.append(_Block(found, say.HALF.format(half=half.strip(" ?.!"))))
            history = (*history, half)
        return [] if any(_near(one.found, other.found) for one, other in permutations(blocks, 2)) else blocks

    def _find(self, question: Question, on: date, asks: str = "", k: int = 10, *, subject: str = "") -> Found:
        return self._retrieved(self.knowledge.reader.read(question, on, asks=asks, subject=subject), on, k)

    def _retrieved(self, reading: QuestionReading, on: date, k: int = 10) -> Found:
        knowledge = self.knowledge
        found = knowledge.retriever.retrieve(reading, on, k)
        if found.then and not reading.time.event and (now := knowledge.reader.today_s(reading, on)):
            found = knowledge.retriever.with_today(found, now, k)
        return as_asked(found, self.index.weight, self.abbreviations.spell_out)

    def _probability(self, found: Found) -> float:
        """How likely it is that what was found answers the question: surely when people approved it for this very
        question or the register knows, not at all when that is about another country or rests on an instrument that
        nothing tells of."""
        if is_approved(found) or self.knowledge.by_day.held(found):
            return 1.0
        if of_another_country(found) or of_an_unknown_instrument(found):
            return 0.0
        sure = self.confidence.probability(self.features(found))
        if not found.reading.before or own_words_held(found, self.index.weight) >= _OWN_HELD:
            return sure
        odds = _UNHELD * _odds(sure)  # what the earlier question said is held, not what is asked now
        return odds / (1 + odds)

    def features(self, found: Found) -> list[float]:
        """What the confidence is judged by."""
        vector = self.index.embedder.questions([found.reading.search])[0]
        hits: tuple[Hit, ...] = found.then[:1] + found.current[:5]
        snapshot = self.index.snapshot
        rows = [snapshot.row[hit.passage.id] for hit in hits if hit.passage.id in snapshot.row]
        cosine = float((snapshot.vectors[rows] @ vector).max()) if rows else 0.0
        return features(found, self.ranker, self.index.weight, cosine, self._words)

    def _limit(self, found: Found) -> float:
        """How likely a passage must be to answer. The handbook's may be told with a word of doubt: it was written for
        these questions; a paper that somebody added speaks of much else."""
        best = _best_first(found)[:1]
        written = not best or best[0].document.kind == "handbook"
        return self.confidence.threshold if written else self.confidence.sure

    def _abstain(self, answer_id: str, found: Found, on: date) -> Answer:
        text, suggestions = say.abstention(found)
        return Answer(answer_id, "abstained", text, suggestions=suggestions, as_of=on, timings=found.timings)

    def _composer(self) -> Composer:
        if not self.settings.chat_model:
            return self.extractive
        from knowledge.chat import ChatComposer

        return ChatComposer(self.settings, self.extractive, lambda: self.knowledge.verifier)

    def _know(self, registry: Registry) -> Knowledge:
        validity = Validity(registry)
        return Knowledge(
            registry,
            validity,
            Reader(registry, self.abbreviations, self.places),
            Retriever(self.index, validity, self.ranker),
            Citer(registry, validity, self.catalogue),
            Verifier(registry, validity),
            ByDay(registry, self._steps, self._calendar),
        )


def _without_empty_labels(statements: list[Statement]) -> list[Statement]:
    return [
        s
        for n, s in enumerate(statements)
        if s.form != "label" or (n + 1 < len(statements) and statements[n + 1].form != "label")
    ]


_opening = threading.Lock()


def open_assistant(settings: Settings) -> Assistant:
    """Open everything that answering needs, from settings; the index's Chroma half warms up in the background later."""
    with _opening:
        engine = open_database(settings.database)
        embedder = load_embedder(settings.embedding_model or None)
        index = PassageIndex(settings.data_dir / "index", Store(engine), embedder)
        return Assistant(settings, engine, index, Registry.load())


def _near(one: Found, other: Found) -> bool:
    """Whether the best passage for one question answers the other nearly as well as its own best does."""
    best = next((hit.passage.id for hit in _best_first(one)), "")
    hits = _best_first(other)
    return any(hit.passage.id == best and hit.score >= _ANSWERS_BOTH * hits[0].score for hit in hits)


def _best_first(found: Found) -> list[Hit]:
    return sorted((*found.then, *found.current), key=lambda hit: -hit.score)


def _shows_figure(asks: str, hit: Hit) -> bool:
    """Whether a passage tells a figure of the unit that a question asks for."""
    asked = figure_asked(asks)
    return asked is not None and figure_shown(asked, hit.passage.text)


def _odds(probability: float) -> float:
    return probability / max(1 - probability, 1e-6)
