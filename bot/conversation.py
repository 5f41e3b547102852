"""`/moi`, `/ngay`, `/diaphuong`: what a conversation starts from."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from telegram import Update

from bot import texts
from bot.ask import ask_text, talk_of
from bot.chats import Talk
from bot.command import fold
from bot.handling import Context
from bot.styled import marked

_DAY = re.compile(r"(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}))(?!\d)")
_CLEAR = {"bo", "xoa", "tat", "thoi", "khong", "hom nay", "homnay", "nay", "huy"}


async def on_new(update: Update, context: Context) -> None:
    """Forget what was said: the next question stands alone."""
    talk = await talk_of(update, context)
    _keep(context, replace(talk, epoch=talk.epoch + 1))
    context.say(texts.NEW)


async def on_day(update: Update, context: Context) -> None:
    """Ask as of a date: for one question (`/ngay 2024-06-01 câu hỏi`) or until it is taken back."""
    talk, rest = await talk_of(update, context), context.rest
    if not rest:
        day = talk.as_of
        context.say(texts.DAY_IS.format(day=f"{day:%d/%m/%Y}") if day else texts.DAY_NONE)
        return
    if fold(rest) in _CLEAR:
        _keep(context, replace(talk, as_of=None))
        context.say(texts.DAY_CLEARED)
        return
    match = _DAY.match(rest)
    day = _date(match) if match else None
    if match is None or day is None:
        context.say(texts.DAY_UNREAD)
        return
    if question := rest[match.end() :].strip():
        await ask_text(update, context, question, talk=replace(talk, as_of=day))
        return
    _keep(context, replace(talk, as_of=day))
    context.say(texts.DAY_SET.format(day=f"{day:%d/%m/%Y}"))


async def on_locality(update: Update, context: Context) -> None:
    """Set the province once, so that local rules are found."""
    talk, rest = await talk_of(update, context), context.rest
    places = context.house.assistant.places
    if not rest:
        here = talk.locality
        context.say(texts.LOCALITY_IS.format(name=places.name(here)) if here else texts.LOCALITY_NONE)
        return
    if fold(rest) in _CLEAR or fold(rest) == "ca nuoc":
        _keep(context, replace(talk, locality=None))
        context.say(texts.LOCALITY_CLEARED)
        return
    slug = places.find(rest)
    if slug is None:
        context.say(texts.LOCALITY_UNREAD.format(name=rest[:60]))
        return
    _keep(context, replace(talk, locality=slug))
    context.say(marked(texts.LOCALITY_SET.format(name=places.name(slug)), "bold"))


def _keep(context: Context, talk: Talk) -> None:
    chats = context.house.chats
    context.then(lambda connection: chats.note_talk(connection, talk))


def _date(match: re.Match[str]) -> date | None:
    parts = [int(part) for part in match.groups() if part]
    year, month, day = parts if match[1] else reversed(parts)
    try:
        return date(year, month, day)
    except ValueError:
        return None
