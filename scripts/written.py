"""Questions written for learning and checking, by writers who saw the handbook but no question of tests/golden.

`answerable.tsv` holds a question, the page and the headings (` || ` between them) that answer it, worded as a stranger
to the section would; `unanswerable.txt` what must be refused, and `near_misses.txt` the same in the words of one page
that does not tell it. The ranker learns from half of the answerable ones, the
confidence from all (its figures are of trees that have not seen the question).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

from knowledge.text import fold
from knowledge.types import Hit

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Written:
    """A question and the sections that answer it."""

    question: str
    page: str
    headings: tuple[str, ...]

    def holds(self, hit: Hit) -> bool:
        """Whether a hit is a passage of one of the sections."""
        return hit.document.origin.endswith(self.page) and not set(self.headings).isdisjoint(hit.passage.breadcrumb)


def to_learn(question: str) -> bool:
    """Whether a question is in the half that the ranker learns from."""
    return zlib.crc32(fold(question).encode()) % 2 == 0


def answerable() -> list[Written]:
    """Every question with an answer in the handbook."""
    rows = [line.split("\t") for line in (HERE / "answerable.tsv").read_text(encoding="utf-8").splitlines()]
    return [Written(question, page, tuple(headings.split(" || "))) for question, page, headings in rows]


def unanswerable() -> list[str]:
    """Questions without one: of other things, and some that sound alike."""
    return _lines("unanswerable.txt")


def near_misses() -> list[str]:
    """Questions without one in the words of a page of the handbook."""
    return _lines("near_misses.txt")


def _lines(name: str) -> list[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and line[0] != "#"]
