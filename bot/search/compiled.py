"""The loops of `bot.search.kernels`, compiled by numba, which keeps what it has compiled for the next process."""

from collections.abc import Sequence
from threading import local

import numba
import numpy as np
import numpy.typing as npt
from numba.core import types
from numba.extending import intrinsic
from numba.np.numpy_support import carray

from bot.archive.posting_lists import ADDRESS, BLOCK, COUNT, NO_RUNS, OF_BLOCK, WIDE, PostingList
from bot.search.features import GAP, Sentences
from bot.search.sums import LEAST, Positions, Scores, Weighted

_SCORES = types.float64[::1]
_READ = types.Array(types.float64, 1, "C", readonly=True)
_POSTINGS = (types.uint32[::1], types.uint64[::1])
_TABLE = types.float64[:, ::1]
_RUNS = types.int64[:, ::1]
_NEIGHBOURS = 64

_scratch = local()


def _pointer_to(number):  # type: ignore[no-untyped-def]
    """What makes an address a pointer to numbers: `numba.carray` makes it an array, so that nothing is copied."""

    @intrinsic
    def pointer(_, address):  # type: ignore[no-untyped-def]
        def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
            return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

        return types.CPointer(number)(address), generate  # type: ignore[no-untyped-call]

    return pointer


_narrow = _pointer_to(types.uint32)  # type: ignore[no-untyped-call]
_wide = _pointer_to(types.uint64)  # type: ignore[no-untyped-call]


@numba.njit(types.float64(_SCORES), cache=True, nogil=True, fastmath=True)  # in any order, so several at a time
def _highest(sums):  # type: ignore[no-untyped-def]
    highest = 0.0
    for i in range(len(sums)):
        highest = max(highest, sums[i])
    return highest


@numba.njit(types.void(_SCORES, types.int64[::1], types.float64, _READ, types.float64), cache=True, nogil=True)
def _add(sums, run, weight, cells, least):  # type: ignore[no-untyped-def]
    """Add a run, a row of `PostingList.table`, to the sums of its block that are `least` or more."""
    if run[WIDE]:
        for posting in carray(_wide(run[ADDRESS]), run[COUNT]):
            offset = posting >> types.uint64(32)
            sums[offset] += cells[posting & types.uint64(0xFFFFFFFF)] * weight * (sums[offset] >= least)
    else:
        for posting in carray(_narrow(run[ADDRESS]), run[COUNT]):
            offset = posting >> types.uint64(16)
            sums[offset] += cells[posting & types.uint64(0xFFFF)] * weight * (sums[offset] >= least)


@numba.njit(types.void(types.boolean[::1], types.int64[::1]), cache=True, nogil=True)
def _mark(marked, run):  # type: ignore[no-untyped-def]
    """Mark the paragraphs of a run."""
    if run[WIDE]:
        for posting in carray(_wide(run[ADDRESS]), run[COUNT]):
            marked[posting >> types.uint64(32)] = True
    else:
        for posting in carray(_narrow(run[ADDRESS]), run[COUNT]):
            marked[posting >> types.uint64(16)] = True


@numba.njit(types.void(_SCORES, _RUNS, _SCORES, _READ), cache=True, nogil=True)
def _sum(sums, runs, weights, cells):  # type: ignore[no-untyped-def]
    for i in range(len(runs)):
        _add(sums[runs[i, OF_BLOCK] * BLOCK :], runs[i], weights[i], cells, 0.0)


@numba.njit(
    [types.void(_SCORES, types.int64[::1], types.int64, _numbers, types.float64, _READ) for _numbers in _POSTINGS],
    cache=True,
    nogil=True,
)
def _add_found(scores, candidates, base, postings, weight, cells):  # type: ignore[no-untyped-def]
    half = types.uint64(4 * postings.itemsize)
    for i in range(len(candidates)):
        offset = types.uint64(candidates[i] - base)
        low, high = 0, len(postings)
        while low < high:
            middle = (low + high) // 2
            if postings[middle] >> half < offset:
                low = middle + 1
            else:
                high = middle
        if low < len(postings) and postings[low] >> half == offset:
            scores[i] += cells[postings[low] & types.uint64((1 << half) - 1)] * weight


@numba.njit(types.void(_SCORES, types.int64[::1], _RUNS, _SCORES, _READ), cache=True, nogil=True)
def _add_to(scores, candidates, runs, weights, cells):  # type: ignore[no-untyped-def]
    for i in range(len(runs)):
        run, base = runs[i], runs[i, OF_BLOCK] * BLOCK
        low, high = np.searchsorted(candidates, base), np.searchsorted(candidates, base + BLOCK)
        if low == high:
            continue
        if run[WIDE]:
            found = carray(_wide(run[ADDRESS]), run[COUNT])
            _add_found(scores[low:high], candidates[low:high], base, found, weights[i], cells)
        else:
            found_narrow = carray(_narrow(run[ADDRESS]), run[COUNT])
            _add_found(scores[low:high], candidates[low:high], base, found_narrow, weights[i], cells)


@numba.njit(
    types.Tuple((types.int64[::1], _SCORES))(  # type: ignore[no-untyped-call]
        *(_SCORES, _RUNS, _SCORES, types.int64, types.int64, types.boolean),
        *(_READ, types.int64, types.int64, types.float64),
    ),
    cache=True,
    nogil=True,
)
def _collect(sums, runs, weights, listed, marks, marking, cells, size, k, slack):  # type: ignore[no-untyped-def]
    """Of the runs, the first `listed` are added up, those up to `marks` mark, and the others are what is added more.

    `sums` are those of one block, zero before and after.
    """
    positions, scores, count = np.empty(1024, np.int64), np.empty(1024), 0
    best = np.zeros(k)  # the highest sums yet, ascending
    marked = np.zeros(BLOCK if marking else 0, np.bool_)
    highest = np.empty(BLOCK // _NEIGHBOURS)
    for block in range(runs[:listed, OF_BLOCK].max() + 1 if listed else 0):
        length = min(BLOCK, size - block * BLOCK)  # of `sums`, which have as many as a block, always
        there = False
        for i in range(listed):
            if runs[i, OF_BLOCK] == block:
                there = True
                _add(sums, runs[i], weights[i], cells, 0.0)
        if not there:
            continue
        if marking:
            marked[:] = False
            for i in range(listed, marks):
                if runs[i, OF_BLOCK] == block:
                    _mark(marked, runs[i])
            for i in range(length):
                if not marked[i]:
                    sums[i] = 0.0
        for i in range(marks, len(runs)):
            if runs[i, OF_BLOCK] == block:
                _add(sums, runs[i], weights[i], cells, LEAST)
        least = max(LEAST, best[0] - slack)
        if best[0] == 0.0 and k <= len(highest):
            for group in range(len(highest)):
                highest[group] = _highest(sums[group * _NEIGHBOURS : (group + 1) * _NEIGHBOURS])
            least = max(least, np.partition(highest, len(highest) - k)[len(highest) - k] - slack)
        for start in range(0, BLOCK, _NEIGHBOURS):
            group = sums[start : start + _NEIGHBOURS]
            if _highest(group) >= least:
                for i in range(_NEIGHBOURS):
                    if group[i] < least:
                        continue
                    if count == len(positions):
                        positions = np.concatenate((positions, np.empty(count, np.int64)))
                        scores = np.concatenate((scores, np.empty(count)))
                    positions[count], scores[count] = block * BLOCK + start + i, group[i]
                    count += 1
                    if group[i] > best[0]:
                        place = 0
                        while place + 1 < k and best[place + 1] < group[i]:
                            best[place] = best[place + 1]
                            place += 1
                        best[place] = group[i]
                        least = max(least, best[0] - slack)
            group[:] = 0.0
    stays = 0
    for i in range(count):
        if scores[i] >= best[0] - slack:
            positions[stays], scores[stays] = positions[i], scores[i]
            stays += 1
    return positions[:stays].copy(), scores[:stays].copy()


def summed(lists: Weighted, cells: Scores, size: int) -> Scores:
    """As `kernels.summed`."""
    sums = np.zeros(size)
    _sum(sums, *_runs(lists), cells)
    return sums


def add_to(scores: Scores, candidates: Positions, lists: Weighted, cells: Scores) -> None:
    """As `kernels.add_to`."""
    _add_to(scores, candidates, *_runs(lists), cells)


def collect(
    lists: Weighted, marks: Sequence[PostingList] | None, more: Weighted, cells: Scores, size: int, k: int, slack: float
) -> tuple[Positions, Scores]:
    """As `kernels.collect`: a block after the other, whose sums stay in the processor's cache."""
    if not hasattr(_scratch, "sums"):
        _scratch.sums = np.zeros(BLOCK)
    runs, weights = _runs([*lists, *((postings, 0.0) for postings in marks or ()), *more])
    listed = sum([len(postings.runs) for postings, _ in lists])
    others = sum([len(postings.runs) for postings, _ in more])
    found: tuple[Positions, Scores] = _collect(
        *(_scratch.sums, runs, weights, listed, len(runs) - others, marks is not None, cells, size, k, slack)
    )
    return found


def _runs(lists: Weighted) -> tuple[npt.NDArray[np.int64], Scores]:
    """All runs of the lists, as rows of `PostingList.table`, and what each counts; good as long as the lists are."""
    tables = [postings.table for postings, _ in lists]
    counts = [len(table) for table in tables]
    weights = np.repeat(np.array([weight for _, weight in lists], np.float64), np.array(counts, np.int64))
    return np.concatenate([NO_RUNS, *tables]), weights


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
