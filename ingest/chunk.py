"""Cuts a reading into passages."""

from __future__ import annotations

from ingest.blocks import Reading
from knowledge.types import Document, Passage


def chunk(document: Document, reading: Reading) -> list[Passage]:
    """The passages of a document in reading order; every word of the reading is in one of them."""
    raise NotImplementedError
