"""Memory for many threads: glibc gives each a place of its own to take it from, and keeps what was in use there."""

import ctypes

_M_ARENA_MAX = -8  # as malloc.h has it


def share() -> None:
    """Let all threads that begin from now on take memory from one place; another C library has its own ways."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # musl; macOS; Windows
        return
    mallopt(_M_ARENA_MAX, 1)


def trim() -> None:
    """Give back what is free between what is in use: without it, one place for all keeps every peak."""
    try:
        malloc_trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return
    malloc_trim(0)
