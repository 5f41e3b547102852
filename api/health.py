"""Whether the process lives, and whether it should be sent questions."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from api.deps import HouseDep

router = APIRouter(prefix="/v1/health", tags=["Tình trạng"])


@router.get("/live", summary="Tiến trình còn sống")
async def live() -> dict[str, str]:
    """The process answers; touches neither disk nor model nor the pool of threads."""
    return {"status": "live"}


@router.get("/ready", summary="Sẵn sàng nhận câu hỏi", responses={503: {"description": "Chưa sẵn sàng"}})
def ready(here: HouseDep, response: Response) -> dict[str, Any]:
    """200 once the knowledge is loaded and the index has been audited; what is wrong otherwise."""
    index = here.assistant.index
    is_ready = index.ready and not here.building
    response.status_code = 200 if is_ready else 503
    return {
        "status": "ready" if is_ready else "starting" if not index.faults else "degraded",
        "doing": here.building,
        "passages": len(index.snapshot.ids),
        "faults": list(index.faults),
        "bot": here.bot_status() if here.bot_status else {"status": "off"},
    }
