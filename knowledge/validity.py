"""Which rule held when: judged at question time from the register, never stored in an index.

A passage's windows are the days on which its document governs and every instrument that it states as a rule was in
force. A new register entry therefore closes every passage that rests on the old rule at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from knowledge.registry import Registry
from knowledge.snapshot import Ground
from knowledge.types import Document, Interval, Passage, Period, Standing

Windows = tuple[Interval, ...]


class Validity:
    """Judges passages against one state of the register; cheap, because few grounds are distinct."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._known: dict[tuple[object, ...], Windows | None] = {}

    def windows(self, ground: Ground, documents: Mapping[str, Document]) -> Windows | None:
        """The intervals in which a passage holds, oldest first; None when nothing is known; () when it never held."""
        return self.windows_of(ground.document_id, ground.keys, documents)

    def windows_of(self, document_id: str, keys: tuple[str, ...], documents: Mapping[str, Document]) -> Windows | None:
        """The same for a passage's document and the keys that it states as rules."""
        document = documents[document_id]
        key = (document.valid_from, document.valid_to, document.instrument, keys)
        if key not in self._known:
            self._known[key] = self._windows(document, keys)
        return self._known[key]

    def standing(self, windows: Windows | None, day: date) -> Standing:
        """How a passage with these windows stands on a day; a rule under suspension counts as earlier."""
        if windows is None:
            return Standing.UNKNOWN
        if any(window.contains(day) for window in windows):
            return Standing.IN_FORCE
        if windows and all(window.start > day for window in windows):
            return Standing.LATER
        return Standing.EARLIER

    def in_force(self, windows: Windows | None, day: date) -> bool:
        """Whether a passage with these windows holds on a day; an undated one does."""
        return self.standing(windows, day) in (Standing.IN_FORCE, Standing.UNKNOWN)

    def held_in(self, windows: Windows | None, period: Period) -> bool:
        """Whether a passage with these windows held on some day of the period."""
        span = Interval(period.start, period.end)
        return windows is not None and any(window.overlaps(span) for window in windows)

    def told_of(self, passage: Passage) -> tuple[tuple[int | None, Interval], ...]:
        """The intervals in which the earlier rules held that a passage's lines tell of beside its own."""
        told = ((source.line, self.registry.intervals(source.key)) for source in passage.sources if source.past)
        return tuple(dict.fromkeys((line, interval) for line, intervals in told for interval in intervals or ()))

    def _windows(self, document: Document, keys: tuple[str, ...]) -> Windows | None:
        found: Windows | None = None
        if document.valid_from or document.valid_to:
            found = (Interval(document.valid_from or date.min, document.valid_to),)
        for key in (document.instrument, *keys) if document.instrument else keys:
            intervals = self.registry.intervals(key)
            if intervals is not None:
                found = intervals if found is None else intersect(found, intervals)
        return found


def intersect(left: Windows, right: Windows) -> Windows:
    """The days that lie in both, as intervals, oldest first."""
    both = []
    for a in left:
        for b in right:
            if a.overlaps(b):
                ends = [end for end in (a.end, b.end) if end is not None]
                both.append(Interval(max(a.start, b.start), min(ends) if ends else None, b.ground or a.ground))
    return tuple(sorted(both, key=lambda interval: interval.start))
