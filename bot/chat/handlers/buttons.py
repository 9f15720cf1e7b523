"""The press of a button: every press is answered, and a second one changes nothing."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update

from bot.chat.callbacks import (
    ChangeWatch,
    ShowAlert,
    ShowArticle,
    ShowIssue,
    ShowResults,
    ShowWatches,
    StartWatch,
    TryWatch,
    parse,
)
from bot.chat.handlers import article, latest, search, watch
from bot.chat.house import Context, texts, toast, turn
from bot.chat.replies import Reply
from bot.chat.texts import Texts

Screen = Callable[[Context, Any, Texts], Coroutine[Any, Any, Reply | None]]

_SCREENS: dict[type, tuple[Screen, Callable[[Texts], str]]] = {
    ShowResults: (search.screen, lambda texts: texts.expired_toast),
    ShowArticle: (article.part, lambda texts: texts.gone_toast),
    ShowIssue: (latest.show, lambda texts: texts.expired_toast),
    ShowAlert: (watch.told_again, lambda texts: texts.gone_toast),
    TryWatch: (watch.rehearse, lambda texts: texts.expired_toast),
    StartWatch: (watch.start, lambda texts: texts.expired_toast),
    ShowWatches: (watch.listed, lambda texts: texts.expired_toast),
    ChangeWatch: (watch.change, lambda texts: texts.watch_gone_toast),
}
"""For each action what makes its screen, and what to say where there is none any more."""


async def press_callback(update: Update, context: Context) -> None:
    """Turn the button's message into what the button promises."""
    speech = texts(update, context)
    action = parse((update.callback_query.data if update.callback_query else None) or "")
    if action is None:
        await toast(update, speech.expired_toast)
        return
    screen, excuse = _SCREENS[type(action)]
    reply = await screen(context, action, speech)
    if reply is None:
        await toast(update, excuse(speech))
        return
    await toast(update)
    await turn(update, context, reply)
