"""`/dulieu` and `/xoa`: what is kept about a person, shown whole and removed whole."""

from __future__ import annotations

import base64
import json
from typing import Any

from sqlalchemy import delete, select
from telegram import Update

from bot import texts
from bot.chats import CHATS, TALKS
from bot.handling import Context, House
from bot.outbox import OUTBOX, Outgoing
from bot.people import PEOPLE
from bot.press import ERASE, button, message_id_of
from bot.sheets import SHEETS
from knowledge.records import TURNS


async def on_data(update: Update, context: Context) -> None:
    """Everything that is kept about the person who asks, as a JSON file. Only in private."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or chat.id != user.id:
        context.say(texts.PRIVATE_ONLY)
        return
    data = json.dumps(await context.house.offload.db(_collect, context.house, user.id), ensure_ascii=False, indent=2)
    payload = {"name": "so-tay-du-lieu.json", "data": base64.b64encode(data.encode()).decode(), "text": texts.DATA}
    context.handling.outgoing.append(Outgoing(chat.id, "document", payload))


async def on_erase(update: Update, context: Context) -> None:
    """Ask before erasing."""
    user = update.effective_user
    if user is not None:
        keys = [[button(texts.ERASE_YES, ERASE, user.id, 1)], [button(texts.ERASE_NO, ERASE, user.id, 0)]]
        context.say(texts.ERASE_ASK.format(days=context.house.settings.retention_days), markup=keys)


async def on_erase_choice(update: Update, context: Context) -> None:
    """Erase, if the person whom the button is for has pressed it."""
    user = update.effective_user
    owner, choice = context.two
    await context.toast()
    if user is None or str(user.id) != owner:
        return
    if choice != "1":
        context.say(texts.ERASE_KEPT, edit=message_id_of(update))
        return
    count = await context.house.offload.db(_erase, context.house, user.id)
    context.say(texts.ERASED.format(count=count), edit=message_id_of(update))


def _sessions(house: House, user_id: int) -> list[str]:
    """The sessions of all of a person's conversations: `telegram:chat:topic:person:epoch`."""
    query = select(TURNS.c.session_id).distinct().where(TURNS.c.session_id.like(f"telegram:%:{user_id}:%"))
    with house.inbox.engine.connect() as connection:
        return [session for session in connection.scalars(query) if session.split(":")[3] == str(user_id)]


def _collect(house: House, user_id: int) -> dict[str, Any]:
    turns: list[dict[str, Any]] = []
    for session in _sessions(house, user_id):
        for turn in house.assistant.records.last(session, limit=100_000):
            asked = {"asked_at": turn.asked_at.isoformat(), "question": turn.question.text}
            turns.append(asked | {"status": turn.answer.status, "answer": turn.answer.text})
    talks = [
        {"chat": talk.chat_id, "topic": talk.thread_id, "locality": talk.locality, "as_of": str(talk.as_of or "")}
        for talk in house.chats.talks_of(user_id)
    ]
    dossiers = [
        {"name": sheet.name, "procedure": sheet.procedure, "situation": sheet.case, "had": sorted(sheet.had)}
        for sheet in house.flows.sheets.of_chat(user_id)
    ]
    return {
        "telegram_id": user_id,
        "role": house.people.role(user_id),
        "conversations": talks,
        "questions": turns,
        "dossiers": dossiers,
        **house.desk.of_person(user_id),
    }


def _erase(house: House, user_id: int) -> int:
    """Remove questions, answers, verdicts, settings and role; how many questions there were. Can be done twice."""
    count = sum(house.assistant.records.forget(session) for session in _sessions(house, user_id))
    with house.inbox.engine.begin() as connection:
        house.desk.forget_person(connection, user_id)
        connection.execute(delete(TALKS).where(TALKS.c.user_id == user_id))
        connection.execute(delete(PEOPLE).where(PEOPLE.c.user_id == user_id))
        connection.execute(delete(SHEETS).where(SHEETS.c.chat_id == user_id))
        connection.execute(delete(CHATS).where(CHATS.c.chat_id == user_id))
        connection.execute(delete(OUTBOX).where(OUTBOX.c.chat_id == user_id, OUTBOX.c.state != "waiting"))
    house.desk.wake()  # a reviewer's name leaves the citations too
    return count
