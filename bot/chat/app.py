"""The Application: built from the settings, run until a signal ends it."""

import asyncio
import logging
import sqlite3
import sys
import threading
import time
from contextlib import suppress
from typing import Any, cast
from urllib.parse import urlsplit

from telegram import LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ContextTypes, Defaults

from bot.archive import backup
from bot.archive.faults import Fault, fault_of
from bot.archive.inbox import Inbox
from bot.archive.memory import ChatMemory
from bot.archive.stamps import is_set
from bot.chat import heap, logs
from bot.chat.attended import Attended
from bot.chat.endpoint import AddressError
from bot.chat.handlers import add_handlers
from bot.chat.house import Context, House, a_year_ago, house, texts, toast
from bot.chat.limits import PerChatLimits
from bot.chat.mailing import Mailing
from bot.chat.mending import look_at_disk, mend_index
from bot.chat.menu import set_menu
from bot.chat.order import PerChatOrder
from bot.chat.polling import UPDATES, PollRequest, Pulse, unreached
from bot.chat.receiving import Receiving
from bot.chat.rounds import Round, once_in_each
from bot.chat.shown import Shown
from bot.chat.trouble import tell_operators
from bot.search import Engine, days
from bot.search.explain import Explainer
from bot.search.matching import IndexUnavailableError
from bot.settings import Settings

App = Application[Any, Any, Any, Any, Any, Any]
log = logging.getLogger(__name__)

_CONCURRENT = 64
_REVOKED = "Telegram does not know this TELEGRAM_BOT_TOKEN. Copy it again from @BotFather."
_MINUTE = 60
_HOUR = 3600
_DAY = 24 * _HOUR
_TURN = 0.0005
"""Seconds until a thread that computes lets others on. With Python's 0.005, an answer, which gives way fifty times and
more, took ten times as long while an edition was read in, and half a second more right after the start."""
_PATIENCE = 3.0
"""Seconds that an answer waits, right after the start, for the words that near names are taken from."""


def run(settings: Settings, engine: Engine, memory: ChatMemory) -> str | None:
    """Run the bot until SIGINT or SIGTERM.

    Returns:
        Why it could not run; None after it was told to stop.
    """
    heap.share()
    sys.setswitchinterval(_TURN)
    token = settings.token.get_secret_value() if settings.token else ""
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    logs.set_up(
        settings.log_level,
        [token, token.partition(":")[2], secret, *(settings.milvus.secrets if settings.milvus else ())],
    )
    application = build(settings, engine, memory)
    log.info("Connecting to %s", urlsplit(settings.api_base_url).netloc)
    try:
        if settings.webhook_url:
            host, _, port = settings.webhook_listen.rpartition(":")
            application.run_webhook(
                listen=host,
                port=int(port),
                url_path=urlsplit(str(settings.webhook_url)).path.lstrip("/"),
                webhook_url=str(settings.webhook_url),
                secret_token=secret,
                allowed_updates=UPDATES,
                bootstrap_retries=-1,
            )
        else:
            application.run_polling(allowed_updates=UPDATES, bootstrap_retries=-1)
    except InvalidToken:
        return _REVOKED
    except AddressError as error:
        return str(error)
    except Exception:
        log.exception("The bot stopped.")
        return "the bot stopped; the log says why."
    return application.ended


def build(settings: Settings, engine: Engine, memory: ChatMemory) -> Attended:
    """The bot, ready to run."""
    token = settings.token.get_secret_value() if settings.token else ""
    pulse, receiving = Pulse(), Receiving(memory.received, int(token.partition(":")[0] or 0))
    application = (
        Application.builder()
        .application_class(Attended, {"pulse": pulse})
        .token(token)
        .update_queue(receiving)
        .post_init(lambda app: receiving.take_up(app.bot))
        .context_types(ContextTypes(context=Context))
        .base_url(settings.api_base_url)
        .base_file_url(settings.api_file_url)
        .defaults(Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .connect_timeout(10)
        .read_timeout(20)
        .get_updates_request(PollRequest(pulse, settings.stalled_after))
        .rate_limiter(PerChatLimits(retries=5))
        .job_queue(None)
        .concurrent_updates(PerChatOrder(_CONCURRENT, receiving.handled))
        .build()
    )
    assert isinstance(application, Attended)  # noqa: S101 which the builder's types cannot say
    application.bot_data["house"] = home = House(
        settings, engine, Explainer(engine, _PATIENCE), memory, Shown(), Inbox(settings.uploads)
    )
    add_handlers(application)
    application.add_error_handler(on_error)
    application.rounds.table = (
        Round(set_menu),  # the first reader does not wait for it
        Round(load_words),
        Round(Mailing(home).work),
        Round(see_token, _MINUTE / 2, _MINUTE / 2),
        Round(look_at_disk, 5, _MINUTE),
        Round(forget_old, _HOUR, _HOUR),
        Round(trim_heap, _MINUTE / 4, _MINUTE / 4),
        *([once_in_each(_HOUR, back_up, first=90)] if settings.backups else []),
    )
    return application


async def forget_old(context: Context) -> None:
    """Once an hour: what nobody has touched for a year goes, an upload that nobody stored after a day.

    A clock that was set in this hour may be wrong; nothing goes by it.
    """
    the = house(context)
    if the.clock.steady() < _HOUR:
        return
    await asyncio.to_thread(the.memory.forget_chats, a_year_ago())
    await asyncio.to_thread(the.memory.usage.forget_errors, time.time() - 30 * _DAY)
    await asyncio.to_thread(the.inbox.expire, time.time() - _DAY)


async def back_up(context: Context) -> None:
    """Once a day: a backup, an hour after midnight at the latest; one that failed or was missed is made up for.

    A program that stops does not wait for it: of a large archive it takes minutes.
    """
    the = house(context).settings
    if not is_set(time.time()):
        return
    stopped, today = threading.Event(), days.today(the.timezone)
    try:
        made = await asyncio.to_thread(
            backup.nightly, the.data_dir, the.backups_dir, today, the.backups, stopped.is_set
        )
    finally:
        stopped.set()
    if made:
        log.info("Backup made: %s", made)


async def load_words(context: Context) -> None:
    """Load what explains an empty result before the first one is to be explained."""
    await asyncio.to_thread(house(context).explainer.warm_up)


async def trim_heap(_: Context) -> None:
    """Give back the memory that answers needed and need no more."""
    await asyncio.to_thread(heap.trim)


async def on_error(update: object, context: Context) -> None:
    """Log everything; tell the reader that it is not the reader's fault, where the reader can be told."""
    error = context.error
    if isinstance(error, Forbidden):
        log.info("A chat does not take messages any more: %s", error)  # blocked the bot, or removed it
        return
    if isinstance(error, InvalidToken):  # revoked while the bot runs
        cast(Attended, context.application).end(_REVOKED)
        return
    if _is_of_the_way(error):  # nor could an apology reach the reader
        kind = type(error).__name__
        if times := house(context).repeats.worth_saying(kind):
            log.warning("%s (%s, %s times)", unreached(error), kind, times)
        return
    fault = fault_of(error) if error else None
    if fault:
        log.warning("An update could not be handled: %s", error)
    elif isinstance(error, IndexUnavailableError):
        log.error("A question could not be answered: %s", error)
    else:
        log.error("An update could not be handled.", exc_info=error)
    if isinstance(update, Update):
        await _apologise(update, context, fault)
    if error:
        await tell_operators(context, error)
    if fault is Fault.DAMAGED_INDEX:
        await mend_index(context)


def _is_of_the_way(error: BaseException | None) -> bool:
    """Whether Telegram did not answer, answered no sense, or lets another process poll."""
    broken = isinstance(error, NetworkError) and not isinstance(error, BadRequest)
    return broken or isinstance(error, Conflict) or type(error) is TelegramError


async def see_token(context: Context) -> None:
    """Ask Telegram whether it knows the token still: polling ends without a word when it does not."""
    await context.bot.get_me()


async def _apologise(update: Update, context: Context, fault: Fault | None) -> None:
    if user := update.effective_user:  # the gate has told another context who this is
        context.telegram_language = user.language_code
        with suppress(sqlite3.Error):
            context.reader = await asyncio.to_thread(house(context).memory.readers.get, user.id)
    speech = texts(update, context)
    down = isinstance(context.error, IndexUnavailableError)
    said = speech.failed_by[fault] if fault else speech.search_down if down else ""
    try:
        if update.callback_query and await toast(update, said or speech.failed_toast):
            return
        if update.effective_chat:
            await update.effective_chat.send_message(said or speech.failed)
    except TelegramError as another:
        log.warning("The reader could not be told: %s", another)
