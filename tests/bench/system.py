"""The systems that are compared, and the face that they share: built in a folder, opened from it, asked, added to."""

import hashlib
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

from bot.archive import postings, schema
from tests.bench.texts import Corpus, Texts

TOP = 10

Answers = list[tuple[int, str]]
"""Positions and texts of the best paragraphs, or ids and passages of them, the best first."""


class System(Protocol):
    """A built system, opened to be asked.

    Args:
        folder: Where it was built.
        texts: The paragraphs, for systems that keep none.
        kind: What paragraphs and queries are cut into for it, as `Entry.kind` says.
    """

    def __init__(self, folder: Path, texts: Texts, kind: str) -> None: ...

    @staticmethod
    def build(folder: Path, corpus: Corpus, kind: str) -> None: ...

    def search(self, query: str) -> Answers: ...

    def add(self, texts: list[str]) -> None:
        """Add paragraphs, so that the next search finds them.

        Raises:
            NotImplementedError: It can only be built anew.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class Entry:
    """A row of the tables.

    Attributes:
        name: What the tables call it.
        source: The module and the class.
        store: The folder that it is built in; rows that share one are built once.
        kind: What it is given: `terms`, those of `bot.search`; `words`, jieba's alone; "", the text.
        numba: Whether it may use numba where that is installed.
        most: Paragraphs beyond which it takes too long.
    """

    name: str
    source: str
    store: str
    kind: str = "terms"
    numba: bool = False
    most: int = 1 << 31

    def load(self) -> type[System]:
        """Its class; its library is imported now, and not when the tables are made."""
        module, name = self.source.split(":")
        found: type[System] = getattr(import_module(f"tests.bench.{module}"), name)
        return found

    @property
    def form(self) -> str:
        """What the files that it makes depend on, beside what it is given; "" for a peer."""
        files = [] if self.kind else [Path(schema.__file__), Path(postings.__file__)]
        return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest() if files else ""

    def alone(self) -> type[System]:
        """Its class, in a process that is its own, made one without numba where it has none."""
        if not self.numba:
            sys.modules["numba"] = None  # type: ignore[assignment]  # importing it fails, as where it is not installed
        return self.load()


ENTRIES = (
    Entry("newsbot", "ours:Paragraphs", "newsbot", kind=""),
    Entry("newsbot[fast]", "ours:Paragraphs", "newsbot", kind="", numba=True),
    Entry("newsbot, whole engine", "ours:Whole", "engine", kind=""),
    Entry("rank-bm25", "peers:RankBM25", "rank-bm25", most=10_000),
    Entry("bm25s", "peers:Bm25s", "bm25s"),
    Entry("bm25s, numba", "peers:Bm25sNumba", "bm25s", numba=True),
    Entry("tantivy", "peers:Tantivy", "tantivy"),
    Entry("SQLite FTS5", "peers:Fts5", "fts5"),
    Entry("rank-bm25, words", "peers:RankBM25", "rank-bm25-words", kind="words", most=10_000),
    Entry("bm25s, words", "peers:Bm25s", "bm25s-words", kind="words"),
    Entry("tantivy, words", "peers:Tantivy", "tantivy-words", kind="words"),
    Entry("SQLite FTS5, words", "peers:Fts5", "fts5-words", kind="words"),
)
SYSTEMS = {entry.name: entry for entry in ENTRIES}
