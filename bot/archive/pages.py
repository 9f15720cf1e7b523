"""Pages in the database: written in the place of their older forms, linked within their edition, removed."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlite_utils import Database

from bot.archive.checks import DamagedRow, check, checksum
from bot.archive.identity import Decision, SourceFile, StoredPage, kept_ids
from bot.archive.links import Placed, continuations, copies
from bot.models import BODY, Block, IssueDate, ParsedArticle, ParsedPage, Role


def known(db: Database, source: SourceFile, page: ParsedPage) -> list[StoredPage]:
    """The pages that a page could be: of its path, of its bytes, of its day and number.

    Raises:
        ValueError: The page has no date.
    """
    if page.date is None:
        raise ValueError("a page without a date cannot be stored")
    rows = db.query(
        """SELECT page.id, source, sha256, number, paper, date, date_inferred, parser, older,
                  (SELECT json_group_array(text) FROM article JOIN paragraph ON article_id = article.id
                   WHERE page_id = page.id AND role = 'headline') AS headlines
           FROM page JOIN edition ON edition.id = edition_id
           WHERE page.id IN (
               SELECT id FROM page WHERE sha256 = :sha256
               UNION SELECT id FROM page WHERE source = :source
               UNION SELECT page.id FROM edition JOIN page ON edition_id = edition.id
                     WHERE date = :date AND number = :number)
           ORDER BY page.id""",
        {
            "sha256": source.sha256,
            "source": source.path,
            "date": page.date.day.isoformat(),
            "number": page.number,
        },
    )
    return [
        StoredPage(
            id=row["id"],
            source=SourceFile(row["source"], row["sha256"]),
            number=row["number"],
            paper=row["paper"],
            date=IssueDate(date.fromisoformat(row["date"]), bool(row["date_inferred"])),
            parser=row["parser"],
            headlines=frozenset(json.loads(row["headlines"])),
            older=frozenset(json.loads(row["older"])),
        )
        for row in rows
    ]


def write(db: Database, source: SourceFile, decision: Decision, parser: str) -> None:
    """Write a page as was decided; articles that it had before keep their ids."""
    page = decision.page
    edition = _edition(db, page.paper, page.date or IssueDate(date.min))  # `known` refuses a page without a date
    before: list[tuple[int, list[Block]]] = []
    older = frozenset[str]()
    if old := decision.replaces:
        before = _articles(db, old.id)
        older = (old.older | {old.source.sha256}) - {source.sha256}
        db.execute("DELETE FROM page WHERE id = ?", [old.id])
    row = {
        "edition_id": edition,
        "number": page.number,
        "source": source.path,
        "sha256": source.sha256,
        "furniture": _json(page.furniture),
        "parser": parser,
        "older": _json(sorted(older)),
        "sum": checksum(edition, page.number, source.path),
    }
    page_id = db.table("page").insert(row).last_pk
    ids = kept_ids(before, [article.blocks for article in page.articles])
    for position, (article, article_id) in enumerate(zip(page.articles, ids, strict=True)):
        _insert(db, page_id, position, article, article_id)
    if old:
        _forget_empty(db)  # that of its older form


def _edition(db: Database, paper: str, issue: IssueDate) -> int:
    db.execute(
        """INSERT INTO edition (paper, date, date_inferred) VALUES (?, ?, ?) ON CONFLICT (paper, date)
           DO UPDATE SET date_inferred = min(date_inferred, excluded.date_inferred)""",
        [paper, issue.day.isoformat(), issue.inferred],
    )
    [row] = db.execute(
        "SELECT id, paper, date, date_inferred FROM edition WHERE paper = ? AND date = ?",
        [paper, issue.day.isoformat()],
    ).fetchall()
    db.execute("UPDATE edition SET sum = ? WHERE id = ?", [checksum(*row), row[0]])
    return int(row[0])


def _articles(db: Database, page_id: int) -> list[tuple[int, list[Block]]]:
    found: dict[int, list[Block]] = {}
    for row in db.query(
        """SELECT paragraph.* FROM paragraph JOIN article ON article.id = article_id
           WHERE page_id = ? ORDER BY article.position, paragraph.position""",
        [page_id],
    ):
        check_paragraph(row)
        found.setdefault(row["article_id"], []).append(Block(Role(row["role"]), row["text"]))
    return list(found.items())


def _insert(db: Database, page_id: Any, position: int, article: ParsedArticle, article_id: int | None) -> None:
    row = {
        "id": article_id,
        "page_id": page_id,
        "position": position,
        "reporters": _json(article.reporters),
        "others": _json(article.others),
        "source_line": article.source_line,
        "goes_on": article.goes_on,
        "comes_from": article.comes_from,
        "dates": _json([[span.first.isoformat(), span.last.isoformat()] for span in article.dates]),
        "warnings": _json([str(warning) for warning in article.warnings]),
        "paragraphs": len(article.blocks),
    }
    new_id = db.table("article").insert(row).last_pk
    summed = new_id, page_id, row["reporters"], row["others"], row["source_line"], row["dates"], row["paragraphs"]
    db.execute("UPDATE article SET sum = ? WHERE id = ?", [checksum(*summed), new_id])
    _insert_paragraphs(db, new_id, [(str(block.role), block.text) for block in article.blocks])
    for span in article.dates:
        db.execute("INSERT OR IGNORE INTO article_date VALUES (?, ?, ?)", [new_id, str(span.first), str(span.last)])


def _insert_paragraphs(db: Database, article_id: Any, blocks: Sequence[tuple[str, str]]) -> None:
    rows = ((article_id, position, role, text) for position, (role, text) in enumerate(blocks))
    db.conn.executemany(
        "INSERT INTO paragraph (article_id, position, role, text, sum) VALUES (?, ?, ?, ?, ?)",
        ((*row, checksum(*row)) for row in rows),
    )


def check_paragraph(row: dict[str, Any]) -> None:
    """Whether a row of the table of paragraphs is as it was written.

    Raises:
        DamagedRow: It is not.
    """
    check([row[name] for name in ("article_id", "position", "role", "text")], row["sum"], "paragraph", DamagedRow)


def _blocks(db: Database, article_id: int) -> list[tuple[str, str]]:
    rows = list(db.query("SELECT * FROM paragraph WHERE article_id = ? ORDER BY position", [article_id]))
    for row in rows:
        check_paragraph(row)
    return [(row["role"], row["text"]) for row in rows]


def link(db: Database, paper: str, day: date) -> None:
    """Link second halves to their first halves, and repeated stories to the first print, within an edition.

    An article whose link changes gets new paragraphs, so that the index hears of it as of any other change.
    """
    rows = list(
        db.query(
            """SELECT article.id, number, goes_on, comes_from, continues, copy_of
               FROM article JOIN page ON page.id = page_id JOIN edition ON edition.id = edition_id
               WHERE paper = ? AND date = ? ORDER BY number IS NULL, number, source, article.position""",
            [paper, day.isoformat()],
        )
    )
    placed = [_placed(db, row) for row in rows]
    repeated = copies(placed)
    halves = continuations([article for article in placed if article.id not in repeated])
    for row in rows:
        links = halves.get(row["id"]), repeated.get(row["id"])
        if links != (row["continues"], row["copy_of"]):
            db.execute("UPDATE article SET continues = ?, copy_of = ? WHERE id = ?", [*links, row["id"]])
            _renew_paragraphs(db, row["id"])


def _placed(db: Database, row: dict[str, Any]) -> Placed:
    blocks = _blocks(db, row["id"])
    return Placed(
        id=row["id"],
        page=row["number"],
        headline="".join(text for role, text in blocks if role == Role.HEADLINE),
        text="".join(text for role, text in blocks if role in BODY),
        goes_on=row["goes_on"],
        comes_from=row["comes_from"],
    )


def _renew_paragraphs(db: Database, article_id: int) -> None:
    blocks = _blocks(db, article_id)
    db.execute("DELETE FROM paragraph WHERE article_id = ?", [article_id])
    _insert_paragraphs(db, article_id, blocks)


def remove_edition(db: Database, day: date, paper: str | None) -> int:
    """Remove a day's editions, or one paper's, with their pages; return the number of pages."""
    chosen = "FROM page WHERE edition_id IN (SELECT id FROM edition WHERE date = ? AND paper = coalesce(?, paper))"
    values = [day.isoformat(), paper]
    [(count,)] = db.execute(f"SELECT count(*) {chosen}", values).fetchall()
    db.execute(f"DELETE {chosen}", values)
    _forget_empty(db)
    return int(count)


def _forget_empty(db: Database) -> None:
    db.execute("DELETE FROM edition WHERE id NOT IN (SELECT edition_id FROM page)")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
