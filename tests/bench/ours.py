"""The project's own systems: the index alone, and the whole of the bot's search."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count, groupby, islice
from pathlib import Path

from bot.archive import Archive
from bot.archive.identity import SourceFile
from bot.models import Block, IssueDate, ParsedArticle, ParsedPage, Role
from bot.search import Engine, ParagraphIndex
from bot.search.query import parse_query
from tests.bench.corpora import Record
from tests.bench.system import TOP, Answers, System
from tests.bench.texts import Corpus, Texts

ARTICLES = 8
"""Articles of a page, and pages of an issue."""


class Paragraphs(System):
    """The index alone, and the texts of its hits."""

    def __init__(self, folder: Path, texts: Texts, kind: str) -> None:
        self._texts = texts
        self.index = ParagraphIndex.open(folder / "index.db")

    @staticmethod
    def build(folder: Path, corpus: Corpus, kind: str) -> None:
        ParagraphIndex.open(folder / "index.db").add_texts(corpus.texts)

    def search(self, query: str) -> Answers:
        return [(hit.position, self._texts[hit.position]) for hit in self.index.search(query, TOP)]

    def add(self, texts: list[str]) -> None:
        self._texts.add(texts)
        self.index.add_texts(texts)


class Whole(System):
    """An archive of articles, asked as a reader asks it: the passages of the best articles come out."""

    def __init__(self, folder: Path, texts: Texts, kind: str) -> None:
        self.engine = Engine(Archive(folder / "newsbot.db"))
        self._pages = count(1_000_000, ARTICLES * ARTICLES)

    @staticmethod
    def build(folder: Path, corpus: Corpus, kind: str) -> None:
        archive = Archive(folder / "newsbot.db")
        articles = (list(group) for _, group in groupby(corpus.records(), key=lambda record: record.article))
        store(archive, articles)
        Engine(archive).refresh()

    def search(self, query: str) -> Answers:
        hits = self.engine.search(parse_query(query, limit=TOP)).hits
        return [(passage.paragraph_id, passage.excerpt) for hit in hits for passage in hit.passages]

    def add(self, texts: list[str]) -> None:
        store(self.engine.archive, ([Record("", text)] for text in texts), first=next(self._pages))
        self.engine.refresh()


def store(archive: Archive, articles: Iterable[list[Record]], first: int = 0) -> None:
    """Store articles as pages from that number on: eight to a page, eight pages to an issue, issues day by day."""
    articles = iter(articles)
    numbers = count(first)
    while batch := list(islice(articles, 64 * ARTICLES)):
        with archive.transaction():
            for at in range(0, len(batch), ARTICLES):
                _store_page(archive, next(numbers), batch[at : at + ARTICLES])


def _store_page(archive: Archive, number: int, articles: list[list[Record]]) -> None:
    issue, page = divmod(number, ARTICLES)
    turn, day = divmod(issue, 9_000)
    parsed = ParsedPage(
        tuple(_article(records) for records in articles),
        date=IssueDate(date(2000, 1, 1) + timedelta(days=day)),
        number=1 + page + ARTICLES * turn,
    )
    archive.store_page(SourceFile(f"page-{number}", f"{number:064x}"), parsed)


def _article(records: list[Record]) -> ParsedArticle:
    headline = [Block(Role.HEADLINE, records[0].title)] if records[0].title else []
    return ParsedArticle((*headline, *(Block(Role.TEXT, record.text) for record in records)))
