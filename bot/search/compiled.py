"""The loops of `bot.search.kernels`, compiled by numba, which keeps what it has compiled for the next process."""

from collections.abc import Sequence
from threading import local

import numba
import numpy as np
from numba.core import types

from bot.archive.snapshot import BLOCK, Joined, PostingList
from bot.search.features import GAP, Sentences
from bot.search.kernels import LEAST, Positions, Scores, Weighted

_SCORES = types.float64[::1]
_READ = types.Array(types.float64, 1, "C", readonly=True)
_POSTINGS = [types.Array(number, 1, "C", readonly=True) for number in (types.uint32, types.uint64)]
_TABLE = types.float64[:, ::1]
_NEIGHBOURS = 64

_scratch = local()


@numba.njit(types.float64(_SCORES), cache=True, nogil=True, fastmath=True)  # in any order, so several at a time
def _highest(sums):  # type: ignore[no-untyped-def]
    highest = 0.0
    for i in range(len(sums)):
        highest = max(highest, sums[i])
    return highest


@numba.njit(
    [types.void(_SCORES, p, types.int64[::1], types.int64[::1], _SCORES, _READ) for p in _POSTINGS],
    cache=True,
    nogil=True,
)
def _sum(sums, postings, blocks, counts, weights, cells):  # type: ignore[no-untyped-def]
    half = types.uint64(4 * postings.itemsize)
    low = types.uint64((1 << half) - 1)
    start = 0
    for run in range(len(blocks)):
        weight, base = weights[run], blocks[run] * BLOCK
        for posting in postings[start : start + counts[run]]:
            sums[base + (posting >> half)] += cells[posting & low] * weight
        start += counts[run]


@numba.njit(
    [
        types.Tuple((types.int64[::1], _SCORES))(  # type: ignore[no-untyped-call]
            *(_SCORES, postings, types.int64[::1], types.int64[::1], _SCORES, types.int64, types.int64, types.boolean),
            *(_READ, types.int64, types.int64, types.float64),
        )
        for postings in _POSTINGS
    ],
    cache=True,
    nogil=True,
)
def _collect(  # type: ignore[no-untyped-def]
    sums, postings, blocks, counts, weights, listed, marks, marking, cells, size, k, slack
):
    """Of the runs, the first `listed` are added up, those up to `marks` mark, and the others are what is added more.

    `sums` are those of one block, zero before and after.
    """
    half = types.uint64(4 * postings.itemsize)
    low = types.uint64((1 << half) - 1)
    positions, scores, count = np.empty(1024, np.int64), np.empty(1024), 0
    best = np.zeros(k)  # the highest sums yet, ascending
    marked = np.zeros(BLOCK if marking else 0, np.bool_)
    highest = np.empty(BLOCK // _NEIGHBOURS)
    starts = np.cumsum(counts) - counts
    for block in range(blocks[:listed].max() + 1 if listed else 0):
        length = min(BLOCK, size - block * BLOCK)  # of `sums`, which have as many as a block, always
        there = False
        for run in range(listed):
            if blocks[run] == block:
                there, weight = True, weights[run]
                for posting in postings[starts[run] : starts[run] + counts[run]]:
                    sums[posting >> half] += cells[posting & low] * weight
        if not there:
            continue
        if marking:
            marked[:] = False
            for run in range(listed, marks):
                if blocks[run] == block:
                    for posting in postings[starts[run] : starts[run] + counts[run]]:
                        marked[posting >> half] = True
            for i in range(length):
                if not marked[i]:
                    sums[i] = 0.0
        for run in range(marks, len(blocks)):
            if blocks[run] == block:
                weight = weights[run]
                for posting in postings[starts[run] : starts[run] + counts[run]]:
                    sums[posting >> half] += cells[posting & low] * weight * (sums[posting >> half] > 0.0)
        for place in range(len(highest)):
            highest[place] = _highest(sums[place * _NEIGHBOURS : (place + 1) * _NEIGHBOURS])
        here = np.partition(highest, len(highest) - k)[len(highest) - k] if k <= len(highest) else 0.0
        least = max(LEAST, max(best[0], here) - slack)
        for group in np.flatnonzero(highest >= least):
            for i in range(group * _NEIGHBOURS, (group + 1) * _NEIGHBOURS):
                if sums[i] < least:
                    continue
                if count == len(positions):
                    positions = np.concatenate((positions, np.empty(count, np.int64)))
                    scores = np.concatenate((scores, np.empty(count)))
                positions[count], scores[count] = block * BLOCK + i, sums[i]
                count += 1
                if sums[i] > best[0]:
                    place = 0
                    while place + 1 < k and best[place + 1] < sums[i]:
                        best[place] = best[place + 1]
                        place += 1
                    best[place] = sums[i]
                    least = max(least, best[0] - slack)
        sums[:length] = 0.0
    stays = 0
    for i in range(count):
        if scores[i] >= best[0] - slack:
            positions[stays], scores[stays] = positions[i], scores[i]
            stays += 1
    return positions[:stays].copy(), scores[:stays].copy()


def summed(lists: Weighted, cells: Scores, size: int) -> Scores:
    """As `kernels.summed`."""
    sums = np.zeros(size)
    together, weights = _joined(lists)
    _sum(sums, together.postings, together.blocks, together.counts, weights, cells)
    return sums


def collect(
    lists: Weighted, marks: Sequence[PostingList] | None, more: Weighted, cells: Scores, size: int, k: int, slack: float
) -> tuple[Positions, Scores]:
    """As `kernels.collect`: a block after the other, whose sums stay in the processor's cache."""
    if not hasattr(_scratch, "sums"):
        _scratch.sums = np.zeros(BLOCK)
    together, weights = _joined([*lists, *((postings, 0.0) for postings in marks or ()), *more])
    listed = sum([len(postings.runs) for postings, _ in lists])
    others = sum([len(postings.runs) for postings, _ in more])
    found: tuple[Positions, Scores] = _collect(
        *(_scratch.sums, together.postings, together.blocks, together.counts, weights, listed),
        *(len(weights) - others, marks is not None, cells, size, k, slack),
    )
    return found


def _joined(lists: Weighted) -> tuple[Joined, Scores]:
    """All runs of the lists, and what each counts."""
    weights = [weight for postings, weight in lists for _ in postings.runs]
    return Joined([run for postings, _ in lists for run in postings.runs]), np.array(weights, np.float64)


@numba.njit(
    _TABLE(
        *(types.uint16[::1], types.int64[::1], types.int64[::1], types.int16[:, ::1], types.int64[:, ::1]),
        *(_SCORES, _SCORES, _SCORES),
    ),
    cache=True,
    nogil=True,
)
def _features(characters, ends, paragraphs, pairs, runs, cued, needle_weights, character_weights):  # type: ignore[no-untyped-def]
    found = np.zeros((len(paragraphs), 6))
    needles, singles = len(needle_weights), len(character_weights)
    held, before = np.zeros(needles, np.bool_), np.zeros(needles, np.bool_)
    in_order, single = np.zeros(needles, np.bool_), np.zeros(singles, np.bool_)
    all_held, all_single = np.zeros(needles, np.bool_), np.zeros(singles, np.bool_)
    run = start = 0
    for paragraph in range(len(paragraphs)):
        first = paragraphs[paragraph]
        last = paragraphs[paragraph + 1] if paragraph + 1 < len(paragraphs) else len(ends)
        all_held[:], all_single[:] = False, False
        best, best_at = -1.0, first
        for sentence in range(first, last):
            before[:] = held
            held[:], in_order[:], single[:] = False, False, False
            while run < len(runs) and runs[run, 0] < ends[sentence]:
                held[runs[run, 1]] = in_order[runs[run, 1]] = True
                run += 1
            for at in range(start, ends[sentence]):
                if characters[at] == 0:
                    continue
                single[characters[at] - 1] = True
                for gap in range(1, min(GAP, ends[sentence] - 1 - at) + 1):
                    needle = pairs[characters[at], characters[at + gap]]
                    if needle >= 0:
                        in_order[needle] = True
                        if gap == 1:
                            held[needle] = True
            start = ends[sentence]
            alone = both = ordered = together = 0.0
            for i in range(needles):
                all_held[i] |= held[i]
                alone += held[i] * needle_weights[i]
                ordered += in_order[i] * needle_weights[i]
                both += (held[i] | before[i]) * needle_weights[i]
            for i in range(singles):
                all_single[i] |= single[i]
                together += single[i] * character_weights[i]
            if sentence > first:
                found[paragraph, 0] = max(found[paragraph, 0], both + max(cued[sentence - 1], cued[sentence]))
            if sentence == last - 1:
                found[paragraph, 0] = max(found[paragraph, 0], alone + cued[sentence])
            found[paragraph, 2] = max(found[paragraph, 2], ordered)
            found[paragraph, 3] = max(found[paragraph, 3], together)
            if alone > best:
                best, best_at = alone, sentence
        for i in range(needles):
            found[paragraph, 1] += all_held[i] * needle_weights[i]
        for i in range(singles):
            found[paragraph, 4] += all_single[i] * character_weights[i]
        found[paragraph, 5] = 1 - (best_at - first) / (last - first)
    return found


def features(of: Sentences) -> Scores:
    """As `kernels.features`."""
    runs = of.runs[np.argsort(of.runs[:, 0])]
    found: Scores = _features(
        *(of.characters, of.ends, of.paragraphs, of.pairs, runs, of.cued, of.needle_weights, of.character_weights)
    )
    return found
