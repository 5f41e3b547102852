"""What one file would bring into the knowledge: document, passages, print and proposed register entry.

Made in the parsing child, since cutting and describing go over the same hostile text as reading, and handed over as
plain data. What a file may not decide – which document it is, and whether it is a page of the handbook – is given with
the question and checked on the answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from ingest.blocks import Member, Reading, block_lines
from ingest.chunk import chunk
from ingest.metadata import describe, identity
from ingest.prints import Print, fingerprint
from ingest.proposal import propose
from knowledge.proposal import Proposal, proposal_from
from knowledge.types import Document, DocumentKind, Passage, Source

_OWN = "thu"  # the e-mail's own text among its attachments


@dataclass(frozen=True)
class Asked:
    """What is known of a file before it is read: a name to describe it by, its path on record, where it comes from."""

    name: str
    path: str
    sha256: str
    origin: str
    kind: DocumentKind | None = None


@dataclass(frozen=True)
class Draft:
    """What one file would bring; `inside` are the files in an archive or an e-mail by name, `failed` those not read."""

    document: Document
    passages: tuple[Passage, ...] = ()
    mark: Print | None = None
    proposal: Proposal | None = None
    scores: Mapping[int, float] = field(default_factory=dict)
    inside: tuple[tuple[str, Draft], ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    holds: int = 0  # how many files are inside; 0: it is no archive


def draft(asked: Asked, reading: Reading) -> Draft:
    """What a reading would bring."""
    made = _one(asked, reading)
    if not reading.members:
        return replace(made, mark=fingerprint(asked.path, made.document, reading))
    members = _flat(reading)
    own = [Member(_OWN, replace(reading, members=()))] if reading.blocks else []
    found = [(m.name, _one(_member(asked, m.name, m.reading), m.reading)) for m in [*own, *members] if m.reading]
    failed = tuple((m.name, m.reason) for m in members if m.reading is None)
    return Draft(made.document, inside=tuple(found), failed=failed, holds=len(members))


def _one(asked: Asked, reading: Reading) -> Draft:
    document = describe(reading, Path(asked.name), asked.sha256, kind=asked.kind, origin=asked.origin)
    proposal = None
    if document.kind == "official":
        try:
            proposal = propose(reading)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            told = f"Không lập được đề nghị cho danh bạ văn bản ({type(error).__name__})."
            document = replace(document, warnings=(*document.warnings, told))
    return Draft(document, tuple(chunk(document, reading)), proposal=proposal, scores=reading.scores)


def _flat(reading: Reading, name: str = "") -> list[Member]:
    """All readings inside, those of archives within archives too, by their path; what could not be read included."""
    found = []
    for member in reading.members:
        path = f"{name}/{member.name}" if name else member.name
        if member.reading is None:
            found.append(Member(path, None, member.reason, member.refused))
            continue
        if member.reading.blocks:
            found.append(Member(path, member.reading))
        found.extend(_flat(member.reading, path))
    return found


def _member(asked: Asked, name: str, reading: Reading) -> Asked:
    digest = hashlib.sha256("\n".join(line for block in reading.blocks for line in block_lines(block)).encode())
    return replace(asked, name=f"{asked.name}/{name}", sha256=digest.hexdigest(), origin=f"{asked.origin}/{name}")


def to_data(made: Draft) -> dict[str, Any]:
    """The draft as JSON-ready data."""
    mark = made.mark
    return {
        "document": {name: _plain(value) for name, value in asdict(made.document).items()},
        "passages": [
            {name: value for name, value in asdict(passage).items() if name not in ("id", "document_id")}
            for passage in made.passages
        ],
        "mark": mark and {**vars(mark), "figures": sorted(mark.figures), "sketch": mark.sketch.tolist()},
        "proposal": made.proposal and made.proposal.as_data(),
        "scores": {str(page): score for page, score in made.scores.items()},
        "inside": [[name, to_data(inner)] for name, inner in made.inside],
        "failed": made.failed,
        "holds": made.holds,
    }


def from_data(data: Mapping[str, Any], asked: Asked) -> Draft:
    """The draft that `to_data` wrote of the file asked for; ValueError, KeyError or TypeError for anything else."""
    said = dict(data["document"])
    for name in ("valid_from", "valid_to"):
        said[name] = date.fromisoformat(said[name]) if said[name] else None
    for name in ("instruments", "topics", "warnings"):
        said[name] = tuple(said[name])
    document = Document(**said)
    given = (identity(asked.origin, asked.name), asked.origin, asked.kind == "handbook")
    if (document.id, document.origin, document.kind == "handbook") != given:
        raise ValueError("the answer is about another document")
    mark = data["mark"]
    if mark:
        mark = {**mark, "figures": frozenset(mark["figures"]), "sketch": np.array(mark["sketch"], np.uint32)}
        if (mark["path"], mark["document_id"]) != (asked.path, document.id):
            raise ValueError("the print is of another file")
    inner = [(str(name), entry) for name, entry in data["inside"]]
    return Draft(
        document,
        tuple(_passage(document, entry) for entry in data["passages"]),
        Print(**mark) if mark else None,
        proposal_from(data["proposal"]) if data["proposal"] else None,
        {int(page): float(score) for page, score in data["scores"].items()},
        tuple((name, from_data(entry, _inner(asked, name, entry))) for name, entry in inner),
        tuple((str(name), str(reason)) for name, reason in data["failed"]),
        int(data["holds"]),
    )


def _inner(asked: Asked, name: str, entry: Mapping[str, Any]) -> Asked:
    sha256 = str(entry["document"]["sha256"])
    return replace(asked, name=f"{asked.name}/{name}", sha256=sha256, origin=f"{asked.origin}/{name}")


def _passage(document: Document, entry: Mapping[str, Any]) -> Passage:
    own = dict(entry)
    own["sources"] = tuple(Source(**source) for source in own["sources"])
    own["breadcrumb"] = tuple(own["breadcrumb"])
    return Passage(document_id=document.id, **own)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
