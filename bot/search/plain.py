"""The loops of `bot.search.kernels` over numpy's arrays, where nothing is compiled."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from bot.archive.hybrid_lists import Bitmaps, DenseList, HybridList
from bot.archive.posting_lists import BLOCK, KINDS, Integers, Numbers, PostingList
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

_GROUP = 256
"""Neighbours whose highest sum is looked at first: so the highest of all are found without a look at most of them."""


class Runs(NamedTuple):
    """What lists have in one block, list by list, as in `Part`, and what each list counts."""

    once: list[bytes]
    twice: list[bytes]
    more: list[bytes]
    weights: list[float]


_NONE = Runs([], [], [], [])


def added_up(lists: Weighted, marks: Marks, norms: Norms, enough: Callable[[], float]) -> Iterator[Found]:
    """As `kernels.added_up`."""
    if marks is not None and not marks:
        return
    marked = _Marked(marks)
    for block, runs in sorted(by_block(lists).items()):
        sums = marked.of(block, _block_sums(block, runs, norms))
        at: Positions = np.flatnonzero(sums >= max(enough(), LEAST))
        yield Found(at + block * BLOCK, sums[at], norms.once_of(block, at))


def collect(asked: Asked, marks: Marks, norms: Norms, wanted: Wanted) -> Found:
    """As `kernels.collect`: block by block, as to get large arrays from the system takes longer than to add."""
    if marks is not None and not marks:
        return Found.of([])
    lists, others, dense = by_block(asked.lists), by_block(asked.looked_up), _Dense(asked.looked_up, norms)
    marked = _Marked(marks)
    slack = dense.weights.sum() * norms.formula.highest
    highest = float(norms.formula.once(np.zeros(1))[0])
    found: list[Found] = []
    best, least = np.zeros(wanted.most), 0.0  # the highest scores yet, ascending
    for block in while_time(sorted(lists)):
        deciding = marked.of(block, _block_sums(block, lists[block], norms))
        sums = deciding
        if block in others:
            sums = _block_sums(block, others[block], norms)
            sums += deciding
        if best[0] == 0 and wanted.most < BLOCK // _GROUP:  # nothing is known yet
            groups = (sums * (deciding > 0)).reshape(-1, _GROUP).max(axis=1)
            tried = np.flatnonzero(sums >= max(np.partition(groups, -wanted.most)[-wanted.most], LEAST))
            tried = tried[deciding[tried] > 0]
            some = np.concatenate([best, sums[tried] * norms.once_of(block, tried)])
            least = wanted.reached(np.sort(some)[-wanted.most :]) - slack
        at: Positions = np.flatnonzero(sums >= max(least / highest, LEAST))
        at = at[deciding[at] > 0]
        units, once = sums[at], norms.once_of(block, at)
        scores = units * once
        best = np.sort(np.partition(np.concatenate([best, scores]), -wanted.most)[-wanted.most :])
        least = max(least, wanted.reached(best) - slack)
        stays = scores >= least
        found.append(Found(at[stays] + block * BLOCK, units[stays], once[stays]))
    return _completed(Found.of(found), dense, norms, wanted)


def complete(found: Found, looked_up: LookedUp, norms: Norms, wanted: Wanted) -> Found:
    """As `kernels.complete`."""
    units, others = found.units.copy(), by_block(looked_up)
    for block, here in _blocks(found.positions):
        if block in others:
            units[here] += _block_sums(block, others[block], norms)[found.positions[here] % BLOCK]
    return _completed(found._replace(units=units), _Dense(looked_up, norms), norms, wanted)


class _Marked:
    """What matches."""

    def __init__(self, marks: Marks) -> None:
        self._all = marks is None
        self._alone = by_block([(clause[0], 0.0) for clause in marks or () if len(clause) == 1])
        self._together = [[by_block([(one, 0.0)]) for one in clause] for clause in marks or () if len(clause) > 1]

    def of(self, block: int, sums: Scores) -> Scores:
        """The sums of a block, those that do not match being 0."""
        if self._all:
            return sums
        marked = there(self._alone.get(block, _NONE))
        for clause in self._together:
            if all(block in term for term in clause):
                marked |= np.logical_and.reduce([there(term[block]) for term in clause])
        sums *= marked
        return sums


class _Dense:
    """What lists have in bitmaps, and how often a term is there more than once."""

    def __init__(self, looked_up: LookedUp, norms: Norms) -> None:
        dense = [(postings, weight) for postings, weight in looked_up if isinstance(postings, DenseList)]
        lists = [postings for postings, _ in dense]
        self._norms = norms
        self.weights = np.array([weight for _, weight in dense], np.float64)
        if not lists:
            return
        of_list = np.repeat(np.arange(len(lists)), [len(postings.blocks) for postings in lists])
        of_block = np.concatenate([postings.blocks for postings in lists])
        self._places = np.zeros((len(lists), norms.lengths.count), np.int64)
        self._places[of_list, of_block] = np.concatenate([postings.places for postings in lists])
        self._bits = [postings.bits for postings in lists]
        # as small as they can be: large arrays come and go in each question, and leave holes between what is kept
        self._kind = np.min_scalar_type(len(lists) * norms.lengths.count * BLOCK)
        begin = ((of_list * norms.lengths.count + of_block) * BLOCK).astype(self._kind)
        counts = np.concatenate([postings.counts for postings in lists], axis=1)
        self._twice = np.repeat(begin, counts[1]) + np.concatenate([postings.twice for postings in lists])
        more = np.concatenate([postings.more for postings in lists])
        self._more, self._frequencies = np.repeat(begin, counts[2]) + (more >> 16), more & 0xFFFF

    def held(self, positions: Positions) -> Bitmaps:
        """A row for each list, a column for each paragraph: 1 where it is in the list by its bitmap."""
        if not len(self.weights):
            return np.empty((0, len(positions)), np.uint8)
        blocks, offsets = positions >> 16, positions & 0xFFFF
        of_each = zip(self._bits, self._places, strict=True)
        found: Bitmaps = np.array([bits[places[blocks], offsets >> 3] for bits, places in of_each])
        found >>= (offsets & 7).astype(np.uint8)
        found &= 1
        return found

    def surplus(self, positions: Positions, held: Bitmaps) -> Scores:
        """What the terms add beyond once to paragraphs, given who has which."""
        which, at = np.nonzero(held)
        if not len(at):
            return np.zeros(len(positions))
        wanted = (which * self._norms.lengths.count * BLOCK + positions[at]).astype(self._kind)
        frequencies = np.ones(len(at))
        places, there = _places(self._twice, wanted)
        frequencies[there] = 2
        places, there = _places(self._more, wanted)
        frequencies[there] = self._frequencies[places]
        several = np.flatnonzero(frequencies > 1)
        at, weights = at[several], self.weights[which[several]]
        rises = self._norms.formula.rise(frequencies[several], self._norms.of(positions)[at])
        return np.bincount(at, rounded(rises * weights) - weights, len(positions)).astype(np.float64, copy=False)


def _places(ascending: Numbers, wanted: Numbers) -> tuple[Integers, Integers]:
    """Where wanted numbers are, and which of them are there."""
    places = np.searchsorted(ascending, wanted)
    there = np.flatnonzero(places < len(ascending))
    there = there[ascending[places[there]] == wanted[there]]
    return places[there], there


def _completed(found: Found, dense: _Dense, norms: Norms, wanted: Wanted) -> Found:
    """Those of some paragraphs, which ascend, that can be among the wanted, with what is in bitmaps added."""
    weights, highest = dense.weights, norms.formula.highest
    kept: list[Found] = []
    best, least = np.zeros(wanted.most), 0.0  # the highest scores yet, ascending
    if len(found.positions) > 2 * wanted.most:  # what the first of them reach, others need to
        some = found.where(np.argpartition(found.units * found.once, -wanted.most)[-wanted.most :])
        least = wanted.reached(np.sort((some.units + weights @ dense.held(some.positions)) * some.once))
    for start in range(0, len(found.positions), BLOCK):  # not all at once, as there is a row for each list
        part = found.where(slice(start, start + BLOCK))
        part = part.where(part.units * part.once + weights.sum() * highest >= least)
        once = weights @ (held := dense.held(part.positions))  # as if no term were there more often
        scores = (part.units + once) * part.once
        best = np.sort(np.partition(np.concatenate([best, scores]), -wanted.most)[-wanted.most :])
        least = max(least, wanted.reached(best))
        stays = np.flatnonzero(part.units * part.once + once * highest >= least)
        part, once, held = part.where(stays), once[stays], held[:, stays]
        kept.append(part._replace(units=part.units + once + dense.surplus(part.positions, held)))
    return Found.of(kept)


def _blocks(positions: Positions) -> Iterator[tuple[int, slice]]:
    """The blocks of ascending positions, and where in them those of each block are."""
    blocks = positions // BLOCK
    starts = np.flatnonzero(np.diff(blocks, prepend=-1)).tolist()
    for start, end in while_time(list(pairwise([*starts, len(blocks)]))):
        yield int(blocks[start]), slice(start, end)


def by_block(lists: Iterable[tuple[PostingList | HybridList, float]]) -> dict[int, Runs]:
    """What the lists have in each block, but for bitmaps."""
    found: dict[int, Runs] = {}
    for postings, weight in lists:
        for block, once, twice, more in postings.pieces:
            if (runs := found.get(block)) is None:
                runs = found[block] = Runs([], [], [], [])
            runs.once.append(once)
            runs.twice.append(twice)
            runs.more.append(more)
            runs.weights.append(weight)
    return found


def _joined(runs: Runs) -> list[Numbers]:
    """All postings of each kind, run by run."""
    kinds = (runs.once, runs.twice, runs.more)
    return [np.frombuffer(b"".join(held), dtype) for held, dtype in zip(kinds, KINDS, strict=True)]


def there(runs: Runs) -> Mask:
    """By offset, whether the paragraph is in any of the runs."""
    there = np.zeros(BLOCK, np.bool_)
    once, twice, more = _joined(runs)
    there[once] = there[twice] = there[more >> 16] = True
    return there


def _block_sums(block: int, runs: Runs, norms: Norms) -> Scores:
    """What runs of one block add to each of its paragraphs, in units."""
    once, twice, more = _joined(runs)
    counts = [len(held) >> 1 for held in (*runs.once, *runs.twice)] + [len(held) >> 2 for held in runs.more]
    added = np.repeat(np.array(3 * runs.weights, np.float64), counts)
    offsets, first, last = np.empty(len(added), np.int64), len(once), len(once) + len(twice)
    offsets[:first], offsets[first:last], offsets[last:] = once, twice, more >> 16
    # in place, as most of the time goes by in taking and filling memory; the formula is `Formula.rise`
    norm = norms.of_block(block, offsets[first:])
    rises, frequencies, several = norm + 1, (more & 0xFFFF).astype(np.float64), len(twice)
    rises[:several] *= 2
    rises[several:] *= frequencies
    norm[:several] += 2
    norm[several:] += frequencies
    rises /= norm
    rises *= added[first:]
    rises += GRID
    rises -= GRID
    added[first:] = rises
    return np.bincount(offsets, added, BLOCK).astype(np.float64, copy=False)  # integers where nothing is added
