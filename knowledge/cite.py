"""Citations: what a marker stands for, down to the article, with the instrument behind our own wording.

A marker stands for one passage and one source in it: a handbook line that rests on a decision is cited as that
decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge.catalogue import SourceEntry
from knowledge.compose import Statement
from knowledge.references import show_locator
from knowledge.registry import Registry
from knowledge.types import Citation, Hit, Instrument, Interval, Source, Standing
from knowledge.validity import Validity

_QUOTE = 600

Mark = tuple[str, str]  # passage id, source key ("" where a line names none)


@dataclass(frozen=True)
class Citer:
    """Turns statements into citations with the register and the catalogue of other sources at hand."""

    registry: Registry
    validity: Validity
    catalogue: Mapping[str, SourceEntry]

    def marks(self, statement: Statement) -> list[Mark]:
        """The marks that a statement carries: one for each source of its lines, at most two."""
        return [mark for one in _apart(statement) for mark in self._marks(one)]

    def cite(self, statements: Sequence[Statement], on: date) -> tuple[dict[Mark, int], tuple[Citation, ...]]:
        """Numbered citations in order of first use, and the number of each mark."""
        numbers: dict[Mark, int] = {}
        behind: dict[Mark, list[Statement]] = {}
        for statement in statements:
            for one in _apart(statement):
                for mark in self._marks(one):
                    numbers.setdefault(mark, len(numbers) + 1)
                    behind.setdefault(mark, []).append(one)
        return numbers, tuple(self._citation(mark, number, behind[mark], on) for mark, number in numbers.items())

    # -- within ----------------------------------------------------------------------------------------------------

    def _marks(self, statement: Statement) -> list[Mark]:
        assert statement.hit is not None
        if statement.hit.document.kind == "curated":  # a person's word is cited as that, however well it is founded
            return [(statement.hit.passage.id, "")]
        keys = list(dict.fromkeys(source.key for source in self._sources(statement)))
        legal = [key for key in keys if self.registry.get(key) is not None]
        chosen = (legal or keys)[:2] or [""]
        return [(statement.hit.passage.id, key) for key in chosen]

    def _sources(self, statement: Statement) -> list[Source]:
        assert statement.hit is not None
        whole = [s for s in statement.hit.passage.sources if s.line is None]
        own = [s for s in statement.hit.passage.sources if s.line is not None and s.line in statement.lines]
        return own or whole or self._nearest(statement)

    def _nearest(self, statement: Statement) -> list[Source]:
        """A line that only leads in ("… như sau:") rests on what it opens; any other line without a source is our own
        advice and rests on the handbook page alone."""
        assert statement.hit is not None
        if not statement.text.rstrip().endswith(":"):
            return []
        sources = [s for s in statement.hit.passage.sources if s.line is not None]
        if not sources or not statement.lines:
            return sources[:1]
        nearest = min(sources, key=lambda s: (abs((s.line or 0) - statement.lines[0]), -(s.line or 0)))
        return [s for s in sources if s.line == nearest.line]

    def _citation(self, mark: Mark, number: int, statements: list[Statement], on: date) -> Citation:
        hit = statements[0].hit
        assert hit is not None
        _, key = mark
        sources = [s for statement in statements for s in self._sources(statement) if s.key == key]
        instrument = self.registry.get(key) if key else None
        entry = self.catalogue.get(key)
        window = self._window(instrument, hit, sources, on)
        locators = list(dict.fromkeys(show_locator(s.locator) for s in sources if s.locator))
        past = bool(sources) and all(source.past for source in sources)
        standing = self._standing(instrument, on) if past else hit.standing
        return Citation(
            marker=number,
            passage_id=hit.passage.id,
            title=_title(hit, entry),
            locator="; ".join(locators[:3]),
            instrument=instrument.number if instrument else "",
            quote=_quote(hit, statements),
            url=(instrument.url if instrument else entry.url if entry else "") or hit.document.url,
            page=hit.passage.page,
            valid_from=window.start if window and window.start > date.min else None,
            valid_to=window.end if window else None,
            standing=standing,
            warning=hit.passage.warning,
        )

    def _standing(self, instrument: Instrument | None, on: date) -> Standing:
        return self.validity.standing(instrument.in_force if instrument else None, on)

    def _window(self, instrument: Instrument | None, hit: Hit, sources: list[Source], on: date) -> Interval | None:
        """The stretch of validity to show: the rule's own, cut to what the passage governs unless it tells of the
        past."""
        past = bool(sources) and all(source.past for source in sources)
        intervals = (instrument.in_force if instrument else None) or () if past else hit.windows
        holding = [interval for interval in intervals if interval.contains(on)]
        candidates = holding or list(intervals)
        return candidates[-1] if candidates else None


def _apart(statement: Statement) -> list[Statement]:
    """One statement for each passage that it rests on, the first with its lines."""
    if statement.hit is None:
        return []
    others = [replace(statement, hit=hit, also=(), lines=()) for hit in statement.also]
    return [replace(statement, also=()), *others]


def _title(hit: Hit, entry: SourceEntry | None) -> str:
    crumbs = [hit.document.title, *hit.passage.breadcrumb]
    path = " › ".join(dict.fromkeys(crumb for crumb in crumbs if crumb))
    return f"{path} (nguồn: {entry.title})" if entry else path


def _quote(hit: Hit, statements: list[Statement]) -> str:
    """The passage's own lines behind the statements, verbatim; cut at a word where they are long."""
    lines = sorted({line for statement in statements for line in statement.lines})
    text = "\n".join(hit.passage.lines[lines[0] : lines[-1] + 1]) if lines else hit.passage.text
    if len(text) <= _QUOTE:
        return text
    return text[:_QUOTE].rsplit(None, 1)[0]
