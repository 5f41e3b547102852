"""An office's own register entries: proposed from its documents, confirmed by a person, laid over the shipped register.

A proposal decides nothing. A confirmed entry wins over the shipped one of the same instrument where it says something,
ends what it replaces on the day that its text names, and is laid anew over whatever register a later release ships.
What it ends in part only is linked and goes on. Everything can be withdrawn; who decided what, when and from which
document stays on record.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import JSON, Column, DateTime, Engine, Integer, String, Table, Text, delete, select, update

from knowledge.database import METADATA
from knowledge.errors import BadInput, SotayError
from knowledge.lay import lay, said
from knowledge.proposal import Proposal, proposal_from
from knowledge.registry import Registry

log = logging.getLogger(__name__)

PROPOSALS = Table(
    "register_proposals",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("number", String(120), nullable=False, index=True),
    Column("status", String(16), nullable=False, index=True),
    Column("document_id", String(64), nullable=False, index=True),
    Column("origin", Text, nullable=False),
    Column("read", JSON, nullable=False),  # as the text was read; what a later reading is compared with
    Column("proposal", JSON, nullable=False),  # with a person's changes
    Column("proposed_at", DateTime(timezone=True), nullable=False),
)

# Confirmed entries stay when withdrawn, with who took them back and when.
ENTRIES = Table(
    "register_entries",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("proposal_id", Integer, nullable=False, index=True),
    Column("number", String(120), nullable=False),
    Column("proposal", JSON, nullable=False),
    Column("document_id", String(64), nullable=False),
    Column("origin", Text, nullable=False),
    Column("confirmed_by", String(120), nullable=False),
    Column("confirmed_at", DateTime(timezone=True), nullable=False),
    Column("withdrawn_by", String(120)),
    Column("withdrawn_at", DateTime(timezone=True)),
)

ProposalStatus = Literal["proposed", "confirmed", "rejected"]


@dataclass(frozen=True)
class Proposed:
    """A proposal on record."""

    id: int
    status: ProposalStatus
    proposal: Proposal
    document_id: str
    origin: str
    proposed_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None


class Overlay:
    """Keeps proposals and confirmed entries; safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    # -- what there is -----------------------------------------------------------------------------------------------

    def proposals(self, status: ProposalStatus | None = None) -> list[Proposed]:
        """All proposals, or those of one status; the newest last."""
        query = select(PROPOSALS).order_by(PROPOSALS.c.id)
        if status:
            query = query.where(PROPOSALS.c.status == status)
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
            entries = connection.execute(select(ENTRIES).order_by(ENTRIES.c.id)).all()
        decided = {entry.proposal_id: entry for entry in entries}
        return [_proposed(row, decided.get(row.id)) for row in rows]

    def proposal(self, number: int) -> Proposed:
        """The proposal with this id; BadInput when there is none."""
        found = next((one for one in self.proposals() if one.id == number), None)
        if found is None:
            raise BadInput(f"Không có đề nghị số {number}. Xem danh sách bằng `sotay register list`.")
        return found

    def over(self, shipped: Registry) -> Registry:
        """The shipped register under every confirmed entry; one that cannot be laid is logged and left out."""
        with self.engine.connect() as connection:
            query = select(ENTRIES).where(ENTRIES.c.withdrawn_at.is_(None)).order_by(ENTRIES.c.id)
            rows = connection.execute(query).all()
        registry = shipped
        for row in rows:
            try:
                registry = lay(registry, proposal_from(row.proposal), row.confirmed_at.date())
            except (SotayError, KeyError, TypeError, ValueError):
                log.exception("a confirmed register entry (%s) cannot be laid over the register", row.number)
        return registry

    # -- changes -----------------------------------------------------------------------------------------------------

    def propose(self, proposal: Proposal, document_id: str, origin: str, registry: Registry) -> Proposed | None:
        """Put a reading on record for a person to judge; None when nothing new is in it.

        That is so when the register in use says the same already, or this reading of this instrument was judged before
        (a copy of the document, or its next ingestion).
        """
        data = proposal.as_data()
        with self.engine.begin() as connection:
            same = PROPOSALS.c.number == proposal.number
            rows = connection.execute(select(PROPOSALS).where(same).order_by(PROPOSALS.c.id)).all()
            rows = [row for row in rows if _same_instrument(proposal_from(row.read), proposal)]
            if any(_content(proposal_from(row.read)) == _content(proposal) for row in rows) or said(registry, proposal):
                return None
            waiting = next((row for row in rows if row.status == "proposed"), None)
            if waiting is not None and waiting.document_id != document_id:
                return None  # two papers of one instrument: the first one's reading waits already
            row = {
                "number": proposal.number, "status": "proposed", "document_id": document_id, "origin": origin,
                "read": data, "proposal": data, "proposed_at": datetime.now(UTC),
            }  # fmt: skip
            if waiting is not None:
                connection.execute(update(PROPOSALS).where(PROPOSALS.c.id == waiting.id).values(row))
                number = waiting.id
            else:
                key = connection.execute(PROPOSALS.insert().values(row)).inserted_primary_key
                assert key is not None
                number = key[0]
        return self.proposal(number)

    def edit(self, number: int, changes: Mapping[str, Any]) -> Proposed:
        """Change a waiting proposal's fields; it still waits."""
        edited = self._waiting(number).proposal.edited(changes)
        with self.engine.begin() as connection:
            values = {"proposal": edited.as_data(), "number": edited.number}
            connection.execute(update(PROPOSALS).where(PROPOSALS.c.id == number).values(values))
        return self.proposal(number)

    def confirm(self, number: int, *, by: str, changes: Mapping[str, Any] | None = None) -> Proposed:
        """Let a waiting proposal take effect (the caller then judges by `over`); BadInput while a day is missing."""
        found = self._waiting(number)
        proposal = found.proposal.edited(changes or {})
        if proposal.day("effective") is None:
            raise BadInput(
                f"Chưa rõ {proposal.number} có hiệu lực từ ngày nào. Hãy xem lại văn bản rồi điền, "
                f"ví dụ `sotay register confirm {number} --set effective=2026-05-22`."
            )
        now = datetime.now(UTC)
        entry = {
            "proposal_id": number, "number": proposal.number, "proposal": proposal.as_data(), "confirmed_at": now,
            "document_id": found.document_id, "origin": found.origin, "confirmed_by": _who(by),
        }  # fmt: skip
        with self.engine.begin() as connection:
            mine = PROPOSALS.c.id == number
            values = {"status": "confirmed", "proposal": proposal.as_data(), "number": proposal.number}
            changed = connection.execute(update(PROPOSALS).where(mine, PROPOSALS.c.status == "proposed").values(values))
            if changed.rowcount != 1:
                raise BadInput(f"Đề nghị số {number} vừa được người khác xử lý.")
            connection.execute(ENTRIES.insert().values(entry))
        return self.proposal(number)

    def reject(self, number: int, *, by: str) -> Proposed:
        """Put a proposal aside; one that was confirmed is withdrawn and no longer in force."""
        found = self.proposal(number)
        if found.status == "rejected":
            raise BadInput(f"Đề nghị số {number} đã bị bác trước đó.")
        with self.engine.begin() as connection:
            connection.execute(update(PROPOSALS).where(PROPOSALS.c.id == number).values(status="rejected"))
            live = (ENTRIES.c.proposal_id == number) & ENTRIES.c.withdrawn_at.is_(None)
            values = {"withdrawn_by": _who(by), "withdrawn_at": datetime.now(UTC)}
            connection.execute(update(ENTRIES).where(live).values(values))
        return self.proposal(number)

    def forget(self, document_id: str) -> None:
        """Drop what a document proposed and nobody has judged; what was confirmed is law and stays."""
        with self.engine.begin() as connection:
            waiting = (PROPOSALS.c.document_id == document_id) & (PROPOSALS.c.status == "proposed")
            connection.execute(delete(PROPOSALS).where(waiting))

    def _waiting(self, number: int) -> Proposed:
        found = self.proposal(number)
        if found.status != "proposed":
            done = "đã được xác nhận" if found.status == "confirmed" else "đã bị bác"
            raise BadInput(f"Đề nghị số {number} {done}, không sửa hay xác nhận được nữa.")
        return found


# -- records -----------------------------------------------------------------------------------------------------------


def _same_instrument(one: Proposal, other: Proposal) -> bool:
    a, b = one.day("signed"), other.day("signed")
    return one.number == other.number and (a is None or b is None or a == b)


def _content(proposal: Proposal) -> tuple[Any, ...]:
    """What a proposal says, without the words that it rests on: another copy reads a little differently."""
    values = tuple(proposal[name] for name in ("number", "signed", "effective", "expires"))
    return values, tuple(sorted((r.kind, r.number, str(r.ends)) for r in proposal.relations))


def _who(by: str) -> str:
    return " ".join(by.split())[:120] or "không rõ"


def _proposed(row: Any, entry: Any) -> Proposed:
    proposal = proposal_from(row.proposal)
    by, at = "", None
    if entry is not None:
        by, at = (entry.withdrawn_by or entry.confirmed_by), (entry.withdrawn_at or entry.confirmed_at)
    return Proposed(row.id, row.status, proposal, row.document_id, row.origin, row.proposed_at, by, at)
