"""Scores by paragraph, and the highest of them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.archive.posting_lists import PostingList

Positions = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Weighted = Sequence[tuple[PostingList, float]]
"""Lists of postings, and what each counts."""

LEAST = float(np.nextafter(0, 1))
"""The lowest sum above none."""


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
