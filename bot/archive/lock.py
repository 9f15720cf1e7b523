"""Lock files: one process at a time, and a process that dies in whatever way holds nothing."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

_SERVE = "serve.lock"
_ATTEMPTS, _PAUSE = 4, 0.05  # seconds; who looks whether it is held, holds it for a moment


class LockError(Exception):
    """Another process holds the lock; the message is its id."""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock file. It stays when it is freed: one who waits for a deleted file would wait for nothing.

    Raises:
        LockError: Another process holds it.
        OSError: The file cannot be opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as file:
        for attempt in range(_ATTEMPTS):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if attempt == _ATTEMPTS - 1:
                    file.seek(0)
                    raise LockError(file.read(20).decode("ascii", "replace")) from None
                time.sleep(_PAUSE)
        with suppress(OSError):  # on a full disk the lock holds, without saying whose it is
            file.truncate(0)
            file.write(str(os.getpid()).encode())
        yield


def serving(data_dir: Path) -> AbstractContextManager[None]:
    """Hold a data folder, as the one bot that serves on it, or as who replaces its databases.

    Raises:
        LockError: Another process holds it.
        OSError: The folder cannot be written to.
    """
    return held(data_dir / _SERVE)


def holder(data_dir: Path) -> str | None:
    """The id of the process that serves on a data folder; None where none does."""
    try:
        with (data_dir / _SERVE).open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read(20).decode("ascii", "replace")
    except OSError:
        pass
    return None
