"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from fastapi.testclient import TestClient
from small import open_small


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
