"""A blocking generator read from the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Generator
from contextlib import aclosing

import pytest

from api.threads import in_thread


def test_items_arrive_in_order_and_an_error_after_them() -> None:
    def items() -> Generator[int, None, None]:
        yield from (1, 2)
        raise ValueError("three")

    seen = []

    async def read() -> None:
        async for item in in_thread(items(), running=set()):
            seen.append(item)

    with pytest.raises(ValueError, match="three"):
        asyncio.run(read())
    assert seen == [1, 2]


def test_an_answer_in_the_making_can_be_ended_from_outside() -> None:
    held = threading.Event()

    def items() -> Generator[int, None, None]:
        yield 1
        held.wait(10)

    async def read() -> list[int]:
        seen: list[int] = []
        running: set[Callable[[], None]] = set()
        async for item in in_thread(items(), running=running):
            seen.append(item)
            next(iter(running))()
        assert not running
        return seen

    assert asyncio.run(asyncio.wait_for(read(), 2)) == [1]
    held.set()


def test_a_reader_that_leaves_closes_the_generator_and_waits_for_nothing() -> None:
    closed, held = threading.Event(), threading.Event()

    def items() -> Generator[int, None, None]:
        try:
            yield 1
            held.wait(10)
            yield 2
        finally:
            closed.set()

    async def read() -> None:
        async with aclosing(in_thread(items(), running=set())) as made:
            assert await anext(made) == 1

    asyncio.run(asyncio.wait_for(read(), 2))
    assert not closed.is_set()
    held.set()
    assert closed.wait(5)
