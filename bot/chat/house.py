"""What every handler needs: the engine, the settings, the reader's language, and a way to answer."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any, TypeVar

from telegram import Chat, MaybeInaccessibleMessage, Message, Update
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError, TimedOut
from telegram.ext import CallbackContext, ExtBot

from bot.archive import Archive
from bot.archive.faults import Fault
from bot.archive.inbox import Inbox
from bot.archive.memory import ChatMemory
from bot.chat import places, posting
from bot.chat.outage import Repeats
from bot.chat.replies import Reply
from bot.chat.script import in_script
from bot.chat.shown import Shown
from bot.chat.texts import Texts, for_language
from bot.chat.wall_clock import WallClock
from bot.models import Reader
from bot.search import Engine, budget, days
from bot.search.explain import Explainer
from bot.settings import Settings

Bare = dict[Any, Any]
T = TypeVar("T")
log = logging.getLogger(__name__)

_ATTEMPTS = 4
_FIRST_PAUSE = 0.5
_CLOCKS_DIFFER = 3600
_SEARCHES, _SEARCHES_ELSEWHERE = 2, 8
"""Questions worked on at once: of more, each waits for Python's lock at every step, and keeps memory meanwhile; but of
those to an index in Milvus, each waits for its answer."""


class Context(CallbackContext[ExtBot[Any], Bare, Bare, Bare]):
    """What a handler is given with an update: besides PTB's, the reader who caused it, as the gate has found them."""

    reader: Reader = Reader(0)
    telegram_language: str | None = None

    def speech(self) -> Texts:
        """The sentences in the reader's language, for what the reader alone sees."""
        return for_language(self.reader.language or self.telegram_language, house(self).settings.language)

    @property
    def is_admin(self) -> bool:
        """Whether the reader is one of the operators."""
        return self.reader.id in house(self).settings.admins


@dataclass(frozen=True)
class House:
    """The one object in `bot_data`."""

    settings: Settings
    engine: Engine
    explainer: Explainer
    memory: ChatMemory
    shown: Shown
    inbox: Inbox
    reported: set[tuple[str, str]] = field(default_factory=set)
    """The errors that the operators were told of: type and place."""
    faults: dict[Fault, float] = field(default_factory=dict)
    """The faults of the disk and the database that the operators were told of, and when, in monotonic seconds."""
    repeats: Repeats = field(default_factory=Repeats)
    clock: WallClock = field(default_factory=WallClock)
    mending: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a damaged index is made anew."""

    @property
    def archive(self) -> Archive:
        return self.engine.archive

    @cached_property
    def searching(self) -> Executor:
        """The threads that questions are worked on in."""
        return ThreadPoolExecutor(_SEARCHES_ELSEWHERE if self.settings.milvus else _SEARCHES, "search")


def house(context: Context) -> House:
    """The house that the bot speaks for."""
    found: House = context.bot_data["house"]
    return found


def texts(update: Update, context: Context) -> Texts:
    """The sentences in the reader's language; in a group, where many read the same message, in the operator's."""
    return context.speech() if is_private(update) else for_language(None, house(context).settings.language)


def is_private(update: Update) -> bool:
    """Whether one reader alone sees the answer; without a chat is an inline query, which one reader sees."""
    return update.effective_chat is None or update.effective_chat.type == Chat.PRIVATE


def today(context: Context) -> date:
    """The day that words such as 昨天 count from: the reader's own, else the archive's."""
    return days.today(context.reader.timezone or house(context).settings.timezone)


async def in_time(context: Context, search: Callable[[], T]) -> T:
    """Search in a thread, for as long as a question may take."""

    def limited() -> T:
        with budget.limited(house(context).settings.search_seconds):
            return search()

    return await asyncio.get_running_loop().run_in_executor(house(context).searching, limited)


async def persist(call: Callable[[], Awaitable[T]]) -> T:
    """Call Telegram until it answers: a broken connection or a 502 is tried again, a refusal is not.

    A lost answer may hide a delivered message; one that comes twice is better than one that does not come, and so a
    time-out is tried again once.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return await call()
        except (BadRequest, Forbidden):
            raise
        except TelegramError as error:
            if not (isinstance(error, NetworkError) or type(error) is TelegramError):  # the latter: no sense in it
                raise
            if attempt == (1 if isinstance(error, TimedOut) else _ATTEMPTS - 1):
                raise
            log.warning("Telegram did not take a call (%s); trying again", type(error).__name__)
            await asyncio.sleep(_FIRST_PAUSE * 2**attempt)
    raise AssertionError("the last attempt returns or raises")


async def answer(update: Update, context: Context, replies: Sequence[Reply]) -> None:
    """Answer a message: with new messages, or, when the message was edited, by editing the answer that it had.

    A message that has its answer already, because Telegram delivers it again after a crash, gets no second one.
    """
    message = update.effective_message
    if message is None or not replies:
        return
    replies = [_written(reply, message.chat, context) for reply in replies]
    memory = house(context).memory
    since = message.date.timestamp() - _CLOCKS_DIFFER
    known = await asyncio.to_thread(memory.answer_to, message.chat_id, message.message_id, since=since)
    if known is not None and not update.edited_message:
        return
    replies = [await folded(context, reply) for reply in replies]
    if known is not None and await _edit(context, message.chat_id, known, replies[0]):
        return
    sent = [await _send(context, message.chat, reply, answers=message) for reply in replies]
    remember = partial(memory.remember_answer, sent=message.date.timestamp())  # of the clock that `since` is of
    try:
        await asyncio.to_thread(remember, message.chat_id, message.message_id, sent[0].message_id)
    except sqlite3.Error as error:  # the reader has the answer; only an edit of the question will get a new one
        log.warning("An answer was not noted: %s", error)


def _written(reply: Reply, chat: Chat, context: Context) -> Reply:
    """The reply in the script that the reader has chosen; in a group, where many read it, as it is printed."""
    return in_script(reply, context.reader.script) if chat.type == Chat.PRIVATE else reply


async def _send(context: Context, chat: Chat, reply: Reply, answers: Message | None = None) -> Message:
    quoted = answers.message_id if answers and chat.type != Chat.PRIVATE else None  # in a group, say whose answer it is
    message = await persist(posting.to_send(chat, reply, reply_to_message_id=quoted, allow_sending_without_reply=True))
    await note(context, chat.id, message.message_id, reply)
    return message


async def _edit(context: Context, chat_id: int, message_id: int, reply: Reply) -> bool:
    """Edit a message of ours; False when it is no longer there, or has a file or a picture, which no edit takes."""
    shown = house(context).shown
    if reply.file is None and shown.shows(chat_id, message_id, reply):  # a message with a file may have been deleted
        return True
    shown.forget(chat_id, message_id)  # whatever becomes of the call: a lost answer may hide a change
    try:
        await persist(posting.to_edit(context.bot, chat_id, message_id, reply))
    except BadRequest as error:
        if any(reason in error.message.lower() for reason in ("to edit not found", "can't be edited")):
            return False
        if "there is no text in the message" in error.message.lower():
            await _delete(context, chat_id, message_id)
            return False
        if "not modified" not in error.message.lower():
            raise
    await note(context, chat_id, message_id, reply)
    return True


async def _delete(context: Context, chat_id: int, message_id: int) -> None:
    """Delete a message of ours that another one takes the place of; one older than two days stays."""
    try:
        await persist(lambda: context.bot.delete_message(chat_id, message_id))
    except BadRequest as error:
        log.info("A message was not deleted: %s", error)
        return
    house(context).shown.note_gone(chat_id, message_id)


async def note(context: Context, chat_id: int, message_id: int, reply: Reply) -> None:
    """Note what a message of ours shows now, for a second press and for replies to it."""
    house(context).shown.note(chat_id, message_id, reply)
    action = str(reply.shows) if reply.shows else None
    try:
        await asyncio.to_thread(house(context).memory.trail.note_shown, chat_id, message_id, action)
    except sqlite3.Error as error:  # the reader has the message; a reply to it will be a question like any other
        log.warning("What a message shows was not noted: %s", error)


async def folded(context: Context, reply: Reply) -> Reply:
    """The reply with actions that fit their buttons."""
    return await asyncio.to_thread(places.fold, reply, house(context).memory.trail.keep)


async def turn(update: Update, context: Context, reply: Reply) -> None:
    """Answer a button: its message becomes the reply; a new one is sent where the old one is gone or a picture.

    A reply with a file leaves the button's message as it is, and takes the place of the one that had it before.
    """
    old = update.callback_query.message if update.callback_query else None
    if old is None or house(context).shown.gone(old.chat.id, old.message_id):
        return
    reply = await folded(context, _written(reply, old.chat, context))
    if _is_picture(old) and not (reply.picture or reply.file):
        await _send(context, old.chat, reply)
        await _delete(context, old.chat.id, old.message_id)
        return
    place = await sent_before(update, context, reply) if reply.file else old.message_id
    if place is None or not await _edit(context, old.chat.id, place, reply):
        await _send(context, old.chat, reply)


def _is_picture(message: MaybeInaccessibleMessage) -> bool:
    return isinstance(message, Message) and bool(message.photo)


async def sent_before(update: Update, context: Context, reply: Reply) -> int | None:
    """The message of the chat that has the file of a reply, perhaps an older state of it."""
    if reply.file is None or update.effective_chat is None:
        return None
    showing = house(context).memory.trail.showing
    return await asyncio.to_thread(showing, update.effective_chat.id, str(reply.shows))


async def toast(update: Update, text: str | None = None) -> bool:
    """Answer the press of a button, with a notice where there is something to say.

    Returns:
        Whether Telegram took it; it does not when the press is too old, or answered already.
    """
    query = update.callback_query
    if query is None:
        return False
    try:
        await persist(lambda: query.answer(text, show_alert=text is not None))
    except BadRequest as error:
        log.info("a button's press was not answered: %s", error)
        return False
    return True


def a_year_ago() -> float:
    """What the chat has not touched since then is forgotten."""
    return time.time() - 366 * 24 * 3600
