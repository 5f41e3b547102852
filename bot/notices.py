"""«Báo tôi»: news that people asked for, found when the knowledge or the register has changed, and told once."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection
from telegram import Update

from bot import review_texts, texts
from bot.answer import keyboard, keyboard_of
from bot.ask import ask_text, talk_of
from bot.handling import Context, House
from bot.messages import Markup, messages
from bot.press import AGAIN, button, message_id_of
from bot.render import answer_text
from bot.review import earlier_questions
from bot.styled import Styled, join, marked, plain
from bot.watches import Watch, WatchKind, watch_id
from knowledge.dates import show
from knowledge.places import NATIONAL
from knowledge.registry import Registry
from knowledge.settings import TIME_ZONE
from knowledge.since import changes_since, grounds_of
from knowledge.types import Question, Turn

_KINDS: dict[str, WatchKind] = {"g": "gap", "c": "change"}
_AT_A_TIME = 25
_BETWEEN = 0.2  # seconds between two questions asked anew: people who ask now go first


async def on_notify(update: Update, context: Context) -> None:
    """Begin to wait for news about an answer, or stop; a button pressed twice does what it says once."""
    answer_id, kind_code, choice, *_ = [*(context.args or []), "", "", ""]
    user, chat, house = update.effective_user, update.effective_chat, context.house
    kind = _KINDS.get(kind_code)
    turn = await house.offload.db(house.assistant.records.turn, answer_id)
    if turn is None or kind is None or user is None or chat is None:
        await context.toast(texts.GONE)
        return
    number = watch_id(kind, answer_id, chat.id, user.id)
    watches, days = house.desk.watches, house.settings.retention_days
    if choice == "1":
        watch = await _watch(update, context, turn, kind, number)
        context.then(lambda connection: watches.add(connection, watch))
        await context.toast(review_texts.WATCHING[kind].format(days=days))
    else:
        context.then(lambda connection: watches.remove(connection, number))
        await context.toast(review_texts.WATCHING_NO_MORE)
    markup = await keyboard_of(context, turn.answer, more=kind == "change", watching=(kind, choice == "1"))
    context.buttons(message_id_of(update), markup)


async def _watch(update: Update, context: Context, turn: Turn, kind: WatchKind, number: str) -> Watch:
    house, talk = context.house, await talk_of(update, context)
    before = await house.offload.db(earlier_questions, house, turn)
    asked = turn.question.text
    return Watch(
        id=number,
        kind=kind,
        answer_id=turn.answer.id,
        question=await house.offload.call(house.assistant.standalone, asked, before),
        locality=talk.locality or NATIONAL,
        grounds=await house.offload.call(grounds_of, house.assistant, turn.answer) if kind == "change" else {},
        chat_id=talk.chat_id,
        thread_id=context.handling.thread_id,
        user_id=talk.user_id,
        message_id=message_id_of(update),
        since=datetime.now(UTC),
    )


async def on_again(update: Update, context: Context) -> None:
    """Ask the question of a notice anew."""
    number, _ = context.two
    watch = await context.house.offload.db(context.house.desk.watches.get, number)
    if watch is None or not watch.question:
        await context.toast(texts.GONE)
        return
    await context.toast()
    await ask_text(update, context, watch.question, lead=Styled("❓ ") + marked(watch.question, "bold"))


# -- beside the workers ------------------------------------------------------------------------------------------------


async def tell_news(house: House, state: str, post: Callable[[list[tuple[int, int]]], None]) -> bool:
    """Look at some of what people wait for, in this state of the knowledge; whether all has been looked at."""
    watches = house.desk.watches
    due = await house.offload.db(watches.due, state, _AT_A_TIME)
    for watch in due:
        if watch.kind == "gap":
            news = await house.offload.call(_filled, house, watch)
        else:
            news = await house.offload.call(_changed, house, watch)
        post(await house.offload.db(_settle, house, watch, state, news))
        await asyncio.sleep(_BETWEEN * house.patience)
    return len(due) < _AT_A_TIME


def state_of(generation: int, registry: Registry, day: object) -> str:
    """Names the knowledge, the register and the day, also after a restart."""
    entries = sorted((i.key, str(i.in_force), i.replaced_by, i.amended_by, i.suspended_by) for i in registry)
    return f"{generation}:{zlib.crc32(str(entries).encode()):08x}:{day}"


News = tuple[Styled, Markup, Turn | None]


def _filled(house: House, watch: Watch) -> News | None:
    """The answer to a question that had none, when there is a good one now."""
    locality = watch.locality if watch.locality != NATIONAL else None
    question = Question(watch.question, locality=locality)
    answer, sure = house.assistant.attempt(question)
    if answer.status != "answered" or sure < house.assistant.confidence.sure:
        return None
    head = review_texts.GAP_FILLED.format(day=_day(watch))
    lead = join([marked(head, "bold"), marked(f"«{watch.question}»", "italic")])
    session = house.chats.talk(watch.chat_id, watch.user_id, watch.thread_id or 0).session
    turn = Turn(session, question, answer, "telegram", datetime.now(UTC))
    return join([lead, answer_text(answer, suggestions=False)], "\n\n"), keyboard(answer), turn


def _changed(house: House, watch: Watch) -> News | None:
    """What has become of the rules behind an answer."""
    changes = changes_since(house.assistant, watch.grounds)
    if not changes:
        return None
    lines = [marked(review_texts.RULE_CHANGED.format(day=_day(watch)), "bold")]
    lines += [marked(f"«{watch.question}»", "italic")] if watch.question else []
    lines += [plain(f"• {change}.") for change in changes]
    lines.append(plain(review_texts.RULE_CHANGED_FOOT))
    return join(lines), [[button(review_texts.ASK_AGAIN, AGAIN, watch.id)]] if watch.question else [], None


def _settle(house: House, watch: Watch, state: str, news: News | None) -> list[tuple[int, int]]:
    """In one transaction: the message, and that it has been told; or that there was nothing to tell."""
    watches = house.desk.watches
    if news is not None and news[2] is not None:
        house.assistant.records.save(news[2])  # before the message: its buttons lead to the turn

    def settle(connection: Connection) -> list[tuple[int, int]]:
        if news is None:
            watches.looked_at(connection, watch.id, state)
            return []
        if not watches.told(connection, watch.id):
            return []
        text, markup, turn = news
        about = f"answer:{turn.answer.id}" if turn else ""
        where = {"thread_id": watch.thread_id, "reply_to": watch.message_id}
        parcel = messages(watch.chat_id, text, markup=markup, about=about, **where)
        return house.outbox.add(connection, f"wn{watch.id}:{int(watch.since.timestamp())}", parcel)

    with house.inbox.engine.begin() as connection:
        return settle(connection)


def _day(watch: Watch) -> str:
    since = watch.since if watch.since.tzinfo else watch.since.replace(tzinfo=UTC)
    return show(since.astimezone(TIME_ZONE).date())
