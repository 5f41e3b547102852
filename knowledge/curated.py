"""Answers that a reviewer gave to one person and then approved for everybody.

The table is the truth: a draft, a private or a withdrawn answer is known to nobody but the reviewers. `publish` makes
each approved one a document of kind `curated` with one passage, through store and index like any other, so search,
validity and citations need nothing new; it can be run at any time and does nothing twice. An answer stands as long as
what it cites stands: `unsound` names those that must be looked at again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    String,
    Table,
    Text,
    delete,
    select,
    update,
)

from knowledge.database import METADATA
from knowledge.dates import show
from knowledge.places import NATIONAL
from knowledge.records import mask
from knowledge.references import Reference, read_references
from knowledge.text import normalise
from knowledge.types import Document, Passage, Source, Standing

if TYPE_CHECKING:
    from knowledge.assistant import Assistant

CURATED = Table(
    "curated_answers",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("status", String(12), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("source", Text, nullable=False),  # as the reviewer wrote it
    Column("locality", String(40), nullable=False),
    Column("cites", JSON, nullable=False),  # what it hung on when it was approved
    Column("version", Integer, nullable=False),  # raised by every change of words or status
    Column("inquiry", String(16), nullable=False, index=True),  # the question that it answered; empty once forgotten
    Column("written_by", BigInteger),
    Column("approved_by", BigInteger),
    Column("approved_name", String(80), nullable=False),
    Column("approved_on", Date),
    Column("reason", Text, nullable=False),  # why it was withdrawn
    Column("changed", DateTime(timezone=True), nullable=False, index=True),
)

CuratedStatus = Literal["draft", "approved", "withdrawn", "private"]

BY_REVIEWER = "Chuyên viên trả lời"
ORIGIN = "curated:"
_PASSAGES = 3  # how many passages of a broad place ("Điều 7") an answer is held to hang on
_SOURCE = 300


@dataclass(frozen=True)
class Cites:
    """What an answer hangs on: places in instruments (`held`: in force when it was approved), and passages with a
    fingerprint of what they then said and rested on."""

    places: tuple[tuple[str, str, bool], ...] = ()  # key, locator, held
    passages: tuple[tuple[str, str], ...] = ()  # id, fingerprint


@dataclass(frozen=True)
class CuratedAnswer:
    """One answer as it stands."""

    id: str
    status: CuratedStatus
    question: str
    answer: str
    source: str = ""
    locality: str = NATIONAL
    cites: Cites = Cites()
    version: int = 1
    inquiry: str = ""
    approved_name: str = ""
    approved_on: date | None = None
    reason: str = ""

    @property
    def title(self) -> str:
        """Who answered, when it was approved and on what it rests: what a citation of it says."""
        day = f", duyệt ngày {show(self.approved_on)}" if self.approved_on else ""
        name = f" ({self.approved_name})" if self.approved_name else ""
        return f"{BY_REVIEWER}{day}{name}" + (f", theo {self.source}" if self.source else "")


class Curated:
    """Reads and writes the answers. What changes them takes a connection, to act within a caller's transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def get(self, number: str) -> CuratedAnswer | None:
        """One answer, or None."""
        with self.engine.connect() as connection:
            row = connection.execute(select(CURATED).where(CURATED.c.id == number)).first()
        return _answer(row) if row else None

    def of_status(self, status: CuratedStatus) -> list[CuratedAnswer]:
        """All answers of a status, by id."""
        query = select(CURATED).where(CURATED.c.status == status).order_by(CURATED.c.id)
        with self.engine.connect() as connection:
            return [_answer(row) for row in connection.execute(query)]

    def draft(
        self, connection: Connection, number: str, question: str, answer: str, *, by: int, locality: str, inquiry: str
    ) -> None:
        """Write down an answer that nobody else may see yet; personal numbers masked."""
        row = {
            "id": number, "status": "draft", "question": tidy(question), "answer": tidy(answer), "source": "",
            "locality": locality, "cites": {}, "version": 1, "inquiry": inquiry, "written_by": by,
            "approved_name": "", "reason": "", "changed": datetime.now(UTC),
        }  # fmt: skip
        connection.execute(CURATED.insert().values(row))

    def reword(self, connection: Connection, number: str, version: int, **words: str) -> bool:
        """Change question, answer or source of this version; it then needs approval (again). False if it changed."""
        values = {name: tidy(text)[: _SOURCE if name == "source" else None] for name, text in words.items()}
        return self._change(connection, number, version, status="draft", reason="", **values)

    def approve(
        self, connection: Connection, number: str, version: int, *, by: int, name: str, on: date, cites: Cites
    ) -> bool:
        """Let everybody have this version from the next `publish` on; False if it has changed meanwhile."""
        values = {"approved_by": by, "approved_name": signature(name), "approved_on": on}
        data = json.loads(json.dumps(asdict(cites)))
        return self._change(connection, number, version, status="approved", reason="", cites=data, **values)

    def keep_private(self, connection: Connection, number: str, version: int) -> bool:
        """Not for others (any more); False if it has changed meanwhile."""
        return self._change(connection, number, version, status="private", reason="")

    def withdraw(self, connection: Connection, number: str, version: int, reason: str) -> bool:
        """Take an approved version back until a reviewer has looked at it again; False if it has changed meanwhile."""
        approved = CURATED.c.status == "approved"
        return self._change(connection, number, version, approved, status="withdrawn", reason=reason)

    def of_person(self, user_id: int) -> list[dict[str, Any]]:
        """What a reviewer wrote or approved, as data."""
        mine = (CURATED.c.written_by == user_id) | (CURATED.c.approved_by == user_id)
        with self.engine.connect() as connection:
            rows = connection.execute(select(CURATED).where(mine).order_by(CURATED.c.id)).all()
        names = ("question", "answer", "source", "status", "approved_name")
        return [{name: getattr(row, name) for name in names} for row in rows]

    def forget_person(self, connection: Connection, user_id: int) -> None:
        """Take a reviewer's name and number off; what was approved stays knowledge, drafts go."""
        mine = CURATED.c.written_by == user_id
        connection.execute(delete(CURATED).where(mine, CURATED.c.status.in_(("draft", "private"))))
        connection.execute(update(CURATED).where(mine).values(written_by=None))
        signed = CURATED.c.approved_by == user_id
        connection.execute(update(CURATED).where(signed).values(approved_by=None, approved_name=""))

    def forget_inquiries(self, connection: Connection, inquiries: Sequence[str]) -> None:
        """The askers are forgotten: what was not approved goes, what was loses its tie to them."""
        asked = CURATED.c.inquiry.in_(inquiries)
        connection.execute(delete(CURATED).where(asked, CURATED.c.status.in_(("draft", "private"))))
        connection.execute(update(CURATED).where(asked).values(inquiry=""))

    def expire(self, days: int) -> int:
        """Remove what was never approved and has lain for so many days; how many there were."""
        old = CURATED.c.changed < datetime.now(UTC) - timedelta(days=days)
        with self.engine.begin() as connection:
            unused = CURATED.c.status.in_(("draft", "private"))
            return connection.execute(delete(CURATED).where(old, unused)).rowcount

    def _change(self, connection: Connection, number: str, version: int, *also: Any, **values: Any) -> bool:
        this = (CURATED.c.id == number, CURATED.c.version == version, *also)
        values |= {"version": CURATED.c.version + 1, "changed": datetime.now(UTC)}
        return connection.execute(update(CURATED).where(*this).values(**values)).rowcount > 0


# -- into the knowledge ------------------------------------------------------------------------------------------------


def document_of(answer: CuratedAnswer) -> tuple[Document, Passage]:
    """An approved answer as a document with one passage: the question is its heading, the cited places its grounds."""
    document_id = ORIGIN + answer.id
    # The rules that it rests on say from when it holds; resting on none, it speaks from the day of its approval.
    bound = any(held for _, _, held in answer.cites.places)
    passage = Passage(
        document_id,
        "#0",
        answer.answer,
        (answer.question,),
        sources=tuple(Source(key, locator, past=not held) for key, locator, held in answer.cites.places),
        warning="" if answer.source else "chuyên viên chưa dẫn văn bản làm căn cứ",
    )
    valid_from = None if bound else answer.approved_on
    digest = hashlib.sha256("\x1f".join((passage.id, passage.digest, answer.title, answer.locality)).encode())
    document = Document(
        document_id, answer.title, "curated", document_id, digest.hexdigest(),
        instruments=tuple(dict.fromkeys(key for key, _, _ in answer.cites.places)),
        locality=answer.locality, valid_from=valid_from,
    )  # fmt: skip
    return document, passage


def publish(assistant: Assistant) -> int:
    """Bring store and index in line with the table; how many documents were written or removed."""
    store, index = assistant.store, assistant.index
    wanted = {d.id: (d, p) for d, p in map(document_of, assistant.curated.of_status("approved"))}
    have = {d.id: d.sha256 for d in store.documents() if d.kind == "curated" and d.origin.startswith(ORIGIN)}
    changes = [
        store.replace(document, [passage], index.embedder.passages)
        for document, passage in wanted.values()
        if have.get(document.id) != document.sha256
    ]
    changes += [store.remove(document_id) for document_id in have if document_id not in wanted]
    for change in changes:
        index.apply(change)
    return len(changes)


def cites_of(assistant: Assistant, answer: CuratedAnswer) -> Cites:
    """What an answer's source and words refer to: instruments of the register, and the passages at those places that
    are nearest to the answer."""
    registry, today = assistant.registry, assistant.settings.current_day()
    places: dict[tuple[str, str], bool] = {}
    for piece in re.split(r"[;\n]|(?<=[.!?])\s", f"{answer.source}\n{answer.answer}"):
        for reference in read_references(piece, registry).found:
            if reference.key:
                held = registry.standing(reference.key, today) in (Standing.IN_FORCE, Standing.UNKNOWN)
                places.setdefault((reference.key, reference.locator), held)
    passages: dict[str, str] = {}
    vector = assistant.index.embedder.questions([f"{answer.question}\n{answer.answer}"])[0]
    snapshot = assistant.index.snapshot
    for key, locator in places:
        place = Reference(key, locator)
        rows = [
            row
            for row in (snapshot.cited.get(key, []) if locator else [])
            if any(place.covers(*other) for other in snapshot.grounds[row].places)
            and not snapshot.grounds[row].document_id.startswith(ORIGIN)
        ]
        own = [r for r in rows if snapshot.documents[snapshot.grounds[r].document_id].instrument == key]
        rows = sorted(own or rows, key=lambda row: (-float(snapshot.vectors[row] @ vector), snapshot.ids[row]))
        for passage in assistant.store.passages([snapshot.ids[row] for row in rows[:_PASSAGES]]):
            passages[passage.id] = fingerprint(passage)
    return Cites(tuple((k, loc, held) for (k, loc), held in places.items()), tuple(passages.items()))


def unsound(assistant: Assistant) -> list[tuple[CuratedAnswer, str]]:
    """The approved answers that must be looked at again, with the reason in Vietnamese."""
    found = []
    for answer in assistant.curated.of_status("approved"):
        if reason := _fault(assistant, answer):
            found.append((answer, reason))
    return found


def fingerprint(passage: Passage) -> str:
    """Changes with a passage's words, its grounds and its warning, not with how it is searched for."""
    rest = [passage.id, [asdict(source) for source in passage.sources], passage.warning]
    return hashlib.sha256(json.dumps(rest, ensure_ascii=False).encode()).hexdigest()[:16]


def tidy(text: str) -> str:
    """A reviewer's words as they are kept: in normal form, personal numbers masked."""
    return mask(normalise(text)).strip()


def signature(name: str) -> str:
    """A reviewer's name as it stands below an answer: on one line, short, without numbers of a person."""
    return mask(" ".join(normalise(name).split()))[:60]


def _fault(assistant: Assistant, answer: CuratedAnswer) -> str:
    registry, today = assistant.registry, assistant.settings.current_day()
    for key, _, held in answer.cites.places:
        instrument = registry.get(key)
        if instrument is None:
            return f"{key} không còn trong danh bạ văn bản"
        if held and registry.standing(key, today) == Standing.EARLIER:
            after = registry.successor(key, today)
            return f"{instrument.number} không còn áp dụng" + (f", nay là {after.number}" if after else "")
    now = {passage.id: passage for passage in assistant.store.passages([i for i, _ in answer.cites.passages])}
    for number, before in answer.cites.passages:
        if number not in now:
            return "đoạn văn bản được dẫn đã thay đổi hoặc không còn trong kho"
        if fingerprint(now[number]) != before:
            return f"căn cứ của đoạn «{now[number].title[:80]}» đã thay đổi"
    return ""


def _answer(row: Any) -> CuratedAnswer:
    cites = Cites(
        tuple((key, locator, held) for key, locator, held in row.cites.get("places", ())),
        tuple((number, mark) for number, mark in row.cites.get("passages", ())),
    )
    return CuratedAnswer(
        row.id, row.status, row.question, row.answer, row.source, row.locality, cites, row.version, row.inquiry,
        row.approved_name, row.approved_on, row.reason,
    )  # fmt: skip
