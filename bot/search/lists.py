"""What is kept in memory of the posting lists: the hot ones, in bounded space, as of the last generation seen."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from bot.archive.checks import DamagedIndex
from bot.archive.posting_lists import Lengths, PostingList
from bot.archive.snapshot import Batch, Snapshot, State
from bot.search.sums import Formula, Norms, Scores

BUDGET = 128 << 20
"""Bytes of posting lists kept."""

_FREQUENCIES = 1 << 16  # document frequencies kept
_LISTS = 1 << 14  # whole lists at hand
_NO_CELLS = (np.ones(1), np.zeros(1))  # but that of a term that its paragraph has once


@dataclass
class _Merged:
    """Lists and document frequencies without recent additions; they are good until the next merge."""

    generation: int
    lists: OrderedDict[str, PostingList] = field(default_factory=OrderedDict)
    frequencies: dict[str, int] = field(default_factory=dict)
    size: int = 0


@dataclass(frozen=True)
class _Seen:
    """What belongs to one generation: the paragraphs' lengths, the cells', and the recent additions."""

    generation: int
    lengths: Lengths
    cells: tuple[Scores, Scores]
    """Of each cell the frequency and the paragraph's length."""
    batches: dict[int, Batch]
    norms: dict[Formula, Norms] = field(default_factory=dict)
    lists: dict[str, PostingList] = field(default_factory=dict)
    """Whole lists, those that `_Merged` keeps and recent postings after them, at hand without a lock."""


class ListCache:
    """Shared by all threads; each reads through a `View` of its own snapshot."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._lock = Lock()
        self._merged = _Merged(-1)
        self._seen = _Seen(-1, Lengths({}), _NO_CELLS, {})

    def view(self, snapshot: Snapshot) -> "View":
        """The lists at the snapshot's generation."""
        state = snapshot.state
        with self._lock:
            if state.merged > self._merged.generation:
                self._merged = _Merged(state.merged)
                self._seen = _Seen(-1, Lengths({}), _NO_CELLS, {})
            # older than what another thread has just seen: rare, so nothing is kept of it
            merged = self._merged if state.merged == self._merged.generation else _Merged(state.merged)
            seen = self._seen
        if seen.generation != state.generation:
            known = seen if merged is self._merged and 0 <= seen.generation < state.generation else None
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
    known = known or _Seen(-1, snapshot.lengths(), _NO_CELLS, {})
    frequencies, of_lengths = (
        np.concatenate(both) for both in zip(known.cells, snapshot.cells(len(known.cells[0])), strict=True)
    )
    batches, lengths = snapshot.batches(known.batches), known.lengths
    for first, batch in batches.items():
        if first not in known.batches:
            lengths = lengths.followed_by(batch.paragraphs, batch.lengths)
    if lengths.total != snapshot.state.total_length:
        raise DamagedIndex("posting_block and posting_recent lack a paragraph")
    return _Seen(snapshot.state.generation, lengths, (frequencies, of_lengths), batches)


class View:
    """The posting lists at one generation."""

    def __init__(self, cache: ListCache, snapshot: Snapshot, merged: _Merged, seen: _Seen) -> None:
        self.state: State = snapshot.state
        self.snapshot = snapshot
        self._cache, self._merged, self._seen, self._batches = cache, merged, seen, seen.batches

    def norms(self, formula: Formula) -> Norms:
        """The norms of all paragraphs."""
        if formula not in self._seen.norms:
            frequencies, lengths = self._seen.cells
            rises = formula.rise(frequencies, formula.norm(lengths))
            self._seen.norms[formula] = Norms(formula, self._seen.lengths, rises)
        return self._seen.norms[formula]

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
