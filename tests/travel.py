"""The real bot under a clock that a test moves, in its own process; its code knows nothing of it.

    python -m tests.travel FILE HASTE COMMAND…

Runs `newsbot COMMAND…`. Each Unix time that is put into FILE is what every wall clock of the process shows from then
on; FILE is then removed. The monotonic clock stays real; where days are short, the bot's rounds may come HASTE times as
often as ever.
"""

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import time_machine
from aiolimiter import AsyncLimiter

from bot import cli
from bot.archive import watch
from bot.chat import app, delivery, mailing, rounds

_LOOK = 0.005


class Clock:
    """The other end: sets the clock of a bot that was started so."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def command(self, *command: str, haste: float = 1) -> list[str]:
        """What starts a command of the bot's under this clock."""
        return [sys.executable, "-m", "tests.travel", str(self._file), str(haste), *command]

    def start_at(self, to: datetime) -> None:
        """Where the clock stands when the process starts."""
        new = self._file.with_suffix(".new")
        new.write_text(str(to.timestamp()))
        new.replace(self._file)

    def set(self, to: datetime) -> None:
        """Set the clock of the process that runs; it is set when this returns."""
        self.start_at(to)
        end = time.monotonic() + 10
        while self._file.exists():
            if time.monotonic() > end:
                raise TimeoutError("the bot's clock cannot be set")
            time.sleep(_LOOK / 2)


def follow(file: Path, moved: Callable[[float], None]) -> None:
    """Call with each time that is put into a file, for ever."""
    while True:
        if file.exists():
            moved(float(file.read_text()))
            file.unlink()
        time.sleep(_LOOK)


def hasten(haste: float) -> None:
    """Let the bot's rounds come so many times as often, and mail be as much faster."""
    build = app.build

    def hastened(*given: object) -> object:
        application = build(*given)
        table = application.rounds.table
        application.rounds.table = tuple(
            replace(each, first=each.first / haste, every=each.every and each.every / haste) for each in table
        )
        application.bot.rate_limiter._base_limiter = AsyncLimiter(30 * haste, 1)
        return application

    app.build = hastened
    rounds._GLANCE /= haste
    mailing._POLL /= haste
    mailing._BUSY /= haste
    delivery._RATE *= haste
    cli.batches = partial(watch.batches, interval=watch.INTERVAL / haste)


if __name__ == "__main__":
    place, times, *command = sys.argv[1:]
    if Path(place).exists():  # where the clock stands when the bot starts
        begin = float(Path(place).read_text())
        Path(place).unlink()
    else:
        begin = time.time()
    if float(times) != 1:
        hasten(float(times))
    traveller = time_machine.travel(datetime.fromtimestamp(begin, UTC), tick=True).start()
    threading.Thread(target=follow, args=(Path(place), traveller.move_to), daemon=True).start()
    cli.main(command)
