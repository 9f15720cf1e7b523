"""The tables, as migrations. A migration that has run somewhere is never changed; a new one is added below it."""

from sqlite_utils import Database, Migrations

from bot.archive.checks import checksum

migrations = Migrations("newsbot")


@migrations()
def editions_pages_articles(db: Database) -> None:
    """The paper. Ids are never reused: the index, links and old buttons may still speak of what was removed."""
    db.executescript(
        """
        CREATE TABLE edition (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            paper TEXT NOT NULL,
            date TEXT NOT NULL,              -- ISO 8601
            date_inferred INTEGER NOT NULL,
            UNIQUE (paper, date)
        );
        CREATE INDEX edition_date ON edition (date);
        CREATE TABLE page (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            edition_id INTEGER NOT NULL REFERENCES edition ON DELETE CASCADE,
            number INTEGER,                  -- NULL where nothing tells it
            source TEXT NOT NULL,            -- the file's absolute path
            sha256 TEXT NOT NULL,            -- of the file
            furniture TEXT NOT NULL          -- JSON list of lines
        );
        CREATE INDEX page_edition ON page (edition_id);
        CREATE INDEX page_sha256 ON page (sha256);
        CREATE INDEX page_source ON page (source);
        CREATE TABLE article (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            page_id INTEGER NOT NULL REFERENCES page ON DELETE CASCADE,
            position INTEGER NOT NULL,       -- on the page, from 0
            reporters TEXT NOT NULL,         -- JSON list
            source_line TEXT NOT NULL,
            UNIQUE (page_id, position)
        );
        CREATE TABLE paragraph (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            article_id INTEGER NOT NULL REFERENCES article ON DELETE CASCADE,
            position INTEGER NOT NULL,       -- in the article, from 0; headlines and captions count too
            role TEXT NOT NULL,
            text TEXT NOT NULL,
            UNIQUE (article_id, position)
        );
        CREATE TABLE removed_paragraph (     -- gone from the archive, perhaps not yet from the index
            id INTEGER PRIMARY KEY,
            text TEXT NOT NULL
        );
        CREATE TRIGGER paragraph_removed AFTER DELETE ON paragraph BEGIN
            INSERT INTO removed_paragraph VALUES (old.id, old.text);
        END;
        """
    )


@migrations()
def index_postings(db: Database) -> None:
    """The index: `bot.archive.postings` says what the blobs hold."""
    db.executescript(
        """
        CREATE TABLE posting (
            term TEXT NOT NULL,
            block INTEGER NOT NULL,
            offsets BLOB NOT NULL,
            frequencies BLOB NOT NULL,
            PRIMARY KEY (term, block)
        ) WITHOUT ROWID;
        CREATE TABLE posting_block (
            block INTEGER PRIMARY KEY,
            lengths BLOB NOT NULL,
            changed INTEGER NOT NULL         -- the generation that last changed it
        );
        CREATE TABLE posting_state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            analyzer TEXT NOT NULL,
            generation INTEGER NOT NULL,
            size INTEGER NOT NULL,
            total_length INTEGER NOT NULL,
            next INTEGER NOT NULL
        );
        INSERT INTO posting_state VALUES (1, '', 0, 0, 0, 0);
        """
    )


@migrations()
def chat_memory(db: Database) -> None:
    """Queries behind buttons, and which message of the bot answers which message of a reader."""
    db.executescript(
        """
        CREATE TABLE saved_query (id TEXT PRIMARY KEY, text TEXT NOT NULL UNIQUE, used_at INTEGER NOT NULL);
        CREATE INDEX saved_query_used_at ON saved_query (used_at);
        CREATE TABLE answer (
            chat_id INTEGER NOT NULL,
            message_id INTEGER NOT NULL,
            reply_id INTEGER NOT NULL,
            sent_at INTEGER NOT NULL,
            PRIMARY KEY (chat_id, message_id)
        ) WITHOUT ROWID;
        CREATE INDEX answer_sent_at ON answer (sent_at);
        """
    )


@migrations()
def parsed_further(db: Database) -> None:
    """What else is read of an article, how the articles of an edition belong together, and which parser read a page."""
    db.executescript(
        """
        ALTER TABLE page ADD COLUMN parser TEXT NOT NULL DEFAULT '';        -- its version
        ALTER TABLE page ADD COLUMN older TEXT NOT NULL DEFAULT '[]';       -- JSON list: SHA-256 of older forms
        ALTER TABLE article ADD COLUMN others TEXT NOT NULL DEFAULT '[]';   -- JSON list of the names but reporters'
        ALTER TABLE article ADD COLUMN goes_on TEXT NOT NULL DEFAULT '';    -- the page, as printed
        ALTER TABLE article ADD COLUMN comes_from TEXT NOT NULL DEFAULT '';
        ALTER TABLE article ADD COLUMN dates TEXT NOT NULL DEFAULT '[]';    -- JSON list of [first, last] day
        ALTER TABLE article ADD COLUMN warnings TEXT NOT NULL DEFAULT '[]'; -- JSON list: what was uncertain
        ALTER TABLE article ADD COLUMN continues INTEGER REFERENCES article ON DELETE SET NULL;  -- its first half
        ALTER TABLE article ADD COLUMN copy_of INTEGER REFERENCES article ON DELETE SET NULL;    -- the one that is kept
        CREATE INDEX article_continues ON article (continues) WHERE continues IS NOT NULL;
        CREATE INDEX article_copy_of ON article (copy_of) WHERE copy_of IS NOT NULL;
        CREATE TABLE article_date (          -- the days that an article speaks of
            article_id INTEGER NOT NULL REFERENCES article ON DELETE CASCADE,
            first TEXT NOT NULL,
            last TEXT NOT NULL,
            PRIMARY KEY (article_id, first, last)
        ) WITHOUT ROWID;
        CREATE INDEX article_date_first ON article_date (first, last);
        CREATE INDEX edition_page_number ON page (edition_id, number);
        """
    )


@migrations()
def texts_of_an_index_alone(db: Database) -> None:
    """The texts of an index that stands alone; an archive has them as paragraphs."""
    db.execute("CREATE TABLE posting_text (number INTEGER PRIMARY KEY, text TEXT NOT NULL)")


@migrations()
def chat_in_a_file_of_its_own(db: Database) -> None:
    """What the chat remembers is in another file now; buttons made before that say that they have expired."""
    db.executescript("DROP TABLE saved_query; DROP TABLE answer;")


@migrations()
def postings_with_cells(db: Database) -> None:
    """The index, kept so that an addition is one row: `bot.archive.postings` says what the blobs hold.

    The old one is dropped and made anew from the paragraphs.
    """
    db.executescript(
        """
        DROP TABLE posting;
        DROP TABLE posting_block;
        DROP TABLE posting_state;
        DROP TABLE posting_text;
        CREATE TABLE posting_state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            analyzer TEXT NOT NULL,
            generation INTEGER NOT NULL,     -- goes up with each change
            merged INTEGER NOT NULL,         -- the generation that last changed anything but recent additions
            size INTEGER NOT NULL,
            total_length INTEGER NOT NULL,
            next INTEGER NOT NULL,
            terms INTEGER NOT NULL           -- ids given to terms
        );
        INSERT INTO posting_state VALUES (1, '', 0, 0, 0, 0, 0, 0);
        CREATE TABLE posting_term (term TEXT PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE posting_cell (
            id INTEGER PRIMARY KEY,
            frequency INTEGER NOT NULL,
            length INTEGER NOT NULL,
            UNIQUE (frequency, length)
        );
        CREATE TABLE posting_list (key INTEGER PRIMARY KEY, offsets BLOB NOT NULL, cells BLOB NOT NULL);
        CREATE TABLE posting_wide (key INTEGER PRIMARY KEY, offsets BLOB NOT NULL, cells BLOB NOT NULL);
        CREATE TABLE posting_recent (
            first INTEGER PRIMARY KEY,       -- its lowest paragraph number
            paragraphs INTEGER NOT NULL,
            terms TEXT NOT NULL,             -- JSON list
            sizes BLOB NOT NULL,
            numbers BLOB NOT NULL,
            cells BLOB NOT NULL
        );
        CREATE TABLE posting_paragraph (
            number INTEGER PRIMARY KEY,
            length INTEGER NOT NULL,
            text BLOB NOT NULL               -- as the index spells it, UTF-16
        );
        CREATE TABLE place (                 -- where paragraphs stand, by id: `bot.archive.places`
            block INTEGER PRIMARY KEY,
            changed INTEGER NOT NULL,        -- goes up with each change
            articles BLOB NOT NULL,
            days BLOB NOT NULL,
            roles BLOB NOT NULL
        );
        CREATE INDEX place_changed ON place (changed);
        """
    )


@migrations()
def checksums(db: Database) -> None:
    """Each row that answers are made of says what it must be like: `bot.archive.checks`.

    The index is dropped and made anew from the paragraphs.
    """
    db.conn.create_function("checksum", -1, checksum, deterministic=True)
    db.executescript(
        """
        ALTER TABLE edition ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
        UPDATE edition SET sum = checksum(id, paper, date, date_inferred);
        ALTER TABLE page ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;  -- of what its articles are placed by
        UPDATE page SET sum = checksum(edition_id, number, source);
        ALTER TABLE article ADD COLUMN paragraphs INTEGER NOT NULL DEFAULT 0;  -- how many
        UPDATE article SET paragraphs = (SELECT count(*) FROM paragraph WHERE article_id = article.id);
        ALTER TABLE article ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;  -- links between articles are not in it
        UPDATE article SET sum = checksum(id, page_id, reporters, others, source_line, dates, paragraphs);
        ALTER TABLE paragraph ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
        UPDATE paragraph SET sum = checksum(article_id, position, role, text);
        DROP TABLE posting_state;
        DROP TABLE posting_term;
        DROP TABLE posting_cell;
        DROP TABLE posting_list;
        DROP TABLE posting_wide;
        DROP TABLE posting_recent;
        DROP TABLE posting_paragraph;
        DROP TABLE place;
        CREATE TABLE posting_state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            analyzer TEXT NOT NULL,
            generation INTEGER NOT NULL,     -- goes up with each change
            merged INTEGER NOT NULL,         -- the generation that last changed anything but recent additions
            size INTEGER NOT NULL,
            total_length INTEGER NOT NULL,
            next INTEGER NOT NULL,
            terms INTEGER NOT NULL,          -- ids given to terms
            sum INTEGER NOT NULL
        );
        CREATE TABLE posting_term (term TEXT PRIMARY KEY, id INTEGER NOT NULL, sum INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE posting_cell (
            id INTEGER PRIMARY KEY,
            frequency INTEGER NOT NULL,
            length INTEGER NOT NULL,
            sum INTEGER NOT NULL,
            UNIQUE (frequency, length)
        );
        CREATE TABLE posting_list (
            key INTEGER PRIMARY KEY,
            offsets BLOB NOT NULL,
            cells BLOB NOT NULL,
            offsets_sum INTEGER NOT NULL,    -- each begins with the key's
            cells_sum INTEGER NOT NULL
        );
        CREATE TABLE posting_wide (
            key INTEGER PRIMARY KEY,
            offsets BLOB NOT NULL,
            cells BLOB NOT NULL,
            offsets_sum INTEGER NOT NULL,
            cells_sum INTEGER NOT NULL
        );
        CREATE TABLE posting_recent (
            first INTEGER PRIMARY KEY,       -- its lowest paragraph number
            paragraphs INTEGER NOT NULL,
            terms TEXT NOT NULL,             -- JSON list
            sizes BLOB NOT NULL,
            numbers BLOB NOT NULL,
            cells BLOB NOT NULL,
            sum INTEGER NOT NULL
        );
        CREATE TABLE posting_paragraph (
            number INTEGER PRIMARY KEY,
            length INTEGER NOT NULL,
            text BLOB NOT NULL,              -- as the index spells it, UTF-16
            sum INTEGER NOT NULL
        );
        CREATE TABLE place (                 -- where paragraphs stand, by id: `bot.archive.places`
            block INTEGER PRIMARY KEY,
            changed INTEGER NOT NULL,        -- goes up with each change
            articles BLOB NOT NULL,
            days BLOB NOT NULL,
            roles BLOB NOT NULL,
            sum INTEGER NOT NULL             -- of all but `changed`
        );
        CREATE INDEX place_changed ON place (changed);
        """
    )
    empty: list[str | int] = ["", 0, 0, 0, 0, 0, 0]
    db.execute("INSERT INTO posting_state VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)", [*empty, checksum(*empty)])


@migrations()
def vectors_elsewhere(db: Database) -> None:
    """What is kept here of an index whose vectors are on another machine: `bot.archive.ledger`."""
    db.executescript(
        """
        CREATE TABLE vector_state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            collection TEXT NOT NULL,
            analyzer TEXT NOT NULL,
            average REAL NOT NULL,           -- terms of a paragraph, as the vectors take it; 0 until there is one
            generation INTEGER NOT NULL,     -- goes up with each change
            size INTEGER NOT NULL,
            total_length INTEGER NOT NULL,
            next INTEGER NOT NULL
        );
        INSERT INTO vector_state VALUES (1, '', '', 0, 0, 0, 0, 0);
        CREATE TABLE vector_term (id INTEGER PRIMARY KEY, term TEXT NOT NULL UNIQUE, paragraphs INTEGER NOT NULL);
        CREATE TABLE vector_paragraph (number INTEGER PRIMARY KEY, length INTEGER NOT NULL);
        """
    )


@migrations()
def postings_as_numbers(db: Database) -> None:
    """A posting is one number, so that a list is one blob: less to store and to read.

    The index is made anew from the paragraphs.
    """
    for table in ("posting_list", "posting_wide"):
        db.execute(f"DROP TABLE {table}")
        db.execute(f"CREATE TABLE {table} (key INTEGER PRIMARY KEY, postings BLOB NOT NULL, sum INTEGER NOT NULL)")
    for table in ("term", "cell", "recent", "paragraph"):
        db.execute(f"DELETE FROM posting_{table}")
    [(generation,)] = db.execute("SELECT generation + 1 FROM posting_state").fetchall()
    empty: list[str | int] = ["", generation, generation, 0, 0, 0, 0]
    db.execute("REPLACE INTO posting_state VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)", [*empty, checksum(*empty)])


@migrations()
def postings_of_once_apart(db: Database) -> None:
    """Of paragraphs that have a term once, as most do, the offset is kept alone; a rare term's list is one row.

    The lengths of paragraphs are kept apart, and an addition is one row with all that it brings, its texts, too. The
    index is made anew from the paragraphs.
    """
    db.executescript(
        """
        DROP TABLE posting_list;
        DROP TABLE posting_wide;
        DROP TABLE posting_cell;
        DROP TABLE posting_recent;
        DELETE FROM posting_term;
        DELETE FROM posting_paragraph;
        CREATE TABLE posting_list (
            key INTEGER PRIMARY KEY,         -- the term's id, and the first block of the row when it was made
            runs_sum INTEGER NOT NULL,       -- each begins with the term's and the key's
            more_sum INTEGER NOT NULL,
            once_sum INTEGER NOT NULL,
            runs BLOB NOT NULL,              -- block by block how many postings of each kind
            more BLOB NOT NULL,              -- of paragraphs that have the term more than once
            once BLOB NOT NULL               -- of the others; the last, as it is the longest, and read the least
        );
        CREATE TABLE posting_block (
            block INTEGER PRIMARY KEY,
            lengths BLOB NOT NULL,           -- of its paragraphs, in terms
            sum INTEGER NOT NULL
        );
        CREATE TABLE posting_recent (
            first INTEGER PRIMARY KEY,       -- its lowest paragraph number
            paragraphs BLOB NOT NULL,        -- their numbers
            lengths BLOB NOT NULL,
            sizes BLOB NOT NULL,             -- of their texts
            texts BLOB NOT NULL,             -- as the index spells them, UTF-16
            terms TEXT NOT NULL,             -- JSON list
            counts BLOB NOT NULL,            -- of each term's postings
            numbers BLOB NOT NULL,           -- of each posting the paragraph
            frequencies BLOB NOT NULL,       -- and how often the term is there
            sum INTEGER NOT NULL
        );
        """
    )
    [(generation,)] = db.execute("SELECT generation + 1 FROM posting_state").fetchall()
    empty: list[str | int] = ["", generation, generation, 0, 0, 0, 0]
    db.execute("REPLACE INTO posting_state VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)", [*empty, checksum(*empty)])


@migrations()
def postings_of_twice_apart(db: Database) -> None:
    """Of paragraphs that have a term twice, as many do, the offset is kept alone, too.

    The index is made anew from the paragraphs.
    """
    db.executescript(
        """
        DROP TABLE posting_list;
        DELETE FROM posting_term;
        DELETE FROM posting_block;
        DELETE FROM posting_recent;
        DELETE FROM posting_paragraph;
        CREATE TABLE posting_list (
            key INTEGER PRIMARY KEY,         -- the term's id, and the first block of the row when it was made
            runs_sum INTEGER NOT NULL,       -- each begins with the term's and the key's
            once_sum INTEGER NOT NULL,
            twice_sum INTEGER NOT NULL,
            more_sum INTEGER NOT NULL,
            runs BLOB NOT NULL,              -- block by block where those of each kind begin
            once BLOB NOT NULL,              -- of paragraphs that have the term once
            twice BLOB NOT NULL,
            more BLOB NOT NULL
        );
        """
    )
    [(generation,)] = db.execute("SELECT generation + 1 FROM posting_state").fetchall()
    empty: list[str | int] = ["", generation, generation, 0, 0, 0, 0]
    db.execute("REPLACE INTO posting_state VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)", [*empty, checksum(*empty)])
