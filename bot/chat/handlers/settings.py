"""/settings, and its buttons, which edit the one message."""

import asyncio

from telegram import Update

from bot.chat import menu
from bot.chat.actions import ShowSettings
from bot.chat.handlers.watch import set_digest
from bot.chat.house import Context, answer, house, is_private, texts
from bot.chat.preferences import preference
from bot.chat.replies import Reply
from bot.chat.screens import settings as screens
from bot.chat.texts import Texts
from bot.models import Reader


async def settings_cmd(update: Update, context: Context) -> None:
    """`/settings`, where nobody else would see and press it."""
    speech = texts(update, context)
    reply = screens.overview(context.reader, speech) if is_private(update) else Reply(speech.private_only)
    await answer(update, context, [reply])


async def screen(context: Context, action: ShowSettings, speech: Texts) -> Reply:
    """The settings, or the choices of one, after the choice that the button stands for was kept."""
    one = preference(action.name)
    if one is None:
        return screens.overview(context.reader, speech)
    if action.choice:
        before, after = context.reader, one.chosen(context.reader, action.choice)
        if after != before:
            await asyncio.to_thread(_keep, context, after)
            context.reader = after
        if after.language != before.language:
            speech = context.speech()
            await menu.set_for_reader(context)
    return screens.choices(one, context.reader, speech)


def _keep(context: Context, reader: Reader) -> None:
    if reader.digest_at != context.reader.digest_at:
        set_digest(context, reader)
    else:
        house(context).memory.readers.put(reader)
