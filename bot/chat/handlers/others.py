"""Who may speak, and what is said to all that is neither a question nor a command."""

import asyncio

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.chat.handlers.inline import refuse_inline
from bot.chat.handlers.watch import welcome_back
from bot.chat.house import Context, answer, house, is_private, texts, toast
from bot.chat.pace import Paces
from bot.chat.replies import Reply
from bot.chat.texts import Count

_ANSWERING = 0
"""The group of the handlers that answer; those of groups before it let through or stop."""


async def pace(update: Update, context: Context) -> None:
    """Stop here whoever sends too fast, and say so once; operators, who send pages by the dozen, may."""
    user, settings = update.effective_user, house(context).settings
    if user is None or user.id in settings.admins or not _asks(update, context):
        return
    paces: Paces = context.bot_data.setdefault("paces", Paces.at(settings.rate))
    sent = update.message.date.timestamp() if update.message else None
    wait = (paces.typing if update.inline_query else paces.asking).ask(user.id, sent)
    if wait is None:
        return
    if wait.begins or not update.effective_message or update.callback_query:  # a press or a query must be answered
        await _find_reader(update, context)
        text = texts(update, context).too_fast.format(seconds=Count(wait.seconds))
        if update.callback_query:
            await toast(update, text)
        elif update.inline_query:
            await refuse_inline(update, text, wait.seconds)
        else:
            await answer(update, context, [Reply(text)])
    raise ApplicationHandlerStop


def _asks(update: Update, context: Context) -> bool:
    """Whether anything here answers the update; in a group where the bot reads everything, most of it is not for it."""
    handlers = context.application.handlers[_ANSWERING]
    return is_private(update) or any(handler.check_update(update) not in (None, False) for handler in handlers)


async def _find_reader(update: Update, context: Context) -> None:
    user = update.effective_user
    if user:
        context.telegram_language = user.language_code
        context.reader = await asyncio.to_thread(house(context).memory.readers.get, user.id)


async def gate(update: Update, context: Context) -> None:
    """Find out who speaks; stop here whoever is not on the list, where there is a list."""
    settings, user = house(context).settings, update.effective_user
    await _find_reader(update, context)
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
