"""The press of a button: every press is answered, and a second one changes nothing."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update

from bot.chat import places
from bot.chat.actions import (
    Action,
    ChangeWatch,
    DropUpload,
    ExportResults,
    ForgetMe,
    LeaveIt,
    RemoveIssue,
    SearchWithin,
    ShowAlert,
    ShowArticle,
    ShowDigest,
    ShowIssue,
    ShowMonth,
    ShowPage,
    ShowPageOf,
    ShowPassage,
    ShowRelated,
    ShowResults,
    ShowSettings,
    ShowTrend,
    ShowWatches,
    StartWatch,
    StoreUpload,
    TryWatch,
)
from bot.chat.callbacks import parse
from bot.chat.handlers import article, export, latest, operator, privacy, search, settings, trend, watch
from bot.chat.house import Context, house, sent_before, texts, toast, turn
from bot.chat.replies import Reply
from bot.chat.texts import Texts

_PATIENCE = 5.0
"""Seconds after which a press is answered, though its screen, such as the report on a large file, is not ready."""

Screen = Callable[[Context, Any, Texts], Coroutine[Any, Any, Reply | None]]

_SCREENS: dict[type, tuple[Screen, Callable[[Texts], str]]] = {
    ShowResults: (search.screen, lambda texts: texts.expired_toast),
    ExportResults: (export.send, lambda texts: texts.expired_toast),
    ShowArticle: (article.part, lambda texts: texts.gone_toast),
    ShowPassage: (article.passage, lambda texts: texts.gone_toast),
    ShowRelated: (article.near, lambda texts: texts.gone_toast),
    SearchWithin: (article.within, lambda texts: texts.expired_toast),
    ShowIssue: (latest.show, lambda texts: texts.expired_toast),
    ShowPage: (latest.page, lambda texts: texts.expired_toast),
    ShowPageOf: (latest.page_of, lambda texts: texts.gone_toast),
    ShowMonth: (latest.month, lambda texts: texts.expired_toast),
    ShowTrend: (trend.screen, lambda texts: texts.expired_toast),
    ShowSettings: (settings.screen, lambda texts: texts.expired_toast),
    StoreUpload: (operator.store, lambda texts: texts.upload_gone_toast),
    DropUpload: (operator.drop, lambda texts: texts.upload_gone_toast),
    RemoveIssue: (operator.remove, lambda texts: texts.admins_only_toast),
    ForgetMe: (privacy.forget, lambda texts: texts.expired_toast),
    LeaveIt: (privacy.leave, lambda texts: texts.expired_toast),
    ShowAlert: (watch.told_again, lambda texts: texts.gone_toast),
    ShowDigest: (watch.digest_again, lambda texts: texts.expired_toast),
    TryWatch: (watch.rehearse, lambda texts: texts.expired_toast),
    StartWatch: (watch.start, lambda texts: texts.expired_toast),
    ShowWatches: (watch.listed, lambda texts: texts.expired_toast),
    ChangeWatch: (watch.change, lambda texts: texts.watch_gone_toast),
}
"""For each action what makes its screen, and what to say where there is none any more."""


async def screen(context: Context, action: Action, speech: Texts) -> Reply | None:
    """The screen of an action; None where there is none any more."""
    make, _ = _SCREENS[type(action)]
    return await make(context, action, speech)


async def press_callback(update: Update, context: Context) -> None:
    """Turn the button's message into what the button promises."""
    speech = texts(update, context)
    pressed = parse((update.callback_query.data if update.callback_query else None) or "")
    action = await asyncio.to_thread(places.unfold, pressed, house(context).memory.trail.kept)
    if action is None:
        await toast(update, speech.expired_toast)
        return
    _, excuse = _SCREENS[type(action)]
    making = asyncio.ensure_future(screen(context, action, speech))
    in_time, _ = await asyncio.wait({making}, timeout=_PATIENCE)
    if not in_time:
        await toast(update)  # later, Telegram would not take it
    reply = await making
    if in_time:
        again = reply is not None and await sent_before(update, context, reply) is not None
        await toast(update, excuse(speech) if reply is None else speech.sent_before_toast if again else None)
    if reply:
        await turn(update, context, reply)
