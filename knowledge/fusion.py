"""Words and meaning joined by weight: equal-weight rank fusion helps only between engines of like strength, and
these are not."""

from __future__ import annotations

from collections.abc import Sequence

# Share of the dense similarity beside a lexical score scaled to its best hit.
DENSE_WEIGHT = 0.4


def fuse(lexical: Sequence[tuple[str, float]], dense: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """One order of both candidate lists, best first; equal scores by id. Scores lie between 0 and 1 + DENSE_WEIGHT."""
    top = max((score for _, score in lexical), default=0.0)
    scores = {passage_id: score / top for passage_id, score in lexical} if top > 0 else {}
    for passage_id, similarity in dense:
        scores[passage_id] = scores.get(passage_id, 0.0) + DENSE_WEIGHT * max(similarity, 0.0)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
