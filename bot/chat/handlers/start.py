"""/start and /help."""

import asyncio
import re

from telegram import Update

from bot.chat import menu, replies
from bot.chat.handlers.article import send_article
from bot.chat.handlers.commands import argument
from bot.chat.house import Context, answer, house, is_private, texts
from bot.chat.replies import Reply


async def start_cmd(update: Update, context: Context) -> None:
    """`/start`, and `/start a_12`, which a link `t.me/…?start=a_12` sends."""
    if link := re.fullmatch(r"a_(\d{1,12})", argument(context), re.ASCII):
        await send_article(update, context, int(link[1]))
        return
    held = await asyncio.to_thread(house(context).archive.coverage)
    await answer(update, context, [replies.welcome(held, texts(update, context))])
    if is_private(update):
        await menu.set_for_newcomer(context)


async def help_cmd(update: Update, context: Context) -> None:
    """`/help`."""
    speech = texts(update, context)
    more = f"\n\n{speech.operator_help}" if context.is_admin and is_private(update) else ""
    await answer(update, context, [Reply(speech.help + more)])
