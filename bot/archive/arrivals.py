"""What has come into the archive since it was last looked at, by this process or by another."""

from dataclasses import dataclass

from bot.archive.database import Connections

_ROOT = "coalesce(copy_of, continues, id)"


@dataclass(frozen=True)
class Mark:
    """The highest paragraph id and article id that were ever given: ids only rise, in the order of the commits."""

    paragraph: int
    article: int


class Arrivals:
    """New and changed articles. A changed article keeps its id and has new paragraphs. Any thread may use it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def mark(self) -> Mark:
        """Where the archive stands; it costs two rows, whatever the archive's size."""
        with self._connections.reading() as db:
            given = dict(db.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
        return Mark(given.get("paragraph", 0), given.get("article", 0))

    def between(self, after: int, upto: int) -> dict[int, frozenset[int]]:
        """The stories that have a paragraph with an id above `after`, up to `upto`.

        Returns:
            By the id of the article that stands for the story, the ids of all that is one story with it: the article
            itself, its other halves, and its copies.
        """
        with self._connections.reading() as db:
            rows = db.execute(
                f"""WITH root AS (SELECT DISTINCT {_ROOT} AS id FROM article
                                  WHERE id IN (SELECT article_id FROM paragraph WHERE id > ? AND id <= ?))
                    SELECT root.id, root.id FROM root
                    UNION SELECT copy_of, article.id FROM article WHERE copy_of IN (SELECT id FROM root)
                    UNION SELECT continues, article.id FROM article WHERE continues IN (SELECT id FROM root)""",
                [after, upto],
            ).fetchall()
        families: dict[int, set[int]] = {}
        for root, member in rows:
            families.setdefault(root, set()).add(member)
        return {root: frozenset(members) for root, members in families.items()}
