"""Answers without a language model: the units of the found passages that answer, chosen by the kind of question.

A composer turns what was found into statements, each resting on lines of one passage. The extractive one takes the
words of the passages; the one in `chat.py` lets a language model write from the same passages. Both are verified
alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal, Protocol

from knowledge.dates import show
from knowledge.earlier_rules import EarlierRules
from knowledge.embedding import Embedder
from knowledge.question import Kind, QuestionReading, content_terms
from knowledge.rank import numbered, numbers_told
from knowledge.relevance import Relevance, Weight, alike, cover, new_words, words_of
from knowledge.retrieve import Found, programme_named, programmes
from knowledge.rows import row_holding, row_named
from knowledge.text import fold, folded_syllables, normalise
from knowledge.then_and_now import (
    NOT_THEN,
    begun_later,
    held_then,
    line_of_then,
    of_another_time,
    of_the_past,
    speaks_of_then,
    tells_both,
    window_label,
)
from knowledge.types import Hit
from knowledge.units import Unit, row_as_text, units

LIMIT = 900
_SHORT_LIMIT = 600
_PASSAGES = 4
# How near to the first a further passage must stand to add its point; open questions take more.
_MORE_NEAR, _MORE_NEAR_OPEN = 0.45, 0.3
# A question in the very words of a passage is answered by that passage alone.
_ITS_OWN = 0.8
# How alike the questions of two passages are, by cosine, where one tells more of the other's matter.
_ALIKE = 0.25


Form = Literal["sentence", "item", "label", "note"]


@dataclass(frozen=True)
class Statement:
    """One piece of an answer and the passage lines that it rests on; a `label` is our own connecting word.

    A `note` is for the warnings: what was composed before it no longer counts, the answer begins anew. `also` holds
    further passages that each say the same; `earlier` marks what stands under a label that names an earlier period.
    """

    text: str
    form: Form
    hit: Hit | None = None
    lines: tuple[int, ...] = ()
    ordinal: str = ""
    also: tuple[Hit, ...] = ()
    earlier: bool = False


class Composer(Protocol):
    """Writes the statements of an answer, in order, from what was found."""

    name: str

    def compose(self, found: Found) -> Iterator[Statement]:
        """The statements; may be none."""


# A yes or no that stands by itself before what it is about, and how much of a question a passage's own way of asking
# must hold for it to be an answer.
_VERDICT = re.compile(
    r"(?:Có|Không|Được|Chưa|Phải|Đúng|Sai|Nên|Cần|Rồi)(?: (?:thể|được|cần|phải|nên|bắt buộc|có))?\.\s+"
)
_SAME = 0.65
# What a question asks for, folded: what must be, what befalls one, and what may be left out ("bỏ", but no ministry and
# no product set).
_MUST = re.compile(r"\b(?:phai|bat buoc|can|buoc)\b")
_STEP = re.compile(r"\bbước\b", re.IGNORECASE)  # folded, a step is "buộc"
_AGAINST = re.compile(r"\bbi (?:loai|phat|thu hoi|cam|tru|rut|xu|go|tu choi)\b|\bcam\b(?! (?:ket|quan|on))")
_LEAVE = re.compile(
    r"\b(?:bo|mien|khoi|khong can|khong phai|ko can|ko phai|k can|k phai)\b(?! (?:so|san pham|tieu chi|\d))"
)
# Of the best passage's score, for one that tells of then and now; for the only one that does.
_TELLS_OF_BOTH, _TELLS_OF_BOTH_ALONE = 0.5, 0.15
_ALSO_TELLS = 0.65  # of the best unit's own score, for a further passage's
# How a sentence ends that only opens a list.
_ANNOUNCING = re.compile(r":$|\b(?:sau|sau đây|dưới đây)\.$")
_SHORT_KINDS = {Kind.QUANTITY, Kind.TIME, Kind.WHO, Kind.PLACE, Kind.YES_NO, Kind.DEFINITION}
_OF_ONE_ROW = {Kind.QUANTITY, Kind.TIME, Kind.WHO, Kind.PLACE}
# Folded, what a question must say for such an answer to be one to it: "Được" answers no "có cần … không".
_ANSWERED_BY = {
    "Được": re.compile(r"\b(?:duoc|dc|co the|cho phep|ok)\b"),
    "Phải": _MUST,
    "Cần": _MUST,
    "Nên": re.compile(r"\bnen\b"),
}


class Extractive:
    """Takes the sentences, list items and table rows that answer, verbatim but for layout."""

    name = "extractive"

    def __init__(self, weight: Weight, embedder: Embedder, *, limit: int = LIMIT) -> None:
        self.relevance = Relevance(weight)
        self.embedder = embedder
        self.earlier_rules = EarlierRules(embedder)
        self.limit = limit  # characters, unless a list is longer
        self.short = min(limit, _SHORT_LIMIT)

    def compose(self, found: Found) -> Iterator[Statement]:
        """The earlier rule first where the question asks for it, then what holds; nothing when nothing was found."""
        reading = found.reading
        if earlier := self.earlier_rules.wanted(found):
            for hit in earlier:
                yield Statement(window_label(hit, found.reading.time.period), "label")
                for statement in self._from_passage(hit, reading, self.short):
                    yield replace(statement, earlier=True)
            if now := self.earlier_rules.today_s(found, earlier):
                yield Statement(f"Hiện nay ({show(found.on)}):", "label")
                yield from _of_today(list(self._from_passage(now, reading, self.short)), now)
            return
        if not found.current:
            return
        best = self.relevance.best(found.current, reading)
        if of_the_past(reading, found.on) and not held_then(best, reading):  # then one that also tells of then
            share = _TELLS_OF_BOTH if speaks_of_then(best, reading) else _TELLS_OF_BOTH_ALONE
            near = (hit for hit in found.current if hit.score >= share * best.score)
            best = next((hit for hit in near if tells_both(hit, reading, found.on)), best)
        if since := begun_later(best, reading):
            yield Statement(NOT_THEN.format(since=show(since)), "label")
        said = list(self._from_passage(best, reading, self.limit))
        yield from said
        further = next((hit for hit in found.current if _goes_on(best, hit)), None)
        if (
            further and _items(said) and _items(said) == sum(unit.kind != "sentence" for unit in units(best.passage))
        ):  # not a part of it
            yield from (_statement(unit, further) for unit in units(further.passage))
            return
        yield from self._more(best, found)

    # -- which units -----------------------------------------------------------------------------------------------

    def _from_passage(self, hit: Hit, reading: QuestionReading, limit: int) -> Iterator[Statement]:
        all_units = units(hit.passage)
        if not all_units:
            return
        if hit.document.kind == "curated":  # approved as a whole
            yield from (_statement(unit, hit) for unit in all_units)
            return
        scores = self.relevance.scores(hit, reading)
        if named := _named(hit, reading, all_units):
            yield from (_statement(all_units[n], hit) for n in named)
            return
        row = row_holding(all_units, reading.search)
        if row is None and reading.kind in _OF_ONE_ROW:
            row = row_named(all_units, *self.relevance.asked(reading))
        if row is not None:  # the others are for other figures and things
            lead = takewhile(lambda n: all_units[n].kind != "row", range(len(all_units)))
            yield from (self._said(all_units[n], hit, reading) for n in (*lead, row))
            return
        best = max(range(len(all_units)), key=lambda n: (scores[n], -n))
        if reading.kind in (Kind.LIST, Kind.STEPS):
            chosen = self._whole_list(all_units, best)
        else:
            short = min(limit, self.short) if reading.kind in _SHORT_KINDS else limit
            chosen = self._around(all_units, scores, best, hit, short)
        first = chosen[0] if chosen else best
        # The answering sentence leads; a list or table keeps its order under what opens it.
        if reading.kind in _SHORT_KINDS and best != first and all_units[best].kind == "sentence":
            chosen = [best, *(n for n in chosen if n != best)]
        said = [self._said(all_units[n], hit, reading) for n in chosen]
        then = line_of_then(hit, reading)
        if then is not None and any(statement.lines == (then,) for statement in said):
            said.sort(key=lambda statement: statement.lines != (then,))
            said[0] = replace(said[0], form="sentence", ordinal="")
        yield from said

    def _said(self, unit: Unit, hit: Hit, reading: QuestionReading) -> Statement:
        """The unit, without the yes or no that opens it where that was said to another question."""
        statement = _statement(unit, hit)
        bare = _without_verdict(statement)
        answered_by = _ANSWERED_BY.get(re.split(r"\W", statement.text, maxsplit=1)[0])
        fits = answered_by is None or answered_by.search(fold(reading.text))
        return statement if bare is statement or (fits and self._asks_the_same(hit, reading)) else bare

    def _asks_the_same(self, hit: Hit, reading: QuestionReading) -> bool:
        """Whether a question is one that the passage gives as its own."""
        if reading.kind not in (Kind.YES_NO, Kind.OTHER):
            return False
        if _modes(hit.passage.heading) != _modes(reading.text) or of_another_time(hit, reading):
            return False
        _, of_another_number = numbers_told(numbered(reading.search), numbered(hit.passage.heading))
        if of_another_number:
            return False
        return self._asked_for(hit, reading) >= _SAME

    def _asked_for(self, hit: Hit, reading: QuestionReading) -> float:
        """How much of what a question's words tell stands in one of the ways in which a passage is asked for."""
        asked = self.relevance.shares(reading.terms)
        return max((cover(asked, words_of(way)) for way in hit.passage.ways), default=0.0)

    def _whole_list(self, all_units: list[Unit], best: int) -> list[int]:
        """The lead sentence and the list it opens, whole; other paragraphs only while there is room."""
        listed = [n for n, unit in enumerate(all_units) if unit.kind != "sentence"]
        chosen = set(listed) if listed else {best}
        if 0 not in chosen:
            chosen.add(0)
        if listed:
            chosen |= {n for n in range(listed[0]) if n == listed[0] - 1}
        used = sum(len(all_units[n].text) for n in chosen)
        for n, unit in enumerate(all_units):
            if n not in chosen and used + len(unit.text) <= self.limit:
                chosen.add(n)
                used += len(unit.text)
        return sorted(chosen)

    def _around(self, all_units: list[Unit], scores: list[float], best: int, hit: Hit, limit: int) -> list[int]:
        """The best unit, what introduces it, and others of the passage while there is room: a handbook section was
        written as one answer, a clause of a law is only quoted where it speaks to the question."""
        chosen, used = {best}, len(all_units[best].text)
        if all_units[best].kind != "sentence" and all_units[0].kind == "sentence" and best != 0:
            chosen.add(0)
            used += len(all_units[0].text)
        floor = 0.45 * scores[best] if hit.document.kind == "official" else 0.0
        for n in sorted(range(len(all_units)), key=lambda n: (-scores[n], n)):
            if n in chosen or scores[n] < floor or used + len(all_units[n].text) > limit:
                continue
            chosen.add(n)
            used += len(all_units[n].text)
        chosen = self._whole_table(all_units, chosen)
        return sorted(self._whole_steps(all_units, self._without_parts(all_units, chosen, best), best))

    def _whole_table(self, all_units: list[Unit], chosen: set[int]) -> set[int]:
        """A table of which several rows were chosen stands whole where it fits: what is added up or compared must not
        lack a row."""
        rows = {n for n, unit in enumerate(all_units) if unit.kind == "row"}
        whole = chosen | rows
        several = len(rows & chosen) > 1
        return whole if several and sum(len(all_units[n].text) for n in whole) <= self.limit else chosen

    def _whole_steps(self, all_units: list[Unit], chosen: set[int], best: int) -> set[int]:
        """Numbered items stand all together or only the best of them: "1, 2, 5" would be taken for a list."""
        for n in sorted(chosen):
            if not all_units[n].ordinal:
                continue
            after = takewhile(lambda m: all_units[m].ordinal, range(n, len(all_units)))
            before = takewhile(lambda m: all_units[m].ordinal, range(n, -1, -1))
            listed = {*after, *before}
            if not listed <= chosen:
                fits = sum(len(all_units[m].text) for m in chosen | listed) <= self.limit
                chosen = chosen | listed if fits else chosen - (listed - {best})
        return chosen

    def _without_parts(self, all_units: list[Unit], chosen: set[int], best: int) -> set[int]:
        """A sentence that announces a list ("7 mức sau đây:") stands with the whole list or not at all: a part under it
        would be taken for all of it."""
        for n, unit in enumerate(all_units):
            if n not in chosen or not _announces(unit):
                continue
            after = range(n + 1, len(all_units))
            listed = set(takewhile(lambda m: all_units[m].kind != "sentence", after))
            if listed <= chosen:
                continue
            whole = chosen | listed
            fits = n == best or sum(len(all_units[m].text) for m in whole) <= self.limit
            chosen = whole if fits else chosen - {n}
        return chosen

    def _more(self, best: Hit, found: Found) -> Iterator[Statement]:
        """The point of one further passage that stands nearly as high and says something else."""
        if found.reading.references.found or self._asked_for(best, found.reading) >= _ITS_OWN:
            return
        near = _MORE_NEAR if found.reading.kind in _SHORT_KINDS else _MORE_NEAR_OPEN
        said = frozenset(content_terms(best.passage.text))
        least = _ALSO_TELLS * max(self.relevance.scores(best, found.reading), default=0.0)
        programme = programme_named(found.reading.search)
        for hit in found.current[:_PASSAGES]:
            if programme and programme not in programmes(hit):
                continue
            if hit.passage.id == best.passage.id or hit.score < near * found.current[0].score:
                continue
            if best.document.kind != "official" and alike(best, hit, self.embedder) < _ALIKE:
                continue
            passage_units, scores = units(hit.passage), self.relevance.scores(hit, found.reading)
            if not passage_units:
                continue
            top = max(range(len(scores)), key=lambda n: scores[n])
            unit = passage_units[top]
            if scores[top] < least:
                continue
            # A list's opening says nothing alone, and a yes or no here would be one to another question.
            if new_words(unit, said) >= 4 and len(unit.text) <= 300 and not _announces(unit):
                yield replace(_without_verdict(_statement(unit, hit)), form="item", ordinal="")
                return


def _of_today(said: list[Statement], hit: Hit) -> list[Statement]:
    """The statements without those on an earlier rule, which was told before; all where there are only such."""
    past = {line for line, _ in hit.past}
    return [statement for statement in said if not past.issuperset(statement.lines)] or said


def _modes(question: str) -> tuple[bool, ...]:
    """Whether a question asks what must be, what may be left out, what befalls one: "phải ghi" is not "được bỏ"."""
    folded = " ".join(folded_syllables(_STEP.sub(" ", normalise(question))))
    return tuple(bool(mode.search(folded)) for mode in (_MUST, _LEAVE, _AGAINST))


def _without_verdict(statement: Statement) -> Statement:
    """The statement without the yes or no that opens it; a law's words stay whole."""
    verdict = _VERDICT.match(statement.text)
    if verdict is None or (statement.hit and statement.hit.document.kind == "official"):
        return statement
    rest = statement.text[verdict.end() :]
    return replace(statement, text=rest[:1].upper() + rest[1:])


def _announces(unit: Unit) -> bool:
    """Whether a sentence only opens the list or table below it."""
    return unit.kind == "sentence" and _ANNOUNCING.search(unit.text.rstrip()) is not None


def _goes_on(first: Hit, second: Hit) -> bool:
    """Whether a section follows that tells the rest of what the first tells: its heading says the same and more, of the
    same things by number ("bộ 4 … 4 sao" and "bộ 4 … 4 sao … phần B và C")."""
    one, other = first.passage, second.passage
    follows = one.document_id == other.document_id and other.order == one.order + 1
    named = numbered(one.heading)
    kinds = {kind for kind, _ in named}
    if not follows or not named or {thing for thing in numbered(other.heading) if thing[0] in kinds} != named:
        return False
    return set(content_terms(one.heading)) < set(content_terms(other.heading))


def _items(statements: Sequence[Statement]) -> int:
    return sum(statement.form == "item" for statement in statements)


def _named(hit: Hit, reading: QuestionReading, all_units: list[Unit]) -> list[int]:
    """The units whose own line rests on the very place that the question refers to, where only some do."""
    places = [reference for reference in reading.references.found if reference.locator]
    lines = {s.line for s in hit.passage.sources if any(place.covers(s.key, s.locator) for place in places)}
    chosen = [n for n, unit in enumerate(all_units) if unit.line in lines]
    return chosen if None not in lines and len(chosen) < len(all_units) else []


def _statement(unit: Unit, hit: Hit) -> Statement:
    text = row_as_text(unit) if unit.kind == "row" else unit.text
    return Statement(text, "sentence" if unit.kind == "sentence" else "item", hit, (unit.line,), unit.ordinal)


def render(statements: Sequence[Statement], marks: Sequence[Sequence[int]]) -> str:
    """Statements laid out as text: paragraphs, `- ` items; markers stand at the end of each run that shares them.

    `marks` holds the marker numbers of each statement.
    """
    lines: list[str] = []
    for n, statement in enumerate(statements):
        last = n + 1 == len(statements)
        goes_on = not last and marks[n + 1] == marks[n] and statements[n + 1].form == statement.form
        text = statement.text if goes_on or not marks[n] else statement.text + " " + "".join(f"[{m}]" for m in marks[n])
        if statement.form == "item":
            lines.append(f"{statement.ordinal}. {text}" if statement.ordinal else f"- {text}")
        elif lines and statement.form == "sentence" and statements[n - 1].form == "sentence":
            lines[-1] += " " + text
        else:
            lines.append(text)
    return "\n".join(lines)
