"""Jobs in order within a lane, side by side across lanes, at most so many at once."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

# What becomes of a job: None, it is finished; a number, try it again after so many seconds.
Work = Callable[[int], Awaitable[float | None]]


class Lanes:
    """A queue per lane (a chat) and a gate over all. Holds numbers only: what they stand for stays in the database.

    `hold`: a job to be tried again keeps its lane waiting (the parts of one message must stay in order); otherwise
    the lane goes on without it. `delay` says how long a lane must rest before its next job.
    """

    def __init__(self, work: Work, *, limit: int, hold: bool, delay: Callable[[int], float] = lambda lane: 0.0) -> None:
        self._work, self._hold, self._delay = work, hold, delay
        self._gate = asyncio.Semaphore(limit)
        self._queues: dict[int, deque[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._later: dict[int, asyncio.TimerHandle] = {}
        self._closing = asyncio.Event()

    def put(self, lane: int, job: int) -> None:
        """Queue a job behind the others of its lane."""
        self._later.pop(job, None)
        if self._closing.is_set():
            return
        if lane in self._queues:
            self._queues[lane].append(job)
            return
        self._queues[lane] = deque([job])
        task = asyncio.create_task(self._drain(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def put_later(self, lane: int, job: int, seconds: float) -> None:
        """Queue a job after a while."""
        if seconds <= 0:
            self.put(lane, job)
        elif not self._closing.is_set():
            self._later[job] = asyncio.get_running_loop().call_later(seconds, self.put, lane, job)

    @property
    def waiting(self) -> int:
        """How many jobs are queued, running or put off."""
        return sum(map(len, self._queues.values())) + len(self._later)

    async def close(self, *, grace: float) -> None:
        """Start nothing more; what runs gets a while to finish, then it is cancelled."""
        self._closing.set()
        for timer in self._later.values():
            timer.cancel()
        tasks = set(self._tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=grace)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _drain(self, lane: int) -> None:
        queue = self._queues[lane]
        while queue and not self._closing.is_set():
            job = queue[0]
            again: float | None = None
            while (rest := self._delay(lane)) > 0:
                if await self._closed_within(rest):
                    return
            async with self._gate:
                if self._closing.is_set():
                    return
                try:
                    again = await self._work(job)
                except Exception:
                    # The work itself decides about failures; what slips through must not stop the lane.
                    log.exception("a job of the bot failed outside of its own error handling")
                    again = 30.0
            if again is None:
                queue.popleft()
            elif self._hold:
                if await self._closed_within(again):
                    return
            else:
                queue.popleft()
                self.put_later(lane, job, max(again, 0.001))
        if not queue:
            del self._queues[lane]

    async def _closed_within(self, seconds: float) -> bool:
        """Rest; True when closing interrupts it."""
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return False
        return True
