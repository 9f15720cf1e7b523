"""What has happened to the disk or the database file, as far as an error tells."""

import errno
import os
import sqlite3
import tempfile
from enum import StrEnum
from pathlib import Path

from bot.archive.checks import DamagedIndex, DamagedRow

_PROBE = 64 << 10  # bytes


class Fault(StrEnum):
    """What an operator must see to, or at least know."""

    FULL = "disk_full"
    READ_ONLY = "read_only"
    DAMAGED_INDEX = "damaged_index"
    DAMAGED = "damaged"


_ERRNO = {errno.ENOSPC: Fault.FULL, errno.EDQUOT: Fault.FULL, errno.EFBIG: Fault.FULL, errno.EROFS: Fault.READ_ONLY}
_SQLITE = {
    sqlite3.SQLITE_FULL: Fault.FULL,
    sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
    sqlite3.SQLITE_CORRUPT: Fault.DAMAGED,
    sqlite3.SQLITE_NOTADB: Fault.DAMAGED,
}


def fault_of(error: BaseException) -> Fault | None:
    """The fault behind an error; None for an error of another kind."""
    if isinstance(error, DamagedIndex):
        return Fault.DAMAGED_INDEX
    if isinstance(error, OSError):
        return _ERRNO.get(error.errno or 0)
    if isinstance(error, sqlite3.OperationalError):
        return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    # what SQLite does not understand of its own file, and rows that fail their checksum
    return Fault.DAMAGED if type(error) in (sqlite3.DatabaseError, DamagedRow) else None


def disk_fault(folder: Path) -> Fault | None:
    """Whether a folder takes new bytes now; what keeps it from it."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(os.urandom(_PROBE))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return fault_of(error)
    return None
