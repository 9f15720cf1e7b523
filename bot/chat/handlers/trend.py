"""Mentions over time: /trend, and the buttons that show it as a picture or as text."""

import asyncio
from functools import partial

from telegram import Update

from bot.chat import chart
from bot.chat.actions import ShowTrend
from bot.chat.handlers.commands import argument
from bot.chat.handlers.search import saved
from bot.chat.house import Context, answer, house, in_time, texts, today
from bot.chat.replies import Reply
from bot.chat.screens import trend as screens
from bot.chat.texts import Texts
from bot.models import Query, Timeline
from bot.search.query import parse_query


async def trend_cmd(update: Update, context: Context) -> None:
    """`/trend 算力 文旅`."""
    query = parse_query(argument(context), today=today(context))
    await answer(update, context, [await of(context, query, texts(update, context))])


async def of(context: Context, query: Query, speech: Texts, *, picture: bool = True) -> Reply:
    """The trend of a query, as a picture where that is wanted and can be drawn."""
    query_id = await asyncio.to_thread(saved, context, query.text) if query.text else ""
    return await _trend(context, query, ShowTrend(query_id, picture), speech)


async def screen(context: Context, action: ShowTrend, speech: Texts) -> Reply | None:
    """The trend behind a button; None when its query is forgotten."""
    text = await asyncio.to_thread(house(context).memory.saved_query, action.query_id)
    return await _trend(context, parse_query(text, today=today(context)), action, speech) if text else None


async def _trend(context: Context, query: Query, here: ShowTrend, speech: Texts) -> Reply:
    timeline = await in_time(context, lambda: house(context).engine.timeline(query))
    drawable = any(line.total for line in timeline.lines) and await chart.available()
    picture = await _picture(timeline, speech) if drawable and here.picture else None
    return await asyncio.to_thread(
        screens.trend,
        timeline,
        here,
        context.reader.sort,
        partial(saved, context),
        speech,
        picture=picture,
        both=drawable and bool(here.query_id),
    )


async def _picture(timeline: Timeline, speech: Texts) -> bytes | None:
    return await chart.draw(
        screens.heading(timeline, speech),
        tuple(screens.bar_name(bar, timeline.step) for bar in timeline.bars),
        tuple(chart.Series(screens.name(line, speech), line.counts) for line in timeline.lines),
    )
