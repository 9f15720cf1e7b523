"""/privacy and /forgetme."""

import asyncio
from collections.abc import Callable

from telegram import Update

from bot.chat import menu
from bot.chat.actions import ForgetMe, LeaveIt
from bot.chat.house import Context, answer, house, is_private, texts
from bot.chat.replies import Reply
from bot.chat.screens import privacy as screens
from bot.chat.texts import Texts
from bot.models import Reader


async def privacy_cmd(update: Update, context: Context) -> None:
    """`/privacy`."""
    await _answer(update, context, screens.privacy)


async def forgetme_cmd(update: Update, context: Context) -> None:
    """`/forgetme`: asks, and a button does it."""
    await _answer(update, context, screens.question)


async def _answer(update: Update, context: Context, screen: Callable[[dict[str, int], Texts], Reply]) -> None:
    speech = texts(update, context)
    if not is_private(update):  # what is kept of one reader is not for a group to read
        await answer(update, context, [Reply(speech.private_only)])
        return
    kept = await asyncio.to_thread(house(context).memory.traces.count, context.reader.id)
    await answer(update, context, [screen(_lasting(kept), speech)])


async def forget(context: Context, action: ForgetMe, speech: Texts) -> Reply:
    """Delete all that is kept about who presses; what went is said in the language of before."""
    went = await asyncio.to_thread(house(context).memory.traces.forget, context.reader.id)
    context.reader = Reader(context.reader.id)
    if "reader" in went:
        await menu.set_for_reader(context)
    return screens.forgotten(_lasting(went), speech)


async def leave(context: Context, action: LeaveIt, speech: Texts) -> Reply:
    """Nothing happens after all."""
    return Reply(speech.left)


def _lasting(kept: dict[str, int]) -> dict[str, int]:
    """What is kept without the very message or press that is being answered, which goes when it is."""
    return {table: count for table, count in kept.items() if table != "received"}
