"""Answers written by a language model from the passages found; without it, or when it fails, their own words.

The model sees numbered passages as data and must end each sentence with their numbers. Its stream is cut into
sentences; each is verified before it leaves, and one without a known number is dropped. Whatever goes wrong (no server,
a time-out, a refusal, a broken stream, nothing that can be verified) ends in the extractive answer and a note.
"""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Protocol

from knowledge.chat_model import Failed, Limits, Loop, open_model, reason, stream_of, why
from knowledge.chat_text import statements_of, usable
from knowledge.compose import Composer, Statement
from knowledge.dates import show
from knowledge.prompts import SYSTEM, passages_as_data, request
from knowledge.retrieve import Found
from knowledge.settings import Settings
from knowledge.types import Hit, Standing

log = logging.getLogger(__name__)

NOTE = "Mô hình ngôn ngữ {why}, nên câu trả lời dưới đây trích nguyên văn từ sổ tay."


class Checker(Protocol):
    """What the composer needs of the verifier."""

    def faults(self, statement: Statement, found: Found) -> list[str]:
        """What is wrong with a statement."""

    def lines_behind(self, text: str, hit: Hit, found: Found) -> tuple[int, ...]:
        """The lines of a passage that prove a sentence."""


class ChatComposer:
    """Lets a chat model write; safe to use from several threads, and a reader who leaves ends the request."""

    name = "chat"

    def __init__(
        self, settings: Settings, fallback: Composer, verifier: Callable[[], Checker], *, limits: Limits | None = None
    ) -> None:
        self.fallback = fallback
        self.verifier = verifier
        self.limits = limits or Limits.of(settings.chat_timeout)
        self.model = open_model(settings, self.limits)
        self._loop = Loop()

    def compose(self, found: Found) -> Iterator[Statement]:
        """Verified statements as the model writes them; on any failure a `note`, then the extractive statements."""
        try:
            yield from self._written(found)
        except Failed as failure:
            log.warning("chat model: %s", failure)
            yield Statement(NOTE.format(why=failure), "note")
            yield from self.fallback.compose(found)

    def _written(self, found: Found) -> Iterator[Statement]:
        hits = usable(found)
        if not hits:
            raise Failed("không có đoạn nào dùng được")
        stands, told = 0, None
        checker = self.verifier()
        with closing(self._text(found, hits)) as text:
            for statement in statements_of(text, hits):
                proven = _proven(statement, found, checker)
                if proven is None:
                    log.info("dropped a sentence of the model: %s", statement.text[:200])
                    continue
                label = _label(proven, found)
                if label != told and (label or told):
                    yield Statement(label or f"Hiện nay ({show(found.on)}):", "label")
                    told = label
                stands += 1
                yield proven
        if not stands:
            raise Failed("không viết được câu nào đối chiếu được với nguồn")

    def _text(self, found: Found, hits: list[Hit]) -> Generator[str]:
        prompt = [("system", SYSTEM), ("human", request(found, passages_as_data(hits)))]
        chunks: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()

        async def produce() -> None:
            try:
                async for text in stream_of(self.model, prompt, self.limits):
                    chunks.put(text)
                chunks.put(None)
            except Failed as failure:
                chunks.put(failure)
            except Exception as error:
                log.warning("chat model failed: %s", reason(error))
                chunks.put(Failed(why(error)))

        cancel = self._loop.start(produce())
        deadline = time.monotonic() + self.limits.total + 2.0
        try:
            while True:
                try:
                    chunk = chunks.get(timeout=max(0.05, deadline - time.monotonic()))
                except queue.Empty:
                    raise Failed("trả lời quá lâu") from None
                if chunk is None:
                    return
                if isinstance(chunk, Exception):
                    raise chunk
                yield chunk
        finally:
            cancel()


def _proven(statement: Statement, found: Found, checker: Checker) -> Statement | None:
    """The statement with the passages that prove it, and the lines; None when none does."""
    assert statement.hit is not None
    proofs = []
    for hit in (statement.hit, *statement.also):
        one = replace(statement, hit=hit, also=(), earlier=hit.standing == Standing.EARLIER)
        if not checker.faults(one, found):
            proofs.append(hit)
    if not proofs:
        return None
    first, *others = proofs
    return replace(
        statement,
        hit=first,
        also=tuple(hit for hit in others if hit.standing == first.standing),
        lines=checker.lines_behind(statement.text, first, found),
        earlier=first.standing == Standing.EARLIER,
    )


def _label(statement: Statement, found: Found) -> str:
    """What stands above a statement from an earlier rule; "" above today's."""
    if not statement.earlier or statement.hit is None:
        return ""
    period = found.reading.time.period
    every = list(statement.hit.windows)
    windows = [w for w in every if period is None or w.start <= period.end] or every
    if not windows:
        return "Trước đây:"
    until = f" đến {show(windows[-1].end)}" if windows[-1].end else ""
    return f"Quy định áp dụng từ {show(windows[-1].start)}{until}:"
