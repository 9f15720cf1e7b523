"""Lock files: one process at a time, and a process that dies in whatever way holds nothing."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path


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
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise LockError(file.read(20).decode("ascii", "replace")) from None
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
    return held(data_dir / "serve.lock")
