"""A store and an index for the tests of the core."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from small import WordEmbedder
from sqlalchemy import Engine

import knowledge
from ingest.sync import Sync
from knowledge.assistant import Assistant, open_assistant
from knowledge.database import open_database
from knowledge.embedding import load_embedder
from knowledge.index import PassageIndex
from knowledge.settings import load_settings
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


HANDBOOK = Path(knowledge.__file__).parent / "handbook"
TODAY = date(2026, 11, 22)


def open_shipped(folder: Path) -> Assistant:
    """The shipped handbook with the shipped models, on TODAY, whatever small Sổ tay another test keeps open."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ingest.metadata.HANDBOOK", HANDBOOK)
        patched.setattr("ingest.sync.HANDBOOK", HANDBOOK)
        patched.setattr("knowledge.assistant.load_embedder", load_embedder)
        assistant = open_assistant(load_settings(data_dir=folder, today=TODAY))
        Sync(assistant).handbook()
    return assistant


@pytest.fixture(scope="session")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The shipped handbook with the shipped models; for tests that only read."""
    assistant = open_shipped(tmp_path_factory.mktemp("which-rule"))
    yield assistant
    assistant.close()
