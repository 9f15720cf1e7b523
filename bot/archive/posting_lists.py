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
RUN, OFFSET, MORE, LENGTH = np.dtype("<u4"), np.dtype("<u2"), np.dtype("<u4"), np.dtype("<u4")
"""The types of a number of a run, of a posting of a known frequency, of any other, and of a paragraph's length."""

KINDS: tuple[np.dtype[np.unsignedinteger[Any]], ...] = (OFFSET, OFFSET, MORE)
"""Those of postings that say once, twice, and more often."""

MOST = 0xFFFF
"""The highest frequency that is kept: one that is higher counts as this, and hardly less than it would."""

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.unsignedinteger[Any]]

_RUN = Struct("<4I")
NO_PARTS = np.empty((0, 9), np.int64)
"""No rows of `PostingList.table`."""

address_of: Callable[[bytes], int] = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object)(
    ("PyBytes_AsString", ctypes.pythonapi)
)


class Part(NamedTuple):
    """Postings of a term, as bytes.

    Attributes:
        runs: Four numbers for each block, which ascend: the block, and where its postings begin in `once`, in `twice`
            and in `more`; they end where the next one's begin.
        once: Of each paragraph that has the term once, the offset in its block; ascending in each of these.
        twice: Likewise of those that have it twice.
        more: Of each of the others the offset, in the upper half of the number, and the frequency; likewise.
    """

    runs: bytes
    once: bytes
    twice: bytes
    more: bytes


Piece = tuple[int, bytes, bytes, bytes]
"""What a list has in one block, or a part of that: the block, and postings as in `Part`."""


class Packed:
    """Postings, of which parts are wanted."""

    def __init__(self, offsets: Integers, frequencies: Integers) -> None:
        """Take the offsets of paragraphs in their blocks, ascending in each part, and how often each has the term."""
        kinds = np.minimum(frequencies, 3)
        more = offsets << 16 | np.minimum(frequencies, MOST)
        self._kinds = [
            numbers[kinds == kind].astype(dtype).tobytes()
            for kind, (numbers, dtype) in enumerate(zip((offsets, offsets, more), KINDS, strict=True), 1)
        ]
        ends = [OFFSET.itemsize * np.cumsum(kinds == 1), OFFSET.itemsize * np.cumsum(kinds == 2)]
        self._ends = [np.concatenate([[0], one]) for one in (*ends, MORE.itemsize * np.cumsum(kinds == 3))]

    def part(self, block: int, start: int, end: int) -> Part:
        """Those from one place to another, which are of that block."""
        once, twice, more = (
            held[ends.item(start) : ends.item(end)] for held, ends in zip(self._kinds, self._ends, strict=True)
        )
        return Part(_RUN.pack(block, 0, 0, 0), once, twice, more)


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


def later_run(first: bytes, once: int, twice: int, more: int) -> bytes:
    """The first run of a part as it is behind so many bytes of postings."""
    places = (size // kind.itemsize for size, kind in zip((once, twice, more), KINDS, strict=True))
    return first[: RUN.itemsize] + _RUN.pack(0, *places)[RUN.itemsize :]


class PostingList:
    """A term's postings in parts."""

    def __init__(self, parts: Iterable[Part] = ()) -> None:
        self.parts = tuple(parts)
        self._length = sum([(len(once) + len(twice) >> 1) + (len(more) >> 2) for _, once, twice, more in self.parts])

    @classmethod
    def of(cls, postings: "PostingList") -> "PostingList":
        """The list itself."""
        return postings

    def condensed(self) -> "PostingList":
        """The list itself."""
        return self

    def __len__(self) -> int:
        return self._length

    def followed_by(self, others: Iterable[Part]) -> "PostingList":
        """With other parts after its own."""
        parts = tuple(others)
        return PostingList(self.parts + parts) if parts else self

    @property
    def kinds(self) -> list[npt.NDArray[np.int32]]:
        """The ascending numbers of the paragraphs that have the term once, of those that have it twice, of others."""
        joined = Joined(self.parts)
        begin = (joined.blocks * BLOCK).astype(np.int32)
        return [
            np.repeat(begin, counts) + offsets.astype(np.int32)
            for counts, offsets in zip(joined.counts, joined.offsets, strict=True)
        ]

    @property
    def numbers(self) -> npt.NDArray[np.int32]:
        """The ascending numbers of the paragraphs."""
        return np.sort(np.concatenate(self.kinds))

    @cached_property
    def table(self) -> Integers:
        """The rows of its parts, as in `rows_of`; good as long as the list is."""
        return rows_of(self.parts)

    @property
    def nbytes(self) -> int:
        """About their size in memory."""
        return sum([sum(map(len, part)) + 300 for part in self.parts]) + 400


def rows_of(parts: Iterable[Part], bits: int = 0) -> Integers:
    """Where parts lie, for compiled code, a row each: addresses and counts of runs and of each kind, and `bits`."""
    rows = [
        (
            *(address_of(runs), len(runs) >> 4, address_of(once), len(once) >> 1),
            *(address_of(twice), len(twice) >> 1, address_of(more), len(more) >> 2, bits),
        )
        for runs, once, twice, more in parts
    ]
    return np.array(rows, np.int64) if rows else NO_PARTS


def cut(part: Part, blocks: int) -> Iterator[tuple[int, Part]]:
    """A part in pieces of so many blocks, and the number of each; their runs tell where they begin in the whole."""
    runs, once, twice, more = part
    n = [*memoryview(runs).cast("I").tolist(), 0, len(once) >> 1, len(twice) >> 1, len(more) >> 2]
    last = len(n) - 4
    if n[0] // blocks == n[last - 4] // blocks:
        yield n[0] // blocks, part
        return
    starts = [i for i in range(4, last, 4) if n[i] // blocks != n[i - 4] // blocks]
    for i, j in pairwise([0, *starts, last]):
        kinds = once[2 * n[i + 1] : 2 * n[j + 1]], twice[2 * n[i + 2] : 2 * n[j + 2]], more[4 * n[i + 3] : 4 * n[j + 3]]
        yield n[i] // blocks, Part(runs[4 * i : 4 * j], *kinds)


class Joined:
    """Several parts one after the other.

    Attributes:
        sizes: How many runs each part has.
        blocks: The block of each run.
        bytes: Once, twice and more, as in `Part`.
        kinds: The same as numbers.
        counts: A row for each kind: how many of these each run has.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.sizes = np.array([len(part.runs) // _RUN.size for part in parts], np.int64)
        runs = np.frombuffer(b"".join([part.runs for part in parts]), RUN).reshape(-1, 4).T.astype(np.int64)
        self.blocks, starts = runs[0], runs[1:]
        self.bytes = [b"".join([part[kind] for part in parts]) for kind in range(1, 4)]
        self.kinds: list[Numbers] = [np.frombuffer(held, dtype) for held, dtype in zip(self.bytes, KINDS, strict=True)]
        # a run ends where the next one of its part begins, the last one where the part does
        self.counts = np.empty_like(starts)
        np.subtract(starts[:, 1:], starts[:, :-1], out=self.counts[:, :-1])
        ends = np.cumsum(self.sizes)
        sizes = [(len(once) >> 1, len(twice) >> 1, len(more) >> 2) for _, once, twice, more in parts]
        of_parts = np.array(sizes, np.int64).reshape(-1, 3).T
        self.counts[:, ends - 1] = of_parts + starts[:, ends - self.sizes] - starts[:, ends - 1]

    @property
    def offsets(self) -> list[Numbers]:
        """The offsets of the paragraphs of each kind."""
        once, twice, more = self.kinds
        return [once, twice, more >> np.uint32(16)]

    def by_block(self) -> tuple[Integers, Integers]:
        """The ascending blocks, and the counts of each, in whatever runs; the parts ascend."""
        starts = np.flatnonzero(np.diff(self.blocks, prepend=-1))
        if not len(starts):
            return self.blocks, self.counts
        return self.blocks[starts], np.add.reduceat(self.counts, starts, axis=1)


class Lengths:
    """The lengths of paragraphs in terms, 0 where there is none; by block, `BLOCK` of them each.

    They are looked up at random, so they are held in 16 bits, which is half of the memory that they are in; where one
    of a block takes more, all of that block follow in 32.

    Attributes:
        total: The sum of all.
    """

    def __init__(self, blocks: Mapping[int, Numbers] | None = None) -> None:
        """Take lengths by block, of which those at the end may be missing."""
        self._blocks = {block: _held(lengths) for block, lengths in (blocks or {}).items()}
        self.total = sum([int(lengths.sum(dtype=np.int64)) for lengths in (blocks or {}).values()])
        self._of_blocks: dict[tuple[int, int], Numbers] = {}

    def __getitem__(self, block: int) -> Numbers:
        """Those of a block."""
        held = self._blocks.get(block, _NOBODY)
        return held if len(held) == BLOCK else held[BLOCK:].view(LENGTH)

    def of(self, numbers: Integers) -> Numbers:
        """The lengths of the paragraphs with these ascending numbers."""
        blocks = numbers >> 16
        found = np.zeros(len(numbers), LENGTH)
        cuts = [0, *(np.flatnonzero(np.diff(blocks)) + 1).tolist(), len(numbers)]
        for start, end in pairwise(cuts):
            if start < end:
                found[start:end] = self[int(blocks[start])][numbers[start:end] & 0xFFFF]
        return found

    def followed_by(self, numbers: Numbers, lengths: Numbers) -> "Lengths":
        """With those of other paragraphs."""
        other = Lengths()
        other._blocks, other.total = dict(self._blocks), self.total + int(lengths.sum(dtype=np.int64))
        for block in np.unique(numbers >> 16).tolist():
            here, all_of_block = numbers >> 16 == block, self[block].astype(LENGTH)
            all_of_block[numbers[here] & 0xFFFF] = lengths[here]
            other._blocks[block] = _held(all_of_block)
        return other

    @property
    def count(self) -> int:
        """One more than the highest block."""
        return max(self._blocks, default=-1) + 1

    def of_blocks(self, first: int, count: int) -> Numbers:
        """Those of blocks that follow one another, as many as there are."""
        if (held := self._of_blocks.get((first, count))) is None:
            blocks = range(first, max(min(first + count, self.count), first + 1))
            held = self._of_blocks[first, count] = np.concatenate([self[block] for block in blocks])
        return held

    @cached_property
    def longest(self) -> int:
        """The length of the longest paragraph."""
        return max([int(self[block].max()) for block in self._blocks], default=0)

    @cached_property
    def addresses(self) -> Integers:
        """Where those of each block lie, for compiled code, by block; good as long as this is."""
        return np.array([self._blocks.get(i, _NOBODY).ctypes.data for i in range(self.count)], np.int64)


def _held(lengths: Numbers) -> npt.NDArray[np.uint16]:
    """The lengths of a block as `Lengths` holds them; in 16 bits, `MOST` says that it takes more."""
    long = lengths.max(initial=0) >= MOST
    held = np.zeros(3 * BLOCK if long else BLOCK, np.uint16)
    held[: len(lengths)] = np.minimum(lengths, MOST)
    if long:
        held[BLOCK:].view(LENGTH)[: len(lengths)] = lengths
    return held


_NOBODY = np.zeros(BLOCK, np.uint16)
