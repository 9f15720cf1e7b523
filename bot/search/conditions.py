"""The conditions of a query: which articles meet them all, whatever else ranks them."""

from collections.abc import Callable, Iterable
from functools import reduce

import numpy as np
import numpy.typing as npt

from bot.archive import Archive
from bot.models import Query, Role
from bot.search import analyzer
from bot.search.bm25 import ParagraphIndex, Positions
from bot.search.characters import fold, spell
from bot.search.query import SearchTerms

Flags = npt.NDArray[np.bool_]

_VERIFIED = 20_000
"""Paragraphs whose text is looked at for an exact run; beyond these, its pairs of characters are taken for it."""


def meeting(asked: Query, archive: Archive, index: ParagraphIndex, article_of: npt.NDArray[np.int64]) -> Flags | None:
    """For each article id whether the article meets all conditions of a query; None when there is no condition.

    Args:
        asked: The query.
        archive: The archive, which knows days, pages and reporters.
        index: Its index, which knows runs of text.
        article_of: By paragraph id the id of its article, 0 where there is none.
    """
    size = int(article_of.max(initial=0)) + 1

    def holding(run: str, role: Role | None = None) -> Flags:
        flags = np.zeros(size, np.bool_)
        found = _holding(run, archive, index, role)
        flags[article_of[found[found < len(article_of)]]] = True
        return flags

    def any_of(group: Iterable[str]) -> Flags:
        return reduce(np.logical_or, map(holding, group))

    conditions: list[Callable[[], Flags]] = [
        *((lambda run=run: holding(run)) for run in asked.phrases),
        *((lambda run=run: ~holding(run)) for run in asked.without),
        *((lambda group=group: any_of(group)) for group in asked.either),
        *((lambda run=run: holding(run, Role.HEADLINE)) for run in asked.headline),
    ]
    if asked.first or asked.last or asked.pages or asked.reporters:
        conditions.append(lambda: _flags(archive.articles_of(asked), size))
    if not conditions:
        return None
    return reduce(np.logical_and, (condition() for condition in conditions))


def _flags(ids: Iterable[int], size: int) -> Flags:
    flags = np.zeros(size, np.bool_)
    flags[[i for i in ids if i < size]] = True
    return flags


def _holding(run: str, archive: Archive, index: ParagraphIndex, role: Role | None) -> Positions:
    """The paragraphs that hold a run of text, of one role where one is given."""
    folded = fold(run)
    pieces = [folded[start:end] for start, end in analyzer.run_spans(folded)]
    clauses = [
        clause for piece in pieces for clause in analyzer.run_clauses(piece) or [tuple(analyzer.run_terms(piece))]
    ]
    if not clauses:
        return np.empty(0, np.int64)
    found = [index.match(SearchTerms((run,), ((clause,),), (), {})).positions for clause in clauses]
    common = reduce(lambda a, b: np.intersect1d(a, b, assume_unique=True), found)
    if len(common) > _VERIFIED and role is None:
        return common
    texts = archive.texts([int(position) for position in common], role)
    wanted = [spell(piece) for piece in pieces]
    holds = [i for i, text in texts.items() if _in_order(spell(fold(text)), wanted)]
    return np.array(sorted(holds), np.int64)


def _in_order(text: str, pieces: Iterable[str]) -> bool:
    """Whether the pieces stand in the text one behind the other, whatever signs stand between them."""
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True
