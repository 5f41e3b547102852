"""The synchronous core beside the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from typing import TypeVar

Item = TypeVar("Item")


async def in_thread(
    items: Generator[Item, None, None], *, running: set[Callable[[], None]]
) -> AsyncGenerator[Item, None]:
    """The items of a blocking generator, made in a thread of its own.

    When the reader goes away the generator is closed after the item in the making. The thread is a daemon: one that
    hangs (a language model that never answers) keeps neither a reader nor the end of the process waiting. While it
    lasts, `running` holds a function that ends it early.
    """
    loop = asyncio.get_running_loop()
    # Unbounded: an answer is a few dozen sentences at most.
    made: asyncio.Queue[tuple[list[Item], BaseException | None]] = asyncio.Queue()
    gone = threading.Event()

    def hand_over(item: list[Item], end: BaseException | None = None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended, and with it every reader
            loop.call_soon_threadsafe(made.put_nowait, (item, end))

    def work() -> None:
        end: BaseException = StopAsyncIteration()
        try:
            with contextlib.closing(items):
                for item in items:
                    if gone.is_set():
                        break
                    hand_over([item])
        except Exception as error:
            end = error
        hand_over([], end)

    def cut() -> None:
        made.put_nowait(([], StopAsyncIteration()))

    threading.Thread(target=work, name="answer", daemon=True).start()
    running.add(cut)
    try:
        while True:
            item, end = await made.get()
            if isinstance(end, StopAsyncIteration):
                return
            if end is not None:
                raise end
            yield item[0]
    finally:
        running.discard(cut)
        gone.set()
