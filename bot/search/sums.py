"""Scores by paragraph, and the highest of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from bot.archive.hybrid_lists import HybridList
from bot.archive.posting_lists import MOST, Lengths, Numbers, PostingList

Positions = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
S = TypeVar("S", float, Scores)
Weighted = Sequence[tuple[PostingList, float]]
"""Lists of postings, and what each counts."""
LookedUp = Sequence[tuple[HybridList, float]]
"""The same, for look-ups."""
Marks = Sequence[Sequence[PostingList]] | None
"""What matches: paragraphs that are in all lists of any one of these; None when those in any list that decides do."""


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

    @property
    def once_of_none(self) -> float:
        """That of a paragraph without terms: in others it is lower."""
        return self.highest / (self.norm_of_none + 1)

    def rise(self, frequency: npt.NDArray[Any], norm: Scores) -> Scores:
        """How many times that is the weight of a term with that frequency."""
        times: Scores = norm + 1
        times *= frequency
        times /= norm + frequency
        return times


class _ByLength(NamedTuple):
    """By length what `Norms` gives."""

    norm: Scores
    once: Scores
    twice: Scores


@dataclass(frozen=True)
class Norms:
    """The norms of paragraphs, by a formula from their lengths.

    Loops over postings add up in units of `Formula.once`, which is the same for all terms of a paragraph: most postings
    are of a term that the paragraph has once, so they count 1, and nothing is looked up.
    """

    formula: Formula
    lengths: Lengths

    def of(self, positions: Positions) -> Scores:
        """The norms of some paragraphs."""
        return self.formula.norm(self.lengths.of(positions))

    def of_lengths(self, lengths: Numbers) -> Scores:
        """Those of paragraphs of these lengths."""
        return self._table.norm.take(lengths) if self._table else self.formula.norm(lengths)

    def once_of_lengths(self, lengths: Numbers) -> Scores:
        """`Formula.once` likewise."""
        return self._table.once.take(lengths) if self._table else self.formula.once(self.formula.norm(lengths))

    def twice_of_lengths(self, lengths: Numbers) -> Scores:
        """`Formula.rise` of a term that the paragraph has twice, likewise."""
        if self._table:
            return self._table.twice.take(lengths)
        return self.formula.rise(np.array(2), self.formula.norm(lengths))

    @cached_property
    def _table(self) -> "_ByLength | None":
        """What is looked up faster than it is worked out; none where the longest paragraph would make it long, too."""
        if self.lengths.longest > MOST:
            return None
        norm = self.formula.norm(np.arange(self.lengths.longest + 1))
        return _ByLength(norm, self.formula.once(norm), self.formula.rise(np.array(2), norm))

    def once(self, positions: Positions) -> Scores:
        """`Formula.once` of some paragraphs."""
        return self.formula.once(self.of(positions))


@dataclass(frozen=True)
class Asked:
    """The lists of a question; the heavier ones come first, so that the others can be passed over sooner.

    Attributes:
        lists: Those that decide: what has none of them is not found.
        looked_up: Those that are added for what is found.
    """

    lists: Weighted = ()
    looked_up: LookedUp = ()

    @property
    def left(self) -> float:
        """What each of the terms that are looked up counts once, all together, in units."""
        return sum([weight for _, weight in self.looked_up])


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

    def reached(self, best: Scores) -> float:
        """What a score reaches that is theirs but for rounding."""
        return self.least(best) / (1 + ROUNDING)


class Found(NamedTuple):
    """Paragraphs: their numbers, their units, and what a unit counts in each."""

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


GRID = 1.5 * (1 << 14)
"""What is added to a number and taken away again, so that it is rounded to a multiple of 2^-38."""


def rounded(weights: S) -> S:
    """Weights as sums take them: multiples of 2^-38, whose sums below 2^14 are exact.

    So the order in which lists are added up does not matter: equal paragraphs have equal scores to the last bit.
    """
    return weights + GRID - GRID


LEAST = float(np.nextafter(0, 1))
"""The lowest sum above none."""

ROUNDING = 1e-9
"""Scores and bounds of them that are the same number differ by less than this share."""


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
