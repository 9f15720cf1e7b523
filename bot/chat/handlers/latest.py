"""Walking the paper: /latest, and the issues, pages and months behind buttons."""

import asyncio
import re
from collections.abc import Callable
from datetime import date

from telegram import Update

from bot.chat.actions import ShowIssue, ShowMonth, ShowPage, ShowPageOf
from bot.chat.handlers.commands import argument
from bot.chat.house import Context, answer, house, texts, today
from bot.chat.replies import Reply
from bot.chat.screens import issue as screens
from bot.chat.screens.issue import Issue
from bot.chat.texts import Texts
from bot.search import days
from bot.search.characters import fold

_MOST = 20


async def latest_cmd(update: Update, context: Context) -> None:
    """`/latest`, `/latest 3` (so many), `/latest 昨天` (that day's issue, or the last one before it)."""
    speech, said = texts(update, context), argument(context)
    day, limit = None, context.reader.per_screen
    if re.fullmatch(r"\d{1,3}", said, re.ASCII):
        limit = min(max(1, int(said)), _MOST)
    elif said:
        found = days.read(fold(said), today(context))
        day = found and (found[1] or found[0])
        if day is None:
            await answer(update, context, [Reply(speech.latest_usage)])
            return
    await answer(update, context, [await _issue(context, day, 0, limit, speech)])


async def show(context: Context, action: ShowIssue, speech: Texts) -> Reply:
    """The headlines behind a button."""
    return await _issue(context, action.day, action.offset, context.reader.per_screen, speech, action)


async def page(context: Context, action: ShowPage, speech: Texts) -> Reply:
    """A page behind a button; where the day is gone, that of the nearest one before."""
    return await _with_issue(context, action.day, speech, lambda of: screens.page(of, action, speech))


async def page_of(context: Context, action: ShowPageOf, speech: Texts) -> Reply | None:
    """The page that an article was printed on; None when the article is gone."""
    item = await asyncio.to_thread(house(context).engine.article, action.article_id)
    if item is None:
        return None

    def find(of: Issue) -> Reply:
        return screens.page(of, ShowPage(of.day, of.place_of(item), 0, action.back), speech)

    return await _with_issue(context, item.date.day, speech, find)


async def month(context: Context, action: ShowMonth, speech: Texts) -> Reply | None:
    """A month of the calendar; None when there is no issue at all."""
    return screens.month(await asyncio.to_thread(house(context).archive.days), action, speech)


async def _issue(
    context: Context, day: date | None, offset: int, limit: int, speech: Texts, here: ShowIssue | None = None
) -> Reply:
    def find(of: Issue) -> Reply:
        first = offset if offset < len(of.articles) else 0
        shown = house(context).engine.headlines(of.articles[first : first + limit])
        place = ShowIssue(of.day, first, here.back if here else None)
        return screens.issue(
            of, shown, place, speech, before=context.reader.per_screen, asked=day, today=today(context)
        )

    return await _with_issue(context, day, speech, find)


async def _with_issue(context: Context, day: date | None, speech: Texts, find: Callable[[Issue], Reply]) -> Reply:
    """A screen of the issue of a day, or of the newest one before it, or the newest of all."""

    def show() -> Reply:
        home = house(context)
        articles = home.engine.issue(day)
        if not articles:
            return screens.no_issue(day or date.max, home.archive.coverage(), speech)
        return find(Issue(tuple(articles), home.archive.days()))

    return await asyncio.to_thread(show)
