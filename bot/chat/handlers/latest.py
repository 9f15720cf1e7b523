"""Headline summaries: /latest, and the buttons under them."""

import asyncio
import re
from datetime import date

from telegram import Update

from bot.chat import replies
from bot.chat.callbacks import ShowIssue
from bot.chat.handlers.commands import argument
from bot.chat.house import Context, answer, house, texts
from bot.chat.replies import Reply
from bot.chat.texts import Texts

_MOST = 20


async def latest_cmd(update: Update, context: Context) -> None:
    """`/latest`, `/latest 3` (so many), `/latest 2026-01-07` (that issue, or the last one before it)."""
    speech, said = texts(update, context), argument(context)
    day, limit = None, context.reader.per_screen
    if re.fullmatch(r"\d{1,3}", said):
        limit = min(max(1, int(said)), _MOST)
    elif said:
        try:
            year, month, number = (int(part) for part in re.findall(r"\d{4}(?=\d{4}$)|\d{2}(?=\d{2}$|$)|\d+", said))
            day = date(year, month, number)
        except (ValueError, OverflowError):
            await answer(update, context, [Reply(speech.latest_usage)])
            return
    await answer(update, context, [await screen(context, day, 0, limit, speech)])


async def show(context: Context, action: ShowIssue, speech: Texts) -> Reply:
    """The headlines behind a button."""
    return await screen(context, action.day, action.offset, context.reader.per_screen, speech)


async def screen(context: Context, day: date | None, offset: int, limit: int, speech: Texts) -> Reply:
    """The headlines of an issue from `offset` on."""

    def find() -> Reply:
        engine = house(context).engine
        articles = engine.issue(day)
        if not articles:
            return replies.no_issue(day or date.max, house(context).archive.coverage(), speech)
        first = offset if offset < len(articles) else 0
        return replies.issue(
            engine.headlines(articles[first : first + limit]), first, len(articles), speech, context.reader.per_screen
        )

    return await asyncio.to_thread(find)
