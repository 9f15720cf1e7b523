"""What the operators are told: how much is asked, and what went wrong. Counts only: no words, and nobody's name."""

import time
from dataclasses import dataclass
from datetime import date

from bot.archive import stamps
from bot.archive.database import Connections


@dataclass(frozen=True)
class DayOfUse:
    """How many questions a day brought, and how many of them found nothing."""

    day: date
    queries: int
    found_nothing: int


class Usage:
    """The counts in the chat's database. Any thread may use it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def note_query(self, day: date, *, found: bool) -> None:
        """Count a question."""
        with self._connections.writing() as db:
            db.execute(
                """INSERT INTO query_count VALUES (?, 1, ?) ON CONFLICT (day) DO UPDATE
                   SET queries = queries + 1, found_nothing = found_nothing + excluded.found_nothing""",
                [day.isoformat(), int(not found)],
            )

    def days(self, limit: int) -> list[DayOfUse]:
        """The last days on which something was asked, the newest first."""
        with self._connections.reading() as db:
            rows = db.execute("SELECT * FROM query_count ORDER BY day DESC LIMIT ?", [limit]).fetchall()
        return [DayOfUse(date.fromisoformat(day), queries, nothing) for day, queries, nothing in rows]

    def total(self) -> tuple[int, int]:
        """How many questions there were ever, and how many of them found nothing."""
        with self._connections.reading() as db:
            row = db.execute("SELECT total(queries), total(found_nothing) FROM query_count").fetchone()
        return int(row[0]), int(row[1])

    def readers(self, since: float) -> int:
        """How many readers were answered in a private chat since that Unix time."""
        with self._connections.reading() as db:
            row = db.execute(
                "SELECT count(DISTINCT chat_id) FROM answer WHERE chat_id > 0 AND sent_at >= ?", [since]
            ).fetchone()
        return int(row[0])

    def note_error(self, kind: str, place: str) -> bool:
        """Note an error of a type at a place in the program; whether it is the first of its sort in a month."""
        with self._connections.writing() as db:
            now = int(time.time())
            new = db.execute(
                "UPDATE error_seen SET seen_at = ? WHERE kind = ? AND place = ?", [now, kind, place]
            ).rowcount
            if new == 0:
                db.execute("INSERT INTO error_seen VALUES (?, ?, ?)", [kind, place, now])
        return bool(new == 0)

    def forget_errors(self, before: float) -> None:
        """Errors that have not been seen since that Unix time are news again."""
        with self._connections.writing() as db:
            stamps.forget(db, "error_seen", "seen_at", before)
