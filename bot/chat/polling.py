"""Long polling that is watched: when Telegram last answered, and a new start where nothing comes back any more."""

import asyncio
import logging
import time
from contextlib import suppress
from typing import Any

from telegram.error import Conflict, NetworkError, TelegramError
from telegram.ext import Updater
from telegram.request import HTTPXRequest

log = logging.getLogger(__name__)

UPDATES = ["message", "edited_message", "callback_query", "inline_query"]

_PATIENCE = 10.0
"""Seconds in which the old polling must have ended, and the new one begun."""

_BACKOFF = 30.0
"""The longest pause, in seconds, that python-telegram-bot makes after an error of its own accord."""


def unreached(error: BaseException | None) -> str:
    """What keeps the bot from Telegram, for the operator."""
    if isinstance(error, Conflict):
        return "Another bot runs with this TELEGRAM_BOT_TOKEN. Stop it, or ask @BotFather for a token of its own"
    return f"Telegram could not be reached: {error}"


class PollingStalledError(Exception):
    """Nothing came back from Telegram, not even an error: polling was started anew."""


class Pulse:
    """When Telegram was last heard of. Times are of the monotonic clock, in seconds."""

    def __init__(self) -> None:
        self.heard: float | None = None
        """The last good answer to getUpdates, or the last update by webhook."""
        self.moved = self.born = time.monotonic()
        """The last sign that polling is at work: a call that begins or ends, in whatever way, or an agreed pause."""
        self.failure = ""
        """Why the last call failed, by a type or a status; empty after one that did not."""
        self.restarts = 0

    def silence(self) -> float:
        """Seconds since Telegram was last heard of, or since the start."""
        return time.monotonic() - (self.born if self.heard is None else self.heard)

    def stillness(self) -> float:
        """Seconds since polling last moved."""
        return time.monotonic() - self.moved

    def hear(self) -> None:
        """Note a good answer."""
        self.heard = self.moved = time.monotonic()
        self.failure = ""

    def fail(self, why: str, *, pause: float = 0) -> None:
        """Note a call that failed, and that Telegram asks for a pause of so many seconds before the next one."""
        self.moved, self.failure = time.monotonic() + max(pause, _BACKOFF), why


class PollRequest(HTTPXRequest):
    """The HTTP client of getUpdates, which notes what comes back.

    A token that Telegram refuses once the bot runs is an error like any other: it would end python-telegram-bot's
    polling without a word, and Telegram has been known to take it back. After a long silence each call is made by a new
    client: connections that were lost without a word may still be holding the old one's only place.
    """

    def __init__(self, pulse: Pulse, patience: float) -> None:
        super().__init__(connection_pool_size=1, connect_timeout=10)
        self._pulse, self._patience = pulse, patience

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make the call; see `BaseRequest.do_request`."""
        self._pulse.moved = time.monotonic()
        if self._pulse.silence() > self._patience:
            await self.shutdown()
            await self.initialize()
        try:
            status, payload = await super().do_request(*args, **kwargs)
        except TelegramError as error:
            self._pulse.fail(type(error).__name__)
            raise
        if status < 300:
            self._pulse.hear()
            return status, payload
        self._pulse.fail(f"HTTP {status}", pause=self._pause(payload) if status == 429 else 0)
        if status in (401, 404):
            raise NetworkError(f"Telegram refuses the token (HTTP {status})")
        return status, payload

    def _pause(self, payload: bytes) -> float:
        with suppress(TelegramError, AttributeError, TypeError, ValueError):
            return float(self.parse_json_payload(payload)["parameters"]["retry_after"])
        return 0


class Polling:
    """Starts polling anew when nothing has come back for `patience` seconds.

    No update is lost: the updater asks for those that it has not confirmed.
    """

    def __init__(self, updater: Updater, pulse: Pulse, patience: float) -> None:
        self._updater, self.pulse, self.patience = updater, pulse, patience
        self._halted = False

    @property
    def stalled(self) -> bool:
        """Whether polling stands still: neither answers nor errors come. Errors alone mean an unreachable Telegram."""
        return self._halted or self.pulse.stillness() > self.patience

    async def mend(self) -> None:
        """Start polling anew if it stands still; where Telegram cannot be reached, the next call tries again.

        Raises:
            PollingStalledError: It had stood still, and goes on: a thing to tell.
            Exception: The old polling ended by an error that python-telegram-bot cannot recover from.
        """
        if not self.stalled or not (self._updater.running or self._halted):
            return
        if not self._halted:
            log.error("Nothing has come back from Telegram for %.0f s; polling starts anew.", self.pulse.stillness())
            self._halted = True
            with suppress(TimeoutError):  # its last call, which confirms what was fetched, may hang, too
                await asyncio.wait_for(self._updater.stop(), _PATIENCE)
        try:
            await asyncio.wait_for(self._updater.start_polling(allowed_updates=UPDATES), _PATIENCE)
        except (TelegramError, TimeoutError) as error:
            log.warning("Polling could not be started: %s; trying again.", type(error).__name__)
            if self._updater.running:  # which one that is cancelled goes on to say
                await self._updater.stop()
            return
        self._halted = False
        self.pulse.restarts += 1
        self.pulse.moved = time.monotonic()
        raise PollingStalledError
