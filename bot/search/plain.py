"""The loops of `bot.search.kernels` over numpy's arrays, where nothing is compiled."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from bot.archive.posting_lists import BLOCK, MORE, ONCE, Integers, Numbers, PostingList
from bot.search.budget import while_time
from bot.search.sums import ROUNDING, Asked, Found, Norms, Positions, Scores, Wanted, Weighted


class _Run(NamedTuple):
    """What a list has in one block, and what it counts."""

    once: bytes
    more: bytes
    weight: float


_Runs = Sequence[_Run]


def summed(lists: Weighted, norms: Norms, size: int) -> Scores:
    """As `kernels.summed`."""
    sums = np.zeros(size)
    for block, runs in _by_block(lists).items():
        here = sums[block * BLOCK : (block + 1) * BLOCK]
        here += _block_sums(block, runs, norms)[: len(here)]
    return sums


def collect(asked: Asked, marks: Sequence[PostingList] | None, norms: Norms, wanted: Wanted) -> Found:
    """As `kernels.collect`: block by block, as to get large arrays from the system takes longer than to add."""
    lists, marking = _by_block(asked.lists), _by_block([(one, 0.0) for one in marks or ()])
    dense, slack = _by_block(asked.dense), asked.left * norms.formula.highest
    found: list[tuple[Any, ...]] = [(np.empty(0, np.int64), np.empty(0), np.empty(0))]
    best, least = np.zeros(wanted.most), 0.0  # the highest scores yet, ascending
    for block in while_time(sorted(lists)):
        sums = _block_sums(block, lists[block], norms)
        if marks is not None:
            marked = np.zeros(BLOCK, np.bool_)
            offsets, more = _joined(marking.get(block, ()))
            marked[offsets] = marked[more >> 16] = True
            sums *= marked
        at: Positions = np.flatnonzero(sums > 0)  # of floats themselves, it takes ten times as long
        units = sums[at]
        if block in dense:
            units += _block_sums(block, dense[block], norms)[at]
        at += block * BLOCK
        once = norms.once(at)
        scores = units * once
        best = np.partition(np.concatenate([best, scores]), -wanted.most)[-wanted.most :]
        best.sort()
        least = wanted.least(best) / (1 + ROUNDING) - slack
        stays = scores >= least
        found.append((at[stays], units[stays], once[stays]))
    every = Found(*(np.concatenate(column) for column in zip(*found, strict=True)))
    return every.where(every.units * every.once >= least)


def add_to(units: Scores, candidates: Positions, asked: Asked, norms: Norms) -> None:
    """As `kernels.add_to`."""
    lists, rest = _by_block([*asked.lists, *asked.dense]), _by_block(asked.rest)
    blocks = candidates // BLOCK
    for block in while_time(np.unique(blocks).tolist()):
        here = slice(*np.searchsorted(blocks, [block, block + 1]).tolist())
        at = candidates[here] % BLOCK
        if block in lists:
            units[here] += _block_sums(block, lists[block], norms)[at]
        if block in rest:
            units[here] += _surplus(block, rest[block], norms, at)


def _by_block(lists: Weighted) -> dict[int, list[_Run]]:
    """What the lists have in each block, list by list."""
    found: dict[int, list[_Run]] = {}
    for postings, weight in lists:
        for part in postings.parts:
            numbers = memoryview(part.runs).cast("I").tolist()
            blocks, starts, more_starts = numbers[::3], numbers[1::3], numbers[2::3]
            ends, more_ends = [*starts[1:], len(part.once) // 2], [*more_starts[1:], len(part.more) // 4]
            for block, a, b, c, d in zip(blocks, starts, ends, more_starts, more_ends, strict=True):
                found.setdefault(block, []).append(_Run(part.once[2 * a : 2 * b], part.more[4 * c : 4 * d], weight))
    return found


def _joined(runs: _Runs) -> tuple[Numbers, Numbers]:
    """All postings of both kinds, run by run."""
    once, more = b"".join([run.once for run in runs]), b"".join([run.more for run in runs])
    return np.frombuffer(once, ONCE), np.frombuffer(more, MORE)


def _block_sums(block: int, runs: _Runs, norms: Norms) -> Scores:
    """What runs of one block add to each of its paragraphs, in units."""
    once, more = _joined(runs)
    offsets, rises = _rises(block, more, norms)
    rises *= _weights(runs, [len(run.more) // 4 for run in runs])
    added = np.concatenate([_weights(runs, [len(run.once) // 2 for run in runs]), rises])
    sums = np.bincount(np.concatenate([once, offsets]), added, BLOCK)
    return sums.astype(np.float64, copy=False)  # integers where nothing is added


def _surplus(block: int, runs: _Runs, norms: Norms, at: Positions) -> Scores:
    """What runs add beyond a term that is there once, to paragraphs of the block, given by offset."""
    _, more = _joined(runs)
    places = np.full(BLOCK, -1, np.int32)
    places[at] = np.arange(len(at))
    place = places[more >> 16]
    of_them = np.flatnonzero(place >= 0)
    _, rises = _rises(block, more[of_them], norms)
    rises -= 1
    rises *= _weights(runs, [len(run.more) // 4 for run in runs])[of_them]
    return np.bincount(place[of_them], rises, len(at)).astype(np.float64, copy=False)


def _rises(block: int, more: Numbers, norms: Norms) -> tuple[Integers, Scores]:
    """Of postings with a frequency the offsets, and how many times a term counts that is there so often."""
    offsets = (more >> 16).astype(np.int64)
    return offsets, norms.formula.rise(more & 0xFFFF, norms.formula.norm(norms.lengths[block][offsets]))


def _weights(runs: _Runs, counts: list[int]) -> Scores:
    """The weight of each of the postings."""
    return np.repeat(np.array([run.weight for run in runs], np.float64), counts)
