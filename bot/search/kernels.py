"""The loops that a question spends its time in, over numpy's arrays; compiled with `newsbot[fast]`."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from threading import Lock, Thread

import numpy as np
import numpy.typing as npt

from bot.archive.snapshot import PostingList

Scores = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
Weighted = Sequence[tuple[PostingList, float]]
"""Lists of postings, and what each counts."""


def add_plainly(scores: Scores, lists: Weighted, cells: Scores) -> None:
    """As `add`, by numpy."""
    for postings, weight in lists:
        for run in postings.runs:
            np.add.at(scores[run.base :], run.offsets, cells.take(run.cells) * weight)


def add_to_plainly(scores: Scores, candidates: Positions, lists: Weighted, cells: Scores) -> None:
    """As `add_to`, by numpy."""
    for postings, weight in lists:
        for run in postings.runs:
            if not len(run.offsets):
                continue
            low, high = np.searchsorted(candidates, [run.base, run.base + int(run.offsets[-1]) + 1])
            wanted = (candidates[low:high] - run.base).astype(run.offsets.dtype)
            place = np.searchsorted(run.offsets, wanted)
            found = run.offsets[place] == wanted
            scores[candidates[low:high][found]] += cells.take(run.cells[place[found]]) * weight


class Kernels:
    """Numpy's loops until the compiled ones are ready: to import the compiler takes longer than many answers.

    Attributes:
        searched: What it takes to search for a paragraph in a list, in postings that are added in the same time.
        plenty: So many postings are added sooner than it is found out which of them can be left out.
    """

    def __init__(self) -> None:
        self.add: Callable[[Scores, Weighted, Scores], None] = add_plainly
        self.add_to: Callable[[Scores, Positions, Weighted, Scores], None] = add_to_plainly
        self.searched, self.plenty = 12, 20_000
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

        self.add, self.add_to = compiled.add, compiled.add_to
        self.searched, self.plenty = 60, 300_000


_KERNELS = Kernels()


def compile_kernels() -> None:
    """Begin to compile the loops, where that is possible and was not yet asked for."""
    _KERNELS.compile()


def is_plenty(postings: int) -> bool:
    """Whether so many postings are worth the search for those of them that can be left out."""
    return postings > _KERNELS.plenty


def is_whole_sooner(candidates: int, postings: int) -> bool:
    """Whether to add a whole list is sooner done than to look so many candidates up in it."""
    return candidates * _KERNELS.searched > postings


def add(scores: Scores, lists: Weighted, cells: Scores) -> None:
    """Add `weight * cells[cell]` to the score of each paragraph of each list, list by list.

    Args:
        scores: By paragraph number.
        lists: What is added.
        cells: The weight of each cell.
    """
    _KERNELS.add(scores, lists, cells)


def add_to(scores: Scores, candidates: Positions, lists: Weighted, cells: Scores) -> None:
    """The same for those of the lists' paragraphs that are among some candidates, which ascend."""
    _KERNELS.add_to(scores, candidates, lists, cells)
