"""The peers, given the same terms as the index, or jieba's words alone; how they store and rank them is their own.

Each imports its library when it is built or opened, so that no other waits for it.
"""

import sqlite3
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.system import TOP, Answers, System
from tests.bench.texts import PARAGRAPHS, QUERIES, Corpus, Texts


class RankBM25(System):
    """It keeps nothing on disk: the terms are read, and counted, at each start."""

    def __init__(self, folder: Path, texts: Texts, kind: str) -> None:
        from rank_bm25 import BM25Plus

        self._texts, self._cut = texts, QUERIES[kind]
        self._model = BM25Plus([line.split() for line in Corpus(folder.parent).cut(kind)], k1=0.9, b=0.4, delta=0)

    @staticmethod
    def build(folder: Path, corpus: Corpus, kind: str) -> None:
        pass

    def search(self, query: str) -> Answers:
        scores = self._model.get_scores(self._cut(query))
        best = np.argsort(-scores, kind="stable")[:TOP]
        return [(int(i), self._texts[i]) for i in best if scores[i] > 0]


class Bm25s(System):
    """By Lucene's idf, its default; loaded into memory, its default, too."""

    backend = "numpy"

    def __init__(self, folder: Path, texts: Texts, kind: str) -> None:
        import bm25s

        self._texts, self._cut = texts, QUERIES[kind]
        self._model = bm25s.BM25.load(folder, override_params={"backend": self.backend}, show_progress=False)

    @staticmethod
    def build(folder: Path, corpus: Corpus, kind: str) -> None:
        import bm25s

        ids: dict[str, int] = {}
        paragraphs = [[ids.setdefault(term, len(ids)) for term in line.split()] for line in corpus.cut(kind)]
        model = bm25s.BM25(k1=0.9, b=0.4)
        model.index((paragraphs, ids), show_progress=False)
        model.save(folder, show_progress=False)

    def search(self, query: str) -> Answers:
        known = [term for term in self._cut(query) if term in self._model.vocab_dict]
        if not known:
            return []
        found, scores = self._model.retrieve([known], k=min(TOP, len(self._texts)), show_progress=False)
        return [(int(i), self._texts[i]) for i, s in zip(found[0], scores[0], strict=True) if s > 0]


class Bm25sNumba(Bm25s):
    backend = "numba"


class Tantivy(System):
    """A posting holds no positions; a query is the OR of its terms, by tantivy's BM25 (k1 1.2, b .75)."""

    def __init__(self, folder: Path, texts: Texts, kind: str) -> None:
        import tantivy

        self._tantivy, self._kind = tantivy, kind
        self._index = tantivy.Index.open(str(folder))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._next = len(texts)

    @staticmethod
    def build(folder: Path, corpus: Corpus, kind: str) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_bytes_field("text", stored=True, indexed=False)
        builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("position", stored=True)
        writer = tantivy.Index(builder.build(), str(folder)).writer(512 << 20, 2)
        for i, (text, terms) in enumerate(zip(corpus.texts, corpus.cut(kind), strict=True)):
            writer.add_document(tantivy.Document(text=text.encode(), terms=terms, position=i))
        writer.commit()
        writer.wait_merging_threads()

    def search(self, query: str) -> Answers:
        library = self._tantivy
        terms = [
            (library.Occur.Should, library.Query.term_query(self._schema, "terms", term))
            for term in dict.fromkeys(QUERIES[self._kind](query))  # the same term twice would take it twice as long
        ]
        hits = self._searcher.search(library.Query.boolean_query(terms), TOP, count=False).hits
        found: Any = (self._searcher.doc(address) for _, address in hits)
        return [(document.get_first("position"), document.get_first("text").decode()) for document in found]

    def add(self, texts: list[str]) -> None:
        writer: Any = self._index.writer(64 << 20, 1)
        for i, text in enumerate(texts, self._next):
            terms = PARAGRAPHS[self._kind](text)
            writer.add_document(self._tantivy.Document(text=text.encode(), terms=terms, position=i))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._next += len(texts)


class Fts5(System):
    """Texts in a table, terms in an index without content."""

    def __init__(self, folder: Path, texts: Texts, kind: str) -> None:
        self._path, self._kind = folder / "fts5.db", kind
        self._next = len(texts) + 1

    @staticmethod
    def build(folder: Path, corpus: Corpus, kind: str) -> None:
        db = sqlite3.connect(folder / "fts5.db")
        with db:
            db.execute("CREATE TABLE paragraph (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
            db.execute("CREATE VIRTUAL TABLE terms USING fts5(body, content='', tokenize='unicode61')")
            db.executemany("INSERT INTO paragraph VALUES (?, ?)", enumerate(corpus.texts, 1))
            db.executemany("INSERT INTO terms (rowid, body) VALUES (?, ?)", enumerate(corpus.cut(kind), 1))
            db.execute("INSERT INTO terms (terms) VALUES ('optimize')")
        db.close()

    def search(self, query: str) -> Answers:
        terms = " OR ".join(f'"{term}"' for term in dict.fromkeys(QUERIES[self._kind](query)))
        db = sqlite3.connect(self._path)  # one a query, about 0.1 ms: a connection belongs to one thread
        try:
            return db.execute(
                """SELECT id - 1, text
                   FROM (SELECT rowid, rank AS score FROM terms WHERE terms MATCH ? ORDER BY rank LIMIT ?) AS best
                   JOIN paragraph ON id = best.rowid ORDER BY score""",
                [terms, TOP],
            ).fetchall()
        finally:
            db.close()

    def add(self, texts: list[str]) -> None:
        cut = PARAGRAPHS[self._kind]
        db = sqlite3.connect(self._path, timeout=60)
        with db:
            db.executemany("INSERT INTO paragraph VALUES (?, ?)", enumerate(texts, self._next))
            terms = ((i, cut(text)) for i, text in enumerate(texts, self._next))
            db.executemany("INSERT INTO terms (rowid, body) VALUES (?, ?)", terms)
        db.close()
        self._next += len(texts)
