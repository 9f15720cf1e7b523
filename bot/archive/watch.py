"""Watching a folder: page files are ingested as they come, each when it is whole."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event

from bot.paper.files import PageFile, page_files

INTERVAL = 2.0
"""Seconds between two looks. A file is whole when it did not change from one look to the next."""

_REST = 20
"""How many times what a look takes is waited for the next: a folder of hundreds of thousands of files is no burden."""

_PARTIAL = (".part", ".partial", ".tmp", ".crdownload", ".swp", "~")

_State = tuple[int, int]


def batches(folder: Path, stop: Event, *, interval: float = INTERVAL) -> Iterator[list[PageFile]]:
    """The new and changed files of a folder, as they become whole, until `stop` is set.

    Args:
        folder: The folder; it is made when it is missing.
        stop: Ends the watch, at the latest after one interval.
        interval: Seconds between two looks, or more where a look takes long.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done: dict[str, _State] = {}
    seen, pause = _look(folder), interval
    while not stop.wait(pause):
        began = time.perf_counter()
        now = _look(folder)
        pause = max(interval, _REST * (time.perf_counter() - began))
        whole = [path for path, state in now.items() if seen.get(path) == state and done.get(path) != state]
        if whole:
            yield page_files(sorted(map(Path, whole)))
            done |= {path: now[path] for path in whole}
        done = {path: state for path, state in done.items() if path in now}
        seen = now


def _look(folder: Path) -> dict[str, _State]:
    """The files below a folder with size and time of change, without those that say that they are not finished."""
    found: dict[str, _State] = {}
    folders = [str(folder)]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:  # gone since it was listed, or not for this user
            for entry in entries:
                with suppress(OSError):  # likewise
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    elif entry.is_file() and not entry.name.endswith(_PARTIAL):
                        stat = entry.stat()
                        found[entry.path] = (stat.st_size, stat.st_mtime_ns)
    return found
