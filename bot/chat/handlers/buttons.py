"""The press of a button: every press is answered, and a second one changes nothing."""

from telegram import Update

from bot.chat.callbacks import ShowArticle, ShowIssue, ShowResults, parse
from bot.chat.handlers import article, latest, search
from bot.chat.house import Context, texts, toast, turn


async def press_callback(update: Update, context: Context) -> None:
    """Turn the button's message into what the button promises."""
    speech = texts(update, context)
    data = update.callback_query.data if update.callback_query else None
    action = parse(data or "")
    if isinstance(action, ShowResults):
        reply, excuse = await search.screen(context, action, speech), speech.expired_toast
    elif isinstance(action, ShowArticle):
        reply, excuse = await article.part(context, action, speech), speech.gone_toast
    elif isinstance(action, ShowIssue):
        reply, excuse = await latest.show(context, action, speech), speech.expired_toast
    else:
        reply, excuse = None, speech.expired_toast
    if reply is None:
        await toast(update, excuse)
        return
    await toast(update)
    await turn(update, context, reply)
