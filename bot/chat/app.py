"""The Application: built from the settings, run until a signal ends it."""

import asyncio
import logging
import time
from typing import Any
from urllib.parse import urlsplit

from telegram import LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ContextTypes, Defaults

from bot.archive import backup
from bot.archive.inbox import Inbox
from bot.archive.memory import ChatMemory
from bot.chat import logs
from bot.chat.attended import Attended
from bot.chat.endpoint import AddressError
from bot.chat.handlers import add_handlers
from bot.chat.house import Context, House, a_year_ago, house, texts, toast
from bot.chat.limits import PerChatLimits
from bot.chat.mailing import Mailing
from bot.chat.menu import set_menu
from bot.chat.order import PerChatOrder
from bot.chat.polling import UPDATES, PollRequest, Pulse
from bot.chat.shown import Shown
from bot.chat.trouble import tell_operators
from bot.search import Engine, days
from bot.search.explain import Explainer
from bot.settings import Settings

App = Application[Any, Any, Any, Any, Any, Any]
log = logging.getLogger(__name__)

_CONCURRENT = 64
_HOUR = 3600
_DAY = 24 * _HOUR
_PATIENCE = 3.0
"""Seconds that an answer waits, right after the start, for the words that near names are taken from."""


def run(settings: Settings, engine: Engine, memory: ChatMemory) -> str | None:
    """Run the bot until SIGINT or SIGTERM.

    Returns:
        Why it could not run; None after it was told to stop.
    """
    token = settings.token.get_secret_value() if settings.token else ""
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    logs.set_up(settings.log_level, [token, token.partition(":")[2], secret])
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
        return "Telegram does not know this TELEGRAM_BOT_TOKEN. Copy it again from @BotFather."
    except AddressError as error:
        return str(error)
    except Exception:
        log.exception("The bot stopped.")
        return "the bot stopped; the log says why."
    return "polling could not be started anew; the log says why." if application.lost else None


def build(settings: Settings, engine: Engine, memory: ChatMemory) -> Attended:
    """The bot, ready to run."""
    pulse = Pulse()
    application = (
        Application.builder()
        .application_class(Attended, {"pulse": pulse})
        .token(settings.token.get_secret_value() if settings.token else "")
        .context_types(ContextTypes(context=Context))
        .base_url(settings.api_base_url)
        .base_file_url(settings.api_file_url)
        .defaults(Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .connect_timeout(10)
        .read_timeout(20)
        .get_updates_request(PollRequest(pulse, settings.stalled_after))
        .rate_limiter(PerChatLimits(retries=5))
        .concurrent_updates(PerChatOrder(_CONCURRENT))
        .build()
    )
    assert isinstance(application, Attended)  # noqa: S101 which the builder's types cannot say
    application.bot_data["house"] = home = House(
        settings, engine, Explainer(engine, _PATIENCE), memory, Shown(), Inbox(settings.uploads)
    )
    add_handlers(application)
    application.add_error_handler(on_error)
    if application.job_queue:
        application.job_queue.run_once(set_menu, when=0)  # the first reader does not wait for it
        application.job_queue.run_once(load_words, when=0)
        application.job_queue.run_once(Mailing(home).work, when=0, name="mailing")
        application.job_queue.run_repeating(forget_old, interval=_HOUR, first=60)
        if settings.backups:
            application.job_queue.run_repeating(back_up, interval=_HOUR, first=90, name="backup")
    return application


async def forget_old(context: Context) -> None:
    """Once an hour: what nobody has touched for a year goes, an upload that nobody stored after a day."""
    the = house(context)
    await asyncio.to_thread(the.memory.forget_chats, a_year_ago())
    await asyncio.to_thread(the.memory.usage.forget_errors, time.time() - 30 * _DAY)
    await asyncio.to_thread(the.inbox.expire, time.time() - _DAY)


async def back_up(context: Context) -> None:
    """Once a day: a backup, an hour after midnight at the latest; one that failed or was missed is made up for."""
    the = house(context).settings
    made = await asyncio.to_thread(backup.nightly, the.data_dir, the.backups_dir, days.today(the.timezone), the.backups)
    if made:
        log.info("Backup made: %s", made)


async def load_words(context: Context) -> None:
    """Load what explains an empty result before the first one is to be explained."""
    await asyncio.to_thread(house(context).explainer.warm_up)


async def on_error(update: object, context: Context) -> None:
    """Log everything; tell the reader that it is not the reader's fault, where the reader can be told."""
    error = context.error
    if isinstance(error, Forbidden):
        log.info("A chat does not take messages any more: %s", error)  # blocked the bot, or removed it
        return
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        log.warning("Telegram could not be reached: %s", error)  # nor could an apology reach the reader
        return
    log.error("An update could not be handled.", exc_info=error)
    if isinstance(update, Update):
        await _apologise(update, context)
    if error:
        await tell_operators(context, error)


async def _apologise(update: Update, context: Context) -> None:
    speech = texts(update, context)
    try:
        if update.callback_query and await toast(update, speech.failed_toast):
            return
        if update.effective_chat:
            await update.effective_chat.send_message(speech.failed)
    except TelegramError as another:
        log.warning("The reader could not be told: %s", another)
