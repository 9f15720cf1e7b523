"""Times of the machine's clock as they are kept, and what is old by them, also where the clock was wrong at times."""

import time
from datetime import UTC, datetime

from sqlite_utils import Database

EARLIEST = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
"""Before this program was written: a clock that says so has not been set yet, as on a machine that starts in 1970."""


def is_set(now: float) -> bool:
    """Whether a Unix time can be that of a clock that was set."""
    return now >= EARLIEST


def forget(db: Database, table: str, column: str, before: float) -> None:
    """Delete the rows of a table that were stamped before a Unix time; stamps that cannot be right count from now."""
    now = time.time()
    if is_set(now):
        db.execute(f"UPDATE {table} SET {column} = ? WHERE {column} < ? OR {column} > ?", [int(now), EARLIEST, now])
        db.execute(f"DELETE FROM {table} WHERE {column} < ?", [before])
