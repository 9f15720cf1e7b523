"""Reading: /article, the articles behind links and buttons, and what leads on from them."""

import re
from collections.abc import Callable

from telegram import Update

from bot.chat import places
from bot.chat.actions import Action, SearchWithin, ShowArticle, ShowPassage, ShowRelated, ShowResults
from bot.chat.handlers.commands import argument
from bot.chat.house import Context, House, answer, house, in_time, texts, today
from bot.chat.replies import Reply
from bot.chat.screens import article as screens
from bot.chat.screens.related import related
from bot.chat.texts import Texts
from bot.models import Article
from bot.search.query import parse_query

WITHIN = 5
"""Passages of an article in one message."""


async def article_cmd(update: Update, context: Context) -> None:
    """`/article 12`."""
    said = argument(context)
    if re.fullmatch(r"\d{1,12}", said, re.ASCII):
        await send_article(update, context, int(said))
    else:
        await answer(update, context, [Reply(texts(update, context).article_usage)])


async def send_article(update: Update, context: Context, article_id: int) -> None:
    """Answer with an article: one message, which buttons turn when it is long."""
    speech = texts(update, context)
    reply = await part(context, ShowArticle(article_id), speech)
    await answer(update, context, [reply or Reply(speech.no_article)])


async def part(context: Context, action: ShowArticle, speech: Texts) -> Reply | None:
    """The part of an article behind a button; None when the article is gone."""
    return await _screen(context, action.article_id, lambda item: screens.whole(item, action, speech, _name(context)))


async def passage(context: Context, action: ShowPassage, speech: Texts) -> Reply | None:
    """A paragraph of an article with its neighbours, what matches marked."""

    def show(item: Article) -> Reply:
        home = house(context)
        text = next((p.text for p in item.paragraphs if p.id == action.paragraph_id), "")
        question = _question(home, action.back)
        marks = home.engine.highlights(text, parse_query(question, today=today(context))) if question else ()
        return screens.passage(item, action, marks, speech, _name(context))

    return await _screen(context, action.article_id, show)


async def near(context: Context, action: ShowRelated, speech: Texts) -> Reply | None:
    """The articles that are near to one."""
    return await _screen(
        context,
        action.article_id,
        lambda item: related(item, house(context).engine.related(item), action, speech),
    )


async def within(context: Context, action: SearchWithin, speech: Texts) -> Reply | None:
    """The passages of an article that answer a saved query; None when either is gone."""

    def show(item: Article) -> Reply | None:
        home = house(context)
        question = home.memory.saved_query(action.query_id)
        if question is None:
            return None
        found = home.engine.within(item, parse_query(question, today=today(context)), WITHIN)
        return screens.within(item, question, found, action, speech)

    return await _screen(context, action.article_id, show)


async def _screen(context: Context, article_id: int, show: Callable[[Article], Reply | None]) -> Reply | None:
    def find() -> Reply | None:
        item = house(context).engine.article(article_id)
        return show(item) if item else None

    return await in_time(context, find)


def _question(home: House, back: Action | None) -> str | None:
    """The query whose hit was opened, where the way back knows one."""
    action = places.unfold(back, home.memory.trail.kept)
    return home.memory.saved_query(action.query_id) if isinstance(action, ShowResults | SearchWithin) else None


def _name(context: Context) -> str:
    return context.bot.username
