"""Watching a folder: page files are ingested as they come, each when it is whole."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

from bot.paper.files import PageFile, page_files

INTERVAL = 2.0
"""Seconds between two looks. A file is whole when it did not change from one look to the next."""

_PARTIAL = (".part", ".partial", ".tmp", ".crdownload", ".swp", "~")

_State = tuple[int, int]


def batches(folder: Path, stop: Event, *, interval: float = INTERVAL) -> Iterator[list[PageFile]]:
    """The new and changed files of a folder, as they become whole, until `stop` is set.

    Args:
        folder: The folder; it is made when it is missing.
        stop: Ends the watch, at the latest after one interval.
        interval: Seconds between two looks.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done: dict[Path, _State] = {}
    seen = _look(folder)
    while not stop.wait(interval):
        now = _look(folder)
        whole = [path for path, state in now.items() if seen.get(path) == state and done.get(path) != state]
        if whole:
            yield page_files(sorted(whole))
            done |= {path: now[path] for path in whole}
        done = {path: state for path, state in done.items() if path in now}
        seen = now


def _look(folder: Path) -> dict[Path, _State]:
    """The files below a folder with size and time of change, without those that say that they are not finished."""
    found: dict[Path, _State] = {}
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or path.name.endswith(_PARTIAL):
            continue
        try:
            stat = path.stat()
        except OSError:  # gone since it was listed
            continue
        if path.is_file():
            found[path] = (stat.st_size, stat.st_mtime_ns)
    return found
