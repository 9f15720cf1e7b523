"""The archive: editions, their pages, articles and paragraphs, and what the chat must remember."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.archive import pages
from bot.archive.arrivals import Arrivals
from bot.archive.checks import DamagedRow, check
from bot.archive.database import Connections
from bot.archive.identity import SourceFile, decide
from bot.archive.ledger import Ledger
from bot.archive.places import PlaceTable
from bot.archive.postings import Postings
from bot.models import (
    Article,
    Coverage,
    DateSpan,
    FileReport,
    IssueDate,
    Note,
    PageSize,
    Paragraph,
    ParsedPage,
    Query,
    Role,
)
from bot.paper import VERSION as PARSER

_ARTICLES = """
    SELECT article.id, article.page_id, article.reporters, article.others, article.dates, article.source_line,
           article.paragraphs, article.sum AS article_sum, page.number AS page, page.source, page.sum AS page_sum,
           edition.id AS edition, edition.paper, edition.date, edition.date_inferred, edition.sum AS edition_sum
    FROM article JOIN page ON page.id = article.page_id JOIN edition ON edition.id = page.edition_id
"""
_ROOT = "coalesce(copy_of, continues, id)"
_LISTED = "(SELECT value FROM json_each(?))"  # one parameter for ids of any number
_PAPER_ORDER = "edition.paper, page.number IS NULL, page.number, page.source, article.position, article.id"


@dataclass(frozen=True)
class PageStored:
    """What became of a page: `stored`, `replaced` or `unchanged`; the page as it is now, and what to look at."""

    outcome: str
    page: ParsedPage
    warnings: tuple[Note, ...] = ()


@dataclass(frozen=True)
class FileHeld:
    """A file whose pages the archive has as they would be read today: its SHA-256, and the report on it."""

    sha256: str
    report: FileReport


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
        self.ledger = Ledger(self._connections)
        self.places = PlaceTable(self._connections)
        self.arrivals = Arrivals(self._connections)
        self._counted: tuple[tuple[object, ...], Coverage] | None = None

    def close(self) -> None:
        self._connections.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes within are kept together, or none of them."""
        with self._connections.writing():
            yield

    # ---- pages in ------------------------------------------------------------------------------------------------

    def store_page(self, source: SourceFile, page: ParsedPage) -> PageStored:
        """Store a page, unless the archive has it; it takes the place of an older form of itself.

        `bot.archive.identity` says which page it is. An inferred date or a missing number never overrules what the
        archive knows.

        Raises:
            ValueError: The page has no date.
        """
        with self._connections.reading() as db:
            known = pages.known(db, source, page)
        decision = decide(source, page, known, PARSER)
        if decision.unchanged:
            return PageStored("unchanged", decision.page)
        with self._connections.writing() as db:
            pages.write(db, source, decision, PARSER)
        outcome = "replaced" if decision.replaces else "stored"
        return PageStored(outcome, decision.page, (decision.warning,) if decision.warning else ())

    def held(self, path: str) -> FileHeld | None:
        """The file of that absolute path, if the archive has its pages and the parser has not changed since."""
        with self._connections.reading() as db:
            rows = list(
                db.query(
                    """SELECT sha256, parser, number, date, date_inferred, count(DISTINCT article.id) AS articles,
                              sum(role IN ('text', 'crosshead')) AS paragraphs
                       FROM page JOIN edition ON edition.id = edition_id JOIN article ON page_id = page.id
                       JOIN paragraph ON article_id = article.id
                       WHERE page.id IN (
                           SELECT id FROM page WHERE source = :path
                           UNION SELECT id FROM page WHERE source >= :path || '#' AND source < :path || '$')  -- in it
                       GROUP BY page.id ORDER BY page.id""",
                    {"path": path},
                )
            )
        if not rows or any(row["parser"] != PARSER for row in rows):
            return None
        first = rows[0]
        return FileHeld(
            first["sha256"].partition("#")[0],
            FileReport(
                source=path,
                outcome="unchanged",
                articles=sum(row["articles"] for row in rows),
                paragraphs=sum(row["paragraphs"] for row in rows),
                date=IssueDate(date.fromisoformat(first["date"]), bool(first["date_inferred"])),
                page=first["number"],
            ),
        )

    def link_edition(self, paper: str, day: date) -> None:
        """Find the halves and the repeated stories among the articles of an edition, after its pages were stored."""
        with self._connections.writing() as db:
            pages.link(db, paper, day)

    def remove_edition(self, day: date, paper: str | None = None) -> int:
        """Remove the editions of a day, or the one of one paper; return the number of pages that went."""
        with self._connections.writing() as db:
            return pages.remove_edition(db, day, paper)

    # ---- articles out --------------------------------------------------------------------------------------------

    def articles(self, ids: Collection[int]) -> dict[int, Article]:
        """The articles with these ids, as far as they exist.

        The id of a second half stands for the whole article, that of a repeated story for the one that is kept.
        """
        with self._connections.reading() as db:
            roots = dict(db.execute(f"SELECT id, {_ROOT} FROM article WHERE id IN {_LISTED}", [_json(ids)]).fetchall())
            if missing := set(ids) - roots.keys():
                _check_gone(db, missing)
        whole = {a.id: a for a in self._articles(f"WHERE article.id IN {_LISTED}", [_json(set(roots.values()))])}
        return {i: whole[root] for i, root in roots.items() if root in whole}

    def issue(self, day: date) -> list[Article]:
        """All articles of a day in the paper's order: page by page, from the top; each story once."""
        return self._articles(
            f"WHERE edition.date = ? AND copy_of IS NULL AND continues IS NULL ORDER BY {_PAPER_ORDER}",
            [day.isoformat()],
        )

    def _articles(self, rest: str, values: Sequence[object]) -> list[Article]:
        with self._connections.reading() as db:
            rows = list(db.query(_ARTICLES + rest, values))
            for row in rows:
                _check(row)
            listed = [_json([row["id"] for row in rows])]
            halves = list(
                db.query(
                    f"SELECT id, continues, paragraphs FROM article WHERE continues IN {_LISTED} ORDER BY id", listed
                )
            )
            begun = {row["id"]: row["id"] for row in rows} | {half["id"]: half["continues"] for half in halves}
            missing = sum(row["paragraphs"] for row in [*rows, *halves])
            paragraphs: dict[int, list[Paragraph]] = {row["id"]: [] for row in rows}
            for row in db.query(
                """SELECT * FROM paragraph JOIN json_each(?) AS listed ON article_id = listed.value
                    ORDER BY listed.key, position""",
                [_json(list(begun))],
            ):
                pages.check_paragraph(row)
                missing -= 1
                whole = paragraphs[begun[row["article_id"]]]
                if not (row["role"] == Role.HEADLINE and whole and begun[row["article_id"]] != row["article_id"]):
                    whole.append(Paragraph(row["id"], Role(row["role"]), row["text"]))
        if missing:
            raise DamagedRow(f"{missing} paragraphs of articles cannot be found")
        return [_article(row, paragraphs[row["id"]]) for row in rows]

    def nearest_day(self, day: date | None = None) -> date | None:
        """The newest day that has an issue, not after `day` where one is given; None when there is none."""
        with self._connections.reading() as db:
            [row] = db.query(
                "SELECT max(date) AS day FROM edition WHERE date <= ?", [day.isoformat() if day else "9999"]
            )
        return date.fromisoformat(row["day"]) if row["day"] else None

    def days(self) -> tuple[date, ...]:
        """All days that have an issue, in order."""
        with self._connections.reading() as db:
            rows = db.execute("SELECT DISTINCT date FROM edition ORDER BY date").fetchall()
        return tuple(date.fromisoformat(row[0]) for row in rows)

    def coverage(self) -> Coverage:
        """What the archive holds. Counting reads all of it, so the numbers are kept until something comes or goes."""
        with self._connections.reading() as db:
            [state] = db.execute(
                """SELECT (SELECT group_concat(seq) FROM sqlite_sequence),
                          (SELECT count(*) FROM removed_paragraph), (SELECT generation FROM posting_state)"""
            ).fetchall()
            if self._counted and self._counted[0] == state:
                return self._counted[1]
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
        held = Coverage(**row, first=first, last=last)
        self._counted = state, held  # one assignment: any thread may have counted
        return held

    def page_sizes(self) -> list[PageSize]:
        """All pages in the order of papers, days and numbers, with the characters of their articles."""
        with self._connections.reading() as db:
            rows = db.execute(
                """SELECT paper, date, number, source, coalesce(sum(length(text)), 0)
                   FROM edition JOIN page ON edition_id = edition.id LEFT JOIN article ON page_id = page.id
                   LEFT JOIN paragraph ON article_id = article.id
                   GROUP BY page.id ORDER BY paper, date, number IS NULL, number, page.id"""
            ).fetchall()
        return [PageSize(paper, date.fromisoformat(day), *rest) for paper, day, *rest in rows]

    @property
    def unused(self) -> bool:
        """Whether no page was ever stored, be it one that is gone, and none is meant to be."""
        with self._connections.reading() as db:
            return db.execute("SELECT 1 FROM sqlite_sequence WHERE name = 'page'").fetchone() is None

    def claim(self) -> None:
        """Pages of its own are about to come: it is not unused any more, even if it is stopped before the first."""
        with self._connections.writing() as db:
            db.execute(
                """INSERT INTO sqlite_sequence (name, seq)
                   SELECT 'page', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'page')"""
            )

    # ---- for the index -------------------------------------------------------------------------------------------

    def paragraph_texts(self, after: int, limit: int) -> list[tuple[int, str]]:
        """The next paragraphs by id, every role included: what is printed can be found."""
        with self._connections.reading() as db:
            rows = list(db.query("SELECT * FROM paragraph WHERE id > ? ORDER BY id LIMIT ?", [after, limit]))
        return _texts(rows)

    def texts(self, ids: Collection[int], role: Role | None = None) -> dict[int, str]:
        """The texts of paragraphs, by id, as far as they exist and have that role."""
        with self._connections.reading() as db:
            rows = list(
                db.query(
                    f"SELECT * FROM paragraph WHERE id IN {_LISTED} AND role = coalesce(?, role)", [_json(ids), role]
                )
            )
        return dict(_texts(rows))

    def articles_of(self, asked: Query, by_any: Callable[[Iterable[str], Iterable[str]], bool]) -> list[int]:
        """The ids of the articles in the days, on the pages and by the reporters that a query names.

        Args:
            asked: The query.
            by_any: Whether any of the names, which come second, is one of an article's reporters.
        """
        with self._connections.reading() as db:
            bylines = db.execute("SELECT DISTINCT reporters FROM article").fetchall() if asked.reporters else []
            theirs = [byline for (byline,) in bylines if by_any(json.loads(byline), asked.reporters)]
            rows = db.execute(
                """SELECT article.id FROM edition JOIN page ON edition_id = edition.id JOIN article ON page_id = page.id
                   WHERE date BETWEEN coalesce(:first, '0') AND coalesce(:last, '9')
                     AND (:pages = '[]' OR number IN (SELECT value FROM json_each(:pages)))
                     AND (NOT :by OR reporters IN (SELECT value FROM json_each(:bylines)))""",
                {
                    "first": asked.first.isoformat() if asked.first else None,
                    "last": asked.last.isoformat() if asked.last else None,
                    "pages": json.dumps(asked.pages),
                    "by": bool(asked.reporters),
                    "bylines": json.dumps(theirs, ensure_ascii=False),
                },
            )
            return [row[0] for row in rows.fetchall()]

    def people(self) -> list[str]:
        """The names of those who wrote or took part in an article, each once."""
        with self._connections.reading() as db:
            rows = db.execute(
                """SELECT value FROM article, json_each(reporters)
                   UNION SELECT value FROM article, json_each(others)"""
            )
            return [name for (name,) in rows.fetchall()]

    def removed_paragraphs(self, limit: int) -> list[tuple[int, str]]:
        """Paragraphs that are gone, with their texts, until `forget_removed` is told that the index knows."""
        with self._connections.reading() as db:
            return db.execute("SELECT id, text FROM removed_paragraph ORDER BY id LIMIT ?", [limit]).fetchall()

    def forget_removed(self, ids: Iterable[int]) -> None:
        with self._connections.writing() as db:
            db.conn.executemany("DELETE FROM removed_paragraph WHERE id = ?", [(i,) for i in ids])


def _json(values: Collection[int]) -> str:
    return json.dumps(list(values))


_SUMMED = {
    "article": ("id", "page_id", "reporters", "others", "source_line", "dates", "paragraphs"),
    "page": ("edition", "page", "source"),
    "edition": ("edition", "paper", "date", "date_inferred"),
}


def _check(row: dict[str, Any]) -> None:
    for table, columns in _SUMMED.items():
        check([row[column] for column in columns], row[f"{table}_sum"], table, DamagedRow)


def _check_gone(db: Database, ids: Collection[int]) -> None:
    """See that articles that cannot be found have gone with their paragraphs."""
    sql = f"""SELECT EXISTS (SELECT 1 FROM paragraph WHERE article_id IN {_LISTED}
                             AND NOT EXISTS (SELECT 1 FROM article WHERE id = paragraph.article_id))"""
    if db.execute(sql, [_json(ids)]).fetchone()[0]:
        raise DamagedRow("an article cannot be found, and its paragraphs can")


def _texts(rows: list[dict[str, Any]]) -> list[tuple[int, str]]:
    for row in rows:
        pages.check_paragraph(row)
    return [(row["id"], row["text"]) for row in rows]


def _article(row: dict[str, Any], paragraphs: list[Paragraph]) -> Article:
    return Article(
        id=row["id"],
        headline=next((p.text for p in paragraphs if p.role is Role.HEADLINE), ""),
        subheads=tuple(p.text for p in paragraphs if p.role is Role.SUBHEAD),
        reporters=tuple(json.loads(row["reporters"])),
        others=tuple(json.loads(row["others"])),
        dates=tuple(DateSpan(*map(date.fromisoformat, span)) for span in json.loads(row["dates"])),
        source_line=row["source_line"],
        paper=row["paper"],
        date=IssueDate(date.fromisoformat(row["date"]), bool(row["date_inferred"])),
        page=row["page"],
        paragraphs=tuple(paragraphs),
    )
