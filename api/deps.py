"""What routes need, as annotated types: the assistant, the caller's address, the right to ask."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.shapes import Problem
from ingest.sync import Sync
from knowledge.assistant import Assistant

# Answering is bound by two cores: more than this at once only lengthens every answer.
MAX_IN_FLIGHT = 32
# Wrong admin keys from one address.
_TRIES = parse("10/minute")


@dataclass
class House:
    """All that the routes share, opened once by `create_app`'s caller."""

    assistant: Assistant
    sync: Sync
    secret: str = ""
    bot_status: Callable[[], dict[str, Any]] | None = None
    started: float = field(default_factory=time.monotonic)
    building: str = ""  # what the start is still busy with
    running: set[Callable[[], None]] = field(default_factory=set)  # each ends one answer in the making

    def __post_init__(self) -> None:
        self.limiter = MovingWindowRateLimiter(MemoryStorage())
        self.limit: RateLimitItem = parse(self.assistant.settings.rate_limit)
        self.trusted = [ipaddress.ip_network(part, strict=False) for part in self.assistant.settings.trusted_proxies]
        self.in_flight = asyncio.BoundedSemaphore(MAX_IN_FLIGHT)


async def house(request: Request) -> House:
    """The shared things. (Asynchronous like all that is quick here: a `def` would cost a hop to a thread each time.)"""
    found: House = request.app.state.house
    return found


HouseDep = Annotated[House, Depends(house)]


async def client_address(request: Request, here: HouseDep) -> str:
    """The caller's address: the peer's, or what a trusted proxy says of it, read from the right.

    Only the right end of X-Forwarded-For was written by someone we trust; what stands before it the caller made up.
    """
    peer = request.client.host if request.client else ""
    told = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    address = _address(peer)
    while told and address is not None and any(address in network for network in here.trusted):
        before = _address(told.pop())
        if before is None:  # garbled: whoever wrote it counts as the caller
            break
        address = before
    if address is None:
        return peer or "unknown"
    # One household or server holds a whole /64 of IPv6.
    return str(address if address.version == 4 else ipaddress.ip_network((address, 64), strict=False))


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address


async def is_owner_call(request: Request, here: HouseDep) -> bool:
    """Whether the call comes from this machine's own commands, which hold the start's secret."""
    given = request.headers.get("x-sotay-secret", "").encode()
    return bool(here.secret) and hmac.compare_digest(given, here.secret.encode())


OwnCall = Annotated[bool, Depends(is_owner_call)]


async def may_ask(address: Annotated[str, Depends(client_address)], own: OwnCall, here: HouseDep) -> None:
    """Let a caller through its rate limit; 429 with Retry-After otherwise."""
    if own or here.limiter.hit(here.limit, "ask", address):
        return
    reset = here.limiter.get_window_stats(here.limit, "ask", address).reset_time
    wait = max(1, round(reset - time.time()))
    raise HTTPException(
        429, f"Anh/chị hỏi hơi nhanh. Vui lòng đợi {wait} giây rồi hỏi tiếp.", headers={"Retry-After": str(wait)}
    )


async def own_calls_only(own: OwnCall) -> None:
    """Refuse everyone but this machine's own commands."""
    if not own:
        raise HTTPException(404, "Không có trang này.")


async def admin_only(
    request: Request, own: OwnCall, address: Annotated[str, Depends(client_address)], here: HouseDep
) -> None:
    """Let the holder of the admin key through, and this machine's own commands; guessing is slowed down."""
    if own:
        return
    key = here.assistant.settings.admin_key.get_secret_value().encode()
    if not key:
        raise HTTPException(403, "Quản trị qua HTTP đang tắt: máy chủ chưa đặt SOTAY_ADMIN_KEY.")
    if not here.limiter.test(_TRIES, "admin", address):
        raise HTTPException(
            429, "Sai khóa quản trị quá nhiều lần. Vui lòng thử lại sau.", headers={"Retry-After": "60"}
        )
    # A header arrives as latin-1 whatever its bytes meant.
    given = request.headers.get("x-admin-key", "").encode("latin-1", "replace")
    if not hmac.compare_digest(given, key):
        here.limiter.hit(_TRIES, "admin", address)
        raise HTTPException(401, "Thiếu hoặc sai khóa quản trị (tiêu đề X-Admin-Key).")


async def a_place(here: HouseDep) -> AsyncIterator[None]:
    """Hold one of the places for answers in the making; 503 with Retry-After when all are taken."""
    if here.in_flight.locked():
        raise HTTPException(503, "Sổ tay đang bận, vui lòng hỏi lại sau vài giây.", headers={"Retry-After": "3"})
    async with here.in_flight:
        yield


MayAsk = Depends(may_ask)
APlace = Depends(a_place)
OwnCallsOnly = Depends(own_calls_only)
AdminOnly = Depends(admin_only)

# What a route may answer beside its own result. The content is spelt out because a stream's errors are JSON all the
# same; the schema itself comes in with the routes that name `Problem` as a model.
_PROBLEM = {"application/json": {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    413: {"description": "Nội dung gửi lên quá lớn", "content": _PROBLEM},
    422: {"description": "Yêu cầu chưa đúng", "content": _PROBLEM},
    429: {"description": "Hỏi quá nhanh; xem Retry-After", "content": _PROBLEM},
    503: {"description": "Đang bận; xem Retry-After", "content": _PROBLEM},
}
