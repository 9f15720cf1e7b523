"""Reading the index's postings: `bot.archive.postings` says how they are kept."""

import json
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from sqlite_utils import Database

from bot.archive.checks import DamagedIndex, check
from bot.archive.posting_lists import BLOCK, LENGTH, MORE, OFFSET, Numbers, Part, PostingList
from bot.archive.recent import Batch

_TERMS, _ROWS = 16, 32
"""Looked up at once; of terms always the same number of places, so that a statement is prepared once."""

_PART = "runs_sum, once_sum, twice_sum, more_sum, runs, once, twice, more"
_LISTS = f"""
    SELECT t.term, {{}} FROM posting_term AS t JOIN posting_list AS l
    ON l.key BETWEEN t.id * {BLOCK} AND t.id * {BLOCK} + {BLOCK - 1} WHERE t.term IN ({",".join("?" * _TERMS)})
    """
_POSTINGS = _LISTS.format(f"key, {_PART}")
_COUNTS = _LISTS.format(f"(length(l.once) + length(l.twice)) / {OFFSET.itemsize} + length(l.more) / {MORE.itemsize}")
_PARAGRAPHS = [
    f"SELECT number, length, text, sum FROM posting_paragraph WHERE number IN ({','.join('?' * count)})"
    for count in range(_ROWS + 1)
]
"""By how many."""


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


class Snapshot:
    """The index at one moment: all reads see the same generation, whatever is written meanwhile."""

    def __init__(self, db: Database) -> None:
        self._conn = db.conn
        row = self._conn.execute(
            "SELECT analyzer, generation, merged, size, total_length, next, terms, sum FROM posting_state"
        ).fetchone()
        check(row[:-1], row[-1], "posting_state")
        self.state = State(*row[:-1])

    def lengths(self) -> dict[int, Numbers]:
        """The lengths of paragraphs, by block, but for recent additions; 0 where there is none."""
        blocks = {}
        for block, lengths, written in self._conn.execute("SELECT block, lengths, sum FROM posting_block"):
            check((block, lengths), written, "posting_block")
            blocks[block] = np.frombuffer(lengths, LENGTH)
        return blocks

    def terms(self) -> Iterator[str]:
        """The terms that have or had a list, and those of each recent addition."""
        yield from (term for (term,) in self._conn.execute("SELECT term FROM posting_term"))
        for (terms,) in self._conn.execute("SELECT terms FROM posting_recent"):
            yield from json.loads(terms)

    def term_ids(self, terms: Iterable[str]) -> dict[str, int]:
        """The ids of those of the terms that have or had a list."""
        found = {}
        statement = f"SELECT term, id, sum FROM posting_term WHERE term IN ({','.join('?' * _TERMS)})"
        for term, number, written in self._chunked(statement, terms):
            check((term, number), written, "posting_term")
            found[term] = number
        return found

    def rows(self, term: str, term_id: int, block: int) -> list[tuple[int, Part]]:
        """The rows of a term's list that may have postings of a block, and their keys."""
        rows = self._conn.execute(
            f"""
            SELECT key, {_PART} FROM posting_list
            WHERE key BETWEEN ? AND ? ORDER BY key DESC LIMIT 2
            """,  # a row that begins in that block, and the one before it, which may end there
            [term_id * BLOCK, term_id * BLOCK + block],
        )
        return [(key, _part(sum_of_term(term), key, *row)) for key, *row in rows]

    def merged_postings(self, terms: Iterable[str]) -> dict[str, PostingList]:
        """The postings of each of the terms but for recent additions; an empty list for one without any."""
        found: dict[str, list[tuple[int, Part]]] = {term: [] for term in terms}
        sums = {term: sum_of_term(term) for term in found}
        for term, key, *row in self._chunked(_POSTINGS, found):
            found[term].append((key, _part(sums[term], key, *row)))
        return {term: PostingList(part for _, part in sorted(parts)) for term, parts in found.items()}

    def merged_frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many paragraphs each of the terms is, but for recent additions; this reads no list."""
        found = dict.fromkeys(terms, 0)
        for term, size in self._chunked(_COUNTS, found):
            found[term] += size
        return found

    def _chunked(self, statement: str, terms: Iterable[str]) -> Iterator[Any]:
        """What a statement with `_TERMS` places finds for some terms."""
        wanted: list[str | None] = list(terms)
        for start in range(0, len(wanted), _TERMS):
            chunk = wanted[start : start + _TERMS]
            yield from self._conn.execute(statement, chunk + [None] * (_TERMS - len(chunk)))

    def batches(self, known: Container[int] = ()) -> dict[int, Batch]:
        """The recent additions by their first paragraph numbers, which ascend; those that are known are not read."""
        firsts = [first for (first,) in self._conn.execute("SELECT first FROM posting_recent ORDER BY first")]
        return {first: self._batch(first) for first in firsts if first not in known}

    def _batch(self, first: int) -> Batch:
        row = self._conn.execute("SELECT * FROM posting_recent WHERE first = ?", [first]).fetchone()
        check(row[:-1], row[-1], "posting_recent")
        return Batch.read(*row[1:-1])

    def paragraphs(self, numbers: Iterable[int]) -> Iterator[tuple[int, int, bytes]]:
        """Of each paragraph there, but for recent additions: number, length, and text in UTF-16."""
        wanted = sorted(set(numbers))
        for start in range(0, len(wanted), _ROWS):
            chunk = wanted[start : start + _ROWS]
            for number, length, text, written in self._conn.execute(_PARAGRAPHS[len(chunk)], chunk):
                if sum_of_paragraph(number, length, text) != written:
                    raise DamagedIndex("a row of posting_paragraph is not as it was written")
                yield number, length, text

    def later(self, number: int) -> tuple[int, int]:
        """How many paragraphs have this number or a later one, but for recent additions, and their terms in all."""
        row = self._conn.execute(
            "SELECT count(*), coalesce(sum(length), 0) FROM posting_paragraph WHERE number >= ?", [number]
        ).fetchone()
        return int(row[0]), int(row[1])


def sum_of_paragraph(number: int, length: int, text: bytes) -> int:
    """The checksum of a row of `posting_paragraph`."""
    return crc32(text, (number << 12 ^ length) & 0xFFFFFFFF)


def seed(of_term: int, key: int) -> int:
    """What the checksums of a row of a term's list begin with: its bytes follow, as they come.

    Args:
        of_term: The term's `sum_of_term`.
        key: The row's.
    """
    return of_term ^ (key ^ key >> 16) & 0xFFFFFFFF


def sum_of_term(term: str) -> int:
    """What tells the lists of terms from each other."""
    return crc32(term.encode("utf-8", "surrogatepass"))


def _part(of_term: int, key: int, *row: Any) -> Part:
    """A row of `posting_list`, checked."""
    runs_sum, once_sum, twice_sum, more_sum, runs, once, twice, more = row
    begun = seed(of_term, key)  # below, no loop: many rows are read for each question
    if (
        crc32(runs, begun) != runs_sum
        or crc32(once, begun) != once_sum
        or crc32(twice, begun) != twice_sum
        or crc32(more, begun) != more_sum
    ):
        raise DamagedIndex("a row of posting_list is not as it was written")
    return Part(runs, once, twice, more)
