"""What readers have set."""

from datetime import time
from zoneinfo import ZoneInfo

from bot.archive.database import Connections
from bot.models import Reader, Script, Sort


class Readers:
    """The readers in the chat's database. Any thread may use it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def get(self, reader_id: int) -> Reader:
        """A reader; one who has set nothing has the defaults."""
        with self._connections.reading() as db:
            rows = list(db.query("SELECT * FROM reader WHERE id = ?", [reader_id]))
        if not rows:
            return Reader(reader_id)
        row = rows[0]
        return Reader(
            reader_id,
            language=row["language"],
            per_screen=row["per_screen"],
            sort=Sort(row["sort"]),
            script=Script(row["script"]),
            timezone=ZoneInfo(row["timezone"]) if row["timezone"] else None,
            quiet=(time.fromisoformat(row["quiet_from"]), time.fromisoformat(row["quiet_to"]))
            if row["quiet_from"]
            else None,
            digest_at=time.fromisoformat(row["digest_at"]) if row["digest_at"] else None,
            blocked=bool(row["blocked"]),
        )

    def put(self, reader: Reader) -> None:
        """Keep what a reader has set."""
        begin, end = reader.quiet or (None, None)
        with self._connections.writing() as db:
            db.table("reader").upsert(
                {
                    "id": reader.id,
                    "language": reader.language,
                    "per_screen": reader.per_screen,
                    "sort": reader.sort.value,
                    "script": reader.script.value,
                    "timezone": reader.timezone.key if reader.timezone else None,
                    "quiet_from": f"{begin:%H:%M}" if begin else None,
                    "quiet_to": f"{end:%H:%M}" if end else None,
                    "digest_at": f"{reader.digest_at:%H:%M}" if reader.digest_at else None,
                    "blocked": int(reader.blocked),
                },
                pk="id",
            )

    def forget(self, reader_id: int) -> bool:
        """Forget a reader; whether there was anything to forget."""
        with self._connections.writing() as db:
            return db.execute("DELETE FROM reader WHERE id = ?", [reader_id]).rowcount > 0
