"""The bot's life: it starts, listens, answers and stops without ever troubling the API that it runs beside."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from telegram import BotCommand
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot import texts
from bot.application import build_application
from bot.care import Care
from bot.chats import Chats
from bot.client import ALLOWED_UPDATES, POLL_SECONDS, Bot
from bot.desk import Desk
from bot.fate import Highest
from bot.flows import open_flows
from bot.gate import Limiter
from bot.handling import App, House, Ingest
from bot.inbox import Inbox
from bot.intake import intake
from bot.lanes import Lanes
from bot.offload import Offload
from bot.outbox import Outbox
from bot.pace import Pace
from bot.people import People
from bot.send import Sender, seconds_of
from bot.webhook import Webhook, secret_for
from bot.work import Work
from knowledge.database import METADATA
from knowledge.settings import Settings

if TYPE_CHECKING:
    from ingest.sync import Sync
    from knowledge.assistant import Assistant

log = logging.getLogger(__name__)

_BACKLOG = 5000  # beyond it the poll rests: Telegram keeps updates for a day, our memory need not
_GRACE = 5.0
_SENDING_GRACE = 20.0
_LONGEST_PAUSE = 300.0


class Telegram:
    """One bot on one database. `patience` stretches every pause between attempts; tests shorten it."""

    def __init__(
        self,
        assistant: Assistant,
        settings: Settings,
        *,
        ingest: Ingest | None = None,
        patience: float = 1.0,
        grow_after: float = 1.5,
    ) -> None:
        self.settings, self.patience = settings, patience
        METADATA.create_all(assistant.engine)
        people = People(assistant.engine, settings)
        self.house = House(
            assistant,
            settings,
            Inbox(assistant.engine),
            Outbox(assistant.engine),
            Chats(assistant.engine),
            Offload(),
            Pace(settings.telegram_rate, chat_pause=patience),
            Highest(),
            people,
            Limiter(settings.telegram_user_rate),
            open_flows(assistant.engine),
            Desk(assistant.engine, people, settings),
            ingest,
            patience,
            grow_after,
        )
        self.webhook = Webhook(secret_for(settings), self._store)
        self._state, self._problem, self._since, self._last_update = "stopped", "", time.time(), 0.0
        self._work: Work | None = None
        self._sending: Lanes | None = None
        self.care: Care | None = None

    # -- what others see -------------------------------------------------------------------------------------------

    def status(self) -> dict[str, Any]:
        """`running`, `starting`, `trouble` (with the problem in Vietnamese) or `stopped`, and how much is waiting."""
        return {
            "status": self._state,
            "problem": self._problem,
            "since": self._since,
            "last_update": self._last_update or None,
            "updates_waiting": self._work.lanes.waiting if self._work else 0,
            "messages_waiting": self._sending.waiting if self._sending else 0,
        }

    async def run(self, stop: asyncio.Event) -> None:
        """Live until `stop`. Never raises: trouble is logged once, tried again, and seen in `status()`."""
        quieten()
        pause = 1.0
        while not stop.is_set():
            self._set("starting" if self._state == "stopped" else self._state, self._problem)
            try:
                await self._live(stop)
                pause = 1.0
            except InvalidToken:
                self._trouble(texts.WRONG_TOKEN)  # the exception itself holds the token
                pause = max(pause, 10.0)
            except (NetworkError, RetryAfter):
                self._trouble(texts.UNREACHABLE)
            except Exception as error:
                log.exception("the Telegram bot stopped unexpectedly and starts again")
                self._set("trouble", type(error).__name__)
            await _rest(stop, pause * self.patience)
            pause = min(_LONGEST_PAUSE, pause * 2)
        await asyncio.to_thread(self.house.offload.close)
        self._set("stopped", "")
        log.info(texts.STOPPED)

    # -- one life --------------------------------------------------------------------------------------------------

    async def _live(self, stop: asyncio.Event) -> None:
        application = build_application(self.settings)
        try:
            await application.initialize()
            await self._serve(application, stop)
        finally:
            with suppress(Exception):
                await application.shutdown()

    async def _serve(self, application: App, stop: asyncio.Event) -> None:
        house, bot = self.house, application.bot
        sender = Sender(bot, house)
        self._sending = Lanes(sender.deliver, limit=self.settings.telegram_senders, hold=True, delay=house.pace.delay)
        self._work = Work(
            application,
            house,
            self._sending,
            limit=self.settings.telegram_workers,
        )
        self.care = Care(house, self._sending.put)
        beside = [asyncio.create_task(self._tidy(bot)), asyncio.create_task(self.care.run())]
        try:
            for chat, number in await house.offload.db(house.outbox.waiting):
                self._sending.put(chat, number)
            self._work.offer(await house.offload.db(house.inbox.waiting))
            if self.settings.telegram_webhook_url:
                await self._hook(bot, stop)
            else:
                await self._poll(bot, stop)
        finally:
            for task in beside:
                task.cancel()
            work, sending = self._work, self._sending
            self._work = None
            await work.lanes.close(grace=_GRACE * self.patience)
            # A message on its way is waited for: cut off, nobody would know whether it arrived.
            await sending.close(grace=_SENDING_GRACE)
            self._sending = None

    async def _poll(self, bot: Bot, stop: asyncio.Event) -> None:
        """Ask for updates, write them down, and only then ask for later ones, which tells Telegram to forget these."""
        with suppress(TelegramError):
            await bot.delete_webhook()  # keeps what waits
        # The first question has no offset: what was delivered but never acknowledged comes again, and is recognised.
        offset: int | None = None
        pause = 0.0
        well = False  # whether the last question was answered; if not, the next one does not wait for news
        while not stop.is_set():
            if pause and await _rest(stop, pause * self.patience):
                return
            assert self._work is not None
            if self._work.lanes.waiting > _BACKLOG:
                pause = 0.5
                continue
            try:
                updates = await _unless(stop, bot.raw_updates(offset, timeout=POLL_SECONDS if well else 0))
                well = True
            except Conflict:
                well = False
                self._trouble(texts.CONFLICT)
                pause = min(60.0, max(5.0, pause * 2))
            except InvalidToken:
                well = False
                self._trouble(texts.WRONG_TOKEN)
                pause = min(_LONGEST_PAUSE, max(10.0, pause * 2))
            except RetryAfter as error:
                pause = seconds_of(error)
            except TelegramError:
                well = False
                self._trouble(texts.UNREACHABLE)
                pause = min(30.0, max(1.0, pause * 2))
            else:
                pause = 0.0
                if updates is None:
                    return
                if updates and not await self._store(updates):
                    pause = min(30.0, max(1.0, pause * 2))
                    continue
                self._running(bot)
                numbers = [
                    u["update_id"] for u in updates if isinstance(u, dict) and isinstance(u.get("update_id"), int)
                ]
                if numbers:
                    offset = max(numbers) + 1

    async def _hook(self, bot: Bot, stop: asyncio.Event) -> None:
        """Have updates delivered to our own address; the route stores them, see `webhook.py`."""
        pause = 1.0
        while not stop.is_set():
            try:
                await bot.set_webhook(
                    self.settings.telegram_webhook_url,
                    secret_token=self.webhook.secret,
                    allowed_updates=ALLOWED_UPDATES,
                )
            except TelegramError as error:
                wrong = isinstance(error, InvalidToken)
                self._trouble(texts.WRONG_TOKEN if wrong else texts.UNREACHABLE)
                await _rest(stop, pause * self.patience)
                pause = min(60.0, pause * 2)
            else:
                self._running(bot)
                await stop.wait()

    async def _store(self, updates: list[dict[str, Any]]) -> bool:
        """Write updates down and set to work on them; False when they could not be written."""
        try:
            new = await self.house.offload.db(self.house.inbox.store, updates)
        except Exception as error:
            log.error("%s (%s)", texts.DATABASE_TROUBLE, type(error).__name__)
            self._set("trouble", texts.DATABASE_TROUBLE)
            return False
        self._last_update = time.time()
        if self._work is not None:
            self._work.offer(new)
        return True

    async def _tidy(self, bot: Bot) -> None:
        """What need not be done at once: the menu of commands, and now and then forgetting old numbers."""
        with suppress(TelegramError):
            await bot.set_my_commands([BotCommand(name, what) for name, what in texts.COMMANDS.items()])
        while True:
            for act in (self.house.inbox.expire, self.house.outbox.expire, self.house.flows.sheets.expire):
                with suppress(Exception):
                    await self.house.offload.db(act)
            for forget in (self.house.assistant.records.expire, self.house.desk.expire):
                with suppress(Exception):
                    await self.house.offload.db(forget, self.settings.retention_days)
            await asyncio.sleep(6 * 3600)

    # -- state -----------------------------------------------------------------------------------------------------

    def _running(self, bot: Bot) -> None:
        if self._state != "running":
            log.info(texts.RUNNING.format(name=bot.username))
            self._set("running", "")

    def _trouble(self, problem: str) -> None:
        """Log a problem when it begins, not at every attempt."""
        if self._problem != problem:
            log.warning(problem)
        self._set("trouble", problem)

    def _set(self, state: str, problem: str) -> None:
        if (state, problem) != (self._state, self._problem):
            self._since = time.time()
        self._state, self._problem = state, problem


class BotRunner(Telegram):
    """The bot as `sotay serve` runs it beside the API: `await runner(stop)`."""

    def __init__(self, assistant: Assistant, sync: Sync) -> None:
        super().__init__(assistant, assistant.settings, ingest=intake(sync, assistant.settings.documents_dir))

    async def __call__(self, stop: asyncio.Event) -> None:
        """Live until `stop`; never raises."""
        await self.run(stop)


def quieten() -> None:
    """The HTTP client logs every address it calls, and those hold the token."""
    for name in ("httpx", "httpcore", "telegram", "telegram.ext"):
        logging.getLogger(name).setLevel(logging.WARNING)


async def _rest(stop: asyncio.Event, seconds: float) -> bool:
    """Wait; True when `stop` came first."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()


async def _unless(stop: asyncio.Event, coroutine: Any) -> Any:
    """The result of a coroutine, or None when `stop` comes first, which ends it."""
    task, stopping = asyncio.ensure_future(coroutine), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for future in (task, stopping):
            if not future.done():
                future.cancel()
                with suppress(BaseException):
                    await future
