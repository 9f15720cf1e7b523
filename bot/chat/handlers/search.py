"""Questions: a plain message, /search, the bot's name in a group, and the buttons under results."""

import asyncio
import sqlite3
from dataclasses import replace

from telegram import Update

from bot.chat.callbacks import ShowResults
from bot.chat.handlers.commands import argument, mention
from bot.chat.house import Context, answer, house, log, texts, today
from bot.chat.replies import PER_SCREEN, Reply
from bot.chat.screens import explained
from bot.chat.texts import Texts
from bot.models import Query
from bot.search.query import parse_query


async def search_cmd(update: Update, context: Context) -> None:
    """`/search 台风`."""
    await _answer(update, context, argument(context))


async def question_msg(update: Update, context: Context) -> None:
    """A plain message in a private chat."""
    await _answer(update, context, _text(update))


async def mention_msg(update: Update, context: Context) -> None:
    """`@newsbot 台风` in a group."""
    await _answer(update, context, mention(context.bot.username).sub(" ", _text(update)))


async def screen(context: Context, action: ShowResults, speech: Texts) -> Reply | None:
    """The results behind a button; None when its query is forgotten."""
    text = await asyncio.to_thread(house(context).memory.saved_query, action.query_id)
    if text is None:
        return None
    query = parse_query(text, today=today(context), sort=action.sort, limit=PER_SCREEN, offset=action.offset)
    return await _results(context, query, speech)


async def _answer(update: Update, context: Context, text: str) -> None:
    speech = texts(update, context)
    query = parse_query(text, today=today(context), limit=PER_SCREEN)
    reply = await _results(context, query, speech) if query.text else Reply(speech.how_to_search)
    await answer(update, context, [reply])


async def _results(context: Context, query: Query, speech: Texts) -> Reply:
    def find() -> Reply:
        found, why = house(context).explainer.search(query)
        if found.total and query.offset >= found.total:  # the archive has changed since the button was made
            found, why = house(context).explainer.search(replace(query, offset=0))
        buttons = [*([query.text] if found.total else []), *(proposal.query.text for proposal in why.proposals)]
        ids = {text: query_id for text in buttons if (query_id := _saved(context, text))}
        return explained.results(query, found, why, ids, house(context).archive.coverage(), speech)

    return await asyncio.to_thread(find)


def _saved(context: Context, text: str) -> str:
    """The id under which the query is kept for its buttons; "" where the disk does not take it."""
    try:
        return house(context).memory.save_query(text)
    except sqlite3.Error as error:
        log.warning("A query was not saved: %s", error)
        return ""


def _text(update: Update) -> str:
    message = update.effective_message
    return (message.text if message else None) or ""
