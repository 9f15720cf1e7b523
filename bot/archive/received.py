"""What Telegram has handed over and nobody has answered yet: it outlives the process that was to answer."""

import time
from typing import NamedTuple

from bot.archive.database import Connections
from bot.archive.stamps import EARLIEST

MOST = 5_000
"""Updates kept; of more, the oldest go."""

OLDEST = 24 * 3600
"""Seconds after which an answer is no use any more; Telegram itself keeps what it could not deliver as long."""

TRIES = 3
"""Starts of the bot that an update survives: one that takes the process down with it does so no more often."""


class Left(NamedTuple):
    """What a former process left.

    Attributes:
        updates: The updates, as JSON, the oldest first.
        dropped: How many were too old, or tried too often.
    """

    updates: list[str]
    dropped: int


class Received:
    """The updates in the chat's database. Any thread may use it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def keep(self, bot_id: int, update_id: int, reader_id: int | None, update: str) -> bool:
        """Keep an update of a bot, caused by a reader, as JSON; False when it is kept already."""
        with self._connections.writing() as db:
            cursor = db.execute(
                """INSERT OR IGNORE INTO received (bot_id, update_id, reader_id, content, received_at)
                   VALUES (?, ?, ?, ?, ?)""",
                [bot_id, update_id, reader_id, update, int(time.time())],
            )
            if cursor.rowcount < 1:
                return False
            db.execute("DELETE FROM received WHERE id <= ?", [(cursor.lastrowid or 0) - MOST])
        return True

    def done(self, bot_id: int, update_id: int) -> None:
        """Forget an update that was handled."""
        with self._connections.writing() as db:
            db.execute("DELETE FROM received WHERE bot_id = ? AND update_id = ?", [bot_id, update_id])

    def left(self, bot_id: int) -> Left:
        """What a former process left of a bot's updates, to be tried once more."""
        with self._connections.writing() as db:
            dropped = db.execute(
                "DELETE FROM received WHERE received_at BETWEEN ? AND ? OR tries >= ?",
                [EARLIEST, time.time() - OLDEST, TRIES],
            ).rowcount
            db.execute("UPDATE received SET tries = tries + 1 WHERE bot_id = ?", [bot_id])
            rows = db.execute("SELECT content FROM received WHERE bot_id = ? ORDER BY id", [bot_id]).fetchall()
        return Left([content for (content,) in rows], dropped)
