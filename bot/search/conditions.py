"""The conditions of a query: which articles meet them all, whatever else ranks them."""

from collections.abc import Callable, Iterable
from functools import reduce

import numpy as np

from bot.archive import Archive
from bot.archive.places import ROLES, Places
from bot.models import Query, Role
from bot.search import analyzer
from bot.search.budget import spent
from bot.search.characters import is_han, spell_unified
from bot.search.literal import by_any, in_order, spelled_pieces
from bot.search.matching import MatchingIndex
from bot.search.sums import Mask, Positions

_VERIFIED = 5_000
"""Paragraphs whose text is looked at for an exact run; beyond these, its pairs of characters are taken for it."""


def meeting(asked: Query, archive: Archive, index: MatchingIndex, places: Places) -> Mask | None:
    """For each article id whether the article meets all conditions of a query; None when there is no condition.

    Args:
        asked: The query.
        archive: The archive, which knows days, pages and reporters.
        index: Its index, which knows runs of text.
        places: Where the paragraphs stand.
    """

    def holding(run: str, role: Role | None = None) -> Mask:
        flags = np.zeros(places.articles, np.bool_)
        found = _holding(run, index)
        found = found[found < len(places)]
        if role is not None:
            found = found[places.role[found] == ROLES.index(role)]
        flags[places.article[found]] = True
        return flags

    def any_of(group: Iterable[str], role: Role | None = None) -> Mask:
        return reduce(np.logical_or, (holding(run, role) for run in group))

    conditions: list[Callable[[], Mask]] = [
        *((lambda run=run: holding(run)) for run in asked.phrases),
        *((lambda run=run: ~holding(run)) for run in asked.without),
        *((lambda group=group: any_of(group)) for group in asked.either),
        *((lambda group=group: any_of(group, Role.HEADLINE)) for group in asked.headline),
    ]
    if asked.first or asked.last or asked.pages or asked.reporters:
        conditions.append(lambda: _flags(archive.articles_of(asked, by_any), places.articles))
    if not conditions:
        return None
    return reduce(np.logical_and, (condition() for condition in conditions))


def _flags(ids: Iterable[int], size: int) -> Mask:
    flags = np.zeros(size, np.bool_)
    flags[[i for i in ids if i < size]] = True
    return flags


def _holding(run: str, index: MatchingIndex) -> Positions:
    """The paragraphs that hold a run of text."""
    wanted = spelled_pieces(run)
    terms = [pair for piece in wanted for pair in (analyzer.pairs(piece) or analyzer.run_terms(piece))]
    common = index.having(terms)
    if len(common) > _VERIFIED or (len(terms) == 1 and all(map(is_han, terms[0]))) or (len(common) and spent()):
        return common
    texts = index.texts(common.tolist())
    return np.array(sorted(i for i, text in texts.items() if in_order(spell_unified(text), wanted)), np.int64)
