"""The reviewers' desk: who sits at it, what lies on it, and who is waiting for news."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine
from telegram import Update

from bot import review_texts
from bot.handling import Context
from bot.inquiries import Inquiries
from bot.outbox import Outgoing
from bot.people import People
from bot.watches import Watches
from knowledge.curated import Curated
from knowledge.settings import Settings

REVIEWERS = ("reviewer", "admin")


class Desk:
    """Holds the stores; `wake` calls whoever publishes approved answers (see `care.py`)."""

    def __init__(self, engine: Engine, people: People, settings: Settings) -> None:
        self.inquiries, self.curated, self.watches = Inquiries(engine), Curated(engine), Watches(engine)
        self.people, self.settings = people, settings
        self.wake: Callable[[], None] = lambda: None

    def recipients(self) -> list[int]:
        """The chats to which questions go: the reviewers' group, else every reviewer and admin; perhaps none."""
        if self.settings.telegram_reviewers_chat:
            return [self.settings.telegram_reviewers_chat]
        return sorted({number for role in REVIEWERS for number in self.people.of_role(role)})

    def of_person(self, user_id: int) -> dict[str, Any]:
        """What is kept about a person, as data."""
        return {
            "sent_to_reviewers": self.inquiries.of_person(user_id),
            "notices": self.watches.of_person(user_id),
            "answers_as_reviewer": self.curated.of_person(user_id),
        }

    def forget_person(self, connection: Connection, user_id: int) -> None:
        """Remove what a person asked and waits for; of a reviewer, the name below approved answers."""
        self.inquiries.forget_person(connection, self.curated, user_id)
        self.watches.forget_person(connection, user_id)
        self.curated.forget_person(connection, user_id)

    def expire(self, days: int) -> None:
        """Forget what is older than so many days."""
        self.inquiries.expire(self.curated, days)
        self.curated.expire(days)
        self.watches.expire(days)


def queue(context: Context, connection: Connection, key: str, outgoing: Sequence[Outgoing]) -> None:
    """Write messages down within an effect, once for each key, and have them sent when it is settled."""
    context.handling.queued.extend(context.house.outbox.add(connection, key, outgoing))


async def may_review(update: Update, context: Context) -> bool:
    """Whether the person is a reviewer or admin now; others are told that it is not for them."""
    user, house = update.effective_user, context.house
    if user is not None and await house.offload.db(house.people.role, user.id) in REVIEWERS:
        return True
    await context.toast(review_texts.REVIEWERS_ONLY)
    if not update.callback_query and update.effective_message is not None:
        context.say(review_texts.REVIEWERS_ONLY, reply_to=update.effective_message.message_id)
    return False
