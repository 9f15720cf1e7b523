"""What is kept in memory of the posting lists: the hot ones, in bounded space, as of the last generation seen."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import numpy.typing as npt

from bot.archive.posting_lists import PostingList
from bot.archive.snapshot import Batch, Snapshot, State

BUDGET = 128 << 20
"""Bytes of posting lists kept."""

_FREQUENCIES = 1 << 16  # document frequencies kept
_LISTS = 1 << 14  # whole lists at hand

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Formula:
    """The formula of `rank_bm25.BM25Plus.get_scores` (delta 0) without the idf."""

    k1: float
    b: float
    average: float

    def weigh(self, frequency: Scores, length: Scores) -> Scores:
        """The weight of a term with that frequency in a paragraph of that length."""
        norm = self.k1 * (1 - self.b + self.b * length / self.average)
        weights: Scores = frequency * (self.k1 + 1) / (norm + frequency)
        return weights


@dataclass
class _Merged:
    """Lists and document frequencies without recent additions; they are good until the next merge."""

    generation: int
    lists: OrderedDict[str, PostingList] = field(default_factory=OrderedDict)
    frequencies: dict[str, int] = field(default_factory=dict)
    size: int = 0


@dataclass(frozen=True)
class _Seen:
    """What belongs to one generation: the cells' frequencies and paragraph lengths, and the recent additions."""

    generation: int
    frequencies: Scores
    lengths: Scores
    batches: dict[int, Batch]
    weights: dict[Formula, Scores] = field(default_factory=dict)
    lists: dict[str, PostingList] = field(default_factory=dict)
    """Whole lists, those that `_Merged` keeps and recent postings after them, at hand without a lock."""


class ListCache:
    """Shared by all threads; each reads through a `View` of its own snapshot."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._lock = Lock()
        self._merged = _Merged(-1)
        self._seen = _Seen(-1, np.empty(0), np.empty(0), {})

    def view(self, snapshot: Snapshot) -> "View":
        """The lists at the snapshot's generation."""
        state = snapshot.state
        with self._lock:
            if state.merged > self._merged.generation:
                self._merged = _Merged(state.merged)
                self._seen = _Seen(-1, np.empty(0), np.empty(0), {})
            # older than what another thread has just seen: rare, so nothing is kept of it
            merged = self._merged if state.merged == self._merged.generation else _Merged(state.merged)
            seen = self._seen
        if seen.generation != state.generation:
            known = seen if merged is self._merged and seen.generation < state.generation else None
            seen = _catch_up(snapshot, known)
            with self._lock:
                if merged is self._merged and seen.generation > self._seen.generation:
                    self._seen = seen
        return View(self, snapshot, merged, seen)

    def keep(self, merged: _Merged, seen: _Seen, found: dict[str, PostingList]) -> None:
        """Keep lists; those that were not used for longest go."""
        with self._lock:
            for term, postings in found.items():
                if term not in merged.lists:
                    merged.lists[term] = postings
                    merged.size += postings.nbytes
            if merged.size > self._budget:
                seen.lists.clear()  # what is used still comes back, and to the end of those that are kept
            while merged.size > self._budget:
                merged.size -= merged.lists.popitem(last=False)[1].nbytes

    def kept(self, merged: _Merged, terms: Iterable[str]) -> dict[str, PostingList]:
        """Those of the lists that are kept."""
        found = {}
        with self._lock:
            for term in terms:
                if postings := merged.lists.get(term):
                    found[term] = postings
                    merged.lists.move_to_end(term)
        return found


def _catch_up(snapshot: Snapshot, known: _Seen | None) -> _Seen:
    known = known or _Seen(-1, np.empty(0), np.empty(0), {})
    frequencies, lengths = snapshot.cells(len(known.lengths))
    return _Seen(
        snapshot.state.generation,
        np.concatenate([known.frequencies, frequencies]),
        np.concatenate([known.lengths, lengths]),
        snapshot.batches(known.batches),
    )


class View:
    """The posting lists at one generation."""

    def __init__(self, cache: ListCache, snapshot: Snapshot, merged: _Merged, seen: _Seen) -> None:
        self.state: State = snapshot.state
        self.snapshot = snapshot
        self.cell_frequencies, self.cell_lengths = seen.frequencies, seen.lengths
        self._cache, self._merged, self._seen, self._batches = cache, merged, seen, seen.batches

    def weights(self, formula: Formula) -> Scores:
        """The weight of each cell."""
        if formula not in self._seen.weights:
            self._seen.weights[formula] = formula.weigh(self.cell_frequencies, self.cell_lengths)
        return self._seen.weights[formula]

    def postings(self, terms: Iterable[str]) -> dict[str, PostingList]:
        """The postings of each term that the index knows, in the order of the terms."""
        wanted, whole = list(terms), self._seen.lists
        found = {term: postings for term in wanted if (postings := whole.get(term)) is not None}
        if missing := [term for term in wanted if term not in found]:
            found |= self._whole(missing)
            found = {term: found[term] for term in wanted}
        return {term: postings for term, postings in found.items() if postings}

    def _whole(self, terms: list[str]) -> dict[str, PostingList]:
        """The postings of terms, kept for the next time."""
        known = self._cache.kept(self._merged, terms)
        if missing := [term for term in terms if term not in known]:
            read = self.snapshot.merged_postings(missing)
            self._cache.keep(self._merged, self._seen, read)
            known |= read
        found = {}
        for term in terms:
            recent = PostingList(run for batch in self._batches.values() for run in batch.runs(term))
            found[term] = known[term].followed_by(recent)
        if len(self._seen.lists) < _LISTS:
            self._seen.lists.update(found)
        return found

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many paragraphs each term is, of those that the index knows."""
        wanted, known = list(terms), self._merged.frequencies
        if missing := [term for term in wanted if term not in known]:
            read = self.snapshot.merged_frequencies(missing)
            if len(known) < _FREQUENCIES:
                known |= read
            else:
                known = known | read
        counts = {term: known[term] + sum(batch.frequency(term) for batch in self._batches.values()) for term in wanted}
        return {term: count for term, count in counts.items() if count}
