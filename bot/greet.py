"""`/start`, `/help`, and chats that come and go."""

from __future__ import annotations

from telegram import ChatMember, Update

from bot import texts
from bot.command import parse
from bot.handling import Context
from bot.styled import join, marked, plain


async def on_start(update: Update, context: Context) -> None:
    """Who answers here, and how to ask."""
    chat = update.effective_chat
    assert chat is not None
    chats = context.house.chats
    context.say(texts.START)
    context.then(lambda connection: chats.note_chat(connection, chat.id, chat.type, greeted=True, blocked=False))


async def on_help(update: Update, context: Context) -> None:
    """Every command in one line each."""
    commands = "\n".join(f"/{name} – {what}" for name, what in texts.COMMANDS.items())
    context.say(join([marked(texts.HELP_HEAD, "bold"), plain(texts.HELP.format(commands=commands))]))


async def on_unknown_command(update: Update, context: Context) -> None:
    """A command that does not exist."""
    found = parse(update.effective_message)
    context.say(texts.UNKNOWN_COMMAND.format(command=f"/{found[0]}" if found else "/"))


async def on_membership(update: Update, context: Context) -> None:
    """The bot was blocked or taken back: note it, so that nothing is sent in vain."""
    changed, chat = update.my_chat_member, update.effective_chat
    if changed is None or chat is None:
        return
    gone = changed.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT)
    chats = context.house.chats
    context.then(lambda connection: chats.note_chat(connection, chat.id, chat.type, blocked=gone))
