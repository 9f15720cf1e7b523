"""The Application, attended: its polling mended, its state told to who looks from outside, its answers timed."""

import asyncio
import contextlib
import logging
import time
from pathlib import Path
from typing import Any

from telegram import Update
from tornado.httpserver import HTTPServer

from bot import heartbeat
from bot.chat import endpoint
from bot.chat.health import Health
from bot.chat.metrics import Metrics
from bot.chat.polling import UPDATES, Polling, PollingStalledError, Pulse
from bot.chat.receiving import Draining
from bot.chat.trouble import tell_operators
from bot.chat.webhook import Webhook
from bot.notify import notify, watchdog_seconds

log = logging.getLogger(__name__)

_ROUND = 5.0
"""Seconds between two looks at how the bot is."""


class Attended(Draining):
    """An Application with somebody who looks after it from its start to its stop."""

    _health: Health
    _metrics: Metrics
    _server: HTTPServer | None = None
    _attendant: "asyncio.Task[None] | None" = None

    def __init__(self, *, pulse: Pulse, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._pulse = pulse
        self.ended: str | None = None
        """Why it ended, where that is an error: a sentence for the operator."""

    async def start(self) -> None:
        """Start; from now on the bot is attended, and the supervisor knows that it is ready."""
        house = self.bot_data["house"]
        polled = self.updater and not house.settings.webhook_url
        polling = Polling(self.updater, self._pulse, house.settings.stalled_after) if polled and self.updater else None
        url = house.settings.webhook_url
        webhook = Webhook(self.bot, str(url), house.settings.stalled_after) if url else None
        self._health = Health(self, house, self._pulse, polling, webhook)
        self._metrics = Metrics(self._health)
        self._server = endpoint.listen(self._health, self._metrics)
        await super().start()
        self._attendant = asyncio.create_task(self._attend(), name="attendant")
        notify("READY=1")

    async def stop(self) -> None:
        """Stop; what is in hand is finished."""
        notify("STOPPING=1")
        if self._attendant:
            self._attendant.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._attendant
        if self.updater and self.updater.running:  # its new start was just under way
            await self.updater.stop()
        await super().stop()
        if self._server:
            self._server.stop()
            await self._server.close_all_connections()
        heartbeat.end(self._folder)

    async def process_update(self, update: object) -> None:
        """Deal with an update, and note how long it took."""
        if self._health.polling is None:
            self._pulse.hear()
        kind = next((kind for kind in UPDATES if getattr(update, kind, None)), "other")
        began = time.monotonic()
        try:
            await super().process_update(update)
        finally:
            if isinstance(update, Update):
                self._metrics.latency.labels(kind).observe(time.monotonic() - began)

    @property
    def _folder(self) -> Path:
        return self._health.house.memory.path.parent

    async def _attend(self) -> None:
        patience = min(watchdog_seconds() or 3600, self._health.house.settings.stalled_after)
        pause = min(_ROUND, patience / 3)
        while self.ended is None:
            try:
                await self._round()
            except Exception:  # whatever it is, the next round may do better; a supervisor that hears nothing acts
                log.exception("How the bot is could not be seen to.")
            await asyncio.sleep(pause)

    async def _round(self) -> None:
        if self._health.alive:
            notify("WATCHDOG=1")
        if self._health.webhook:
            await self._health.webhook.look()
        state = await self._health.state()
        await asyncio.to_thread(heartbeat.write, self._folder, state)
        if self._health.polling and self._health.polling.stalled:
            await self.mend(self._health.polling)

    def end(self, why: str) -> None:
        """End the bot with an error, for its supervisor to see."""
        self.ended = why
        self.stop_running()

    async def mend(self, polling: Polling) -> None:
        """Start polling anew where it has stalled, and tell the operators; end the bot where that cannot be done."""
        try:
            await polling.mend()
        except PollingStalledError as stalled:
            self.create_task(tell_operators(self.context_types.context(application=self), stalled))
        except Exception:
            log.exception("Polling could not be started anew; the bot ends, for its supervisor to start it.")
            self.end("polling could not be started anew; the log says why.")
