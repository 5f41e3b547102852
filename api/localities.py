"""The provinces and cities that a question can be asked for."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from api.deps import HouseDep
from knowledge.text import fold

router = APIRouter(prefix="/v1", tags=["Tra cứu"])


class LocalityOut(BaseModel):
    """A province or city of today; `former` names those that went into it in 2025, itself left out."""

    slug: str
    name: str
    former: list[str]


@router.get("/localities", summary="34 tỉnh, thành phố")
async def localities(here: HouseDep) -> list[LocalityOut]:
    """All of them, in alphabetical order."""
    provinces = sorted(here.assistant.places.provinces.values(), key=lambda p: fold(p.name))
    return [LocalityOut(slug=p.slug, name=p.name, former=[f for f in p.former if f != p.name]) for p in provinces]
