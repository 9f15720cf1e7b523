"""The loops of `bot.search.kernels` over postings, compiled: what they are given, and in which arrays they work."""

from collections.abc import Iterator, Sequence
from threading import local

import numpy as np

from bot.archive.posting_lists import BLOCK, NO_PARTS, Integers, PostingList
from bot.search import compiled_loops as loops
from bot.search.sums import Asked, Found, LookedUp, Norms, Scores, Wanted, Weighted

_scratch = local()


def added_up(lists: Weighted, norms: Norms) -> Iterator[Found]:
    """As `kernels.added_up`."""
    parts, weights, _ = _parts(lists)
    own, at, addresses = _of_this_thread(), np.zeros(len(parts), np.int64), norms.lengths.addresses
    for block in range(len(addresses)):
        found = Found(np.empty(BLOCK, np.int64), np.empty(BLOCK), np.empty(BLOCK))
        count = loops.add_up(own.sums, own.touched, parts, weights, at, block, addresses, _formula(norms), *found)
        if count:
            yield found.where(slice(count))


def collect(asked: Asked, marks: Sequence[Sequence[PostingList]] | None, norms: Norms, wanted: Wanted) -> Found:
    """As `kernels.collect`: a block after the other, whose sums stay in the processor's cache."""
    placed = [(one.table, place, len(clause)) for clause in marks or () for place, one in enumerate(clause)]
    marking = np.concatenate([NO_PARTS, *[table for table, _, _ in placed]])
    if marks is not None and not len(marking):
        return Found(np.empty(0, np.int64), np.empty(0), np.empty(0))
    clauses = np.array([(place, count) for table, place, count in placed for _ in table], np.int64).reshape(-1, 2)
    own = _of_this_thread()
    parts, weights, left = _parts(asked.lists)
    return Found(
        *loops.collect(
            *(own.sums, own.touched, own.flags, own.steps, parts, weights, (left + asked.left) * norms.formula.highest),
            *(*_pieces(asked.looked_up), marking, clauses, norms.lengths.addresses, _formula(norms)),
            *(wanted.limit, wanted.most, wanted.near),
        )
    )


def complete(found: Found, looked_up: LookedUp, norms: Norms, wanted: Wanted) -> Found:
    """As `kernels.complete`."""
    own = _of_this_thread()
    return Found(
        *loops.complete(
            *(own.sums, own.touched, found.positions, found.units, *_pieces(looked_up)),
            *(norms.lengths.addresses, _formula(norms), wanted.limit, wanted.most, wanted.near),
        )
    )


class _Scratch:
    """Arrays of a block's size: to get them takes longer than to use them."""

    def __init__(self) -> None:
        self.sums, self.flags, self.steps = np.zeros(BLOCK), np.zeros(BLOCK, np.uint8), np.zeros(BLOCK, np.uint8)
        self.touched = np.zeros(BLOCK + 1, np.uint32)  # one more: what is not counted is written, too


def _of_this_thread() -> _Scratch:
    if not hasattr(_scratch, "own"):
        _scratch.own = _Scratch()
    own: _Scratch = _scratch.own
    return own


def _formula(norms: Norms) -> tuple[float, float, float]:
    formula = norms.formula
    return formula.highest, formula.norm_of_none, formula.norm_of_each


def _parts(lists: Weighted) -> tuple[Integers, Scores, Scores]:
    """All parts of lists, as rows of `PostingList.table`, what each counts, and what is left.

    What is left are the weights of a part's list and of those that follow. The rows are good as long as the lists are.
    """
    tables = [NO_PARTS, *[postings.table for postings, _ in lists]]
    counts = [len(table) for table in tables]
    each = np.array([0.0, *[weight for _, weight in lists]])
    left = np.cumsum(each[::-1])[::-1]
    return np.concatenate(tables), np.repeat(each, counts), np.repeat(left, counts)


def _pieces(looked_up: LookedUp) -> tuple[Integers, Scores]:
    """All pieces of lists, as rows of `HybridList.table`, block by block, and what each counts; likewise."""
    tables = [NO_PARTS, *[postings.table for postings, _ in looked_up]]
    rows = np.concatenate(tables)
    weights = np.repeat(np.array([0.0, *[weight for _, weight in looked_up]]), [len(table) for table in tables])
    order = np.argsort(rows[:, 0], kind="stable")
    return rows[order], weights[order]
