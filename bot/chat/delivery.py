"""The outbox is delivered: every message until Telegram has taken it, no chat more often than it may be written to.

A message leaves the outbox after Telegram's answer. A bot that is killed in between, or whose answer is lost on the
way, cannot know whether the message has arrived, and Telegram has no key to ask by: it sends again. So each kill and
each lost answer can cost one duplicate, and none can cost a message.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

from aiolimiter import AsyncLimiter
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter

from bot.archive.watches import Mail
from bot.chat.house import House
from bot.chat.replies import Reply
from bot.chat.screens import watches as screens
from bot.chat.script import in_script
from bot.chat.texts import Texts, for_language
from bot.chat.watching import Clock, stories, utc_now
from bot.models import Article, Reader, Watch

Post = Callable[[int, Reply, bool], Awaitable[None]]
"""Sends a reply into a chat, without a sound where the last says so; raises Telegram's errors, and tries once."""

_BATCH = 100
_AT_ONCE = 8
_RATE = 25
"""Messages a second, evenly: Telegram takes about 30 over all chats, and answers come first."""

_REFUSALS = 5
_LONGEST_PAUSE = 3600.0
_GONE = ("chat not found", "user is deactivated", "peer_id_invalid")

log = logging.getLogger(__name__)


class Delivery:
    """Delivers the outbox. One call at a time."""

    def __init__(self, house: House, post: Post, clock: Clock = utc_now) -> None:
        self._house, self._post, self._clock = house, post, clock
        self._pace = AsyncLimiter(1, 1 / _RATE)  # no burst: one token, made anew every 40 ms
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._unnoted = set[int]()
        self._held: dict[int, float] = {}  # by chat, the Unix time before which Telegram takes nothing into it

    def set_back(self, seconds: float) -> None:
        """The clock was set back: what waits for a time of the day is looked at anew, what must wait so long waits on.

        Args:
            seconds: By how much; 0 at the start, when nobody knows what happened before.
        """
        self._held = {chat: until - seconds for chat, until in self._held.items()}
        self._house.memory.watches.bring_forward(self._clock().timestamp())

    async def deliver(self) -> int:
        """Send what is due, at most one message to a reader.

        Returns:
            How many messages were looked at; when there were many, more may be due.
        """
        due = await asyncio.to_thread(self._house.memory.watches.due, self._clock().timestamp(), _BATCH)
        await asyncio.gather(*(self._deliver(mail) for mail in due))
        return len(due)

    async def _deliver(self, mail: Mail) -> None:
        async with self._places:
            try:
                if self._unnoted.isdisjoint(mail.rows):
                    await self._attempt(mail)
                else:
                    await self._note(mail)
            except Exception:  # one message's trouble keeps no other waiting
                log.exception("A message could not be made.")
                await self._postpone(mail)

    async def _attempt(self, mail: Mail) -> None:
        watches = self._house.memory.watches
        if (free_at := self._held.get(mail.reader_id, 0.0)) > self._clock().timestamp():
            await asyncio.to_thread(watches.hold, mail.reader_id, free_at)  # it came into the outbox meanwhile
            return
        self._held.pop(mail.reader_id, None)
        reader = await asyncio.to_thread(self._house.memory.readers.get, mail.reader_id)
        if mail.kind == "alert" and (until := self._quiet_until(reader)):
            await asyncio.to_thread(watches.postpone, mail, until.timestamp(), tried=False)
            return
        composed = await asyncio.to_thread(self._composed, mail, reader)
        if composed is None:
            await self._note(mail)
            return
        try:
            async with self._pace:
                await self._post(mail.reader_id, *composed)
        except RetryAfter as error:
            wait = error.retry_after
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            self._held[mail.reader_id] = self._clock().timestamp() + seconds
            await asyncio.to_thread(watches.hold, mail.reader_id, self._held[mail.reader_id])
        except Forbidden:
            await asyncio.to_thread(watches.block, mail.reader_id)
        except BadRequest as error:
            await self._refused(mail, error)
        except NetworkError as error:
            log.warning("A message was not delivered (%s); it stays in the outbox", type(error).__name__)
            await self._postpone(mail)
        else:
            await self._note(mail)

    async def _refused(self, mail: Mail, error: BadRequest) -> None:
        if any(reason in error.message.lower() for reason in _GONE):
            await asyncio.to_thread(self._house.memory.watches.block, mail.reader_id)
        elif mail.tries < _REFUSALS:
            log.warning("A message was refused: %s", error)
            await self._postpone(mail)
        else:
            log.error("A message was refused %s times and is dropped: %s", mail.tries + 1, error)
            await self._note(mail)

    async def _note(self, mail: Mail) -> None:
        """Take the message out of the outbox; what the disk does not take is kept in mind, so as not to send again."""
        try:
            await asyncio.to_thread(self._house.memory.watches.sent, mail)
        except sqlite3.Error as error:
            self._unnoted.update(mail.rows)
            log.warning("A delivered message was not noted: %s", error)
        else:
            self._unnoted.difference_update(mail.rows)

    async def _postpone(self, mail: Mail) -> None:
        pause = min(5.0 * 2 ** min(mail.tries, 20), _LONGEST_PAUSE)
        until = self._clock().timestamp() + pause
        try:
            await asyncio.to_thread(self._house.memory.watches.postpone, mail, until, tried=True)
        except sqlite3.Error as error:
            log.warning("The outbox could not be written: %s", error)

    def _quiet_until(self, reader: Reader) -> datetime | None:
        """The end of the reader's quiet hours; None when it is not quiet now."""
        if reader.quiet is None:
            return None
        local = self._clock().astimezone(reader.timezone or self._house.settings.timezone)
        begin, end = reader.quiet
        now = local.time()
        if not (begin <= now < end if begin <= end else now >= begin or now < end):
            return None
        until = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
        return until if until > local else until + timedelta(days=1)

    def _composed(self, mail: Mail, reader: Reader) -> tuple[Reply, bool] | None:
        """The message in the reader's script, and whether it comes without a sound; None for nothing left to say."""
        composed = self._told(mail, reader)
        return (in_script(composed[0], reader.script), composed[1]) if composed else None

    def _told(self, mail: Mail, reader: Reader) -> tuple[Reply, bool] | None:
        settings, watches = self._house.settings, self._house.memory.watches
        if settings.allowed_users and reader.id not in settings.allowed_users | settings.admins:
            return None
        speech = for_language(reader.language or watches.language(reader.id), settings.language)
        active = [watch for watch in watches.of(reader.id) if not watch.paused]
        if mail.kind == "digest":
            issues = [date.fromisoformat(content["issue"]) for content in mail.contents]
            reply = compose_digest(self._house, max(issues), active, speech)
            return (reply, False) if reply else None
        ids = list(dict.fromkeys(i for content in mail.contents for i in content["articles"]))
        return compose_alert(self._house, ids, active, speech)


def compose_alert(house: House, ids: list[int], watches: list[Watch], speech: Texts) -> tuple[Reply, bool] | None:
    """What tells of articles, and whether it comes without a sound; None when none of them meets a watch any more."""
    told = [story for story in stories(_found(house, ids), watches) if story.watches]
    if not told:
        return None
    met = {watch.id: watch for story in told for watch in story.watches}
    query_ids = [(watch, house.memory.save_query(watch.text)) for watch in met.values()]
    return screens.alert(told, 0, query_ids, speech), all(watch.silent for watch in met.values())


def compose_digest(house: House, day: date, watches: list[Watch], speech: Texts) -> Reply | None:
    """A day's headlines, those that the reader watches for first; None when the issue is no longer there."""
    articles = house.archive.issue(day)
    if not articles:
        return None
    return screens.digest(articles[0].date, stories(articles, watches, passages=0), len(articles), speech)


def _found(house: House, ids: list[int]) -> list[Article]:
    found = house.archive.articles(ids)
    return list({found[i].id: found[i] for i in ids if i in found}.values())
