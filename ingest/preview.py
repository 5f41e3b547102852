"""A file's passages as `sotay passages` prints them, also of a file that has not been read in."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ingest.draft import Asked
from ingest.files import written
from ingest.metadata import place
from ingest.sandbox import Sandbox
from knowledge.errors import BadInput
from knowledge.types import Passage


def preview(path: Path) -> list[dict[str, Any]]:
    """A file's passages as they would be, without writing anything; raises Unreadable or BadInput."""
    path = path.expanduser().absolute()
    if not path.is_file():
        raise BadInput(f"Không có tệp «{path}».")
    origin, kind = place(path)
    with Sandbox() as sandbox:
        found = sandbox.draft(path, Asked(str(path), written(path), sha256_of(path), origin, kind))
    return [passage_data(passage) for made in (found, *(m for _, m in found.inside)) for passage in made.passages]


def passage_data(passage: Passage) -> dict[str, Any]:
    """A passage as `sotay passages` prints it."""
    return {
        "passage_id": passage.id,
        "breadcrumb": list(passage.breadcrumb),
        "page": passage.page,
        "sources": [f"{source.key} {source.locator}".strip() for source in passage.sources],
        "text": passage.text,
    }


def sha256_of(path: Path) -> str:
    """The hash that a file is known by."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
