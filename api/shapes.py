"""What crosses HTTP: the shapes of requests and responses, and how the core's nouns turn into them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from knowledge.references import show_locator
from knowledge.registry import Registry
from knowledge.types import Answer, Citation, Document, Hit, Passage


def _text(value: str) -> str:
    """JSON can carry NUL and halves of surrogate pairs: no text, and neither UTF-8 nor PostgreSQL takes them."""
    if any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in value):
        raise PydanticCustomError("not_text", "no text")
    return value


TEXT = Annotated[str, AfterValidator(_text)]
SHORT = Annotated[TEXT, StringConstraints(max_length=200)]


class Ask(BaseModel):
    """A question as clients send it."""

    model_config = ConfigDict(json_schema_extra={"example": {"question": "Hồ sơ OCOP gồm những gì?"}})

    question: TEXT
    session_id: Annotated[str, StringConstraints(max_length=64, pattern=r"^[\w.:-]*$")] | None = None
    history: Annotated[list[TEXT], Field(max_length=20)] = Field(default_factory=list)
    as_of: SHORT | None = None
    locality: SHORT | None = None


class CitationOut(BaseModel):
    """The passage behind a marker; `quote` is verbatim from it."""

    marker: int
    passage_id: str
    title: str
    locator: str
    instrument: str
    quote: str
    url: str
    page: int | None
    valid_from: str | None
    valid_to: str | None


class AnswerOut(BaseModel):
    """An answer with its citations."""

    id: str
    status: str
    answer: str
    citations: list[CitationOut]
    warnings: list[str]
    suggestions: list[str]
    as_of: str
    elapsed_ms: float


class HitOut(BaseModel):
    """A passage found."""

    passage_id: str
    title: str
    locator: str
    instrument: str
    text: str
    score: float
    standing: str


class SearchOut(BaseModel):
    """What a search found, best first."""

    hits: list[HitOut]


class PassageOut(BaseModel):
    """A passage in its document, with the ids of its neighbours."""

    passage_id: str
    text: str
    breadcrumb: list[str]
    locator: str
    instrument: str
    page: int | None
    warning: str
    document: dict[str, Any]
    previous: str | None
    next: str | None


class Feedback(BaseModel):
    """What someone thought of an answer."""

    answer_id: Annotated[TEXT, StringConstraints(min_length=1, max_length=64)]
    useful: bool
    reason: SHORT | None = None
    comment: Annotated[TEXT, StringConstraints(max_length=2000)] | None = None


class Problem(BaseModel):
    """An error, in Vietnamese."""

    detail: str


def citation_out(citation: Citation) -> CitationOut:
    """A citation as clients see it."""
    return CitationOut(
        marker=citation.marker,
        passage_id=citation.passage_id,
        title=citation.title,
        locator=citation.locator,
        instrument=citation.instrument,
        quote=citation.quote,
        url=citation.url,
        page=citation.page,
        valid_from=citation.valid_from.isoformat() if citation.valid_from else None,
        valid_to=citation.valid_to.isoformat() if citation.valid_to else None,
    )


def answer_out(answer: Answer) -> AnswerOut:
    """An answer as clients see it."""
    return AnswerOut(
        id=answer.id,
        status=answer.status,
        answer=answer.text,
        citations=[citation_out(citation) for citation in answer.citations],
        warnings=list(answer.warnings),
        suggestions=list(answer.suggestions),
        as_of=answer.as_of.isoformat() if answer.as_of else "",
        elapsed_ms=round(answer.timings.get("total_ms", 0.0), 1),
    )


def ground_of(passage: Passage, registry: Registry) -> tuple[str, str]:
    """The instrument that a passage first rests on, by number, and the place in it."""
    for source in passage.sources:
        if instrument := registry.get(source.key):
            return instrument.number, show_locator(source.locator)
    return "", ""


def hit_out(hit: Hit, registry: Registry) -> HitOut:
    """A hit as clients see it; the score only orders, it is no probability."""
    instrument, locator = ground_of(hit.passage, registry)
    return HitOut(
        passage_id=hit.passage.id,
        title=" › ".join(dict.fromkeys((hit.document.title, *hit.passage.breadcrumb))),
        locator=locator,
        instrument=instrument,
        text=hit.passage.text,
        score=round(hit.score, 4),
        standing=hit.standing.value,
    )


def passage_out(
    passage: Passage, document: Document, previous: str | None, following: str | None, registry: Registry
) -> PassageOut:
    """A passage as clients see it."""
    instrument, locator = ground_of(passage, registry)
    return PassageOut(
        passage_id=passage.id,
        text=passage.text,
        breadcrumb=list(passage.breadcrumb),
        locator=locator,
        instrument=instrument,
        page=passage.page,
        warning=passage.warning,
        document={
            "id": document.id,
            "title": document.title,
            "kind": document.kind,
            "instrument": document.instrument,
            "locality": document.locality,
            "valid_from": document.valid_from.isoformat() if document.valid_from else None,
            "valid_to": document.valid_to.isoformat() if document.valid_to else None,
            "confidence": document.confidence,
            "url": document.url,
        },
        previous=previous,
        next=following,
    )
