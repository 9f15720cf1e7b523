"""Replies to the bot's messages: to results, a number opens one, words refine them; to an article, they search it."""

import asyncio
import re
import sqlite3

from telegram import Message, Update
from telegram.ext import filters

from bot.chat import places
from bot.chat.actions import (
    Action,
    ExportResults,
    SearchWithin,
    ShowAlert,
    ShowArticle,
    ShowDigest,
    ShowIssue,
    ShowPage,
    ShowPageOf,
    ShowPassage,
    ShowRelated,
    ShowResults,
    ShowTrend,
    TryWatch,
)
from bot.chat.callbacks import parse
from bot.chat.handlers import article, buttons, search, trend, watch
from bot.chat.house import Context, answer, house, log, texts, today
from bot.chat.replies import Reply
from bot.chat.screens.issue import Issue
from bot.chat.texts import Texts
from bot.models import Query
from bot.paper.dates import page_named
from bot.search.characters import fold
from bot.search.query import as_typed, parse_query
from bot.search.refine import refine

_LISTS = ShowResults | ShowIssue | ShowPage | ShowRelated | SearchWithin | ShowAlert | ShowDigest
"""What is shown with numbers to open."""

_NUMBER = re.compile(
    r"(?:打?开|看看?|open ?)?(?:(?:#|no[. ]*)?(\d{1,3})[.。、]?|第? ?([\d一二三四五六七八九十]{1,3}) ?[篇条则个])"
)


class ReplyToBot(filters.MessageFilter):
    """Messages that reply to one of the bot's own."""

    def filter(self, message: Message) -> bool:
        """Whether the message replies to the bot."""
        to = message.reply_to_message
        return bool(to and to.from_user and to.from_user.id == message.get_bot().id)


async def reply_msg(update: Update, context: Context) -> None:
    """A reply to a message of the bot: about what that message shows, where the chat remembers it."""
    message = update.effective_message
    if message is None or message.reply_to_message is None:
        return
    said = search.said(update, context)
    about = await shown(context, message.reply_to_message)
    reply = await _about(update, context, about, said) if about and said else None
    if reply is None:
        await search.answer_question(update, context, said)
    else:
        await answer(update, context, [reply])


async def shown(context: Context, message: Message) -> Action | None:
    """What a message of the bot shows, where the chat remembers it."""
    trail = house(context).memory.trail

    def find() -> Action | None:
        return places.unfold(parse(trail.shown(message.chat_id, message.message_id) or ""), trail.kept)

    return await asyncio.to_thread(find)


async def _about(update: Update, context: Context, shown: Action, said: str) -> Reply | None:
    """The answer to what is said about a screen; None when it is a question like any other."""
    speech = texts(update, context)
    if opened := await _opened(context, shown, said, speech):
        return opened
    if isinstance(shown, ShowArticle | ShowPassage | ShowRelated | SearchWithin | ShowPageOf):
        query = parse_query(said, today=today(context))
        query_id = await _saved(context, query.text) if query.text else None
        if query_id is None:
            return None
        within = SearchWithin(shown.article_id, query_id)
        return await article.within(context, within, speech) or Reply(speech.no_article)
    if isinstance(shown, TryWatch):
        return await watch.other_words(context, shown, said, speech)
    base = await asyncio.to_thread(_query, context, shown)
    if base is None:
        return None
    refined = refine(base, said, today(context))
    if not refined.text:
        return None
    if isinstance(shown, ShowTrend):
        return await trend.of(context, refined, speech, picture=shown.picture)
    back = shown if isinstance(shown, ShowResults) else None
    return await search.results(context, refined, speech, back)


async def _opened(context: Context, shown: Action, said: str, speech: Texts) -> Reply | None:
    """What the button with the number that is said opens, `2` or 第二篇; None where the screen has no such button."""
    number = _NUMBER.fullmatch(fold(said))
    screen = await buttons.screen(context, shown, speech) if number and isinstance(shown, _LISTS) else None
    if number is None or screen is None:
        return None
    label = str(page_named(next(filter(None, number.groups()))))
    action = next((button.action for row in screen.rows for button in row if button.label == label), None)
    return await buttons.screen(context, action, speech) if action else None


def _query(context: Context, shown: Action) -> Query | None:
    """The query that a reply refines: that of results or a trend, or the day or the page that is shown."""
    reader, day = context.reader, today(context)
    if isinstance(shown, ShowResults | ExportResults | ShowTrend):
        text = house(context).memory.saved_query(shown.query_id)
        sort = reader.sort if isinstance(shown, ShowTrend) else shown.sort
        return parse_query(text, today=day, sort=sort, limit=reader.per_screen) if text else None
    if isinstance(shown, ShowIssue | ShowPage | ShowDigest):
        pages = Issue(tuple(house(context).archive.issue(shown.day)), ()).pages
        page = pages[shown.place][0].page if isinstance(shown, ShowPage) and shown.place < len(pages) else None
        issue = Query("", words="", first=shown.day, last=shown.day, pages=(page,) if page else ())
        return parse_query(as_typed(issue), today=day, sort=reader.sort, limit=reader.per_screen)
    return None


async def _saved(context: Context, text: str) -> str | None:
    try:
        return await asyncio.to_thread(house(context).memory.save_query, text)
    except sqlite3.Error as error:
        log.warning("A query was not saved: %s", error)
        return None
