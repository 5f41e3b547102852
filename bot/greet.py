"""`/start`, `/help`, and chats that come and go."""

from __future__ import annotations

from telegram import ChatMember, Update

from bot import review_texts, texts
from bot.command import parse
from bot.desk import REVIEWERS
from bot.groups import is_group
from bot.handling import Context
from bot.styled import join, marked, plain


async def on_start(update: Update, context: Context) -> None:
    """Who answers here, and how to ask."""
    chat, user, people = update.effective_chat, update.effective_user, context.house.people
    assert chat is not None
    chats, code = context.house.chats, context.rest
    if code and user is not None:
        role = await context.house.offload.db(people.known_code, code)
        if role is not None:
            context.then(lambda connection: people.redeem(connection, code, user.id, user.full_name))
            context.say(texts.JOINED.format(role=texts.ROLE_NAMES[role]))
        elif not await context.house.offload.db(people.may_ask, user.id):
            context.say(texts.BAD_CODE)
            return
    context.say(texts.START)
    context.then(lambda connection: chats.note_chat(connection, chat.id, chat.type, greeted=True, blocked=False))


async def on_help(update: Update, context: Context) -> None:
    """Every command in one line each."""
    user, house = update.effective_user, context.house
    offered = dict(texts.COMMANDS)
    role = await house.offload.db(house.people.role, user.id) if user else None
    if role in REVIEWERS:
        offered |= review_texts.REVIEWER_COMMANDS
    if role == "admin":
        offered |= texts.ADMIN_COMMANDS
    commands = "\n".join(f"/{name} – {what}" for name, what in offered.items())
    context.say(join([marked(texts.HELP_HEAD, "bold"), plain(texts.HELP.format(commands=commands))]))


async def on_unknown_command(update: Update, context: Context) -> None:
    """A command that does not exist; in a group it may be another bot's."""
    if is_group(update):
        return
    found = parse(update.effective_message)
    context.say(texts.UNKNOWN_COMMAND.format(command=f"/{found[0]}" if found else "/"))


async def on_membership(update: Update, context: Context) -> None:
    """The bot was blocked or taken back: note it, so that nothing is sent in vain."""
    changed, chat = update.my_chat_member, update.effective_chat
    if changed is None or chat is None:
        return
    gone = changed.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT)
    chats = context.house.chats
    newly = changed.old_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT) and not gone
    if newly and is_group(update):
        context.say(texts.GROUP_HELLO)
        context.then(lambda connection: chats.note_chat(connection, chat.id, chat.type, blocked=False, greeted=True))
        return
    context.then(lambda connection: chats.note_chat(connection, chat.id, chat.type, blocked=gone))
