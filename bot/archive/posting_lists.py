"""Posting lists in memory: `bot.archive.postings` says how they are kept."""

import ctypes
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

BLOCK = 1 << 16
ONCE, MORE, WIDE = np.dtype("<u2"), np.dtype("<u4"), np.dtype("<u8")
"""The types of a posting: of a term that its paragraph has once, of any other one, and of one with a large cell."""

NARROW = 0xFFFF
"""The largest cell in a posting of 32 bits."""

LENGTH = np.dtype("<u4")
"""The type of a paragraph's length."""

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.unsignedinteger[Any]]

OF_BLOCK, ONCE_AT, ONCE_COUNT, MORE_AT, MORE_COUNT, IS_WIDE = range(6)
"""The columns of `PostingList.table`."""

NO_RUNS = np.empty((0, 6), np.int64)

_address = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object)(("PyBytes_AsString", ctypes.pythonapi))


def posting(offsets: Integers, cells: Integers, dtype: np.dtype[Any]) -> Numbers:
    """Offsets in a block and cells as postings: the offset is in the upper half of the number, the cell in the lower.

    So postings are in the order of their paragraphs.
    """
    postings: Numbers = (offsets << 4 * dtype.itemsize | cells).astype(dtype)
    return postings


class Packed:
    """Postings of which parts are wanted, as bytes.

    Attributes:
        wide: Whether those with a cell are 64 bits each.
    """

    def __init__(self, offsets: Integers, cells: Integers) -> None:
        """Take postings by their offsets in a block, which ascend in each part, and cells, 0 where it is once."""
        has_cell = cells > 0
        self.wide = bool(cells.max(initial=0) > NARROW)
        self._with_cell_before = np.concatenate([[0], np.cumsum(has_cell)])
        self._once = offsets[~has_cell].astype(ONCE).tobytes()
        self._more = posting(offsets[has_cell], cells[has_cell], WIDE if self.wide else MORE).tobytes()

    def parts(self, cuts: Sequence[int]) -> Iterator[tuple[bytes, bytes]]:
        """Those between each two of the cuts: the offsets of paragraphs that have the term once, and the others."""
        size, before = (WIDE if self.wide else MORE).itemsize, self._with_cell_before
        for (start, end), (a, b) in zip(pairwise(cuts), pairwise([before.item(cut) for cut in cuts]), strict=True):
            yield self._once[2 * (start - a) : 2 * (end - b)], self._more[size * a : size * b]


class Run(NamedTuple):
    """Postings of a term in one block as bytes: of paragraphs that have it once, and of the others; each ascending."""

    block: int
    once: bytes
    more: bytes = b""
    wide: bool = False


class PostingList:
    """A term's postings in runs, block by block; two may be of one block, where cells are wide or postings recent."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self.runs = tuple(runs)
        self._length = sum([(len(run.once) >> 1) + (len(run.more) >> (3 if run.wide else 2)) for run in self.runs])

    def __len__(self) -> int:
        return self._length

    def followed_by(self, other: "PostingList") -> "PostingList":
        """With those of another list after its own."""
        return PostingList(self.runs + other.runs) if other else self

    @property
    def halves(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """The numbers of the paragraphs that have the term once, ascending, and of the others, likewise."""
        joined = Joined(self.runs)
        bases = np.array([run.block * BLOCK for run in self.runs], np.int32)
        once = np.repeat(bases, joined.once_counts) + joined.once.astype(np.int32)
        more = np.repeat(bases, joined.more_counts) + joined.more_offsets.astype(np.int32)
        return once, np.sort(more) if any(run.wide for run in self.runs) else more

    @property
    def numbers(self) -> npt.NDArray[np.int32]:
        """The ascending numbers of the paragraphs."""
        return np.sort(np.concatenate(self.halves))

    @cached_property
    def table(self) -> Integers:
        """The runs for compiled code, a row each; `OF_BLOCK` and what follows it are its columns.

        An address is good as long as the list is.
        """
        rows = [
            (block, _address(once), len(once) >> 1, _address(more), len(more) >> (3 if wide else 2), wide)
            for block, once, more, wide in self.runs
        ]
        return np.array([value for row in rows for value in row], np.int64).reshape(-1, 6)

    @property
    def nbytes(self) -> int:
        """About their size in memory."""
        return sum([len(run.once) + len(run.more) + 250 for run in self.runs]) + 400


class Joined:
    """The postings of several runs, one after the other.

    Attributes:
        once: The offsets of paragraphs that have the term once.
        once_counts: How many of these each run has.
        more: The other postings, 64 bits each where one is wide.
        more_counts: How many of those each run has.
    """

    def __init__(self, runs: Sequence[Run]) -> None:
        self.once: Numbers = np.frombuffer(b"".join([run.once for run in runs]), ONCE)
        self.once_counts = np.array([len(run.once) for run in runs], np.int64) >> 1
        if any(run.wide for run in runs):
            parts = [_widened(run) for run in runs]
            self.more: Numbers = np.concatenate(parts)
            self.more_counts = np.array([len(part) for part in parts], np.int64)
        else:
            self.more = np.frombuffer(b"".join([run.more for run in runs]), MORE)
            self.more_counts = np.array([len(run.more) for run in runs], np.int64) >> 2

    @property
    def more_offsets(self) -> Numbers:
        """The paragraphs of `more`."""
        return self._halves[1::2]

    @property
    def cells(self) -> Numbers:
        """Their cells."""
        return self._halves[::2]

    @property
    def _halves(self) -> Numbers:
        return self.more.view(f"<u{self.more.itemsize // 2}")


def _widened(run: Run) -> Numbers:
    """Its postings with a cell, 64 bits each."""
    if run.wide:
        return np.frombuffer(run.more, WIDE)
    narrow = np.frombuffer(run.more, MORE).astype(np.int64)
    return posting(narrow >> 16, narrow & NARROW, WIDE)


class Lengths:
    """The lengths of paragraphs in terms, 0 where there is none; by block, `BLOCK` of them each."""

    def __init__(self, blocks: Mapping[int, npt.NDArray[np.uint32]]) -> None:
        self._blocks = dict(blocks)
        self._extents: dict[int, int] = {}

    def __getitem__(self, block: int) -> npt.NDArray[np.uint32]:
        return self._blocks.get(block, _NOBODY)

    def followed_by(self, numbers: npt.NDArray[np.uint32], lengths: npt.NDArray[np.uint32]) -> "Lengths":
        """With those of other paragraphs."""
        blocks = dict(self._blocks)
        for block in np.unique(numbers >> 16).tolist():
            here = numbers >> 16 == block
            blocks[block] = self[block].copy()
            blocks[block][numbers[here] & 0xFFFF] = lengths[here]
        return Lengths(blocks)

    def extent(self, block: int) -> int:
        """One more than the highest offset of a paragraph in a block."""
        if block not in self._extents:
            self._extents[block] = int(np.flatnonzero(self[block])[-1]) + 1 if self[block].any() else 0
        return self._extents[block]

    @property
    def total(self) -> int:
        """The sum of all."""
        return sum([int(lengths.sum(dtype=np.int64)) for lengths in self._blocks.values()])

    @cached_property
    def addresses(self) -> Integers:
        """Where those of each block lie, for compiled code, by block; good as long as this is."""
        return np.array([self[block].ctypes.data for block in range(max(self._blocks, default=-1) + 1)], np.int64)


_NOBODY = np.zeros(BLOCK, LENGTH)
