"""Reading the index's postings: `bot.archive.postings` says how they are kept."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

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
            "SELECT analyzer, generation, merged, size, total_length, next, terms FROM posting_state"
        ).fetchone()
        self.state = State(*row)

    def cells(self, first: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """The frequency and the paragraph length of each cell, from that id on."""
        rows = self._conn.execute(
            "SELECT frequency, length FROM posting_cell WHERE id >= ? ORDER BY id", [first]
        ).fetchall()
        table = np.array(rows, np.float64).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def terms(self) -> Iterator[str]:
        """The terms that have or had a list, and those of each recent addition."""
        yield from (term for (term,) in self._conn.execute("SELECT term FROM posting_term"))
        for (terms,) in self._conn.execute("SELECT terms FROM posting_recent"):
            yield from json.loads(terms)

    def merged_postings(self, terms: Iterable[str]) -> dict[str, PostingList]:
        """The postings of each of the terms but for recent additions; an empty list for one without any."""
        runs: dict[str, list[Run]] = {term: [] for term in terms}
        for table in self._tables:
            width = WIDTHS[table]
            for term, key, offsets, cells in self._of_terms(f"t.term, l.key, l.offsets, l.cells FROM {table}", runs):
                base = key % BLOCK * BLOCK
                runs[term].append(Run(base, np.frombuffer(offsets, np.uint16), np.frombuffer(cells, width)))
        return {term: PostingList(sorted(found, key=lambda run: run.base)) for term, found in runs.items()}

    def merged_frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many paragraphs each of the terms is, but for recent additions; this reads no list."""
        found = dict.fromkeys(terms, 0)
        for table in self._tables:
            for term, size in self._of_terms(f"t.term, length(l.offsets) / 2 FROM {table}", found):
                found[term] += size
        return found

    @cached_property
    def _tables(self) -> list[str]:
        """The tables of lists that have any."""
        return [table for table in WIDTHS if self._conn.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0]]

    def _of_terms(self, columns: str, terms: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        # always the same number of places, so that the statement is prepared once
        marks = ",".join("?" * _TERMS)
        sql = f"""
            SELECT {columns} AS l JOIN posting_term AS t
            ON l.key BETWEEN t.id * {BLOCK} AND t.id * {BLOCK} + {BLOCK - 1} WHERE t.term IN ({marks})
            """
        wanted = list(terms)
        for start in range(0, len(wanted), _TERMS):
            chunk = wanted[start : start + _TERMS]
            yield from self._conn.execute(sql, chunk + [None] * (_TERMS - len(chunk)))

    def batches(self, known: Mapping[int, Batch]) -> dict[int, Batch]:
        """The recent additions by their first paragraph number; those that are known are not read again."""
        firsts = [first for (first,) in self._conn.execute("SELECT first FROM posting_recent ORDER BY first")]
        sql = "SELECT terms, sizes, numbers, cells FROM posting_recent WHERE first = ?"
        return {first: known.get(first) or Batch(*self._conn.execute(sql, [first]).fetchone()) for first in firsts}

    def paragraphs(self, numbers: Iterable[int]) -> Iterator[tuple[int, int, bytes]]:
        """Of each paragraph there, in ascending order: number, length, and its text in UTF-16."""
        select = "SELECT number, length, text FROM posting_paragraph"
        ascending = sorted(set(numbers))
        for start in range(0, len(ascending), _CHUNK):
            chunk = ascending[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            yield from self._conn.execute(f"{select} WHERE number IN ({marks}) ORDER BY number", chunk)
