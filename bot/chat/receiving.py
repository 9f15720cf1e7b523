"""From Telegram to the handlers and, when the bot is told to stop, to an end: no update is lost on the way."""

import asyncio
import json
import logging
import sqlite3
from typing import Any

from telegram import Bot, Update
from telegram.ext import Application

from bot.archive.received import Received
from bot.chat.order import PerChatOrder
from bot.chat.rounds import Rounds

DRAIN = 10.0
"""Seconds in which what is in hand may come to its end once the bot is told to stop."""

log = logging.getLogger(__name__)


class Receiving(asyncio.Queue[object]):
    """The queue of updates. Each is on the disk before Telegram hears that it was received, until it is handled.

    Polling and the webhook put updates here one by one, and both confirm them only afterwards. An inline query is not
    kept: its answer is wanted while someone types, and nobody can give it later.
    """

    def __init__(self, received: Received, bot_id: int) -> None:
        super().__init__()
        self._received, self._bot_id = received, bot_id
        self._left = set[int]()

    async def put(self, item: object) -> None:
        """Queue an update, unless it is one that is here already."""
        if isinstance(item, Update) and not item.inline_query and not await self._is_new(item):
            return
        await super().put(item)

    async def _is_new(self, update: Update) -> bool:
        if update.update_id in self._left:  # Telegram had not heard that a former process received it
            return False
        user = update.effective_user
        reader_id = user.id if user else None
        try:
            return await asyncio.to_thread(
                self._received.keep, self._bot_id, update.update_id, reader_id, update.to_json()
            )
        except sqlite3.Error as error:
            log.warning("An update could not be kept (%s); it is answered, unless the bot is killed before", error)
            return True

    async def handled(self, update: object) -> None:
        """Forget an update; one that cannot be forgotten is handled again at the next start, which changes nothing."""
        if not isinstance(update, Update) or update.inline_query:
            return
        try:
            await asyncio.to_thread(self._received.done, self._bot_id, update.update_id)
        except sqlite3.Error as error:
            log.warning("An update that was handled could not be forgotten: %s", error)

    async def take_up(self, bot: Bot) -> None:
        """Queue what a former process left, before anything new comes."""
        try:
            updates, dropped = await asyncio.to_thread(self._received.left, self._bot_id)
        except sqlite3.Error as error:
            log.warning("What was left unanswered could not be read: %s", error)
            return
        if updates or dropped:
            log.info(
                "Left unanswered before the start: %s, taken up now; dropped as too old: %s", len(updates), dropped
            )
        for content in updates:
            if update := Update.de_json(json.loads(content), bot):
                self._left.add(update.update_id)
                self.put_nowait(update)


class Draining(Application[Any, Any, Any, Any, Any, Any]):
    """An Application with rounds, that comes to its end in time, also while Telegram makes a sender wait."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rounds = Rounds(self)

    async def start(self) -> None:
        """Start, and begin the rounds."""
        await super().start()
        self.rounds.start()

    async def stop(self) -> None:
        """Finish what is in hand; what takes too long stays on the disk for the next start."""
        cut = asyncio.get_running_loop().call_later(DRAIN, self._cut)
        try:
            await asyncio.gather(super().stop(), self.rounds.stop())
        finally:
            cut.cancel()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _cut(self) -> None:
        order = self.update_processor
        if isinstance(order, PerChatOrder):
            log.warning("%s updates took too long; they are taken up at the next start", order.cut())
        self.rounds.cut()
