"""Scores added up for all paragraphs of an index, and the highest of them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.archive.snapshot import Run

Positions = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_GROUP = 256
"""Places of the sums that have one highest sum noted: so the highest of all are found without a look at most places."""


@dataclass(frozen=True)
class Sums:
    """What has been added up so far: scores, marks of what has a clause, and where either may be."""

    scores: Scores
    hits: Mask
    touched: list[Run]

    def groups(self) -> "Groups":
        """The sums as they are now, by groups."""
        grouped = self.scores.reshape(-1, _GROUP)
        return Groups(grouped, grouped.max(axis=1))


@dataclass(frozen=True)
class Groups:
    """Sums in groups of neighbours, and the highest of each group."""

    sums: Scores
    highest: Scores

    def reaching(self, score: float) -> Positions:
        """Ascending places of those whose sum is positive and reaches a score."""
        score = max(score, np.nextafter(0, 1))
        groups = np.flatnonzero(self.highest >= score)
        group, place = np.nonzero(self.sums[groups] >= score)
        places: Positions = groups[group] * _GROUP + place
        return places

    def first(self, limit: int) -> Positions:
        """Ascending places of the highest sums, so many if there are."""
        least = np.partition(self.highest, -limit)[-limit] if 0 < limit < len(self.highest) else 0.0
        found = self.reaching(float(least))
        return np.sort(found[first(self.sums.reshape(-1)[found], limit)])


class Scratch(threading.local):
    """Each thread's arrays over all paragraphs, which are all zero between two questions."""

    def __init__(self) -> None:
        self._scores, self._hits = np.zeros(0), np.zeros(0, np.bool_)

    @contextmanager
    def arrays(self, size: int) -> Iterator[Sums]:
        """Sums for so many paragraphs; what is changed there is zero again in the end."""
        size += -size % _GROUP
        if len(self._scores) < size:
            self._scores, self._hits = np.zeros(size + size // 8), np.zeros(size + size // 8, np.bool_)
        sums = Sums(self._scores[:size], self._hits[:size], [])
        try:
            yield sums
        finally:
            if sum(len(run.offsets) for run in sums.touched) > size // 10:
                sums.scores.fill(0.0)
                sums.hits.fill(False)
            else:
                for run in sums.touched:
                    sums.scores[run.base :][run.offsets] = 0.0
                    sums.hits[run.base :][run.offsets] = False


def best_of(
    sums: Sums, positions: Positions, limit: int, tie: npt.NDArray[np.int32] | None
) -> tuple[Positions, Scores]:
    """Those of some positions that have the highest sums, and these, highest first; ties as in `first`."""
    scores = sums.scores[positions]
    chosen = first(scores, limit, None if tie is None else tie[positions])
    return positions[chosen], scores[chosen]


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
