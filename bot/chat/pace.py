"""How fast one reader may ask: token buckets, of readers who have just asked and of no others."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_READERS = 10_000
"""Readers who are remembered; of more, those that were silent for longest begin anew with a full bucket."""


_SET_BACK = 60.0
"""Seconds by which time goes back only where a clock is set."""


@dataclass(frozen=True)
class Wait:
    """That a reader must wait.

    Attributes:
        seconds: How long, rounded up.
        begins: Whether it begins now: it is said once, however much is sent meanwhile.
    """

    seconds: int
    begins: bool


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float
    closed_until: float = -math.inf


class Pace:
    """A bucket a reader, which holds `burst` tokens and gets `rate` a second; each thing that is asked takes one.

    Whoever takes the last one waits until `pause` of them are there again: a wait that is worth a sentence.
    """

    def __init__(self, burst: float, rate: float, pause: float, clock: Callable[[], float] = time.time) -> None:
        self._burst, self._rate, self._pause, self._clock = burst, rate, pause, clock
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def ask(self, reader_id: int, sent: float | None = None) -> Wait | None:
        """Take a token of a reader's; the wait where there is none.

        Args:
            reader_id: Who asks.
            sent: When, in seconds of Unix time, where that is known: what was sent in a night that the bot was down
                was not sent at once, though it comes at once.
        """
        now = self._clock() if sent is None else sent
        bucket = self._buckets.setdefault(reader_id, _Bucket(self._burst, now))
        if now < bucket.at - _SET_BACK:
            bucket = self._buckets[reader_id] = _Bucket(self._burst, now)
        self._buckets.move_to_end(reader_id)
        if len(self._buckets) > _READERS:
            self._buckets.popitem(last=False)
        now = max(now, bucket.at)  # messages tell whole seconds, and the one before a press may come after it
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        begins = bucket.tokens < 1 and now >= bucket.closed_until
        if begins:
            bucket.closed_until = now + (self._pause - bucket.tokens) / self._rate
        if now < bucket.closed_until:
            return Wait(math.ceil(bucket.closed_until - now), begins)
        bucket.tokens -= 1
        return None


@dataclass(frozen=True)
class Paces:
    """The bucket for messages and buttons, and that for inline queries, of which each typed letter is one."""

    asking: Pace
    typing: Pace

    @classmethod
    def at(cls, rate: float) -> "Paces":
        """Of `rate` messages a second in the long run: twenty at once, or sixty letters and five times the rate."""
        return cls(Pace(max(20.0, 20 * rate), rate, 5 * rate), Pace(max(60.0, 60 * rate), 5 * rate, 10 * rate))
