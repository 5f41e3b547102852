"""How a confirmed entry changes the register: what it says of itself, and what it ends.

Laid anew over whatever register is shipped, so a release may learn more about an old rule without losing its end. A
text cannot know of its own later repeal: the days on which the register has ended a rule stay, unless a person says
otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from knowledge.proposal import BY_HAND, Proposal, Relation
from knowledge.registry import Registry
from knowledge.text import fold
from knowledge.types import Instrument, Interval

_DAY = timedelta(days=1)


def lay(registry: Registry, proposal: Proposal, on: date | None = None) -> Registry:
    """The register with one confirmed entry over it, and what it ends ended."""
    own = _entry(registry, proposal, on)
    over = {own.key: own}
    for relation in proposal.relations:
        target = _target(registry, relation, own.locality)
        if target is not None and target.key == own.key:
            continue
        if relation.kind == "amends":
            if target is not None:
                links = tuple(dict.fromkeys((*target.amended_by, own.key)))
                over[target.key] = replace(over.get(target.key, target), amended_by=links)
            continue
        old = target or _unknown(registry, relation, own)
        if old is not None:
            over[old.key] = _closed(old, relation, own)
    return registry.overlaid(over.values())


def said(registry: Registry, proposal: Proposal) -> bool:
    """Whether the register already holds this instrument with the same days and everything that it ends."""
    known = _known(registry, proposal)
    start = proposal.day("effective")
    if known is None or not known.in_force or (start and known.in_force[0].start != start):
        return False
    if (end := proposal.day("expires")) and known.in_force[-1].end != end:
        return False
    for relation in proposal.relations:
        target = _target(registry, relation, known.locality)
        links = (*known.amends, *known.replaces)
        if relation.kind == "amends":
            continue
        if target is None or not target.in_force or target.key not in links:
            return False
        if target.in_force[-1].end is None or (relation.ends and target.in_force[-1].end > relation.ends):
            return False
    return True


def _entry(registry: Registry, proposal: Proposal, on: date | None) -> Instrument:
    """The proposal as an instrument; where it says nothing, the register's own entry goes on speaking."""
    known = _known(registry, proposal)
    signed, start = proposal.day("signed"), proposal.day("effective")
    key = known.key if known else proposal.number
    if known is None and registry.candidates(proposal.number):  # another's number: local papers count per province
        key = f"{proposal.number}@{signed}" if signed else proposal.number
    base = known or Instrument(key, proposal.number, proposal["kind"] or "văn bản", proposal["title"])
    intervals = _intervals(proposal, base, start) if start else base.in_force
    where = proposal["locality"] or base.locality
    linked = {
        kind: [key for r in proposal.relations if r.kind == kind and (key := _key(registry, r, where))]
        for kind in ("replaces", "amends")
    }
    return replace(
        base,
        kind=proposal["kind"] or base.kind,
        title=base.title or proposal["title"] or proposal.number,
        issuer=proposal["issuer"] or base.issuer,
        signed=signed or base.signed,
        locality=where,
        in_force=intervals,
        replaces=_joined(base.replaces, linked["replaces"]),
        amends=_joined(base.amends, linked["amends"]),
        confidence="chắc chắn",
        verified_on=on or base.verified_on,
    )


def _intervals(proposal: Proposal, base: Instrument, start: date) -> tuple[Interval, ...]:
    ground = f"{proposal.fields['effective'].sentence} (cơ quan xác nhận)".strip()
    end, by_hand = (
        proposal.day("expires"),
        "expires" in proposal.fields and proposal.fields["expires"].sentence == BY_HAND,
    )
    known = [interval for interval in base.in_force or () if interval.end is None or interval.end >= start]
    if by_hand or not known:
        return (Interval(start, end, ground),)
    first = replace(known[0], start=start, ground=known[0].ground if known[0].start == start else ground)
    cut = [first, *known[1:]]
    if end:
        cut = [replace(i, end=min(i.end or end, end)) for i in cut if i.start <= end]
    return tuple(cut) or (Interval(start, end, ground),)


def _joined(links: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*links, *more)))


def _key(registry: Registry, relation: Relation, locality: str) -> str:
    """How the register names what a relation is about; nothing where only a namesake is known."""
    if target := _target(registry, relation, locality):
        return target.key
    if not _numbered(registry, relation.number):
        return relation.number
    return f"{relation.number}@{relation.signed}" if relation.signed else ""


def _known(registry: Registry, proposal: Proposal) -> Instrument | None:
    """The register's entry of the same instrument: number, date of signing and place must not disagree."""
    signed, locality = proposal.day("signed"), proposal["locality"]
    return next((one for one in _numbered(registry, proposal.number) if _fits(one, signed, locality)), None)


def _target(registry: Registry, relation: Relation, locality: str) -> Instrument | None:
    """The register's entry that a relation names; never another province's paper of the same number."""
    return next((one for one in _numbered(registry, relation.number) if _fits(one, relation.signed, locality)), None)


def _numbered(registry: Registry, number: str) -> list[Instrument]:
    return [one for one in registry if fold(one.number) == fold(number)]


def _fits(known: Instrument, signed: date | None, locality: str) -> bool:
    if is_local(known.number) and locality and known.locality != locality:
        return False
    # A number that carries its year is unique, whatever date a text misprints; of others the year must agree.
    dated = known.number.count("/") > 1 or signed is None or known.signed is None
    return dated or (known.signed is not None and signed is not None and known.signed.year == signed.year)


def is_local(number: str) -> bool:
    """Whether such numbers are given out in every province anew."""
    return any(part in number for part in ("UBND", "HĐND", "-S", "-CT"))


def _unknown(registry: Registry, relation: Relation, by: Instrument) -> Instrument | None:
    """An entry for what the register does not hold, so that an office's own copy of it is closed too."""
    key = _key(registry, relation, by.locality)
    if not key:
        return None
    kind = relation.name.lower() or "văn bản"
    start = relation.signed or date.min
    local = by.locality if is_local(relation.number) else "trung-uong"
    note = "Chỉ biết qua văn bản bãi bỏ hoặc thay thế."
    return Instrument(
        key,
        relation.number,
        kind,
        relation.number,
        "",
        relation.signed,
        local,
        (Interval(start),),
        note=note,
    )


def _closed(old: Instrument, relation: Relation, by: Instrument) -> Instrument:
    """The old rule, ended on the day that the new text names, else the day before that takes effect."""
    start = min((i.start for i in by.in_force or ()), default=None)
    end = relation.ends or (start - _DAY if start else None)
    links = _joined(old.replaced_by, [by.key] if relation.kind == "replaces" else [])
    if end is None or not old.in_force:
        return replace(old, replaced_by=links)
    told = f"{'bị bãi bỏ' if relation.kind == 'repeals' else 'hết hiệu lực'} theo {by.key}"

    def close(interval: Interval) -> Interval | None:
        if interval.start > end:
            return None
        if interval.end is not None and interval.end <= end:
            return interval
        return Interval(interval.start, end, f"{interval.ground}; {told}".removeprefix("; "))

    kept = tuple(closed for interval in old.in_force if (closed := close(interval)))
    return replace(old, replaced_by=links, in_force=kept)
