"""One legal document looked up: which one a person means, what lies near, what the knowledge holds of and about it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from knowledge.numerals import ROMAN
from knowledge.references import read_references, show_locator
from knowledge.registry import Registry
from knowledge.snapshot import Snapshot
from knowledge.text import fold, normalise, syllables
from knowledge.types import Instrument, Standing
from knowledge.validity import Validity

_NEAR = 6
_ENOUGH = 1.2
# Words that every document has; they tell none from another.
_COMMON = frozenset(
    syllables(
        "van ban so qd quyet dinh nd nghi tt thong tu luat nq kh ke hoach ve cua va cho theo nam ngay quy cac mot viec "
        "con hieu luc khong"
    )
)
_PLACE = re.compile(r"\b(?:PL[IVX]+|Ch[IVX]+|Đ\d+)(?:\s+(?:k\d+|đ[a-eghiklmđ]\b|B\d+|m\d+(?:\.\d+)*|M\d+))*")
_SOURCE = re.compile(r"\b[obn]-[a-z0-9-]*[a-z0-9]")


def meant(text: str, registry: Registry) -> list[Instrument]:
    """The instruments that a text names: by number, alias or short form; several where it may mean each of them.

    A bare serial ("148") names what carries it, since nothing but a document was asked for.
    """
    found = registry.candidates(text)
    if not found:
        keys = [reference.key for reference in read_references(text, registry).found if reference.key]
        found = [instrument for key in keys if (instrument := registry.get(key))]
    if not found and re.fullmatch(r"\d{1,5}", text.strip()):
        serial = text.strip().lstrip("0")
        found = [one for one in registry if re.match(r"\d+", one.number) and _serial(one.number) == serial]
    return found


def near(text: str, registry: Registry) -> list[Instrument]:
    """What may have been meant by words that name no instrument: like numbers, and titles with the same words."""
    plain = fold(normalise(text))
    number = re.search(r"\d[\w/.-]*", plain)
    rest = plain.replace(number[0], " ") if number else plain
    words = {fold(word) for word in syllables(rest)} - _COMMON
    scored = []
    for instrument in registry:
        score = _likeness(plain, number, words, instrument)
        if score >= _ENOUGH:
            scored.append((-score, instrument.key, instrument))
    return [instrument for _, _, instrument in sorted(scored, key=lambda one: one[:2])[:_NEAR]]


def _likeness(plain: str, number: re.Match[str] | None, words: set[str], instrument: Instrument) -> float:
    score = 0.0
    if number:
        name = fold(instrument.number)
        score += 1.5 * SequenceMatcher(None, number[0], name).ratio()
        score += 1.5 if _serial(name) == _serial(number[0]) else 0.0
    if words:
        told = {fold(word) for title in (instrument.title, *instrument.aliases) for word in syllables(title)}
        score += 2.0 * len(words & told) / len(words)
    return score


def _serial(number: str) -> str:
    match = re.match(r"\d+", number)
    return match[0].lstrip("0") if match else ""


# -- what the knowledge holds ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mention:
    """A passage that rests on an instrument or tells of it: where in the instrument, and how it stands on the day."""

    passage_id: str
    locator: str
    standing: Standing


def mentions(key: str, snapshot: Snapshot, validity: Validity, on: date) -> list[Mention]:
    """The passages about an instrument that are not its own text: those that hold first, then by their place in it."""
    found = []
    for row in snapshot.cited.get(key, ()):
        ground = snapshot.grounds[row]
        document = snapshot.documents.get(ground.document_id)
        if document is None or document.instrument == key:
            continue
        windows = validity.windows(ground, snapshot.documents)
        locator = min((place for name, place in ground.places if name == key), key=place_of)
        found.append((document.title, Mention(snapshot.ids[row], locator, validity.standing(windows, on))))
    held = (Standing.IN_FORCE, Standing.UNKNOWN)
    found.sort(key=lambda one: (one[1].standing not in held, place_of(one[1].locator), one[0], one[1].passage_id))
    return [mention for _, mention in found]


def own_documents(key: str, snapshot: Snapshot) -> list[str]:
    """The ids of documents that are the instrument's own text."""
    return sorted(document.id for document in snapshot.documents.values() if document.instrument == key)


def part_of(mention: Mention) -> str:
    """The article or appendix that a passage names, as the first step of its locator; empty where it names none."""
    return mention.locator.split()[0] if mention.locator else ""


def parts(found: Collection[Mention]) -> str:
    """The articles and appendices that passages name, in order: `Điều 4, 7; Phụ lục I`; empty where none does."""
    heads = sorted({part_of(mention) for mention in found} - {""}, key=place_of)
    articles = [head[1:] for head in heads if head.startswith("Đ")]
    appendices = [head[2:] for head in heads if head.startswith("PL")]
    shown = [f"Điều {', '.join(articles)}"] if articles else []
    return "; ".join(shown + ([f"Phụ lục {', '.join(appendices)}"] if appendices else []))


def place_of(locator: str) -> tuple[int, ...]:
    """What to sort locators by: articles by number, then appendices, then what names no place."""
    if not locator:
        return (9,)
    order: list[int] = []
    for part in locator.split():
        if part.startswith("PL"):
            order += [1, ROMAN.get(part[2:], 0)]
        else:
            digits = re.sub(r"\D", "", part)
            order += [0 if part.startswith("Đ") else 2, int(digits) if digits else ord(part[-1])]
    return tuple(order)


def readable(text: str, sources: Mapping[str, str]) -> str:
    """A note of the register as people read it: places spelled out, keys of other sources by their names."""
    spelled = _PLACE.sub(lambda match: show_locator(match[0]), text)
    return _SOURCE.sub(lambda match: sources.get(match[0], match[0]), spelled)
