"""Connections to one SQLite database: one a thread, so that reading never waits for writing."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from sqlite_utils import Database

from bot.archive.checks import register

BUSY_TIMEOUT = 10.0
"""Seconds that a write waits for another one, in this process or in another."""

_LOG = 16 << 20
"""Bytes that the write-ahead log keeps on the disk once it is written back."""

_CACHE = 512
"""Kibibytes of pages that a connection keeps, and there is one a thread; the system's own cache has the others."""


def _text(data: bytes) -> str:
    """What is no text any more comes, too: its row's checksum tells what is damaged."""
    return data.decode("utf-8", "replace")


class Connections:
    """Opens connections to a database file as threads ask for them; a database in memory has one, which they share."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._lock = threading.RLock()
        self._shared = self._connect() if path is None else None

    @classmethod
    def in_memory(cls) -> "Connections":
        return cls(None)

    @property
    def read_only(self) -> bool:
        """Whether the database is there on a disk that cannot be written to: what it holds can still be read."""
        return self.path is not None and self.path.exists() and bool(os.statvfs(self.path).f_flag & os.ST_RDONLY)

    def _connect(self) -> Database:
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?immutable=1" if self.path and self.read_only else self.path or ":memory:",
            timeout=BUSY_TIMEOUT,
            isolation_level=None,  # transactions begin where this module begins them, and nowhere else
            check_same_thread=False,  # for close(), and for the one in memory, which a lock guards
            uri=self.path is not None and self.read_only,
        )
        db = Database(connection)
        register(connection)
        connection.text_factory = _text
        if self.path is not None and not self.read_only:
            _enable_wal(db)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA journal_size_limit = {_LOG}")
            connection.execute("PRAGMA cell_size_check = ON")  # damage is found where a page is read
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        with self._lock:
            self._all.append(connection)
        return db

    def _database(self) -> Database:
        if self._shared is not None:
            return self._shared
        db: Database | None = getattr(self._local, "db", None)
        if db is None:
            db = self._local.db = self._connect()
        return db

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Database]:
        db = self._database()
        with self._lock if db is self._shared else nullcontext():
            if db.conn.in_transaction:  # a part of a larger one
                with db.atomic():
                    yield db
                return
            db.conn.execute(begin)
            try:
                yield db
            except BaseException:
                db.conn.rollback()
                raise
            db.conn.commit()

    def reading(self) -> AbstractContextManager[Database]:
        """A transaction that sees the database as it is at its first read."""
        return self._transaction("BEGIN")

    def writing(self) -> AbstractContextManager[Database]:
        """A transaction that has the right to write from its start; all of it is kept, or nothing."""
        return self._transaction("BEGIN IMMEDIATE")

    def copy_to(self, path: Path) -> None:
        """Copy the database to a file with SQLite's backup, while others read and write."""
        target = sqlite3.connect(path)
        try:
            self._database().conn.backup(target)
        finally:
            target.close()

    def close(self) -> None:
        """Close every thread's connection; no thread may use one any more."""
        with self._lock:
            for connection in self._all:
                connection.close()
            self._all.clear()


def _enable_wal(db: Database) -> None:
    """Write ahead from now on. Where another process has just made the file and writes, SQLite itself does not wait."""
    deadline = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            return db.enable_wal()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
