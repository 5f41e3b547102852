"""A store and an index for the tests of the core."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small import WordEmbedder
from sqlalchemy import Engine

from knowledge.database import open_database
from knowledge.index import PassageIndex
from knowledge.store import Store


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A fresh SQLite database."""
    opened = open_database(f"sqlite:///{tmp_path / 'sotay.db'}")
    yield opened
    opened.dispose()


@pytest.fixture
def store(engine: Engine) -> Store:
    """An empty store."""
    return Store(engine)


@pytest.fixture
def words() -> WordEmbedder:
    """Counts syllables: equal words make equal vectors."""
    return WordEmbedder()


@pytest.fixture
def open_index(tmp_path: Path, store: Store, words: WordEmbedder) -> Iterator[Callable[[], PassageIndex]]:
    """Opens the index over the store in one folder; closed at the end."""
    opened: list[PassageIndex] = []

    def opener() -> PassageIndex:
        opened.append(PassageIndex(tmp_path / "index", store, words))
        return opened[-1]

    yield opener
    for index in opened:
        index.close()
