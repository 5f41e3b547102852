"""What an office's papers propose for the register of legal documents, and an admin's word on it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.deps import PROBLEMS, AdminOnly, HouseDep
from api.documents import REFUSALS
from knowledge.assistant import Assistant
from knowledge.overlay import Proposed
from knowledge.proposal import TOLD_FIELDS, TOLD_RELATIONS

router = APIRouter(prefix="/v1/register", tags=["Quản trị"], dependencies=[AdminOnly], responses=PROBLEMS | REFUSALS)


class FieldOut(BaseModel):
    """One field of a proposal with the sentence it rests on; `check` marks one that a person should look at."""

    name: str
    value: str
    plainness: str
    check: bool
    sentence: str


class RelationOut(BaseModel):
    """An instrument that the text ends or changes."""

    kind: Literal["replaces", "repeals", "amends"]
    told: str
    number: str
    name: str
    signed: date | None
    ends: date | None = Field(description="Ngày cuối cùng văn bản kia còn hiệu lực")
    plainness: str
    check: bool
    sentence: str


class ProposalOut(BaseModel):
    """A proposed register entry."""

    id: int
    status: Literal["proposed", "confirmed", "rejected"]
    number: str
    fields: dict[str, FieldOut]
    relations: list[RelationOut]
    document_id: str
    origin: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None


class Proposals(BaseModel):
    """Proposed entries, the newest last."""

    proposals: list[ProposalOut]


class Decision(BaseModel):
    """An admin's word: `reject` on a confirmed entry withdraws it."""

    action: Literal["confirm", "edit", "reject"]
    changes: dict[str, Any] = Field(default_factory=dict, description="Trường cần sửa, ví dụ effective, relations")
    by: str = Field("", max_length=120, description="Người quyết định")


@router.get("/proposals", summary="Đề nghị cho danh bạ văn bản")
def proposals(here: HouseDep, status: Literal["proposed", "confirmed", "rejected"] | None = None) -> Proposals:
    """Every proposal, or those of one status."""
    return Proposals(proposals=[proposal_out(one) for one in here.assistant.overlay.proposals(status)])


@router.get("/proposals/{number}", summary="Một đề nghị")
def proposal(number: int, here: HouseDep) -> ProposalOut:
    """One proposal with the sentences that it rests on."""
    return proposal_out(here.assistant.overlay.proposal(number))


@router.post("/proposals/{number}", summary="Xác nhận, sửa hoặc bác một đề nghị")
def decided(number: int, decision: Decision, here: HouseDep) -> ProposalOut:
    """A confirmed entry takes effect at once, for running answers too."""
    return decide(here.assistant, number, decision, by="quản trị qua HTTP")


def decide(assistant: Assistant, number: int, decision: Decision, *, by: str) -> ProposalOut:
    """Carry an admin's word out and judge by it from the next question on."""
    overlay, who = assistant.overlay, decision.by or by
    if decision.action == "edit":
        return proposal_out(overlay.edit(number, decision.changes))
    if decision.action == "confirm":
        done = overlay.confirm(number, by=who, changes=decision.changes)
    else:
        done = overlay.reject(number, by=who)
    assistant.judge_anew()
    return proposal_out(done)


def proposal_out(proposed: Proposed) -> ProposalOut:
    """A proposal as the contract has it."""
    doubtful = set(proposed.proposal.doubtful)
    fields = {
        name: FieldOut(name=TOLD_FIELDS[name], check=name in doubtful, **asdict(stated))
        for name, stated in proposed.proposal.fields.items()
    }
    relations = [
        RelationOut(told=TOLD_RELATIONS[one.kind], check=one.plainness != "rõ", **asdict(one))
        for one in proposed.proposal.relations
    ]
    return ProposalOut(
        id=proposed.id,
        status=proposed.status,
        number=proposed.proposal.number,
        fields=fields,
        relations=relations,
        document_id=proposed.document_id,
        origin=proposed.origin,
        proposed_at=proposed.proposed_at,
        decided_by=proposed.decided_by,
        decided_at=proposed.decided_at,
    )
