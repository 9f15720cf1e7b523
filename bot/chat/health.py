"""Whether the bot is well, and why not: judged from what is known of Telegram, the databases and the work in hand."""

import asyncio
import sqlite3
import time
from typing import Any

from telegram.ext import Application

from bot.archive.stamps import is_set
from bot.chat.house import House
from bot.chat.polling import Polling, Pulse
from bot.chat.webhook import Webhook

App = Application[Any, Any, Any, Any, Any, Any]

_UNSET = "the machine's clock is not set: digests and backups wait"


class Health:
    """The bot's state, as figures and reasons. Neither holds anything that a reader has written."""

    def __init__(
        self, application: App, house: House, pulse: Pulse, polling: Polling | None, webhook: Webhook | None = None
    ) -> None:
        self.application, self.house, self.pulse = application, house, pulse
        self.polling, self.webhook = polling, webhook

    @property
    def alive(self) -> bool:
        """Whether the process does what only a new one could do better: an unreachable Telegram is no reason to end."""
        return self.polling is None or not self.polling.stalled

    async def state(self) -> dict[str, Any]:
        """The state as a JSON document: `healthy`, the `reasons` why not, and the figures that they are drawn from."""
        waiting, trouble = await asyncio.to_thread(self._outbox)
        reasons = [*self._telegram(), *([trouble] if trouble else []), *([] if is_set(time.time()) else [_UNSET])]
        heard = self.pulse.heard
        return {
            "healthy": not reasons,
            "reasons": reasons,
            "mode": "polling" if self.polling else "webhook",
            "uptime_seconds": round(time.monotonic() - self.pulse.born, 1),
            "seconds_since_telegram": None if heard is None else round(time.monotonic() - heard, 1),
            "polling_restarts": self.pulse.restarts,
            "updates_in_progress": self.in_progress,
            "messages_waiting": waiting,
        }

    @property
    def in_progress(self) -> int:
        """Updates that were fetched and are not yet dealt with."""
        return self.application.update_processor.current_concurrent_updates + self.application.update_queue.qsize()

    def _telegram(self) -> list[str]:
        if self.polling is None:  # by webhook, silence may mean that nobody writes
            return [self.webhook.trouble] if self.webhook and self.webhook.trouble else []
        if self.polling.stalled:
            return [f"polling has stalled: nothing came back for {self.pulse.stillness():.0f} s"]
        if self.pulse.silence() > self.polling.patience:
            why = self.pulse.failure or "no answer"
            return [f"Telegram unreachable for {self.pulse.silence():.0f} s: {why}"]
        return []

    def _outbox(self) -> tuple[int | None, str]:
        try:
            return self.house.memory.watches.waiting(), ""
        except sqlite3.Error as error:
            return None, f"chat.db: {type(error).__name__}"
