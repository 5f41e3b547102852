from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.house import RunningBot, SmallAssistant, database_in
from tests.botapi import BotAPI


@pytest.fixture
def server() -> Iterator[BotAPI]:
    with BotAPI() as server:
        yield server


@pytest.fixture
def assistant(tmp_path: Path, server: BotAPI) -> SmallAssistant:
    return SmallAssistant(database_in(tmp_path), telegram_api_url=server.url)


@pytest.fixture
def running(assistant: SmallAssistant) -> Callable[..., RunningBot]:
    def start(**more: Any) -> RunningBot:
        return RunningBot(assistant, **more)

    return start
