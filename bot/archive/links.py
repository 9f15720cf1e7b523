"""How the articles of an edition belong together: halves on two pages, and one story printed twice."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.archive.identity import grams
from bot.paper.dates import page_named

_COPY = 0.8
"""One of two articles is a copy when it holds this part of the other's text …"""
_SIZE = 0.6
"""… and the shorter is no shorter than this part of the longer: a summary on the front page is no copy."""
_SHORTEST = 40
"""Below so many pieces of text, being alike means nothing: weather reports are."""


@dataclass(frozen=True)
class Placed:
    """An article on its page; `goes_on` and `comes_from` name pages as they are printed: 四, A4, 4."""

    id: int
    page: int | None
    headline: str
    text: str
    goes_on: str = ""
    comes_from: str = ""


def continuations(articles: Sequence[Placed]) -> dict[int, int]:
    """By the id of a second half (上接第一版), the id of its first half (下转第四版).

    Two halves belong together when each names the page of the other. Where several do, their headlines tell, or, as
    many as begin on one page and end on another, their order.
    """
    firsts: dict[tuple[int, int], list[Placed]] = defaultdict(list)
    seconds: dict[tuple[int, int], list[Placed]] = defaultdict(list)
    for article in articles:
        if article.page is None:
            continue
        if (to := page_named(article.goes_on)) is not None:
            firsts[article.page, to].append(article)
        if (back := page_named(article.comes_from)) is not None:
            seconds[back, article.page].append(article)
    found: dict[int, int] = {}
    for pages, halves in seconds.items():
        found |= _paired(firsts[pages], halves)
    return found


def _paired(firsts: list[Placed], seconds: list[Placed]) -> dict[int, int]:
    found: dict[int, int] = {}
    left = list(firsts)
    for second in seconds:
        named = [first for first in left if second.headline and _same_headline(first.headline, second.headline)]
        if len(named) == 1:
            found[second.id] = named[0].id
            left.remove(named[0])
    rest = [second for second in seconds if second.id not in found]
    if len(rest) == len(left):
        found |= {second.id: first.id for second, first in zip(rest, left, strict=True)}
    return found


def _same_headline(one: str, other: str) -> bool:
    a, b = ("".join(filter(str.isalnum, text)) for text in (one, other))
    return bool(a and b) and (a in b or b in a)


def copies(articles: Sequence[Placed]) -> dict[int, int]:
    """By the id of an article that repeats another of the edition, the id of the first that it repeats."""
    holders: dict[str, list[int]] = defaultdict(list)
    sizes: list[int] = []
    found: dict[int, int] = {}
    for place, article in enumerate(articles):
        pieces = grams(article.text)
        sizes.append(len(pieces))
        common = Counter(before for piece in pieces for before in holders.get(piece, ()))
        for before, count in common.most_common(1):
            smaller, larger = sorted((sizes[before], len(pieces)))
            if smaller >= _SHORTEST and count >= _COPY * smaller and smaller >= _SIZE * larger:
                found[article.id] = articles[before].id
        if article.id not in found:
            for piece in pieces:
                holders[piece].append(place)
    return found
