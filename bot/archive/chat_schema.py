"""The tables of the chat, as migrations; one that has run somewhere is never changed, a new one is added below it.

They are in a file of their own: an archive can be made anew from the pages, what readers asked for cannot.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("newsbot-chat")

PERSONAL = {
    "reader": "id",
    "answer": "chat_id",
    "shown": "chat_id",
    "watch": "reader_id",
    "watcher": "reader_id",
    "told": "reader_id",
    "outbox": "reader_id",
    "digest": "reader_id",
    "received": "reader_id",
}
"""Each table that keeps something about a reader, and its column that says whom: /privacy counts its rows, /forgetme
deletes them. A row that hangs on one of these by a foreign key goes by its ON DELETE CASCADE."""


@migrations()
def queries_answers_readers(db: Database) -> None:
    """Queries behind buttons, which message of the bot answers which message of a reader, and readers' settings."""
    db.executescript(
        """
        CREATE TABLE saved_query (id TEXT PRIMARY KEY, text TEXT NOT NULL UNIQUE, used_at INTEGER NOT NULL);
        CREATE INDEX saved_query_used_at ON saved_query (used_at);
        CREATE TABLE answer (
            chat_id INTEGER NOT NULL,
            message_id INTEGER NOT NULL,     -- the reader's
            reply_id INTEGER NOT NULL,       -- the bot's
            sent_at INTEGER NOT NULL,
            PRIMARY KEY (chat_id, message_id)
        ) WITHOUT ROWID;
        CREATE INDEX answer_sent_at ON answer (sent_at);
        CREATE TABLE reader (
            id INTEGER PRIMARY KEY,          -- Telegram's user id, and the id of the private chat with that user
            language TEXT,                   -- NULL: as Telegram says
            per_screen INTEGER NOT NULL,
            sort TEXT NOT NULL,
            script TEXT NOT NULL,
            timezone TEXT,                   -- NULL: the archive's
            quiet_from TEXT,                 -- HH:MM, both or none
            quiet_to TEXT,
            digest_at TEXT,                  -- HH:MM; NULL: none
            blocked INTEGER NOT NULL         -- the reader has blocked the bot
        );
        """
    )


@migrations()
def counts_of_queries_and_errors(db: Database) -> None:
    """How much was asked, by the day, and which errors the operators have been told of."""
    db.executescript(
        """
        CREATE TABLE query_count (
            day TEXT PRIMARY KEY,
            queries INTEGER NOT NULL,
            found_nothing INTEGER NOT NULL
        );
        CREATE TABLE error_seen (
            kind TEXT NOT NULL,              -- the exception's name
            place TEXT NOT NULL,             -- where in the program
            seen_at INTEGER NOT NULL,        -- the last time
            PRIMARY KEY (kind, place)
        ) WITHOUT ROWID;
        """
    )


@migrations()
def places_and_what_messages_show(db: Database) -> None:
    """Ways back that are too long for a button, and what each message of the bot shows, for replies to it."""
    db.executescript(
        """
        CREATE TABLE place (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            action TEXT NOT NULL UNIQUE,     -- as a button carries it
            used_at INTEGER NOT NULL
        );
        CREATE INDEX place_used_at ON place (used_at);
        CREATE TABLE shown (
            chat_id INTEGER NOT NULL,
            message_id INTEGER NOT NULL,     -- the bot's
            action TEXT NOT NULL,            -- as a button carries it
            shown_at INTEGER NOT NULL,
            PRIMARY KEY (chat_id, message_id)
        ) WITHOUT ROWID;
        CREATE INDEX shown_shown_at ON shown (shown_at);
        """
    )


@migrations()
def watches_and_their_mail(db: Database) -> None:
    """What readers watch for, how far the archive was examined for it, and the messages that wait to be sent."""
    db.executescript(
        """
        CREATE TABLE watch (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            reader_id INTEGER NOT NULL,
            text TEXT NOT NULL,              -- in the query language
            since INTEGER NOT NULL,          -- the archive's highest article id when it began
            paused INTEGER NOT NULL DEFAULT 0,
            silent INTEGER NOT NULL DEFAULT 0,
            older INTEGER NOT NULL DEFAULT 0,  -- articles counted and not alerted: they came late into the archive
            UNIQUE (reader_id, text)
        );
        CREATE TABLE watcher (
            reader_id INTEGER PRIMARY KEY,
            language TEXT NOT NULL           -- as Telegram said last: who is told something has not just spoken
        );
        CREATE TABLE examined (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            paragraph INTEGER NOT NULL,      -- the highest ids of the archive that were looked at
            article INTEGER NOT NULL
        );
        CREATE TABLE told (                  -- a story has several keys; one of them is enough to know it again
            reader_id INTEGER NOT NULL,
            story TEXT NOT NULL,
            day TEXT NOT NULL,               -- of its issue
            PRIMARY KEY (reader_id, story)
        ) WITHOUT ROWID;
        CREATE INDEX told_day ON told (day);
        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            reader_id INTEGER NOT NULL,
            kind TEXT NOT NULL,              -- alert, digest
            content TEXT NOT NULL,           -- JSON: what it is about; the words are found when it is sent
            due_at REAL NOT NULL,            -- Unix time
            tries INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX outbox_due_at ON outbox (due_at);
        CREATE INDEX outbox_reader ON outbox (reader_id);
        CREATE TABLE digest (
            reader_id INTEGER PRIMARY KEY,
            handled_at REAL NOT NULL,        -- Unix time up to which no digest is owed
            issue TEXT                       -- the day of the last issue that one was made of
        );
        """
    )


@migrations()
def updates_that_wait_for_their_answer(db: Database) -> None:
    """What Telegram has handed over: a row goes as soon as its update is handled."""
    db.executescript(
        """
        CREATE TABLE received (
            id INTEGER PRIMARY KEY,
            bot_id INTEGER NOT NULL,         -- another bot's updates are not this one's to answer
            update_id INTEGER NOT NULL,
            reader_id INTEGER,
            content TEXT NOT NULL,           -- JSON, as Telegram sent it
            received_at INTEGER NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,  -- starts of the bot that found it here
            UNIQUE (bot_id, update_id)
        );
        """
    )
