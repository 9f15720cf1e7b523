"""Results to take away: /export, and the button under results."""

import asyncio
from dataclasses import replace

from telegram import Update

from bot.chat.actions import ExportResults, ShowResults
from bot.chat.handlers import search, thread
from bot.chat.handlers.commands import argument
from bot.chat.house import Context, answer, house, in_time, texts, today
from bot.chat.replies import Reply
from bot.chat.screens.export import exported
from bot.chat.texts import Texts
from bot.export import MOST, Format
from bot.models import Query
from bot.search.query import parse_query

_turn = asyncio.Lock()
"""One file is made at a time: a long one takes seconds, in which questions must find a free thread."""


async def export_cmd(update: Update, context: Context) -> None:
    """`/export 台风`, and `/export` in reply to results."""
    speech, message = texts(update, context), update.effective_message
    asked = parse_query(argument(context), today=today(context), sort=context.reader.sort)
    if not asked.text and message and message.reply_to_message:
        shown = await thread.shown(context, message.reply_to_message)
        if isinstance(shown, ShowResults | ExportResults):
            text = await asyncio.to_thread(house(context).memory.saved_query, shown.query_id)
            asked = parse_query(text or "", today=today(context), sort=shown.sort)
    if not asked.text:
        await answer(update, context, [Reply(speech.export_usage)])
        return
    query_id = await asyncio.to_thread(search.saved, context, asked.text)
    reply = await _export(context, asked, ExportResults(query_id, asked.sort, Format.CSV), speech)
    if reply is None:  # the words to say so, and what else to ask, are those of a search
        reply = await search.results(context, replace(asked, limit=context.reader.per_screen), speech, asked=True)
    await answer(update, context, [reply])


async def send(context: Context, action: ExportResults, speech: Texts) -> Reply | None:
    """The file behind a button; None when its query is forgotten, or nothing is found any more."""
    text = await asyncio.to_thread(house(context).memory.saved_query, action.query_id)
    if text is None:
        return None
    return await _export(context, parse_query(text, today=today(context), sort=action.sort), action, speech)


async def _export(context: Context, asked: Query, action: ExportResults, speech: Texts) -> Reply | None:
    """A message with the results that the screens of a query show, in their order; None when there are none."""

    def make() -> Reply | None:
        found, why = house(context).explainer.search(replace(asked, limit=MOST, offset=0))
        return exported(asked, found, why, action, speech, context.bot.username) if found.total else None

    async with _turn:
        return await in_time(context, make)
