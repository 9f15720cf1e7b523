"""Reading the index's postings: `bot.archive.postings` says how they are kept."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

from bot.archive.checks import DamagedIndex, check
from bot.archive.posting_lists import BLOCK, LENGTH, MORE, ONCE, WIDE, Lengths, Packed, PostingList, Run

_TERMS, _ROWS = 16, 32
"""Looked up at once; always the same number of places, so that a statement is prepared once."""

_LISTS = f"""
    SELECT t.term, {{}} FROM posting_term AS t JOIN {{}} AS l
    ON l.key BETWEEN t.id * {BLOCK} AND t.id * {BLOCK} + {BLOCK - 1} WHERE t.term IN ({",".join("?" * _TERMS)})
    """
_ROW, _WIDE_ROW = "l.key, l.once, l.more, l.once_sum, l.more_sum", "l.key, l.postings, l.sum"
_READ = {"posting_list": _LISTS.format(_ROW, "posting_list"), "posting_wide": _LISTS.format(_WIDE_ROW, "posting_wide")}
_COUNT = {
    "posting_list": _LISTS.format(
        f"length(l.once) / {ONCE.itemsize} + length(l.more) / {MORE.itemsize}", "posting_list"
    ),
    "posting_wide": _LISTS.format(f"length(l.postings) / {WIDE.itemsize}", "posting_wide"),
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
    """One recent addition.

    Attributes:
        paragraphs: The numbers of its paragraphs, ascending.
        lengths: How many terms each of them has.
        terms: Its terms.
        sizes: How many postings each term has; they follow one another in the order of the terms.
        numbers: Of each posting the paragraph.
        cells: Its cell, 0 where the paragraph has the term once.
    """

    def __init__(
        self, paragraphs: bytes, lengths: bytes, terms: str, sizes: bytes, numbers: bytes, cells: bytes
    ) -> None:
        self.paragraphs = np.frombuffer(paragraphs, np.uint32)
        self.lengths = np.frombuffer(lengths, LENGTH)
        self.terms: list[str] = json.loads(terms)
        self.sizes = np.frombuffer(sizes, np.uint32)
        self.numbers = np.frombuffer(numbers, np.uint32)
        self.cells = np.frombuffer(cells, np.uint32)
        self._places = {term: i for i, term in enumerate(self.terms)}
        self._ends = [0, *np.cumsum(self.sizes).tolist()]
        self._packed = Packed(self.numbers.astype(np.int64) % BLOCK, self.cells.astype(np.int64))
        self._blocks = range(int(self.paragraphs[0]) // BLOCK, int(self.paragraphs[-1]) // BLOCK + 1)

    def runs(self, term: str) -> Iterator[Run]:
        """The term's postings in this addition."""
        place = self._places.get(term)
        if place is None:
            return
        start, end = self._ends[place : place + 2]
        cuts = [start]
        if len(self._blocks) > 1:
            nexts = [BLOCK * block for block in self._blocks[1:]]
            cuts += (np.searchsorted(self.numbers[start:end], nexts) + start).tolist()
        for block, part in zip(self._blocks, self._packed.parts([*cuts, end]), strict=True):
            if any(part):
                yield Run(block, *part, self._packed.wide)

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
        """The frequency and the paragraph length of each cell, from that id on; there is none of the id 0."""
        rows = self._conn.execute(
            "SELECT id, frequency, length, sum FROM posting_cell WHERE id >= ? ORDER BY id", [first]
        ).fetchall()
        for number, row in enumerate(rows, first):  # those of a table that has lost a row, too
            check((number, *row[1:3]), row[3], "posting_cell")
        table = np.array(rows, np.float64).reshape(-1, 4)
        return table[:, 1], table[:, 2]

    def lengths(self) -> Lengths:
        """The lengths of paragraphs, but for recent additions."""
        blocks = {}
        for block, lengths, written in self._conn.execute("SELECT block, lengths, sum FROM posting_block"):
            check((block, lengths), written, "posting_block")
            held = np.frombuffer(lengths, LENGTH)
            blocks[block] = held if len(held) == BLOCK else np.pad(held, (0, BLOCK - len(held)))
        return Lengths(blocks)

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

    def run(self, table: str, term: str, key: int) -> Run | None:
        """The postings with a key, which is that term's, of a table of lists."""
        columns = _ROW if table == "posting_list" else _WIDE_ROW
        row = self._conn.execute(f"SELECT {columns} FROM {table} AS l WHERE key = ?", [key]).fetchone()
        return None if row is None else _RUN[table](_sum(term), *row)

    def merged_postings(self, terms: Iterable[str]) -> dict[str, PostingList]:
        """The postings of each of the terms but for recent additions; an empty list for one without any."""
        runs: dict[str, list[Run]] = {term: [] for term in terms}
        sums = {term: _sum(term) for term in runs}
        for table in self._tables:
            for term, *row in self._of_terms(_READ[table], runs):
                runs[term].append(_RUN[table](sums[term], *row))
        return {term: PostingList(sorted(found) if len(found) > 1 else found) for term, found in runs.items()}

    def merged_frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many paragraphs each of the terms is, but for recent additions; this reads no list."""
        found = dict.fromkeys(terms, 0)
        for table in self._tables:
            for term, size in self._of_terms(_COUNT[table], found):
                found[term] += size
        return found

    @cached_property
    def _tables(self) -> list[str]:
        """The tables of lists that have any."""
        return [table for table in _READ if self._conn.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0]]

    def _of_terms(self, statement: str, terms: Iterable[str]) -> Iterator[Any]:
        """What a statement finds for some terms."""
        wanted = list(terms)
        for start in range(0, len(wanted), _TERMS):
            chunk = wanted[start : start + _TERMS]
            yield from self._conn.execute(statement, chunk + [None] * (_TERMS - len(chunk)))

    def batches(self, known: Mapping[int, Batch]) -> dict[int, Batch]:
        """The recent additions by their first paragraph number; those that are known are not read again."""
        firsts = [first for (first,) in self._conn.execute("SELECT first FROM posting_recent ORDER BY first")]
        return {first: known.get(first) or self._batch(first) for first in firsts}

    def _batch(self, first: int) -> Batch:
        row = self._conn.execute("SELECT * FROM posting_recent WHERE first = ?", [first]).fetchone()
        check(row[:-1], row[-1], "posting_recent")
        return Batch(*row[1:-1])

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


def _run(seed: int, key: int, once: bytes, more: bytes, once_sum: int, more_sum: int) -> Run:
    """A row of `posting_list`, checked; the checksums begin with that of the term."""
    begun = crc32(b"%d" % key, seed)
    if crc32(once, begun) != once_sum or crc32(more, begun) != more_sum:
        raise DamagedIndex("a row of posting_list is not as it was written")
    return Run(key % BLOCK, once, more)


def _wide_run(seed: int, key: int, postings: bytes, written: int) -> Run:
    """A row of `posting_wide`, likewise."""
    if crc32(postings, crc32(b"%d" % key, seed)) != written:
        raise DamagedIndex("a row of posting_wide is not as it was written")
    return Run(key % BLOCK, b"", postings, wide=True)


_RUN: dict[str, Callable[..., Run]] = {"posting_list": _run, "posting_wide": _wide_run}


def _sum(term: str) -> int:
    return crc32(term.encode("utf-8", "surrogatepass"))
