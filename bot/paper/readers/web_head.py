"""The head of an article's web page: the headline and the lines around it, by where publishing systems print them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.paper.readers import markup
from bot.paper.readers.markup import Element

_HEADLINES = (  # where a headline is, and by XPath from it, the lines that may belong to it
    ("#Title, founder-title", "//*[@id='PreTitle' or @id='SubTitle'] | //founder-subtitle"),
    (".font01", "ancestor::table[1]//*[contains(@class, 'font02')]"),
    ("h1", "../h2 | ../h3 | ../h4"),
    ("h2", "../h3 | ../h4"),
    ("h3, .title", "../h4 | ../*[contains(@class, 'subtitle')]"),
)
_AUTHORS = ".sec, .author, #Author, founder-author"
_BYLINE = re.compile(r"[\W_]*(?:\w{0,6}?(?:记者|記者|通讯员|通訊員|评论员|評論員|特约|作者)|[文图圖]\s*[/:：])")
_LENGTH = 200
_CANDIDATES = 50
"""No page has more places for one thing; a made-up one may, and must not take longer than a page."""


@dataclass(frozen=True)
class Head:
    """The head of an article, line by line, and the elements that it was printed in."""

    headline: tuple[str, ...] = ()
    kickers: tuple[str, ...] = ()
    decks: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    elements: frozenset[Element] = frozenset()


def find(root: Element, body: Element) -> Head:
    """The head above an article's text, or at its beginning.

    Args:
        root: The page.
        body: The element, or the comment, that the article's text begins with.
    """
    authors = _printed(root.cssselect(_AUTHORS))
    for selector, related in _HEADLINES:
        places = _places(root, [body, *(candidates := _printed(root.cssselect(selector)))])
        above = [c for c in candidates if places[c] < places[body] and body not in c.iterdescendants()]
        headline = above[-1] if above else _opening(body, candidates)
        if headline is not None:
            return _around(root, body, headline, [*_printed(headline.xpath(related)), *authors], authors)
    return Head()


def texts(element: Element) -> tuple[str, ...]:
    """The lines of an element, without their indent."""
    return tuple(line.text.strip() for line in markup.lines(element))


def _around(
    root: Element, body: Element, headline: Element, related: Sequence[Element], authors: Sequence[Element]
) -> Head:
    places = _places(root, [body, headline, *related])
    if places[headline] > places[body]:
        near = set(_beside(headline, related))
    else:
        near = {e for e in related if places[e] < places[body]}
    near = {e for e in near if headline not in e.iterdescendants() and body not in e.iterdescendants()}
    near = {e for e in near if near.isdisjoint(e.iterancestors()) and headline not in e.iterancestors()}
    parts: dict[str, tuple[str, ...]] = {"kickers": (), "decks": (), "byline": ()}
    for element in sorted(near, key=places.__getitem__):
        lines = texts(element)
        if element in authors or _BYLINE.match(lines[0]):
            kind = "byline"
        else:
            kind = "kickers" if places[element] < places[headline] else "decks"
        parts[kind] += lines
    return Head(texts(headline), **parts, elements=frozenset({headline, *near}))


def _opening(body: Element, candidates: Sequence[Element]) -> Element | None:
    """The headline inside an article's text: what stands further down there is a headline between paragraphs."""
    inside = [c for c in candidates if body in c.iterancestors()]
    if not inside:
        return None
    opening = [line.text.strip() for line in markup.lines(body)[:3]]
    return inside[0] if texts(inside[0])[0] in opening else None


def _beside(headline: Element, related: Sequence[Element]) -> Iterable[Element]:
    yield from takewhile(related.__contains__, headline.itersiblings("*", preceding=True))
    yield from takewhile(related.__contains__, headline.itersiblings("*"))


def _printed(elements: Sequence[Element]) -> list[Element]:
    return [e for e in elements[:_CANDIDATES] if 0 < sum(map(len, texts(e))) <= _LENGTH]


def _places(root: Element, elements: Sequence[Element]) -> dict[Element, int]:
    """Where elements stand in the page, from its beginning."""
    wanted = set(elements)
    return {node: place for place, node in enumerate(root.iter()) if node in wanted}
