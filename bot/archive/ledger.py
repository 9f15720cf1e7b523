"""The ledger of an index whose vectors are kept elsewhere: ids of its terms, in how many paragraphs each is, lengths.

Terms are opaque here; what a term is, `bot.search` knows. Vectors cannot be written in the database's transactions, so
they go first, again after a kill, and a paragraph counts once it is in the ledger.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace

from sqlite_utils import Database

from bot.archive.database import Connections
from bot.archive.postings import Document

_CHUNK = 500  # variables in a statement


@dataclass(frozen=True)
class LedgerState:
    """What the index holds.

    Attributes:
        collection: What its vectors are kept as; another name each time that it is made anew.
        analyzer: The version of the analyzer that made the terms.
        average: The terms of a paragraph on the average, as the vectors take it; 0 until there is one.
        generation: Goes up with each change.
        size: The number of paragraphs.
        total_length: The number of their terms.
        next: One more than the largest paragraph number ever added.
    """

    collection: str
    analyzer: str
    average: float
    generation: int
    size: int
    total_length: int
    next: int


class Ledger:
    """The ledger in the archive's database. Any thread may use it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @property
    def state(self) -> LedgerState:
        with self._connections.reading() as db:
            return _state(db)

    def clear(self, analyzer: str) -> None:
        """Forget everything; the vectors to come are those of that analyzer, in a collection of a new name.

        The new average is the true one of what there was.
        """
        with self._connections.writing() as db:
            before = _state(db)
            average = before.total_length / before.size if before.size else 0.0
            db.execute("DELETE FROM vector_term")
            db.execute("DELETE FROM vector_paragraph")
            name = f"newsbot_{uuid.uuid4().hex}"
            _set_state(db, LedgerState(name, analyzer, average, before.generation + 1, size=0, total_length=0, next=0))

    def allot(self, terms: Iterable[str], average: float) -> dict[str, int]:
        """The ids of terms, new ones for those that had none; and the average, unless there is one."""
        wanted = sorted(set(terms))
        with self._connections.writing() as db:
            db.conn.executemany("INSERT OR IGNORE INTO vector_term (term, paragraphs) VALUES (?, 0)", zip(wanted))
            state = _state(db)
            if not state.average:
                _set_state(db, replace(state, average=average))
            return {term: number for term, number, _ in _known(db, wanted)}

    def known(self, terms: Iterable[str]) -> dict[str, tuple[int, int]]:
        """The id of each term that any paragraph has, and in how many it is."""
        with self._connections.reading() as db:
            return {term: (number, count) for term, number, count in _known(db, sorted(set(terms))) if count}

    def terms(self) -> Iterator[str]:
        """All terms that any paragraph has."""
        with self._connections.reading() as db:
            yield from (term for (term,) in db.execute("SELECT term FROM vector_term WHERE paragraphs > 0"))

    def add(self, documents: Sequence[Document]) -> None:
        """Count paragraphs, the numbers of which ascend from `next` on.

        Raises:
            ValueError: They do not.
        """
        numbers = [document.number for document in documents]
        with self._connections.writing() as db:
            state = _state(db)
            if numbers != sorted(set(numbers)) or (numbers and numbers[0] < state.next):
                raise ValueError(f"paragraph numbers must ascend from {state.next}")
            lengths = [sum(document.frequencies.values()) for document in documents]
            db.conn.executemany("INSERT INTO vector_paragraph VALUES (?, ?)", zip(numbers, lengths, strict=True))
            _count(db, Counter(term for document in documents for term in document.frequencies))
            _set_state(
                db,
                replace(
                    state,
                    generation=state.generation + 1,
                    size=state.size + len(documents),
                    total_length=state.total_length + sum(lengths),
                    next=numbers[-1] + 1 if numbers else state.next,
                ),
            )

    def remove(self, documents: Iterable[tuple[int, Iterable[str]]]) -> None:
        """Count paragraphs no more, each given with its terms; one that is not counted is passed over."""
        with self._connections.writing() as db:
            gone: list[int] = []
            leaving: Counter[str] = Counter()
            for number, terms in documents:
                row = db.execute("SELECT length FROM vector_paragraph WHERE number = ?", [number]).fetchone()
                if row:
                    db.execute("DELETE FROM vector_paragraph WHERE number = ?", [number])
                    gone.append(row[0])
                    leaving.subtract(set(terms))
            if not gone:
                return
            _count(db, leaving)
            state = _state(db)
            _set_state(
                db,
                replace(
                    state,
                    generation=state.generation + 1,
                    size=state.size - len(gone),
                    total_length=state.total_length - sum(gone),
                ),
            )


def _state(db: Database) -> LedgerState:
    row = db.execute(
        "SELECT collection, analyzer, average, generation, size, total_length, next FROM vector_state"
    ).fetchone()
    return LedgerState(*row)


def _set_state(db: Database, state: LedgerState) -> None:
    db.execute("REPLACE INTO vector_state VALUES (1, ?, ?, ?, ?, ?, ?, ?)", astuple(state))


def _count(db: Database, changes: Counter[str]) -> None:
    db.conn.executemany(
        "UPDATE vector_term SET paragraphs = paragraphs + ? WHERE term = ?", [(n, term) for term, n in changes.items()]
    )


def _known(db: Database, terms: list[str]) -> Iterator[tuple[str, int, int]]:
    for start in range(0, len(terms), _CHUNK):
        chunk = terms[start : start + _CHUNK]
        marks = ",".join("?" * len(chunk))
        yield from db.conn.execute(f"SELECT term, id, paragraphs FROM vector_term WHERE term IN ({marks})", chunk)
