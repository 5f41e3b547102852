"""Questions are kept no longer than was promised, however long the house stays open."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

DAY = 86400.0


def keep(expire: Callable[[int], object], days: int, stop: threading.Event, *, every: float = DAY) -> threading.Thread:
    """Forget what is older than so many days, now and once a day, in a thread of its own until `stop` is set."""

    def run() -> None:
        while True:
            try:
                expire(days)
            except Exception:  # a locked database today is not one tomorrow
                log.exception("old questions could not be removed; it is tried again")
            if stop.wait(every):
                return

    thread = threading.Thread(target=run, name="retention", daemon=True)
    thread.start()
    return thread
