"""The yes or no that opens a unit of the handbook, and whether it answers the question that is asked.

"Có. Bao bì phải …" was written under one question; to another ("bao bì có được miễn … không") the rest is an answer and
the "Có" a false one.
"""

from __future__ import annotations

import re

from knowledge.question import Kind, QuestionReading
from knowledge.rank import numbered, numbers_told
from knowledge.relevance import Relevance, cover, words_of
from knowledge.text import fold, folded_syllables, normalise
from knowledge.then_and_now import of_another_time
from knowledge.types import Hit

# How much of a question a passage's own way of asking must hold for the two to ask the same: of 61 openings kept at .45
# where a yes or no is asked a reader found 57 right; in answers to other questions half are odd.
_SAME, _SAME_OTHER = 0.45, 0.65
_VERDICT = re.compile(
    r"(?:Có|Không|Được|Chưa|Phải|Đúng|Sai|Nên|Cần|Rồi)(?: (?:thể|được|cần|phải|nên|bắt buộc|có))?\.\s+"
)
# What a question asks for, folded: what must be, what befalls one, and what may be left out ("bỏ", but no ministry and
# no product set).
_MUST = re.compile(r"\b(?:phai|bat buoc|can|buoc)\b")
_STEP = re.compile(r"\bbước\b", re.IGNORECASE)  # folded, a step is "buộc"
_AGAINST = re.compile(
    r"\bbi (?:loai|phat|thu hoi|cam|tru|rut|xu|go|tu choi|coi|bat|tuoc|gat|vo hieu)\b|\bcam\b(?! (?:ket|quan|on))"
)
# What asks whether harm comes of it: a bare "Không" would say that none does, "Không được" says what it means.
_HARM = re.compile(r"\bbi (?:gi|sao)\b|\bco sao (?:khong|ko|k|hong|hem)\b")
_BARE = re.compile(r"(?:Có|Không)\.")
_LEAVE = re.compile(
    r"\b(?:bo|mien|khoi|khong can|khong phai|ko can|ko phai|k can|k phai)\b(?! (?:so|san pham|tieu chi|\d))"
)
# Folded, what a question must say for such an answer to be one to it: "Được" answers no "có cần … không".
_ANSWERED_BY = {
    "Được": re.compile(r"\b(?:duoc|dc|co the|cho phep|ok)\b"),
    "Phải": _MUST,
    "Cần": _MUST,
    "Nên": re.compile(r"\bnen\b"),
}


def without_verdict(text: str, hit: Hit) -> str:
    """A unit's text without the yes or no that opens it; a law's words stay whole."""
    verdict = _VERDICT.match(text)
    if verdict is None or hit.document.kind == "official":
        return text
    rest = text[verdict.end() :]
    return rest[:1].upper() + rest[1:]


def as_asked(text: str, hit: Hit, reading: QuestionReading, relevance: Relevance) -> str:
    """A unit's text, without the yes or no that opens it where that was said to another question."""
    bare = without_verdict(text, hit)
    if bare == text:
        return text
    answered_by = _ANSWERED_BY.get(re.split(r"\W", text, maxsplit=1)[0])
    question, heading = fold(reading.text), fold(hit.passage.heading)
    says_of_harm = _BARE.match(text) and _HARM.search(question) and not _HARM.search(heading)
    fits = answered_by.search(question) if answered_by else not says_of_harm
    return text if fits and _asks_the_same(hit, reading, relevance) else bare


def asked_for(hit: Hit, reading: QuestionReading, relevance: Relevance) -> float:
    """How much of what a question's words tell stands in one of the ways in which a passage is asked for, 0 to 1."""
    asked = relevance.shares(reading.terms)
    return max((cover(asked, words_of(way)) for way in hit.passage.ways), default=0.0)


def _asks_the_same(hit: Hit, reading: QuestionReading, relevance: Relevance) -> bool:
    """Whether a question is one that the passage gives as its own."""
    if reading.kind not in (Kind.YES_NO, Kind.OTHER):
        return False
    same = _SAME if reading.kind == Kind.YES_NO else _SAME_OTHER
    if _modes(hit.passage.heading) != _modes(reading.text) or of_another_time(hit, reading):
        return False
    _, of_another_number = numbers_told(numbered(reading.search), numbered(hit.passage.heading))
    if of_another_number:
        return False
    return asked_for(hit, reading, relevance) >= same


def _modes(question: str) -> tuple[bool, ...]:
    """Whether a question asks what must be, what may be left out, what befalls one: "phải ghi" is not "được bỏ"."""
    folded = " ".join(folded_syllables(_STEP.sub(" ", normalise(question))))
    return tuple(bool(mode.search(folded)) for mode in (_MUST, _LEAVE, _AGAINST))
