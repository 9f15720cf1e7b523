"""The loops of `bot.search.kernels` over postings, compiled: what they are given, and in which arrays they work."""

from collections.abc import Callable, Iterator
from threading import local

import numpy as np

from bot.archive.posting_lists import BLOCK, NO_PARTS, Integers
from bot.search import compiled_loops as loops
from bot.search.sums import Asked, Found, LookedUp, Marks, Norms, Scores, Wanted, Weighted

_scratch = local()


def added_up(lists: Weighted, marks: Marks, norms: Norms, enough: Callable[[], float]) -> Iterator[Found]:
    """As `kernels.added_up`."""
    marking = _marking(marks)
    if marks is not None and not len(marking[0]):
        return
    parts, weights, _ = _parts(lists)
    own, at, addresses = _of_this_thread(), np.zeros(len(parts), np.int64), norms.lengths.addresses
    found = Found(np.empty(BLOCK, np.int64), np.empty(BLOCK), np.empty(BLOCK))
    for block in range(len(addresses)):
        count = loops.add_up(
            *(own.sums, own.touched, own.flags, own.steps, parts, weights, at, *marking, block, enough()),
            *(addresses, _formula(norms), *found),
        )
        if count:
            order = np.argsort(found.positions[:count].astype(np.uint16), kind="stable")  # of 16 bits, by radix
            yield found.where(order)


def collect(asked: Asked, marks: Marks, norms: Norms, wanted: Wanted) -> Found:
    """As `kernels.collect`: a block after the other, whose sums stay in the processor's cache."""
    marking = _marking(marks)
    if marks is not None and not len(marking[0]):
        return Found.of([])
    own = _of_this_thread()
    parts, weights, left = _parts(asked.lists)
    others, counts, _ = _parts(asked.looked_up)
    return Found(
        *loops.collect(
            *(own.sums, own.touched, own.flags, own.steps, parts, weights, (left + asked.left) * norms.formula.highest),
            *(others, counts, *marking, norms.lengths.addresses, _formula(norms)),
            *(wanted.limit, wanted.most, wanted.near),
        )
    )


def complete(found: Found, looked_up: LookedUp, norms: Norms, wanted: Wanted) -> Found:
    """As `kernels.complete`."""
    own = _of_this_thread()
    parts, weights, _ = _parts(looked_up)
    return Found(
        *loops.complete(
            *(own.sums, own.touched, found.positions, found.units, parts, weights),
            *(norms.lengths.addresses, _formula(norms), wanted.limit, wanted.most, wanted.near),
        )
    )


class _Scratch:
    """Arrays of a block's size: to get them takes longer than to use them."""

    def __init__(self) -> None:
        self.sums, self.flags, self.steps = np.zeros(BLOCK), np.zeros(BLOCK, np.uint8), np.zeros(BLOCK, np.uint16)
        self.touched = np.zeros(BLOCK + 1, np.uint32)  # one more: what is not counted is written, too


def _of_this_thread() -> _Scratch:
    if not hasattr(_scratch, "own"):
        _scratch.own = _Scratch()
    own: _Scratch = _scratch.own
    return own


def _formula(norms: Norms) -> tuple[float, float, float]:
    formula = norms.formula
    return formula.highest, formula.norm_of_none, formula.norm_of_each


def _parts(lists: Weighted | LookedUp) -> tuple[Integers, Scores, Scores]:
    """All parts of lists, as rows of their tables, what each counts, and what is left.

    What is left are the weights of a part's list and of those that follow. The rows are good as long as the lists are.
    """
    tables = [NO_PARTS, *[postings.table for postings, _ in lists]]
    counts = [len(table) for table in tables]
    each = np.array([0.0, *[weight for _, weight in lists]])
    left = np.cumsum(each[::-1])[::-1]
    return np.concatenate(tables), np.repeat(each, counts), np.repeat(left, counts)


def _marking(marks: Marks) -> tuple[Integers, Integers]:
    """The parts of what marks, and of each the place of its term in its clause, and how many terms that has."""
    clauses = [clause for clause in marks or () if all(clause)]  # the others match nothing
    placed = [(one.table, place, len(clause)) for clause in clauses for place, one in enumerate(clause)]
    rows = [(place, count) for table, place, count in placed for _ in table]
    return np.concatenate([NO_PARTS, *[table for table, _, _ in placed]]), np.array(rows, np.int64).reshape(-1, 2)
