"""The index's postings as rows: opaque terms, paragraph numbers and counts. What a term is, `bot.search` knows.

Paragraph numbers are cut into blocks of 65,536. Most paragraphs have a term once or twice: of these a list has the
offsets in their blocks alone, 16 bits each. A posting of any other is the offset and the frequency as one number of 32
bits. So a posting never changes when others come, and the document frequency of a term is the length of its blobs. The
lengths of all paragraphs are kept apart.

A list is one row while it is short, so that a rare term is read at once; from `ROW` bytes on, the next block begins a
new one, so that not all of it is written again. Additions are kept as they come, one row each, and now and then merged
into the lists. Each paragraph's text is kept beside them as the caller spells it, for what a search makes of sentences.
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
from bot.archive.posting_lists import BLOCK, LENGTH, MOST, RUN, Integers, Joined, Numbers, Part, later_run, packed
from bot.archive.snapshot import Snapshot, State, seed, sum_of_paragraph, sum_of_term

LIMIT = 1 << 31
"""Paragraph numbers are below this."""

MERGE = 2000
"""Paragraphs among the recent additions that make it time to merge them: one or two seconds of writing."""

PILE = 8000
"""Likewise, while more are known to follow: a merge of four times as many takes but twice the time."""

ROW = 16 << 10
"""Bytes of postings from which on a row of a list takes no further block."""

_BEGUN = """
    iif(
        substr(runs, -16, 4) = substr(excluded.runs, 1, 4), X'',
        later_run(excluded.runs, length(once), length(twice), length(more))
    )
    """  # the run that begins where postings of another block follow


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
            for table in ("term", "list", "block", "recent", "paragraph"):
                db.execute(f"DELETE FROM posting_{table}")
            generation = newest + 1
            _set_state(db, State(analyzer, generation, generation, size=0, total_length=0, next=0, terms=0))

    def add(self, documents: Sequence[Document], *, more: bool = False) -> None:
        """Add paragraphs, with numbers that ascend, and that come after all that were ever added.

        Args:
            documents: The paragraphs.
            more: Whether others follow at once.

        Raises:
            ValueError: The numbers are not so, or too large.
        """
        numbers = [document.number for document in documents]
        with self.transaction() as before, self._connections.writing() as db:
            if any(b <= a for a, b in pairwise([before.next - 1, *numbers, LIMIT])):
                raise ValueError(f"paragraph numbers must ascend from {before.next} and stay below {LIMIT}")
            if not documents:
                return
            lengths = [sum(document.frequencies.values()) for document in documents]
            batch = _batch(documents, lengths)
            places = ", ".join("?" * (len(batch) + 1))
            db.execute(f"INSERT INTO posting_recent VALUES ({places})", [*batch, checksum(*batch)])
            after = replace(
                before,
                generation=before.generation + 1,
                size=before.size + len(documents),
                total_length=before.total_length + sum(lengths),
                next=numbers[-1] + 1,
            )
            [(recent,)] = db.execute("SELECT sum(length(lengths)) FROM posting_recent").fetchall()
            full = recent >= (PILE if more else MERGE) * LENGTH.itemsize
            _set_state(db, _merge(db, after) if full else after)

    def remove(self, documents: Sequence[tuple[int, Iterable[str]]]) -> None:
        """Remove paragraphs, each given with the terms that it was added with; one that is not there is passed over."""
        with self._connections.writing() as db:
            state = _merge(db, Snapshot(db).state)
            terms = dict(documents)
            gone = {number: length for number, length, _ in Snapshot(db).paragraphs(terms)}
            if gone:
                leaving: dict[tuple[str, int], list[int]] = {}
                for number in gone:
                    for term in terms[number]:
                        leaving.setdefault((term, number // BLOCK), []).append(number % BLOCK)
                ids = Snapshot(db).term_ids({term for term, _ in leaving})
                for (term, block), offsets in leaving.items():
                    if term in ids:
                        _shorten(db, term, ids[term], block, offsets)
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


def _batch(documents: Sequence[Document], lengths: list[int]) -> list[int | str | bytes]:
    """The row of an addition, without its checksum: its postings by term."""
    terms = list(chain.from_iterable(document.frequencies for document in documents))
    places = {term: place for place, term in enumerate(dict.fromkeys(terms))}
    frequencies = np.fromiter(chain.from_iterable(d.frequencies.values() for d in documents), np.int64, len(terms))
    paragraphs = np.array([document.number for document in documents], np.uint32)
    texts = [document.text.encode("utf-16-le", "surrogatepass") for document in documents]
    by_term = np.fromiter(map(places.__getitem__, terms), np.int64, len(terms))
    order = np.argsort(by_term, kind="stable")
    return [
        documents[0].number,
        paragraphs.tobytes(),
        np.array(lengths, LENGTH).tobytes(),
        np.array([len(text) for text in texts], np.uint32).tobytes(),
        b"".join(texts),
        json.dumps(list(places), ensure_ascii=False),
        np.bincount(by_term, minlength=len(places)).astype(np.uint32).tobytes(),
        np.repeat(paragraphs, [len(document.frequencies) for document in documents])[order].tobytes(),
        np.minimum(frequencies[order], MOST).astype(np.uint16).tobytes(),
    ]


def _merge(db: Database, state: State) -> State:
    """Put the recent additions into the lists."""
    batches = list(Snapshot(db).batches().values())
    if not batches:
        return state
    ids = _term_ids(db, sorted({term for batch in batches for term in batch.terms}), state.terms)
    terms = np.array([ids[term] for batch in batches for term in batch.terms], np.int64)
    numbers = np.concatenate([batch.numbers for batch in batches]).astype(np.int64)
    frequencies = np.concatenate([batch.frequencies for batch in batches]).astype(np.int64)
    keys = np.repeat(terms, np.concatenate([batch.counts for batch in batches])) * BLOCK + numbers // BLOCK
    order = np.argsort(keys, kind="stable")
    parts = packed(keys[order], numbers[order] % BLOCK, frequencies[order])
    _append(db, ids, parts)
    for batch in batches:
        _append_lengths(db, batch.paragraphs.astype(np.int64), batch.lengths)
        rows = zip(batch.paragraphs.tolist(), batch.lengths.tolist(), batch.texts, strict=True)
        db.conn.executemany(
            "INSERT INTO posting_paragraph VALUES (?, ?, ?, ?)", ((*row, sum_of_paragraph(*row)) for row in rows)
        )
    db.execute("DELETE FROM posting_recent")
    return replace(state, merged=state.generation, terms=max(state.terms, max(ids.values(), default=-1) + 1))


def _term_ids(db: Database, terms: list[str], count: int) -> dict[str, int]:
    """The ids of terms; those that had none get the next ones, from `count` on."""
    ids = Snapshot(db).term_ids(terms)
    new = {term: count + i for i, term in enumerate(term for term in terms if term not in ids)}
    db.conn.executemany("INSERT INTO posting_term VALUES (?, ?, ?)", ((*row, checksum(*row)) for row in new.items()))
    ids.update(new)
    return ids


def _append(db: Database, ids: Mapping[str, int], parts: Iterable[tuple[int, Part]]) -> None:
    """Add postings to the ends of the lists of the terms with these ids: to the last row, or to a new one.

    The parts ascend by key, and each of the terms has some.
    """
    db.conn.create_function("later_run", 4, later_run, deterministic=True)
    terms = sorted(ids, key=ids.__getitem__)
    by_term = zip(terms, groupby(parts, lambda one: one[0] // BLOCK), strict=True)
    rows = ((term, key, part) for term, (_, some) in by_term for key, part in some)
    db.conn.executemany(
        """
        INSERT INTO posting_list VALUES (
            coalesce((SELECT iif(size < ?, key, NULL) FROM (
                SELECT key, length(once) + length(twice) + length(more) AS size FROM posting_list
                WHERE key BETWEEN ? AND ? ORDER BY key DESC LIMIT 1
            )), ?), ?, ?, ?, ?, ?, ?, ?, ?
        ) ON CONFLICT (key) DO UPDATE SET
            runs = CAST(runs || begun AS BLOB), runs_sum = crc32(begun, runs_sum),
            once = CAST(once || excluded.once AS BLOB), once_sum = crc32(excluded.once, once_sum),
            twice = CAST(twice || excluded.twice AS BLOB), twice_sum = crc32(excluded.twice, twice_sum),
            more = CAST(more || excluded.more AS BLOB), more_sum = crc32(excluded.more, more_sum)
        """.replace("begun", _BEGUN),  # the sums go on from those before: what was damaged meanwhile stays noticeable
        ((ROW, key // BLOCK * BLOCK, key, key, *_row(term, key, part)) for term, key, part in rows),
    )


def _row(term: str, key: int, part: Part) -> tuple[int | bytes, ...]:
    """What a row of `posting_list` holds after its key."""
    begun = seed(sum_of_term(term), key)
    return *(crc32(held, begun) for held in part), *part


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
        left = lengths[block].copy()
        left[[number % BLOCK for number in gone]] = 0
        kept = left.tobytes()
        db.conn.execute("REPLACE INTO posting_block VALUES (?, ?, ?)", [block, kept, checksum(block, kept)])


def _shorten(db: Database, term: str, term_id: int, block: int, leaving: list[int]) -> None:
    """Take the postings of some paragraphs of a block out of a list."""
    for key, part in Snapshot(db).rows(term, term_id, block):
        joined = Joined([part])
        of_block = joined.blocks == block
        stays = [
            ~(np.repeat(of_block, counts) & np.isin(offsets, leaving))
            for counts, offsets in zip(joined.counts, joined.offsets, strict=True)
        ]
        if all(kept.all() for kept in stays):
            continue
        gone = np.array([np.count_nonzero(~kept) for kept in stays])
        counts = (joined.counts - np.outer(gone, of_block)).T
        left = counts.any(axis=1)
        runs = np.column_stack([joined.blocks, np.cumsum(counts, axis=0) - counts])[left].astype(RUN)
        rest = Part(runs.tobytes(), *(held[kept].tobytes() for held, kept in zip(joined.kinds, stays, strict=True)))
        if rest.runs:
            row = _row(term, key, rest)
            db.conn.execute("REPLACE INTO posting_list VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [key, *row])
        else:
            db.conn.execute("DELETE FROM posting_list WHERE key = ?", [key])
