"""The nouns of Sổ tay: instruments, documents, passages, questions, answers."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal


class Standing(StrEnum):
    """Whether a rule held on the day asked about."""

    IN_FORCE = "in force"
    EARLIER = "earlier"
    LATER = "later"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Interval:
    """Days `start` to `end`, both inclusive; an open end is still running."""

    start: date
    end: date | None = None
    ground: str = ""

    def contains(self, day: date) -> bool:
        """Whether the day lies inside."""
        return self.start <= day and (self.end is None or day <= self.end)

    def overlaps(self, other: Interval) -> bool:
        """Whether the two share a day."""
        return (self.end is None or other.start <= self.end) and (other.end is None or self.start <= other.end)


@dataclass(frozen=True)
class Instrument:
    """A legal document in the register, with the intervals in which it was in force.

    `key` is its number, or `number@date of signing` where two instruments share one. `in_force` is None when it
    is not known whether and when it held. The lists name other instruments by key.
    """

    key: str
    number: str
    kind: str
    title: str
    issuer: str = ""
    signed: date | None = None
    locality: str = "trung-uong"
    in_force: tuple[Interval, ...] | None = None
    aliases: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    amends: tuple[str, ...] = ()
    amended_by: tuple[str, ...] = ()
    suspended_by: tuple[str, ...] = ()
    url: str = ""
    confidence: str = "chắc chắn"
    note: str = ""
    verified_on: date | None = None


@dataclass(frozen=True)
class Source:
    """The ground of one line of a passage: an instrument (or an entry of sources.yaml) and the place in it.

    `line` indexes the passage's lines; None speaks for the whole passage. `past` marks a line that tells of an
    earlier rule on a page about today's: it does not decide the passage's standing.
    """

    key: str
    locator: str = ""
    line: int | None = None
    past: bool = False


# A heading that only says where: "Khoản 3", "Điểm a–c", "Mục 2".
_PLACE_ALONE = re.compile(r"(?:Khoản|Điểm|Mục|Phần|Chương|Bảng|Trang|Toàn văn)(?: [\w.–-]{1,7})?$")

DocumentKind = Literal["handbook", "official", "training", "curated"]


@dataclass(frozen=True)
class Document:
    """One source of passages. `valid_from`/`valid_to` bound the period it governs (None: not said).

    `instrument` is the legal document that this file is the text of; `instruments` are those it rests on.
    """

    id: str
    title: str
    kind: DocumentKind
    origin: str
    sha256: str
    instrument: str | None = None
    instruments: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    locality: str = "trung-uong"
    valid_from: date | None = None
    valid_to: date | None = None
    confidence: str = "chắc chắn"
    url: str = ""
    media_type: str = ""
    pages: int | None = None
    warnings: tuple[str, ...] = ()

    @property
    def is_paper(self) -> bool:
        """Whether it was taken in, and is not of the handbook or approved by people."""
        return self.kind in ("official", "training")


@dataclass(frozen=True)
class Passage:
    """A piece of a document that can answer alone.

    `place` is its structural path with an occurrence count (`Điều 7/Khoản 3#0`); the id hashes document, place and
    text, so re-indexing is set subtraction. `order` (position in the document) is metadata and not in the id.
    `hints` holds other ways of asking: searched, never shown.
    """

    document_id: str
    place: str
    text: str
    breadcrumb: tuple[str, ...] = ()
    order: int = 0
    page: int | None = None
    sources: tuple[Source, ...] = ()
    hints: str = ""
    warning: str = ""
    id: str = field(init=False, default="")

    def __post_init__(self) -> None:
        raw = "\x1f".join((self.document_id, self.place, self.text))
        object.__setattr__(self, "id", hashlib.sha256(raw.encode()).hexdigest()[:24])

    @property
    def digest(self) -> str:
        """A hash of what the id leaves out (but for `order`), so that a change of metadata alone is seen."""
        rest = [self.breadcrumb, self.page, [asdict(s) for s in self.sources], self.hints, self.warning]
        return hashlib.sha256(json.dumps(rest, ensure_ascii=False).encode()).hexdigest()[:16]

    @property
    def title(self) -> str:
        """The breadcrumb as one line."""
        return " › ".join(self.breadcrumb)

    @property
    def heading(self) -> str:
        """The last of the breadcrumb that says what a passage is about, not only where it stands; empty without one."""
        crumbs = self.breadcrumb
        return next((crumb for crumb in reversed(crumbs) if not _PLACE_ALONE.match(crumb)), "")

    @property
    def ways(self) -> tuple[str, ...]:
        """The questions that the passage says it answers: its heading and the other ways of asking."""
        return tuple(dict.fromkeys(way.strip() for way in (self.heading, *self.hints.split("\n")) if way.strip()))

    @property
    def searchable(self) -> str:
        """What is embedded: heading path, other ways of asking, text."""
        return "\n".join(part for part in (self.title, self.hints, self.text) if part)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that `Source.line` counts."""
        return tuple(self.text.split("\n"))


@dataclass(frozen=True)
class Period:
    """A stretch of time that a question speaks of, both ends inclusive; `words` are the question's own."""

    start: date
    end: date
    words: str = ""


@dataclass(frozen=True)
class Question:
    """What was asked. `as_of` binds (from the caller); `period` is a hint read from the words."""

    text: str
    history: tuple[str, ...] = ()
    as_of: date | None = None
    locality: str | None = None
    period: Period | None = None


@dataclass(frozen=True)
class Hit:
    """A passage found, with its standing on the day asked about, the intervals in which it held, and those in which the
    earlier rules held that its lines (None: all of it) tell of beside today's; `likeness`: the cosine of its meaning
    and the question's."""

    passage: Passage
    document: Document
    score: float
    standing: Standing
    windows: tuple[Interval, ...] = ()
    past: tuple[tuple[int | None, Interval], ...] = ()
    likeness: float = 0.0

    @property
    def is_paper(self) -> bool:
        """Whether it is of a document that was taken in."""
        return self.document.is_paper


@dataclass(frozen=True)
class Citation:
    """What a marker in an answer stands for, as it was when the answer was given."""

    marker: int
    passage_id: str
    title: str
    locator: str
    instrument: str
    quote: str
    url: str = ""
    page: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    standing: Standing = Standing.UNKNOWN
    warning: str = ""


AnswerStatus = Literal["answered", "abstained", "clarify"]


@dataclass(frozen=True)
class Answer:
    """What leaves the house: text with markers `[1]`, the citations behind them, warnings and what to ask next."""

    id: str
    status: AnswerStatus
    text: str
    citations: tuple[Citation, ...] = ()
    warnings: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    as_of: date | None = None
    timings: dict[str, float] = field(default_factory=dict)
    composer: str = "extractive"


@dataclass(frozen=True)
class Event:
    """One step of a streamed answer: `status` (a short note), `token` (whole verified sentences) or `done`."""

    kind: Literal["status", "token", "done"]
    text: str = ""
    answer: Answer | None = None


@dataclass(frozen=True)
class Turn:
    """A question and its answer as they happened: memory reads it, feedback rates it, reports count it."""

    session_id: str
    question: Question
    answer: Answer
    channel: str
    asked_at: datetime
