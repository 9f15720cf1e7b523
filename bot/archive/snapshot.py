"""Reading the index's postings: `bot.archive.postings` says how they are kept."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

from bot.archive.checks import check

BLOCK = 1 << 16
WIDTHS: dict[str, type[np.unsignedinteger[Any]]] = {"posting_list": np.uint16, "posting_wide": np.uint32}
"""The tables of lists, and how wide a cell is in each."""

_FEW = 4000
_CHUNK = 500  # variables in a statement

Cells = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]


@dataclass(frozen=True)
class State:
    """What the index holds.

    Attributes:
        analyzer: The version of the analyzer that made the terms.
        generation: Goes up with each change.
        merged: The generation that last changed anything but the recent additions.
        size: The number of paragraphs.
        total_length: The number of their terms.
        next: One more than the largest paragraph number ever added.
        terms: The number of terms that ever had a list.
    """

    analyzer: str
    generation: int
    merged: int
    size: int
    total_length: int
    next: int
    terms: int


@dataclass(frozen=True, eq=False)
class PostingList:
    """A term's postings: ascending paragraph numbers, and the cell of each."""

    numbers: npt.NDArray[np.int32]
    cells: Cells

    @property
    def nbytes(self) -> int:
        """Their size in memory."""
        return int(self.numbers.nbytes + self.cells.nbytes) + 500  # the objects themselves

    @cached_property
    def kinds(self) -> Cells:
        """The cells that it has: each once, where there are so many postings that it matters."""
        if len(self.cells) < _FEW or self.cells.dtype != np.uint16:
            return self.cells
        return np.flatnonzero(np.bincount(self.cells)).astype(np.uint16)

    @classmethod
    def join(cls, lists: Sequence["PostingList"]) -> "PostingList":
        """One list of several, the later with the higher numbers."""
        if len(lists) == 1:
            return lists[0]
        if not lists:
            return cls(np.empty(0, np.int32), np.empty(0, np.uint16))
        return cls(np.concatenate([p.numbers for p in lists]), np.concatenate([p.cells for p in lists]))


class Batch:
    """One recent addition."""

    def __init__(self, terms: str, sizes: bytes, numbers: bytes, cells: bytes) -> None:
        self.terms: list[str] = json.loads(terms)
        self.sizes = np.frombuffer(sizes, np.uint32)
        self.numbers = np.frombuffer(numbers, np.int32)
        self.cells = np.frombuffer(cells, np.uint32)
        self._ends = np.cumsum(self.sizes)
        self._places = {term: i for i, term in enumerate(self.terms)}

    def postings(self, term: str) -> PostingList | None:
        """The term's postings in this addition; None without any."""
        place = self._places.get(term)
        if place is None:
            return None
        end = int(self._ends[place])
        where = slice(end - int(self.sizes[place]), end)
        return PostingList(self.numbers[where], self.cells[where])

    def frequency(self, term: str) -> int:
        """In how many paragraphs of this addition the term is."""
        place = self._places.get(term)
        return 0 if place is None else int(self.sizes[place])


class Snapshot:
    """The index at one moment: all reads see the same generation, whatever is written meanwhile."""

    def __init__(self, db: Database) -> None:
        self._conn = db.conn
        row = self._conn.execute(
            "SELECT analyzer, generation, merged, size, total_length, next, terms, sum FROM posting_state"
        ).fetchone()
        check(row[:-1], row[-1], "posting_state")
        self.state = State(*row[:-1])

    def cells(self, first: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """The frequency and the paragraph length of each cell, from that id on."""
        rows = self._conn.execute(
            "SELECT id, frequency, length, sum FROM posting_cell WHERE id >= ? ORDER BY id", [first]
        ).fetchall()
        for number, row in enumerate(rows, first):  # those of a table that has lost a row, too
            check((number, *row[1:3]), row[3], "posting_cell")
        table = np.array(rows, np.float64).reshape(-1, 4)
        return table[:, 1], table[:, 2]

    def terms(self) -> Iterator[str]:
        """The terms that have or had a list, and those of each recent addition."""
        yield from (term for (term,) in self._conn.execute("SELECT term FROM posting_term"))
        for (terms,) in self._conn.execute("SELECT terms FROM posting_recent"):
            yield from json.loads(terms)

    def term_id(self, term: str) -> int | None:
        """The id of a term that has or had a list."""
        row = self._conn.execute("SELECT term, id, sum FROM posting_term WHERE term = ?", [term]).fetchone()
        if row is None:
            return None
        check(row[:2], row[2], "posting_term")
        return int(row[1])

    def lists(self, table: str, first: int, last: int) -> list[tuple[int, bytes, bytes]]:
        """The rows of a table of lists with keys from `first` to `last`: key, offsets and cells."""
        rows = self._conn.execute(
            f"SELECT key, offsets, cells, offsets_sum, cells_sum FROM {table} WHERE key BETWEEN ? AND ?", [first, last]
        ).fetchall()
        for key, offsets, cells, offsets_sum, cells_sum in rows:
            check((key, offsets), offsets_sum, table)
            check((key, cells), cells_sum, table)
        return [row[:3] for row in rows]

    def merged_postings(self, term: str) -> PostingList:
        """The term's postings but for recent additions."""
        term_id = self.term_id(term)
        if term_id is None:
            return PostingList.join([])
        narrow, wide = (
            [
                PostingList(
                    np.frombuffer(offsets, np.uint16).astype(np.int32) + (key % BLOCK) * BLOCK,
                    np.frombuffer(cells, width),
                )
                for key, offsets, cells in self.lists(table, term_id * BLOCK, term_id * BLOCK + BLOCK - 1)
            ]
            for table, width in WIDTHS.items()
        )
        found = PostingList.join(narrow + wide)
        if wide:
            order = np.argsort(found.numbers, kind="stable")
            return PostingList(found.numbers[order], found.cells[order])
        return found

    def merged_frequency(self, term: str) -> int:
        """In how many paragraphs the term is, but for recent additions; this reads no list."""
        term_id = self.term_id(term)
        if term_id is None:
            return 0
        sql = "SELECT coalesce(sum(length(offsets)), 0) / 2 FROM {} WHERE key BETWEEN ? AND ?"
        keys = [term_id * BLOCK, term_id * BLOCK + BLOCK - 1]
        return sum(int(self._conn.execute(sql.format(table), keys).fetchone()[0]) for table in WIDTHS)

    def batches(self, known: Mapping[int, Batch]) -> dict[int, Batch]:
        """The recent additions by their first paragraph number; those that are known are not read again."""
        firsts = [first for (first,) in self._conn.execute("SELECT first FROM posting_recent ORDER BY first")]
        return {first: known.get(first) or self._batch(first) for first in firsts}

    def _batch(self, first: int) -> Batch:
        row = self._conn.execute("SELECT * FROM posting_recent WHERE first = ?", [first]).fetchone()
        check(row[:-1], row[-1], "posting_recent")
        return Batch(*row[2:-1])

    def paragraphs(self, numbers: Iterable[int]) -> Iterator[tuple[int, int, bytes]]:
        """Of each paragraph there, in ascending order: number, length, and its text in UTF-16."""
        select = "SELECT number, length, text, sum FROM posting_paragraph"
        ascending = sorted(set(numbers))
        for start in range(0, len(ascending), _CHUNK):
            chunk = ascending[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            for *row, written in self._conn.execute(f"{select} WHERE number IN ({marks}) ORDER BY number", chunk):
                check(row, written, "posting_paragraph")
                number, length, text = row
                yield number, length, text
