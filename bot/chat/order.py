"""Many chats at once, each in its own order."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor


class PerChatOrder(BaseUpdateProcessor):
    """Processes updates of different chats at the same time, and those of one chat one after the other.

    A lock a chat, kept while anyone holds it or waits for it: `asyncio.Lock` lets them through in the order of their
    coming, which plain concurrent updates do not promise.
    """

    def __init__(self, max_concurrent_updates: int) -> None:
        super().__init__(max_concurrent_updates)
        self._locks: dict[int, tuple[asyncio.Lock, int]] = {}

    async def do_process_update(self, update: object, coroutine: "Awaitable[Any]") -> None:
        """Await the coroutine when all earlier updates of its chat are done."""
        chat = update.effective_chat if isinstance(update, Update) else None
        if chat is None:
            await coroutine
            return
        lock, users = self._locks.get(chat.id, (asyncio.Lock(), 0))
        self._locks[chat.id] = lock, users + 1
        try:
            async with lock:
                await coroutine
        finally:
            lock, users = self._locks.pop(chat.id)
            if users > 1:
                self._locks[chat.id] = lock, users - 1

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""
