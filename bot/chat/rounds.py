"""Work that comes again and again, by the monotonic clock: setting the machine's clock neither ends nor delays it.

A scheduler by the wall clock does both: what is due at a time that was jumped over is a missed run, and after the clock
was set back an hour nothing is due for an hour.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from telegram.ext import Application

App = Application[Any, Any, Any, Any, Any, Any]
Work = Callable[[Any], Awaitable[float | None]]
"""Is given a context; may return the seconds until it wants to come again."""

_GLANCE = 2.0


@dataclass(frozen=True)
class Round:
    """Work that comes by itself.

    Attributes:
        work: What is done.
        first: Seconds after the start.
        every: Seconds between the end of one and the next, where the work does not say; None for work that comes once.
    """

    work: Work
    first: float = 0.0
    every: float | None = None


def once_in_each(unit: float, work: Work, *, first: float, clock: Callable[[], float] = time.time) -> Round:
    """Work for each unit of the wall clock, such as an hour: soon after it begins, or after the clock was set into it.

    Args:
        unit: In seconds.
        work: What is done.
        first: Seconds after the start.
        clock: The Unix time.
    """
    done = None

    @wraps(work)
    async def glance(context: Any) -> None:
        nonlocal done
        if (now := clock() // unit) != done:
            done = now
            await work(context)

    return Round(glance, first, _GLANCE)


class Rounds:
    """The rounds of an application, each in a task of its own; what goes wrong in one goes to the error handlers."""

    def __init__(self, application: App, table: tuple[Round, ...] = ()) -> None:
        self._application, self.table = application, table
        self._stopping, self._tasks = asyncio.Event(), list[asyncio.Task[None]]()

    def start(self) -> None:
        """Begin."""
        self._stopping.clear()
        self._tasks = [asyncio.create_task(self._go(each), name=f"round of {each.work}") for each in self.table]

    async def stop(self) -> None:
        """Begin nothing more, and wait for what is in hand."""
        self._stopping.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Wait no longer."""
        for task in self._tasks:
            task.cancel()

    async def _go(self, each: Round) -> None:
        pause: float | None = each.first
        while pause is not None and not await self._stopped_within(pause):
            asked = None
            try:
                asked = await each.work(self._application.context_types.context(application=self._application))
            except Exception as error:  # the next round may do better
                await self._application.process_error(None, error)
            pause = each.every if asked is None else asked

    async def _stopped_within(self, seconds: float) -> bool:
        if seconds <= 0:
            return self._stopping.is_set()
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True
