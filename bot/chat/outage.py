"""What comes again and again is said now and then: a log of an hour without Telegram is a few lines."""

import time

_APART = 600.0


class Repeats:
    """Counts what happens again without a pause of ten minutes."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, float]] = {}

    def worth_saying(self, what: str) -> int:
        """How many times it has happened, when that is 1, 2, 4, 8 and so on; else 0."""
        now = time.monotonic()
        count, last = self._counts.get(what, (0, now))
        count = count + 1 if now - last < _APART else 1
        self._counts[what] = count, now
        return count if count & (count - 1) == 0 else 0
