"""The chats: which of them the bot may write to, and how fast."""

import collections
import math
import re
import time
from typing import ClassVar

from bot.sandbox.types import ApiError, Chat, Params, bad
from bot.sandbox.updates import Updates


class Chats(Updates):
    """The chats of which a bot can know."""

    # How many messages, sent or edited, in how many seconds: Telegram publishes only rough figures.
    limits: ClassVar = {"all": (30, 1), "private": (5, 5), "group": (20, 60)}

    def __init__(self, webhook_listener: str) -> None:
        super().__init__(webhook_listener)
        self.chats: dict[int, Chat] = {}
        self.sent: collections.deque[float] = collections.deque()

    def _chat(self, p: Params) -> Chat:
        chat = self.chats.get(int(p["chat_id"])) if re.fullmatch(r"-?\d+", str(p.get("chat_id", ""))) else None
        if not chat:
            raise bad("chat not found" if p.get("chat_id") else "chat_id is empty")
        if not chat.started:
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
        if chat.blocked:
            raise ApiError(
                403,
                "Forbidden: bot was blocked by the user"
                if chat.id > 0
                else "Forbidden: bot was kicked from the supergroup chat",
            )
        return chat

    def _chat_to_write(self, p: Params) -> Chat:
        """The chat, if its and the bot's flood limits leave room for one more message."""
        chat, now = self._chat(p), time.monotonic()
        windows = [(self.sent, self.limits["all"]), (chat.sent, self.limits["private" if chat.id > 0 else "group"])]
        for log, (count, period) in windows:
            while log and log[0] <= now - period:
                log.popleft()
            if len(log) >= count:
                wait = max(1, math.ceil(log[0] + period - now))
                raise ApiError(429, f"Too Many Requests: retry after {wait}", wait)
        self.sent.append(now)
        chat.sent.append(now)
        return chat
