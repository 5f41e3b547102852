"""Several changes of the store taken together, so that the indexes follow once."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.store import Change


def merged(changes: Iterable[Change]) -> Change:
    """Several changes as one; a passage added by one and removed by a later one is neither."""
    added: dict[str, None] = {}
    removed: dict[str, None] = {}
    refreshed: dict[str, None] = {}
    kept = 0
    for change in changes:
        kept += change.kept
        for i in change.removed:
            refreshed.pop(i, None)
            if i in added:
                del added[i]
            else:
                removed[i] = None
        for i in change.added:
            if i in removed:
                del removed[i]
                refreshed[i] = None
            else:
                added[i] = None
        for i in change.refreshed:
            if i not in added:
                refreshed[i] = None
    return Change(tuple(added), tuple(removed), kept, tuple(refreshed))
