"""The bot as a process before the sandbox's Telegram, and what Linux and Telegram can tell of it."""

import os
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from bot.sandbox.client import FakeTelegram


class Telegram(FakeTelegram):
    """Notes when each message of the bot came or changed, and takes as many as there are."""

    def __init__(self, listener: str = "") -> None:
        super().__init__(webhook_listener=listener)
        self.limits = dict.fromkeys(self.limits, (1_000_000, 1))
        self.came: defaultdict[int, list[float]] = defaultdict(list)

    def _record(self, chat: Any, message: Any, params: Any) -> Any:
        if chat:
            self.came[chat.id].append(time.perf_counter())
        return super()._record(chat, message, params)


class Process:
    """What Linux tells of a process."""

    def __init__(self, pid: int) -> None:
        self._folder = Path(f"/proc/{pid}")

    def seconds(self) -> float:
        """Processor time, in seconds."""
        fields = (self._folder / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self) -> float:
        """Resident memory, in MB."""
        return self._memory("VmRSS")

    def anonymous(self) -> float:
        """Of that, what is no file's, in MB."""
        return self._memory("RssAnon")

    def _memory(self, name: str) -> float:
        status = (self._folder / "status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(name))


def quantile(values: list[float], part: float) -> float:
    """The value below which that part of them lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0
