"""Checksums of rows: a disk that gives back other bytes than it was given must not make an answer wrong.

SQLite itself notices damage only where it no longer understands its own pages. A row is checked when it is read from
the file; what is kept in memory was checked when it came there.
"""

import sqlite3
import zlib
from collections.abc import Sequence

Value = int | str | bytes | None


class DamagedRow(sqlite3.DatabaseError):
    """A row is not as it was written: the file is damaged, whatever SQLite says."""


class DamagedIndex(DamagedRow):
    """A row of the index is not as it was written; the index can be made anew from the paragraphs."""


def checksum(*values: Value) -> int:
    """The CRC-32 of a row's values, 0 to 2**32 - 1."""
    found = 0
    for value in values:
        found = zlib.crc32(value if type(value) is bytes else str(value).encode("utf-8", "surrogatepass"), found)
    return found


def check(values: Sequence[Value], written: int, table: str, error: type[DamagedRow] = DamagedIndex) -> None:
    """Compare a row's values with the checksum that was written with them.

    Raises:
        DamagedRow: They differ; of the type `error`.
    """
    if checksum(*values) != written:
        raise error(f"a row of {table} is not as it was written")


def register(connection: sqlite3.Connection) -> None:
    """Let SQL go on with a checksum: `crc32(bytes, checksum of what is before them)`."""
    connection.create_function("crc32", 2, zlib.crc32, deterministic=True)
