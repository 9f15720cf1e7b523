"""BM25 over paragraphs: rank-bm25's formula, with postings in place of its loops over all paragraphs."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Plus

from bot.archive.postings import BLOCK, Lengths, Offsets, PostingList, Postings, Snapshot, State
from bot.models import Hit
from bot.search import analyzer
from bot.search.query import SearchTerms, search_terms
from bot.search.rerank import DEPTH, NEAR, rerank

BATCH = 2000
"""Paragraphs added in one transaction: what a second or two takes, so that other writers get their turn."""

Positions = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Matches:
    """All paragraphs that match, by position, with their scores.

    Attributes:
        positions: Ascending places of the paragraphs.
        scores: Their BM25 scores, in the same order.
        coverage: What share of the question each of them holds, 0 to 1: the idf of the clauses' terms that it has over
            that of all of them that the index knows.
        idf: The weight of each term that the index knows.
        met: The clauses that any paragraph has.
    """

    positions: Positions
    scores: Scores
    coverage: Scores
    idf: dict[str, float]
    met: frozenset[tuple[str, ...]]


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
        self.k1, self.b, self.delta = 0.9, 0.4, 0
        self._postings = postings or Postings.in_memory()
        self._lock = Lock()  # guards what is cached of the last generation seen
        self._generation = -1
        self._lengths: dict[int, Lengths] = {}
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
        texts = iter(texts)
        while batch := list(islice(texts, BATCH)):
            terms = [Counter(analyzer.paragraph_terms(text)) for text in batch]
            with self._postings.transaction() as state:
                self._postings.add(list(enumerate(terms, state.next)))
                self._postings.keep_texts(list(enumerate(batch, state.next)))

    def add(self, paragraphs: Iterable[tuple[int, str]]) -> None:
        """Add texts at positions of the caller's choice: ascending, and after all that were ever added.

        Raises:
            ValueError: They are not.
        """
        self._postings.add([(position, Counter(analyzer.paragraph_terms(text))) for position, text in paragraphs])

    def remove(self, paragraphs: Iterable[tuple[int, str]]) -> None:
        """Remove paragraphs, given by position and the text that was added there."""
        self._postings.remove([(position, set(analyzer.paragraph_terms(text))) for position, text in paragraphs])

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
        terms = search_terms(query)
        found = self.match(terms)
        order = np.argsort(-found.scores, kind="stable")[: max(limit, DEPTH)]
        hits = [Hit(int(found.positions[i]), float(found.scores[i])) for i in order]
        near = [hit for hit in hits[:DEPTH] if hit.score >= NEAR * hits[0].score]
        texts = self._postings.texts([hit.position for hit in near])
        if len(texts) == len(near):  # an archive's index keeps no texts: its engine puts them in order
            scores = rerank(query, terms, found.idf, [(hit.score, texts[hit.position]) for hit in near])
            again = sorted(zip(scores, near, strict=True), key=lambda pair: (-pair[0], pair[1].position))
            hits[: len(near)] = [hit for _, hit in again]
        return hits[:limit]

    def match(self, terms: SearchTerms) -> Matches:
        """All paragraphs with all terms of at least one clause, scored by all terms."""
        with self._postings.snapshot() as snapshot:
            lengths = self._current_lengths(snapshot)
            lists = snapshot.postings(set(terms.scored).union(*terms.clauses))
            state = snapshot.state
        idf = self._idf(state, lists)
        clauses, met = terms.clauses, set[tuple[str, ...]]()
        telling = [term for term in dict.fromkeys(t for clause in clauses for t in clause) if term in idf]
        whole = sum(idf[term] for term in telling) or 1.0
        blocks = {term: {p.block: p for p in found} for term, found in lists.items()}
        positions, scores, coverage = [np.empty(0, np.int64)], [np.empty(0)], [np.empty(0)]
        for block in sorted({p.block for found in lists.values() for p in found}):
            having = {clause: offsets for clause in clauses if (offsets := _having(clause, blocks, block)).size}
            if having:
                met |= having.keys()
                matching = np.unique(np.concatenate(list(having.values())))
                total = self._score_block(terms.scored, blocks, block, lengths[block], state, idf)
                held = np.zeros(len(total))
                for term in telling:
                    if (postings := blocks[term].get(block)) is not None:
                        held[postings.offsets] += idf[term] / whole
                positions.append(matching.astype(np.int64) + block * BLOCK)
                scores.append(total[matching])
                coverage.append(held[matching])
        return Matches(np.concatenate(positions), np.concatenate(scores), np.concatenate(coverage), idf, frozenset(met))

    def get_scores(self, query: Sequence[str]) -> Scores:
        """BM25 of every paragraph for a list of terms, by position; 0 where there is none of them, or no paragraph."""
        with self._postings.snapshot() as snapshot:
            lengths = self._current_lengths(snapshot)
            lists = snapshot.postings(set(query))
            state = snapshot.state
        idf = self._idf(state, lists)
        blocks = {term: {p.block: p for p in found} for term, found in lists.items()}
        scores = np.zeros(state.next)
        for block, block_lengths in lengths.items():
            total = self._score_block(query, blocks, block, block_lengths, state, idf)
            scores[block * BLOCK : block * BLOCK + len(total)] = total
        return scores

    def _score_block(
        self,
        terms: Sequence[str],
        blocks: dict[str, dict[int, PostingList]],
        block: int,
        lengths: Lengths,
        state: State,
        idf: dict[str, float],
    ) -> Scores:
        """The formula of `rank_bm25.BM25Plus.get_scores` (delta 0) over one block's postings."""
        average = state.total_length / state.size if state.total_length else 1.0  # without terms, nothing is scored
        norm = self.k1 * (1 - self.b + self.b * lengths / average)
        scores = np.zeros(len(lengths))
        for term, times in Counter(terms).items():
            if (postings := blocks.get(term, {}).get(block)) is not None:
                frequency = postings.frequencies.astype(np.float64)
                weight = times * idf[term] * (self.k1 + 1)
                scores[postings.offsets] += weight * frequency / (frequency + norm[postings.offsets])
        return scores

    def _idf(self, state: State, lists: dict[str, list[PostingList]]) -> dict[str, float]:
        """rank-bm25's own idf for these terms, on a scratch object: threads search this one at the same time."""
        scratch = BM25Plus.__new__(BM25Plus)
        scratch.corpus_size, scratch.idf = state.size, {}
        scratch._calc_idf({term: sum(len(p.offsets) for p in found) for term, found in lists.items()})
        idf: dict[str, float] = scratch.idf
        return idf

    def _current_lengths(self, snapshot: Snapshot) -> dict[int, Lengths]:
        """The paragraph lengths that belong to the snapshot; only the blocks that changed are read again."""
        with self._lock:
            if snapshot.state.generation > self._generation:
                changed = snapshot.lengths(self._generation)
                self._lengths = {**self._lengths, **changed}
                self._generation = snapshot.state.generation
            elif snapshot.state.generation < self._generation:
                return snapshot.lengths(-1)  # older than what another thread has just seen: rare, so read for itself
            return self._lengths


def _having(clause: tuple[str, ...], blocks: dict[str, dict[int, PostingList]], block: int) -> Offsets:
    """The offsets in a block of the paragraphs that have all terms of the clause."""
    lists = [postings.offsets for term in clause if (postings := blocks.get(term, {}).get(block)) is not None]
    if not lists or len(lists) < len(clause):
        return np.empty(0, np.uint16)
    common, *others = sorted(lists, key=len)
    for other in others:
        common = common[np.isin(common, other, assume_unique=True)]
    return common
