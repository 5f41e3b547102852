"""What stands in a folder, and what has vanished from it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from ingest.files import written

_SKIPPED_NAMES = ("~$", ".")
_VANISHED = 0.2


def files_in(root: Path) -> Iterator[Path]:
    """The files of a folder and of those below, in order, or the file itself; without hidden and half-saved ones."""
    if not root.is_dir():
        yield from [root] if root.is_file() else []
        return
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root).parts
        if path.is_file() and not any(part.startswith(_SKIPPED_NAMES) for part in inside):
            yield path


def vanished(root: Path, known: Sequence[Any], present: Collection[str], *, prune: bool) -> tuple[list[Any], str]:
    """(the rows of files that are gone for good, what to tell when too much is gone to believe it).

    An unmounted disk is not a clean-up: with the folder itself, or more than a fifth of its files, gone at once nothing
    counts as gone but for `prune`.
    """
    missing = [
        row
        for row in known
        if row.path not in present
        and not os.path.lexists(row.path)
        # What is inside an archive is there as long as the archive is.
        and not any(str(above) in present for above in Path(row.path).parents)
    ]
    # A file named on the command line is gone for good; a folder that is gone may only be unmounted.
    unmounted = not root.exists() and all(row.path != written(root) for row in known)
    if missing and not prune and (unmounted or len(missing) > max(1, _VANISHED * len(known))):
        told = (
            f"{len(missing)}/{len(known)} tệp của {written(root)} không còn thấy. Có thể ổ đĩa chưa gắn, nên chưa "
            "xóa gì; nếu đúng là muốn xóa, hãy chạy lại với --prune."
        )
        return [], told
    return missing, ""
