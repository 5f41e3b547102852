"""Which instruments one replaced or amended, and which replaced or amended it ("QĐ 26 thay văn bản nào"), as the
register knows."""

from __future__ import annotations

import re
from datetime import date

from knowledge.dates import show
from knowledge.question import QuestionReading, content_terms
from knowledge.registry import ONE_SOURCE, UNVERIFIED, Registry
from knowledge.text import fold
from knowledge.types import Instrument

_KIND = r"(?:van ban|quyet dinh|qd|nghi dinh|nd|thong tu|tt|nghi quyet|nq|luat|cai|so)"
_REPLACE = r"(?:thay(?: the)?|bai bo)"
_AMEND = r"sua(?: doi)?(?:,? bo sung)?"
_WHICH = rf"(?:(?:cac|nhung|cho) )*{_KIND} ?(?:nao|gi|so may|may)\b"
# How the rest of a question, folded, asks for what was done to the named instrument, or what it did.
_ASKED: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        "amended_by",
        "được sửa đổi, bổ sung bởi",
        re.compile(
            rf"\b(?:bi|duoc|dc) {_AMEND}\b|{_WHICH} {_AMEND}\b(?! (?:cho )?{_WHICH})|"
            rf"\b(?:da|co) {_AMEND}.*\b(?:chua|khong|ko|gi)\b"
        ),
    ),
    (
        "replaced_by",
        "được thay bởi",
        re.compile(
            rf"\b(?:bi|duoc|dc) {_REPLACE}\b|{_WHICH} {_REPLACE}\b(?! (?:cho )?{_WHICH})|\b{_REPLACE} (?:bang|boi)\b"
        ),
    ),
    ("amends", "sửa đổi, bổ sung", re.compile(rf"(?<!bi )(?<!duoc )(?<!dc )\b{_AMEND} (?:cho )?{_WHICH}")),
    ("replaces", "thay", re.compile(rf"(?<!bi )(?<!duoc )(?<!dc )\b{_REPLACE} (?:cho )?{_WHICH}")),
)
_ONLY = frozenset((
    "thay", "the", "bai", "bo", "sua", "doi", "sung", "van", "ban", "quyet", "dinh", "qd", "nghi", "nd", "thong", "tu",
    "tt", "nq", "luat", "so", "may", "bi", "boi", "bang", "duoc", "cho", "no", "ocop", "ntm", "moi", "cu",
))  # fmt: skip


def asks_succession(reading: QuestionReading) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """The key of the one instrument that a question names, and each link of the register that it asks for, with how
    that is said; None where it asks for something else."""
    keys = {reference.key for reference in reading.references.found if reference.key}
    places = any(reference.locator for reference in reading.references.found)
    rest = " ".join(fold(reading.references.rest).partition("(")[0].split())  # a follow-up's subject is in brackets
    if len(keys) != 1 or places or set(content_terms(rest)) - _ONLY:
        return None
    links = tuple((link, says) for link, says, pattern in _ASKED if pattern.search(rest))
    return (keys.pop(), links) if links else None


def succession(reading: QuestionReading, registry: Registry, on: date) -> tuple[str, tuple[str, ...]] | None:
    """What the register says of the links that there were on that day, and the keys of the other instruments that it
    names; None where a question asks for something else, or the register does not know."""
    asked = asks_succession(reading)
    instrument = registry.get(asked[0]) if asked else None
    if asked is None or instrument is None or instrument.confidence == UNVERIFIED or _begun(instrument) > on:
        return None
    lines, keys = [], []
    for link, says in asked[1]:
        others = (registry.get(key) for key in getattr(instrument, link))
        known = [other for other in others if other is not None and _begun(other) <= on]
        confidences = {instrument.confidence, *(other.confidence for other in known)}
        if not known or UNVERIFIED in confidences:
            continue
        lead = _name(instrument) + (", theo một nguồn," if ONE_SOURCE in confidences else "") + f" {says}"
        told = [_told(other, on) for other in known]
        lines.append(f"{lead} {told[0]}." if len(told) == 1 else "\n- ".join((f"{lead}:", *told)))
        keys += [other.key for other in known]
    return ("\n".join(lines), tuple(keys)) if lines else None


def _begun(instrument: Instrument) -> date:
    """The first day of an instrument that is known."""
    return instrument.signed or (instrument.in_force[0].start if instrument.in_force else date.min)


def _name(instrument: Instrument) -> str:
    kind = instrument.kind[:1].upper() + instrument.kind[1:]
    return f"{kind} {instrument.number}"


def _told(instrument: Instrument, on: date) -> str:
    """An instrument with the day of its signing, and the last of its days where they are over."""
    signed = f" ngày {show(instrument.signed)}" if instrument.signed else ""
    last = instrument.in_force[-1].end if instrument.in_force else None
    ended = f" (có hiệu lực đến {show(last)})" if last and last < on else ""
    return f"{instrument.kind} {instrument.number}{signed}{ended}"
