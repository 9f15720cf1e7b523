"""Errors, told to the operators: each sort of them once."""

import asyncio
import sqlite3
import traceback
from pathlib import Path

from telegram.error import TelegramError

import bot
from bot.chat.house import Context, House, house, log
from bot.chat.posting import markup
from bot.chat.screens.operator import trouble
from bot.chat.texts import for_language

_PROGRAM = Path(bot.__file__).parent


async def tell_operators(context: Context, error: BaseException) -> None:
    """Tell each operator of an error by its type and its place, unless one of the sort was told of in this month."""
    sort = type(error).__name__, place(error)
    the = house(context)
    if sort in the.reported or not the.settings.admins:
        return
    the.reported.add(sort)
    if not await asyncio.to_thread(_is_news, the, sort):
        return
    for admin in sorted(the.settings.admins):
        try:
            language = (await asyncio.to_thread(the.memory.readers.get, admin)).language
        except sqlite3.Error:
            language = None
        reply = trouble(*sort, for_language(language, the.settings.language))
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
