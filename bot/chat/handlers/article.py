"""Whole articles: /article, a link from outside (`/start a_12`), and the buttons that open one."""

import asyncio
import re

from telegram import Update

from bot.chat import replies
from bot.chat.callbacks import ShowArticle
from bot.chat.handlers.commands import argument
from bot.chat.house import Context, answer, house, texts
from bot.chat.replies import Reply
from bot.chat.texts import Texts
from bot.models import Article


async def article_cmd(update: Update, context: Context) -> None:
    """`/article 12`."""
    said = argument(context)
    if re.fullmatch(r"\d{1,12}", said, re.ASCII):
        await send_article(update, context, int(said))
    else:
        await answer(update, context, [Reply(texts(update, context).article_usage)])


async def send_article(update: Update, context: Context, article_id: int) -> None:
    """Answer with a whole article: a long one in several messages, or, in an edited answer, with buttons to turn."""
    speech = texts(update, context)
    article = await _find(context, article_id)
    if article is None:
        await answer(update, context, [Reply(speech.no_article)])
    elif update.edited_message:
        await answer(update, context, [replies.article_part(article, ShowArticle(article_id), speech)])
    else:
        await answer(update, context, [Reply(part) for part in replies.article(article, speech)])


async def part(context: Context, action: ShowArticle, speech: Texts) -> Reply | None:
    """The part of an article behind a button; None when the article is gone."""
    article = await _find(context, action.article_id)
    return replies.article_part(article, action, speech) if article else None


async def _find(context: Context, article_id: int) -> Article | None:
    return await asyncio.to_thread(house(context).engine.article, article_id)
