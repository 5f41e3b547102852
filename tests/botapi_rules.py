"""What Telegram accepts: text and entities counted in UTF-16, buttons, flood limits."""

from __future__ import annotations

import json
import math
import re
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_ENTITY_TYPES = {
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
}
_HTML_TAGS = {
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "a",
    "code",
    "pre",
    "blockquote",
    "tg-spoiler",
}
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\x00-\x1f]+")


class ApiError(Exception):
    """A call that Telegram refuses."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.retry_after = code, description, retry_after


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def checked_text(
    params: dict[str, Any], *, field: str = "text", limit: int = 4096, required: bool = True
) -> tuple[str, list[dict[str, Any]]]:
    """The text and entities of a call as they would be shown; ApiError 400 where Telegram would refuse them."""
    text = params.get(field) or ""
    marks = "caption_entities" if field == "caption" else "entities"
    try:
        entities = json.loads(params.get(marks) or "[]")
        raw = text.encode("utf-16-le")
    except (json.JSONDecodeError, UnicodeEncodeError):
        raise ApiError(400, "Bad Request: strings must be encoded in UTF-8") from None
    if params.get("parse_mode"):
        text, raw = _parsed(text, params["parse_mode"]), b""
        raw = text.encode("utf-16-le")
    for entity in entities:
        _check_entity(entity, raw)
    if sum(units(e.get("url", "")) + 8 for e in entities) > 9500:
        raise ApiError(400, "Bad Request: ENTITIES_TOO_LONG")
    if required and not _INVISIBLE.sub("", text):
        raise ApiError(400, f"Bad Request: message {field} is empty")
    if len(raw) // 2 > limit:
        raise ApiError(400, f"Bad Request: message {'caption ' if field == 'caption' else ''}is too long")
    return _trimmed(text, entities)


def _check_entity(entity: dict[str, Any], raw: bytes) -> None:
    start, length = entity.get("offset"), entity.get("length")
    if entity.get("type") not in _ENTITY_TYPES:
        raise ApiError(400, f"Bad Request: unknown entity type {entity.get('type')!r}")
    if not isinstance(start, int) or not isinstance(length, int) or start < 0 or length <= 0:
        raise ApiError(400, "Bad Request: entity has a wrong offset or length")
    if 2 * (start + length) > len(raw):
        raise ApiError(400, "Bad Request: entity lies outside of the text")
    for edge in (start, start + length):
        if 0 < edge < len(raw) // 2 and 0xDC <= raw[2 * edge + 1] <= 0xDF:
            raise ApiError(400, "Bad Request: entity begins or ends in the middle of a UTF-16 symbol")
    if entity["type"] == "text_link" and not re.match(r"(https?|tg|ftp)://\S+$", entity.get("url", "")):
        raise ApiError(400, "Bad Request: text_link has no usable URL")


def _trimmed(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Telegram cuts white space at both ends and moves the entities along."""
    lead = units(text) - units(text.lstrip())
    text = text.strip()
    size, kept = units(text), []
    for entity in entities:
        start = max(0, entity["offset"] - lead)
        end = min(size, entity["offset"] + entity["length"] - lead)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return text, kept


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _HTML_TAGS:
            raise ApiError(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise ApiError(400, f'Bad Request: can\'t parse entities: Unexpected end tag "{tag}"')

    def handle_data(self, data: str) -> None:
        self.text += data


def _parsed(text: str, mode: str) -> str:
    if mode.upper() == "HTML":
        parser = _Tags()
        parser.feed(text)
        parser.close()
        if parser.open:
            raise ApiError(400, "Bad Request: can't parse entities: Can't find end tag")
        return parser.text
    if any(len(re.findall(rf"(?<!\\)\{mark}", text)) % 2 for mark in "*_`") or re.search(r"(?<!\\)[.!\-=|{}#+]", text):
        raise ApiError(400, "Bad Request: can't parse entities: character is reserved and must be escaped")
    return re.sub(r"\\(.)|[*_`]", r"\1", text)


def checked_markup(params: dict[str, Any]) -> dict[str, Any] | None:
    """The reply markup of a call; ApiError 400 for buttons that Telegram would refuse."""
    if not params.get("reply_markup"):
        return None
    markup: dict[str, Any] = json.loads(params["reply_markup"])
    rows = markup.get("inline_keyboard", [])
    if sum(map(len, rows)) > 100:
        raise ApiError(400, "Bad Request: REPLY_MARKUP_TOO_LONG")
    for button in (button for row in rows for button in row):
        if not button.get("text", "").strip():
            raise ApiError(400, "Bad Request: inline keyboard button text must be non-empty")
        kinds = [
            key for key in ("callback_data", "url", "switch_inline_query", "web_app", "copy_text") if key in button
        ]
        if len(kinds) != 1:
            raise ApiError(400, "Bad Request: inline keyboard button must have exactly one action")
        if kinds == ["callback_data"] and not 1 <= len(button["callback_data"].encode()) <= 64:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
        if kinds == ["copy_text"] and not 1 <= units(button["copy_text"]["text"]) <= 256:
            raise ApiError(400, "Bad Request: BUTTON_COPY_TEXT_INVALID")
    return markup if rows else None


def incoming_entities(text: str) -> list[dict[str, Any]]:
    """The entities that Telegram finds in what a person writes: commands, mentions, addresses."""
    patterns = {
        "bot_command": r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?",
        "mention": r"(?<![\w/])@\w{4,32}",
        "url": r"https?://\S+",
    }
    found = [
        {"type": kind, "offset": units(text[: match.start()]), "length": units(match.group())}
        for kind, pattern in patterns.items()
        for match in re.finditer(pattern, text)
    ]
    return sorted(found, key=lambda entity: entity["offset"])


@dataclass
class Limits:
    """Telegram's flood limits: messages a second overall, in one chat, and a minute in a group."""

    on: bool = False
    overall: int = 30
    per_chat: float = 1.0
    burst: int = 2
    group_minute: int = 20
    refused: int = 0
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait(self, chat_id: int, *, is_group: bool) -> int:
        """Seconds to wait before this message may go out; 0 counts it as sent."""
        if not self.on:
            return 0
        now = time.monotonic()
        chat = self._chats[chat_id]
        while self._all and self._all[0] <= now - 1.0:
            self._all.popleft()
        while chat and chat[0] <= now - 60.0:
            chat.popleft()
        waits = [0.0]
        if len(self._all) >= self.overall:
            waits.append(self._all[0] + 1.0 - now)
        recent = [moment for moment in chat if moment > now - self.burst / self.per_chat]
        if len(recent) >= self.burst:
            waits.append(recent[0] + self.burst / self.per_chat - now)
        if is_group and len(chat) >= self.group_minute:
            waits.append(chat[0] + 60.0 - now)
        if max(waits) > 0:
            self.refused += 1
            return math.ceil(max(waits))
        self._all.append(now)
        chat.append(now)
        return 0
