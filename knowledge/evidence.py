"""What a passage can prove: its clauses, items and rows, each with its figures, words and the line that opens it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from knowledge.abbreviations import Abbreviations
from knowledge.figures import Fact, facts_of
from knowledge.text import syllables
from knowledge.types import Passage
from knowledge.units import Unit, row_as_text, units

# Who acts and at which level: swapped as easily as a figure, and checked like one.
LEVELS = ("xã", "huyện", "tỉnh", "trung ương", "thôn", "quốc gia")
OFFICES = ("bộ trưởng", "thủ tướng", "chính phủ", "chủ tịch", "hội đồng", "tổ tư vấn", "chủ thể", "phó chủ tịch")
ACTORS = ("level", "office")
_ACTOR = re.compile(rf"(?<!\w)(?:(?P<level>{'|'.join(LEVELS)})|(?:{'|'.join(OFFICES)}))(?!\w)")
_DUTY = re.compile(r"(?<!\w)(?:(?P<free>tự nguyện|không bắt buộc(?!,? trừ))|bắt buộc)(?!\w)")
_NO_ACTOR = re.compile(r"mỗi xã một sản phẩm|hợp tác xã|xã hội|thị xã|xã viên")
# Words that carry grammar; what they say is compared as polarity and bounds.
_GRAMMAR = (
    "và hoặc của các những một mỗi mọi với cho để từ đến tới trong ngoài tại ở theo về là thì mà nếu khi do bởi vì nên "
    "cũng đã đang sẽ được bị có không chưa phải cần rồi lại này đó kia ấy nào gì ai thế như vậy hay còn chỉ rất nhất "
    "cùng lên ra vào lúc sau trước giữa qua bằng thuộc việc làm đều tự cả nữa vẫn mới đây đi ạ nhé à hãy thể"
)
_FUNCTION = frozenset(_GRAMMAR.split())
_BOUND_WORDS = frozenset(("tối", "đa", "thiểu", "ít", "quá", "dưới", "trên", "vượt", "khoảng", "trở", "xuống", "hơn"))
_SHORT = re.compile(r"(?<![/\w-])[A-ZĐ][A-ZĐ&]{1,7}(?![/\w-])")
_PIECE = re.compile(r"(?<=[;.!?])\s+|,\s+|\s+(?:và|còn|nhưng)\s+")
_CELL = re.compile(r";\s+")


@dataclass(frozen=True)
class Piece:
    """A part of a clause between commas: its facts and its words."""

    facts: tuple[Fact, ...]
    words: frozenset[str]


@dataclass(frozen=True)
class Clause:
    """A sentence, item or row that can prove a statement, with the words that open it (`lead`)."""

    text: str
    lines: tuple[int, ...]
    lead: str
    facts: tuple[Fact, ...]
    lead_facts: tuple[Fact, ...]
    words: frozenset[str]
    pieces: tuple[Piece, ...]


@lru_cache(maxsize=1)
def _short_forms() -> Abbreviations:
    return Abbreviations.load()


@lru_cache(maxsize=8192)
def content_words(text: str, *, spelt: bool = True) -> frozenset[str]:
    """The syllables that carry meaning, with their diacritics, without figures.

    What a text abbreviates (UBND, HTX) counts as written out, and, unless `spelt` says to replace it, as it stands too.
    """
    found = set(_meaning(text))
    for short in set(_SHORT.findall(text)):
        entry = _short_forms().get(short)
        if entry and not entry.slang and not entry.ambiguous:
            found |= _meaning(entry.readings[0])
            if not spelt:
                found.discard(short.lower())
    return frozenset(found)


@lru_cache(maxsize=65536)
def _tells(syllable: str) -> bool:
    return not syllable.isdigit() and syllable not in _FUNCTION


def _meaning(text: str) -> set[str]:
    return {s for s in syllables(text) if _tells(s)}


def all_facts(text: str) -> tuple[Fact, ...]:
    """The figures, dates and numbers of a text, and who acts in it."""
    plain = _NO_ACTOR.sub(lambda m: " " * len(m[0]), text.lower())
    actors = (Fact("figure", m[0], m.lastgroup or "office", m.span()) for m in _ACTOR.finditer(plain))
    return facts_of(text) + tuple(actors)


def without_facts(text: str) -> str:
    """The text with its facts blanked: they are compared as facts."""
    bare = unicodedata.normalize("NFC", text)
    for fact in facts_of(bare):
        start, end = fact.span
        bare = bare[:start] + " " * (end - start) + bare[end:]
    return bare


def _duties(text: str) -> tuple[Fact, ...]:
    """What is a duty and what is free: within a sentence the two change places as easily as two figures."""
    found = _DUTY.finditer(text.lower())
    return tuple(Fact("figure", "tự nguyện" if m["free"] else "bắt buộc", "duty", m.span()) for m in found)


def own_words(text: str) -> frozenset[str]:
    """The content words of a statement, without its facts and their bounds, short forms spelt out."""
    return content_words(without_facts(text), spelt=False) - _BOUND_WORDS


def pieces(text: str, *, row: bool = False) -> tuple[Piece, ...]:
    """The parts of a text between its commas, those of a row between its semicolons."""
    facts = all_facts(text) + _duties(text)
    cuts = [0, *(m.end() for m in (_CELL if row else _PIECE).finditer(text))]
    found = []
    for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True):
        inside = tuple(fact for fact in facts if start <= fact.span[0] < end)
        found.append(Piece(inside, content_words(text[start:end])))
    return tuple(found)


@lru_cache(maxsize=4096)
def clauses(passage: Passage) -> tuple[Clause, ...]:
    """The clauses of a passage: each unit under the line that opens it, and paragraphs of several sentences whole."""
    found: list[Clause] = []
    all_units = units(passage)
    for n, unit in enumerate(all_units):
        text = row_as_text(unit) if unit.kind == "row" else unit.text
        found.append(_clause(text, unit.line, _lead(all_units, n), unit.header))
    for line in {unit.line for unit in all_units if unit.kind == "sentence"}:
        same = [unit.text for unit in all_units if unit.line == line]
        if len(same) > 1:
            found.append(_clause(" ".join(same), line))
    return tuple(found)


def _clause(text: str, line: int, lead: str = "", header: tuple[str, ...] = ()) -> Clause:
    words = content_words(" ".join((lead, *header, text)))
    parts = pieces(lead) + pieces(text, row=bool(header)) if lead else pieces(text, row=bool(header))
    return Clause(text, (line,), lead, all_facts(text), all_facts(lead) if lead else (), words, parts)


def _lead(all_units: list[Unit], n: int) -> str:
    """The sentence that opens the list or table in which a unit stands, and the items above it that open a sub-list."""
    unit = all_units[n]
    if unit.kind == "sentence":
        return ""
    opening, depth, top = [], unit.depth, unit.line
    for before in reversed(all_units[:n]):
        top = before.line if before.kind != "sentence" and before.line == top - 1 else top
        if before.kind == "item" and before.depth < depth:
            opening.append(before.text)
            depth = before.depth
        elif before.kind == "sentence":
            above = top - 3 if unit.kind == "row" else top - 1  # over the head of the table and its rule
            if before.text.rstrip().endswith(":") or before.line == above:
                opening.append(before.text)
            break
    return " ".join(reversed(opening))


def states(ground: Fact, claim: Fact, words: frozenset[str]) -> bool:
    """Whether a fact of the ground says what the claim says; `words` may name a unit that stands in a heading."""
    if ground.kind != claim.kind:
        return False
    if claim.kind == "date":
        return _same_day(ground, claim) and (not claim.bound or _same_bound(ground, claim))
    if ground.value != claim.value:
        return False
    if claim.kind != "figure":
        return True
    if claim.unit and claim.unit != ground.unit and (ground.unit or not _heads(claim.unit, words)):
        return False
    return not claim.bound or _same_bound(ground, claim)


def _heads(unit: str, words: frozenset[str]) -> bool:
    """Whether the words around a bare figure name the unit, as the head of a table does."""
    needed = _unit_words(unit)
    return bool(needed) and needed <= words


@lru_cache(maxsize=256)
def _unit_words(unit: str) -> frozenset[str]:
    return frozenset(syllables(unit))


def _same_bound(ground: Fact, claim: Fact) -> bool:
    if ground.bound == claim.bound:
        return True
    if ground.bound:
        return False
    if claim.kind == "date":
        return claim.bound in ("<=", ">=")
    return claim.bound == "<=" and claim.unit in ("tháng", "ngày", "ngày làm việc", "phút")


def _same_day(ground: Fact, claim: Fact) -> bool:
    if ground.value == claim.value:
        return True
    if claim.bound:
        return False
    if claim.value.startswith("--"):  # day and month: the year may stand in the ground alone
        return ("-" + ground.value[4:] if ground.value[0] != "-" else ground.value).startswith(claim.value)
    return ground.value.startswith(claim.value + "-")


def shown(fact: Fact) -> str:
    """A fact as a fault names it."""
    return f"«{fact.bound}{fact.value}{' ' * bool(fact.unit)}{fact.unit}»"


def swapped(text: str, clause: Clause) -> list[str]:
    """Figures that the clause gives to something else: each must stand nearest to the words it is said of."""
    if len(clause.pieces) < 2:
        return []
    for piece in pieces(text):
        for fact in piece.facts:
            if fact.kind not in ("figure", "date"):
                continue
            holders = [p for p in clause.pieces if any(states(g, fact, clause.words) for g in p.facts)]
            others = [
                p
                for p in clause.pieces
                if p not in holders and any((g.kind, g.unit) == (fact.kind, fact.unit) for g in p.facts)
            ]
            if (
                holders
                and others
                and max(_near(piece, fact, p) for p in others) > max(_near(piece, fact, p) for p in holders)
            ):
                return [f"{shown(fact)} được nguồn nói về việc khác"]
    return []


def _near(piece: Piece, fact: Fact, other: Piece) -> int:
    words = len(piece.words & other.words)
    return words + sum(
        any(states(g, f, other.words) for g in other.facts)
        for f in piece.facts
        if (f.kind, f.unit) != (fact.kind, fact.unit)
    )


@lru_cache(maxsize=2048)
def _wordings(passage: Passage) -> dict[str, int]:
    """The units of a passage as they stand in an answer, with their lines."""
    wordings = (
        (row_as_text(unit) if unit.kind == "row" else unit.text, unit.line) for unit in reversed(units(passage))
    )
    return {" ".join(text.split()): line for text, line in wordings}


def quoted(text: str, passage: Passage) -> int | None:
    """The line of the unit that a statement repeats word for word; None when it does not."""
    return _wordings(passage).get(" ".join(text.split()))
