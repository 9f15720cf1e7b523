"""Scores by paragraph, and the highest of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.archive.posting_lists import Integers, Lengths, PostingList

Positions = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Weighted = Sequence[tuple[PostingList, float]]
"""Lists of postings, and what each counts."""


@dataclass(frozen=True)
class Formula:
    """The formula of `rank_bm25.BM25Plus.get_scores` (delta 0) without the idf."""

    k1: float
    b: float
    average: float

    def norm(self, length: npt.NDArray[Any]) -> Scores:
        """What makes a term count less in a longer paragraph."""
        norm: Scores = self.norm_of_each * length
        norm += self.norm_of_none
        return norm

    @property
    def norm_of_none(self) -> float:
        """The norm of a paragraph without terms: that of others is larger."""
        return self.k1 * (1 - self.b)

    @property
    def norm_of_each(self) -> float:
        """What each term of a paragraph adds to its norm."""
        return self.k1 * self.b / self.average

    def weigh(self, frequency: Scores, norm: Scores) -> Scores:
        """The weight of a term with that frequency in a paragraph of that norm: `highest` or less."""
        return self.once(norm) * self.rise(frequency, norm)

    @property
    def highest(self) -> float:
        """What no weight exceeds."""
        return self.k1 + 1

    def once(self, norm: Scores) -> Scores:
        """The weight of a term that the paragraph has once."""
        weights: Scores = (self.k1 + 1) / (norm + 1)
        return weights

    def rise(self, frequency: npt.NDArray[Any], norm: Scores) -> Scores:
        """How many times that is the weight of a term with that frequency."""
        times: Scores = norm + 1
        times *= frequency
        times /= norm + frequency
        return times


@dataclass(frozen=True)
class Norms:
    """The norms of paragraphs, by a formula from their lengths.

    Loops over postings add up in units of `Formula.once`, which is the same for all terms of a paragraph: most postings
    are of a term that the paragraph has once, so they count 1, and nothing is looked up.
    """

    formula: Formula
    lengths: Lengths

    def of(self, block: int, offsets: Integers) -> Scores:
        """The norms of some paragraphs of a block."""
        return self.formula.norm(self.lengths[block].take(offsets))

    def once_of(self, block: int, offsets: Integers) -> Scores:
        """`Formula.once` of some paragraphs of a block."""
        return self.formula.once(self.of(block, offsets))

    def once(self, positions: Positions) -> Scores:
        """`Formula.once` of some paragraphs, which ascend."""
        return self.formula.once(self.formula.norm(self.lengths.of(positions)))


@dataclass(frozen=True)
class Asked:
    """The lists of a question; the sooner the heavier ones of each kind come, the sooner the others can be passed over.

    Attributes:
        lists: Those that decide: what has none of them is not found.
        dense: Those that are added for what is found.
        rest: Those that are added for few paragraphs alone, and in part: what a term counts beyond once where it is
            there more often. Whether it is there once, the paragraph's text tells.
    """

    lists: Weighted = ()
    dense: Weighted = ()
    rest: Weighted = ()

    @property
    def left(self) -> float:
        """What each term of the rest counts once, all together, in units."""
        return sum([weight for _, weight in self.rest])


@dataclass(frozen=True)
class Wanted:
    """The first `limit` paragraphs, and of the first `most`, which is no less, those near the very first.

    Attributes:
        near: The share of the highest score that they reach.
    """

    limit: int
    most: int
    near: float

    def least(self, best: Scores) -> float:
        """The score that they reach.

        Args:
            best: The highest `most` scores, ascending.
        """
        return float(max(min(best[self.most - self.limit], self.near * best[-1]), best[0]))


class Found(NamedTuple):
    """Paragraphs: ascending numbers, their units without what the rest can add, and what a unit counts in each."""

    positions: Positions
    units: Scores
    once: Scores

    @classmethod
    def of(cls, several: Iterable["Found"]) -> "Found":
        """Several after each other."""
        nobody = (np.empty(0, np.int64), np.empty(0), np.empty(0))
        return cls(*(np.concatenate(column) for column in zip(nobody, *several, strict=True)))

    def where(self, which: Mask | Positions | slice) -> "Found":
        """Some of them."""
        return Found(self.positions[which], self.units[which], self.once[which])


LEAST = float(np.nextafter(0, 1))
"""The lowest sum above none."""

ROUNDING = 1e-9
"""Sums in another order differ by less than this share."""


def first(scores: Scores, limit: int, tie: npt.NDArray[np.int32] | None = None) -> Positions:
    """Places of the highest scores, highest first; equal ones by the tie, the higher first, then in their order."""
    if limit <= 0:
        return np.empty(0, np.int64)
    places = np.arange(len(scores))
    if limit < len(scores):
        places = np.flatnonzero(scores >= np.partition(scores, -limit)[-limit])
    keys = (-scores[places],) if tie is None else (-tie[places], -scores[places])
    order = np.lexsort(keys)[:limit]  # it is stable
    chosen: Positions = places[order]
    return chosen
