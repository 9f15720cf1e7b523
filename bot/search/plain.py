"""The loops of `bot.search.kernels` over numpy's arrays, where nothing is compiled."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from bot.archive.posting_lists import BLOCK, Joined, PostingList, Run
from bot.search.budget import while_time
from bot.search.sums import LEAST, Positions, Scores, Weighted

_GROUP = 256
"""Neighbours whose highest sum is looked at first: so the highest of all are found without a look at most of them."""


def summed(lists: Weighted, cells: Scores, size: int) -> Scores:
    """As `kernels.summed`."""
    sums = np.zeros(size)
    for block, runs in _by_block(lists).items():
        length = min(BLOCK, size - block * BLOCK)
        sums[block * BLOCK :][:length] = _block_sums(*runs, cells, length)
    return sums


def collect(
    lists: Weighted, marks: Sequence[PostingList] | None, more: Weighted, cells: Scores, size: int, k: int, slack: float
) -> tuple[Positions, Scores]:
    """As `kernels.collect`: block by block, as to get large arrays from the system takes longer than to add."""
    listed, marking, adding = _by_block(lists), _by_block([(one, 0.0) for one in marks or ()]), _by_block(more)
    found = [(np.empty(0, np.int64), np.empty(0))]
    best = np.zeros(k)  # the highest sums yet, the lowest of them first
    for block in while_time(sorted(listed)):
        length = min(BLOCK, size - block * BLOCK)
        length += -length % _GROUP
        sums = _block_sums(*listed[block], cells, length)
        if marks is not None:
            marked = np.zeros(length, np.bool_)
            if block in marking:
                marked[Joined(marking[block][0]).offsets] = True
            sums *= marked
        if block in adding:
            added = _block_sums(*adding[block], cells, length)
            added *= sums > 0
            sums += added
        highest = sums.reshape(-1, _GROUP).max(axis=1)
        here = np.partition(highest, -k)[-k] if k <= len(highest) else 0.0
        at: Positions = np.flatnonzero(sums >= max(LEAST, max(here, best[0]) - slack))
        scores = sums[at]
        found.append((at + block * BLOCK, scores))
        best = np.partition(np.concatenate([best, scores]), -k)[-k:]
    positions, all_scores = np.concatenate([one for one, _ in found]), np.concatenate([one for _, one in found])
    stays = all_scores >= best[0] - slack
    return positions[stays], all_scores[stays]


def add_to(scores: Scores, candidates: Positions, lists: Weighted, cells: Scores) -> None:
    """As `kernels.add_to`."""
    blocks, firsts = np.unique(candidates // BLOCK, return_index=True)
    bounds = pairwise([*firsts.tolist(), len(candidates)])
    spans = {block: slice(*bound) for block, bound in zip(blocks.tolist(), bounds, strict=True)}
    offsets = candidates % BLOCK
    for postings, weight in lists:
        for run in postings.runs:
            if (span := spans.get(run.block)) is None:
                continue
            one = Joined([run])
            wanted = offsets[span].astype(one.postings.dtype)
            shift = wanted.dtype.type(4 * wanted.itemsize)
            place = np.searchsorted(one.postings, wanted << shift)
            place[place == len(one.postings)] = 0
            found = one.postings[place] >> shift == wanted
            scores[span][found] += cells.take(one.cells[place[found]]) * weight


def _by_block(lists: Weighted) -> dict[int, tuple[list[Run], list[float]]]:
    """The runs in each block, list by list, and what each counts."""
    found: dict[int, tuple[list[Run], list[float]]] = {}
    for postings, weight in lists:
        for run in postings.runs:
            runs, weights = found.setdefault(run.block, ([], []))
            runs.append(run)
            weights.append(weight)
    return found


def _block_sums(runs: Sequence[Run], weights: Sequence[float], cells: Scores, length: int) -> Scores:
    """What runs of one block add to each of its paragraphs, of which there are so many."""
    together = Joined(runs)
    added = np.repeat(weights, together.counts)
    added *= cells.take(together.cells)
    return np.bincount(together.offsets, added, length).astype(np.float64, copy=False)  # integers where there is none
