"""What the chat must remember: the queries behind buttons, which message answers which, and what readers have set."""

import os
import secrets
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from bot.archive import chat_schema, stamps
from bot.archive.database import Connections
from bot.archive.readers import Readers
from bot.archive.received import Received
from bot.archive.spare import Spare
from bot.archive.traces import Traces
from bot.archive.trail import Trail
from bot.archive.usage import Usage
from bot.archive.watches import Watches


class ChatMemory:
    """The chat's memory in a database file, which is created or upgraded. Any thread may use it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        _keep_private(path)
        self._spare = Spare()
        self._connections = Connections(path)
        with self._connections.writing() as db:
            chat_schema.migrations.apply(db)
        self.readers = Readers(self._connections)
        self.usage = Usage(self._connections)
        self.trail = Trail(self._connections)
        self.traces = Traces(self._connections)
        self.received = Received(self._connections)
        self.watches = Watches(self._connections, self.readers)

    def close(self) -> None:
        self._connections.close()

    def save_query(self, text: str) -> str:
        """Remember a query; return the short id (11 characters) that a button can carry."""
        try:
            with self._connections.writing() as db:
                db.execute(
                    """INSERT INTO saved_query VALUES (?, ?, ?)
                       ON CONFLICT (text) DO UPDATE SET used_at = excluded.used_at""",
                    [secrets.token_urlsafe(8), text, int(time.time())],
                )
                [row] = db.query("SELECT id FROM saved_query WHERE text = ?", [text])
            return str(row["id"])
        except sqlite3.OperationalError:  # full, read-only, locked: the button works as long as this process does
            return self._spare.keep(text)

    def saved_query(self, query_id: str) -> str | None:
        """The query behind a button, or None when it was forgotten."""
        with self._connections.reading() as db:
            row = db.execute("SELECT text FROM saved_query WHERE id = ?", [query_id]).fetchone()
        return row[0] if row else self._spare.get(query_id)

    def remember_answer(self, chat_id: int, message_id: int, reply_id: int, *, sent: float | None = None) -> None:
        """Note which message of the bot answers a reader's message.

        Args:
            chat_id: The chat.
            message_id: The reader's message.
            reply_id: The answer.
            sent: When the reader's message was sent, by Telegram's clock; now, where nobody knows.
        """
        with self._connections.writing() as db:
            db.execute(
                "REPLACE INTO answer VALUES (?, ?, ?, ?)",
                [chat_id, message_id, reply_id, int(time.time() if sent is None else sent)],
            )

    def answer_to(self, chat_id: int, message_id: int, *, since: float) -> int | None:
        """The message that answers a reader's message, if there is one that was sent since that Unix time.

        An older one is not of this bot: message numbers begin anew when another token is used with the same archive.
        """
        with self._connections.reading() as db:
            row = db.execute(
                "SELECT reply_id FROM answer WHERE chat_id = ? AND message_id = ? AND sent_at >= ?",
                [chat_id, message_id, since],
            ).fetchone()
        return row[0] if row else None

    def forget_chats(self, before: float) -> None:
        """Forget queries not used and answers sent before that Unix time, so that the memory stays bounded."""
        with self._connections.writing() as db:
            stamps.forget(db, "saved_query", "used_at", before)
            stamps.forget(db, "answer", "sent_at", before)
            self.trail.forget(before)


def _keep_private(path: Path) -> None:
    """Let none but its owner read the file, which is created where there is none, as SQLite would for all to read.

    SQLite makes the files beside it with the permissions that it has. Where another user owns them, they stay.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    for file in (path, *(path.with_name(f"{path.name}-{part}") for part in ("wal", "shm"))):
        with suppress(OSError):
            file.chmod(file.stat().st_mode & 0o700)
