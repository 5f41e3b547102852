"""A text as the messages that carry it, ready for the outbox."""

from __future__ import annotations

from typing import Any

from bot.outbox import Kind, Outgoing
from bot.styled import Styled, parts, plain

Markup = list[list[dict[str, Any]]]


def messages(
    chat_id: int,
    text: Styled | str,
    *,
    markup: Markup | None = None,
    reply_to: int | None = None,
    edit: int | None = None,
    thread_id: int | None = None,
    about: str = "",
) -> list[Outgoing]:
    """As many messages as the text needs; buttons below the last. `edit` names one that is to become the first."""
    pieces = parts(plain(text) if isinstance(text, str) else text)
    made: list[Outgoing] = []
    for number, part in enumerate(pieces):
        payload: dict[str, Any] = {"text": part.text, "entities": part.entities}
        if markup and number == len(pieces) - 1:
            payload["markup"] = markup
        if edit and number == 0:
            payload["message_id"] = edit
        if reply_to and number == 0:
            payload["reply_to"] = reply_to
        if thread_id:
            payload["thread"] = thread_id
        kind: Kind = "edit" if "message_id" in payload else "send"
        made.append(Outgoing(chat_id, kind, payload, about))
    return made
