"""What is kept about a reader, wherever it is kept: counted and deleted by what the schema declares."""

from bot.archive.chat_schema import PERSONAL
from bot.archive.database import Connections


class Traces:
    """The rows about a reader in the chat's database. Any thread may use it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def count(self, reader_id: int) -> dict[str, int]:
        """How many rows of each table are about a reader; tables without one are left out."""
        with self._connections.reading() as db:
            counts = {
                table: db.execute(f"SELECT count(*) FROM {table} WHERE {column} = ?", [reader_id]).fetchone()[0]
                for table, column in PERSONAL.items()
            }
        return {table: count for table, count in counts.items() if count}

    def forget(self, reader_id: int) -> dict[str, int]:
        """Delete all of them, together; return how many went of each table."""
        with self._connections.writing() as db:
            counts = {
                table: db.execute(f"DELETE FROM {table} WHERE {column} = ?", [reader_id]).rowcount
                for table, column in PERSONAL.items()
            }
        return {table: count for table, count in counts.items() if count}
