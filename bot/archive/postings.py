"""The index's postings as rows: opaque terms, paragraph numbers and counts. What a term is, `bot.search` knows.

A posting is a paragraph's number and a cell: the id of a pair of the term's frequency and the paragraph's length, of
which there are some thousands. So a posting never changes when others come, and its weight is looked up by cell. Lists
are cut into blocks of 65,536 paragraph numbers and keyed by term id and block; a posting is the offset in the block and
the cell as one number of 32 bits (the few postings with a cell beyond 16 bits have lists of their own). The document
frequency of a term is the length of its blobs.

Additions are kept as they come, one row each, and now and then merged into the lists. Each paragraph's text is kept
beside them as the caller spells it: a search reads it where that is sooner done than to read the longest lists.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import astuple, dataclass, replace
from itertools import chain, pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

from bot.archive import schema
from bot.archive.checks import checksum
from bot.archive.database import Connections
from bot.archive.posting_lists import BLOCK, NARROW, TABLES, Numbers, posting
from bot.archive.snapshot import Snapshot, State, seed

LIMIT = 1 << 31
"""Paragraph numbers are below this."""

MERGE = 2000
"""Paragraphs among the recent additions that make it time to merge them: a second of writing."""

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Document:
    """A paragraph to add: its number, the frequency of each of its terms, and its text as the caller spells it."""

    number: int
    frequencies: Mapping[str, int]
    text: str


class Postings:
    """The posting tables of a database: the archive's, one of their own, or one in memory."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        if connections.read_only:
            return
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
        """All terms that the index knows, as they are at the first one taken.

        Those of recent additions may come twice, and some may be of paragraphs that are gone.
        """
        with self.snapshot() as snapshot:
            yield from snapshot.terms()

    def copy_to(self, path: Path) -> None:
        """Write the whole database to a file, while it is in use."""
        self._connections.copy_to(path)

    def writing(self) -> AbstractContextManager[object]:
        """All changes within are kept together, or none; nothing is read, as what is there may be damaged."""
        return self._connections.writing()

    @contextmanager
    def transaction(self) -> Iterator[State]:
        """All changes within are kept together, or none; nobody else changes the index meanwhile."""
        with self._connections.writing() as db:
            yield Snapshot(db).state

    def clear(self, analyzer: str) -> None:
        """Forget everything; the terms to come are that analyzer's."""
        with self._connections.writing() as db:
            [(newest,)] = db.execute("SELECT coalesce(max(generation), 0) FROM posting_state").fetchall()
            for table in ("term", "cell", "list", "wide", "recent", "paragraph"):
                db.execute(f"DELETE FROM posting_{table}")
            generation = newest + 1
            _set_state(db, State(analyzer, generation, generation, size=0, total_length=0, next=0, terms=0))

    def add(self, documents: Sequence[Document]) -> None:
        """Add paragraphs, with numbers that ascend, and that come after all that were ever added.

        Raises:
            ValueError: The numbers are not so, or too large.
        """
        numbers = [document.number for document in documents]
        texts = [document.text.encode("utf-16-le", "surrogatepass") for document in documents]
        lengths = [sum(document.frequencies.values()) for document in documents]
        with self.transaction() as before, self._connections.writing() as db:
            if any(b <= a for a, b in pairwise([before.next - 1, *numbers, LIMIT])):
                raise ValueError(f"paragraph numbers must ascend from {before.next} and stay below {LIMIT}")
            if not documents:
                return
            db.conn.executemany(
                "INSERT INTO posting_paragraph VALUES (?, ?, ?, ?)",
                ((*row, checksum(*row)) for row in zip(numbers, lengths, texts, strict=True)),
            )
            batch = _batch(db, documents, lengths)
            db.execute("INSERT INTO posting_recent VALUES (?, ?, ?, ?, ?, ?, ?)", [*batch, checksum(*batch)])
            after = replace(
                before,
                generation=before.generation + 1,
                size=before.size + len(documents),
                total_length=before.total_length + sum(lengths),
                next=numbers[-1] + 1,
            )
            recent = db.execute("SELECT sum(paragraphs) FROM posting_recent").fetchone()[0]
            _set_state(db, _merge(db, after) if recent >= MERGE else after)

    def remove(self, documents: Sequence[tuple[int, Iterable[str]]]) -> None:
        """Remove paragraphs, each given with the terms that it was added with; one that is not there is passed over."""
        with self._connections.writing() as db:
            terms = dict(documents)
            gone = {number: length for number, length, _ in Snapshot(db).paragraphs(terms)}
            if not gone:
                return
            state = _merge(db, Snapshot(db).state)
            leaving: dict[tuple[str, int], list[int]] = {}
            for term in sorted({term for number in gone for term in terms[number]}):
                term_id = Snapshot(db).term_id(term)
                for number in gone:
                    if term_id is not None and term in terms[number]:
                        leaving.setdefault((term, term_id * BLOCK + number // BLOCK), []).append(number % BLOCK)
            for (term, key), offsets in leaving.items():
                for table in TABLES:
                    _shorten(db, table, term, key, offsets)
            db.conn.executemany("DELETE FROM posting_paragraph WHERE number = ?", [[number] for number in gone])
            _set_state(
                db,
                replace(
                    state,
                    generation=state.generation + 1,
                    merged=state.generation + 1,
                    size=state.size - len(gone),
                    total_length=state.total_length - sum(gone.values()),
                ),
            )


def _set_state(db: Database, state: State) -> None:
    row = astuple(state)
    db.execute("REPLACE INTO posting_state VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)", [*row, checksum(*row)])


def _batch(db: Database, documents: Sequence[Document], lengths: list[int]) -> list[int | str | bytes]:
    """The row of an addition, without its checksum: its postings by term."""
    terms = list(chain.from_iterable(document.frequencies for document in documents))
    places = {term: place for place, term in enumerate(dict.fromkeys(terms))}
    frequency = np.fromiter(chain.from_iterable(d.frequencies.values() for d in documents), np.int64, len(terms))
    sizes = [len(document.frequencies) for document in documents]
    numbers = np.repeat(np.array([document.number for document in documents], np.int32), sizes)
    cells = _cells(db, frequency, np.repeat(np.array(lengths, np.int64), sizes))
    by_term = np.fromiter(map(places.__getitem__, terms), np.int64, len(terms))
    order = np.argsort(by_term, kind="stable")
    return [
        documents[0].number,
        len(documents),
        json.dumps(list(places), ensure_ascii=False),
        np.bincount(by_term, minlength=len(places)).astype(np.uint32).tobytes(),
        numbers[order].tobytes(),
        cells[order].astype(np.uint32).tobytes(),
    ]


def _cells(db: Database, frequency: Integers, length: Integers) -> Integers:
    """The cells of postings; those that there were not are made."""
    codes, which = np.unique(frequency << 40 | length, return_inverse=True)
    pairs = [(int(code) >> 40, int(code) & ((1 << 40) - 1)) for code in codes]
    ids = np.empty(len(pairs), np.int64)
    count = db.execute("SELECT count(*) FROM posting_cell").fetchone()[0]
    for i, pair in enumerate(pairs):
        row = db.conn.execute("SELECT id FROM posting_cell WHERE frequency = ? AND length = ?", pair).fetchone()
        if row is None:
            row = [count]
            made = [count, *pair]
            db.conn.execute("INSERT INTO posting_cell VALUES (?, ?, ?, ?)", [*made, checksum(*made)])
            count += 1
        ids[i] = row[0]
    return ids[which]


def _merge(db: Database, state: State) -> State:
    """Put the recent additions into the lists."""
    batches = list(Snapshot(db).batches({}).values())
    if not batches:
        return state
    ids = _term_ids(db, sorted({term for batch in batches for term in batch.terms}), state.terms)
    sizes = np.concatenate([batch.sizes for batch in batches])
    numbers = np.concatenate([batch.numbers for batch in batches]).astype(np.int64)
    cells = np.concatenate([batch.cells for batch in batches]).astype(np.int64)
    terms = np.array([ids[term] for batch in batches for term in batch.terms], np.int64)
    keys = np.repeat(terms, sizes) * BLOCK + numbers // BLOCK
    order = np.argsort(keys, kind="stable")
    keys, numbers, cells = keys[order], numbers[order], cells[order]
    narrow = cells <= NARROW
    of = {number: term for term, number in ids.items()}
    for (table, dtype), fits in zip(TABLES.items(), (narrow, ~narrow), strict=True):
        _append(db, table, of, keys[fits], posting(numbers[fits] % BLOCK, cells[fits], dtype))
    db.execute("DELETE FROM posting_recent")
    return replace(state, merged=state.generation, terms=max(state.terms, max(ids.values(), default=-1) + 1))


def _term_ids(db: Database, terms: list[str], count: int) -> dict[str, int]:
    """The ids of terms; those that had none get the next ones, from `count` on."""
    ids: dict[str, int] = {}
    snapshot = Snapshot(db)
    for term in terms:
        known = snapshot.term_id(term)
        if known is not None:
            ids[term] = known
    new = {term: count + i for i, term in enumerate(term for term in terms if term not in ids)}
    db.conn.executemany("INSERT INTO posting_term VALUES (?, ?, ?)", ((*row, checksum(*row)) for row in new.items()))
    return ids | new


def _append(db: Database, table: str, terms: Mapping[int, str], keys: Integers, postings: Numbers) -> None:
    """Add postings, sorted by key and number, to the ends of the lists of the terms with these ids."""
    starts = np.flatnonzero(np.diff(keys, prepend=-1)).tolist()
    data, size, ordered = postings.tobytes(), postings.itemsize, keys[starts].tolist()
    db.conn.executemany(
        f"""
        INSERT INTO {table} VALUES (?1, ?2, crc32(?2, ?3)) ON CONFLICT (key) DO UPDATE SET
            postings = CAST(postings || excluded.postings AS BLOB), sum = crc32(excluded.postings, sum)
        """,  # the sum goes on from that before: what was damaged meanwhile stays noticeable
        (
            (key, data[size * a : size * b], seed(terms[key // BLOCK], key))
            for key, (a, b) in zip(ordered, pairwise([*starts, len(keys)]), strict=True)
        ),
    )


def _shorten(db: Database, table: str, term: str, key: int, leaving: list[int]) -> None:
    """Take the postings with some offsets out of a list."""
    held = Snapshot(db).postings(table, term, key)
    if held is None:
        return
    postings = np.frombuffer(held, TABLES[table])
    left = postings[~np.isin(postings >> 4 * postings.itemsize, leaving)].tobytes()
    if left:
        sum_ = crc32(left, seed(term, key))
        db.conn.execute(f"UPDATE {table} SET postings = ?, sum = ? WHERE key = ?", [left, sum_, key])
    else:
        db.conn.execute(f"DELETE FROM {table} WHERE key = ?", [key])
