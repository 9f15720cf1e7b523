"""Where readers are: ways back that are too long for a button, and what each message of the bot shows."""

import secrets
import sqlite3
import time

from bot.archive import stamps
from bot.archive.database import Connections
from bot.archive.spare import Spare

PLACES = 200_000
"""Ways back that are kept, the newest: some 30 MB."""


class Trail:
    """The trail in the chat's database. Any thread may use it. Actions are opaque texts here."""

    def __init__(self, connections: Connections, *, places: int = PLACES) -> None:
        self._connections = connections
        self._places, self._spare = places, Spare()

    def keep(self, action: str) -> str:
        """Keep an action; return the short id (11 characters) that a button can carry, always the same one."""
        try:
            with self._connections.writing() as db:
                db.execute(
                    """INSERT INTO place (id, action, used_at) VALUES (?, ?, ?)
                       ON CONFLICT (action) DO UPDATE SET used_at = excluded.used_at""",
                    [secrets.token_urlsafe(8), action, int(time.time())],
                )
                db.execute("DELETE FROM place WHERE number <= (SELECT max(number) FROM place) - ?", [self._places])
                [row] = db.query("SELECT id FROM place WHERE action = ?", [action])
            return str(row["id"])
        except sqlite3.OperationalError:  # full, read-only, locked: the button works as long as this process does
            return self._spare.keep(action)

    def kept(self, place_id: str) -> str | None:
        """The action behind an id, or None when it was forgotten."""
        with self._connections.reading() as db:
            row = db.execute("SELECT action FROM place WHERE id = ?", [place_id]).fetchone()
        return row[0] if row else self._spare.get(place_id)

    def note_shown(self, chat_id: int, message_id: int, action: str | None) -> None:
        """Note what a message of the bot shows; None for nothing that a reply could ask about."""
        with self._connections.writing() as db:
            if action is None:
                db.execute("DELETE FROM shown WHERE chat_id = ? AND message_id = ?", [chat_id, message_id])
            else:
                row = [chat_id, message_id, action, int(time.time())]
                db.execute("REPLACE INTO shown VALUES (?, ?, ?, ?)", row)

    def shown(self, chat_id: int, message_id: int) -> str | None:
        """What a message of the bot shows, where it is known."""
        with self._connections.reading() as db:
            row = db.execute(
                "SELECT action FROM shown WHERE chat_id = ? AND message_id = ?", [chat_id, message_id]
            ).fetchone()
        return row[0] if row else None

    def showing(self, chat_id: int, action: str) -> int | None:
        """The last message of the bot that shows this, where one is known."""
        with self._connections.reading() as db:
            [(message_id,)] = db.execute(
                "SELECT max(message_id) FROM shown WHERE chat_id = ? AND action = ?", [chat_id, action]
            )
        return int(message_id) if message_id is not None else None

    def forget(self, before: float) -> None:
        """Forget what was not used or shown since that Unix time."""
        with self._connections.writing() as db:
            stamps.forget(db, "place", "used_at", before)
            stamps.forget(db, "shown", "shown_at", before)
