"""The index's postings as rows: opaque terms, paragraph numbers and counts. What a term is, `bot.search` knows.

Paragraph numbers are kept in blocks of 65,536: a posting is a number's offset in its block (uint16) and the term's
frequency in the paragraph (uint16). A new edition touches only the last block's rows; the document frequency of a term
is the length of its blobs.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

from bot.archive import schema
from bot.archive.database import Connections

BLOCK = 1 << 16
ABSENT = -1
"""The length of a paragraph number that has no paragraph."""

Offsets = npt.NDArray[np.uint16]
Lengths = npt.NDArray[np.int32]


@dataclass(frozen=True)
class State:
    """What the index holds.

    Attributes:
        analyzer: The version of the analyzer that made the terms.
        generation: Goes up with each change.
        size: The number of paragraphs.
        total_length: The number of their terms.
        next: One more than the largest paragraph number ever added.
    """

    analyzer: str
    generation: int
    size: int
    total_length: int
    next: int


@dataclass(frozen=True)
class PostingList:
    """A term's postings in one block: ascending offsets, and how often the term occurs in each paragraph."""

    block: int
    offsets: Offsets
    frequencies: Offsets


class Snapshot:
    """The index at one moment: all reads see the same generation, whatever is written meanwhile."""

    def __init__(self, db: Database) -> None:
        self._db = db
        [row] = db.query("SELECT analyzer, generation, size, total_length, next FROM posting_state")
        self.state = State(**row)

    def lengths(self, changed_after: int) -> dict[int, Lengths]:
        """The paragraph lengths of each block that was changed after that generation."""
        rows = self._db.query("SELECT block, lengths FROM posting_block WHERE changed > ?", [changed_after])
        return {row["block"]: np.frombuffer(row["lengths"], np.int32) for row in rows}

    def postings(self, terms: Iterable[str]) -> dict[str, list[PostingList]]:
        """The postings of each term that the index knows, block by block."""
        found: dict[str, list[PostingList]] = {}
        for term in terms:
            rows = self._db.execute(
                "SELECT block, offsets, frequencies FROM posting WHERE term = ? ORDER BY block", [term]
            ).fetchall()
            if rows:
                found[term] = [
                    PostingList(block, np.frombuffer(offsets, np.uint16), np.frombuffer(frequencies, np.uint16))
                    for block, offsets, frequencies in rows
                ]
        return found


class Postings:
    """The posting tables of a database: the archive's, one of their own, or one in memory."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        with connections.writing() as db:
            schema.migrations.apply(db)

    @classmethod
    def in_memory(cls) -> "Postings":
        return cls(Connections.in_memory())

    @classmethod
    def at(cls, path: Path) -> "Postings":
        return cls(Connections(path))

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Read the index as it is now."""
        with self._connections.reading() as db:
            yield Snapshot(db)

    def terms(self) -> Iterator[str]:
        """All terms that the index knows, each once, as they are at the first one taken."""
        with self._connections.reading() as db:
            yield from (term for (term,) in db.execute("SELECT DISTINCT term FROM posting"))

    def copy_to(self, path: Path) -> None:
        """Write the whole database to a file, while it is in use."""
        self._connections.copy_to(path)

    def clear(self, analyzer: str) -> None:
        """Forget everything; the terms to come are that analyzer's."""
        with self.transaction() as before, self._connections.writing() as db:
            db.execute("DELETE FROM posting")
            db.execute("DELETE FROM posting_text")
            db.execute("UPDATE posting_block SET lengths = x'', changed = ?", [before.generation + 1])
            db.execute(
                "UPDATE posting_state SET analyzer = ?, generation = ?, size = 0, total_length = 0, next = 0",
                [analyzer, before.generation + 1],
            )

    @contextmanager
    def transaction(self) -> Iterator[State]:
        """All changes within are kept together, or none; nobody else changes the index meanwhile."""
        with self._connections.writing() as db:
            yield Snapshot(db).state

    def add(self, documents: Sequence[tuple[int, Mapping[str, int]]]) -> None:
        """Add paragraphs.

        Args:
            documents: For each its number, ascending and after all that were ever added, and its terms' frequencies.

        Raises:
            ValueError: The numbers are not so.
        """
        numbers = [number for number, _ in documents]
        pending: dict[tuple[str, int], tuple[list[int], list[int]]] = {}
        lengths: dict[int, dict[int, int]] = {}
        for number, frequencies in documents:
            block, offset = divmod(number, BLOCK)
            lengths.setdefault(block, {})[offset] = sum(frequencies.values())
            for term, frequency in frequencies.items():
                offsets, counts = pending.setdefault((term, block), ([], []))
                offsets.append(offset)
                counts.append(min(frequency, 0xFFFF))
        rows = [
            (term, block, np.array(offsets, np.uint16).tobytes(), np.array(counts, np.uint16).tobytes())
            for (term, block), (offsets, counts) in sorted(pending.items())
        ]
        with self.transaction() as before, self._connections.writing() as db:
            if any(b <= a for a, b in pairwise([before.next - 1, *numbers])):
                raise ValueError(f"paragraph numbers must ascend from {before.next}")
            db.conn.executemany(
                """
                INSERT INTO posting VALUES (?, ?, ?, ?) ON CONFLICT (term, block) DO UPDATE SET
                    offsets = CAST(offsets || excluded.offsets AS BLOB),
                    frequencies = CAST(frequencies || excluded.frequencies AS BLOB)
                """,
                rows,
            )
            self._set_lengths(db, lengths, before)
            db.execute(
                "UPDATE posting_state SET generation = ?, size = ?, total_length = ?, next = ?",
                [
                    before.generation + 1,
                    before.size + len(documents),
                    before.total_length + sum(sum(block.values()) for block in lengths.values()),
                    max(before.next, *(number + 1 for number in numbers), 0),
                ],
            )

    def keep_texts(self, texts: Sequence[tuple[int, str]]) -> None:
        """Keep the texts of paragraphs that no archive keeps."""
        with self._connections.writing() as db:
            db.conn.executemany("REPLACE INTO posting_text VALUES (?, ?)", texts)

    def texts(self, numbers: Iterable[int]) -> dict[int, str]:
        """The texts that were kept of these paragraphs."""
        with self._connections.reading() as db:
            rows = db.execute(
                "SELECT number, text FROM posting_text WHERE number IN (SELECT value FROM json_each(?))",
                [json.dumps(list(numbers))],
            )
            return dict(rows.fetchall())

    def remove(self, documents: Sequence[tuple[int, Iterable[str]]]) -> None:
        """Remove paragraphs, each given with the terms that it was added with; one that is not there is passed over."""
        with self.transaction() as state, self._connections.writing() as db:
            gone: dict[int, dict[int, int]] = {}
            removed_length = 0
            leaving: dict[tuple[str, int], list[int]] = {}
            lengths = Snapshot(db).lengths(changed_after=-1)
            for number, terms in documents:
                block, offset = divmod(number, BLOCK)
                known = lengths.get(block)
                if known is None or offset >= len(known) or known[offset] == ABSENT or offset in gone.get(block, {}):
                    continue
                removed_length += int(known[offset])
                gone.setdefault(block, {})[offset] = ABSENT
                for term in terms:
                    leaving.setdefault((term, block), []).append(offset)
            for (term, block), offsets in sorted(leaving.items()):
                self._shorten(db, term, block, offsets)
            self._set_lengths(db, gone, state)
            db.execute(
                "UPDATE posting_state SET generation = ?, size = ?, total_length = ?",
                [
                    state.generation + 1,
                    state.size - sum(map(len, gone.values())),
                    state.total_length - removed_length,
                ],
            )

    @staticmethod
    def _shorten(db: Database, term: str, block: int, leaving: list[int]) -> None:
        row = db.execute(
            "SELECT offsets, frequencies FROM posting WHERE term = ? AND block = ?", [term, block]
        ).fetchone()
        if row is None:
            return
        offsets, frequencies = (np.frombuffer(blob, np.uint16) for blob in row)
        stays = ~np.isin(offsets, leaving)
        if stays.any():
            db.execute(
                "UPDATE posting SET offsets = ?, frequencies = ? WHERE term = ? AND block = ?",
                [offsets[stays].tobytes(), frequencies[stays].tobytes(), term, block],
            )
        else:
            db.execute("DELETE FROM posting WHERE term = ? AND block = ?", [term, block])

    @staticmethod
    def _set_lengths(db: Database, lengths: Mapping[int, Mapping[int, int]], state: State) -> None:
        for block, changes in lengths.items():
            row = db.execute("SELECT lengths FROM posting_block WHERE block = ?", [block]).fetchone()
            old = np.frombuffer(row[0], np.int32) if row else np.empty(0, np.int32)
            new = np.full(max(len(old), max(changes) + 1), ABSENT, np.int32)
            new[: len(old)] = old
            new[list(changes)] = list(changes.values())
            db.execute("REPLACE INTO posting_block VALUES (?, ?, ?)", [block, new.tobytes(), state.generation + 1])
