"""The papers that were taken in, by the names that people give them: their number, or a law's title.

The register holds what the office has confirmed; a paper is asked for by name before that too. Its standing stays what
the register says of it: unknown, where it says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.registry import Registry
from knowledge.text import fold, folded_syllables
from knowledge.types import Document, Instrument

# What is called by its title alone: "luật cư trú".
_TITLED = ("luat", "bo luat", "phap lenh")
_LEFT_OUT = frozenset({"va", "ve"})  # "luật phòng cháy, chữa cháy"
_LONGEST = 8  # syllables of a title that people say whole


class PaperNames:
    """Names of the documents of one snapshot."""

    def __init__(self, documents: Iterable[Document]) -> None:
        papers = [_instrument(document) for document in documents if document.kind == "official"]
        known = [paper for paper in papers if paper is not None]
        self.registry = Registry({paper.key: paper for paper in known}.values())
        laws = {_said(paper.title): paper for paper in known if fold(paper.kind) in _TITLED}
        said = sorted((title for title in laws if 0 < len(title.split()) <= _LONGEST), key=len, reverse=True)
        # A word may stand between: an abbreviation beside what it is short for.
        self._titles = [
            (re.compile(rf"\b{_said(laws[title].kind)} (?:\w+ )?{re.escape(title)}\b"), laws[title].key)
            for title in said
        ]

    def titled(self, text: str) -> tuple[str, ...]:
        """The keys of the laws that a text calls by their titles."""
        words, keys = _said(text), []
        for name, key in self._titles:
            words, count = name.subn(" ", words)
            keys += [key] if count else []
        return tuple(keys)


def _instrument(document: Document) -> Instrument | None:
    """What a document is the text of; its title is "Luật 26/2023/QH15: Căn cước"."""
    if not document.instrument:
        return None
    kind, _, _ = document.title.partition(f" {document.instrument.partition('@')[0]}")
    _, _, title = document.title.partition(": ")
    return Instrument(document.instrument, document.instrument.partition("@")[0], kind, title)


def _said(text: str) -> str:
    return " ".join(syllable for syllable in folded_syllables(text) if syllable not in _LEFT_OUT)
