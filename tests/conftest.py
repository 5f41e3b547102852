"""Fixtures that every test may use."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from fastapi.testclient import TestClient
from small import open_small


@pytest.fixture(scope="session", autouse=True)
def offline() -> Iterator[None]:
    """S12: nothing in the suite leaves this machine; whatever tries is refused and fails the run at its end."""
    tried: list[str] = []
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if isinstance(host, str) and host and host != "localhost" and not host.startswith(("127.", "::1")):
            tried.append(f"{os.environ.get('PYTEST_CURRENT_TEST')}: {address}")
            raise OSError(errno.ENETUNREACH, f"S12: the suite runs without a network, {address} was tried")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", only_here)
    yield
    patch.undo()
    assert tried == []


@pytest.fixture(scope="session")
def small_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A small Sổ tay for tests that only read: an `api.deps.House`; tests that change settings build their own."""
    with open_small(tmp_path_factory.mktemp("small")) as house:
        yield house


@pytest.fixture(scope="session")
def client(small_house: Any) -> Iterator[TestClient]:
    """An HTTP client of the small Sổ tay."""
    from api.app import create_app

    with TestClient(create_app(small_house), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def house_with(tmp_path: Any) -> Iterator[Callable[..., Any]]:
    """Opens a small Sổ tay with other settings or pages."""
    with ExitStack() as stack:
        yield lambda **given: stack.enter_context(open_small(tmp_path, **given))
