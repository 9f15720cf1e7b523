"""What the engine needs of an index: the first stage of ranking, and its upkeep. Two answer to it.

`bot.search.bm25.ParagraphIndex` keeps its postings in the archive's database, `bot.search.milvus.MilvusIndex` in
Milvus.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Plus

from bot.search.asking import SearchTerms
from bot.search.scoring import Matches
from bot.search.sums import Mask, Positions, Scores

K1, B = 0.9, 0.4
"""Those that ranked best on questions about encyclopedia paragraphs, once the second stage has had its say."""


class IndexUnavailableError(Exception):
    """The index cannot be asked now. The message says for the operator what to do, and holds no secret."""


class MatchingIndex(Protocol):
    """An index over paragraphs, which have ascending numbers as positions. Any thread may use it.

    All methods raise `IndexUnavailableError` where the index is on another machine that does not answer.
    """

    # ---- upkeep --------------------------------------------------------------------------------------------------

    @property
    def batch(self) -> int:
        """How many paragraphs are best added at a time."""

    @property
    def outdated(self) -> bool:
        """Whether it must be made anew."""

    @property
    def next(self) -> int:
        """The position after the last one ever added."""

    @property
    def generation(self) -> int:
        """A number that goes up with each change."""

    def __len__(self) -> int: ...

    def whole(self) -> AbstractContextManager[object]:
        """Within, it is made anew; no reader sees it half made, where that can be had."""

    def prepare(self, added: Sequence[tuple[int, str]] = (), removed: Sequence[tuple[int, str]] = ()) -> None:
        """Do what cannot be part of the archive's transaction, before it begins; to do it again does no harm."""

    def add(self, paragraphs: Iterable[tuple[int, str]]) -> None:
        """Add paragraphs that were prepared, in the archive's transaction: ascending, and after all ever added."""

    def remove(self, paragraphs: Iterable[tuple[int, str]]) -> None:
        """Remove paragraphs, given by position and the text that was added there, in the archive's transaction."""

    def clear(self) -> None:
        """Forget all paragraphs."""

    # ---- questions -----------------------------------------------------------------------------------------------

    def match(
        self,
        terms: SearchTerms,
        *,
        limit: int = 100,
        floor: float = 0.0,
        allowed: Callable[[Positions], Mask] | None = None,
        tie: npt.NDArray[np.int32] | None = None,
        before: int | None = None,
    ) -> Matches:
        """The paragraphs that match a question, and the best of them by BM25.

        Args:
            terms: The question.
            limit: How many of the best are scored.
            floor: What share of the best partial score, that without single characters, a paragraph must have, 0 to 1;
                one that holds every clause needs none.
            allowed: Tells of positions which paragraphs may match.
            tie: By position, what goes first, the higher, among equal scores; then, and without it, the position does.
            before: A position: terms weigh as they did when it and all after it were yet to come, where that is known.
        """

    def having(self, terms: Iterable[str]) -> Positions:
        """Ascending positions of the paragraphs that have all of the terms."""

    def document_frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many paragraphs each term is, of those that the index knows."""

    def texts(self, positions: Iterable[int]) -> dict[int, str]:
        """The texts at these positions, folded and unified."""

    def terms(self) -> Iterator[str]:
        """All terms that the index knows; some may come twice, or be of paragraphs that are gone."""

    def reranked(
        self, query: str, terms: SearchTerms, idf: dict[str, float], positions: Positions, scores: Scores
    ) -> Scores:
        """The scores with those of the first paragraphs raised to the order of the second stage.

        Args:
            query: What was typed.
            terms: Its terms.
            idf: Their weights.
            positions: The best paragraphs, the best first.
            scores: Their BM25 scores.
        """


def weigh_terms(size: int, frequencies: dict[str, int]) -> dict[str, float]:
    """rank-bm25's own idf: ln((N + 1) / df).

    Args:
        size: The number of paragraphs, N.
        frequencies: In how many of them each term is, df.
    """
    scratch = BM25Plus.__new__(BM25Plus)  # one of its own for each call, as threads ask at the same time
    scratch.corpus_size, scratch.idf = size, {}
    scratch._calc_idf(frequencies)
    idf: dict[str, float] = scratch.idf
    return idf
