"""How Telegram fares with the webhook, in its own words: silence alone does not tell a broken one from a quiet day."""

import math
import time
from datetime import UTC, datetime

from telegram import Bot, WebhookInfo
from telegram.error import TelegramError

_EVERY = 60.0
"""Seconds between two questions to Telegram, at most."""

_FRESH = 600.0
"""Seconds in which Telegram tries again, so that an error that is older is over."""

_TIMEOUT = 5.0


class Webhook:
    """Asks Telegram, now and then, whether updates reach the bot."""

    def __init__(self, bot: Bot, url: str, patience: float) -> None:
        """Watch over a webhook.

        Args:
            bot: Whose it is.
            url: Its address, as it was given to Telegram.
            patience: Seconds for which Telegram may be out of reach.
        """
        self._bot, self._url, self._patience = bot, url, patience
        self._asked, self._answered = -math.inf, time.monotonic()
        self.trouble = ""
        """Why updates do not reach the bot; empty where they do, as far as Telegram knows."""

    async def look(self) -> None:
        """Ask, unless that was done just now."""
        now = time.monotonic()
        if now - self._asked < min(_EVERY, self._patience / 3):
            return
        self._asked = now
        try:
            info = await self._bot.get_webhook_info(connect_timeout=_TIMEOUT, read_timeout=_TIMEOUT)
        except TelegramError as error:
            if now - self._answered > self._patience:
                self.trouble = f"Telegram unreachable for {now - self._answered:.0f} s: {type(error).__name__}"
            return
        self._answered = now
        self.trouble = _trouble(info, self._url, datetime.now(UTC))


def _trouble(info: WebhookInfo, url: str, now: datetime) -> str:
    if info.url != url:
        return "the webhook was removed or replaced by another program; a new start of the bot sets it again"
    failed = info.last_error_date
    if info.pending_update_count and failed and abs((now - failed).total_seconds()) < _FRESH:
        return f"Telegram cannot deliver {info.pending_update_count} updates: {info.last_error_message}"
    return ""
