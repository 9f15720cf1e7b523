"""Telegram's limits: a chat that is told to wait waits, and no other does."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter

ONCE = -1
"""As `rate_limit_args`: do not try again. A 0 does not get through python-telegram-bot, which takes it for nothing."""

_MANY = 1_000


class PerChatLimits(AIORateLimiter):
    """Python-telegram-bot's limits over all chats and for groups; a 429 holds back only the chat that it was for.

    A call's `rate_limit_args` is how often it is tried again after a 429, `retries` where it does not say.
    """

    def __init__(self, retries: int) -> None:
        super().__init__()
        self._retries = retries
        self._free_at: dict[object, float] = {}

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,  # noqa: ARG002
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Carry out a call, when its chat and all chats together may be written to."""
        chat = data.get("chat_id")
        left = self._retries if rate_limit_args is None else max(0, rate_limit_args)
        while True:
            await asyncio.sleep(max(0.0, self._free_at.get(chat, 0.0) - time.monotonic()) if left else 0)
            try:
                return await self._run_request(
                    chat=chat is not None,
                    group=chat if isinstance(chat, str) or (isinstance(chat, int) and chat < 0) else False,
                    allow_paid_broadcast=False,
                    callback=callback,
                    args=args,
                    kwargs=kwargs,
                )
            except RetryAfter as error:
                self._hold(chat, error)
                if left <= 0:
                    raise
                left -= 1

    def _hold(self, chat: object, error: RetryAfter) -> None:
        wait = error.retry_after
        seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
        now = time.monotonic()
        if len(self._free_at) > _MANY:
            self._free_at = {chat: at for chat, at in self._free_at.items() if at > now}
        self._free_at[chat] = now + seconds + 0.1
