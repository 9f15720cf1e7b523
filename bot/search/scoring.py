"""One question scored: which paragraphs match, and the best of them, exactly.

The terms' lists are added up, the long ones of common single characters left out. What those could still add bounds
what a paragraph can reach, so they count only for the few paragraphs that can still be among the best, and what these
hold of them is read in their own texts (MaxScore; Turtle and Flood, "Query Evaluation: Strategies and Optimizations",
1995).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

from bot.archive.checks import DamagedIndex
from bot.archive.posting_lists import BLOCK, ONCE, PostingList, Run
from bot.search import kernels
from bot.search.asking import SearchTerms
from bot.search.budget import while_time
from bot.search.characters import HAN
from bot.search.lists import View
from bot.search.sums import Formula, Mask, Positions, Scores, first

Clause = tuple[str, ...]

_TOGETHER = 16
"""Lists that are read without a look at the time."""

_MOST = 0.8
"""The share of the single characters' postings that is left out: that of a few of them, which tell least."""

_LOOKUP = 2000
"""What it takes to read a paragraph for its single characters, in postings that are added in the same time."""

_HAN = re.compile(f"[{HAN}]+")

_ROUNDING = 1 + 1e-9
"""Sums in another order differ by less than this share."""


@dataclass(frozen=True)
class Matches:
    """What matches a question.

    Attributes:
        positions: Ascending: all paragraphs that have all terms of at least one clause, that are allowed, and that
            reach the floor.
        partial: Their scores without the single characters that decide nothing.
        best: The first of them by BM25, best first.
        scores: The scores of `best`.
        idf: The weight of each scored or deciding term that the index knows.
        met: The clauses that any paragraph has.
    """

    positions: Positions
    partial: Scores
    best: Positions
    scores: Scores
    idf: dict[str, float]
    met: frozenset[Clause]


def having(terms: Clause, lists: dict[str, PostingList]) -> Positions:
    """Ascending positions of the paragraphs that have all the terms."""
    if not terms or any(term not in lists for term in terms):
        return np.empty(0, np.int64)
    rarest, *others = sorted(set(terms), key=lambda term: len(lists[term]))
    common = lists[rarest].numbers
    for term in others:
        if not len(common):
            break
        held = np.zeros(len(common), np.bool_)
        for half in filter(len, lists[term].halves):
            held |= half.take(np.searchsorted(half, common), mode="clip") == common
        common = common[held]
    return common.astype(np.int64)


class Question:
    """A question's terms over one view of the index."""

    def __init__(
        self, view: View, terms: SearchTerms, idf: Callable[[dict[str, int]], dict[str, float]], formula: Formula
    ) -> None:
        """Look up the terms.

        Args:
            view: The index.
            terms: The terms.
            idf: From document frequencies to the weights of the terms.
            formula: What a posting weighs beside.
        """
        self._view, self._norms = view, view.norms(formula)
        self._clauses = terms.clauses
        deciding = dict.fromkeys(term for clause in self._clauses for term in clause)
        self._alone = {clause[0] for clause in self._clauses if len(clause) == 1}
        times = Counter(terms.scored)
        single = [t for t in times if t not in deciding and len(t) == 1 and t <= "\uffff"]
        self._frequencies = view.frequencies(single)
        # long words first: the rarest, which tell the most, should there be no time for all
        listed = sorted((term for term in deciding | times if term not in single), key=len, reverse=True)
        self._lists: dict[str, PostingList] = {}
        for start in while_time(range(0, len(listed), _TOGETHER)):
            self._lists |= view.postings(listed[start : start + _TOGETHER])
        self.idf = idf({term: len(postings) for term, postings in self._lists.items()} | self._frequencies)
        self._weights = {term: count * self.idf[term] for term, count in times.items() if term in self.idf}
        # a word of Han characters that is in a paragraph is there with its pairs
        self._all_match = all(term in self._alone or (len(term) > 2 and _HAN.fullmatch(term)) for term in self._lists)
        # the order is that of the sums, too: equal paragraphs have equal scores to the last bit
        single = sorted(self._frequencies, key=lambda term: (self._frequencies[term], term))
        total, added = sum(self._frequencies.values()), accumulate(self._frequencies[term] for term in single)
        dense = sum(1 for so_far in added if so_far <= max(kernels.few(), (1 - _MOST) * total))
        self._dense, self._rest = single[:dense], single[dense:]
        self._slack = sum(self._weights[term] for term in self._rest) * formula.highest * _ROUNDING
        self._held: dict[int, tuple[int, bytes]] = {}

    def best(self, limit: int, more: int, near: float) -> tuple[Positions, Scores]:
        """The first paragraphs that match, best first, and their scores.

        Args:
            limit: How many.
            more: How many of those that reach the share `near` of the best score.
            near: 0 to 1.
        """
        if max(limit, more) < 1:
            return np.empty(0, np.int64), np.empty(0)
        marks = None if self._all_match else list(self._marks().values())
        listed, dense = self._weighted(self._lists), self._weighted(self._dense)
        found = kernels.collect(listed, marks, dense, self._norms, max(limit, more), self._slack)
        return self._first(*found, limit, more, near, None)

    def matches(
        self,
        limit: int,
        floor: float,
        allowed: Callable[[Positions], Mask] | None,
        tie: npt.NDArray[np.int32] | None,
    ) -> Matches:
        """All paragraphs that match, and the best of them."""
        size = self._view.state.next
        marks = self._marks()
        listed = kernels.summed(self._weighted(self._lists), self._norms, size)
        if self._all_match:
            hits = listed > 0
        else:
            hits = np.zeros(size, np.bool_)
            for postings in marks.values():
                for half in postings.halves:
                    hits[half] = True
        positions: Positions = np.flatnonzero(hits)
        if allowed is not None:
            positions = positions[allowed(positions)]
        partial = listed[positions]
        if floor > 0 and len(marks) > 1:
            stays = partial >= floor * partial.max(initial=0.0)
            whole = having(tuple({term for clause in marks for term in clause}), self._lists)
            stays |= np.isin(positions, whole, assume_unique=True)
            positions, partial = positions[stays], partial[stays]
        sums = partial + kernels.summed(self._weighted(self._dense), self._norms, size)[positions]
        best, scores = self._first(positions, sums, limit, limit, 1.0, tie)
        return Matches(positions, partial, best, scores, self.idf, frozenset(marks))

    def scores(self, positions: Positions) -> Scores:
        """The scores of these paragraphs."""
        scores = np.zeros(len(positions))
        kernels.add_to(scores, positions, self._weighted(self._lists), self._norms)
        return self._with_single(positions, scores, [*self._dense, *self._rest])

    def texts(self, positions: list[int]) -> dict[int, str]:
        """The texts at these positions, folded and unified."""
        self._read(positions)
        return {p: self._held[p][1].decode("utf-16-le", "surrogatepass") for p in positions}

    def _first(
        self,
        positions: Positions,
        sums: Scores,
        limit: int,
        more: int,
        near: float,
        tie: npt.NDArray[np.int32] | None,
    ) -> tuple[Positions, Scores]:
        """The best of some paragraphs, whose sums lack what is left out; ties as in `first`."""
        k = max(limit, more)
        if self._rest and len(positions) > k > 0:
            tried = np.sort(first(sums, k))
            scores = np.sort(self._with_single(positions[tried], sums[tried], self._rest))[::-1]
            last = min(scores[limit - 1], near * scores[0])
            lowest = max(last, scores[more - 1]) if limit <= more else last
            stays = sums >= lowest / _ROUNDING - self._slack
            positions, sums = positions[stays], sums[stays]
        scores = self._with_single(positions, sums, self._rest)
        chosen = first(scores, k, None if tie is None else tie[positions])
        return positions[chosen], scores[chosen]

    def _weighted(self, terms: Iterable[str]) -> list[tuple[PostingList, float]]:
        """The lists of terms that rank, and their weights."""
        terms = [term for term in terms if term in self._weights]
        self._look_up(terms)
        return [(self._lists[term], self._weights[term]) for term in terms]

    def _marks(self) -> dict[Clause, PostingList]:
        """The paragraphs that match, by clause; not the clauses that none has."""
        found: dict[Clause, PostingList] = {(term,): self._lists[term] for term in self._alone if term in self._lists}
        for clause in while_time(self._clauses):
            if len(clause) > 1 and len(positions := having(clause, self._lists)):
                found[clause] = _as_list(positions)
        return found

    def _look_up(self, terms: Iterable[str]) -> None:
        self._lists |= self._view.postings(term for term in terms if term not in self._lists)

    def _with_single(self, positions: Positions, sums: Scores, terms: list[str]) -> Scores:
        """Sums with what paragraphs, which ascend, hold of single characters."""
        if not terms:
            return sums
        if len(positions) * _LOOKUP > sum(self._frequencies[term] for term in terms):
            scores = sums.copy()
            for start in while_time(range(0, len(terms), 4)):
                kernels.add_to(scores, positions, self._weighted(terms[start : start + 4]), self._norms)
            return scores
        self._read(positions.tolist())
        held = [self._held[p] for p in positions.tolist()]
        codes = np.frombuffer(b"".join([text for _, text in held]), "<u2")
        owner = np.repeat(np.arange(len(held)), [len(text) // 2 for _, text in held])
        slots = np.zeros(1 << 16, np.uint8)  # 0 is any other character
        slots[[ord(term) for term in terms]] = range(1, len(terms) + 1)
        slot = slots[codes]
        counts = np.bincount(slot.astype(np.int64) * len(held) + owner, minlength=(len(terms) + 1) * len(held))
        frequencies = counts[len(held) :].reshape(len(terms), len(held)).astype(np.float64)
        formula = self._norms.formula
        weights = formula.weigh(frequencies, formula.norm(np.array([length for length, _ in held], np.float64)))
        # term by term, so that equal paragraphs have equal sums to the last bit
        for term, added in zip(terms, weights, strict=True):
            sums = sums + self._weights[term] * added
        return sums

    def _read(self, positions: list[int]) -> None:
        if missing := [p for p in positions if p not in self._held]:
            self._held |= {p: (length, text) for p, length, text in self._view.snapshot.paragraphs(missing)}
            if any(p not in self._held for p in missing):
                raise DamagedIndex("posting_paragraph lacks a paragraph of the lists")


def _as_list(positions: Positions) -> PostingList:
    """Ascending positions as a list of postings."""
    blocks = positions // BLOCK
    starts = np.flatnonzero(np.diff(blocks, prepend=-1)).tolist()
    offsets = (positions % BLOCK).astype(ONCE)
    return PostingList(
        Run(int(blocks[a]), offsets[a:b].tobytes()) for a, b in pairwise([*starts, len(positions)]) if a < b
    )
