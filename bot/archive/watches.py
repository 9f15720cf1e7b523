"""What readers watch for, and the queue of messages about it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlite_utils import Database

from bot.archive.arrivals import Mark
from bot.archive.database import Connections
from bot.archive.readers import Readers
from bot.models import Reader, Watch

MOST = 20
"""Watches of one reader."""


@dataclass(frozen=True)
class Finding:
    """An article that meets a watch.

    `keys` name its story: the articles that it is printed as, and what it says. `late` says that it is too old an
    issue to be news.
    """

    watch: Watch
    article_id: int
    keys: tuple[str, ...]
    day: date
    late: bool = False


@dataclass(frozen=True)
class Mail:
    """All that waits for a reader of one kind, and is due: one message."""

    reader_id: int
    kind: str
    rows: tuple[int, ...]
    contents: tuple[dict[str, Any], ...]
    tries: int


class Watches:
    """Watches, and the outbox, in the chat's database. Any thread may use it."""

    def __init__(self, connections: Connections, readers: Readers) -> None:
        self._connections, self._readers = connections, readers

    # ---- what readers do -----------------------------------------------------------------------------------------

    def of(self, reader_id: int) -> list[Watch]:
        """A reader's watches, in the order in which they were made."""
        return self._watches("WHERE reader_id = ? ORDER BY id", [reader_id])

    def get(self, reader_id: int, watch_id: int) -> Watch | None:
        """A reader's watch; None when there is none, or it is another reader's."""
        return next(iter(self._watches("WHERE reader_id = ? AND id = ?", [reader_id, watch_id])), None)

    def start(self, reader_id: int, text: str, mark: Mark, *, instead_of: int = 0) -> Watch | None:
        """Begin to watch, in the place of another watch where one is named; once begun, it goes on as it was.

        Returns:
            The watch; None when the reader has as many as there may be.
        """
        with self._connections.writing() as db:
            known = self._watches("WHERE reader_id = ? AND text = ?", [reader_id, text])
            old = self.get(reader_id, instead_of)
            if not known and not old and len(self.of(reader_id)) >= MOST:
                return None
            if old and old.text != text and known:
                db.execute("DELETE FROM watch WHERE id = ?", [old.id])
            elif old and not known:
                db.execute("UPDATE watch SET text = ?, since = ? WHERE id = ?", [text, mark.article, old.id])
            elif not known:
                row = {"reader_id": reader_id, "text": text, "since": mark.article}
                db.table("watch").insert(row)
            db.execute("INSERT OR IGNORE INTO examined VALUES (1, ?, ?)", [mark.paragraph, mark.article])
            return self._watches("WHERE reader_id = ? AND text = ?", [reader_id, text])[0]

    def change(self, reader_id: int, watch_id: int, *, paused: bool | None = None, silent: bool | None = None) -> None:
        """Set what is given, if the watch is the reader's."""
        with self._connections.writing() as db:
            db.execute(
                """UPDATE watch SET paused = coalesce(?, paused), silent = coalesce(?, silent)
                   WHERE reader_id = ? AND id = ?""",
                [paused, silent, reader_id, watch_id],
            )

    def resume_all(self, reader_id: int) -> None:
        """Let all of a reader's watches go on."""
        with self._connections.writing() as db:
            db.execute("UPDATE watch SET paused = 0 WHERE reader_id = ?", [reader_id])

    def delete(self, reader_id: int, watch_id: int) -> None:
        """End a watch, if it is the reader's."""
        with self._connections.writing() as db:
            db.execute("DELETE FROM watch WHERE reader_id = ? AND id = ?", [reader_id, watch_id])

    def block(self, reader_id: int) -> None:
        """Note that a reader takes no messages any more: the watches rest, and what waits is dropped."""
        with self._connections.writing() as db:
            self._readers.put(replace(self._readers.get(reader_id), blocked=True))
            db.execute("UPDATE watch SET paused = 1 WHERE reader_id = ?", [reader_id])
            db.execute("DELETE FROM outbox WHERE reader_id = ?", [reader_id])

    def unblock(self, reader_id: int) -> Reader:
        """Note that a reader is back, and return the reader; the watches rest until told otherwise."""
        with self._connections.writing():
            self._readers.put(replace(self._readers.get(reader_id), blocked=False))
            return self._readers.get(reader_id)

    def speaks(self, reader_id: int, language: str | None) -> None:
        """Note what language a reader's Telegram is set to, for messages that answer nothing."""
        with self._connections.writing() as db:
            if language:
                db.execute("REPLACE INTO watcher VALUES (?, ?)", [reader_id, language])

    def language(self, reader_id: int) -> str | None:
        """What language a reader's Telegram was set to, if it said so."""
        with self._connections.reading() as db:
            row = db.execute("SELECT language FROM watcher WHERE reader_id = ?", [reader_id]).fetchone()
        return row[0] if row else None

    def waiting(self) -> int:
        """How many messages wait to be sent."""
        with self._connections.reading() as db:
            return int(db.execute("SELECT count(*) FROM outbox").fetchone()[0])

    # ---- what arrives --------------------------------------------------------------------------------------------

    def active(self) -> list[Watch]:
        """All watches that do not rest."""
        return self._watches("WHERE NOT paused ORDER BY id", [])

    def examined(self) -> Mark | None:
        """How far the archive was looked at; None before the first time."""
        with self._connections.reading() as db:
            row = db.execute("SELECT paragraph, article FROM examined").fetchone()
        return Mark(*row) if row else None

    def begin_again(self, mark: Mark) -> None:
        """Begin where the archive stands, because it is another one: it holds less than was looked at."""
        with self._connections.writing() as db:
            db.execute("REPLACE INTO examined VALUES (1, ?, ?)", [mark.paragraph, mark.article])
            db.execute("UPDATE watch SET since = ?", [mark.article])
            db.execute("DELETE FROM told WHERE story LIKE 'article %'")

    def enqueue(self, before: Mark, after: Mark, findings: Iterable[Finding], now: float, forget: date) -> int:
        """Put what was found between two marks into the outbox and move the mark, both or neither.

        A story of which a reader was told is left out. When the mark is not at `before`, another process was faster,
        and nothing is done.

        Args:
            before: Where the mark must be.
            after: Where it goes.
            findings: What was found between them.
            now: The Unix time.
            forget: Stories of issues before that day need not be remembered: they are too old to be told. Those of
                the newest two weeks are, whatever the day: it comes from a clock that may be wrong.

        Returns:
            The number of messages.
        """
        with self._connections.writing() as db:
            if self.examined() != before:
                return 0
            news: dict[int, list[int]] = defaultdict(list)
            for finding in findings:
                if self._is_news(db, finding, before):
                    news[finding.watch.reader_id].append(finding.article_id)
            for reader_id, articles in news.items():
                self._post(db, reader_id, "alert", {"articles": articles}, now)
            db.execute("REPLACE INTO examined VALUES (1, ?, ?)", [after.paragraph, after.article])
            db.execute(
                "DELETE FROM told WHERE day < ? AND day < date((SELECT max(day) FROM told), '-14 days')",
                [forget.isoformat()],
            )
        return len(news)

    @staticmethod
    def _is_news(db: Database, finding: Finding, before: Mark) -> bool:
        """Whether the reader is to be told of the story; a story is told once, one that came late is counted only."""
        if finding.late:
            new = finding.article_id > before.article
            db.execute("UPDATE watch SET older = older + ? WHERE id = ?", [new, finding.watch.id])
            return False
        keys = json.dumps(finding.keys)
        known = db.execute(
            "SELECT 1 FROM told WHERE reader_id = ? AND story IN (SELECT value FROM json_each(?))",
            [finding.watch.reader_id, keys],
        ).fetchone()
        db.execute(
            "INSERT OR IGNORE INTO told SELECT ?, value, ? FROM json_each(?)",
            [finding.watch.reader_id, finding.day.isoformat(), keys],
        )
        return known is None

    # ---- digests -------------------------------------------------------------------------------------------------

    def digest_readers(self) -> list[tuple[Reader, float | None, date | None]]:
        """The readers who want a digest: up to when none is owed, and the day of the last issue that they had."""
        with self._connections.reading() as db:
            rows = db.execute(
                """SELECT reader.id, handled_at, issue FROM reader LEFT JOIN digest ON reader_id = reader.id
                   WHERE digest_at IS NOT NULL AND NOT blocked ORDER BY reader.id"""
            ).fetchall()
        return [(self._readers.get(i), at, date.fromisoformat(day) if day else None) for i, at, day in rows]

    def settle_digest(self, reader_id: int, handled_at: float, issue: date | None = None) -> None:
        """Note that no digest is owed up to that Unix time; with an issue, put one of it into the outbox."""
        with self._connections.writing() as db:
            db.execute(
                """INSERT INTO digest VALUES (?, ?, ?) ON CONFLICT (reader_id) DO UPDATE
                   SET handled_at = excluded.handled_at, issue = coalesce(excluded.issue, issue)""",
                [reader_id, handled_at, issue.isoformat() if issue else None],
            )
            if issue:
                self._post(db, reader_id, "digest", {"issue": issue.isoformat()}, handled_at)

    # ---- the outbox ----------------------------------------------------------------------------------------------

    def due(self, now: float, most: int) -> list[Mail]:
        """What is to be sent, the oldest first, at most one message a reader: one a second is what a chat takes."""
        with self._connections.reading() as db:
            rows = list(
                db.query(
                    """SELECT min(id) AS first, reader_id, kind, max(tries) AS tries,
                              json_group_array(id) AS ids, json_group_array(json(content)) AS contents
                       FROM (SELECT * FROM outbox WHERE due_at <= :now AND reader_id IN
                                 (SELECT reader_id FROM outbox WHERE due_at <= :now ORDER BY due_at LIMIT :most)
                             ORDER BY id)
                       GROUP BY reader_id, kind ORDER BY first""",
                    {"now": now, "most": most},
                )
            )
        mails: dict[int, Mail] = {}
        for row in rows:
            ids, contents = json.loads(row["ids"]), json.loads(row["contents"])
            mail = Mail(row["reader_id"], row["kind"], tuple(ids), tuple(contents), row["tries"])
            mails.setdefault(mail.reader_id, mail)
        return list(mails.values())

    def sent(self, mail: Mail) -> None:
        """Note that a message needs no sending any more."""
        with self._connections.writing() as db:
            db.execute("DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(mail.rows)])

    def postpone(self, mail: Mail, until: float, *, tried: bool) -> None:
        """Let a message wait until that Unix time; `tried` when an attempt has failed."""
        with self._connections.writing() as db:
            db.execute(
                """UPDATE outbox SET due_at = ?, tries = tries + ? WHERE id IN (SELECT value FROM json_each(?))""",
                [until, tried, json.dumps(mail.rows)],
            )

    def bring_forward(self, now: float) -> None:
        """Let nothing wait beyond now, because the clock was set back; what has a reason to wait is put off anew."""
        with self._connections.writing() as db:
            db.execute("UPDATE outbox SET due_at = ? WHERE due_at > ?", [now, now])

    def hold(self, reader_id: int, until: float) -> None:
        """Let all of a reader's messages wait: Telegram takes none into that chat before."""
        with self._connections.writing() as db:
            db.execute("UPDATE outbox SET due_at = max(due_at, ?) WHERE reader_id = ?", [until, reader_id])

    @staticmethod
    def _post(db: Database, reader_id: int, kind: str, content: dict[str, Any], due_at: float) -> None:
        row = {"reader_id": reader_id, "kind": kind, "content": json.dumps(content), "due_at": due_at}
        db.table("outbox").insert(row)

    def _watches(self, rest: str, values: Sequence[object]) -> list[Watch]:
        with self._connections.reading() as db:
            rows = list(db.query(f"SELECT * FROM watch {rest}", values))
        return [Watch(**{**row, "paused": bool(row["paused"]), "silent": bool(row["silent"])}) for row in rows]
