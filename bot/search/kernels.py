"""The loops that a question spends its time in, over numpy's arrays; compiled with `newsbot[fast]`."""

from collections.abc import Sequence
from importlib.util import find_spec
from itertools import pairwise
from threading import Lock, Thread

import numpy as np
import numpy.typing as npt

from bot.archive.posting_lists import BLOCK, Joined, PostingList, Run
from bot.search.budget import while_time
from bot.search.features import Sentences, features_plainly

Scores = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
Weighted = Sequence[tuple[PostingList, float]]
"""Lists of postings, and what each counts."""

_GROUP = 256
"""Neighbours whose highest sum is looked at first: so the highest of all are found without a look at most of them."""

LEAST = float(np.nextafter(0, 1))
"""The lowest sum above none."""


def summed_plainly(lists: Weighted, cells: Scores, size: int) -> Scores:
    """As `summed`, by numpy."""
    sums = np.zeros(size)
    for block, runs in _by_block(lists).items():
        length = min(BLOCK, size - block * BLOCK)
        sums[block * BLOCK :][:length] = _summed(*runs, cells, length)
    return sums


def collect_plainly(
    lists: Weighted, marks: Sequence[PostingList] | None, more: Weighted, cells: Scores, size: int, k: int, slack: float
) -> tuple[Positions, Scores]:
    """As `collect`, by numpy: block by block, as to get large arrays from the system takes longer than to add."""
    listed, marking, adding = _by_block(lists), _by_block([(one, 0.0) for one in marks or ()]), _by_block(more)
    found = [(np.empty(0, np.int64), np.empty(0))]
    best = np.zeros(k)  # the highest sums yet, the lowest of them first
    for block in while_time(sorted(listed)):
        length = min(BLOCK, size - block * BLOCK)
        length += -length % _GROUP
        sums = _summed(*listed[block], cells, length)
        if marks is not None:
            marked = np.zeros(length, np.bool_)
            if block in marking:
                marked[Joined(marking[block][0]).offsets] = True
            sums *= marked
        if block in adding:
            added = _summed(*adding[block], cells, length)
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


def add_to_plainly(scores: Scores, candidates: Positions, lists: Weighted, cells: Scores) -> None:
    """As `add_to`, by numpy."""
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


def _summed(runs: Sequence[Run], weights: Sequence[float], cells: Scores, length: int) -> Scores:
    """What runs of one block add to each of its paragraphs, of which there are so many."""
    together = Joined(runs)
    added = np.repeat(weights, together.counts)
    added *= cells.take(together.cells)
    return np.bincount(together.offsets, added, length).astype(np.float64, copy=False)  # integers where there is none


class Kernels:
    """Numpy's loops until the compiled ones are ready: to import the compiler takes longer than many answers.

    Attributes:
        few: So few postings are added up sooner than left out.
    """

    def __init__(self) -> None:
        self.summed = summed_plainly
        self.collect = collect_plainly
        self.add_to = add_to_plainly
        self.features = features_plainly
        self.few = 20_000
        self._lock = Lock()
        self._asked = False

    def compile(self, *, wait: bool = False) -> None:
        """Begin to compile, once, on a thread of its own; nothing happens without the extra."""
        with self._lock:
            asked, self._asked = self._asked, True
        if not asked and find_spec("numba"):
            thread = Thread(target=self._compile, name="compile", daemon=True)
            thread.start()
            if wait:
                thread.join()

    def _compile(self) -> None:
        from bot.search import compiled

        self.summed, self.collect = compiled.summed, compiled.collect
        self.add_to, self.features = compiled.add_to, compiled.features
        self.few = 500_000


_KERNELS = Kernels()


def compile_kernels() -> None:
    """Begin to compile the loops, where that is possible and was not yet asked for."""
    _KERNELS.compile()


def few() -> int:
    """So few postings are added up sooner than left out."""
    return _KERNELS.few


def summed(lists: Weighted, cells: Scores, size: int) -> Scores:
    """`weight * cells[cell]` added up for each paragraph of each list, list by list.

    Args:
        lists: What is added.
        cells: The weight of each cell.
        size: Paragraph numbers are below this.

    Returns:
        By paragraph number.
    """
    return _KERNELS.summed(lists, cells, size)


def collect(
    lists: Weighted, marks: Sequence[PostingList] | None, more: Weighted, cells: Scores, size: int, k: int, slack: float
) -> tuple[Positions, Scores]:
    """The paragraphs whose sums are near the highest: all that fall short of the k-th highest by `slack` at most.

    Args:
        lists: What is added up.
        marks: The paragraphs that match; None when all of `lists` do.
        more: What is added for paragraphs of `lists` that match.
        cells: The weight of each cell.
        size: Paragraph numbers are below this.
        k: 1 or more.
        slack: 0 or more.

    Returns:
        Their numbers, ascending, and their sums, which were added up list by list.
    """
    return _KERNELS.collect(lists, marks, more, cells, size, k, slack)


def add_to(scores: Scores, candidates: Positions, lists: Weighted, cells: Scores) -> None:
    """As `summed`, but for paragraphs that are candidates, which ascend, and to the scores that these have."""
    _KERNELS.add_to(scores, candidates, lists, cells)


def features(of: Sentences) -> Scores:
    """What the second stage sees in each paragraph, a row: 0 to 1 each, but for what cues add to the first.

    Returns:
        Six columns: the needles of its best sentence and the next one; all its needles; those of its best sentence,
        pairs in order; the characters of its best sentence; all its characters; how early its best sentence comes.
    """
    return _KERNELS.features(of)
