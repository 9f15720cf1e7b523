"""What is kept in memory of the posting lists: the hot ones, in bounded space, as of the last generation seen."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from bot.archive.snapshot import Batch, PostingList, Snapshot, State

BUDGET = 80 << 20
"""Bytes of posting lists kept."""

_FREQUENCIES = 1 << 16  # document frequencies kept

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
    highest: WeakKeyDictionary[PostingList, tuple[Formula, float]] = field(default_factory=WeakKeyDictionary)


class Listed:
    """A term's postings: a long list, and those of recent additions after it."""

    def __init__(self, parts: list[PostingList]) -> None:
        self.parts = parts

    @property
    def numbers(self) -> npt.NDArray[np.int32]:
        """The numbers of all paragraphs that have the term."""
        return PostingList.join(self.parts).numbers


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

    def keep(self, merged: _Merged, term: str, found: PostingList) -> None:
        """Keep a list; those that were not used for longest go."""
        with self._lock:
            if term not in merged.lists:
                merged.lists[term] = found
                merged.size += found.nbytes
            while merged.size > self._budget:
                merged.size -= merged.lists.popitem(last=False)[1].nbytes

    def kept(self, merged: _Merged, term: str) -> PostingList | None:
        """A list that is kept, if it is."""
        with self._lock:
            if term in merged.lists:
                merged.lists.move_to_end(term)
            return merged.lists.get(term)


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

    def highest(self, listed: Listed, formula: Formula) -> float:
        """The highest weight of a term's postings."""
        return max(self._highest(part, formula) for part in listed.parts)

    def _highest(self, part: PostingList, formula: Formula) -> float:
        known = self._seen.highest.get(part)
        if known is None or known[0] != formula:
            known = self._seen.highest[part] = formula, float(self.weights(formula)[part.kinds].max())
        return known[1]

    def postings(self, terms: Iterable[str]) -> dict[str, Listed]:
        """The postings of each term that the index knows."""
        found: dict[str, Listed] = {}
        for term in terms:
            merged = self._cache.kept(self._merged, term)
            if merged is None:
                merged = self.snapshot.merged_postings(term)
                self._cache.keep(self._merged, term, merged)
            parts = [merged] if len(merged.numbers) else []
            recent = [p for batch in self._batches.values() if (p := batch.postings(term)) is not None]
            if recent:
                parts.append(PostingList.join(recent))
            if parts:
                found[term] = Listed(parts)
        return found

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many paragraphs each term is, of those that the index knows."""
        found: dict[str, int] = {}
        for term in terms:
            merged = self._merged.frequencies.get(term)
            if merged is None:
                merged = self.snapshot.merged_frequency(term)
                if len(self._merged.frequencies) < _FREQUENCIES:
                    self._merged.frequencies[term] = merged
            if count := merged + sum(batch.frequency(term) for batch in self._batches.values()):
                found[term] = count
        return found
