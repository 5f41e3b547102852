"""Blocking work off the event loop: the database on one thread of its own, answers on threads that may be abandoned."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Offload:
    """One thread for the database, so that the bot never fights itself for SQLite's write lock; and, for answers, a
    daemon thread each: a slow language model holds up neither the database nor the end of the process."""

    def __init__(self) -> None:
        self._database = ThreadPoolExecutor(1, thread_name_prefix="telegram-db")
        self._marks = ThreadPoolExecutor(1, thread_name_prefix="telegram-sent")

    async def db(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking database act; in the order of the calls."""
        context = copy_context()  # handlers' helpers know the update being handled by a context variable
        run = partial(context.run, act, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._database, run)

    async def mark(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for notes about a message on its way, which must not queue behind anything else."""
        return await asyncio.get_running_loop().run_in_executor(self._marks, lambda: act(*args, **kwargs))

    async def each(self, start: Callable[[], Iterable[T]]) -> AsyncIterator[T]:
        """The items of a blocking iterable as they come; what it raises is raised here."""
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[tuple[T | None, BaseException | None, bool]] = asyncio.Queue()

        def tell(item: T | None, error: BaseException | None, last: bool) -> None:
            with suppress(RuntimeError):  # the loop has ended: nobody waits for this answer any more
                loop.call_soon_threadsafe(queue.put_nowait, (item, error, last))

        def run() -> None:
            try:
                for item in start():
                    tell(item, None, False)
            except BaseException as error:
                tell(None, error, True)
            else:
                tell(None, None, True)

        threading.Thread(target=run, name="telegram-answer", daemon=True).start()
        while True:
            item, error, last = await queue.get()
            if error is not None:
                raise error
            if last:
                return
            yield item  # type: ignore[misc]

    async def call(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one blocking act that may take long."""
        async for result in self.each(lambda: [act(*args, **kwargs)]):
            return result
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Let what is queued finish."""
        self._marks.shutdown(wait=True)
        self._database.shutdown(wait=True)
