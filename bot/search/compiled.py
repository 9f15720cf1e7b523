"""The loops of `bot.search.kernels` over postings, compiled: what they are given, and in which arrays they work."""

from collections.abc import Iterator, Sequence
from threading import local

import numpy as np
import numpy.typing as npt

from bot.archive.posting_lists import BLOCK, NO_PARTS, Integers, PostingList
from bot.search import compiled_loops as loops
from bot.search.sums import Asked, Found, Norms, Positions, Scores, Wanted, Weighted

_scratch = local()


def added_up(lists: Weighted, norms: Norms) -> Iterator[Found]:
    """As `kernels.added_up`."""
    parts, weights, *_ = _parts([(loops.LISTS, lists)])
    own, at, addresses = _of_this_thread(), np.zeros(len(parts), np.int64), norms.lengths.addresses
    for block in range(len(addresses)):
        found = Found(np.empty(BLOCK, np.int64), np.empty(BLOCK), np.empty(BLOCK))
        count = loops.add_up(own.sums, own.touched, parts, weights, at, block, addresses, _formula(norms), *found)
        if count:
            yield found.where(slice(count))


def add_to(units: Scores, candidates: Positions, asked: Asked, norms: Norms) -> None:
    """As `kernels.add_to`."""
    parts = _parts([(loops.LISTS, asked.lists), (loops.DENSE, asked.dense), (loops.REST, asked.rest)])[:3]
    loops.add_to(units, candidates, *parts, norms.lengths.addresses, _formula(norms), _of_this_thread().places)


def collect(asked: Asked, marks: Sequence[Sequence[PostingList]] | None, norms: Norms, wanted: Wanted) -> Found:
    """As `kernels.collect`: a block after the other, whose sums stay in the processor's cache."""
    placed = [(one.table, place, len(clause)) for clause in marks or () for place, one in enumerate(clause)]
    marking = np.concatenate([NO_PARTS, *[table for table, _, _ in placed]])
    if marks is not None and not len(marking):
        return Found(np.empty(0, np.int64), np.empty(0), np.empty(0))
    clauses = np.array([(place, count) for table, place, count in placed for _ in table], np.int64).reshape(-1, 2)
    own, highest = _of_this_thread(), norms.formula.highest
    parts, weights, kinds, left = _parts([(loops.LISTS, asked.lists), (loops.DENSE, asked.dense)])
    return Found(
        *loops.collect(
            *(own.sums, own.touched, own.flags, own.steps, parts, weights, kinds, left * highest),
            *(marking, clauses, norms.lengths.addresses, _formula(norms)),
            *(wanted.limit, wanted.most, wanted.near, asked.left * highest),
        )
    )


class _Scratch:
    """Arrays of a block's size: to get them takes longer than to use them."""

    def __init__(self) -> None:
        self.sums, self.flags, self.steps = np.zeros(BLOCK), np.zeros(BLOCK, np.uint8), np.zeros(BLOCK, np.uint8)
        self.places = np.zeros(BLOCK, np.uint32)
        self.touched = np.zeros(BLOCK + 1, np.uint32)  # one more: what is not counted is written, too


def _of_this_thread() -> _Scratch:
    if not hasattr(_scratch, "own"):
        _scratch.own = _Scratch()
    own: _Scratch = _scratch.own
    return own


def _formula(norms: Norms) -> tuple[float, float, float]:
    formula = norms.formula
    return formula.highest, formula.norm_of_none, formula.norm_of_each


def _parts(lists: Sequence[tuple[int, Weighted]]) -> tuple[Integers, Scores, npt.NDArray[np.uint8], Scores]:
    """All parts of lists, as rows of `PostingList.table`, what each counts, what it is for, and what is left.

    What is left are the weights of a part's list and of those that follow. The rows are good as long as the lists are.
    """
    rows = [(postings.table, weight, kind) for kind, some in lists for postings, weight in some]
    counts = [len(table) for table, _, _ in rows]
    each = np.array([weight for _, weight, _ in rows], np.float64)
    weights, left = np.repeat(each, counts), np.repeat(np.cumsum(each[::-1])[::-1], counts)
    kinds = np.repeat(np.array([kind for _, _, kind in rows], np.uint8), counts)
    return np.concatenate([NO_PARTS, *[table for table, _, _ in rows]]), weights, kinds, left
