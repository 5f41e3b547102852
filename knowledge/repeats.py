"""Figures of an answer that only repeat the case which the question puts."""

from __future__ import annotations

from fractions import Fraction

from knowledge.evidence import ACTORS
from knowledge.figures import Fact, facts_of
from knowledge.retrieve import Found
from knowledge.types import Hit


def repeats(fact: Fact, facts: tuple[Fact, ...], outside: list[Fact], hit: Hit, found: Found) -> bool:
    """Whether a fact merely repeats the case that the question puts: one value, no bound, at home in the ground.

    A year or day must lie in a time when the passage held; a figure, within the bounds that the same sentence takes
    from the ground ("82 điểm nằm trong khung từ 70 đến dưới 90"). A question cannot put a rule into an answer.
    """
    asked = facts_of(found.reading.text)
    if fact.bound or not any(a.kind == fact.kind and (a.value, a.unit) == (fact.value, fact.unit) for a in asked):
        return False
    if fact.kind == "date":
        period = found.reading.time.period
        return bool(period and hit.windows) and any(
            w.start <= period.end and (w.end is None or period.start <= w.end) for w in hit.windows if period
        )
    if fact.kind != "figure" or fact.unit in ACTORS:
        return False
    bounds = [f for f in facts if f not in outside and f.kind == "figure" and f.unit == fact.unit and f.bound]
    value = Fraction(fact.value)
    holds = {"<": lambda b: value < b, "<=": lambda b: value <= b, ">": lambda b: value > b, ">=": lambda b: value >= b}
    return bool(bounds) and all(holds[f.bound](Fraction(f.value)) for f in bounds)
