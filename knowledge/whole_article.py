"""The clauses of one article together, where a question asks for all of it: "điều 13 cấm những gì" is answered by eight
clauses, each a passage of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from knowledge.instructions import gives_orders
from knowledge.question import Kind, QuestionReading
from knowledge.types import Hit, Passage

# The passages near one in its document, in order.
About = Callable[[Passage], Sequence[Passage]]

_CLAUSE = re.compile(r"Khoản (\d{1,3})[a-zđ]?$")
# Of a list that several clauses make so many must be among as many of the best found, each near the best one; fewer
# where the article says above them that they are a list.
_CLAUSES, _LED, _AMONG, _NEAR = 3, 2, 5, 0.2
_OF_ONE = (Kind.QUANTITY, Kind.WHO, Kind.PLACE, Kind.DEFINITION)


def clause_of(hit: Hit) -> str:
    """The number of the clause that a passage is; empty for any other."""
    crumb = hit.passage.breadcrumb[-1] if hit.passage.breadcrumb else ""
    match = _CLAUSE.match(crumb)
    return match[1] if match else ""


def is_led(hit: Hit) -> bool:
    """Whether a clause stands under a line of its article that opens a list of all clauses: "… một trong các giấy tờ
    sau đây:"."""
    first = hit.passage.lines[0].rstrip()
    return first.endswith(":") and re.match(rf"\W*(?:Khoản )?{clause_of(hit) or 0}\b", first) is None


def whole_article(best: Hit, hits: Sequence[Hit], reading: QuestionReading, about: About) -> list[Hit]:
    """The clauses of the article of the best passage, in order, where the question names the article and no clause of
    it, or asks for a list and several of the best found are of it; else nothing."""
    if not best.is_paper or not clause_of(best) or not (_named(best, reading) or _listed(best, hits, reading)):
        return []
    article = [passage for passage in about(best.passage) if passage.breadcrumb[:-1] == best.passage.breadcrumb[:-1]]
    fetched = [replace(best, passage=passage) for passage in article]  # not found, so not yet judged
    clauses = [hit for hit in fetched if clause_of(hit) and not gives_orders(hit)]
    whole = len({clause_of(hit) for hit in clauses}) == len(clauses)  # no clause was cut in pieces
    return clauses if whole and len(clauses) > 1 else []


def _listed(best: Hit, hits: Sequence[Hit], reading: QuestionReading) -> bool:
    near = [hit for hit in hits[:_AMONG] if hit.score >= _NEAR * best.score and clause_of(hit)]
    among = sum(_article(hit) == _article(best) for hit in near)
    if is_led(best):
        return among >= _LED and reading.kind not in _OF_ONE
    return among >= _CLAUSES and reading.kind is Kind.LIST and not best.passage.lines[0].rstrip().endswith(":")


def _article(hit: Hit) -> tuple[str, tuple[str, ...]]:
    return hit.document.id, hit.passage.breadcrumb[:-1]


def _named(hit: Hit, reading: QuestionReading) -> bool:
    """Whether the question refers to the article of a passage as a whole."""
    places = [reference for reference in reading.references.found if "Đ" in reference.locator]
    of_it = any(place.covers(source.key, source.locator) for place in places for source in hit.passage.sources)
    return of_it and not any(part[0] == "k" for place in places for part in place.locator.split())
