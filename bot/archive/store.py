"""The archive: editions, their pages, articles and paragraphs, and what the chat must remember."""

import json
import secrets
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.archive.database import Connections
from bot.archive.postings import Postings
from bot.models import Article, Coverage, IssueDate, Paragraph, ParsedArticle, ParsedPage, Role

_ARTICLES = """
    SELECT article.id, article.reporters, article.source_line, page.number AS page,
           edition.paper, edition.date, edition.date_inferred
    FROM article JOIN page ON page.id = article.page_id JOIN edition ON edition.id = page.edition_id
"""
_LISTED = "(SELECT value FROM json_each(?))"  # one parameter for ids of any number
_PAPER_ORDER = "edition.paper, page.number IS NULL, page.number, page.source, article.position, article.id"


@dataclass(frozen=True)
class SourceFile:
    """Where a page came from: the file's absolute path, and the SHA-256 of its bytes in hexadecimal."""

    path: str
    sha256: str


@dataclass(frozen=True)
class StoredPage:
    """A page that the archive has."""

    id: int
    source: SourceFile
    number: int | None
    paper: str
    date: IssueDate


@dataclass(frozen=True)
class PageStored:
    """What became of a page: `stored`, `replaced` or `unchanged`, and the other files whose pages it replaced."""

    outcome: str
    replaced: tuple[str, ...] = ()


class Archive:
    """An archive in a folder; opening it creates or upgrades the database. Any thread may use it.

    Args:
        path: The database file. Its folder is created when it is missing.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._connections = Connections(path)
        self.postings = Postings(self._connections)

    def close(self) -> None:
        self._connections.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes within are kept together, or none of them."""
        with self._connections.writing():
            yield

    # ---- pages in ------------------------------------------------------------------------------------------------

    def stored_pages(self, source: SourceFile) -> list[StoredPage]:
        """The pages that hold the bytes of this file, or came from its path."""
        with self._connections.reading() as db:
            rows = db.query(
                """SELECT page.id, source, sha256, number, paper, date, date_inferred
                   FROM page JOIN edition ON edition.id = edition_id WHERE sha256 = ? OR source = ?""",
                [source.sha256, source.path],
            )
            return [
                StoredPage(
                    id=row["id"],
                    source=SourceFile(row["source"], row["sha256"]),
                    number=row["number"],
                    paper=row["paper"],
                    date=IssueDate(date.fromisoformat(row["date"]), bool(row["date_inferred"])),
                )
                for row in rows
            ]

    def store_page(self, source: SourceFile, page: ParsedPage) -> PageStored:
        """Store a page, unless the archive has it; it takes the place of an older form of itself.

        The same bytes are the same page when they come from the same path, belong to the same edition, or were stored
        under an inferred date; an inferred date or a missing number never overrules what the archive knows. In an
        edition, a page is replaced by one of its number, or, without a number, of its path.

        Raises:
            ValueError: The page has no date.
        """
        known = self.stored_pages(source)
        if not page.paper:  # a correction need not say again whose page it is
            page = replace(page, paper=next((old.paper for old in known if old.source.path == source.path), ""))
        if page.date is None:
            raise ValueError("a page without a date cannot be stored")
        same = [old for old in known if old.source.sha256 == source.sha256 and _is_same(old, source, page)]
        if any(_says_no_more(page, old) for old in same):
            return PageStored("unchanged")
        with self._connections.writing() as db:
            edition = self._edition(db, page.paper, page.date)
            older = list(
                db.query(
                    """SELECT id, source FROM page WHERE edition_id = :edition AND
                       CASE WHEN :number IS NULL THEN source = :source ELSE number = :number END""",
                    {"edition": edition, "number": page.number, "source": source.path},
                )
            )
            gone = {row["id"]: row["source"] for row in older} | {old.id: old.source.path for old in same}
            kept_ids = self._remove_pages(db, list(gone))
            page_id = (
                db.table("page")
                .insert(
                    {
                        "edition_id": edition,
                        "number": page.number,
                        "source": source.path,
                        "sha256": source.sha256,
                        "furniture": json.dumps(page.furniture, ensure_ascii=False),
                    }
                )
                .last_pk
            )
            for position, article in enumerate(page.articles):
                self._insert_article(db, page_id, position, article, kept_ids)
            db.execute("DELETE FROM edition WHERE id NOT IN (SELECT edition_id FROM page)")
        others = tuple(sorted(path for path in gone.values() if path != source.path))
        return PageStored("replaced" if gone else "stored", others)

    @staticmethod
    def _edition(db: Database, paper: str, issue: IssueDate) -> int:
        db.execute(
            """INSERT INTO edition (paper, date, date_inferred) VALUES (?, ?, ?) ON CONFLICT (paper, date)
               DO UPDATE SET date_inferred = min(date_inferred, excluded.date_inferred)""",
            [paper, issue.day.isoformat(), issue.inferred],
        )
        [row] = db.query("SELECT id FROM edition WHERE paper = ? AND date = ?", [paper, issue.day.isoformat()])
        return int(row["id"])

    @staticmethod
    def _remove_pages(db: Database, pages: Sequence[int]) -> dict[str, int]:
        """Remove pages; return the ids of their articles by headline, so that links to a corrected article go on."""
        listed = [json.dumps(pages)]
        kept = db.query(
            f"""SELECT article.id, text FROM article JOIN paragraph ON article_id = article.id AND role = 'headline'
                WHERE page_id IN {_LISTED} ORDER BY article.id DESC""",
            listed,
        )
        ids = {row["text"]: row["id"] for row in kept}
        db.execute(f"DELETE FROM page WHERE id IN {_LISTED}", listed)
        return ids

    @staticmethod
    def _insert_article(
        db: Database, page_id: Any, position: int, article: ParsedArticle, kept_ids: dict[str, int]
    ) -> None:
        headline = next((block.text for block in article.blocks if block.role is Role.HEADLINE), "")
        article_id = (
            db.table("article")
            .insert(
                {
                    "id": kept_ids.pop(headline, None),
                    "page_id": page_id,
                    "position": position,
                    "reporters": json.dumps(article.reporters, ensure_ascii=False),
                    "source_line": article.source_line,
                }
            )
            .last_pk
        )
        db.table("paragraph").insert_all(
            {"article_id": article_id, "position": i, "role": str(block.role), "text": block.text}
            for i, block in enumerate(article.blocks)
        )

    # ---- articles out --------------------------------------------------------------------------------------------

    def articles(self, ids: Collection[int]) -> dict[int, Article]:
        """The articles with these ids, as far as they exist."""
        return {a.id: a for a in self._articles(f"WHERE article.id IN {_LISTED}", [json.dumps(list(ids))])}

    def issue(self, day: date) -> list[Article]:
        """All articles of a day in the paper's order: page by page, from the top."""
        return self._articles(f"WHERE edition.date = ? ORDER BY {_PAPER_ORDER}", [day.isoformat()])

    def _articles(self, rest: str, values: Sequence[object]) -> list[Article]:
        with self._connections.reading() as db:
            rows = list(db.query(_ARTICLES + rest, values))
            paragraphs: dict[int, list[Paragraph]] = {row["id"]: [] for row in rows}
            for row in db.query(
                f"SELECT * FROM paragraph WHERE article_id IN {_LISTED} ORDER BY article_id, position",
                [json.dumps(list(paragraphs))],
            ):
                paragraphs[row["article_id"]].append(Paragraph(row["id"], Role(row["role"]), row["text"]))
        return [_article(row, paragraphs[row["id"]]) for row in rows]

    def nearest_day(self, day: date | None = None) -> date | None:
        """The newest day that has an issue, not after `day` where one is given; None when there is none."""
        with self._connections.reading() as db:
            [row] = db.query(
                "SELECT max(date) AS day FROM edition WHERE date <= ?", [day.isoformat() if day else "9999"]
            )
        return date.fromisoformat(row["day"]) if row["day"] else None

    def coverage(self) -> Coverage:
        """What the archive holds."""
        with self._connections.reading() as db:
            [row] = db.query(
                """SELECT (SELECT count(*) FROM edition) AS editions, (SELECT count(*) FROM page) AS pages,
                          (SELECT count(*) FROM article) AS articles, count(*) AS paragraphs,
                          coalesce(sum(length(text)), 0) AS characters
                   FROM paragraph WHERE role IN ('text', 'crosshead')"""
            )
            ends = [
                next(db.query(f"SELECT date, date_inferred FROM edition ORDER BY date {order} LIMIT 1"), None)
                for order in ("ASC", "DESC")
            ]
        first, last = (IssueDate(date.fromisoformat(e["date"]), bool(e["date_inferred"])) if e else None for e in ends)
        return Coverage(**row, first=first, last=last)

    @property
    def empty(self) -> bool:
        with self._connections.reading() as db:
            return db.execute("SELECT 1 FROM page LIMIT 1").fetchone() is None

    # ---- for the index -------------------------------------------------------------------------------------------

    def paragraph_texts(self, after: int, limit: int) -> list[tuple[int, str]]:
        """The next paragraphs by id, every role included: what is printed can be found."""
        with self._connections.reading() as db:
            return db.execute(
                "SELECT id, text FROM paragraph WHERE id > ? ORDER BY id LIMIT ?", [after, limit]
            ).fetchall()

    def removed_paragraphs(self, limit: int) -> list[tuple[int, str]]:
        """Paragraphs that are gone, with their texts, until `forget_removed` is told that the index knows."""
        with self._connections.reading() as db:
            return db.execute("SELECT id, text FROM removed_paragraph ORDER BY id LIMIT ?", [limit]).fetchall()

    def forget_removed(self, ids: Iterable[int]) -> None:
        with self._connections.writing() as db:
            db.conn.executemany("DELETE FROM removed_paragraph WHERE id = ?", [(i,) for i in ids])

    def places(self, after: int) -> list[tuple[int, int, str, str]]:
        """For the paragraphs from the next id on: id, article id, role, and the edition's date."""
        with self._connections.reading() as db:
            return db.execute(
                """SELECT paragraph.id, article_id, role, edition.date
                   FROM paragraph JOIN article ON article.id = article_id JOIN page ON page.id = page_id
                   JOIN edition ON edition.id = edition_id WHERE paragraph.id > ? ORDER BY paragraph.id""",
                [after],
            ).fetchall()

    # ---- the chat's memory ---------------------------------------------------------------------------------------

    def save_query(self, text: str) -> str:
        """Remember a query; return the short id (11 characters) that a button can carry."""
        with self._connections.writing() as db:
            db.execute(
                """INSERT INTO saved_query VALUES (?, ?, ?)
                   ON CONFLICT (text) DO UPDATE SET used_at = excluded.used_at""",
                [secrets.token_urlsafe(8), text, int(time.time())],
            )
            [row] = db.query("SELECT id FROM saved_query WHERE text = ?", [text])
        return str(row["id"])

    def saved_query(self, query_id: str) -> str | None:
        """The query behind a button, or None when it was forgotten."""
        with self._connections.reading() as db:
            row = db.execute("SELECT text FROM saved_query WHERE id = ?", [query_id]).fetchone()
        return row[0] if row else None

    def remember_answer(self, chat_id: int, message_id: int, reply_id: int) -> None:
        """Note which message of the bot answers a reader's message."""
        with self._connections.writing() as db:
            db.execute("REPLACE INTO answer VALUES (?, ?, ?, ?)", [chat_id, message_id, reply_id, int(time.time())])

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
            db.execute("DELETE FROM saved_query WHERE used_at < ?", [before])
            db.execute("DELETE FROM answer WHERE sent_at < ?", [before])


def _is_same(old: StoredPage, source: SourceFile, page: ParsedPage) -> bool:
    """Whether a page with the same bytes is this page, and no repeated advertisement."""
    same_edition = page.date is not None and (old.date.day, old.paper) == (page.date.day, page.paper)
    return old.source.path == source.path or same_edition or old.date.inferred


def _says_no_more(page: ParsedPage, old: StoredPage) -> bool:
    """Whether the page says nothing of itself that the archive does not know."""
    same_day = page.date is None or page.date.inferred or page.date == old.date
    return same_day and page.number in (None, old.number) and page.paper in ("", old.paper)


def _article(row: dict[str, Any], paragraphs: list[Paragraph]) -> Article:
    return Article(
        id=row["id"],
        headline=next((p.text for p in paragraphs if p.role is Role.HEADLINE), ""),
        subheads=tuple(p.text for p in paragraphs if p.role is Role.SUBHEAD),
        reporters=tuple(json.loads(row["reporters"])),
        source_line=row["source_line"],
        paper=row["paper"],
        date=IssueDate(date.fromisoformat(row["date"]), bool(row["date_inferred"])),
        page=row["page"],
        paragraphs=tuple(paragraphs),
    )
