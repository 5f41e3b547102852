"""Questions and answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import aclosing
from typing import Annotated, cast

from fastapi import APIRouter, Depends, HTTPException
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.deps import PROBLEMS, APlace, House, HouseDep, MayAsk, OwnCall
from api.shapes import AnswerOut, Ask, answer_out, citation_out
from api.threads import in_thread
from knowledge.assistant import Assistant
from knowledge.dates import as_date
from knowledge.errors import BadInput
from knowledge.types import Answer, Event, Question

router = APIRouter(prefix="/v1", tags=["Hỏi đáp"], responses=PROBLEMS)


def asked_question(asked: Ask, here: HouseDep) -> Question:
    """The question of a request, checked before anything is sent: a stream that has begun can no longer say 422."""
    return question_of(asked, here.assistant)


AskedQuestion = Annotated[Question, Depends(asked_question)]


@router.post("/ask", dependencies=[MayAsk, APlace], summary="Hỏi, nhận cả câu trả lời")
async def ask(asked: Ask, question: AskedQuestion, here: HouseDep, own: OwnCall) -> AnswerOut:
    """The whole answer: the drained stream."""
    answer: Answer | None = None
    async for event in _events(asked, question, here, "cli" if own else "api"):
        answer = event.answer or answer
    if answer is None:  # cut short: the process is about to end
        raise HTTPException(503, "Sổ tay đang khởi động lại, vui lòng hỏi lại sau ít giây.", {"Retry-After": "5"})
    return answer_out(answer)


@router.post(
    "/ask/stream",
    dependencies=[MayAsk, APlace],
    response_class=EventSourceResponse,
    summary="Hỏi, nhận câu trả lời từng phần",
)
async def ask_stream(asked: Ask, question: AskedQuestion, here: HouseDep) -> AsyncIterator[ServerSentEvent]:
    """The answer as it grows: `status`, `token` (whole verified sentences), `citations`, `done` (authoritative)."""
    async with aclosing(_events(asked, question, here, "web")) as events:
        async for event in events:
            if event.answer is None:
                yield ServerSentEvent(event=event.kind, data={"text": event.text})
                continue
            citations = [citation_out(citation).model_dump() for citation in event.answer.citations]
            yield ServerSentEvent(event="citations", data=citations)
            yield ServerSentEvent(event="done", data=answer_out(event.answer).model_dump())


async def _events(asked: Ask, question: Question, here: House, channel: str) -> AsyncGenerator[Event, None]:
    # The prefix keeps a caller from naming, and so reading on from, a session of another door.
    session = f"http:{asked.session_id}" if asked.session_id else ""
    events = cast(Generator[Event, None, None], here.assistant.stream(question, session_id=session, channel=channel))
    async with aclosing(in_thread(events, running=here.running)) as made:
        async for event in made:
            yield event


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
