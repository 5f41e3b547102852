"""Follow-up questions, resolved from the session's last questions without a language model."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.abbreviations import Abbreviations
from knowledge.types import Question


@dataclass(frozen=True)
class Resolved:
    """The question as it stands alone; `clarify` when it cannot: what to say and what to choose from."""

    text: str
    history_used: bool = False
    clarify: tuple[str, tuple[str, ...]] | None = None


def resolve(question: Question, abbreviations: Abbreviations) -> Resolved:
    """The question made to stand alone."""
    return Resolved(question.text)
