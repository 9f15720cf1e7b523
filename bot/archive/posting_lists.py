"""Posting lists in memory: `bot.archive.postings` says how they are kept."""

import ctypes
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

BLOCK = 1 << 16
TABLES: dict[str, np.dtype[np.unsignedinteger[Any]]] = {
    "posting_list": np.dtype("<u4"),
    "posting_wide": np.dtype("<u8"),
}
"""The tables of lists, and the type of a posting in each."""

NARROW = 0xFFFE
"""The largest cell in a posting of 32 bits."""

Numbers = npt.NDArray[np.unsignedinteger[Any]]

OF_BLOCK, ADDRESS, COUNT, WIDE = range(4)
"""The columns of `PostingList.table`."""

NO_RUNS = np.empty((0, 4), np.int64)

_address = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object)(("PyBytes_AsString", ctypes.pythonapi))


def posting(offsets: npt.NDArray[np.int64], cells: npt.NDArray[np.int64], dtype: np.dtype[Any]) -> Numbers:
    """Offsets in a block and cells as postings: the offset is in the upper half of the number, the cell in the lower.

    So postings are in the order of their paragraphs.
    """
    postings: Numbers = (offsets << 4 * dtype.itemsize | cells).astype(dtype)
    return postings


class Run(NamedTuple):
    """Postings of a term in one block of paragraphs, ascending, as bytes."""

    block: int
    postings: bytes
    wide: bool = False


class PostingList:
    """A term's postings in runs, block by block; two may be of one block, where cells are wide or postings recent."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self.runs = tuple(runs)
        self._length = sum([len(run.postings) >> (3 if run.wide else 2) for run in self.runs])

    def __len__(self) -> int:
        return self._length

    def followed_by(self, other: "PostingList") -> "PostingList":
        """With those of another list after its own."""
        return PostingList(self.runs + other.runs) if other else self

    @property
    def numbers(self) -> npt.NDArray[np.int32]:
        """The ascending numbers of the paragraphs."""
        numbers = Joined(self.runs).numbers
        return np.sort(numbers) if any(run.wide for run in self.runs) else numbers

    @cached_property
    def table(self) -> npt.NDArray[np.int64]:
        """The runs for compiled code, a row each: `OF_BLOCK`, `ADDRESS`, `COUNT` and `WIDE` are its columns.

        An address is good as long as the list is.
        """
        rows = [(one.block, _address(one.postings), len(one.postings) >> (2 + one.wide), one.wide) for one in self.runs]
        return np.array([value for row in rows for value in row], np.int64).reshape(-1, 4)

    @property
    def nbytes(self) -> int:
        """About their size in memory."""
        return sum([len(run.postings) + 250 for run in self.runs]) + 400


class Joined:
    """The postings of several runs, one after the other.

    Attributes:
        postings: All of them, 64 bits each where one is wide.
        blocks: The block of each run.
        counts: How many postings it has.
    """

    def __init__(self, runs: Sequence[Run]) -> None:
        self.blocks = np.array([run.block for run in runs], np.int64)
        if any(run.wide for run in runs):
            parts = [_widened(run) for run in runs]
            self.postings: Numbers = np.concatenate(parts)
            self.counts = np.array([len(part) for part in parts], np.int64)
        else:
            self.postings = np.frombuffer(b"".join([run.postings for run in runs]), TABLES["posting_list"])
            self.counts = np.array([len(run.postings) for run in runs], np.int64) >> 2

    @property
    def numbers(self) -> npt.NDArray[np.int32]:
        """The numbers of the paragraphs."""
        bases = np.repeat((self.blocks * BLOCK).astype(np.int32), self.counts)
        return bases + self.offsets.astype(np.int32)

    @property
    def offsets(self) -> Numbers:
        """The paragraphs' offsets in their blocks."""
        return self._halves[1::2]

    @property
    def cells(self) -> Numbers:
        """Their cells."""
        return self._halves[::2]

    @property
    def _halves(self) -> Numbers:
        return self.postings.view(f"<u{self.postings.itemsize // 2}")


def _widened(run: Run) -> Numbers:
    """Its postings, 64 bits each."""
    wide = TABLES["posting_wide"]
    if run.wide:
        return np.frombuffer(run.postings, wide)
    narrow = np.frombuffer(run.postings, TABLES["posting_list"]).astype(np.int64)
    return posting(narrow >> 16, narrow & 0xFFFF, wide)
