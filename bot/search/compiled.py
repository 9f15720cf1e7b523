"""The loops of `bot.search.kernels`, compiled by numba, which keeps what it has compiled for the next process."""

import numba
from numba.core import types

_SCORES = types.float64[::1]
_NUMBERS = types.Array(types.int32, 1, "C", readonly=True)
_CELLS = [types.Array(width, 1, "C", readonly=True) for width in (types.uint16, types.uint32)]


@numba.njit([types.void(_SCORES, _NUMBERS, cells, _SCORES) for cells in _CELLS], cache=True, nogil=True)
def add(scores, numbers, cells, table):  # type: ignore[no-untyped-def]  # noqa: D103
    for i in range(len(numbers)):
        scores[numbers[i]] += table[cells[i]]


@numba.njit(
    [types.void(_SCORES, types.int64[::1], _NUMBERS, cells, _SCORES) for cells in _CELLS],
    cache=True,
    nogil=True,
)
def add_to(scores, candidates, numbers, cells, table):  # type: ignore[no-untyped-def]  # noqa: D103
    low, size = 0, len(numbers)
    for candidate in candidates:
        step = 1  # gallop from where the last one was found, then halve
        while low + step < size and numbers[low + step] < candidate:
            low += step
            step *= 2
        high = min(low + step, size)
        while low < high:
            middle = (low + high) // 2
            if numbers[middle] < candidate:
                low = middle + 1
            else:
                high = middle
        if low == size:
            return
        if numbers[low] == candidate:
            scores[candidate] += table[cells[low]]
