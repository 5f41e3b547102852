"""Search without an answer, and the passages themselves."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from api.ask import locality_of
from api.deps import PROBLEMS, APlace, HouseDep, MayAsk
from api.shapes import SHORT, TEXT, PassageOut, Problem, SearchOut, hit_out, passage_out
from knowledge.assistant import Assistant
from knowledge.dates import as_date

router = APIRouter(prefix="/v1", tags=["Tra cứu"], responses=PROBLEMS)


@router.get("/search", dependencies=[MayAsk, APlace], summary="Tìm đoạn, không soạn câu trả lời")
def search(
    here: HouseDep,
    q: Annotated[TEXT, Query(description="Từ khóa hoặc câu hỏi")],
    k: Annotated[int, Query(ge=1, le=50)] = 10,
    as_of: SHORT | None = None,
    locality: SHORT | None = None,
) -> SearchOut:
    """The best passages for a question, those of earlier rules behind those in force."""
    return search_out(here.assistant, q, k=k, as_of=as_of, locality=locality)


def search_out(assistant: Assistant, q: str, *, k: int, as_of: str | None, locality: str | None) -> SearchOut:
    """The same for any door; raises BadInput for a malformed date or place."""
    day = as_date(as_of) if as_of else None
    place = locality_of(locality, assistant) if locality else None
    found = assistant.search(q, k=k, as_of=day, locality=place)
    hits = [*found.current, *found.then]
    return SearchOut(hits=[hit_out(hit, assistant.registry) for hit in hits[:k]])


@router.get(
    "/passages/{passage_id}",
    responses={404: {"model": Problem, "description": "Không còn đoạn này"}},
    summary="Một đoạn, kèm đoạn trước và sau",
)
def passage(passage_id: str, here: HouseDep) -> PassageOut:
    """One passage with its breadcrumb, its document and its neighbours."""
    found = here.assistant.passage(passage_id)
    if found is None:
        raise HTTPException(404, "Không còn đoạn này: văn bản có thể đã được cập nhật hoặc gỡ bỏ.")
    return passage_out(*found, registry=here.assistant.registry)
