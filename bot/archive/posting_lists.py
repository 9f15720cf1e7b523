"""Posting lists in memory: `bot.archive.postings` says how they are kept."""

import ctypes
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.unsignedinteger[Any]]

_RUN = Struct("<3I")
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
    def pieces(self) -> list[tuple[int, memoryview, memoryview]]:
        """What there is in each block, or a piece of it, of both kinds: the block, and the postings' bytes."""
        found = []
        for part in self.parts:
            numbers, once, more = memoryview(part.runs).cast("I").tolist(), memoryview(part.once), memoryview(part.more)
            starts, more_starts = [*numbers[1::3], len(once) // 2], [*numbers[2::3], len(more) // 4]
            for block, (a, b), (c, d) in zip(numbers[::3], pairwise(starts), pairwise(more_starts), strict=True):
                found.append((block, once[2 * a : 2 * b], more[4 * c : 4 * d]))
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
