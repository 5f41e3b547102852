"""What admins do in Telegram: invite, look at figures, feed documents, speak to all, switch the bot off and on."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, Text, func, select
from sqlalchemy import update as sql_update
from telegram import Update
from telegram.error import BadRequest

from bot import texts
from bot.chats import CHATS
from bot.command import fold, parse
from bot.gate import OFF
from bot.handling import Context, House
from bot.outbox import Outgoing
from bot.people import ROLES
from bot.press import BROADCAST, button, message_id_of
from bot.styled import clean, join, marked, parts, plain
from knowledge.database import METADATA, set_meta
from knowledge.errors import SotayError

BROADCASTS = Table(
    "telegram_broadcasts",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("text", Text, nullable=False),
    Column("made_by", BigInteger, nullable=False),
    Column("sent_to", Integer),  # None until confirmed
)

DOWNLOAD_LIMIT = 20 * 1024 * 1024  # Telegram hands bots no larger file

Handler = Callable[[Update, Context], Awaitable[None]]


def admins_only(handler: Handler) -> Callable[[Update, Context], Any]:
    """The handler for admins; others are told that it is not for them."""

    @wraps(handler)
    async def guarded(update: Update, context: Context) -> None:
        user = update.effective_user
        if user and await context.house.offload.db(context.house.people.role, user.id) == "admin":
            await handler(update, context)
            return
        await context.toast(texts.ADMINS_ONLY)
        if not update.callback_query:
            context.say(texts.ADMINS_ONLY)

    return guarded


@admins_only
async def on_invite(update: Update, context: Context) -> None:
    """`/moi_nguoi [vai trò] [số lượt]`: a code and a link that give a role."""
    people, maker = context.house.people, update.effective_user
    assert maker is not None
    role, uses = "user", 1
    for word in context.args or []:
        if word.isdigit():
            uses = min(500, max(1, int(word)))
        elif fold(word) in texts.ROLE_WORDS:
            role = texts.ROLE_WORDS[fold(word)]
        else:
            context.say(texts.INVITE_UNREAD)
            return
    code = people.new_code()
    context.then(lambda connection: people.invite(connection, code, role, uses, maker.id))
    link = f"https://t.me/{context.bot.username}?start={code}"
    context.say(texts.INVITED.format(role=texts.ROLE_NAMES[role], uses=uses, link=link, code=code))


@admins_only
async def on_people(update: Update, context: Context) -> None:
    """Everyone who was given a role."""
    rows = await context.house.offload.db(context.house.people.everyone)
    rows.sort(key=lambda row: -ROLES.index(row[2]))
    lines = [plain(f"• {name} – {texts.ROLE_NAMES[role]} – {number}") for number, name, role in rows]
    context.say(join([marked(texts.PEOPLE_HEAD, "bold"), *lines]) if lines else texts.PEOPLE_NONE)


@admins_only
async def on_remove(update: Update, context: Context) -> None:
    """`/bo_nguoi số`: take a role away."""
    people, number = context.house.people, context.rest
    if not number.isdigit():
        context.say(texts.REMOVE_UNREAD)
        return
    context.then(lambda connection: people.remove(connection, int(number)))
    context.say(texts.REMOVED.format(number=number))


@admins_only
async def on_figures(update: Update, context: Context) -> None:
    """Turns, verdicts, people, and how the bot itself is."""
    context.say(await context.house.offload.db(_figures, context.house))


def _figures(house: House) -> str:
    turns, inbox, outbox = house.assistant.records.counts(), house.inbox.counts(), house.outbox.counts()
    with house.inbox.engine.connect() as connection:
        chats = connection.scalar(select(func.count()).select_from(CHATS)) or 0
    asked = sum(turns.get(status, 0) for status in ("answered", "abstained", "clarify"))
    return texts.FIGURES.format(
        asked=asked,
        answered=turns.get("answered", 0),
        abstained=turns.get("abstained", 0),
        clarify=turns.get("clarify", 0),
        useful=turns.get("useful", 0),
        useless=turns.get("not useful", 0),
        chats=chats,
        waiting=inbox.get("waiting", 0),
        poison=inbox.get("poison", 0),
        unsent=outbox.get("waiting", 0),
        dead=outbox.get("dead", 0),
    )


@admins_only
async def on_power(update: Update, context: Context) -> None:
    """`/tat_bot` and `/bat_bot`: the switch over everything; admins are still answered."""
    command = parse(update.effective_message)
    off = command is not None and command[0] == "tat_bot"
    context.then(lambda connection: set_meta(connection, OFF, "1" if off else ""))
    context.say(texts.POWER_OFF if off else texts.POWER_ON)


@admins_only
async def on_broadcast(update: Update, context: Context) -> None:
    """`/thong_bao nội dung`: show it as it will look and ask before sending."""
    command, maker = parse(update.effective_message), update.effective_user
    text = clean(command[1]).strip() if command else ""
    if not text or maker is None:
        context.say(texts.BROADCAST_EMPTY)
        return
    number = secrets.token_hex(6)
    row = {"id": number, "text": text, "made_by": maker.id}
    context.then(lambda connection: _insert(connection, row))
    count = len(await context.house.offload.db(_listeners, context.house))
    keys = [[button(texts.BROADCAST_YES.format(count=count), BROADCAST, number, 1)]]
    keys.append([button(texts.BROADCAST_NO, BROADCAST, number, 0)])
    context.say(join([marked(texts.BROADCAST_PREVIEW, "italic"), plain(text)], "\n\n"), markup=keys)


@admins_only
async def on_broadcast_choice(update: Update, context: Context) -> None:
    """Send to every private chat, once, however often the button is pressed."""
    number, choice = context.two
    house = context.house
    await context.toast()
    if choice != "1":
        context.say(texts.BROADCAST_DROPPED, edit=message_id_of(update))
        return
    listeners = await house.offload.db(_listeners, house)

    def send(connection: Connection) -> None:
        taken = connection.execute(
            sql_update(BROADCASTS)
            .where(BROADCASTS.c.id == number, BROADCASTS.c.sent_to.is_(None))
            .values(sent_to=len(listeners))
        )
        if taken.rowcount:
            text = connection.scalar(select(BROADCASTS.c.text).where(BROADCASTS.c.id == number)) or ""
            for chat in listeners:
                pieces = [Outgoing(chat, "send", {"text": p.text, "entities": p.entities}) for p in parts(plain(text))]
                context.handling.queued.extend(house.outbox.add(connection, f"bc{number}:{chat}", pieces))

    context.then(send)
    context.say(texts.BROADCAST_SENT.format(count=len(listeners)), edit=message_id_of(update))


def _insert(connection: Connection, row: dict[str, Any]) -> None:
    connection.execute(BROADCASTS.insert().values(row))


def _listeners(house: House) -> list[int]:
    query = select(CHATS.c.chat_id).where(CHATS.c.kind == "private", CHATS.c.blocked.is_(False))
    with house.inbox.engine.connect() as connection:
        return list(connection.scalars(query.order_by(CHATS.c.chat_id)))


async def on_document(update: Update, context: Context) -> None:
    """A file from an admin goes into the house; others are told how to ask."""
    message, user, house = update.effective_message, update.effective_user, context.house
    if message is None or message.document is None:
        return
    role = await house.offload.db(house.people.role, user.id) if user else None
    if role != "admin" or house.ingest is None:
        context.say(texts.DOCUMENT)
        return
    document = message.document
    name = Path(document.file_name or "van-ban").name
    if (document.file_size or 0) > DOWNLOAD_LIMIT:
        context.say(texts.UPLOAD_TOO_LARGE.format(name=name))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        try:
            await (await document.get_file()).download_to_drive(path)
        except BadRequest:
            context.say(texts.UPLOAD_TOO_LARGE.format(name=name))
            return
        try:
            report = await house.offload.call(house.ingest, path, name)
        except SotayError as error:
            report = str(error)
    context.say(texts.UPLOADED.format(name=name, report=report))
