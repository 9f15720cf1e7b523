"""Posting lists in memory: `bot.archive.postings` says how they are kept."""

import ctypes
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from itertools import pairwise
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

BLOCK = 1 << 16
RUN, ONCE, MORE, LENGTH = np.dtype("<u4"), np.dtype("<u2"), np.dtype("<u4"), np.dtype("<u4")
"""The types of a number of a run, of a posting of either kind, and of a paragraph's length."""

MOST = 0xFFFF
"""The highest frequency that is kept: one that is higher counts as this, and hardly less than it would."""

DENSE = BLOCK // 16
"""Postings in a block from which on a bit for each of its paragraphs takes less than their offsets."""

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.unsignedinteger[Any]]

_RUN = Struct("<3I")
Bitmaps = npt.NDArray[np.uint8]
NO_PARTS = np.empty((0, 6), np.int64)

_address: Callable[[bytes], int] = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object)(
    ("PyBytes_AsString", ctypes.pythonapi)
)


class Part(NamedTuple):
    """Postings of a term, as bytes.

    Attributes:
        runs: Three numbers for each block, which ascend: the block, and where its postings begin in `once` and in
            `more`; they end where the next one's begin.
        once: Of each paragraph that has the term once, the offset in its block; ascending in each of these.
        more: Of each of the others the offset, in the upper half of the number, and the frequency; likewise.
    """

    runs: bytes
    once: bytes
    more: bytes


class Piece(NamedTuple):
    """What a list has in one block, or a part of that.

    Attributes:
        block: The block.
        once: As in `Part`.
        more: Likewise.
    """

    block: int
    once: memoryview
    more: memoryview


class Packed:
    """Postings, of which parts are wanted."""

    def __init__(self, offsets: Integers, frequencies: Integers) -> None:
        """Take the offsets of paragraphs in their blocks, ascending in each part, and how often each has the term."""
        repeated = frequencies > 1
        self._once = offsets[~repeated].astype(ONCE).tobytes()
        self._more = (offsets[repeated] << 16 | np.minimum(frequencies[repeated], MOST)).astype(MORE).tobytes()
        self._more_before = np.concatenate([[0], np.cumsum(repeated)])

    def part(self, block: int, start: int, end: int) -> Part:
        """Those from one place to another, which are of that block."""
        a, b = self._more_before.item(start), self._more_before.item(end)
        return Part(_RUN.pack(block, 0, 0), self._once[2 * (start - a) : 2 * (end - b)], self._more[4 * a : 4 * b])


def packed(keys: Integers, offsets: Integers, frequencies: Integers) -> Iterator[tuple[int, Part]]:
    """Postings as parts of one run each, by key.

    Args:
        keys: Of each posting a number for its term, times `BLOCK`, plus the block of its paragraph; ascending.
        offsets: The paragraph's offset in the block; ascending for each key.
        frequencies: How often the paragraph has the term.
    """
    every = Packed(offsets, frequencies)
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    for key, (start, end) in zip(keys[starts].tolist(), pairwise([*starts.tolist(), len(keys)]), strict=True):
        yield key, every.part(key % BLOCK, start, end)


def later_run(first: bytes, once: int, more: int) -> bytes:
    """The first run of a part as it is behind so many bytes of postings."""
    return first[: RUN.itemsize] + _RUN.pack(0, once // ONCE.itemsize, more // MORE.itemsize)[RUN.itemsize :]


class PostingList:
    """A term's postings in parts."""

    def __init__(self, parts: Iterable[Part] = ()) -> None:
        self.parts = tuple(parts)
        self._length = sum([(len(once) >> 1) + (len(more) >> 2) for _, once, more in self.parts])

    @classmethod
    def of(cls, postings: "PostingList") -> "PostingList":
        """The list itself."""
        return postings

    def __len__(self) -> int:
        return self._length

    def followed_by(self, others: Iterable[Part]) -> "PostingList":
        """With other parts after its own."""
        parts = tuple(others)
        return PostingList(self.parts + parts) if parts else self

    @property
    def halves(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """The numbers of the paragraphs that have the term once, ascending, and of the others, likewise."""
        joined = Joined(self.parts)
        begin = (joined.blocks * BLOCK).astype(np.int32)
        once = np.repeat(begin, joined.once_counts) + joined.once.astype(np.int32)
        more = np.repeat(begin, joined.more_counts) + (joined.more >> 16).astype(np.int32)
        return once, more

    @property
    def numbers(self) -> npt.NDArray[np.int32]:
        """The ascending numbers of the paragraphs."""
        return np.sort(np.concatenate(self.halves))

    @cached_property
    def pieces(self) -> list[Piece]:
        """The postings block by block, part by part."""
        found = []
        for runs, once, more in self.parts:
            if len(runs) == _RUN.size:
                found.append(Piece(_RUN.unpack(runs)[0], memoryview(once), memoryview(more)))
                continue
            numbers = memoryview(runs).cast("I").tolist()
            starts, more_starts = [*numbers[1::3], len(once) // 2], [*numbers[2::3], len(more) // 4]
            for block, (a, b), (c, d) in zip(numbers[::3], pairwise(starts), pairwise(more_starts), strict=True):
                found.append(Piece(block, memoryview(once)[2 * a : 2 * b], memoryview(more)[4 * c : 4 * d]))
        return found

    @cached_property
    def table(self) -> Integers:
        """Where the parts lie, for compiled code, a row each: addresses and counts of runs, `once` and `more`.

        An address is good as long as the list is.
        """
        rows = [
            (_address(runs), len(runs) // 12, _address(once), len(once) >> 1, _address(more), len(more) >> 2)
            for runs, once, more in self.parts
        ]
        return np.array(rows, np.int64) if rows else NO_PARTS

    @property
    def nbytes(self) -> int:
        """About their size in memory."""
        return sum([len(runs) + len(once) + len(more) + 250 for runs, once, more in self.parts]) + 400


class HybridList:
    """A term's postings, for look-ups: by block offsets where there are few, and a bitmap where there are many.

    Source: Lemire et al., "Roaring bitmaps: Implementation of an optimized software library" (2018).

    Attributes:
        dense: Whether it has any bitmap.
        more: Postings as in `Part`, all of them.
    """

    def __init__(self, postings: PostingList) -> None:
        """The same list; nothing of that one is kept."""
        joined = Joined(postings.parts)
        self._blocks, once_counts, more_counts = joined.by_block()
        dense = once_counts + more_counts >= DENSE
        once_ends, self._more_ends = np.cumsum(once_counts), np.cumsum(more_counts)
        self._length, self._recent = len(postings), PostingList()
        self.dense, self.more = bool(dense.any()), joined.more
        self._once = joined.once[~np.repeat(dense, once_counts)] if self.dense else joined.once
        self._once_ends = np.cumsum(np.where(dense, 0, once_counts))
        # a bit for each paragraph of a block, the lowest first; the first bitmap is for blocks that have none
        self._bits = np.zeros((1 + int(np.count_nonzero(dense)) if self.dense else 0, BLOCK // 8), np.uint8)
        self._places = np.where(dense, np.cumsum(dense), 0)
        for place, run in enumerate(np.flatnonzero(dense).tolist(), 1):
            held = np.zeros(BLOCK, np.bool_)
            held[joined.once[once_ends[run] - once_counts[run] : once_ends[run]]] = True
            held[joined.more[self._more_ends[run] - more_counts[run] : self._more_ends[run]] >> 16] = True
            self._bits[place] = np.packbits(held, bitorder="little")

    @classmethod
    def of(cls, postings: PostingList) -> "HybridList":
        """As by `PostingList.of`."""
        return cls(postings)

    def __len__(self) -> int:
        return self._length + len(self._recent)

    def followed_by(self, others: Iterable[Part]) -> "HybridList":
        """With other parts after its own."""
        parts = tuple(others)
        if not parts:
            return self
        other = copy(self)
        other._recent = PostingList(parts)
        return other

    @cached_property
    def _own_pieces(self) -> list[Piece]:
        once, more = self._once.view(np.uint8).data, self.more.view(np.uint8).data
        starts = (pairwise([0, *ends.tolist()]) for ends in (self._once_ends, self._more_ends))
        runs = zip(self._blocks.tolist(), *starts, self._places.tolist(), strict=True)
        return [
            Piece(block, once[2 * a : 2 * b], more[4 * c : 4 * d]) for block, (a, b), (c, d), place in runs if not place
        ]

    @property
    def pieces(self) -> list[Piece]:
        """The postings block by block, but for those in bitmaps."""
        return [*self._own_pieces, *self._recent.pieces]

    def dense_in(self, blocks: int) -> tuple[Bitmaps, Integers, Integers]:
        """The bitmaps, a row each; the first one is empty.

        Args:
            blocks: For how many blocks the rest is given.

        Returns:
            The bitmaps; by block which of them is its own; and two rows, by block where its postings in `more` begin
            and end.
        """
        places, bounds = np.zeros(blocks, np.int64), np.zeros((2, blocks), np.int64)
        places[self._blocks] = self._places
        bounds[0, self._blocks[1:]], bounds[1, self._blocks] = self._more_ends[:-1], self._more_ends
        return self._bits, places, bounds

    @cached_property
    def table(self) -> Integers:
        """Where the pieces lie, for compiled code, a row each: block, addresses and counts of `once` and `more`, bits.

        The address of the bits is 0 where there are none. An address is good as long as the list is.
        """
        once, more = np.diff(self._once_ends, prepend=0), np.diff(self._more_ends, prepend=0)
        once_at = self._once.ctypes.data + ONCE.itemsize * (self._once_ends - once)
        more_at = self.more.ctypes.data + MORE.itemsize * (self._more_ends - more)
        bits_at = np.where(self._places, self._bits.ctypes.data + BLOCK // 8 * self._places, 0)
        own = np.column_stack([self._blocks, once_at, once, more_at, more, bits_at])
        if not self._recent:
            return own
        recent = [
            (block, _address_of(once), len(once) // ONCE.itemsize, _address_of(more), len(more) // MORE.itemsize, 0)
            for block, once, more in self._recent.pieces
        ]
        return np.concatenate([own, np.array(recent, np.int64)])

    @property
    def nbytes(self) -> int:
        """About their size in memory."""
        return self._once.nbytes + self.more.nbytes + self._bits.nbytes + 400 * len(self._blocks) + 1000


def _address_of(held: memoryview) -> int:
    return np.frombuffer(held, np.uint8).ctypes.data


class Joined:
    """Several parts one after the other.

    Attributes:
        blocks: The block of each run.
        once: The offsets of paragraphs that have the term once.
        once_counts: How many of these each run has.
        more: The other postings.
        more_counts: How many of those each run has.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        runs = np.frombuffer(b"".join([part.runs for part in parts]), RUN).reshape(-1, 3).astype(np.int64)
        self.once: Numbers = np.frombuffer(b"".join([part.once for part in parts]), ONCE)
        self.more: Numbers = np.frombuffer(b"".join([part.more for part in parts]), MORE)
        self.blocks = runs[:, 0]
        if len(parts) > 1:  # from where its own part begins to where they all do
            of_part = np.repeat(np.arange(len(parts)), [len(part.runs) // 12 for part in parts])
            runs[:, 1] += np.cumsum([0, *[len(part.once) >> 1 for part in parts[:-1]]])[of_part]
            runs[:, 2] += np.cumsum([0, *[len(part.more) >> 2 for part in parts[:-1]]])[of_part]
        self.once_counts = np.diff(runs[:, 1], append=len(self.once))
        self.more_counts = np.diff(runs[:, 2], append=len(self.more))

    def by_block(self) -> tuple[Integers, Integers, Integers]:
        """The ascending blocks, and how many postings of each kind each has, in whatever runs; the parts ascend."""
        starts = np.flatnonzero(np.diff(self.blocks, prepend=-1))
        if not len(starts):
            return self.blocks, self.once_counts, self.more_counts
        return (
            self.blocks[starts],
            np.add.reduceat(self.once_counts, starts),
            np.add.reduceat(self.more_counts, starts),
        )


class Lengths:
    """The lengths of paragraphs in terms, 0 where there is none; by block, `BLOCK` of them each."""

    def __init__(self, blocks: Mapping[int, npt.NDArray[np.uint32]]) -> None:
        self._blocks = dict(blocks)

    def __getitem__(self, block: int) -> npt.NDArray[np.uint32]:
        return self._blocks.get(block, _NOBODY)

    def of(self, numbers: Integers) -> npt.NDArray[np.uint32]:
        """The lengths of the paragraphs with these ascending numbers."""
        blocks = numbers >> 16
        found = np.zeros(len(numbers), LENGTH)
        cuts = [0, *(np.flatnonzero(np.diff(blocks)) + 1).tolist(), len(numbers)]
        for start, end in pairwise(cuts):
            if start < end:
                found[start:end] = self[int(blocks[start])][numbers[start:end] & 0xFFFF]
        return found

    def followed_by(self, numbers: npt.NDArray[np.uint32], lengths: npt.NDArray[np.uint32]) -> "Lengths":
        """With those of other paragraphs."""
        blocks = dict(self._blocks)
        for block in np.unique(numbers >> 16).tolist():
            here = numbers >> 16 == block
            blocks[block] = self[block].copy()
            blocks[block][numbers[here] & 0xFFFF] = lengths[here]
        return Lengths(blocks)

    @property
    def total(self) -> int:
        """The sum of all."""
        return sum([int(lengths.sum(dtype=np.int64)) for lengths in self._blocks.values()])

    @property
    def count(self) -> int:
        """One more than the highest block."""
        return max(self._blocks, default=-1) + 1

    @cached_property
    def addresses(self) -> Integers:
        """Where those of each block lie, for compiled code, by block; good as long as this is."""
        return np.array([self[block].ctypes.data for block in range(self.count)], np.int64)


_NOBODY = np.zeros(BLOCK, LENGTH)
