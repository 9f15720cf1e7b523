"""The recent additions to the index, until the next merge: `bot.archive.postings` says how they are kept."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from bot.archive.posting_lists import BLOCK, LENGTH, Numbers, Packed, Part


class Batch:
    """One addition, or several that follow one another.

    Attributes:
        paragraphs: The numbers of its paragraphs, ascending.
        lengths: How many terms each of them has.
        texts: Each one's text, in UTF-16.
        terms: Its terms.
        counts: How many postings each term has; they follow one another in the order of the terms.
        numbers: Of each posting the paragraph.
        frequencies: How often it has the term.
    """

    def __init__(
        self,
        paragraphs: Numbers,
        lengths: Numbers,
        texts: list[bytes],
        terms: list[str],
        counts: Numbers,
        numbers: Numbers,
        frequencies: Numbers,
    ) -> None:
        self.paragraphs, self.lengths, self.texts, self.terms = paragraphs, lengths, texts, terms
        self.counts, self.numbers, self.frequencies = counts, numbers, frequencies
        self._blocks = range(int(paragraphs[0]) // BLOCK, int(paragraphs[-1]) // BLOCK + 1)

    @classmethod
    def read(
        cls,
        paragraphs: bytes,
        lengths: bytes,
        sizes: bytes,
        texts: bytes,
        terms: str,
        counts: bytes,
        numbers: bytes,
        frequencies: bytes,
    ) -> "Batch":
        """An addition as a row of `posting_recent` has it; the sizes are those of the texts."""
        ends = [0, *np.cumsum(np.frombuffer(sizes, np.uint32)).tolist()]
        return cls(
            np.frombuffer(paragraphs, np.uint32),
            np.frombuffer(lengths, LENGTH),
            [texts[a:b] for a, b in pairwise(ends)],
            json.loads(terms),
            np.frombuffer(counts, np.uint32),
            np.frombuffer(numbers, np.uint32),
            np.frombuffer(frequencies, np.uint16),
        )

    @classmethod
    def joined(cls, batches: Sequence["Batch"]) -> "Batch":
        """Batches that follow one another as one."""
        if len(batches) == 1:
            return batches[0]
        places: dict[str, int] = {}
        of_each = [places.setdefault(term, len(places)) for batch in batches for term in batch.terms]
        of_posting = np.repeat(np.array(of_each, np.int64), np.concatenate([batch.counts for batch in batches]))
        order = np.argsort(of_posting, kind="stable")
        return cls(
            np.concatenate([batch.paragraphs for batch in batches]),
            np.concatenate([batch.lengths for batch in batches]),
            [text for batch in batches for text in batch.texts],
            list(places),
            np.bincount(of_posting, minlength=len(places)).astype(np.uint32),
            np.concatenate([batch.numbers for batch in batches])[order],
            np.concatenate([batch.frequencies for batch in batches])[order],
        )

    # for questions alone: what merges many additions goes without
    @cached_property
    def _places(self) -> dict[str, int]:
        return {term: i for i, term in enumerate(self.terms)}

    @cached_property
    def _by_number(self) -> dict[int, int]:
        return {number: i for i, number in enumerate(self.paragraphs.tolist())}

    @cached_property
    def _ends(self) -> list[int]:
        return [0, *np.cumsum(self.counts).tolist()]

    @cached_property
    def _packed(self) -> Packed:
        return Packed(self.numbers.astype(np.int64) % BLOCK, self.frequencies.astype(np.int64))

    def parts(self, term: str) -> Iterator[Part]:
        """The term's postings in this addition."""
        place = self._places.get(term)
        if place is None:
            return
        start, end = self._ends[place : place + 2]
        cuts = [start, end]
        if len(self._blocks) > 1:
            borders = [BLOCK * block for block in self._blocks[1:]]
            cuts[1:1] = (start + np.searchsorted(self.numbers[start:end], borders)).tolist()
        for block, (a, b) in zip(self._blocks, pairwise(cuts), strict=True):
            if a < b:
                yield self._packed.part(block, a, b)

    def frequency(self, term: str) -> int:
        """In how many paragraphs of this addition the term is."""
        place = self._places.get(term)
        return 0 if place is None else self._ends[place + 1] - self._ends[place]

    def held(self, numbers: Iterable[int]) -> Iterator[tuple[int, int, bytes]]:
        """As `Snapshot.paragraphs`."""
        for number in numbers:
            if (i := self._by_number.get(number)) is not None:
                yield number, self.lengths.item(i), self.texts[i]


def gathered(batches: Iterable[Batch]) -> tuple[Batch, ...]:
    """The same in few batches, so that a term is looked up in few: each is at least twice as large as the next one.

    A posting is so moved but a few times, though batches come one by one. Source: O'Neil et al., "The log-structured
    merge-tree" (1996).
    """
    groups: list[list[Batch]] = []
    for batch in batches:
        group = [batch]
        while groups and _size(groups[-1]) < 2 * _size(group):
            group = groups.pop() + group
        groups.append(group)
    return tuple(map(Batch.joined, groups))


def _size(group: Iterable[Batch]) -> int:
    return sum(len(batch.paragraphs) for batch in group)
