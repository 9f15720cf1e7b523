"""A follow-up to a query: 只看标题, 昨天的, 不要旅游, 最新, or more words."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from bot.models import Query, Sort
from bot.search import days
from bot.search.asking import search_terms
from bot.search.characters import fold
from bot.search.query import as_typed, parse_query

T = TypeVar("T")

_ONLY = r"(?:(?:请|就)?(?:只要|只看|只搜|只找|仅看|仅要|仅)|only )?"
_HEADLINES = re.compile(
    rf"{_ONLY}(?:看|在|搜)?(?:标题|题目)(?:里|中|党)?(?:的|有的|含有的)?|(?:titles?|headlines?) only"
)
_WITHOUT = re.compile(r"(?:不要|不看|不含|别要|去掉|除去|除了|排除|without |not )(?P<run>.+?)(?:的|以外的?|之外的?)?")
_SORTS = (
    (Sort.NEWEST, re.compile("(?:按|看|要)?(?:最新|最近|新的|时间)(?:的|在前|优先|排序)*|newest(?: first)?")),
    (Sort.OLDEST, re.compile("(?:按|看|要)?(?:最早|最旧|最老|旧的)(?:的|在前|优先|排序)*|oldest(?: first)?")),
    (Sort.RELEVANCE, re.compile("(?:按|看|要)?(?:最相关|相关|最像)(?:的|在前|优先|排序)*|best(?: first)?")),
)
_ONLY_DAYS = re.compile(rf"{_ONLY}(?P<days>.+?)(?:那[天期份])?的?(?:报纸|报道|新闻|文章|消息)?")
_PART = re.compile(r"[\s,，;；。、]+")


def refine(base: Query, said: str, today: date) -> Query:
    """The query with what a follow-up changes of it; its text says all of it, and days by their dates.

    A follow-up is read piece by piece: what names the headline, days, an order or something to leave out is a change;
    the rest is further words and conditions. Days take the place of those that the query had.

    Args:
        base: The query as it was.
        said: The follow-up.
        today: The day that 昨天 counts from.
    """
    query, rest = base, list[str]()
    for piece in _pieces(said):
        changed = _changed(query, piece, today)
        query = changed or query
        if changed is None:
            rest.append(piece)
    more = parse_query(" ".join(rest), today=today) if rest else Query("", words="")
    words = query.text if query.words is None else query.words
    query = replace(
        query,
        offset=0,
        words=" ".join(filter(None, (words, more.text if more.words is None else more.words))),
        phrases=_both(query.phrases, more.phrases),
        without=_both(query.without, more.without),
        either=tuple(dict.fromkeys((*query.either, *more.either))),
        headline=_both(query.headline, more.headline),
        reporters=_both(query.reporters, more.reporters),
        pages=more.pages or query.pages,
        first=more.first if more.first or more.last else query.first,
        last=more.last if more.first or more.last else query.last,
    )
    return parse_query(as_typed(query), today=today, sort=query.sort, limit=query.limit)


def _changed(query: Query, piece: str, today: date) -> Query | None:
    """The query as one piece of a follow-up changes it; None when the piece is words like any other."""
    folded = fold(piece)
    if _HEADLINES.fullmatch(folded):
        words = query.text if query.words is None else query.words
        telling = search_terms(words).words if words else ()
        named = tuple((run,) for run in (*telling, *query.phrases))
        return replace(query, words="", phrases=(), headline=_both(query.headline, named))
    if match := _WITHOUT.fullmatch(folded):
        return replace(query, without=_both(query.without, (match["run"].strip(),)))
    for sort, form in _SORTS:
        if form.fullmatch(folded):
            return replace(query, sort=sort)
    match = _ONLY_DAYS.fullmatch(folded)
    if found := days.read(folded, today) or (match and days.read(match["days"], today)):
        return replace(query, first=found[0], last=found[1])
    return None


def _pieces(said: str) -> list[str]:
    """The follow-up as a whole where that is one change, else what commas and spaces part."""
    said = said.strip(" \n\t。.!！?？")
    return [said] if _SORTS_OR_WITHOUT.fullmatch(fold(said)) else [piece for piece in _PART.split(said) if piece]


_SORTS_OR_WITHOUT = re.compile(r"(?:titles?|headlines?) only|(?:newest|oldest|best) first|(?:without|not) \S+")


def _both(one: Iterable[T], other: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*one, *other)))
