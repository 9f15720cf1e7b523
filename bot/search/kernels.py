"""The two loops that a question spends its time in, over numpy's arrays; compiled with `newsbot[fast]`."""

from collections.abc import Callable
from importlib.util import find_spec
from threading import Lock, Thread

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Cells = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]


def _add(scores: Scores, numbers: Numbers, cells: Cells, table: Scores) -> None:
    scores[numbers] += table.take(cells)


_SEARCHED = 12
"""What it takes to search for a paragraph in a list, in postings that are added in the same time."""


def is_whole_sooner(candidates: int, postings: int) -> bool:
    """Whether to add a whole list is sooner done than to look so many candidates up in it."""
    return candidates * _SEARCHED > postings


def _add_to(scores: Scores, candidates: Positions, numbers: Numbers, cells: Cells, table: Scores) -> None:
    if len(numbers):
        place = np.searchsorted(numbers, candidates.astype(np.int32))
        place[place == len(numbers)] = 0
        place = place[numbers[place] == candidates]
        scores[numbers[place]] += table.take(cells[place])


class Kernels:
    """Numpy's loops until the compiled ones are ready: to import the compiler takes longer than many answers."""

    def __init__(self) -> None:
        self.add: Callable[..., None] = _add
        self.add_to: Callable[..., None] = _add_to
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


_KERNELS = Kernels()


def compile_kernels() -> None:
    """Begin to compile the loops, where that is possible and was not yet asked for."""
    _KERNELS.compile()


def add(scores: Scores, numbers: Numbers, cells: Cells, table: Scores) -> None:
    """Add `table[cell]` to the score of each paragraph of a list.

    Args:
        scores: By paragraph number.
        numbers: Of paragraphs, each once.
        cells: Of these paragraphs.
        table: By cell, what it adds.
    """
    _KERNELS.add(scores, numbers, cells, table)


def add_to(scores: Scores, candidates: Positions, numbers: Numbers, cells: Cells, table: Scores) -> None:
    """The same for those of a list's paragraphs that are among some candidates; both ascend."""
    _KERNELS.add_to(scores, candidates, numbers, cells, table)
