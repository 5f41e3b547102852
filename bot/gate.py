"""Before any handler: may this be answered at all? Raises ApplicationHandlerStop where not."""

from __future__ import annotations

import time
from collections import deque

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot import texts
from bot.command import parse
from bot.groups import addressed, is_group
from bot.handling import Context, House
from knowledge.database import get_meta

OFF = "telegram_off"  # the kill switch, in the meta table


class Limiter:
    """So many questions a minute and person. In memory: after a restart everybody starts afresh."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._asked: dict[int, deque[float]] = {}

    def over(self, user_id: int, *, now: float | None = None) -> int:
        """0 when a question may be asked (and counts it), else how often it was refused this minute."""
        now = time.monotonic() if now is None else now
        asked = self._asked.setdefault(user_id, deque())
        while asked and asked[0] <= now - 60:
            asked.popleft()
        asked.append(now)
        while len(asked) > 2 * self.per_minute + 2:  # a flood must not fill the memory
            asked.popleft()
        if len(self._asked) > 10_000:
            self._asked = {user: times for user, times in self._asked.items() if times and times[-1] > now - 60}
        return max(0, len(asked) - self.per_minute)


async def gate(update: Update, context: Context) -> None:
    """Switch, group, access and rate, in this order; silence in groups, a word in private."""
    if update.my_chat_member is not None:
        return
    house, message, user, chat = context.house, update.effective_message, update.effective_user, update.effective_chat
    group, user_id = is_group(update), user.id if user else 0
    if chat is None or (user is not None and user.is_bot) or chat.type == "channel":
        raise ApplicationHandlerStop
    pressed = update.callback_query is not None
    command = parse(message) if message and not pressed else None
    if group and not pressed:
        if message is None or not addressed(message):
            raise ApplicationHandlerStop
        if not await house.offload.db(house.chats.enabled, chat.id) and (command is None or command[0] != "bat"):
            raise ApplicationHandlerStop
    admin = await house.offload.db(house.people.role, user_id) == "admin"
    if await house.offload.db(_switched_off, house) and not admin:
        await _refuse(context, texts.SWITCHED_OFF_ALL, quiet=group)
    joining = command is not None and command[0] == "start" and bool(command[1])
    if not joining and not admin and not await house.offload.db(house.people.may_ask, user_id):
        await _refuse(context, texts.CLOSED[house.settings.telegram_access].format(number=user_id), quiet=group)
    if not admin and (refused := house.limiter.over(user_id)):
        # One word of explanation, not one for every message of a flood.
        await _refuse(context, texts.TOO_MANY.format(limit=house.limiter.per_minute), quiet=refused > 1)


async def _refuse(context: Context, text: str, *, quiet: bool) -> None:
    await context.toast(text)
    if not quiet and not context.handling.query_id:
        context.say(text)
    raise ApplicationHandlerStop


def _switched_off(house: House) -> bool:
    with house.inbox.engine.connect() as connection:
        return bool(get_meta(connection, OFF))
