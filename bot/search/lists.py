"""What is kept in memory of the posting lists: the hot ones, in bounded space, as of the last generation seen."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

from bot.archive.checks import DamagedIndex
from bot.archive.posting_lists import Lengths, PostingList
from bot.archive.snapshot import Batch, Snapshot, State
from bot.search.sums import Formula, Norms

BUDGET = 128 << 20
"""Bytes of posting lists kept."""

_FREQUENCIES = 1 << 16  # document frequencies kept
_LISTS = 1 << 14  # lists at hand with recent postings after them
_Key = tuple[str, bool]
"""A term, and whether its list is whole: else it has but the paragraphs with the term more than once."""


@dataclass
class _Merged:
    """Lists and document frequencies without recent additions; they are good until the next merge."""

    generation: int
    lists: OrderedDict[_Key, PostingList] = field(default_factory=OrderedDict)
    frequencies: dict[str, int] = field(default_factory=dict)
    size: int = 0


@dataclass(frozen=True)
class _Seen:
    """What belongs to one generation: the paragraphs' lengths, and the recent additions."""

    generation: int
    lengths: Lengths
    batches: dict[int, Batch]
    norms: dict[Formula, Norms] = field(default_factory=dict)
    lists: dict[_Key, PostingList] = field(default_factory=dict)
    """Lists that `_Merged` keeps with recent postings after them, at hand without a lock."""


class ListCache:
    """Shared by all threads; each reads through a `View` of its own snapshot."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._lock = Lock()
        self._merged = _Merged(-1)
        self._seen = _Seen(-1, Lengths({}), {})

    def view(self, snapshot: Snapshot) -> "View":
        """The lists at the snapshot's generation."""
        state = snapshot.state
        with self._lock:
            if state.merged > self._merged.generation:
                self._merged = _Merged(state.merged)
                self._seen = _Seen(-1, Lengths({}), {})
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

    def keep(self, merged: _Merged, seen: _Seen, found: dict[_Key, PostingList]) -> None:
        """Keep lists; those that were not used for longest go."""
        with self._lock:
            for key, postings in found.items():
                if key not in merged.lists:
                    merged.lists[key] = postings
                    merged.size += postings.nbytes
            if merged.size > self._budget:
                seen.lists.clear()  # what is used still comes back, and to the end of those that are kept
            while merged.size > self._budget:
                merged.size -= merged.lists.popitem(last=False)[1].nbytes

    def kept(self, merged: _Merged, keys: Iterable[_Key]) -> dict[_Key, PostingList]:
        """Those of the lists that are kept."""
        found = {}
        with self._lock:
            for key in keys:
                if (postings := merged.lists.get(key)) is not None:
                    found[key] = postings
                    merged.lists.move_to_end(key)
        return found


def _catch_up(snapshot: Snapshot, known: _Seen | None) -> _Seen:
    known = known or _Seen(-1, snapshot.lengths(), {})
    batches, lengths = snapshot.batches(known.batches), known.lengths
    for first, batch in batches.items():
        if first not in known.batches:
            lengths = lengths.followed_by(batch.paragraphs, batch.lengths)
    if lengths.total != snapshot.state.total_length:
        raise DamagedIndex("posting_block and posting_recent lack a paragraph")
    return _Seen(snapshot.state.generation, lengths, batches)


class View:
    """The posting lists at one generation."""

    def __init__(self, cache: ListCache, snapshot: Snapshot, merged: _Merged, seen: _Seen) -> None:
        self.state: State = snapshot.state
        self._cache, self._snapshot, self._merged, self._seen = cache, snapshot, merged, seen

    def norms(self, formula: Formula) -> Norms:
        """The norms of all paragraphs."""
        return self._seen.norms.setdefault(formula, Norms(formula, self._seen.lengths))

    def postings(self, terms: Iterable[str]) -> dict[str, PostingList]:
        """The postings of each term that the index knows, in the order of the terms."""
        return {term: postings for term, postings in self._lists(terms, whole=True) if postings}

    def repeated(self, terms: Iterable[str]) -> dict[str, PostingList]:
        """Those of paragraphs that have the term more than once, and perhaps more."""
        return dict(self._lists(terms, whole=False))

    def _lists(self, terms: Iterable[str], *, whole: bool) -> list[tuple[str, PostingList]]:
        wanted, at_hand = list(terms), self._seen.lists
        found = {term: postings for term in wanted if (postings := at_hand.get((term, whole))) is not None}
        if missing := [term for term in wanted if term not in found]:
            found |= self._read(missing, whole)
        return [(term, found[term]) for term in wanted]

    def _read(self, terms: list[str], whole: bool) -> dict[str, PostingList]:
        """The lists of terms, kept for the next time."""
        known = self._cache.kept(self._merged, [(term, whole) for term in terms])
        if missing := [term for term in terms if (term, whole) not in known]:
            read = self._snapshot.merged_postings(missing) if whole else self._snapshot.merged_repeated(missing)
            found = {(term, whole): postings for term, postings in read.items()}
            self._cache.keep(self._merged, self._seen, found)
            known |= found
        batches = self._seen.batches.values()
        for key, postings in known.items():
            known[key] = postings.followed_by(part for batch in batches for part in batch.parts(key[0]))
        if len(self._seen.lists) < _LISTS:
            self._seen.lists.update(known)
        return {term: postings for (term, _), postings in known.items()}

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many paragraphs each term is, of those that the index knows."""
        wanted, known = list(terms), self._merged.frequencies
        if missing := [term for term in wanted if term not in known]:
            read = self._snapshot.merged_frequencies(missing)
            if len(known) < _FREQUENCIES:
                known |= read
            else:
                known = known | read
        batches = self._seen.batches.values()
        counts = {term: known[term] + sum([batch.frequency(term) for batch in batches]) for term in wanted}
        return {term: count for term, count in counts.items() if count}

    def paragraphs(self, numbers: Iterable[int]) -> dict[int, tuple[int, bytes]]:
        """Of each paragraph there: its length, and its text in UTF-16."""
        found = {number: (length, text) for number, length, text in self._snapshot.paragraphs(numbers)}
        if len(found) < len(set(numbers)):
            for batch in self._seen.batches.values():
                found |= {number: (length, text) for number, length, text in batch.held(numbers)}
        return found
