"""Posting lists in memory that are looked up in: offsets where there are few, bitmaps where there are many."""

from collections.abc import Iterable
from copy import copy
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bot.archive.posting_lists import (
    BLOCK,
    MORE,
    OFFSET,
    RUN,
    Integers,
    Joined,
    Numbers,
    Part,
    PostingList,
    rows_of,
)

DENSE = BLOCK // 16
"""Offsets in a block from which on a bit for each of its paragraphs takes less."""

Bitmaps = npt.NDArray[np.uint8]


class HybridList:
    """A term's postings, for look-ups: by block offsets where there are few, and a bitmap where there are many.

    Source: Lemire et al., "Roaring bitmaps: Implementation of an optimized software library" (2018).
    """

    def __init__(self, parts: tuple[Part, ...], length: int) -> None:
        """Take parts, and how many postings they have in all."""
        self._parts, self._length = parts, length
        self._recent: tuple[Part, ...] = ()
        self._sparse = length < DENSE

    @classmethod
    def of(cls, postings: PostingList) -> "HybridList":
        """The same postings, all as offsets."""
        return cls(postings.parts, len(postings))

    def __len__(self) -> int:
        return self._length

    def condensed(self) -> "HybridList":
        """With bitmaps, if there are many postings. To make them takes as long as to go through them once or twice."""
        if self._sparse:
            return self
        joined = Joined(self._parts)
        blocks, counts = joined.by_block()
        self._sparse = counts[0].max() < DENSE  # not to be looked at again
        return self if self._sparse else DenseList(joined, blocks, counts)

    def followed_by(self, others: Iterable[Part]) -> "HybridList":
        """With other parts after its own."""
        parts = tuple(others)
        if not parts:
            return self
        other = copy(self)  # with its own rows
        other._recent, other._length = parts, self._length + len(PostingList(parts))
        return other

    @property
    def parts(self) -> tuple[Part, ...]:
        """The postings but for those in bitmaps."""
        return (*self._parts, *self._recent)

    @property
    def table(self) -> Integers:
        """The rows of its parts, as in `rows_of`; good as long as the list is.

        What stands for bits is the address of the addresses of each run's bitmap, 0 for a run without one; or 0.
        """
        return np.concatenate([self._own_rows, rows_of(self._recent)]) if self._recent else self._own_rows

    @cached_property
    def _own_rows(self) -> Integers:
        return rows_of(self._parts)

    @property
    def nbytes(self) -> int:
        """About their size in memory, but for what is recent."""
        return sum([sum(map(len, part)) + 500 for part in self._parts]) + 800


class DenseList(HybridList):
    """One that has bitmaps.

    Attributes:
        blocks: The ascending blocks that have one.
        bits: The bitmaps of these, a row each, behind an empty one: a bit for each paragraph, the lowest first.
    """

    def __init__(self, joined: Joined, blocks: Integers, counts: Integers) -> None:
        """Take postings, the blocks that they are in, and the counts of each kind in these."""
        dense, ends = counts[0] >= DENSE, np.cumsum(counts, axis=1)
        self.blocks = blocks[dense]
        self.bits = np.zeros((1 + len(self.blocks), BLOCK // 8), np.uint8)
        for row, run in zip(self.bits[1:], np.flatnonzero(dense).tolist(), strict=True):
            there = np.zeros(BLOCK, np.bool_)
            places = zip(joined.offsets, (ends - counts)[:, run].tolist(), ends[:, run].tolist(), strict=True)
            for offsets, start, end in places:
                there[offsets[start:end]] = True
            row[:] = np.packbits(there, bitorder="little")
        # here, as rows hold its address: made when it is first asked for, two threads could make one each
        self._bits_of_runs = self.bits[1:].ctypes.data + BLOCK // 8 * np.arange(len(self.blocks))
        sparse = [kind[~np.repeat(dense, count)] for kind, count in zip(joined.kinds, counts, strict=True)]
        twice, more = (kind[np.repeat(dense, count)] for kind, count in zip(joined.kinds[1:], counts[1:], strict=True))
        self._dense = _part(self.blocks, counts[:, dense] * np.array([[0], [1], [1]]), [twice[:0], twice, more])
        parts = () if dense.all() else (_part(blocks[~dense], counts[:, ~dense], sparse),)
        super().__init__(parts, int(counts.sum()))
        cuts = np.cumsum(counts[1:, dense], axis=1)[:, :-1]
        pieces = zip(
            np.split(np.frombuffer(self._dense.twice, OFFSET), cuts[0]),  # views, not copies
            np.split(np.frombuffer(self._dense.more, MORE), cuts[1]),
            strict=True,
        )
        self._several = dict(zip(self.blocks.tolist(), pieces, strict=True))

    def several(self, block: int) -> tuple[Numbers, Numbers]:
        """Of a block with a bitmap the postings that say twice, and more often, as in `Part`."""
        twice, more = self._several[block]
        return twice, more

    def condensed(self) -> "DenseList":
        """The list itself."""
        return self

    @cached_property
    def _own_rows(self) -> Integers:
        return np.concatenate([rows_of(self._parts), rows_of([self._dense], self._bits_of_runs.ctypes.data)])

    @property
    def nbytes(self) -> int:
        """As `HybridList.nbytes`."""
        return super().nbytes + self.bits.nbytes + sum(map(len, self._dense)) + 500 + 48 * len(self.blocks)


def _part(blocks: Integers, counts: Integers, kinds: Iterable[Numbers]) -> Part:
    """Runs of so many postings of each kind as one part."""
    runs = np.column_stack([blocks, (np.cumsum(counts, axis=1) - counts).T]).astype(RUN)
    return Part(runs.tobytes(), *(kind.tobytes() for kind in kinds))
