"""Files that came in by way of the chat: each waits under an id until it is stored or dropped, over restarts, too."""

import os
import re
import secrets
import shutil
import string
from pathlib import Path

from bot.archive.stamps import is_set

_ID = re.compile(r"[a-z]{10}")
_UNSAFE = re.compile(r"[^\w.()（）-]+")
_NAME_BYTES = 100
_KEPT = ".kept"


class Inbox:
    """A folder of uploads, one folder below it for each, of letters only, so that no date is read from its name.

    Args:
        folder: It is made with the first file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, name: str, data: bytes) -> str:
        """Put a file in; return its id: ten letters.

        Args:
            name: What the sender calls it. Dates and page numbers in it stay, what a path would mean goes.
            data: Its bytes.
        """
        upload_id = "".join(secrets.choice(string.ascii_lowercase) for _ in range(10))
        place = self._folder / upload_id
        place.mkdir(parents=True)
        (place / safe_name(name)).write_bytes(data)
        return upload_id

    def waiting(self, upload_id: str) -> Path | None:
        """The file of that id; None when it was stored, dropped, or never there."""
        place = self._folder / upload_id
        if not _ID.fullmatch(upload_id) or not place.is_dir() or (place / _KEPT).exists():
            return None
        return next((path for path in place.iterdir() if path.name != _KEPT), None)

    def keep(self, upload_id: str) -> None:
        """A file is stored: it stays, as the page's source."""
        (self._folder / upload_id / _KEPT).touch()

    def drop(self, upload_id: str) -> bool:
        """Delete a waiting file; whether it was there."""
        path = self.waiting(upload_id)
        if path is not None:
            shutil.rmtree(path.parent, ignore_errors=True)
        return path is not None

    def expire(self, before: float) -> None:
        """Delete what has waited since before that Unix time."""
        for place in self._folder.glob("*"):
            if not place.is_dir() or (since := place.stat().st_mtime) >= before:
                continue
            if is_set(since):
                self.drop(place.name)
            elif is_set(before):  # it came while the machine's clock was not set, and counts from now
                os.utime(place)


def safe_name(name: str) -> str:
    """A name as a file of ours may have it, not hidden, at most 100 bytes long, its ending kept."""
    cleaned = _UNSAFE.sub("_", re.split(r"[/\\]", name)[-1]).lstrip(".") or "page"
    stem, dot, ending = cleaned.rpartition(".")
    if not dot or len(ending) > 8:
        stem, dot, ending = cleaned, "", ""
    room = _NAME_BYTES - len((dot + ending).encode())
    return (stem.encode()[:room].decode("utf-8", "ignore") or "page") + dot + ending
