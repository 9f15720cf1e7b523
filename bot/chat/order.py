"""Many chats at once, each in its own order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

log = logging.getLogger(__name__)

_WAITING = 100_000


class PerChatOrder(BaseUpdateProcessor):
    """Processes updates of different chats at the same time, and those of one chat one after the other.

    A lock a chat, kept while anyone holds it or waits for it: `asyncio.Lock` lets them through in the order of their
    coming, which plain concurrent updates do not promise. Only who holds its chat's lock takes one of the places: a
    chat that sends faster than it can be answered keeps nobody else waiting. What it sends beyond `backlog` is dropped.

    Args:
        max_concurrent_updates: The number of places.
        handled: Is told of each update that was processed or dropped, and not of one that was cut short.
        backlog: Updates of a chat that may wait.
    """

    def __init__(
        self, max_concurrent_updates: int, handled: Callable[[object], Awaitable[None]], *, backlog: int = 1000
    ) -> None:
        super().__init__(_WAITING)  # the base class counts those that wait, too
        self._places = asyncio.Semaphore(max_concurrent_updates)
        self._handled, self._backlog = handled, backlog
        self._locks: dict[int, tuple[asyncio.Lock, int]] = {}
        self._in_hand = set[asyncio.Task[Any]]()
        self._closed = False

    def cut(self) -> int:
        """Cut short what is in hand, and begin nothing more; return how many updates that were."""
        self._closed = True
        for task in self._in_hand:
            task.cancel()
        return len(self._in_hand)

    async def do_process_update(self, update: object, coroutine: "Awaitable[Any]") -> None:
        """Await the coroutine when all earlier updates of its chat are done."""
        task = asyncio.current_task()
        if self._closed or task is None:
            _close(coroutine)
            return
        self._in_hand.add(task)
        try:
            await self._in_order(update, coroutine)
            await self._handled(update)
        finally:
            self._in_hand.discard(task)

    async def _in_order(self, update: object, coroutine: "Awaitable[Any]") -> None:
        chat = update.effective_chat if isinstance(update, Update) else None
        if chat is None:
            await coroutine
            return
        lock, users = self._locks.get(chat.id, (asyncio.Lock(), 0))
        if users > self._backlog:
            log.warning("A chat sends faster than it can be answered; an update of it is dropped.")
            _close(coroutine)
            return
        self._locks[chat.id] = lock, users + 1
        try:
            async with lock, self._places:
                await coroutine
        finally:
            lock, users = self._locks.pop(chat.id)
            if users > 1:
                self._locks[chat.id] = lock, users - 1

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""


def _close(coroutine: "Awaitable[Any]") -> None:
    """Give up a coroutine that was never begun."""
    if isinstance(coroutine, Coroutine):
        coroutine.close()
