"""Questions: a plain message, /search, the bot's name in a group, and the buttons under results."""

import asyncio
import sqlite3
from dataclasses import replace

from telegram import Update

from bot.chat.actions import Action, ShowResults
from bot.chat.handlers.commands import argument, mention
from bot.chat.house import Context, answer, house, in_time, log, texts, today
from bot.chat.replies import Reply
from bot.chat.screens import explained
from bot.chat.texts import Texts
from bot.models import Query
from bot.search import days
from bot.search.query import parse_query


async def search_cmd(update: Update, context: Context) -> None:
    """`/search 台风`."""
    await answer_question(update, context, argument(context))


async def question_msg(update: Update, context: Context) -> None:
    """A plain message in a private chat, `@newsbot 台风` in any."""
    await answer_question(update, context, said(update, context))


async def screen(context: Context, action: ShowResults, speech: Texts) -> Reply | None:
    """The results behind a button; None when its query is forgotten."""
    text = await asyncio.to_thread(house(context).memory.saved_query, action.query_id)
    if text is None:
        return None
    query = parse_query(
        text, today=today(context), sort=action.sort, limit=context.reader.per_screen, offset=action.offset
    )
    return await results(context, replace(query, until=action.until), speech, action.back)


async def answer_question(update: Update, context: Context, text: str) -> None:
    """Answer a question of a reader's."""
    speech = texts(update, context)
    query = parse_query(text, today=today(context), sort=context.reader.sort, limit=context.reader.per_screen)
    reply = await results(context, query, speech, asked=True) if query.text else Reply(speech.how_to_search)
    await answer(update, context, [reply])


async def results(
    context: Context, query: Query, speech: Texts, back: Action | None = None, *, asked: bool = False
) -> Reply:
    """A screen of results.

    Args:
        context: The update's.
        query: The query.
        speech: The reader's language.
        back: The way to the results that these refine.
        asked: Whether it is a new question, which is counted.
    """

    def find() -> Reply:
        found, why = house(context).explainer.search(query)
        if found.total and query.offset >= found.total:  # the archive has changed since the button was made
            found, why = house(context).explainer.search(replace(query, offset=0))
        if asked:
            _count(context, found=found.total > 0)
        buttons = [*([query.text] if found.total else []), *(proposal.query.text for proposal in why.proposals)]
        ids = {text: query_id for text in buttons if (query_id := saved(context, text))}
        return explained.results(query, found, why, ids, house(context).archive.coverage(), speech, back)

    return await in_time(context, find)


def saved(context: Context, text: str) -> str:
    """The id under which the query is kept for its buttons; "" where the disk does not take it."""
    try:
        return house(context).memory.save_query(text)
    except sqlite3.Error as error:
        log.warning("A query was not saved: %s", error)
        return ""


def _count(context: Context, *, found: bool) -> None:
    day = days.today(house(context).settings.timezone)
    try:
        house(context).memory.usage.note_query(day, found=found)
    except sqlite3.Error as error:
        log.warning("A query was not counted: %s", error)


def said(update: Update, context: Context) -> str:
    """What a message says to the bot: its text, or the caption of its picture, without the bot's name."""
    message = update.effective_message
    text = (message.text or message.caption if message else None) or ""
    return mention(context.bot.username).sub(" ", text).strip()
