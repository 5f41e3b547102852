"""The library's bot, reading updates as Telegram wrote them."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from knowledge.settings import Settings

POLL_SECONDS = 25

ALLOWED_UPDATES = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]


class Bot(ExtBot[None]):
    """Updates as plain data: what is stored must not depend on the library's version."""

    async def raw_updates(self, offset: int | None, *, timeout: int = POLL_SECONDS) -> list[dict[str, Any]]:
        """The next updates, as plain data; waits up to `timeout` for one."""
        data = {"offset": offset, "timeout": timeout, "limit": 100, "allowed_updates": ALLOWED_UPDATES}
        result = await self._post("getUpdates", data, read_timeout=timeout + 10.0)
        return result if isinstance(result, list) else []


def build_bot(settings: Settings) -> Bot:
    """A bot on the configured server; nothing is contacted yet."""
    api = settings.telegram_api_url
    return Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=HTTPXRequest(64, connect_timeout=10.0, read_timeout=20.0, write_timeout=20.0, pool_timeout=30.0),
        get_updates_request=HTTPXRequest(2, connect_timeout=10.0, read_timeout=20.0, pool_timeout=30.0),
    )
