"""Errors, told to the operators: each sort of them once."""

import asyncio
import math
import sqlite3
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from telegram.error import TelegramError

import bot
from bot.archive.faults import Fault, fault_of
from bot.chat.house import Context, House, house, log
from bot.chat.posting import markup
from bot.chat.replies import Reply
from bot.chat.screens.operator import trouble
from bot.chat.texts import Texts, for_language

_HOUR = 3600
_PROGRAM = Path(bot.__file__).parent


async def tell_operators(context: Context, error: BaseException) -> None:
    """Tell each operator of an error by its type and its place, unless one of the sort was told of in this month."""
    if fault := fault_of(error):
        await tell_of(context, fault)
        return
    sort = type(error).__name__, place(error)
    the = house(context)
    if sort in the.reported or not the.settings.admins:
        return
    the.reported.add(sort)
    if await asyncio.to_thread(_is_news, the, sort):
        await _tell(context, lambda speech: trouble(*sort, speech))


async def tell_of(context: Context, fault: Fault) -> None:
    """Tell each operator of a fault of the disk or the database, once until it is over."""
    the = house(context)
    if fault in the.faults:
        return
    the.faults[fault] = time.monotonic()
    log.error("%s", for_language("en", "en").faults[fault])
    await _tell(context, lambda speech: Reply(speech.faults[fault]))


def over(context: Context, fault: Fault) -> bool:
    """Note that a fault is over: when it comes again, it is news, but not within the hour in which it was told of.

    Returns:
        Whether it will be news.
    """
    told = house(context).faults
    if time.monotonic() - told.get(fault, math.inf) < _HOUR:
        return False
    del told[fault]
    return True


async def _tell(context: Context, message: Callable[[Texts], Reply]) -> None:
    the = house(context)
    for admin in sorted(the.settings.admins):
        try:
            language = (await asyncio.to_thread(the.memory.readers.get, admin)).language
        except sqlite3.Error:
            language = None
        reply = message(for_language(language, the.settings.language))
        try:
            await context.bot.send_message(admin, reply.html, reply_markup=markup(reply))
        except TelegramError as another:  # has never written to the bot, or has blocked it
            log.warning("An operator could not be told: %s", type(another).__name__)


def _is_news(the: House, sort: tuple[str, str]) -> bool:
    try:
        return the.memory.usage.note_error(*sort)
    except sqlite3.Error:  # the very thing to tell of, perhaps
        return True


def place(error: BaseException) -> str:
    """Where in the program an error came up: file, line and function of its last frame that is ours."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PROGRAM)]
    if not ours:
        return frames[-1].name if frames else ""
    file = Path(ours[-1].filename).relative_to(_PROGRAM.parent)
    return f"{file.as_posix()}:{ours[-1].lineno} {ours[-1].name}"
