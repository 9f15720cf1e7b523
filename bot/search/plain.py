"""The loops of `bot.search.kernels` over numpy's arrays, where nothing is compiled."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from bot.archive.hybrid_lists import Bitmaps, DenseList, HybridList
from bot.archive.posting_lists import BLOCK, Joined, Part, PostingList, cut
from bot.search.budget import while_time
from bot.search.sums import (
    GRID,
    LEAST,
    Asked,
    Found,
    LookedUp,
    Marks,
    Mask,
    Norms,
    Positions,
    Scores,
    Wanted,
    Weighted,
    rounded,
)

SPAN = 4
"""Blocks that are added up together: each call of numpy takes its time, and too large an array leaves the cache."""

_GROUP = 64
"""Neighbours of which the best one is looked at: so the best of all are found without putting them in order."""


class Runs(NamedTuple):
    """What lists have in one span, part by part, and what a term of each part counts once."""

    parts: list[Part]
    weights: list[float]


_NONE = Runs([], [])


def added_up(lists: Weighted, marks: Marks, norms: Norms, enough: Callable[[], float]) -> Iterator[Found]:
    """As `kernels.added_up`."""
    if marks is not None and not marks:
        return
    marked = _Marked(marks, norms)
    for number, runs in sorted(by_span(lists).items()):
        sums = _Span(number, runs).sums(norms)
        if (matching := marked.of(number)) is not None:
            sums *= matching[: len(sums)]
        for start in range(0, len(sums), BLOCK):  # as what is enough rises
            at = np.flatnonzero(sums[start : start + BLOCK] >= max(enough(), LEAST))
            yield _found(number, at + start, sums, norms)


def collect(asked: Asked, marks: Marks, norms: Norms, wanted: Wanted) -> Found:
    """As `kernels.collect`."""
    if marks is not None and not marks:
        return Found.of([])
    lists, others, marked = by_span(asked.lists), by_span(asked.looked_up), _Marked(marks, norms)
    best = _Best(asked.looked_up, norms, wanted)
    for number in while_time(sorted(lists)):
        deciding, more = lists[number], others.get(number, _NONE)
        span = _Span(number, Runs(deciding.parts + more.parts, deciding.weights + more.weights))
        sums = span.sums(norms)
        matching = span.there(len(sums), len(deciding.parts))
        if (some := marked.of(number)) is not None:
            matching &= some[: len(sums)]
        if best.least > 0:
            at = np.flatnonzero(sums >= best.least / norms.formula.once_of_none)
            at = at[matching[at]]
        else:
            at = np.flatnonzero(matching)
        best.add(_found(number, at, sums, norms))
    return best.found()


def complete(found: Found, looked_up: LookedUp, norms: Norms, wanted: Wanted) -> Found:
    """As `kernels.complete`."""
    others, best = by_span(looked_up), _Best(looked_up, norms, wanted)
    numbers = found.positions // (SPAN * BLOCK)
    starts = np.flatnonzero(np.diff(numbers, prepend=-1)).tolist()
    for start, end in while_time(list(pairwise([*starts, len(numbers)]))):
        part, number = found.where(slice(start, end)), numbers.item(start)
        if number in others:
            at = part.positions - number * SPAN * BLOCK
            part = part._replace(units=part.units + _Span(number, others[number]).sums(norms, at.item(-1) + 1)[at])
        best.add(part)
    return best.found()


def by_span(lists: Iterable[tuple[PostingList | HybridList, float]]) -> dict[int, Runs]:
    """What the lists have in each span, but for bitmaps."""
    found: dict[int, Runs] = {}
    for postings, weight in lists:
        for whole in postings.parts:
            for number, part in cut(whole, SPAN):
                if (runs := found.get(number)) is None:
                    runs = found[number] = Runs([], [])
                runs.parts.append(part)
                runs.weights.append(weight)
    return found


def there(number: int, runs: Runs, size: int = SPAN * BLOCK) -> Mask:
    """By offset in a span, whether the paragraph is in any of the runs."""
    return _Span(number, runs).there(size)


def _found(number: int, at: Positions, sums: Scores, norms: Norms) -> Found:
    """Some paragraphs of a span, given by offset."""
    lengths = norms.lengths.of_blocks(number * SPAN, SPAN).take(at)
    return Found(at + number * SPAN * BLOCK, sums[at], norms.once_of_lengths(lengths))


class _Span:
    """The postings that runs have in one span, in one row: all that say once, then twice, then more."""

    def __init__(self, number: int, runs: Runs) -> None:
        self._first, self._weights = number * SPAN, runs.weights
        self._joined = joined = Joined(runs.parts)
        begin = (joined.blocks - self._first) * BLOCK
        self._offsets = np.repeat(np.concatenate([begin, begin, begin]), joined.counts.ravel())
        start = 0
        for offsets in joined.offsets:
            self._offsets[start : start + len(offsets)] += offsets
            start += len(offsets)

    def there(self, size: int, parts: int | None = None) -> Mask:
        """By offset, whether the paragraph is in any of the first parts, or of all."""
        there = np.zeros(size, np.bool_)
        deciding = self._joined.counts[:, : self._joined.sizes[:parts].sum()].sum(axis=1)
        start = 0
        for offsets, count in zip(self._joined.kinds, deciding.tolist(), strict=True):
            there[self._offsets[start : start + count]] = True
            start += len(offsets)
        return there

    def sums(self, norms: Norms, size: int = 0) -> Scores:
        """What they add to each paragraph, in units: as many as it takes, or as `size`."""
        joined, offsets = self._joined, self._offsets
        weights = np.repeat(np.array(self._weights, np.float64), joined.sizes)
        added = np.repeat(np.concatenate([weights, weights, weights]), joined.counts.ravel())
        once, several = len(joined.kinds[0]), len(joined.kinds[1])
        lengths = norms.lengths.of_blocks(self._first, SPAN).take(offsets[once:])
        rises = added[once:]  # in place, as most of the time goes by in taking and filling memory
        rises[:several] *= norms.twice_of_lengths(lengths[:several])
        rises[several:] *= norms.formula.rise(joined.kinds[2] & 0xFFFF, norms.of_lengths(lengths[several:]))
        rises += GRID
        rises -= GRID
        return np.bincount(offsets, added, size).astype(np.float64, copy=False)  # integers where nothing is added


class _Marked:
    """What matches."""

    def __init__(self, marks: Marks, norms: Norms) -> None:
        self._all, self._blocks = marks is None, norms.lengths.count
        self._alone = by_span([(clause[0], 0.0) for clause in marks or () if len(clause) == 1])
        self._together = [[by_span([(one, 0.0)]) for one in clause] for clause in marks or () if len(clause) > 1]

    def of(self, number: int) -> Mask | None:
        """By offset in a span, whether the paragraph matches; None where all do."""
        if self._all:
            return None
        size = min(SPAN, self._blocks - number * SPAN) * BLOCK
        marked = there(number, self._alone.get(number, _NONE), size)
        for clause in self._together:
            if all(number in term for term in clause):
                marked |= np.logical_and.reduce([there(number, term[number], size) for term in clause])
        return marked


class _Best:
    """The paragraphs that can still be among the wanted ones, as more and more are added."""

    def __init__(self, looked_up: LookedUp, norms: Norms, wanted: Wanted) -> None:
        self._dense, self._wanted, self._highest = _Dense(looked_up, norms), wanted, norms.formula.highest
        self._slack = float(self._dense.weights.sum()) * self._highest
        self._scores, self._reached = np.zeros(wanted.most), 0.0  # no less than these; ascending
        self._kept: list[tuple[Found, Scores, Bitmaps]] = []

    @property
    def least(self) -> float:
        """The score that they reach but for what is in bitmaps; 0 or less while nothing is known."""
        return self._reached - self._slack

    def add(self, found: Found) -> None:
        """Add paragraphs, which ascend, as they are but for what is in bitmaps."""
        weights, most = self._dense.weights, self._wanted.most
        scores = found.units * found.once
        if len(scores) > 2 * most:  # what the first of them reach, others need to
            size = min(len(scores) // most, _GROUP)
            highest = scores[: len(scores) // size * size].reshape(-1, size).max(axis=1)
            some = found.where(np.flatnonzero(scores >= np.partition(highest, -most)[-most]))
            self._reach((some.units + weights @ self._dense.held(some.positions)) * some.once)
            found = found.where(np.flatnonzero(scores >= self.least))
        held = self._dense.held(found.positions)
        once = weights @ held  # as if no term were there more often
        self._scores = self._reach((found.units + once) * found.once)
        highest = found.units * found.once + once * self._highest
        stays = np.flatnonzero(highest >= self._reached)
        found = found._replace(units=found.units + once).where(stays)
        self._kept.append((found, highest[stays], held[:, stays]))

    def _reach(self, scores: Scores) -> Scores:
        """Raise what the wanted ones reach; the highest scores."""
        best = np.sort(np.concatenate([self._scores, scores]))[-self._wanted.most :]
        self._reached = max(self._reached, self._wanted.reached(best))
        return best

    def found(self) -> Found:
        """All that can be among them, whole."""
        if not self._kept:
            return Found.of([])
        several, highest, held = zip(*self._kept, strict=True)
        stays = np.flatnonzero(np.concatenate(highest) >= self._reached)
        found = Found.of(several).where(stays)
        surplus = self._dense.surplus(found.positions, np.concatenate(held, axis=1)[:, stays])
        return found._replace(units=found.units + surplus)


class _Dense:
    """What lists have in bitmaps, and how often a term is there more than once."""

    def __init__(self, looked_up: LookedUp, norms: Norms) -> None:
        dense = [(postings, weight) for postings, weight in looked_up if isinstance(postings, DenseList)]
        self._lists, self._norms = [postings for postings, _ in dense], norms
        self.weights = np.array([weight for _, weight in dense], np.float64)
        self._places = np.zeros((len(dense), norms.lengths.count), np.int64)
        for row, postings in zip(self._places, self._lists, strict=True):
            row[postings.blocks] = np.arange(BLOCK // 8, postings.bits.size, BLOCK // 8)

    def held(self, positions: Positions) -> Bitmaps:
        """A row for each list, a column for each paragraph: 1 where it is in the list by its bitmap."""
        offsets = positions & 0xFFFF
        places = self._places[:, positions >> 16]
        places += offsets >> 3
        found: Bitmaps = np.empty(places.shape, np.uint8)
        for row, at, postings in zip(found, places, self._lists, strict=True):
            postings.bits.take(at, out=row, mode="clip")
        found >>= (offsets & 7).astype(np.uint8)
        found &= 1
        return found

    def surplus(self, positions: Positions, held: Bitmaps) -> Scores:
        """What the terms add beyond once to paragraphs, given who has which."""
        which, at = np.nonzero(held)
        if not len(at):
            return np.zeros(len(positions))
        count = self._norms.lengths.count
        groups, offsets = which * count + (positions >> 16)[at], positions.astype(np.uint16)[at]
        keys = offsets.astype(np.uint32) << np.uint32(16)
        twos, mores = ~offsets, ~keys  # what follows where each would be; nothing does where there are none
        starts = np.flatnonzero(np.diff(groups, prepend=-1))
        for group, (start, end) in zip(groups[starts].tolist(), pairwise([*starts.tolist(), len(at)]), strict=True):
            twice, more = self._lists[group // count].several(group % count)
            if len(twice):
                twice.take(twice.searchsorted(offsets[start:end]), out=twos[start:end], mode="clip")
            if len(more):
                more.take(more.searchsorted(keys[start:end]), out=mores[start:end], mode="clip")
        frequencies = np.where(mores >> 16 == offsets, mores & 0xFFFF, 1 + (twos == offsets)).astype(np.float64)
        several = np.flatnonzero(frequencies > 1)
        at, weights = at[several], self.weights[which[several]]
        rises = self._norms.formula.rise(frequencies[several], self._norms.of(positions)[at])
        return np.bincount(at, rounded(rises * weights) - weights, len(positions)).astype(np.float64, copy=False)
