"""Runs the web application, and beside it the bot, in one process and one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

import uvicorn

from knowledge.errors import SotayError

# The application and all behind it take seconds to import; a second owner, or a taken port, is told before that.
if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from api.deps import House

log = logging.getLogger(__name__)

# Open answer streams would keep uvicorn from ever stopping; they are cut after this many seconds.
GRACE_SECONDS = 3

# Runs until the event is set; never raises into the server.
Beside = Callable[[asyncio.Event], Awaitable[None]]


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; SotayError in Vietnamese when the port is taken or the address is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise _taken((host, port), error) from error
    return listener


def _taken(address: tuple[str, int], error: OSError) -> SotayError:
    host, port = address
    if error.errno == errno.EADDRINUSE:
        return SotayError(
            f"Cổng {port} trên {host} đang có chương trình khác dùng. "
            "Hãy tắt chương trình đó, hoặc đặt SOTAY_PORT (hay --port) khác."
        )
    return SotayError(
        f"Không mở được cổng {port} trên {host}: {error.strerror or error}. Hãy kiểm tra SOTAY_HOST và SOTAY_PORT."
    )


def serve(
    house: House,
    listener: socket.socket,
    *,
    on_ready: Callable[[], None],
    background: Callable[[], None] | None = None,
    beside: Beside | None = None,
    mounts: Mapping[str, ASGIApp] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM. `background` runs once in a thread, `beside` as a task of the same loop, `mounts`
    are further applications by path (the bot's webhook)."""

    from api.app import create_app

    stop = asyncio.Event()

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(_guarded(beside, stop)) if beside else None
        if background:
            threading.Thread(target=background, name="start", daemon=True).start()
        on_ready()
        yield
        if task:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(task, GRACE_SECONDS)

    app = create_app(house, lifespan=lifespan)
    for path, mounted in (mounts or {}).items():
        app.mount(path, mounted)
    config = uvicorn.Config(
        app,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
        # Who is behind a proxy is judged in `deps.client_address`: uvicorn would believe every caller from loopback.
        proxy_headers=False,
        workers=1,
    )
    try:
        # Two processes can bind one port while neither listens yet; the later one is told here.
        listener.listen(2048)
    except OSError as error:
        raise _taken(listener.getsockname()[:2], error) from error
    # uvicorn raises the signal once more when it has stopped; by default that would end us before anything is closed.
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        _Server(config, house, stop).run(sockets=[listener])
    finally:
        signal.signal(signal.SIGTERM, before)


class _Server(uvicorn.Server):
    """Stops what runs beside it at once, and ends answers that outlast the grace before uvicorn breaks them off."""

    def __init__(self, config: uvicorn.Config, house: House, stop: asyncio.Event) -> None:
        super().__init__(config)
        self._house = house
        self._stop = stop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stop.set()
        asyncio.get_running_loop().call_later(GRACE_SECONDS - 1, self._cut)
        await super().shutdown(sockets)

    def _cut(self) -> None:
        for cut in tuple(self._house.running):
            cut()


async def _guarded(beside: Beside, stop: asyncio.Event) -> None:
    try:
        await beside(stop)
    except Exception:
        log.exception("what runs beside the server ended with an error")


def address_of(listener: socket.socket) -> str:
    """The URL under which this machine reaches the socket."""
    host, port = listener.getsockname()[:2]
    shown = "localhost" if host in ("0.0.0.0", "127.0.0.1", "::", "::1") else host
    return f"http://{shown}:{port}"
