"""Groups: the bot speaks only when spoken to, and only where the group's admins let it."""

from __future__ import annotations

from telegram import Chat, ChatMember, Message, Update
from telegram.error import TelegramError

from bot import texts
from bot.ask import ask_text
from bot.command import mention, parse
from bot.handling import Context

_ADMINS = (ChatMember.ADMINISTRATOR, ChatMember.OWNER)


def is_group(update: Update) -> bool:
    """Whether an update comes from a group."""
    chat = update.effective_chat
    return chat is not None and chat.type in (Chat.GROUP, Chat.SUPERGROUP)


def addressed(message: Message) -> bool:
    """Whether a message in a group is meant for the bot: a command, its name, or a reply to it."""
    bot = message.get_bot()
    words = message.text or message.caption or ""
    replied = message.reply_to_message
    to_me = replied is not None and replied.from_user is not None and replied.from_user.id == bot.id
    return parse(message) is not None or to_me or mention(str(bot.username)).search(words) is not None


async def on_group_question(update: Update, context: Context) -> None:
    """A question in a group: without the bot's name; the message it replies to where it says nothing itself."""
    message = update.effective_message
    assert message is not None
    words = mention(str(context.bot.username)).sub(" ", message.text or message.caption or "").strip(" ,:\n")
    await _ask(update, context, message, words)


async def on_hoi(update: Update, context: Context) -> None:
    """`/hoi câu hỏi`, or `/hoi` in reply to somebody's question."""
    message = update.effective_message
    assert message is not None
    await _ask(update, context, message, context.rest)


async def _ask(update: Update, context: Context, message: Message, words: str) -> None:
    replied = message.reply_to_message
    if not words and replied is not None and (replied.from_user is None or replied.from_user.id != context.bot.id):
        words = replied.text or replied.caption or ""
    reply_to = message.message_id if is_group(update) else None
    if not words:
        context.say(texts.HOI_EMPTY, reply_to=reply_to)
        return
    await ask_text(update, context, words, reply_to=reply_to)


async def on_switch(update: Update, context: Context) -> None:
    """`/bat` and `/tat`: the group's admins let the bot speak or be silent."""
    message, chat = update.effective_message, update.effective_chat
    assert message is not None
    assert chat is not None
    if not is_group(update):
        context.say(texts.SWITCH_IN_GROUP)
        return
    if not await _is_admin(update, context):
        context.say(texts.SWITCH_ADMINS, reply_to=message.message_id)
        return
    command = parse(message)
    on, chats = command is not None and command[0] == "bat", context.house.chats
    context.then(lambda connection: chats.note_chat(connection, chat.id, chat.type, enabled=on))
    context.say(texts.SWITCHED_ON if on else texts.SWITCHED_OFF, reply_to=message.message_id)


async def _is_admin(update: Update, context: Context) -> bool:
    message, chat, user = update.effective_message, update.effective_chat, update.effective_user
    assert chat is not None
    if message is not None and message.sender_chat is not None and message.sender_chat.id == chat.id:
        return True  # an admin who writes as the group
    try:
        member = await context.bot.get_chat_member(chat.id, user.id) if user else None
    except TelegramError:
        return False
    return member is not None and member.status in _ADMINS
