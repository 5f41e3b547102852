"""Answers without a language model: the units of the found passages that answer, chosen by the kind of question.

A composer turns what was found into statements, each resting on lines of one passage. The extractive one takes the
words of the passages; the one in `chat.py` lets a language model write from the same passages. Both are verified
alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from knowledge.dates import show
from knowledge.earlier_rules import EarlierRules
from knowledge.embedding import Embedder, StaticEmbedder
from knowledge.programmes import programme_named, programmes
from knowledge.question import QuestionReading, content_terms
from knowledge.rank import numbered
from knowledge.relevance import LOOKED_AT, Relevance, Weight, alike, new_words
from knowledge.retrieve import Found
from knowledge.then_and_now import (
    NOT_THEN,
    begun_later,
    held_then,
    line_of_then,
    of_the_past,
    speaks_of_then,
    tells_both,
    window_label,
)
from knowledge.types import Hit
from knowledge.unit_choice import SHORT_KINDS, announces, choose, part_of_a_list
from knowledge.unit_worth import UnitWorth, Worth
from knowledge.units import Unit, row_as_text, units
from knowledge.verdict import as_asked, asked_for, without_verdict
from knowledge.whole_article import About, clause_of, is_led, whole_article

LIMIT = 900
_SHORT_LIMIT = 600
# From what share of the best score so many further passages are read with the one that is answered from.
_NEAR, _OTHERS = 0.3, 3
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


# Of the best passage's score, for one that tells of then and now; for the only one that does.
_TELLS_OF_BOTH, _TELLS_OF_BOTH_ALONE = 0.5, 0.15
_ALSO_TELLS = 0.65  # of the best unit's own score, for a further paper's
# For a further section's unit (see unit_choice.NEEDED): at least so much, and so much of how surely the first section
# has the line to read first.
_MORE_NEEDED, _MORE_BESIDE = 0.25, 0.5
# What stands before some items of a list that was counted whole.
_PART = "Trong số đó:"
# What the heading of an article says of all its clauses.
_FORBIDS = re.compile(r"\b(?:cấm|không được)\b", re.IGNORECASE)
_WHOLE_ARTICLE = 2500  # characters; a longer one is told by how each clause begins
# By how much another section must have the line to read first more surely to be answered from.
_SURER = 0.1


class Extractive:
    """Takes the sentences, list items and table rows that answer, verbatim but for layout."""

    name = "extractive"

    def __init__(
        self,
        weight: Weight,
        embedder: Embedder,
        words: StaticEmbedder | None = None,
        *,
        limit: int = LIMIT,
        about: About = lambda passage: (passage,),
    ) -> None:
        self.relevance = Relevance(weight)
        self.embedder = embedder
        self.worth = UnitWorth.load(words or StaticEmbedder())
        self.earlier_rules = EarlierRules(embedder)
        self.about = about  # what stands near a passage of a paper
        self.limit = limit  # characters, unless a list is longer
        self.short = min(limit, _SHORT_LIMIT)

    def compose(self, found: Found) -> Iterator[Statement]:
        """The earlier rule first where the question asks for it, then what holds; nothing when nothing was found."""
        reading = found.reading
        if earlier := self.earlier_rules.wanted(found):
            for hit in earlier:
                yield Statement(window_label(hit, found.reading.time.period), "label")
                for statement in self._whole_passage(hit, reading):
                    yield replace(statement, earlier=True)
            if now := self.earlier_rules.today_s(found, earlier):
                yield Statement(f"Hiện nay ({show(found.on)}):", "label")
                yield from _of_today(list(self._whole_passage(now, reading)), now)
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
        hits, worth = self._answered_from(best, found)
        best = hits[0]
        if clauses := whole_article(best, found.current, reading, self.about):
            yield from self._clauses(clauses)
            return
        said = list(self._from_passage(best, reading, self.limit, worth[0], whole=of_the_past(reading, found.on)))
        yield from said
        further = next((hit for hit in found.current if _goes_on(best, hit)), None)
        if (
            further and _items(said) and _items(said) == sum(unit.kind != "sentence" for unit in units(best.passage))
        ):  # not a part of it
            yield from (_statement(unit, further) for unit in units(further.passage))
            return
        yield from self._more(hits, worth, found)

    def _answered_from(self, best: Hit, found: Found) -> tuple[list[Hit], list[list[Worth]]]:
        """The passages with what their units are worth; first the one that is answered from: another than the best
        where a line of it answers more surely than any of the best one's."""
        hits = self.looked_at(best, found)
        worth = self.worth.of(hits, found.reading)
        surest = [max((unit.lead for unit in of_units), default=0.0) for of_units in worth]
        first = surest.index(max(surest))
        settled = not worth[0] or found.reading.references.found or of_the_past(found.reading, found.on)
        if settled or surest[first] < surest[0] + _SURER:
            return hits, worth
        hits = [hits[first], *(hit for hit in hits if hit is not hits[first])]
        return hits, self.worth.of(hits, found.reading)

    def looked_at(self, best: Hit, found: Found) -> list[Hit]:
        """The passage that is answered from, and those near it that may add a line: of the handbook, or of the same
        paper."""
        least = _NEAR * found.current[0].score
        others = [hit for hit in found.current[:LOOKED_AT] if hit.passage.id != best.passage.id and hit.score >= least]
        return [best, *(hit for hit in others if _of_a_kind(best, hit))][: 1 + _OTHERS]

    def _clauses(self, clauses: Sequence[Hit]) -> Iterator[Statement]:
        """An article clause by clause: each whole where there is room, else how each begins."""
        yield Statement(f"{clauses[0].passage.heading}:", "label")
        told = [[_statement(unit, hit) for unit in units(hit.passage)] for hit in clauses]
        if is_led(clauses[0]):
            yield from (one for one in told[0] if one.lines == (0,))
        told = [  # each repeats the line that opens the list
            [one for one in of_clause if one.lines != (0,)] if is_led(hit) else of_clause
            for hit, of_clause in zip(clauses, told, strict=True)
        ]
        whole = sum(len(one.text) for of_clause in told for one in of_clause) <= _WHOLE_ARTICLE
        for hit, of_clause in zip(clauses, told, strict=True):
            for n, one in enumerate(of_clause[: None if whole else 1]):
                yield replace(one, form="item", ordinal="" if n else clause_of(hit))

    def _whole_passage(self, hit: Hit, reading: QuestionReading) -> Iterator[Statement]:
        """What a passage says of a rule at one time, as far as there is room."""
        [worth] = self.worth.of([hit], reading)
        return self._from_passage(hit, reading, self.short, worth, whole=True)

    def _from_passage(
        self, hit: Hit, reading: QuestionReading, limit: int, worth: Sequence[Worth], *, whole: bool = False
    ) -> Iterator[Statement]:
        if hit.document.kind == "curated":  # approved as a whole
            yield from (_statement(unit, hit) for unit in units(hit.passage))
            return
        all_units = units(hit.passage)
        chosen = choose(hit, reading, self.relevance, worth, limit=limit, short=self.short, whole=whole)
        said = [_statement(all_units[n], hit) for n in chosen]
        if said:
            said[0] = replace(said[0], text=as_asked(said[0].text, hit, reading, self.relevance))
            said[1:] = [replace(one, text=without_verdict(one.text, hit)) for one in said[1:]]
        if chosen and all_units[chosen[0]].kind == "item" and all(one.form == "sentence" for one in said[1:2]):
            said[0] = replace(said[0], form="sentence", ordinal="")  # one item of a list is no list
        then = line_of_then(hit, reading)
        if then is not None and any(statement.lines == (then,) for statement in said):
            said.sort(key=lambda statement: statement.lines != (then,))
            said[0] = replace(said[0], form="sentence", ordinal="")
        elif (part := part_of_a_list(all_units, chosen)) is not None:
            said.insert(part, Statement(_PART, "label"))
        if hit.is_paper and _FORBIDS.search(hit.passage.heading) and not _FORBIDS.search(said[0].text if said else ""):
            yield Statement(f"{hit.passage.heading.rstrip(' .:')}:", "label")  # its clauses only name what is forbidden
        yield from said

    def _more(self, hits: Sequence[Hit], worth: Sequence[Sequence[Worth]], found: Found) -> Iterator[Statement]:
        """The point of one further passage that stands nearly as high and says something else."""
        best, reading = hits[0], found.reading
        if reading.references.found or asked_for(best, reading, self.relevance) >= _ITS_OWN:
            return
        near = _MORE_NEAR if reading.kind in SHORT_KINDS else _MORE_NEAR_OPEN
        said = frozenset(content_terms(best.passage.text))
        least = _ALSO_TELLS * max(self.relevance.scores(best, reading), default=0.0)
        needed = max(_MORE_NEEDED, _MORE_BESIDE * max((unit.lead for unit in worth[0]), default=0.0))
        programme = programme_named(reading.search)
        for hit, of_units in zip(hits[1:], worth[1:], strict=True):
            if programme and programme not in programmes(hit):
                continue
            if hit.score < near * found.current[0].score:
                continue
            if best.document.kind != "official" and alike(best, hit, self.embedder) < _ALIKE:
                continue
            passage_units, scores = units(hit.passage), self.relevance.scores(hit, reading)
            if not passage_units:
                continue
            top = max(range(len(scores)), key=lambda n: of_units[n].needed if of_units else scores[n])
            unit = passage_units[top]
            if of_units[top].needed < needed if of_units else scores[top] < least:
                continue
            # A list's opening says nothing alone, and a yes or no here would be one to another question.
            if new_words(unit, said) >= 4 and len(unit.text) <= 300 and not announces(unit):
                statement = _statement(unit, hit)
                yield replace(statement, text=without_verdict(statement.text, hit), form="item", ordinal="")
                return


def _of_a_kind(one: Hit, other: Hit) -> bool:
    """Whether two passages are both of the handbook, or of one paper."""
    return one.document.id == other.document.id if one.is_paper else not other.is_paper


def _of_today(said: list[Statement], hit: Hit) -> list[Statement]:
    """The statements without those on an earlier rule, which was told before; all where there are only such."""
    past = {line for line, _ in hit.past}
    return [statement for statement in said if not past.issuperset(statement.lines)] or said


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
