"""BM25 over paragraphs: rank-bm25's formula, with postings in place of its loops over all paragraphs."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Plus

from bot.archive.postings import Document, Postings
from bot.archive.snapshot import State
from bot.models import Hit
from bot.search import analyzer, kernels
from bot.search.asking import SearchTerms, search_terms
from bot.search.cutting import analyzed
from bot.search.lists import BUDGET, BUDGET_COMPILED, ListCache, View
from bot.search.matching import K1, B, weigh_terms
from bot.search.rerank import DEPTH, nearness, reranked
from bot.search.scoring import Matches, Question, having
from bot.search.sums import Formula, Mask, Positions, Scores, first, rounded

BATCH = 2000
"""Paragraphs added in one transaction: what a second or two takes, so that other writers get their turn."""

T = TypeVar("T")


class ParagraphIndex(BM25Plus):  # type: ignore[misc]  # rank-bm25 has no types
    """A BM25 index over paragraphs, on postings in SQLite: persistent, and extended without a rebuild.

    The formula is that of `rank_bm25.BM25Plus` with `delta=0`: its idf, ln((N + 1) / df), is positive for every term,
    so a term in half of the paragraphs still counts, and a paragraph without any term scores 0. Source: Trotman et al.,
    "Improvements to BM25 and Language Models Examined" (2014); k1 and b are those that ranked best on questions about
    encyclopedia paragraphs, once the second stage has had its say.

    Any thread may search while another adds; a search sees the index before or after the addition, never between.
    """

    def __init__(self, postings: Postings | None = None) -> None:
        """An index on the given posting tables; without them, a new one in memory."""
        self.k1, self.b, self.delta = K1, B, 0
        self._postings = postings or Postings.in_memory()
        self._lists = ListCache(BUDGET_COMPILED if kernels.compilable() else BUDGET)
        self._check_analyzer()

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> "ParagraphIndex":
        """An index in memory of the texts, which have the positions 0, 1, 2 and so on."""
        index = cls()
        index.add_texts(texts)
        return index

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> "ParagraphIndex":
        """The index kept in a file; a new, empty one where there is no such file."""
        return cls(Postings.at(Path(path)))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the index to a file that `open` reads. It replaces what the file held."""
        self._postings.copy_to(Path(path))

    # ---- in ------------------------------------------------------------------------------------------------------

    def add_texts(self, texts: Iterable[str]) -> None:
        """Add texts at the positions that follow the last one."""
        rest = analyzed(texts)
        following = list(islice(rest, BATCH))
        while batch := following:
            following = list(islice(rest, BATCH))
            with self._postings.transaction() as state:
                documents = [Document(number, *one) for number, one in enumerate(batch, state.next)]
                self._postings.add(documents, more=bool(following))

    def add(self, paragraphs: Iterable[tuple[int, str]]) -> None:
        """Add texts at positions of the caller's choice: ascending, and after all that were ever added.

        A whole `batch` of them is taken for a part of a pile.

        Raises:
            ValueError: They are not.
        """
        documents = [Document(position, *analyzer.analyze(text)) for position, text in paragraphs]
        self._postings.add(documents, more=len(documents) >= self.batch)

    def remove(self, paragraphs: Iterable[tuple[int, str]]) -> None:
        """Remove paragraphs, given by position and the text that was added there."""
        self._postings.remove([(position, set(analyzer.paragraph_terms(text))) for position, text in paragraphs])

    batch = 500
    """Paragraphs that `Engine` adds in one transaction: less than a second, so that other writers hardly wait."""

    def whole(self) -> AbstractContextManager[object]:
        """A transaction, within which it is made anew: no reader sees it half made."""
        return self._postings.writing()

    def prepare(self, added: Sequence[tuple[int, str]] = (), removed: Sequence[tuple[int, str]] = ()) -> None:
        """All that there is to do is part of the transaction."""

    def clear(self) -> None:
        """Forget all paragraphs; positions begin at 0 again."""
        self._postings.clear(analyzer.VERSION)

    def _check_analyzer(self) -> None:
        state = self._state()
        if state.analyzer != analyzer.VERSION and state.size == 0:
            self.clear()

    @property
    def outdated(self) -> bool:
        """Whether another version of the analyzer made the terms, so that the index must be made anew."""
        return self._state().analyzer != analyzer.VERSION

    @property
    def next(self) -> int:
        """The position after the last one ever added."""
        return self._state().next

    @property
    def generation(self) -> int:
        """A number that goes up with each change, in whichever process it is made."""
        return self._state().generation

    def _state(self) -> State:
        with self._postings.snapshot() as snapshot:
            return snapshot.state

    def __len__(self) -> int:
        return self._state().size

    # ---- out -----------------------------------------------------------------------------------------------------

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """The paragraphs that match a question, best first; equal scores in the order of their positions.

        Two stages: BM25 over all paragraphs, then the first of them by their best sentences (`bot.search.rerank`). The
        score of a hit is its BM25 score, whatever place the second stage gives it.
        """
        if limit < 1:
            return []
        terms = search_terms(query)
        with self._question(terms) as question:
            positions, scores = question.best(limit, DEPTH, nearness(query, terms))
            raised = reranked(question.texts, query, terms, question.idf, positions, scores)
        order = np.lexsort((positions, -raised))[:limit].tolist()
        return [Hit(int(positions[i]), float(scores[i])) for i in order]

    def best(
        self, terms: SearchTerms, limit: int = 10, *, more: int = 0, near: float = 1.0
    ) -> tuple[Positions, Scores]:
        """The first paragraphs by BM25, the best first, and their scores.

        Args:
            terms: The question.
            limit: How many, at least; all that reach the share `near` of the best score, up to `more` in all, are
                among them.
            more: See `limit`.
            near: 0 to 1.
        """
        with self._question(terms) as question:
            return question.best(limit, more, near)

    def reranked(
        self, query: str, terms: SearchTerms, idf: dict[str, float], positions: Positions, scores: Scores
    ) -> Scores:
        """The scores with those of the first paragraphs raised to the order of the second stage."""
        return reranked(self.texts, query, terms, idf, positions, scores)

    def match(
        self,
        terms: SearchTerms,
        *,
        limit: int = 100,
        floor: float = 0.0,
        allowed: Callable[[Positions], Mask] | None = None,
        tie: npt.NDArray[np.int32] | None = None,
        before: int | None = None,
    ) -> Matches:
        """As `MatchingIndex.match`."""
        with self._question(terms, before) as question:
            return question.matches(limit, floor, allowed, tie)

    @contextmanager
    def _question(self, terms: SearchTerms, before: int | None = None) -> Iterator[Question]:
        with self._view() as view:
            yield Question(view, terms, lambda state, counts: weigh_terms(state.size, counts), self._formula, before)
        kernels.compile_kernels()  # behind the first answer: who asks does not wait for the compiler

    def having(self, terms: Iterable[str]) -> Positions:
        """Ascending positions of the paragraphs that have all of the terms."""
        wanted = tuple(dict.fromkeys(terms))
        with self._view() as view:
            if len(view.frequencies(wanted)) < len(wanted):
                return np.empty(0, np.int64)
            return having(wanted, view.postings(wanted))

    def document_frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many paragraphs each term is, of those that the index knows."""
        with self._view() as view:
            return view.frequencies(terms)

    def texts(self, positions: Iterable[int]) -> dict[int, str]:
        """The texts at these positions, folded and unified."""
        with self._view() as view:
            return view.texts(positions)

    def terms(self) -> Iterator[str]:
        """All terms that the index knows."""
        return self._postings.terms()

    @contextmanager
    def _view(self) -> Iterator[View]:
        with self._postings.snapshot() as snapshot:
            yield self._lists.view(snapshot)

    def _formula(self, state: State) -> Formula:
        # without terms, nothing is scored, and any average does
        return Formula(self.k1, self.b, state.total_length / state.size if state.total_length else 1.0)

    # ---- rank-bm25's interface -----------------------------------------------------------------------------------

    @property
    def corpus_size(self) -> int:
        """The number of paragraphs."""
        return len(self)

    def get_scores(self, query: Sequence[str]) -> Scores:
        """BM25 of every paragraph for a list of terms, by position; 0 where there is none of them, or no paragraph."""
        with self._view() as view:
            lists = view.postings(dict.fromkeys(query))
            idf = weigh_terms(view.state.size, {term: len(postings) for term, postings in lists.items()})
            weighted = [(postings, rounded(query.count(term) * idf[term])) for term, postings in lists.items()]
            scores = np.zeros(view.state.next)
            for found in kernels.added_up(weighted, None, view.norms(self._formula(view.state)), float):
                scores[found.positions] = found.units * found.once
            return scores

    def get_batch_scores(self, query: Sequence[str], doc_ids: Sequence[int]) -> list[float]:
        """BM25 of the paragraphs at these positions.

        Raises:
            IndexError: A position is not below `next`.
        """
        scores: list[float] = self.get_scores(query)[list(doc_ids)].tolist()
        return scores

    def get_top_n(self, query: Sequence[str], documents: Sequence[T], n: int = 5) -> list[T]:
        """The documents, given by position, with the highest scores for a list of terms.

        Raises:
            ValueError: There is not one document for each position.
        """
        scores = self.get_scores(query)
        if len(documents) != len(scores):
            raise ValueError(f"give one document for each of the {len(scores)} positions")
        return [documents[i] for i in first(scores, n)]
