"""One question scored: which paragraphs match, and the best of them, exactly.

The terms' lists are added up in an array over all paragraphs, those that can add most first. What the lists that are
left could still add bounds what a paragraph can reach, so the long lists of common terms, above all of single
characters, are only looked up for the few paragraphs that can still be among the best (MaxScore; Turtle and Flood,
"Query Evaluation: Strategies and Optimizations", 1995).
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.search import kernels
from bot.search.asking import SearchTerms
from bot.search.budget import while_time
from bot.search.characters import HAN
from bot.search.lists import Formula, Listed, View

Positions = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Clause = tuple[str, ...]

LOOKUP = 6000
"""What it takes to read a paragraph for its single characters, in postings that are read in the same time."""

_TOUCHED = 10
"""What it takes to look at a place in a list, in places of an array that are looked at in the same time."""

_RAREST = 3

_HAN = re.compile(f"[{HAN}]+")

_LEAST = 1e-3
"""Below this share of the highest sum it is no use to look for more of the best."""

_SLACK = 1e-9
"""Sums in another order differ by less than this share; so much below the bound is not yet left out."""


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


class Scratch(threading.local):
    """Each thread's arrays over all paragraphs, which are all zero between two questions."""

    def __init__(self) -> None:
        self._scores, self._hits = np.zeros(0), np.zeros(0, np.bool_)

    @contextmanager
    def arrays(self, size: int) -> Iterator[tuple[Scores, Mask, list[npt.NDArray[np.int32]]]]:
        """Scores and marks, and a list of the places that are to be zero again; the user adds to it before writing."""
        if len(self._scores) < size:
            self._scores, self._hits = np.zeros(size + size // 8), np.zeros(size + size // 8, np.bool_)
        touched: list[npt.NDArray[np.int32]] = []
        try:
            yield self._scores[:size], self._hits[:size], touched
        finally:
            if sum(map(len, touched)) > size // 10:
                self._scores.fill(0.0)
                self._hits.fill(False)
            else:
                for places in touched:
                    self._scores[places] = 0.0
                    self._hits[places] = False


def accumulate(scores: Scores, postings: Listed, weight: float, cells: Scores) -> None:
    """Add a term's part to the scores of all paragraphs that have it."""
    table = weight * cells
    for part in postings.parts:
        kernels.add(scores, part.numbers, part.cells, table)


def having(terms: Clause, lists: dict[str, Listed]) -> Positions:
    """Ascending positions of the paragraphs that have all the terms."""
    if not terms or any(term not in lists for term in terms):
        return np.empty(0, np.int64)
    common, *others = sorted((lists[term].numbers for term in set(terms)), key=len)
    for other in others:
        place = np.searchsorted(other, common)
        place[place == len(other)] = 0
        common = common[other[place] == common]
    return common.astype(np.int64)


class Question:
    """A question's terms over one view of the index."""

    def __init__(self, view: View, terms: SearchTerms, idf: dict[str, float], formula: Formula) -> None:
        self.idf = idf
        self._view, self._formula = view, formula
        self._cells = view.weights(formula)
        self._clauses = terms.clauses
        deciding = {term for clause in self._clauses for term in clause if term in idf}
        self._alone = {clause[0] for clause in self._clauses if len(clause) == 1}
        self._weights = {term: times * idf[term] for term, times in Counter(terms.scored).items() if term in idf}
        single = {t for t in self._weights if t not in deciding and len(t) == 1 and t <= "\uffff"}
        self._frequencies = view.frequencies(single)
        # the rarest first: they tell the most, should there be no time for all
        listed = sorted(deciding | self._weights.keys() - single, key=lambda t: (-idf[t], t))
        self._lists = view.postings(while_time(listed))
        highest = float(self._cells.max(initial=0.0))
        self._bounds = {
            t: self._weights.get(t, 0.0) * view.highest(listed, formula) for t, listed in self._lists.items()
        }
        self._bounds |= {term: self._weights[term] * highest for term in single}
        # a word of Han characters that is in a paragraph is there with its pairs
        self._all_match = all(term in self._alone or (len(term) > 2 and _HAN.fullmatch(term)) for term in self._lists)
        # the order is that of the sums, too: equal paragraphs have equal scores to the last bit
        self._order = sorted(self._bounds, key=lambda t: (t in single, -self._bounds[t], t))
        self._single_bound = sum(self._bounds[term] for term in single)

    def best(self, scratch: Scratch, limit: int, more: int, near: float) -> tuple[Positions, Scores]:
        """The first paragraphs that match, best first, and their scores.

        Args:
            scratch: Arrays to work in.
            limit: How many.
            more: How many of those that reach the share `near` of the best score.
            near: 0 to 1.
        """
        with scratch.arrays(self._view.state.next) as arrays:
            sums = _Sums(*arrays)
            self._add_listed(sums, mark=not self._all_match)
            tried = self._matching(sums, sums.first(max(limit, more)))
            lowest = self._reached(sums, tried, limit, more, near)
            candidates = self._matching(sums, sums.reaching(lowest - self._single_bound))
            candidates = self._add_single(sums, candidates, lowest)
            return _best_of(sums, candidates, max(limit, more), None)

    def matches(
        self,
        scratch: Scratch,
        limit: int,
        floor: float,
        allowed: Callable[[Positions], Mask] | None,
        tie: npt.NDArray[np.int32] | None,
    ) -> Matches:
        """All paragraphs that match, and the best of them."""
        with scratch.arrays(self._view.state.next) as arrays:
            sums = _Sums(*arrays)
            met = self._add_listed(sums, mark=True)
            positions = np.flatnonzero(sums.hits)
            if allowed is not None:
                positions = positions[allowed(positions)]
            partial = sums.scores[positions]
            if floor > 0 and len(met) > 1:
                stays = partial >= floor * partial.max(initial=0.0)
                whole = having(tuple({term for clause in met for term in clause}), self._lists)
                stays |= np.isin(positions, whole, assume_unique=True)
                positions, partial = positions[stays], partial[stays]
            lowest = self._reached(sums, np.sort(positions[first(partial, limit)]), limit, limit, 1.0)
            candidates = self._add_single(sums, positions[partial >= lowest - self._single_bound], lowest)
            best, scores = _best_of(sums, candidates, limit, tie)
        return Matches(positions, partial, best, scores, self.idf, frozenset(met))

    def scores(self, scratch: Scratch, positions: Positions) -> Scores:
        """The scores of these paragraphs."""
        with scratch.arrays(self._view.state.next) as arrays:
            sums = _Sums(*arrays)
            sums.touched.append(positions.astype(np.int32))
            for term in self._order[: len(self._lists)]:
                self._add_of(sums, positions, term)
            self._add_single(sums, positions, -np.inf)
            scores: Scores = sums.scores[positions]
            return scores

    def _matching(self, sums: "_Sums", positions: Positions) -> Positions:
        return positions if self._all_match else positions[sums.hits[positions]]

    def _reached(self, sums: "_Sums", tried: Positions, limit: int, more: int, near: float) -> float:
        """A score that all reach which are asked for, from what some of the best without single characters reach."""
        if len(tried) < limit or limit < 1:
            return -np.inf
        before = sums.scores[tried]
        self._add_single(sums, tried, -np.inf)
        scores = np.sort(sums.scores[tried])[::-1]
        sums.scores[tried] = before
        last = min(scores[limit - 1], near * scores[0])
        return float(max(last, scores[more - 1]) if limit <= more <= len(scores) else last) * (1 - _SLACK)

    def _list(self, term: str) -> Listed:
        if term not in self._lists:
            self._lists |= self._view.postings([term])
        return self._lists[term]

    def _add(self, sums: "_Sums", term: str, *, mark: bool = False) -> None:
        """Add what a list holds of all paragraphs, and mark them."""
        table = self._weights.get(term, 0.0) * self._cells
        for part in self._list(term).parts:
            sums.touched.append(part.numbers)
            kernels.add(sums.scores, part.numbers, part.cells, table)
            if mark:
                sums.hits[part.numbers] = True

    def _add_listed(self, sums: "_Sums", *, mark: bool) -> set[Clause]:
        """Add all lists but those of single characters, mark what matches; the clauses that any paragraph has."""
        met: set[Clause] = {(term,) for term in self._alone & self._lists.keys()}
        for term in while_time(self._order[: len(self._lists)]):
            self._add(sums, term, mark=mark and term in self._alone)
        for clause in while_time(self._clauses):
            if len(clause) > 1 and len(found := having(clause, self._lists)):
                met.add(clause)
                sums.touched.append(found.astype(np.int32))
                sums.hits[found] = True
        return met

    def _add_single(self, sums: "_Sums", candidates: Positions, lowest: float) -> Positions:
        """Add what the candidates hold of single characters; those that may reach the lowest score."""
        left, reading = self._single_bound, sum(self._frequencies.values())
        terms = [term for term in self._order if term in self._frequencies]
        for place, term in enumerate(while_time(terms)):
            if len(candidates) * LOOKUP < reading:
                self._read(sums, candidates, terms[place:])
                break
            if lowest > -np.inf and kernels.is_whole_sooner(len(candidates), self._frequencies[term]):
                self._add(sums, term)
            else:
                self._add_of(sums, candidates, term)
            left -= self._bounds[term]
            reading -= self._frequencies[term]
            if lowest > -np.inf:
                candidates = candidates[sums.scores[candidates] >= lowest - left]
        return candidates

    def _add_of(self, sums: "_Sums", candidates: Positions, term: str) -> None:
        """Add what a list holds of some paragraphs."""
        table = self._weights.get(term, 0.0) * self._cells
        for part in self._list(term).parts:
            kernels.add_to(sums.scores, candidates, part.numbers, part.cells, table)

    def _read(self, sums: "_Sums", candidates: Positions, terms: list[str]) -> None:
        """Add what the candidates' own texts hold of terms of one character."""
        rows = list(self._view.snapshot.paragraphs(candidates.tolist()))
        codes = np.frombuffer(b"".join(row[2] for row in rows), np.uint16)
        owner = np.repeat(np.arange(len(rows)), [len(row[2]) // 2 for row in rows])
        slots = np.zeros(1 << 16, np.uint16)  # 0 is any other character
        slots[[ord(term) for term in terms]] = range(1, len(terms) + 1)
        slot = slots[codes]
        counts = np.bincount(slot.astype(np.int64) * len(rows) + owner, minlength=(len(terms) + 1) * len(rows))
        frequencies = counts[len(rows) :].reshape(len(terms), len(rows)).astype(np.float64)
        weights = self._formula.weigh(frequencies, np.array([row[1] for row in rows], np.float64))
        scores = sums.scores[candidates]
        # term by term, so that equal paragraphs have equal sums to the last bit
        for term, added in zip(terms, weights, strict=True):
            scores += self._weights[term] * added
        sums.scores[candidates] = scores


@dataclass(frozen=True)
class _Sums:
    """What has been added up so far: scores, marks of what has a clause, and where either may be."""

    scores: Scores
    hits: Mask
    touched: list[npt.NDArray[np.int32]]

    def reaching(self, score: float) -> Positions:
        """Ascending places of those whose sum is positive and reaches a score."""
        score = max(score, np.nextafter(0, 1))
        if sum(map(len, self.touched)) * _TOUCHED > len(self.scores):
            return np.flatnonzero(self.scores >= score)
        places = np.sort(np.concatenate([p[self.scores[p] >= score] for p in self.touched] or [np.empty(0, np.int32)]))
        keep = np.ones(len(places), np.bool_)
        keep[1:] = places[1:] != places[:-1]
        return places[keep].astype(np.int64)

    def first(self, limit: int) -> Positions:
        """Ascending places of the highest sums, so many if there are."""
        # the best are in the lists of the rarest terms, which come first; if not, only more are looked at
        highest = max((float(self.scores[p].max()) for p in self.touched[:_RAREST] if len(p)), default=0.0)
        share = 0.5
        while len(found := self.reaching(share * highest)) < limit and share > _LEAST:
            share *= share
        return np.sort(found[first(self.scores[found], limit)])


def _best_of(
    sums: _Sums, positions: Positions, limit: int, tie: npt.NDArray[np.int32] | None
) -> tuple[Positions, Scores]:
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
