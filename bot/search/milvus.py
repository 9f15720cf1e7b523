"""The first stage of ranking in Milvus, for an archive whose index outgrows the machine.

A paragraph's vector has a dimension for each of its terms: the part of BM25 that depends on the term's frequency and on
the paragraph's length. A question's vector has the idf. Their inner product is BM25, so that paragraphs that come and
go change no vector of others. The average length of a paragraph is in the vectors, too, and stays as it was when the
first came; to make the index anew takes the true one. Milvus's own BM25 function is not used: its idf is another one,
in Milvus Lite that of a segment, and it has no way to say which terms decide and which only rank.

Ids of terms, document frequencies and lengths are in the archive's database (`bot.archive.ledger`), as are all texts.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.archive import Archive
from bot.archive.postings import Document
from bot.models import Hit
from bot.search import analyzer
from bot.search.asking import SearchTerms, search_terms
from bot.search.characters import HAN, fold, unify
from bot.search.matching import K1, B, weigh_terms
from bot.search.milvus_client import MOST, Address, Vector, VectorStore
from bot.search.rerank import DEPTH, reranked
from bot.search.scoring import Clause, Matches
from bot.search.sums import Formula, Mask, Positions, Scores, first

RUNS = 500
"""Runs of neighbouring paragraphs that a condition names, at most."""

_HAN_WORD = re.compile(f"[{HAN}]+")


class MilvusIndex:
    """An index over an archive's paragraphs. Any thread may use it.

    A question finds the best 16,384 paragraphs at most, which is what Milvus gives; they are counted and sorted by day.
    Of a paragraph of more than 4,096 different terms, the rest of them only rank.
    """

    batch = 2_000
    """Paragraphs put in one call: some megabytes, below the 64 that Milvus takes."""

    def __init__(self, archive: Archive, address: Address) -> None:
        self._archive, self._ledger, self._store = archive, archive.ledger, VectorStore(address)
        self._found: set[str] = set()  # collections that were there
        self._counted: dict[int, Counter[str]] = {}  # terms of what was prepared last

    def close(self) -> None:
        self._store.close()

    # ---- upkeep --------------------------------------------------------------------------------------------------

    @property
    def outdated(self) -> bool:
        """Whether another analyzer made the terms, or the server has lost the vectors."""
        state = self._ledger.state
        if state.analyzer != analyzer.VERSION:
            return True
        if state.next and state.collection not in self._found:
            if not self._store.has(state.collection):
                return True
            self._found.add(state.collection)
        return False

    @property
    def next(self) -> int:
        return self._ledger.state.next

    @property
    def generation(self) -> int:
        return self._ledger.state.generation

    def __len__(self) -> int:
        return self._ledger.state.size

    def whole(self) -> AbstractContextManager[object]:
        """Nothing is held: it may take hours, and questions find less meanwhile."""
        return nullcontext()

    def prepare(self, added: Sequence[tuple[int, str]] = (), removed: Sequence[tuple[int, str]] = ()) -> None:
        """Put the vectors that are missing, delete those that go."""
        if added:
            self._put(added)
        if removed and self.next:
            self._store.delete(self._ledger.state.collection, [number for number, _ in removed])

    def _put(self, added: Sequence[tuple[int, str]]) -> None:
        self._store.create(self._ledger.state.collection)
        held = self._store.numbers(
            self._ledger.state.collection, f"number >= {added[0][0]} and number <= {added[-1][0]}", len(added)
        )
        there = set(held.tolist())
        counted = [(number, analyzer.analyze(text).frequencies) for number, text in added if number not in there]
        self._counted = dict(counted)
        lengths = [sum(frequencies.values()) for _, frequencies in counted]
        ids = self._ledger.allot((t for _, fs in counted for t in fs), sum(lengths) / max(len(lengths), 1))
        state = self._ledger.state  # with the average now
        formula = Formula(K1, B, state.average or 1.0)
        rows = [(number, _vector(fs, ids, formula)) for number, fs in counted if fs]
        self._store.put(state.collection, rows)

    def add(self, paragraphs: Iterable[tuple[int, str]]) -> None:
        """Count paragraphs whose vectors were put."""
        counted, self._counted = self._counted, {}
        self._ledger.add(
            [
                Document(number, counted[number] if number in counted else analyzer.analyze(text).frequencies, "")
                for number, text in paragraphs
            ]
        )

    def remove(self, paragraphs: Iterable[tuple[int, str]]) -> None:
        """Count paragraphs no more."""
        self._ledger.remove([(number, analyzer.paragraph_terms(text)) for number, text in paragraphs])

    def clear(self) -> None:
        """Begin a new collection, and drop the old one."""
        old = self._ledger.state.collection
        if old and self._store.has(old):
            self._store.drop(old)
        self._ledger.clear(analyzer.VERSION)

    # ---- questions -----------------------------------------------------------------------------------------------

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """The paragraphs that match a question, best first, in the order of both stages."""
        terms = search_terms(query)
        found = self.match(terms, limit=max(limit, DEPTH))
        raised = self.reranked(query, terms, found.idf, found.best, found.scores)
        order = np.lexsort((found.best, -raised))[:limit].tolist()
        return [Hit(int(found.best[i]), float(found.scores[i])) for i in order]

    def match(
        self,
        terms: SearchTerms,
        *,
        limit: int = 100,
        floor: float = 0.0,
        allowed: Callable[[Positions], Mask] | None = None,
        tie: npt.NDArray[np.int32] | None = None,
        before: int | None = None,  # noqa: ARG002  # Milvus counts what is there now
    ) -> Matches:
        """The paragraphs that match a question, and the best of them by BM25: `MatchingIndex.match`."""
        asked = _Asked.of(terms, self)
        met = {clause for clause in terms.clauses if self._met(clause, asked.ids)}
        where = asked.where(met)
        if where is None:
            return Matches(
                np.empty(0, np.int64), np.zeros(0), np.empty(0, np.int64), np.zeros(0), asked.idf, frozenset()
            )
        positions, partial, full = self._best(asked, where, allowed)
        if floor > 0 and len(met) > 1:
            stays = partial >= floor * partial.max(initial=0.0)
            if not stays.all():
                stays |= np.isin(positions, self._whole(asked, met))
            positions, partial = positions[stays], partial[stays]
        scores = np.array([full.get(p, s) for p, s in zip(positions.tolist(), partial.tolist(), strict=True)])
        chosen = first(scores, limit, None if tie is None else tie[positions])
        return Matches(positions, partial, positions[chosen], scores[chosen], asked.idf, frozenset(met))

    def _best(
        self, asked: "_Asked", where: str, allowed: Callable[[Positions], Mask] | None
    ) -> tuple[Positions, Scores, dict[int, float]]:
        """The best that are allowed, ascending; their partial scores; and the whole ones, of those that are known."""
        vectors = [asked.partial, asked.full] if asked.full != asked.partial else [asked.full]
        found = self._ask(vectors, MOST, where)
        positions = found[0][0]
        mask = allowed(positions) if allowed else np.ones(len(positions), np.bool_)
        if allowed and len(positions) == MOST and not mask.all() and (within := _runs(allowed(np.arange(self.next)))):
            found = self._ask(vectors, MOST, f"({where}) and ({within})" if where else within)
            positions = found[0][0]
            mask = allowed(positions)
        full = dict(zip(found[-1][0].tolist(), found[-1][1].tolist(), strict=True))
        return positions[mask], found[0][1][mask], full

    def _ask(self, vectors: list[Vector], limit: int, where: str) -> list[tuple[Positions, Scores]]:
        """For each vector the best numbers, ascending, and their scores."""
        answers = self._store.best(self._ledger.state.collection, vectors, limit, where)
        return [(numbers[order], scores[order]) for numbers, scores in answers for order in [np.argsort(numbers)]]

    def _met(self, clause: Clause, ids: dict[str, int]) -> bool:
        """Whether any paragraph has all terms of a clause."""
        if not all(term in ids for term in clause):
            return False
        where = _all([ids[term] for term in clause])
        return len(clause) == 1 or len(self._store.numbers(self._ledger.state.collection, where, 1)) > 0

    def _whole(self, asked: "_Asked", met: set[Clause]) -> Positions:
        """The paragraphs that hold every clause that any has."""
        where = _all(sorted({asked.ids[term] for clause in met for term in clause}))
        return self._ask([asked.partial], MOST, where)[0][0]

    def having(self, terms: Iterable[str]) -> Positions:
        """Ascending positions of the paragraphs that have all of the terms."""
        wanted = set(terms)
        known = self._ledger.known(wanted)
        if not wanted or len(known) < len(wanted):
            return np.empty(0, np.int64)
        where = _all(sorted(number for number, _ in known.values()))
        return self._store.numbers(self._ledger.state.collection, where)

    def reranked(
        self, query: str, terms: SearchTerms, idf: dict[str, float], positions: Positions, scores: Scores
    ) -> Scores:
        """The scores with those of the first paragraphs raised to the order of the second stage."""
        return reranked(self.texts, query, terms, idf, positions, scores)

    def texts(self, positions: Iterable[int]) -> dict[int, str]:
        """The texts at these positions, folded and unified."""
        return {number: unify(fold(text)) for number, text in self._archive.texts(list(positions)).items()}

    def document_frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many paragraphs each term is, of those that the index knows."""
        return {term: count for term, (_, count) in self._ledger.known(terms).items()}

    def terms(self) -> Iterator[str]:
        """All terms that the index knows."""
        return self._ledger.terms()

    def weighed(self, terms: Iterable[str]) -> tuple[dict[str, int], dict[str, float]]:
        """The ids and the idf of those terms that any paragraph has."""
        known = self._ledger.known(terms)
        idf = weigh_terms(len(self), {term: count for term, (_, count) in known.items()})
        return {term: number for term, (number, _) in known.items()}, idf


@dataclass(frozen=True)
class _Asked:
    """A question as vectors: of all its terms, and of those but the single characters that decide nothing."""

    clauses: tuple[Clause, ...]
    ids: dict[str, int]
    idf: dict[str, float]
    full: Vector
    partial: Vector

    @classmethod
    def of(cls, terms: SearchTerms, index: MilvusIndex) -> "_Asked":
        deciding = {term for clause in terms.clauses for term in clause}
        ids, idf = index.weighed({*terms.scored, *deciding})
        times = {term: n for term, n in Counter(terms.scored).items() if term in ids}
        full = {ids[term]: n * idf[term] for term, n in times.items()}
        partial = {ids[term]: full[ids[term]] for term in times if len(term) > 1 or term in deciding}
        return cls(terms.clauses, ids, idf, full, partial)

    def where(self, met: set[Clause]) -> str | None:
        """The condition under which a paragraph matches; "" where a score above 0 says it; None where none does."""
        if not met:
            return None
        alone = {clause[0] for clause in self.clauses if len(clause) == 1}
        # a word of Han characters that is in a paragraph is there with its pairs
        if all(t in alone or (len(t) > 2 and _HAN_WORD.fullmatch(t)) for t, i in self.ids.items() if i in self.partial):
            return ""
        single = sorted(self.ids[clause[0]] for clause in met if len(clause) == 1)
        held = [f"array_contains_any(terms, {single})"] if single else []
        return " or ".join([*held, *(_all([self.ids[t] for t in clause]) for clause in sorted(met) if len(clause) > 1)])


def _all(ids: list[int]) -> str:
    return f"array_contains_all(terms, {ids})"


def _vector(frequencies: Counter[str], ids: dict[str, int], formula: Formula) -> Vector:
    counts = np.array(list(frequencies.values()), np.float64)
    weights = formula.weigh(counts, formula.norm(counts.sum()))
    return dict(zip((ids[term] for term in frequencies), weights.tolist(), strict=True))


def _runs(mask: Mask) -> str:
    """The condition that a paragraph is one of those marked; "" where it would be too long."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    if len(edges) > 2 * RUNS:
        return ""
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return " or ".join(f"(number >= {a} and number < {b})" for a, b in pairs) or "number < 0"
