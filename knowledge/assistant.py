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
from functools import partial
from itertools import permutations

from sqlalchemy import Engine

from knowledge import say
from knowledge.abbreviations import Abbreviations
from knowledge.by_day import ByDay, Told, about, of_rule, rule_only
from knowledge.catalogue import SourceEntry, load_sources
from knowledge.cite import Citer
from knowledge.compose import Composer, Extractive, Statement, render
from knowledge.confidence import Confidence
from knowledge.curated import Curated
from knowledge.database import open_database
from knowledge.deadlines import load_steps
from knowledge.embedding import StaticEmbedder, load_embedder
from knowledge.errors import BadInput
from knowledge.finder import Finder
from knowledge.index import PassageIndex
from knowledge.instructions import trusted
from knowledge.overlay import Overlay
from knowledge.places import Places
from knowledge.question import Reader, two_parts
from knowledge.rank import Ranker
from knowledge.records import Records
from knowledge.registry import Registry
from knowledge.retrieve import Found, Retriever, best_first
from knowledge.same_question import is_approved
from knowledge.settings import Settings
from knowledge.store import Store
from knowledge.text import normalise
from knowledge.types import Answer, Document, Event, Passage, Question, Turn
from knowledge.validity import Validity
from knowledge.verify import Verifier
from knowledge.working_days import WorkingDays

log = logging.getLogger(__name__)

MAX_QUESTION = 2000
# From which share of the best passage's odds another answers a question as well.
_ANSWERS_BOTH = 0.6
# Of so many of the best passages for a whole question, the pages that may answer its second half.
_PAGES_OF_BOTH = 3
_CLAUSES_ABOUT = 40  # passages of a paper looked at before and after one, for the clauses of its article


@dataclass(frozen=True)
class Knowledge:
    """What is known at one moment: the register and all that judges by it. Replaced whole when the register changes."""

    registry: Registry
    validity: Validity
    reader: Reader
    retriever: Retriever
    finder: Finder
    citer: Citer
    verifier: Verifier
    by_day: ByDay


@dataclass(frozen=True)
class _Block:
    """A part of an answer: what it is composed from, what leads it in, whether only the rule is wanted of it, and
    whether it is told with a word of doubt."""

    found: Found
    lead: str = ""
    rule: bool = False
    doubted: bool = False


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
        embedder = index.embedder
        self._words = embedder if isinstance(embedder, StaticEmbedder) else StaticEmbedder()
        about = partial(index.store.around, reach=_CLAUSES_ABOUT)
        self.extractive = Extractive(index.weight, embedder, self._words, about=about)
        self.ranker = Ranker.load(self.extractive.relevance, embedder)
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
        text, _ = self.knowledge.finder.repaired(Question(text))
        question = self._checked(Question(text, as_of=as_of, locality=locality), "")
        return self.knowledge.finder.find(question, as_of or self.settings.current_day(), k=k)

    def attempt(self, question: Question) -> tuple[Answer, float]:
        """What would be answered now and how surely, without a turn: nobody is asking."""
        question = self._checked(question, "")
        on = question.as_of or self.settings.current_day()
        events = self._answer(question, uuid.uuid4().hex, on, time.perf_counter())
        answer = next(event.answer for event in events if event.answer is not None)
        text, history = self.knowledge.finder.repaired(question)
        resolved = self.knowledge.finder.resolved(text, history)
        _, sure = self.knowledge.finder.answering(replace(question, text=text, history=history), resolved, on)
        return answer, sure

    def standalone(self, text: str, history: tuple[str, ...]) -> str:
        """A question in words that need no earlier one beside them; as it was typed where it may stand alone."""
        text, history = self.knowledge.finder.repaired(Question(text, history))
        resolved = self.knowledge.finder.resolved(text, history)
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
        text, history = knowledge.finder.repaired(question)
        resolved = knowledge.finder.resolved(text, history)
        if resolved.clarify:
            text, choices = resolved.clarify
            yield Event("done", answer=Answer(answer_id, "clarify", text, suggestions=choices, as_of=on))
            return
        question = replace(question, text=text, history=history)
        found, sure = knowledge.finder.answering(question, resolved, on)
        if sure < self._limit(found):
            yield Event("done", answer=self._abstain(answer_id, found, sure, on))
            return
        leans = resolved.follows and not resolved.alone  # "thế 3 sao?" asks what was asked before
        if not (resolved.before or leans) and (asked_back := say.which(found)):
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
                lead = say.doubt(part) if block.doubted else block.lead
                said += [Statement(lead, "label")] if lead else []
                said += _without_empty_labels(part)
        if not said:
            yield Event("done", answer=self._abstain(answer_id, found, sure, on))
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

    def _blocks(self, question: Question, found: Found, sure: float) -> list[_Block]:
        """What to answer from, in order: what follows from a day that the question names, or each of the two things
        that it asks, or what was found for all of it."""
        if is_approved(found):
            return [_Block(found)]
        if told := self.knowledge.by_day.tell(found):
            return [_Block(self._after(told, question, found), told.text, rule=bool(told.places))]
        if sure < self.confidence.sure:
            return [_Block(found, doubted=True)]
        halves = self._halves(question, found) if self.composer is self.extractive else []
        return halves or [_Block(found)]

    def _after(self, told: Told, question: Question, found: Found) -> Found:
        """What follows what was told from a day: the rule, what tells of the instruments, or another answer."""
        if told.places:
            return self.knowledge.finder.retrieved(of_rule(found.reading, told), found.on)
        if told.asks:
            return self.knowledge.finder.find(replace(question, text=told.asks), found.on)
        return about(found, told.keys) or found

    def _halves(self, question: Question, whole: Found) -> list[_Block]:
        """The two things that a question asks, where each is surely answered, in another passage than the other, and
        the second by a page that the first or the whole question finds: by itself it may have lost its subject."""
        on = whole.on
        halves = two_parts(question.text)
        blocks: list[_Block] = []
        history = question.history
        pages = {hit.document.id for hit in best_first(whole)[:_PAGES_OF_BOTH]}
        for half in halves or ():
            resolved = self.knowledge.finder.resolved(half, history)
            asked = replace(question, text=half, history=history)
            found, sure = self.knowledge.finder.answering(asked, resolved, on)
            first = best_first(found)[:1]
            if resolved.clarify or sure < self.confidence.sure or (blocks and first[0].document.id not in pages):
                return []
            if blocks and first[0].is_paper != best_first(blocks[0].found)[0].is_paper:
                return []
            pages |= {hit.document.id for hit in first}
            blocks.append(_Block(found, say.HALF.format(half=half.strip(" ?.!"))))
            history = (*history, half)
        return [] if any(_near(one.found, other.found) for one, other in permutations(blocks, 2)) else blocks

    def _limit(self, found: Found) -> float:
        """How likely a passage must be to answer. The handbook's may be told with a word of doubt: it was written for
        these questions; a paper that somebody added speaks of much else."""
        best = best_first(found)[:1]
        written = not best or best[0].document.kind == "handbook"
        return self.confidence.threshold if written else self.confidence.sure

    def _abstain(self, answer_id: str, found: Found, sure: float, on: date) -> Answer:
        papers = any(document.is_paper for document in self.index.snapshot.documents.values())
        text, suggestions = say.abstention(found, sure, papers=papers)
        return Answer(answer_id, "abstained", text, suggestions=suggestions, as_of=on, timings=found.timings)

    def _composer(self) -> Composer:
        if not self.settings.chat_model:
            return self.extractive
        from knowledge.chat import ChatComposer

        return ChatComposer(self.settings, self.extractive, lambda: self.knowledge.verifier)

    def _know(self, registry: Registry) -> Knowledge:
        validity = Validity(registry)
        reader = Reader(registry, self.abbreviations, self.places, lambda: self.index.snapshot.papers)
        retriever = Retriever(self.index, validity, self.ranker)
        by_day = ByDay(registry, self._steps, self._calendar)
        judges = (self.ranker, self.confidence, reader, retriever, by_day, self._words)
        finder = Finder(self.index, self.abbreviations, *judges)
        citer, verifier = Citer(registry, validity, self.catalogue), Verifier(registry, validity)
        return Knowledge(registry, validity, reader, retriever, finder, citer, verifier, by_day)


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
    best = next((hit.passage.id for hit in best_first(one)), "")
    hits = best_first(other)
    return any(hit.passage.id == best and hit.score >= _ANSWERS_BOTH * hits[0].score for hit in hits)
