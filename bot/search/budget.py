"""How long a question may take: a deadline for all that one thread does about it, looked at between blocks of work.

Nothing is interrupted. A loop that may be long runs over `while_time(blocks)`, and what it has when time is up is the
answer; whoever asked learns from `exceeded()` that more was left to do. Without a budget, all of it is done.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass
class _Budget:
    ends: float
    exceeded: bool = False


_current: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Give what is done inside that many seconds."""
    token = _current.set(_Budget(time.perf_counter() + seconds))
    try:
        yield
    finally:
        _current.reset(token)


def spent() -> bool:
    """Whether time is up; who asks has more to do, and leaves it undone when it is."""
    budget = _current.get()
    if budget is None or time.perf_counter() < budget.ends:
        return False
    budget.exceeded = True
    return True


def exceeded() -> bool:
    """Whether anything was left undone."""
    budget = _current.get()
    return budget is not None and budget.exceeded


def while_time(blocks: Iterable[T]) -> Iterator[T]:
    """The first block, so that there is some answer, and those after it while there is time."""
    for number, block in enumerate(blocks):
        if number and spent():
            return
        yield block
