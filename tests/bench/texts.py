"""What all systems of a benchmark read: paragraphs and their terms in files, and texts by position."""

import json
import mmap
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.search import analyzer
from bot.search.characters import fold
from bot.search.query import search_terms
from tests.bench.corpora import Record

_run_terms = lru_cache(1 << 20)(lambda run: " ".join(analyzer.run_terms(run)))
_run_words = lru_cache(1 << 20)(lambda run: " ".join(analyzer.cut(run)))


class Texts:
    """Paragraphs of a file, one a line as JSON, by position; the file is mapped and not read."""

    def __init__(self, path: Path) -> None:
        self._ends = np.load(path.with_suffix(".npy"), mmap_mode="r")
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._added: list[str] = []

    @staticmethod
    def write(path: Path, texts: Iterable[str]) -> int:
        """Write texts to a file; return their bytes in UTF-8."""
        ends, size = [0], 0
        with path.open("wb") as file:
            for text in texts:
                size += len(text.encode())
                ends.append(ends[-1] + file.write(json.dumps(text, ensure_ascii=False).encode() + b"\n"))
        np.save(path.with_suffix(".npy"), np.array(ends))
        return size

    def __getitem__(self, position: int) -> str:
        if position >= len(self._ends) - 1:
            return self._added[position - len(self._ends) + 1]
        text: str = json.loads(self._map[self._ends[position] : self._ends[position + 1]])
        return text

    def __len__(self) -> int:
        return len(self._ends) - 1 + len(self._added)

    def __iter__(self) -> Iterator[str]:
        return (self[i] for i in range(len(self)))

    def add(self, texts: Iterable[str]) -> None:
        """Append texts, in memory alone."""
        self._added += texts


class Corpus:
    """The paragraphs in a folder: `texts`, and what they are cut into, `terms` and `words`, a paragraph a line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts = Texts(folder / "texts")

    @classmethod
    def write(cls, folder: Path, records: Iterable[Record]) -> "Corpus":
        """Write paragraphs into a new folder, with their terms and words."""
        folder.mkdir(parents=True)
        with (folder / "articles").open("w", encoding="utf-8") as articles:

            def texts() -> Iterator[str]:
                for record in records:
                    articles.write(json.dumps([record.id, record.title, record.article]) + "\n")
                    yield record.text

            size = Texts.write(folder / "texts", texts())
        corpus, seconds = cls(folder), dict[str, float]()
        for kind, cut in PARAGRAPHS.items():
            begin = time.perf_counter()
            with (folder / kind).open("w", encoding="utf-8") as file:
                file.writelines(cut(text) + "\n" for text in corpus.texts)
            seconds[kind] = time.perf_counter() - begin
        (folder / "about.json").write_text(json.dumps({"bytes": size, "seconds": seconds}))  # the last: it is whole
        return corpus

    @property
    def about(self) -> dict[str, Any]:
        """`bytes` of the texts in UTF-8, and the `seconds` that it took to cut them into `terms` and `words`."""
        found: dict[str, Any] = json.loads((self.folder / "about.json").read_text())
        return found

    def cut(self, kind: str) -> Iterator[str]:
        """The terms of each paragraph, with spaces between."""
        with (self.folder / kind).open(encoding="utf-8") as file:
            yield from (line.rstrip("\n") for line in file)

    def records(self) -> Iterator[Record]:
        """The paragraphs with their articles."""
        with (self.folder / "articles").open(encoding="utf-8") as file:
            for line, text in zip(file, self.texts, strict=True):
                number, title, article = json.loads(line)
                yield Record(number, text, title, article)


def paragraph_terms(text: str) -> str:
    """The terms of `bot.search.analyzer.paragraph_terms`, with spaces between; equal runs are cut once."""
    return _by_run(text, _run_terms)


def paragraph_words(text: str) -> str:
    """Jieba's words alone, with spaces between."""
    return _by_run(text, _run_words)


def query_terms(query: str) -> list[str]:
    """The terms that the index scores, as often as they count."""
    return list(search_terms(query).scored)


def query_words(query: str) -> list[str]:
    return paragraph_words(query).split()


def _by_run(text: str, terms: Callable[[str], str]) -> str:
    folded = fold(text)
    return " ".join(terms(folded[start:end]) for start, end in analyzer.run_spans(folded))


PARAGRAPHS = {"terms": paragraph_terms, "words": paragraph_words}
QUERIES = {"terms": query_terms, "words": query_words}
"""By the kind of what a system is given: how its paragraphs and its queries are cut."""
