"""The loops of `bot.search.kernels`, compiled by numba, which keeps what it has compiled for the next process."""

import numba
import numpy as np
from numba.core import types

from bot.archive.snapshot import BLOCK, PostingList, Run
from bot.search import kernels
from bot.search.kernels import Positions, Scores, Weighted

_SCORES = types.float64[::1]
_INTEGERS = types.int64[::1]
_READ = types.Array(types.float64, 1, "C", readonly=True)
_SHORTS = types.Array(types.uint16, 1, "C", readonly=True)


@numba.njit(types.void(_SCORES, _SHORTS, _SHORTS, _INTEGERS, _INTEGERS, _READ, _READ), cache=True, nogil=True)
def _add(scores, offsets, cells, ends, bases, weights, table):  # type: ignore[no-untyped-def]
    start = 0
    for run in range(len(ends)):
        base, weight = bases[run], weights[run]
        for i in range(start, ends[run]):
            scores[base + offsets[i]] += table[cells[i]] * weight
        start = ends[run]


@numba.njit(types.void(_SCORES, _INTEGERS, _SHORTS, _SHORTS, types.int64, types.float64, _READ), cache=True, nogil=True)
def _add_to(scores, candidates, offsets, cells, base, weight, table):  # type: ignore[no-untyped-def]
    low, size = 0, len(offsets)
    for candidate in candidates:
        wanted = candidate - base
        step = 1  # gallop from where the last one was found, then halve
        while low + step < size and offsets[low + step] < wanted:
            low += step
            step *= 2
        high = min(low + step, size)
        while low < high:
            middle = (low + high) // 2
            if offsets[middle] < wanted:
                low = middle + 1
            else:
                high = middle
        if low == size:
            return
        if offsets[low] == wanted:
            scores[candidate] += table[cells[low]] * weight


def add(scores: Scores, lists: Weighted, cells: Scores) -> None:
    """As `kernels.add`: the runs of all lists in one call, a block after the other, whose scores stay in the cache."""
    short, others = _by_width(lists)
    if short:
        short.sort(key=lambda one: one[0].base)
        _add(
            scores,
            np.frombuffer(b"".join([run.offsets.data for run, _ in short]), np.uint16),
            np.frombuffer(b"".join([run.cells.data for run, _ in short]), np.uint16),
            np.cumsum([len(run.offsets) for run, _ in short]),
            np.array([run.base for run, _ in short]),
            np.array([weight for _, weight in short]),
            cells,
        )
    kernels.add_plainly(scores, others, cells)


def add_to(scores: Scores, candidates: Positions, lists: Weighted, cells: Scores) -> None:
    """As `kernels.add_to`."""
    short, others = _by_width(lists)
    for run, weight in short:
        low, high = np.searchsorted(candidates, (run.base, run.base + BLOCK))
        if low < high:
            _add_to(scores, candidates[low:high], run.offsets, run.cells, run.base, weight, cells)
    kernels.add_to_plainly(scores, candidates, others, cells)


def _by_width(lists: Weighted) -> tuple[list[tuple[Run, float]], list[tuple[PostingList, float]]]:
    """The runs that are compiled for, and the others: wide cells and recent additions, which are few."""
    short = [(run, weight) for postings, weight in lists for run in postings.runs if run.cells.dtype == np.uint16]
    others = [
        (PostingList(run for run in postings.runs if run.cells.dtype != np.uint16), weight)
        for postings, weight in lists
        if postings.runs and postings.runs[-1].cells.dtype != np.uint16
    ]
    return short, others
