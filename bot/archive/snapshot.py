"""Reading the index's postings: `bot.archive.postings` says how they are kept."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

from bot.archive.checks import check

BLOCK = 1 << 16
WIDTHS: dict[str, type[np.unsignedinteger[Any]]] = {"posting_list": np.uint16, "posting_wide": np.uint32}
"""The tables of lists, and how wide a cell is in each."""

_TERMS = 16  # looked up at once
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


class Run(NamedTuple):
    """Some of a term's postings: those of the paragraphs `base + offsets`, which ascend, and the cell of each."""

    base: int
    offsets: npt.NDArray[np.uint16] | npt.NDArray[np.int32]
    cells: Cells


class PostingList:
    """A term's postings in runs, which follow each other but for those of wide cells."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self.runs = tuple(runs)
        self._length = sum(len(run.offsets) for run in self.runs)

    def __len__(self) -> int:
        return self._length

    def followed_by(self, runs: Sequence[Run]) -> "PostingList":
        """With more postings."""
        return PostingList((*self.runs, *runs)) if runs else self

    @cached_property
    def numbers(self) -> npt.NDArray[np.int32]:
        """The ascending numbers of the paragraphs."""
        if not self.runs:
            return np.empty(0, np.int32)
        numbers = np.concatenate([run.offsets.astype(np.int32) + run.base for run in self.runs])
        return np.sort(numbers) if any(run.cells.dtype == np.uint32 for run in self.runs[:-1]) else numbers

    @property
    def nbytes(self) -> int:
        """About their size in memory."""
        return sum(run.offsets.nbytes + run.cells.nbytes + 400 for run in self.runs) + 200


class Batch:
    """One recent addition."""

    def __init__(self, terms: str, sizes: bytes, numbers: bytes, cells: bytes) -> None:
        self.terms: list[str] = json.loads(terms)
        self.sizes = np.frombuffer(sizes, np.uint32)
        self.numbers = np.frombuffer(numbers, np.int32)
        self.cells = np.frombuffer(cells, np.uint32)
        self._ends = np.cumsum(self.sizes)
        self._places = {term: i for i, term in enumerate(self.terms)}

    def postings(self, term: str) -> Run | None:
        """The term's postings in this addition; None without any."""
        place = self._places.get(term)
        if place is None:
            return None
        end = int(self._ends[place])
        where = slice(end - int(self.sizes[place]), end)
        return Run(0, self.numbers[where], self.cells[where])

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

    def merged_postings(self, terms: Iterable[str]) -> dict[str, PostingList]:
        """The postings of each of the terms but for recent additions; an empty list for one without any."""
        runs: dict[str, list[Run]] = {term: [] for term in terms}
        columns = "l.key, l.offsets, l.cells, l.offsets_sum, l.cells_sum"
        for table in self._tables:
            for term, key, offsets, cells, offsets_sum, cells_sum in self._of_terms(columns, table, runs):
                check((key, offsets), offsets_sum, table)
                check((key, cells), cells_sum, table)
                run = Run(key % BLOCK * BLOCK, np.frombuffer(offsets, np.uint16), np.frombuffer(cells, WIDTHS[table]))
                runs[term].append(run)
        return {term: PostingList(sorted(found, key=lambda run: run.base)) for term, found in runs.items()}

    def merged_frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many paragraphs each of the terms is, but for recent additions; this reads no list."""
        found = dict.fromkeys(terms, 0)
        for table in self._tables:
            for term, size in self._of_terms("length(l.offsets) / 2", table, found):
                found[term] += size
        return found

    @cached_property
    def _tables(self) -> list[str]:
        """The tables of lists that have any."""
        return [table for table in WIDTHS if self._conn.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0]]

    def _of_terms(self, columns: str, table: str, terms: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        """For each row of the lists of some terms, the term and columns of the row."""
        # always the same number of places, so that the statement is prepared once
        sql = f"""
            SELECT t.term, t.id, t.sum, {columns} FROM posting_term AS t JOIN {table} AS l
            ON l.key BETWEEN t.id * {BLOCK} AND t.id * {BLOCK} + {BLOCK - 1}
            WHERE t.term IN ({",".join("?" * _TERMS)})
            """
        wanted = list(terms)
        for start in range(0, len(wanted), _TERMS):
            chunk = wanted[start : start + _TERMS]
            for term, number, written, *row in self._conn.execute(sql, chunk + [None] * (_TERMS - len(chunk))):
                check((term, number), written, "posting_term")
                yield term, *row

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
