"""One question scored: which paragraphs match, and the best of them, exactly.

The terms' lists are added up, but for the long ones of common single characters. Of these, only the paragraphs count
that have the character more than once; any other has it once, at most, which bounds what it can reach. So the rest is
looked for in the texts of the few paragraphs alone that can still be among the best (MaxScore; Turtle and Flood, "Query
Evaluation: Strategies and Optimizations", 1995).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from bot.archive.checks import DamagedIndex
from bot.archive.posting_lists import MORE, PostingList
from bot.search import kernels
from bot.search.asking import SearchTerms
from bot.search.budget import while_time
from bot.search.characters import HAN
from bot.search.lists import View
from bot.search.sums import ROUNDING, Asked, Formula, Found, Mask, Positions, Scores, Wanted, Weighted, first

Clause = tuple[str, ...]

_TOGETHER = 16
"""Lists that are read without a look at the time."""

_READ = 128
"""Texts that are read without a look at the time."""

_DENSE = 0.1
"""The share of the single characters' postings that is added up: those of the rarest, which tell the most."""

_FEW = 100_000
"""So few of them are added up sooner than left out."""

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


def _heaviest_first(lists: Iterable[tuple[PostingList, float]]) -> Weighted:
    return sorted(lists, key=itemgetter(1), reverse=True)


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
        frequencies = view.frequencies(single)
        # long words first: the rarest, which tell the most, should there be no time for all
        listed = sorted((term for term in deciding | times if term not in single), key=len, reverse=True)
        self._lists: dict[str, PostingList] = {}
        for start in while_time(range(0, len(listed), _TOGETHER)):
            self._lists |= view.postings(listed[start : start + _TOGETHER])
        self.idf = idf({term: len(postings) for term, postings in self._lists.items()} | frequencies)
        self._weights = weights = {t: count * self.idf[t] for t, count in times.items() if t in self.idf}
        # a word of Han characters that is in a paragraph is there with its pairs
        self._all_match = all(term in self._alone or (len(term) > 2 and _HAN.fullmatch(term)) for term in self._lists)
        # the order is that of the sums, too: equal paragraphs have equal scores to the last bit
        single = sorted(frequencies, key=lambda term: (frequencies[term], term))
        total, added = sum(frequencies.values()), accumulate(frequencies[term] for term in single)
        dense = sum([so_far <= max(_DENSE * total, _FEW) for so_far in added])
        self._rest = [(term, weights[term]) for term in single[dense:]]
        self._asked = Asked(
            _heaviest_first((self._lists[term], weights[term]) for term in self._lists if term in weights),
            _heaviest_first((held, weights[term]) for term, held in view.postings(single[:dense]).items()),
            _heaviest_first((held, weights[term]) for term, held in view.repeated(single[dense:]).items()),
        )
        self._held: dict[int, str] = {}
        self._scores: dict[int, float] = {}

    def best(self, limit: int, more: int, near: float) -> tuple[Positions, Scores]:
        """The first paragraphs that match, best first, and their scores.

        Args:
            limit: How many.
            more: How many of those that reach the share `near` of the best score.
            near: 0 to 1.
        """
        if max(limit, more) < 1:
            return np.empty(0, np.int64), np.empty(0)
        wanted = Wanted(limit, max(limit, more), near)
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
        together = {clause: having(clause, self._lists) for clause in while_time(known) if len(known[clause]) > 1}
        met = [clause for clause, lists in known.items() if len(lists) == 1 or len(together.get(clause, ()))]
        hits = None
        if not self._all_match:
            hits = np.zeros(self._view.state.next, np.bool_)
            for clause in met:
                for held in known[clause][0].halves if len(known[clause]) == 1 else [together[clause]]:
                    hits[held] = True
        found, partial = self._above(floor if len(met) > 1 else 0.0, met, hits, allowed)
        best, scores = np.empty(0, np.int64), np.empty(0)
        if limit > 0:
            wanted = Wanted(limit, limit, 1.0)
            best, scores = self._first(self._with_dense(found, wanted), wanted, tie)
        return Matches(found.positions, partial, best, scores, self.idf, frozenset(met))

    def _above(
        self, floor: float, met: list[Clause], hits: Mask | None, allowed: Callable[[Positions], Mask] | None
    ) -> tuple[Found, Scores]:
        """The paragraphs that are hits, allowed, and above the floor or with all terms of what is met; their scores."""
        terms = {term for clause in met for term in clause}
        # whose sum is below what each of the terms counts once has not all of them
        of_all = sum([self._weights.get(term, 0.0) for term in sorted(terms)]) / (1 + ROUNDING)
        several, highest = [], 0.0
        for found in while_time(kernels.added_up(self._asked.lists, self._norms)):
            if hits is not None:
                found = found.where(hits[found.positions])
            if allowed is not None:
                found = found.where(allowed(found.positions))
            partial = found.units * found.once
            highest = max(highest, partial.max(initial=0.0))
            several.append(found.where((partial >= floor * highest) | (found.units >= of_all)))
        found = Found.of(several)
        partial = found.units * found.once
        stays = partial >= floor * highest
        if np.any(~stays & (found.units >= of_all)):
            stays |= np.isin(found.positions, having(tuple(terms), self._lists), assume_unique=True)
        return found.where(stays), partial[stays]

    def scores(self, positions: Positions) -> Scores:
        """The scores of these paragraphs."""
        units = np.zeros(len(positions))
        kernels.add_to(units, positions, replace(self._asked, rest=()), self._norms)
        return self._whole(Found(positions, units, self._norms.once(positions)))

    def texts(self, positions: list[int]) -> dict[int, str]:
        """The texts at these positions, folded and unified."""
        if missing := [p for p in positions if p not in self._held]:
            held = self._view.paragraphs(missing)
            self._held |= {p: text.decode("utf-16-le", "surrogatepass") for p, (_, text) in held.items()}
            if len(held) < len(set(missing)):
                raise DamagedIndex("posting_paragraph lacks a paragraph of the lists")
        return {p: self._held[p] for p in positions}

    def _with_dense(self, found: Found, wanted: Wanted) -> Found:
        """Of some paragraphs, given the sums of their lists, those that can be among the wanted: dense ones added."""
        scores = found.units * found.once
        if len(scores) > wanted.most:
            best = np.sort(np.partition(scores, -wanted.most)[-wanted.most :])
            more = self._asked.left + sum([weight for _, weight in self._asked.dense])
            found = found.where(scores >= wanted.least(best) / (1 + ROUNDING) - more * self._norms.formula.highest)
        units = found.units.copy()
        kernels.add_to(units, found.positions, Asked(dense=self._asked.dense), self._norms)
        return found._replace(units=units)

    def _first(
        self, found: Found, wanted: Wanted, tie: npt.NDArray[np.int32] | None = None
    ) -> tuple[Positions, Scores]:
        """The wanted ones of some paragraphs, whose sums lack the rest; ties as in `first`."""
        left, least = self._asked.left, 0.0
        if self._rest and len(found.positions) > wanted.most:
            scores = found.units * found.once
            tried = np.sort(np.argpartition(scores, -wanted.most)[-wanted.most :])
            least = wanted.least(np.sort(self._whole(found.where(tried)))) / (1 + ROUNDING)
            found = found.where(scores >= least - left * self._norms.formula.highest)
        found = found.where(np.argsort(found.positions))
        postings = sum([len(part.more) // MORE.itemsize for one, _ in self._asked.rest for part in one.parts])
        if len(found.positions) > wanted.most and len(found.positions) * kernels.reading() > postings:
            units = found.units + left
            kernels.add_to(units, found.positions, Asked(rest=self._asked.rest), self._norms)
            found = found.where(units * found.once >= least)
        scores = self._whole(found)
        chosen = first(scores, wanted.most, None if tie is None else tie[found.positions])
        return found.positions[chosen], scores[chosen]

    def _whole(self, found: Found) -> Scores:
        """The scores of paragraphs, with what their texts hold of the rest."""
        if not self._rest:
            return found.units * found.once
        scores: dict[int, float] = {}
        for start in while_time(range(0, len(found.positions), _READ)):
            scores |= self._whole_of(found.where(slice(start, start + _READ)))
        lowest = (found.units * found.once).tolist()  # of those that there was no time for
        return np.array([scores.get(p, low) for p, low in zip(found.positions.tolist(), lowest, strict=True)])

    def _whole_of(self, found: Found) -> dict[int, float]:
        """Likewise, of a few, by position."""
        positions = found.positions.tolist()
        new = [i for i, position in enumerate(positions) if position not in self._scores]
        texts, units = self.texts([positions[i] for i in new]), found.units[new].tolist()
        norms = (self._norms.formula.highest / found.once[new] - 1).tolist()
        # term by term, so that equal paragraphs have equal sums to the last bit
        for i, sums, norm in zip(new, units, norms, strict=True):
            text = texts[positions[i]]
            for term, weight in self._rest:
                if count := text.count(term):
                    sums += weight if count == 1 else weight * count * (norm + 1) / (norm + count)
            self._scores[positions[i]] = sums * self._norms.formula.highest / (norm + 1)
        return {position: self._scores[position] for position in positions}

    def _known(self) -> dict[Clause, list[PostingList]]:
        """The lists of each clause of which the index knows all terms."""
        return {
            clause: [self._lists[term] for term in dict.fromkeys(clause)]
            for clause in self._clauses
            if clause and all(term in self._lists for term in clause)
        }
