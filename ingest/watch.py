"""Watches the folder of documents while Sổ tay serves: what changes there is read once it has come to rest."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

from knowledge.errors import SotayError

log = logging.getLogger(__name__)

State = frozenset[tuple[str, int, int]]


def state_of(folder: Path) -> State | None:
    """Every file with its size and time of change; None where the folder is not there (it may be unmounted)."""
    if not folder.is_dir():
        return None
    found = []
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith((".", "~$")):
                try:
                    status = os.stat(os.path.join(root, name))
                except OSError:  # gone between the listing and the look
                    continue
                found.append((os.path.join(root, name), status.st_size, status.st_mtime_ns))
    return frozenset(found)


def watch(
    folder: Path, seconds: float, ingest: Callable[[], None], stop: threading.Event, *, since: State | None = None
) -> None:
    """Call `ingest` when the folder has changed and then stayed the same for one interval; until `stop` is set.

    `since` is the state that was read last. It polls, for network folders tell nobody of their changes. `ingest` keeps
    its own rules for vanished files; when it is refused (another run is under way), it is called at the next look.
    """
    done, before = since, state_of(folder)
    while not stop.wait(seconds):
        now = state_of(folder)
        if now is None or now != before:  # not there, or still being copied
            before = now if now is not None else before
            continue
        if now == done:
            continue
        try:
            ingest()
            done = now
        except SotayError as error:
            log.info("the watched folder is read later: %s", error)
        except Exception:
            log.exception("reading the watched folder failed")
            done = now
