"""The webhook door, as a bare ASGI application that the HTTP server mounts: updates are stored, then acknowledged.

    app.mount("/telegram", telegram.webhook)

Telegram proves itself by a secret token that we give it, derived from the bot's token. Without it nothing is read.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from knowledge.settings import Settings

MAX_BODY = 1024 * 1024

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Store = Callable[[list[dict[str, Any]]], Awaitable[bool]]


def secret_for(settings: Settings) -> str:
    """The secret token of the webhook: the same after each start, and not to be guessed without the bot's token."""
    token = settings.telegram_token.get_secret_value()
    return hmac.new(token.encode(), b"sotay webhook", hashlib.sha256).hexdigest() if token else ""


class Webhook:
    """Takes what Telegram delivers: 401 without the secret, 413 over a megabyte, 503 when it could not be stored."""

    def __init__(self, secret: str, store: Store) -> None:
        self.secret, self.store = secret, store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        status = await self._receive(scope, receive)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def _receive(self, scope: Scope, receive: Receive) -> int:
        headers = dict(scope["headers"])
        given = headers.get(b"x-telegram-bot-api-secret-token", b"")
        # An empty secret (no token set) must not let an empty header in.
        if not hmac.compare_digest(given, self.secret.encode()) or not self.secret:
            return 401
        if scope["method"] != "POST":
            return 405
        if int(headers.get(b"content-length", b"0") or 0) > MAX_BODY:
            return 413
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return 400
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > MAX_BODY:
                return 413
        try:
            update = json.loads(body)
        except ValueError:
            return 400
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return 400
        return 200 if await self.store([update]) else 503
