"""What the machine's clock can be trusted with: it may be set at any moment, in either direction, by any amount."""

import time
from collections.abc import Callable

_SET = 60.0
"""Seconds between the clocks from which on the clock was set: less is how it is kept right."""


class WallClock:
    """Notices, by the monotonic clock, that the wall clock was set. A machine that has slept looks the same."""

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._apart, self._set_at = wall() - monotonic(), monotonic()

    def moved(self) -> float:
        """Seconds by which the clock was set since this was last asked, below 0 for back; 0 where it was not."""
        apart = self._wall() - self._monotonic()
        by, self._apart = apart - self._apart, apart
        if abs(by) < _SET:
            return 0.0
        self._set_at = self._monotonic()
        return by

    def steady(self) -> float:
        """Seconds since the clock was last seen to be set, or since the start."""
        return self._monotonic() - self._set_at
