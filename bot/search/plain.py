"""The loops of `bot.search.kernels` over numpy's arrays, where nothing is compiled."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from bot.archive.posting_lists import BLOCK, MORE, ONCE, WIDE, Joined, Numbers, PostingList, Run
from bot.search.budget import while_time
from bot.search.sums import LEAST, Mask, Norms, Positions, Scores, Weighted

_GROUP = 256
"""Neighbours whose highest sum is looked at first: so the highest of all are found without a look at most of them."""


def summed(lists: Weighted, norms: Norms, size: int) -> Scores:
    """As `kernels.summed`."""
    sums = np.zeros(size)
    for block, runs in _by_block(lists).items():
        here = sums[block * BLOCK :][: norms.lengths.extent(block)]
        here += _block_sums(block, *runs, norms)[: len(here)]
        here *= norms.once(block)[: len(here)]
    return sums


def collect(
    lists: Weighted, marks: Sequence[PostingList] | None, more: Weighted, norms: Norms, k: int, slack: float
) -> tuple[Positions, Scores]:
    """As `kernels.collect`: block by block, as to get large arrays from the system takes longer than to add."""
    listed, marking, adding = _by_block(lists), _by_block([(one, 0.0) for one in marks or ()]), _by_block(more)
    found = [(np.empty(0, np.int64), np.empty(0))]
    best = np.zeros(k)  # the highest scores yet, the lowest of them first
    for block in while_time(sorted(listed)):
        scores = _block_sums(block, *listed[block], norms)
        if marks is not None:
            marked, joined = np.zeros(len(scores), np.bool_), Joined(marking[block][0] if block in marking else [])
            marked[joined.once] = marked[joined.more_offsets] = True
            scores *= marked
        if block in adding:
            added = _block_sums(block, *adding[block], norms)
            added *= scores > 0
            scores += added
        scores *= norms.once(block)[: len(scores)]
        highest = scores.reshape(-1, _GROUP).max(axis=1)
        here = np.partition(highest, -k)[-k] if k <= len(highest) else 0.0
        at: Positions = np.flatnonzero(scores >= max(LEAST, max(here, best[0]) - slack))
        found.append((at + block * BLOCK, scores[at]))
        best = np.partition(np.concatenate([best, scores[at]]), -k)[-k:]
    positions, all_scores = np.concatenate([one for one, _ in found]), np.concatenate([one for _, one in found])
    stays = all_scores >= best[0] - slack
    return positions[stays], all_scores[stays]


def add_to(scores: Scores, candidates: Positions, lists: Weighted, norms: Norms) -> None:
    """As `kernels.add_to`."""
    blocks, firsts = np.unique(candidates // BLOCK, return_index=True)
    bounds = pairwise([*firsts.tolist(), len(candidates)])
    spans = {block: slice(*bound) for block, bound in zip(blocks.tolist(), bounds, strict=True)}
    offsets = candidates % BLOCK
    for postings, weight in lists:
        for run in postings.runs:
            if (span := spans.get(run.block)) is None:
                continue
            here, once = scores[span], norms.once(run.block)[offsets[span]] * weight
            found, _ = _looked_up(np.frombuffer(run.once, ONCE), offsets[span])
            here[found] += once[found]
            found, those = _looked_up(np.frombuffer(run.more, WIDE if run.wide else MORE), offsets[span])
            cells = those & ((1 << 4 * those.itemsize) - 1)
            here[found] += once[found] * norms.rises.take(cells)


def _looked_up(postings: Numbers, offsets: Positions) -> tuple[Mask, Numbers]:
    """Which of ascending offsets have postings, and these."""
    bits = 0 if postings.itemsize == 2 else 4 * postings.itemsize
    if not len(postings):
        return np.zeros(len(offsets), np.bool_), postings
    place = np.searchsorted(postings, offsets.astype(postings.dtype) << postings.dtype.type(bits))
    place[place == len(postings)] = 0
    found = postings[place] >> postings.dtype.type(bits) == offsets
    return found, postings[place[found]]


def _by_block(lists: Weighted) -> dict[int, tuple[list[Run], list[float]]]:
    """The runs in each block, list by list, and what each counts."""
    found: dict[int, tuple[list[Run], list[float]]] = {}
    for postings, weight in lists:
        for run in postings.runs:
            runs, weights = found.setdefault(run.block, ([], []))
            runs.append(run)
            weights.append(weight)
    return found


def _block_sums(block: int, runs: Sequence[Run], weights: Sequence[float], norms: Norms) -> Scores:
    """What runs of one block add to each of its paragraphs, in units of what a term counts that it has once."""
    together = Joined(runs)
    offsets = np.concatenate([together.once, together.more_offsets])
    counts = np.concatenate([together.once_counts, together.more_counts])
    added: Scores = np.repeat(np.array([*weights, *weights]), counts)
    added[len(together.once) :] *= norms.rises.take(together.cells)
    size = norms.lengths.extent(block)
    return np.bincount(offsets, added, size + -size % _GROUP).astype(np.float64, copy=False)  # integers where none is
