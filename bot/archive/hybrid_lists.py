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
    Piece,
    PostingList,
    pieces_of,
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
    def pieces(self) -> list[Piece]:
        """The postings block by block, but for those in bitmaps."""
        return [piece for part in (*self._parts, *self._recent) for piece in pieces_of(part)]

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
        blocks: The ascending blocks that it has, but for recent parts.
        counts: A row for each kind as in `Part`: how many postings each of these blocks has.
        bits: Bitmaps, a row each: a bit for each paragraph of a block, the lowest first. The first one is empty.
        places: Which of the bitmaps each block has; 0 for a block with few postings.
    """

    def __init__(self, joined: Joined, blocks: Integers, counts: Integers) -> None:
        """Take postings, the blocks that they are in, and the counts of each kind in these."""
        self.blocks, self.counts = blocks, counts
        dense, ends = counts[0] >= DENSE, np.cumsum(counts, axis=1)
        self.places = np.where(dense, np.cumsum(dense), 0)
        self.bits = np.zeros((1 + self.places.max(), BLOCK // 8), np.uint8)
        for place, run in enumerate(np.flatnonzero(dense).tolist(), 1):
            held = np.zeros(BLOCK, np.bool_)
            places = zip(joined.offsets, (ends - counts)[:, run].tolist(), ends[:, run].tolist(), strict=True)
            for offsets, start, end in places:
                held[offsets[start:end]] = True
            self.bits[place] = np.packbits(held, bitorder="little")
        # here, as rows hold its address: made when it is first asked for, two threads could make one each
        self._bits_of_runs = np.where(self.places, self.bits.ctypes.data + BLOCK // 8 * self.places, 0)
        few = np.stack([np.where(dense, 0, counts[0]), *counts[1:]])
        runs = np.column_stack([blocks, (np.cumsum(few, axis=1) - few).T]).astype(RUN).tobytes()
        once = joined.kinds[0][~np.repeat(dense, counts[0])].tobytes()
        super().__init__((Part(runs, once, *joined.bytes[1:]),), int(counts.sum()))

    @property
    def twice(self) -> Numbers:
        """Postings as in `Part`, but for recent parts."""
        return np.frombuffer(self._parts[0].twice, OFFSET)

    @property
    def more(self) -> Numbers:
        """Likewise."""
        return np.frombuffer(self._parts[0].more, MORE)

    def condensed(self) -> "DenseList":
        """The list itself."""
        return self

    @property
    def pieces(self) -> list[Piece]:
        """As `HybridList.pieces`."""
        own = zip(pieces_of(self._parts[0]), self.places.tolist(), strict=True)
        return [
            *(piece for piece, place in own if not place),
            *(piece for part in self._recent for piece in pieces_of(part)),
        ]

    @cached_property
    def _own_rows(self) -> Integers:
        return rows_of(self._parts, self._bits_of_runs.ctypes.data)

    @property
    def nbytes(self) -> int:
        """As `HybridList.nbytes`."""
        return super().nbytes + self.bits.nbytes + 48 * len(self.blocks)
