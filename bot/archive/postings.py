"""The index's postings as rows: opaque terms, paragraph numbers and counts. What a term is, `bot.search` knows.

Lists are cut into blocks of 65,536 paragraph numbers and keyed by term id and block. Most paragraphs have a term once:
of these a list has the offsets in the block alone, 16 bits each. A posting of any other is the offset and a cell as one
number of 32 bits; a cell is the id of a pair of the term's frequency and the paragraph's length, of which there are
some thousands, so that its weight is looked up (the few postings with a cell beyond 16 bits have lists of their own).
The lengths of all paragraphs are kept apart. So a posting never changes when others come, and the document frequency of
a term is the length of its blobs.

Additions are kept as they come, one row each, and now and then merged into the lists. Each paragraph's text is kept
beside them as the caller spells it: a search reads it where that is sooner done than to read the longest lists.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import astuple, dataclass, replace
from itertools import chain, groupby, pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
from sqlite_utils import Database

from bot.archive import schema
from bot.archive.checks import checksum
from bot.archive.database import Connections
from bot.archive.posting_lists import BLOCK, LENGTH, MORE, NARROW, ONCE, WIDE, Integers, Numbers, Packed, posting
from bot.archive.snapshot import Snapshot, State, seed

LIMIT = 1 << 31
"""Paragraph numbers are below this."""

MERGE = 2000
"""Paragraphs among the recent additions that make it time to merge them: a second of writing."""


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
            for table in ("term", "cell", "list", "wide", "block", "recent", "paragraph"):
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
            db.execute("INSERT INTO posting_recent VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [*batch, checksum(*batch)])
            after = replace(
                before,
                generation=before.generation + 1,
                size=before.size + len(documents),
                total_length=before.total_length + sum(lengths),
                next=numbers[-1] + 1,
            )
            [(recent,)] = db.execute("SELECT sum(length(lengths)) FROM posting_recent").fetchall()
            _set_state(db, _merge(db, after) if recent >= MERGE * LENGTH.itemsize else after)

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
                _shorten(db, term, key, offsets)
                _shorten_wide(db, term, key, offsets)
            _forget_lengths(db, sorted(gone))
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
    frequencies = np.fromiter(chain.from_iterable(d.frequencies.values() for d in documents), np.int64, len(terms))
    paragraphs = np.array([document.number for document in documents], np.uint32)
    sizes = [len(document.frequencies) for document in documents]
    cells = _cells(db, frequencies, np.repeat(np.array(lengths, np.int64), sizes))
    by_term = np.fromiter(map(places.__getitem__, terms), np.int64, len(terms))
    order = np.argsort(by_term, kind="stable")
    return [
        documents[0].number,
        paragraphs.tobytes(),
        np.array(lengths, LENGTH).tobytes(),
        json.dumps(list(places), ensure_ascii=False),
        np.bincount(by_term, minlength=len(places)).astype(np.uint32).tobytes(),
        np.repeat(paragraphs, sizes)[order].tobytes(),
        cells[order].astype(np.uint32).tobytes(),
    ]


def _cells(db: Database, frequencies: Integers, lengths: Integers) -> Integers:
    """The cells of postings, 0 for those with the frequency 1; those that there were not are made."""
    codes, which = np.unique(np.where(frequencies > 1, frequencies << 40 | lengths, 0), return_inverse=True)
    ids = np.zeros(len(codes), np.int64)
    [(highest,)] = db.execute("SELECT coalesce(max(id), 0) FROM posting_cell").fetchall()
    for i, code in enumerate(codes.tolist()):
        if code == 0:
            continue
        pair = code >> 40, code & ((1 << 40) - 1)
        row = db.conn.execute("SELECT id FROM posting_cell WHERE frequency = ? AND length = ?", pair).fetchone()
        if row is None:
            highest += 1
            made = [highest, *pair]
            db.conn.execute("INSERT INTO posting_cell VALUES (?, ?, ?, ?)", [*made, checksum(*made)])
            row = [highest]
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
    keys, offsets, cells = keys[order], numbers[order] % BLOCK, cells[order]
    of, narrow = {number: term for term, number in ids.items()}, cells <= NARROW
    _append(db, of, keys[narrow], offsets[narrow], cells[narrow])
    _append_wide(db, of, keys[~narrow], posting(offsets[~narrow], cells[~narrow], WIDE))
    for batch in batches:
        _append_lengths(db, batch.paragraphs.astype(np.int64), batch.lengths)
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


def _append(db: Database, terms: Mapping[int, str], keys: Integers, offsets: Integers, cells: Integers) -> None:
    """Add postings, sorted by key and offset, to the ends of the lists of the terms with these ids."""
    starts = np.flatnonzero(np.diff(keys, prepend=-1)).tolist()
    parts = Packed(offsets, cells).parts([*starts, len(keys)])
    begun = ((key, seed(terms[key // BLOCK], key)) for key in keys[starts].tolist())
    db.conn.executemany(
        """
        INSERT INTO posting_list VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
            once = CAST(once || excluded.once AS BLOB), more = CAST(more || excluded.more AS BLOB),
            once_sum = crc32(excluded.once, once_sum), more_sum = crc32(excluded.more, more_sum)
        """,  # the sums go on from those before: what was damaged meanwhile stays noticeable
        (
            (key, once, more, crc32(once, seed), crc32(more, seed))
            for (key, seed), (once, more) in zip(begun, parts, strict=True)
        ),
    )


def _append_wide(db: Database, terms: Mapping[int, str], keys: Integers, postings: Numbers) -> None:
    """Likewise for postings with a large cell: they are few."""
    for key in np.unique(keys).tolist():
        data = postings[keys == key].tobytes()
        db.conn.execute(
            """
            INSERT INTO posting_wide VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET
                postings = CAST(postings || excluded.postings AS BLOB), sum = crc32(excluded.postings, sum)
            """,
            [key, data, crc32(data, seed(terms[key // BLOCK], key))],
        )


def _append_lengths(db: Database, numbers: Integers, lengths: Numbers) -> None:
    """Add the lengths of paragraphs to the ends of their blocks."""
    blocks = numbers // BLOCK
    for block in np.unique(blocks).tolist():
        offsets = numbers[blocks == block] % BLOCK
        [(held,)] = db.execute(
            "SELECT coalesce(max(length(lengths)), 0) FROM posting_block WHERE block = ?", [block]
        ).fetchall()
        before = held // LENGTH.itemsize
        new = np.zeros(offsets[-1] + 1 - before, LENGTH)
        new[offsets - before] = lengths[blocks == block]
        db.conn.execute(
            """
            INSERT INTO posting_block VALUES (?, ?, ?) ON CONFLICT (block) DO UPDATE SET
                lengths = CAST(lengths || excluded.lengths AS BLOB), sum = crc32(excluded.lengths, sum)
            """,
            [block, new.tobytes(), checksum(block, new.tobytes())],
        )


def _forget_lengths(db: Database, numbers: Sequence[int]) -> None:
    lengths = Snapshot(db).lengths()
    for block, gone in groupby(numbers, lambda number: number // BLOCK):
        [(held,)] = db.execute("SELECT length(lengths) FROM posting_block WHERE block = ?", [block]).fetchall()
        left = lengths[block].copy()
        left[[number % BLOCK for number in gone]] = 0
        kept = left[: held // LENGTH.itemsize].tobytes()
        db.conn.execute("REPLACE INTO posting_block VALUES (?, ?, ?)", [block, kept, checksum(block, kept)])


def _shorten(db: Database, term: str, key: int, leaving: list[int]) -> None:
    """Take the postings with some offsets out of a list."""
    run = Snapshot(db).run("posting_list", term, key)
    if run is None:
        return
    once, more = np.frombuffer(run.once, ONCE), np.frombuffer(run.more, MORE)
    left = once[~np.isin(once, leaving)].tobytes(), more[~np.isin(more >> 16, leaving)].tobytes()
    if any(left):
        row = [key, *left, *(crc32(part, seed(term, key)) for part in left)]
        db.conn.execute("REPLACE INTO posting_list VALUES (?, ?, ?, ?, ?)", row)
    else:
        db.conn.execute("DELETE FROM posting_list WHERE key = ?", [key])


def _shorten_wide(db: Database, term: str, key: int, leaving: list[int]) -> None:
    run = Snapshot(db).run("posting_wide", term, key)
    if run is None:
        return
    postings = np.frombuffer(run.more, WIDE)
    if left := postings[~np.isin(postings >> 32, leaving)].tobytes():
        db.conn.execute("REPLACE INTO posting_wide VALUES (?, ?, ?)", [key, left, crc32(left, seed(term, key))])
    else:
        db.conn.execute("DELETE FROM posting_wide WHERE key = ?", [key])
