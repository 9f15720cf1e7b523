"""One question scored: which paragraphs match, and the best of them, exactly.

The terms' lists are added up in an array over all paragraphs, those that can add most first. What the lists that are
left could still add bounds what a paragraph can reach, so the long lists of common terms, above all of single
characters, are only looked up for the few paragraphs that can still be among the best (MaxScore; Turtle and Flood,
"Query Evaluation: Strategies and Optimizations", 1995).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.archive.snapshot import PostingList, Run
from bot.search import kernels
from bot.search.asking import SearchTerms
from bot.search.budget import while_time
from bot.search.characters import HAN
from bot.search.lists import Formula, View
from bot.search.sums import Mask, Positions, Scores, Scratch, Sums, best_of, first

Clause = tuple[str, ...]

_TOGETHER = 16
"""Lists that are read without a look at the time."""

_NO_CELLS = np.empty(0, np.uint16)

LOOKUP = 6000
"""What it takes to read a paragraph for its single characters, in postings that are read in the same time."""

_HAN = re.compile(f"[{HAN}]+")

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


def having(terms: Clause, lists: dict[str, PostingList]) -> Positions:
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
        self._view, self._formula = view, formula
        self._cells = view.weights(formula)
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
        self._single = sorted(self._frequencies, key=lambda term: (-self._weights[term], term))
        highest = float(self._cells.max(initial=0.0))
        self._bounds = {term: self._weights[term] * highest for term in self._single}
        self._single_bound = sum(self._bounds.values())

    def best(self, scratch: Scratch, limit: int, more: int, near: float) -> tuple[Positions, Scores]:
        """The first paragraphs that match, best first, and their scores.

        Args:
            scratch: Arrays to work in.
            limit: How many.
            more: How many of those that reach the share `near` of the best score.
            near: 0 to 1.
        """
        with scratch.arrays(self._view.state.next) as sums:
            self._add_listed(sums, mark=not self._all_match)
            if not kernels.is_plenty(sum(self._frequencies.values())):
                self._add_all_single(sums)
                return best_of(sums, sums.groups().first(max(limit, more)), max(limit, more), None)
            groups = sums.groups()
            tried = self._matching(sums, groups.first(max(limit, more)))
            lowest = self._reached(sums, tried, limit, more, near)
            candidates = self._matching(sums, groups.reaching(lowest - self._single_bound))
            candidates = self._add_single(sums, candidates, lowest)
            return best_of(sums, candidates, max(limit, more), None)

    def matches(
        self,
        scratch: Scratch,
        limit: int,
        floor: float,
        allowed: Callable[[Positions], Mask] | None,
        tie: npt.NDArray[np.int32] | None,
    ) -> Matches:
        """All paragraphs that match, and the best of them."""
        with scratch.arrays(self._view.state.next) as sums:
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
            best, scores = best_of(sums, candidates, limit, tie)
        return Matches(positions, partial, best, scores, self.idf, frozenset(met))

    def scores(self, scratch: Scratch, positions: Positions) -> Scores:
        """The scores of these paragraphs."""
        with scratch.arrays(self._view.state.next) as sums:
            sums.touched.append(Run(0, positions.astype(np.int32), _NO_CELLS))
            kernels.add_to(sums.scores, positions, self._weighted(self._lists), self._cells)
            self._add_single(sums, positions, -np.inf)
            scores: Scores = sums.scores[positions]
            return scores

    def _matching(self, sums: Sums, positions: Positions) -> Positions:
        return positions if self._all_match else positions[sums.hits[positions]]

    def _reached(self, sums: Sums, tried: Positions, limit: int, more: int, near: float) -> float:
        """A score that all reach which are asked for, from what some of the best without single characters reach."""
        if len(tried) < limit or limit < 1:
            return -np.inf
        before = sums.scores[tried]
        self._add_single(sums, tried, -np.inf)
        scores = np.sort(sums.scores[tried])[::-1]
        sums.scores[tried] = before
        last = min(scores[limit - 1], near * scores[0])
        return float(max(last, scores[more - 1]) if limit <= more <= len(scores) else last) * (1 - _SLACK)

    def _weighted(self, terms: Iterable[str]) -> list[tuple[PostingList, float]]:
        """The lists of terms that rank, and their weights."""
        return [(self._lists[term], self._weights[term]) for term in terms if term in self._weights]

    def _add(self, sums: Sums, terms: Iterable[str]) -> None:
        """Add what the lists hold of all paragraphs."""
        weighted = self._weighted(terms)
        sums.touched.extend(run for postings, _ in weighted for run in postings.runs)
        kernels.add(sums.scores, weighted, self._cells)

    def _add_listed(self, sums: Sums, *, mark: bool) -> set[Clause]:
        """Add all lists but those of single characters, mark what matches; the clauses that any paragraph has."""
        self._add(sums, self._lists)
        met: set[Clause] = {(term,) for term in self._alone & self._lists.keys()}
        if mark:
            for (term,) in met:
                for run in self._lists[term].runs:
                    sums.touched.append(run)
                    sums.hits[run.base :][run.offsets] = True
        for clause in while_time(self._clauses):
            if len(clause) > 1 and len(found := having(clause, self._lists)):
                met.add(clause)
                sums.touched.append(Run(0, found.astype(np.int32), _NO_CELLS))
                sums.hits[found] = True
        return met

    def _add_all_single(self, sums: Sums) -> None:
        """Add the single characters of all paragraphs that match; those that do not match have 0 then."""
        matching = sums.scores > 0 if self._all_match else sums.hits
        self._look_up(self._single)
        self._add(sums, self._single)
        np.multiply(sums.scores, matching, out=sums.scores)

    def _look_up(self, terms: Iterable[str]) -> None:
        self._lists |= self._view.postings(term for term in terms if term not in self._lists)

    def _add_single(self, sums: Sums, candidates: Positions, lowest: float) -> Positions:
        """Add what the candidates hold of single characters; those that may reach the lowest score."""
        left, reading = self._single_bound, sum(self._frequencies.values())
        for place, term in enumerate(while_time(self._single)):
            if len(candidates) * LOOKUP < reading:
                self._read(sums, candidates, self._single[place:])
                break
            self._look_up([term])
            if lowest > -np.inf and kernels.is_whole_sooner(len(candidates), self._frequencies[term]):
                self._add(sums, [term])
            else:
                kernels.add_to(sums.scores, candidates, self._weighted([term]), self._cells)
            left -= self._bounds[term]
            reading -= self._frequencies[term]
            if lowest > -np.inf:
                candidates = candidates[sums.scores[candidates] >= lowest - left]
        return candidates

    def _read(self, sums: Sums, candidates: Positions, terms: list[str]) -> None:
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
