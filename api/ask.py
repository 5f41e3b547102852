"""Questions and answers."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.deps import APlace, HouseDep, MayAsk, OwnCall
from api.shapes import AnswerOut, Ask, answer_out, citation_out
from knowledge.assistant import Assistant
from knowledge.dates import as_date
from knowledge.errors import BadInput
from knowledge.types import Question

router = APIRouter(prefix="/v1", tags=["ask"])


@router.post("/ask", dependencies=[MayAsk, APlace])
def ask(asked: Ask, here: HouseDep, own: OwnCall) -> AnswerOut:
    """The whole answer."""
    question = question_of(asked, here.assistant)
    channel = "cli" if own else "api"
    return answer_out(here.assistant.ask(question, session_id=asked.session_id or "", channel=channel))


@router.post("/ask/stream", dependencies=[MayAsk, APlace], response_class=EventSourceResponse)
def ask_stream(asked: Ask, here: HouseDep) -> Iterator[ServerSentEvent]:
    """The answer as it grows: `status`, `token` (whole verified sentences), `citations`, `done` (authoritative)."""
    question = question_of(asked, here.assistant)
    for event in here.assistant.stream(question, session_id=asked.session_id or "", channel="web"):
        if event.answer is None:
            yield ServerSentEvent(event=event.kind, data={"text": event.text})
            continue
        citations = [citation_out(citation).model_dump() for citation in event.answer.citations]
        yield ServerSentEvent(event="citations", data=citations)
        yield ServerSentEvent(event="done", data=answer_out(event.answer).model_dump())


def question_of(asked: Ask, assistant: Assistant) -> Question:
    """The question that a request holds; raises BadInput where it is malformed."""
    return Question(
        assistant.check_text(asked.question),
        history=tuple(text[:2000] for text in asked.history),
        as_of=as_date(asked.as_of) if asked.as_of else None,
        locality=locality_of(asked.locality, assistant) if asked.locality else None,
    )


def locality_of(text: str, assistant: Assistant) -> str:
    """A province's slug from a slug or a name."""
    places = assistant.places
    slug = text if text in places.provinces or text == "trung-uong" else places.find(text.replace("-", " "))
    if slug is None:
        raise BadInput(f"Không có tỉnh, thành phố nào tên «{text[:60]}».")
    return slug
