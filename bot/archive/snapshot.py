"""Reading the index's postings: `bot.archive.postings` says how they are kept."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

from bot.archive.checks import DamagedIndex, check
from bot.archive.posting_lists import BLOCK, NARROW, TABLES, PostingList, Run, posting

_TERMS, _ROWS = 16, 32
"""Looked up at once; always the same number of places, so that a statement is prepared once."""

_LISTS = {
    (columns, table): f"""
        SELECT t.term, {columns} FROM posting_term AS t JOIN {table} AS l
        ON l.key BETWEEN t.id * {BLOCK} AND t.id * {BLOCK} + {BLOCK - 1} WHERE t.term IN ({",".join("?" * _TERMS)})
        """
    for table, dtype in TABLES.items()
    for columns in ("l.key, l.postings, l.sum", f"length(l.postings) / {dtype.itemsize}")
}
_PARAGRAPHS = f"""
    SELECT number, length, text, sum FROM posting_paragraph
    WHERE number IN ({",".join("?" * _ROWS)}) ORDER BY number
    """


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


class Batch:
    """One recent addition."""

    def __init__(self, terms: str, sizes: bytes, numbers: bytes, cells: bytes) -> None:
        self.terms: list[str] = json.loads(terms)
        self.sizes = np.frombuffer(sizes, np.uint32)
        self.numbers = np.frombuffer(numbers, np.int32)
        self.cells = np.frombuffer(cells, np.uint32)
        self._places = {term: i for i, term in enumerate(self.terms)}
        self._ends = [0, *np.cumsum(self.sizes).tolist()]
        self._wide = bool(self.cells.max(initial=0) > NARROW)
        table = TABLES["posting_wide" if self._wide else "posting_list"]
        self._postings = posting((self.numbers % BLOCK).astype(np.int64), self.cells.astype(np.int64), table).tobytes()
        self._size = table.itemsize
        first, last = (self.numbers.min(initial=(1 << 31) - 1), self.numbers.max(initial=0))
        self._first, self._last = int(first) // BLOCK, int(last) // BLOCK

    def runs(self, term: str) -> Iterator[Run]:
        """The term's postings in this addition."""
        place = self._places.get(term)
        if place is None:
            return
        start, end = self._ends[place : place + 2]
        blocks = range(self._first, self._last + 1)
        cuts = [start]
        if len(blocks) > 1:
            cuts += (np.searchsorted(self.numbers[start:end], [BLOCK * one for one in blocks[1:]]) + start).tolist()
        for block, (a, b) in zip(blocks, pairwise([*cuts, end]), strict=True):
            if a < b:
                yield Run(block, self._postings[self._size * a : self._size * b], self._wide)

    def frequency(self, term: str) -> int:
        """In how many paragraphs of this addition the term is."""
        place = self._places.get(term)
        return 0 if place is None else self._ends[place + 1] - self._ends[place]


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

    def postings(self, table: str, term: str, key: int) -> bytes | None:
        """The postings with a key, which is that term's, of a table of lists."""
        row = self._conn.execute(f"SELECT postings, sum FROM {table} WHERE key = ?", [key]).fetchone()
        if row is None:
            return None
        if crc32(row[0], seed(term, key)) != row[1]:
            raise DamagedIndex(f"a row of {table} is not as it was written")
        postings: bytes = row[0]
        return postings

    def merged_postings(self, terms: Iterable[str]) -> dict[str, PostingList]:
        """The postings of each of the terms but for recent additions; an empty list for one without any."""
        runs: dict[str, list[Run]] = {term: [] for term in terms}
        sums = {term: _sum(term) for term in runs}
        for table in self._tables:
            wide = table == "posting_wide"
            for term, key, postings, written in self._of_terms("l.key, l.postings, l.sum", table, runs):
                if crc32(postings, crc32(b"%d" % key, sums[term])) != written:
                    raise DamagedIndex(f"a row of {table} is not as it was written")
                runs[term].append(Run(key % BLOCK, postings, wide))
        return {term: PostingList(sorted(found) if len(found) > 1 else found) for term, found in runs.items()}

    def merged_frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many paragraphs each of the terms is, but for recent additions; this reads no list."""
        found = dict.fromkeys(terms, 0)
        for table in self._tables:
            for term, size in self._of_terms(f"length(l.postings) / {TABLES[table].itemsize}", table, found):
                found[term] += size
        return found

    @cached_property
    def _tables(self) -> list[str]:
        """The tables of lists that have any."""
        return [table for table in TABLES if self._conn.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0]]

    def _of_terms(self, columns: str, table: str, terms: Iterable[str]) -> Iterator[Any]:
        """For each row of the lists of some terms, the term and columns of the row."""
        wanted = list(terms)
        for start in range(0, len(wanted), _TERMS):
            chunk = wanted[start : start + _TERMS]
            yield from self._conn.execute(_LISTS[columns, table], chunk + [None] * (_TERMS - len(chunk)))

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
        ascending = sorted(set(numbers))
        for start in range(0, len(ascending), _ROWS):
            chunk = ascending[start : start + _ROWS]
            rows = self._conn.execute(_PARAGRAPHS, chunk + [None] * (_ROWS - len(chunk)))
            for number, length, text, written in rows:
                if crc32(text, crc32(b"%d%d" % (number, length))) != written:
                    raise DamagedIndex("a row of posting_paragraph is not as it was written")
                yield number, length, text


def seed(term: str, key: int) -> int:
    """What the checksum of a list of a term begins with: its postings follow, as they come."""
    return crc32(b"%d" % key, _sum(term))


def _sum(term: str) -> int:
    return crc32(term.encode("utf-8", "surrogatepass"))
