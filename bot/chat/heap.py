"""Memory for many threads: glibc gives each a place of its own to take it from, and keeps what was in use there."""

import ctypes
from typing import Any

_M_ARENA_MAX = -8  # as malloc.h has it


def share() -> None:
    """Let all threads that begin from now on take memory from one place."""
    _call("mallopt", _M_ARENA_MAX, 1)


def trim() -> None:
    """Give back what is free between what is in use: without it, one place for all keeps every peak."""
    _call("malloc_trim", 0)


def _call(name: str, *arguments: Any) -> None:
    """Call a function of the C library; one that is not glibc has its own ways, and no such function."""
    try:
        function = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):  # musl, macOS; Windows
        return
    function(*arguments)
