"""Which earlier rules an answer tells of, and which of today's beside them."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.embedding import Embedder
from knowledge.programmes import programmes
from knowledge.relevance import alike
from knowledge.retrieve import AS_GOOD, Found
from knowledge.then_and_now import about_that_time, begins_in, names_year, tells_both, tells_of_then
from knowledge.types import Hit

# Scores are odds. An explicit past time wants its rule even where today's fits the words better; today's is told
# beside it when it answers too; a second past rule needs to answer nearly as well.
_THEN, _THEN_BESIDE, _NOW, _NOW_FIRST, _ALSO_THEN = 0.04, 0.3, 0.04, 0.2, 0.4
_AS_WELL_NOW = 0.8  # of the earlier passage's score, for one on today to answer as well whatever its heading
# Below this share of today's best an earlier rule must be somewhat alike to it, unless its instrument is named.
_THEN_ALONE, _UNLIKE = 0.5, 0.15
# Of the best earlier passage's score, for the one on today's very question to go before it.
_NEAR_THEN = 0.45
_NEARLY = 1e-3  # what rounding may take from a score
# How alike the questions of two passages are, by cosine, where one tells what holds now in the other's matter; where
# they ask the same of two rules, and the least that the second scores then.
_ALIKE_NOW, _ALIKE_RULES, _RULE_BEFORE = 0.27, 0.5, 0.01
# Below this share of the earlier passage's score one on today must be so much alike.
_FAR, _ALIKE_FAR = 0.12, 0.6


class EarlierRules:
    """Chooses from what was found by its scores, times and matters."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder

    def wanted(self, found: Found) -> list[Hit]:
        """The earlier passages to tell of, oldest rule first: one for each rule that held, if the question wants
        them."""
        if not found.then or (found.reading.time.event and found.current):
            return []
        period = found.reading.time.period
        first = found.current[0] if found.current else None
        best = self._earlier(found.then, first)
        told = first and (tells_both(first, found.reading, found.on) or names_year(first, period))
        told = told and first and not about_that_time(best, first, period, found.on)
        if first and told and first.score >= AS_GOOD * best.score:
            return []
        least = AS_GOOD if period and period.start <= found.on <= period.end else _THEN
        if first and begins_in(first, period):  # "Tính đến tháng 6/2025 …": it tells of that time itself
            least = max(least, _THEN_BESIDE)
        if first and found.then[0].score < least * first.score:
            return []
        named = any(reference.key for reference in found.reading.references.found)
        if first and not named and best.score < _THEN_ALONE * first.score and self._alike(first, best) < _UNLIKE:
            return []
        if period is None or period.start == period.end:
            return [best]
        chosen = [best]
        for hit in found.then:
            # Rules follow each other; of two that held side by side the second tells of another matter.
            beside = any(one.overlaps(w) for other in chosen for one in other.windows for w in hit.windows)
            if not beside and (hit.score >= _ALSO_THEN * best.score or self._of_the_same(best, hit)):
                chosen.append(hit)
        return sorted(chosen, key=lambda hit: hit.windows[0].start)

    def _earlier(self, then: Sequence[Hit], first: Hit | None) -> Hit:
        """The best earlier passage; where today's rule fits the question better, of those near the one that is asked
        for as today's is."""
        if first is None or then[0].score >= first.score:
            return then[0]
        near = (hit for hit in then if hit.score >= _NEAR_THEN * then[0].score)
        return max(near, key=lambda hit: self._alike(first, hit))

    def _of_the_same(self, best: Hit, other: Hit) -> bool:
        """Whether a rule that held before or after the best one in the time asked about is on the same question."""
        return other.score >= _RULE_BEFORE * best.score and self._alike(best, other) >= _ALIKE_RULES

    def today_s(self, found: Found, told: Sequence[Hit]) -> Hit | None:
        """The passage that tells what holds now beside the earlier rules told, and does not begin with what was: one
        that answers as well, or one in the same matter. Words that both share ("thu hồi", "tiêu chí") do not do."""
        then = max(told, key=lambda hit: hit.score)
        first = found.current[0].score if found.current else 0.0
        named = any(reference.key for reference in found.reading.references.found)

        def holds(hit: Hit) -> bool:
            as_good = hit.score >= _AS_WELL_NOW * then.score - _NEARLY
            near = hit.score >= max(_NOW * then.score, _NOW_FIRST * first)
            alike = _ALIKE_NOW if named or hit.score >= _FAR * then.score else _ALIKE_FAR
            return not tells_of_then(hit, found.on) and (as_good or (near and self._in_one_matter(then, hit, alike)))

        return max(filter(holds, found.current), key=lambda hit: hit.score, default=None)

    def _in_one_matter(self, one: Hit, other: Hit, least: float) -> bool:
        """Whether two passages are of one programme and answer questions that are alike."""
        shared = set(programmes(one)) & set(programmes(other))
        return bool(shared) and self._alike(one, other) >= least

    def _alike(self, one: Hit, other: Hit) -> float:
        return alike(one, other, self.embedder)
