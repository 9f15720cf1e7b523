"""What is kept in memory of the posting lists: the hot ones, in bounded space, as of the last generation seen."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TypeVar

import numpy as np

from bot.archive.checks import DamagedIndex
from bot.archive.hybrid_lists import HybridList
from bot.archive.posting_lists import Lengths, PostingList
from bot.archive.recent import Batch, gathered
from bot.archive.snapshot import Snapshot, State
from bot.search.sums import Formula, Norms

BUDGET, BUDGET_COMPILED = 112 << 20, 144 << 20
"""Bytes of posting lists kept: more where the loops are so quick that a question mostly waits for lists to be read."""

HOT = 0.85
"""The share of these for lists that were asked for again."""

_FREQUENCIES = 1 << 16  # document frequencies kept
_FORMULAS = 8  # whose norms are kept
_LISTS = 1 << 14  # lists at hand with recent postings after them
_List = PostingList | HybridList
_Key = tuple[str, type[_List]]
_L = TypeVar("_L", PostingList, HybridList)


class BoundedLists:
    """Lists in bounded space: those that were not asked for again go first, and of them those that came first.

    Most terms are asked for once, and their lists would drive out those of common characters, which all questions ask
    for. Source: Karedla et al., "Caching strategies to improve disk system performance" (1994), as segmented LRU.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._new: OrderedDict[_Key, _List] = OrderedDict()
        self._hot: OrderedDict[_Key, _List] = OrderedDict()
        self.nbytes = self._hot_size = 0

    def get(self, key: _Key) -> _List | None:
        """The list, if it is here."""
        if (held := self._hot.get(key)) is not None:
            self._hot.move_to_end(key)
        elif (held := self._new.pop(key, None)) is not None:
            self._hot[key] = held
            self._hot_size += held.nbytes
            while self._hot_size > HOT * self._budget:
                cooled, postings = self._hot.popitem(last=False)
                self._hot_size -= postings.nbytes
                self._new[cooled] = postings
        return held

    def put(self, key: _Key, postings: _List) -> bool:
        """Keep a list; whether any had to go for it."""
        if key in self._hot or key in self._new:
            return False
        self._new[key] = postings
        self.nbytes += postings.nbytes
        full = self.nbytes > self._budget
        while self.nbytes > self._budget:
            self.nbytes -= self._new.popitem(last=False)[1].nbytes
        return full

    def replace(self, key: _Key, postings: _List) -> None:
        """Keep a list that takes no more in place of another one, if that is still here."""
        for lists in (self._hot, self._new):
            if key in lists:
                less = lists[key].nbytes - postings.nbytes
                lists[key] = postings
                self.nbytes -= less
                self._hot_size -= less if lists is self._hot else 0


class _Merged:
    """Lists and document frequencies without recent additions; they are good until the next merge."""

    def __init__(self, generation: int, budget: int) -> None:
        self.generation = generation
        self.lists = BoundedLists(budget)
        self.frequencies: dict[str, int] = {}


@dataclass(frozen=True)
class _Seen:
    """What belongs to one generation: the paragraphs' lengths, and the recent additions."""

    generation: int
    lengths: Lengths
    firsts: frozenset[int] = frozenset()
    """The first paragraph numbers of the recent additions."""
    recent: tuple[Batch, ...] = ()
    norms: dict[Formula, Norms] = field(default_factory=dict)
    lists: dict[_Key, _List] = field(default_factory=dict)
    """Lists that `_Merged` keeps with recent postings after them, at hand without a lock."""


class ListCache:
    """Shared by all threads; each reads through a `View` of its own snapshot."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._lock = Lock()
        self._merged = _Merged(-1, budget)
        self._seen = _Seen(-1, Lengths())

    def view(self, snapshot: Snapshot) -> "View":
        """The lists at the snapshot's generation."""
        state = snapshot.state
        with self._lock:
            if state.merged > self._merged.generation:
                self._merged = _Merged(state.merged, self._budget)
                self._seen = _Seen(-1, Lengths())
            # older than what another thread has just seen: rare, so nothing is kept of it
            merged = self._merged if state.merged == self._merged.generation else _Merged(state.merged, self._budget)
            seen = self._seen
        if seen.generation != state.generation:
            known = seen if merged is self._merged and 0 <= seen.generation < state.generation else None
            seen = _catch_up(snapshot, known)
            with self._lock:
                if merged is self._merged and seen.generation > self._seen.generation:
                    self._seen = seen
        return View(self, snapshot, merged, seen)

    def keep(self, merged: _Merged, seen: _Seen, found: Mapping[_Key, _List]) -> None:
        """Keep lists, as far as there is room."""
        with self._lock:
            if sum([merged.lists.put(key, postings) for key, postings in found.items()]):
                seen.lists.clear()  # what is used still comes back, and among those that are asked for again

    def kept(self, merged: _Merged, keys: Iterable[_Key]) -> dict[_Key, _List]:
        """Those of the lists that are kept; from the second time on with bitmaps."""
        with self._lock:
            found = {key: postings for key in keys if (postings := merged.lists.get(key)) is not None}
        condensed = {key: dense for key, postings in found.items() if (dense := postings.condensed()) is not postings}
        if condensed:
            with self._lock:
                for key, postings in condensed.items():
                    merged.lists.replace(key, postings)
        return found | condensed


def _catch_up(snapshot: Snapshot, known: _Seen | None) -> _Seen:
    known = known or _Seen(-1, Lengths(snapshot.lengths()))
    new, lengths = snapshot.batches(known.firsts), known.lengths
    for batch in new.values():
        lengths = lengths.followed_by(batch.paragraphs, batch.lengths)
    if lengths.total != snapshot.state.total_length:
        raise DamagedIndex("posting_block and posting_recent lack a paragraph")
    recent = gathered([*known.recent, *new.values()])
    return _Seen(snapshot.state.generation, lengths, known.firsts | new.keys(), recent)


class View:
    """The posting lists at one generation."""

    def __init__(self, cache: ListCache, snapshot: Snapshot, merged: _Merged, seen: _Seen) -> None:
        self.state: State = snapshot.state
        self._cache, self._snapshot, self._merged, self._seen = cache, snapshot, merged, seen

    def norms(self, formula: Formula) -> Norms:
        """The norms of all paragraphs."""
        known = self._seen.norms
        if len(known) >= _FORMULAS:
            known.clear()
        return known.setdefault(formula, Norms(formula, self._seen.lengths))

    def postings(self, terms: Iterable[str]) -> dict[str, PostingList]:
        """The postings of each term that the index knows, in the order of the terms."""
        return self._lists(terms, PostingList)

    def looked_up(self, terms: Iterable[str]) -> dict[str, HybridList]:
        """The same, for look-ups."""
        return self._lists(terms, HybridList)

    def _lists(self, terms: Iterable[str], kind: type[_L]) -> dict[str, _L]:
        wanted, at_hand = list(terms), self._seen.lists
        found = {term: held for term in wanted if isinstance(held := at_hand.get((term, kind)), kind)}
        if missing := [term for term in wanted if term not in found]:
            found |= self._read(missing, kind)
        return {term: held for term in wanted if (held := found[term])}

    def _read(self, terms: list[str], kind: type[_L]) -> dict[str, _L]:
        """The lists of terms, kept for the next time."""
        kept = self._cache.kept(self._merged, [(term, kind) for term in terms])
        known = {term: held for (term, _), held in kept.items() if isinstance(held, kind)}
        if missing := [term for term in terms if term not in known]:
            read = {term: kind.of(held) for term, held in self._snapshot.merged_postings(missing).items()}
            self._cache.keep(self._merged, self._seen, {(term, kind): held for term, held in read.items()})
            known |= read
        if recent := self._seen.recent:
            for term, held in known.items():
                known[term] = held.followed_by(part for batch in recent for part in batch.parts(term))
        if len(self._seen.lists) < _LISTS:  # what is asked for once, as most is, is not
            self._seen.lists.update({key: known[key[0]] for key in kept})
        return known

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many paragraphs each term is, of those that the index knows."""
        wanted, known = list(terms), self._merged.frequencies
        if missing := [term for term in wanted if term not in known]:
            read = self._snapshot.merged_frequencies(missing)
            if len(known) < _FREQUENCIES:
                known |= read
            else:
                known = known | read
        recent = self._seen.recent
        counts = {term: known[term] + sum([batch.frequency(term) for batch in recent]) for term in wanted}
        return {term: count for term, count in counts.items() if count}

    def before(self, number: int, terms: Iterable[str]) -> tuple[State, dict[str, int]]:
        """The state, and document frequencies, as they were when this number and all after it were yet to come.

        Nothing is kept of it: who asks for this pages on after an edition came in, which is rare.
        """
        size, length = self._snapshot.later(number)
        for batch in self._seen.recent:
            late = batch.paragraphs >= number
            size, length = size + int(np.count_nonzero(late)), length + int(batch.lengths[late].sum(dtype=np.int64))
        state = replace(self.state, size=self.state.size - size, total_length=self.state.total_length - length)
        found = self._snapshot.merged_postings(terms)
        for term, held in found.items():
            found[term] = held.followed_by(part for batch in self._seen.recent for part in batch.parts(term))
        counts = {t: sum(int(np.count_nonzero(kind < number)) for kind in held.kinds) for t, held in found.items()}
        return state, {term: count for term, count in counts.items() if count}

    def texts(self, numbers: Iterable[int]) -> dict[int, str]:
        """The text of each paragraph there."""
        wanted = set(numbers)
        found = {number: _text(text) for number, _, text in self._snapshot.paragraphs(wanted)}
        if len(found) < len(wanted):
            for batch in self._seen.recent:
                found |= {number: _text(text) for number, _, text in batch.held(wanted)}
        return found


def _text(kept: bytes) -> str:
    return kept.decode("utf-16-le", "surrogatepass")
