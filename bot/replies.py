"""A reply to one of our messages: what it means hangs on what that message was about."""

from __future__ import annotations

from telegram import Update
from telegram.ext import BaseHandler

from bot.ask import on_edited, on_other, on_question
from bot.curate import DRAFT, EDITING, SOURCING, on_draft_reply
from bot.groups import is_group, on_group_question
from bot.handling import Context
from bot.review import ABOUT, on_inquiry_reply


class Replied(BaseHandler[Update, Context, None]):
    """Handles messages, new or corrected, that reply to the bot; files excepted."""

    def __init__(self) -> None:
        super().__init__(on_reply)

    def check_update(self, update: object) -> object:
        """Whether it is such a message."""
        message = (update.message or update.edited_message) if isinstance(update, Update) else None
        replied = message.reply_to_message if message is not None else None
        if message is None or replied is None or replied.from_user is None or message.document is not None:
            return None
        return True if replied.from_user.id == message.get_bot().id else None


async def on_reply(update: Update, context: Context) -> None:
    """To the reviewers' desk where it belongs there; else what it would have been without a reply."""
    message, house = update.effective_message, context.house
    assert message is not None
    assert message.reply_to_message is not None
    about = await house.offload.db(house.outbox.about, message.chat_id, message.reply_to_message.message_id)
    kind, _, number = about.partition(":")
    if f"{kind}:" == ABOUT:
        await on_inquiry_reply(update, context, number)
    elif f"{kind}:" in (DRAFT, EDITING, SOURCING):
        await on_draft_reply(update, context, number, source=f"{kind}:" == SOURCING)
    elif update.edited_message is not None:
        await on_edited(update, context)
    elif is_group(update):
        await on_group_question(update, context)
    elif message.text or message.caption:
        await on_question(update, context)
    else:
        await on_other(update, context)
