"""The loops of `bot.search.kernels` over numpy's arrays, where nothing is compiled."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from bot.archive.posting_lists import BLOCK, MORE, ONCE, Integers, Numbers, PostingList
from bot.search.budget import while_time
from bot.search.sums import LEAST, ROUNDING, Asked, Found, Mask, Norms, Positions, Scores, Wanted, Weighted

_GROUP = 256
"""Neighbours whose highest sum is looked at first: so the highest of all are found without a look at most of them."""


class _Runs(NamedTuple):
    """What lists have in one block, list by list: postings of both kinds, and what each list counts."""

    once: list[memoryview]
    more: list[memoryview]
    weights: list[float]


_NONE = _Runs([], [], [])


def added_up(lists: Weighted, norms: Norms) -> Iterator[Found]:
    """As `kernels.added_up`."""
    for block, runs in sorted(_by_block(lists).items()):
        sums = _block_sums(block, runs, norms)
        at: Positions = np.flatnonzero(sums > 0)
        yield Found(at + block * BLOCK, sums[at], norms.once_of(block, at))


def collect(asked: Asked, marks: Sequence[Sequence[PostingList]] | None, norms: Norms, wanted: Wanted) -> Found:
    """As `kernels.collect`: block by block, as to get large arrays from the system takes longer than to add."""
    lists, dense = _by_block(asked.lists), _by_block(asked.dense)
    alone = _by_block([(clause[0], 0.0) for clause in marks or () if len(clause) == 1])
    together = [[_by_block([(one, 0.0)]) for one in clause] for clause in marks or () if len(clause) > 1]
    slack = asked.left * norms.formula.highest
    highest = float(norms.formula.once(np.zeros(1))[0])
    found: list[Found] = []
    best, least = np.zeros(wanted.most), 0.0  # the highest scores yet, ascending
    for block in while_time(sorted(lists)):
        deciding = _block_sums(block, lists[block], norms)
        if marks is not None:
            marked = _there(alone.get(block, _NONE))
            for clause in together:
                if all(block in term for term in clause):
                    marked |= np.logical_and.reduce([_there(term[block]) for term in clause])
            deciding *= marked
        sums = deciding + _block_sums(block, dense[block], norms) if block in dense else deciding
        if best[0] == 0 and wanted.most < BLOCK // _GROUP:  # nothing is known yet
            groups = (sums * (deciding > 0)).reshape(-1, _GROUP).max(axis=1)
            tried = np.flatnonzero(sums >= max(np.partition(groups, -wanted.most)[-wanted.most], LEAST))
            tried = tried[deciding[tried] > 0]
            some = np.concatenate([best, sums[tried] * norms.once_of(block, tried)])
            least = wanted.least(np.sort(some)[-wanted.most :]) / (1 + ROUNDING) - slack
        at: Positions = np.flatnonzero(sums >= max(least / highest, LEAST))
        at = at[deciding[at] > 0]
        units, once = sums[at], norms.once_of(block, at)
        scores = units * once
        best = np.sort(np.partition(np.concatenate([best, scores]), -wanted.most)[-wanted.most :])
        least = max(least, wanted.least(best) / (1 + ROUNDING) - slack)
        stays = scores >= least
        found.append(Found(at[stays] + block * BLOCK, units[stays], once[stays]))
    every = Found.of(found)
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


def _by_block(lists: Weighted) -> dict[int, _Runs]:
    """What the lists have in each block."""
    found: dict[int, _Runs] = {}
    for postings, weight in lists:
        for block, once, more in postings.pieces:
            if (runs := found.get(block)) is None:
                runs = found[block] = _Runs([], [], [])
            runs.once.append(once)
            runs.more.append(more)
            runs.weights.append(weight)
    return found


def _joined(runs: _Runs) -> tuple[Numbers, Numbers]:
    """All postings of both kinds, run by run."""
    return np.frombuffer(b"".join(runs.once), ONCE), np.frombuffer(b"".join(runs.more), MORE)


def _there(runs: _Runs) -> Mask:
    """By offset, whether the paragraph is in any of the runs."""
    there = np.zeros(BLOCK, np.bool_)
    once, more = _joined(runs)
    there[once] = there[more >> 16] = True
    return there


def _block_sums(block: int, runs: _Runs, norms: Norms) -> Scores:
    """What runs of one block add to each of its paragraphs, in units."""
    once, more = _joined(runs)
    weights = np.array([*runs.weights, *runs.weights], np.float64)
    added = np.repeat(weights, [len(one) // 2 for one in runs.once] + [len(one) // 4 for one in runs.more])
    offsets, rises = _rises(block, more, norms)
    added[len(once) :] *= rises
    sums = np.bincount(np.concatenate([once, offsets]), added, BLOCK)
    return sums.astype(np.float64, copy=False)  # integers where nothing is added


def _surplus(block: int, runs: _Runs, norms: Norms, at: Positions) -> Scores:
    """What runs add beyond a term that is there once, to paragraphs of the block, given by offset."""
    _, more = _joined(runs)
    there = np.zeros(BLOCK, np.bool_)  # a byte each, which the processor keeps near
    there[at] = True
    of_them = np.flatnonzero(there.take(more >> 16))
    place = np.searchsorted(at, more[of_them] >> 16)
    _, rises = _rises(block, more[of_them], norms)
    rises -= 1
    rises *= np.repeat(np.array(runs.weights, np.float64), [len(one) // 4 for one in runs.more])[of_them]
    return np.bincount(place, rises, len(at)).astype(np.float64, copy=False)


def _rises(block: int, more: Numbers, norms: Norms) -> tuple[Integers, Scores]:
    """Of postings with a frequency the offsets, and how many times a term counts that is there so often."""
    offsets = (more >> 16).astype(np.int64)
    return offsets, norms.formula.rise((more & 0xFFFF).astype(np.float64), norms.of(block, offsets))
