"""What routes need, as annotated types: the assistant, the caller's address, the right to ask."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from ingest.sync import Sync
from knowledge.assistant import Assistant

# Answering is bound by two cores: more than this at once only lengthens every answer.
MAX_IN_FLIGHT = 32


@dataclass
class House:
    """All that the routes share, opened once by `create_app`'s caller."""

    assistant: Assistant
    sync: Sync
    secret: str = ""
    bot_status: Callable[[], dict[str, Any]] | None = None
    started: float = field(default_factory=time.monotonic)
    building: str = ""  # what the start is still busy with

    def __post_init__(self) -> None:
        self.limiter = MovingWindowRateLimiter(MemoryStorage())
        self.limit: RateLimitItem = parse(self.assistant.settings.rate_limit)
        self.in_flight = asyncio.BoundedSemaphore(MAX_IN_FLIGHT)


def house(request: Request) -> House:
    """The shared things."""
    found: House = request.app.state.house
    return found


HouseDep = Annotated[House, Depends(house)]


def client_address(request: Request, here: HouseDep) -> str:
    """The caller's address: the peer's, or what a trusted proxy says of it, read from the right."""
    peer = request.client.host if request.client else "unknown"
    trusted = [ipaddress.ip_network(part, strict=False) for part in here.assistant.settings.trusted_proxies]

    def is_trusted(address: str) -> bool:
        try:
            return any(ipaddress.ip_address(address) in network for network in trusted)
        except ValueError:
            return False

    if not is_trusted(peer):
        return peer
    forwarded = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    for address in reversed(forwarded):
        if not is_trusted(address):
            return address
    return forwarded[0] if forwarded else peer


def is_owner_call(request: Request, here: HouseDep) -> bool:
    """Whether the call comes from this machine's own commands, which hold the start's secret."""
    return bool(here.secret) and hmac.compare_digest(request.headers.get("x-sotay-secret", ""), here.secret)


OwnCall = Annotated[bool, Depends(is_owner_call)]


def may_ask(address: Annotated[str, Depends(client_address)], own: OwnCall, here: HouseDep) -> None:
    """Let a caller through its rate limit; 429 with Retry-After otherwise."""
    if own or here.limiter.hit(here.limit, "ask", address):
        return
    reset = here.limiter.get_window_stats(here.limit, "ask", address).reset_time
    wait = max(1, round(reset - time.time()))
    raise HTTPException(
        429, f"Anh/chị hỏi hơi nhanh. Vui lòng đợi {wait} giây rồi hỏi tiếp.", headers={"Retry-After": str(wait)}
    )


def own_calls_only(own: OwnCall) -> None:
    """Refuse everyone but this machine's own commands."""
    if not own:
        raise HTTPException(404, "Không có trang này.")


async def a_place(here: HouseDep) -> Any:
    """Hold one of the places for answers in the making; 503 with Retry-After when all are taken."""
    if here.in_flight.locked():
        raise HTTPException(503, "Sổ tay đang bận, vui lòng hỏi lại sau vài giây.", headers={"Retry-After": "3"})
    async with here.in_flight:
        yield


MayAsk = Depends(may_ask)
APlace = Depends(a_place)
OwnCallsOnly = Depends(own_calls_only)
Releases = Iterator[None]
