"""Texts under short ids in memory, for while the disk takes none."""

import secrets
from collections import OrderedDict
from threading import Lock


class Spare:
    """A bounded table of texts; those that were kept longest ago go first. Any thread may use it."""

    def __init__(self, size: int = 10_000) -> None:
        self._size, self._lock = size, Lock()
        self._texts: OrderedDict[str, str] = OrderedDict()

    def keep(self, text: str) -> str:
        """Keep a text; return an id of 11 characters."""
        text_id = secrets.token_urlsafe(8)
        with self._lock:
            self._texts[text_id] = text
            if len(self._texts) > self._size:
                self._texts.popitem(last=False)
        return text_id

    def get(self, text_id: str) -> str | None:
        """The text with that id, if it is kept."""
        with self._lock:
            return self._texts.get(text_id)
