"""Who may speak, and what is said to all that is neither a question nor a command."""

import asyncio

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.chat.handlers.inline import refuse_inline
from bot.chat.handlers.watch import welcome_back
from bot.chat.house import Context, answer, house, texts, toast
from bot.chat.replies import Reply


async def gate(update: Update, context: Context) -> None:
    """Find out who speaks; stop here whoever is not on the list, where there is a list."""
    settings, user = house(context).settings, update.effective_user
    if user:
        context.telegram_language = user.language_code
        context.reader = await asyncio.to_thread(house(context).memory.readers.get, user.id)
    if not settings.allowed_users or (user and user.id in settings.allowed_users | settings.admins):
        await welcome_back(update, context)
        return
    if update.callback_query:
        await toast(update, texts(update, context).not_allowed)
    elif update.inline_query:
        await refuse_inline(update, texts(update, context).not_allowed)
    elif update.effective_chat and update.effective_chat.type == update.effective_chat.PRIVATE:
        await answer(update, context, [Reply(texts(update, context).not_allowed)])
    raise ApplicationHandlerStop


async def unknown_cmd(update: Update, context: Context) -> None:
    """A command that there is not."""
    await answer(update, context, [Reply(texts(update, context).unknown_command)])


async def other_msg(update: Update, context: Context) -> None:
    """A picture, a file, a voice."""
    await answer(update, context, [Reply(texts(update, context).text_only)])
