from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from small import open_small

from tests.bot.flowing import Screen
from tests.bot.house import RunningBot, SmallAssistant, database_in
from tests.bot.office import Office
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


@pytest.fixture
def office(server: BotAPI, house_with: Callable[..., Any]) -> Office:
    house = house_with(telegram_token=server.token, telegram_rate=1000.0, telegram_api_url=server.url)
    office = Office(server, house)
    office.settings.telegram_reviewers_chat = office.group.id
    return office


# -- the officers' flows: a real small Sổ tay, one for each test file -------------------------------------------------


@pytest.fixture(scope="module")
def flow_api() -> Iterator[BotAPI]:
    with BotAPI() as server:
        yield server


@pytest.fixture(scope="module")
def flow_house(tmp_path_factory: pytest.TempPathFactory, flow_api: BotAPI) -> Iterator[Any]:
    telegram = {"telegram_token": flow_api.token, "telegram_rate": 1000.0, "telegram_api_url": flow_api.url}
    with open_small(tmp_path_factory.mktemp("flows"), **telegram) as house:
        yield house


@pytest.fixture
def flow_bot(flow_house: Any) -> Iterator[RunningBot]:
    with RunningBot(flow_house.assistant) as running:
        yield running


@pytest.fixture
def lan(flow_api: BotAPI) -> Screen:
    return Screen(flow_api, flow_api.user("Lan"))
