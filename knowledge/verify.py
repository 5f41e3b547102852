"""Every statement is checked against the passage that it cites before it leaves.

A statement stands when it is a unit of the passage word for word, or when one clause, item or row (with the line that
opens it, the headings above it and the register's row of its instrument) holds all its figures with their units, dates
and instrument numbers, says yes and no alike, and most of its words; and when the passage held in the time spoken of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from knowledge.compose import Statement
from knowledge.evidence import (
    ACTORS,
    Clause,
    all_facts,
    clauses,
    content_words,
    own_words,
    quoted,
    shown,
    states,
    swapped,
    without_facts,
)
from knowledge.figures import Fact, facts_of, places_of
from knowledge.instructions import instructs
from knowledge.polarity import contradictions, denies, signs
from knowledge.references import show_locator
from knowledge.registry import Registry
from knowledge.repeats import repeats
from knowledge.retrieve import Found
from knowledge.types import Hit, Instrument, Passage, Standing
from knowledge.validity import Validity

# Tuned on the paraphrases and lies of tests/knowledge/statements.yaml.
_WORDS_IN_PASSAGE, _WORDS_IN_CLAUSE, _WORDS_IN_HEADING = 0.72, 0.5, 0.75
_NEAR_BEST, _FAR_FROM_RIVAL, _FAR_FROM_BEST = 0.12, 0.1, 0.25

_MARKUP = re.compile(r"!\[|\]\(|<[a-z/!]|`|\$\{|\{\{", re.I)
_NAME = re.compile(r"(?<![\w.])[A-ZĐÀ-ÝĂĨŨƠƯẠ-Ỹ][\w&-]*")
_CODE = re.compile(r"^(?:[A-ZĐ0-9_-]{3,}|\w*\d\w*)$")
_EARLIER = re.compile(
    r"trước đây|trước kia|quy định cũ|giai đoạn 20\d\d|hết hiệu lực|đã bị thay|không còn (?:hiệu lực|áp dụng)", re.I
)
_NOW = re.compile(
    r"(?<!không )(?:hiện (?:nay|hành|tại|đang)|đang (?:áp dụng|có hiệu lực)|còn hiệu lực|bây giờ|năm nay|hôm nay)", re.I
)


@dataclass(frozen=True)
class _Ground:
    """What stands around every clause of a hit: headings and title, with the facts in them."""

    words: frozenset[str]
    facts: tuple[Fact, ...]
    passage_words: frozenset[str]


class Verifier:
    """Checks statements with the register at hand; safe to use from several threads."""

    def __init__(self, registry: Registry, validity: Validity) -> None:
        self.registry = registry
        self.validity = validity
        self._keys: dict[str, frozenset[str]] = {}
        content_words("OCOP")  # reads the short forms now rather than in the first answer

    def faults(self, statement: Statement, found: Found) -> list[str]:
        """What is wrong with a statement; an empty list lets it stand. A `label` is our own words and always stands."""
        if statement.form not in ("sentence", "item"):
            return []
        if statement.hit is None:
            return ["không dẫn đoạn nào"]
        for hit in (statement.hit, *statement.also):
            if faults := self._out_of_time(statement, hit, found) or self._judge(statement.text, hit, found)[0]:
                return faults
        return []

    def lines_behind(self, text: str, hit: Hit, found: Found) -> tuple[int, ...]:
        """The lines of the passage that prove a sentence; empty when none does."""
        faults, lines = self._judge(text, hit, found)
        return () if faults else lines

    # -- time ------------------------------------------------------------------------------------------------------

    def _out_of_time(self, statement: Statement, hit: Hit, found: Found) -> list[str]:
        verbatim = quoted(statement.text, hit.passage) is not None
        if not verbatim and self._called_present(statement.text, found):
            return ["văn bản không còn hiệu lực được nói là hiện hành"]
        if hit.standing in (Standing.IN_FORCE, Standing.UNKNOWN):
            return []
        period = found.reading.time.period
        asked = {reference.key for reference in found.reading.references.found if reference.key}
        named = bool(asked & {hit.document.instrument, *(source.key for source in hit.passage.sources)})
        told = any(other.passage.id == hit.passage.id for other in found.then)
        if told and period and hit.windows and not self.validity.held_in(hit.windows, period) and not named:
            return ["đoạn này không có hiệu lực trong thời gian được hỏi"]
        if not (statement.earlier or named or _EARLIER.search(statement.text)):
            return ["quy định không còn hiệu lực mà không nói rõ là trước đây"]
        if not verbatim and _NOW.search(statement.text):
            return ["quy định trước đây được nói như hiện nay"]
        return []

    def _called_present(self, text: str, found: Found) -> bool:
        """Whether a part of a sentence calls an instrument present that does not hold on the day asked about."""
        gone = (Standing.EARLIER, Standing.LATER)
        for part in re.split(r"[,;.]\s", text):
            named = [self._named(fact.value) for fact in facts_of(part) if fact.kind == "instrument"]
            if (
                named
                and _NOW.search(part)
                and all(self.registry.standing(k, found.on) in gone for n in named for k in n)
            ):
                return True
        return False

    # -- the words and figures -------------------------------------------------------------------------------------

    def _judge(self, text: str, hit: Hit, found: Found) -> tuple[list[str], tuple[int, ...]]:
        if instructs(hit.passage.text):
            return ["đoạn nguồn chứa câu ra lệnh cho máy"], ()
        if (line := quoted(text, hit.passage)) is not None:
            return [], (line,)
        around = _around(hit)
        if faults := self._strange(text, hit, around):
            return faults, ()
        words = own_words(text)
        if _answers_yes_to_no(text, words, hit.passage):
            return ["kết luận có/không trái với nguồn"], ()
        facts = all_facts(text)
        names = frozenset().union(*(content_words(name, spelt=False) for name in _names(text)))
        best: list[str] = ["không có câu nào của đoạn nguồn nói điều này"]
        able: list[tuple[float, Clause]] = []
        closest = rival = 0.0  # the share of the nearest clause, and of the nearest that tells another figure
        kinds = {(fact.kind, fact.unit) for fact in facts if fact.unit not in ACTORS}
        for clause in clauses(hit.passage):
            # Headings name the subject; what is said of it must stand in the clause.
            share = (_share(words, clause.words) + _share(words, clause.words | around.words)) / 2
            if not names <= clause.words | around.words:
                missing = ["tên riêng không có trong câu nguồn"]
            else:
                missing = self._missing(facts, clause, hit, around, found)
            if missing:
                best = missing if share >= closest else best
                closest = max(closest, share)
                if any((fact.kind, fact.unit) in kinds for fact in clause.facts):
                    rival = max(rival, share)
            else:
                able.append((share, clause))
        able.sort(key=lambda one: -one[0])
        # A sentence is judged by the clause that it speaks of, not by whichever happens to hold its figures.
        if not able or able[0][0] < max(rival - _FAR_FROM_RIVAL, closest - _FAR_FROM_BEST):
            return best, ()
        if able[0][0] < _WORDS_IN_CLAUSE:
            return ["từ ngữ không có trong câu nguồn"], ()
        first: list[str] = []
        for share, clause in able:
            if share < able[0][0] - _NEAR_BEST:
                break
            faults = contradictions(text, f"{clause.lead} {clause.text}") or swapped(text, clause)
            if not faults:
                return [], clause.lines
            first = first or faults
        return first, ()

    def _strange(self, text: str, hit: Hit, around: _Ground) -> list[str]:
        """Markup, names, links and places that the passage does not know; too many words of its own."""
        if _MARKUP.search(text):
            return ["có mã định dạng hoặc liên kết"]
        have = around.passage_words
        if _share(own_words(text), have) < _WORDS_IN_PASSAGE:
            return ["từ ngữ không có trong đoạn nguồn"]
        instruments = "".join(i.number + " " for i in self._instruments(hit, None))
        whole = f"{hit.passage.text} {hit.passage.title} {hit.document.title} {instruments}".lower()
        for name in _names(text):
            if not content_words(name, spelt=False) <= have and name.lower() not in whole:
                return [f"«{name}» không có trong đoạn nguồn"]
        locators = " ".join(show_locator(s.locator) for s in hit.passage.sources)
        known = places_of(f"{hit.passage.text}\n{hit.passage.title}\n{hit.document.title}\n{locators}")
        if unknown := places_of(text) - known:
            return [f"«{min(unknown)}» không có trong đoạn nguồn"]
        return []

    def _missing(self, facts: tuple[Fact, ...], clause: Clause, hit: Hit, around: _Ground, found: Found) -> list[str]:
        """The facts that the clause does not hold, named; empty when it holds all."""
        if not facts:
            return []
        words = clause.words | around.words
        near = (*clause.facts, *clause.lead_facts)
        units_here = {fact.unit for fact in clause.facts if fact.kind == "figure"}
        proven: dict[
            str, bool
        ] = {}  # unit → whether the clause itself, and not only its surroundings, holds a figure of it
        outside: list[Fact] = []
        for fact in facts:
            own = any(self._states(ground, fact, words) for ground in clause.facts)
            lead = own or any(self._states(ground, fact, words) for ground in clause.lead_facts)
            # What the clause itself names (a day, an instrument, a level) is not taken from its surroundings.
            strict = fact.unit in ACTORS and fact.unit in units_here
            if fact.kind in ("date", "instrument"):
                strict = any(g.kind == fact.kind and _like(g, fact) for g in clause.facts)
            if lead or (not strict and any(self._states(ground, fact, words) for ground in around.facts)):
                proven[fact.unit] = proven.get(fact.unit, False) or own
            elif not self._of_register(fact, clause, hit):
                outside.append(fact)
        for fact in outside:
            if not repeats(fact, facts, outside, hit, found):
                return [f"{shown(fact)} không có trong cùng một câu nguồn"]
        for fact in facts:
            if fact.kind != "figure" or fact.unit in ACTORS:
                continue
            if fact.unit in units_here and not proven.get(fact.unit, True):
                return [f"{shown(fact)} không phải của câu nguồn này"]
            if fact.unit != "sao" and _count(fact, facts) > max(1, _count(fact, near)):
                return [f"{shown(fact)} được nhắc nhiều hơn ở nguồn"]
        return []

    def _states(self, ground: Fact, claim: Fact, words: frozenset[str]) -> bool:
        if claim.kind == "instrument" == ground.kind:
            return bool(self._named(claim.value) & self._named(ground.value))
        return states(ground, claim, words)

    def _named(self, number: str) -> frozenset[str]:
        """The keys of the instruments that a number may mean; the number itself where the register holds none."""
        if number not in self._keys:
            if len(self._keys) > 4096:
                self._keys.clear()
            self._keys[number] = frozenset(i.key for i in self.registry.candidates(number)) or frozenset((number,))
        return self._keys[number]

    # -- the register ----------------------------------------------------------------------------------------------

    def _instruments(self, hit: Hit, lines: tuple[int, ...] | None) -> list[Instrument]:
        """The instruments that some lines of a passage rest on; all of the passage's where none are given."""
        sources = hit.passage.sources
        own = [s for s in sources if lines is None or s.line is None or s.line in lines] or list(sources)
        keys = dict.fromkeys([*(s.key for s in own), *([hit.document.instrument] if hit.document.instrument else [])])
        return [entry for key in keys if (entry := self.registry.get(key))]

    def _of_register(self, fact: Fact, clause: Clause, hit: Hit) -> bool:
        """Whether the register says it of an instrument that the clause rests on: its number, its day, its validity."""
        for entry in self._instruments(hit, clause.lines):
            if fact.kind == "instrument" and entry.key in self._named(fact.value):
                return True
            if fact.kind == "date" and any(states(ground, fact, frozenset()) for ground in _days(entry)):
                return True
        return False


def _days(entry: Instrument) -> list[Fact]:
    found = [Fact("date", entry.signed.isoformat())] if entry.signed else []
    for interval in entry.in_force or ():
        found.append(Fact("date", interval.start.isoformat(), bound=">="))
        if interval.end:
            found.append(Fact("date", interval.end.isoformat(), bound="<="))
    return found


def _like(ground: Fact, claim: Fact) -> bool:
    return claim.kind == "instrument" or len(ground.value) == len(claim.value)


def _count(fact: Fact, facts: tuple[Fact, ...]) -> int:
    return sum((f.kind, f.value, f.unit) == (fact.kind, fact.value, fact.unit) for f in facts)


def _names(text: str) -> list[str]:
    """The names and codes of a text: capitals inside a sentence, and whatever is written like a code."""
    found = _NAME.finditer(without_facts(text))
    return [m[0] for m in found if m.start() > 0 or _CODE.match(m[0])]


def _answers_yes_to_no(text: str, words: frozenset[str], passage: Passage) -> bool:
    """Whether a sentence affirms what the heading asks and the passage denies at once ("… được không?" "Không…")."""
    heading = passage.heading
    if len(words) < 3 or not heading.endswith("?") or denies(text) or signs(passage.lines[0]).verdict is not False:
        return False
    return _share(words, content_words(heading)) >= _WORDS_IN_HEADING


def _share(words: frozenset[str], have: frozenset[str]) -> float:
    return len(words & have) / len(words) if words else 1.0


@lru_cache(maxsize=2048)
def _around_passage(title: str, crumbs: str, text: str) -> _Ground:
    heading = f"{title}. {crumbs}"
    words = content_words(heading)
    return _Ground(words, all_facts(heading), words | content_words(text))


def _around(hit: Hit) -> _Ground:
    return _around_passage(hit.document.title, ". ".join(hit.passage.breadcrumb), hit.passage.text)
