"""One question scored: which paragraphs match, and the best of them, exactly.

The lists of the terms that decide are added up. What single characters add, whose lists are long, is added to what was
found, and where they are in bitmaps looked up for those alone that can still be among the best (MaxScore; Turtle and
Flood, "Query Evaluation: Strategies and Optimizations", 1995).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from bot.archive.checks import DamagedIndex
from bot.archive.hybrid_lists import HybridList
from bot.archive.posting_lists import BLOCK, PostingList
from bot.archive.postings import LIMIT
from bot.archive.snapshot import State
from bot.search import kernels
from bot.search.asking import SearchTerms
from bot.search.budget import while_time
from bot.search.characters import HAN
from bot.search.lists import View
from bot.search.plain import SPAN, by_span, there
from bot.search.sums import ROUNDING, Asked, Formula, Found, Marks, Mask, Positions, Scores, Wanted, first, rounded

Clause = tuple[str, ...]
_L = TypeVar("_L", PostingList, HybridList)

_TOGETHER = 16
"""Lists that are read without a look at the time."""

_HAN = re.compile(f"[{HAN}]+")


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
    return np.concatenate([np.empty(0, np.int64), *_having(terms, lists)])


def _having(terms: Clause, lists: dict[str, PostingList]) -> Iterator[Positions]:
    """The same, span by span."""
    if not terms or any(term not in lists for term in terms):
        return
    rarest, *others = (by_span([(lists[term], 0.0)]) for term in sorted(set(terms), key=lambda term: len(lists[term])))
    for number, runs in sorted(rarest.items()):
        held: Positions = np.flatnonzero(there(number, runs))
        for term in others:
            held = held[there(number, term[number])[held]] if len(held) and number in term else held[:0]
        yield held + number * SPAN * BLOCK


def _heaviest_first(lists: Iterable[tuple[_L, float]]) -> list[tuple[_L, float]]:
    return sorted(lists, key=itemgetter(1), reverse=True)


class Question:
    """A question's terms over one view of the index."""

    def __init__(
        self,
        view: View,
        terms: SearchTerms,
        weigh: Callable[[State, dict[str, int]], dict[str, float]],
        formula: Callable[[State], Formula],
        before: int | None = None,
    ) -> None:
        """Look up the terms.

        Args:
            view: The index.
            terms: The terms.
            weigh: From document frequencies to the weights of the terms.
            formula: What a posting weighs beside.
            before: Terms weigh as they did when the paragraphs from this one on were yet to come.
        """
        self._view, self._before = view, LIMIT if before is None else before
        self._clauses = terms.clauses
        deciding = dict.fromkeys(term for clause in self._clauses for term in clause)
        self._alone = {clause[0] for clause in self._clauses if len(clause) == 1}
        times = Counter(terms.scored)
        single = [t for t in times if t not in deciding and len(t) == 1]
        # long words first: the rarest, which tell the most, should there be no time for all
        listed = sorted((term for term in deciding | times if term not in single), key=len, reverse=True)
        self._lists: dict[str, PostingList] = {}
        looked_up: dict[str, HybridList] = {}
        for start in while_time(range(0, len(listed), _TOGETHER)):
            self._lists |= view.postings(listed[start : start + _TOGETHER])
        for start in while_time(range(0, len(single), _TOGETHER)):
            looked_up |= view.looked_up(single[start : start + _TOGETHER])
        state = view.state
        counts = {term: len(postings) for lists in (self._lists, looked_up) for term, postings in lists.items()}
        if before is not None:
            state, counts = view.before(before, counts)
            self._lists = {term: held for term, held in self._lists.items() if term in counts}
            looked_up = {term: held for term, held in looked_up.items() if term in counts}
        self._norms, self.idf = view.norms(formula(state)), weigh(state, counts)
        self._weights = weights = {t: rounded(count * self.idf[t]) for t, count in times.items() if t in self.idf}
        # a word of Han characters that is in a paragraph is there with its pairs
        self._all_match = all(term in self._alone or (len(term) > 2 and _HAN.fullmatch(term)) for term in self._lists)
        self._asked = Asked(
            _heaviest_first((postings, weights[term]) for term, postings in self._lists.items() if term in weights),
            _heaviest_first((postings, weights[term]) for term, postings in looked_up.items()),
        )

    def best(self, limit: int, more: int, near: float) -> tuple[Positions, Scores]:
        """The first paragraphs that match, best first, and their scores.

        Args:
            limit: How many.
            more: How many of those that reach the share `near` of the best score.
            near: 0 to 1.
        """
        if max(limit, more) < 1:
            return np.empty(0, np.int64), np.empty(0)
        wanted = Wanted(max(limit, 1), max(limit, more), near)
        marks = None if self._all_match else list(self._known().values())
        return self._first(kernels.collect(self._asked, marks, self._norms, wanted), wanted)

    def matches(
        self,
        limit: int,
        floor: float,
        allowed: Callable[[Positions], Mask] | None,
        tie: npt.NDArray[np.int32] | None,
    ) -> Matches:
        """All paragraphs that match, and the best of them."""
        known = self._known()
        several = while_time(clause for clause, lists in known.items() if len(lists) > 1)
        together = {clause for clause in several if self._any_has(clause)}
        met = [clause for clause, lists in known.items() if len(lists) == 1 or clause in together]
        marks = None if self._all_match else [known[clause] for clause in met]
        found, partial = self._above(floor if len(met) > 1 else 0.0, met, marks, allowed)
        best, scores = np.empty(0, np.int64), np.empty(0)
        if limit > 0:
            wanted = Wanted(limit, limit, 1.0)
            best, scores = self._first(kernels.complete(found, self._asked.looked_up, self._norms, wanted), wanted, tie)
        return Matches(found.positions, partial, best, scores, self.idf, frozenset(met))

    def _above(
        self, floor: float, met: list[Clause], marks: Marks, allowed: Callable[[Positions], Mask] | None
    ) -> tuple[Found, Scores]:
        """The paragraphs that are hits, allowed, and above the floor or with all terms of what is met; their scores."""
        terms = {term for clause in met for term in clause}
        # whose sum is below what each of the terms counts once has not all of them
        of_all = sum([self._weights.get(term, 0.0) for term in sorted(terms)]) / (1 + ROUNDING)
        several, highest, shortest = [], 0.0, self._norms.formula.once_of_none

        def enough() -> float:
            return min(of_all, floor * highest / shortest / (1 + ROUNDING))

        for found in while_time(kernels.added_up(self._asked.lists, marks, self._norms, enough)):
            if allowed is not None:
                found = found.where(allowed(found.positions))
            partial = found.units * found.once
            highest = max(highest, partial.max(initial=0.0))
            several.append(found.where((partial >= floor * highest) | (found.units >= of_all)))
        whole = None
        for number, found in enumerate(several):
            stays = found.units * found.once >= floor * highest
            if np.any(~stays & (found.units >= of_all)):
                whole = having(tuple(terms), self._lists) if whole is None else whole
                stays |= np.isin(found.positions, whole, assume_unique=True)
            several[number] = found.where(stays)
        found = Found.of(several)
        return found, found.units * found.once

    def texts(self, positions: list[int]) -> dict[int, str]:
        """The texts at these positions, folded and unified."""
        held = self._view.texts(positions)
        if len(held) < len(set(positions)):
            raise DamagedIndex("posting_paragraph lacks a paragraph of the lists")
        return held

    def _any_has(self, clause: Clause) -> bool:
        """Whether any paragraph has all terms of a clause."""
        return any((held < self._before).any() for held in while_time(_having(clause, self._lists)))

    @staticmethod
    def _first(found: Found, wanted: Wanted, tie: npt.NDArray[np.int32] | None = None) -> tuple[Positions, Scores]:
        """The wanted ones of some paragraphs; ties as in `first`."""
        found = found.where(np.argsort(found.positions, kind="stable"))  # parts of which ascend
        scores = found.units * found.once
        chosen = first(scores, wanted.most, None if tie is None else tie[found.positions])
        return found.positions[chosen], scores[chosen]

    def _known(self) -> dict[Clause, list[PostingList]]:
        """The lists of each clause of which the index knows all terms."""
        return {
            clause: [self._lists[term] for term in dict.fromkeys(clause)]
            for clause in self._clauses
            if clause and all(term in self._lists for term in clause)
        }
