"""Where paragraphs stand: for each its article, its issue's day and its role, as arrays by paragraph id.

A question that matches a hundred thousand paragraphs must count their articles and sort them by day, which rows are too
slow for. The arrays are kept in blocks; what a paragraph stands for never changes, only blocks come and entries go.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

from bot.archive.checks import check, checksum
from bot.archive.database import Connections
from bot.models import Role

BLOCK = 4096
"""Paragraph ids in a row of the table."""

ROLES = tuple(Role)

_TYPES = (np.int32, np.int32, np.uint8)


@dataclass(frozen=True)
class Places:
    """By paragraph id.

    Attributes:
        article: The id of its article; 0 where there is no such paragraph, or where it repeats a story.
        day: The ordinal day of its issue.
        role: Its role, by number in `ROLES`.
        first_hidden: The first paragraph that is left out as it came later; None where all are there.
    """

    article: npt.NDArray[np.int32]
    day: npt.NDArray[np.int32]
    role: npt.NDArray[np.uint8]
    first_hidden: int | None = None

    def __len__(self) -> int:
        return len(self.article)

    def until(self, newest: int) -> "Places":
        """Those of the articles up to an id alone, as if no other had come."""
        if newest >= self.articles - 1:
            return self
        later = self.article > newest
        return replace(self, article=self.article * ~later, first_hidden=int(later.argmax()))

    @cached_property
    def articles(self) -> int:
        """One more than the highest id of an article."""
        return int(self.article.max(initial=0)) + 1


class PlaceTable:
    """The arrays in the archive's database. Any thread may use it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._lock = Lock()  # guards the two below
        self._seen = 0
        self._places = Places(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.uint8))

    def current(self) -> Places:
        """The arrays as they are now; only the blocks that have changed are read."""
        with self._connections.reading() as db:
            [(newest,)] = db.execute("SELECT coalesce(max(changed), 0) FROM place").fetchall()
            with self._lock:
                if newest > self._seen:
                    rows = db.execute("SELECT * FROM place WHERE changed > ? ORDER BY block", [self._seen]).fetchall()
                    size = max(len(self._places), (rows[-1][0] + 1) * BLOCK)
                    now = Places(np.zeros(size, np.int32), np.zeros(size, np.int32), np.zeros(size, np.uint8))
                    for array, old in zip(_columns(now), _columns(self._places), strict=True):
                        array[: len(old)] = old
                    for block, _, *blobs, written in rows:
                        check((block, *blobs), written, "place")
                        for array, blob in zip(_columns(now), blobs, strict=True):
                            array[block * BLOCK : (block + 1) * BLOCK] = np.frombuffer(blob, array.dtype)
                    self._places, self._seen = now, newest
                return self._places

    def add(self, first: int, last: int) -> None:
        """Note where the paragraphs with ids from `first` to `last` stand.

        A second half's are the whole article's; those of a repeated story are left out.
        """
        with self._connections.writing() as db:
            rows = db.execute(
                """SELECT paragraph.id, coalesce(continues, article_id), edition.date, role
                   FROM paragraph JOIN article ON article.id = article_id JOIN page ON page.id = page_id
                   JOIN edition ON edition.id = edition_id
                   WHERE paragraph.id BETWEEN ? AND ? AND copy_of IS NULL ORDER BY paragraph.id""",
                [first, last],
            ).fetchall()
            days = {text: date.fromisoformat(text).toordinal() for text in {row[2] for row in rows}}
            self._change(db, [(i, article, days[day], ROLES.index(Role(role))) for i, article, day, role in rows])

    def remove(self, ids: Iterable[int]) -> None:
        """Forget where paragraphs stood."""
        with self._connections.writing() as db:
            self._change(db, [(i, 0, 0, 0) for i in sorted(ids)])

    def clear(self) -> None:
        """Forget all; who has read them reads zeros."""
        with self._connections.writing() as db:
            [(newest,)] = db.execute("SELECT coalesce(max(changed), 0) FROM place").fetchall()
            nothing = [np.zeros(BLOCK, kind).tobytes() for kind in _TYPES]
            for (block,) in db.execute("SELECT block FROM place").fetchall():
                _put(db, block, newest + 1, nothing)

    @staticmethod
    def _change(db: Database, rows: Sequence[tuple[int, int, int, int]]) -> None:
        if not rows:
            return
        [(newest,)] = db.execute("SELECT coalesce(max(changed), 0) FROM place").fetchall()
        table = np.array(rows, np.int64)
        for block in np.unique(table[:, 0] // BLOCK).tolist():
            here = table[table[:, 0] // BLOCK == block]
            row = db.execute("SELECT articles, days, roles, sum FROM place WHERE block = ?", [block]).fetchone()
            if row:
                check((block, *row[:3]), row[3], "place")
            arrays: list[npt.NDArray[Any]] = [
                np.frombuffer(row[i], kind).copy() if row else np.zeros(BLOCK, kind) for i, kind in enumerate(_TYPES)
            ]
            for array, values in zip(arrays, here.T[1:], strict=True):
                array[here[:, 0] % BLOCK] = values
            _put(db, block, newest + 1, [a.tobytes() for a in arrays])


def _put(db: Database, block: int, changed: int, blobs: list[bytes]) -> None:
    row = [block, changed, *blobs, checksum(block, *blobs)]
    db.execute("REPLACE INTO place VALUES (?, ?, ?, ?, ?, ?)", row)


def _columns(places: Places) -> tuple[npt.NDArray[Any], ...]:
    return places.article, places.day, places.role
