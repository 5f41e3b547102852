"""What people think of answers."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException

from api.deps import PROBLEMS, HouseDep, MayAsk
from api.shapes import Feedback, Problem

router = APIRouter(prefix="/v1", tags=["Đánh giá"], responses=PROBLEMS)


@router.post(
    "/feedback",
    status_code=204,
    dependencies=[MayAsk],
    responses={404: {"model": Problem, "description": "Không có câu trả lời này"}},
    summary="Câu trả lời có hữu ích không",
)
def feedback(given: Feedback, here: HouseDep) -> None:
    """Rate an answer; the last word counts."""
    known = here.assistant.records.rate(
        given.answer_id, useful=given.useful, reason=given.reason or "", comment=given.comment or ""
    )
    if not known:
        raise HTTPException(404, "Không có câu trả lời này, hoặc đã quá hạn lưu.")
