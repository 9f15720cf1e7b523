"""The lines that screens are made of."""

import re
from html import escape as html_escape

from bot.chat.texts import Texts
from bot.models import Article, Passage, Span

LINE = 200
"""Characters of a headline or a list of names that are shown; a broken page may have a headline of any length."""

MARKS = 15
"""Highlights of one passage, at most: Telegram shows the first 100 entities of a message."""

INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a page may hold and no message should: control characters, turns of the writing direction, halves of pairs."""


def headline(item: Article, texts: Texts) -> str:
    """The headline, bold."""
    return f"<b>{short(item.headline or texts.no_headline, LINE)}</b>"


def subheads(item: Article) -> list[str]:
    """The kickers and decks, the first three."""
    return [short(subhead, LINE) for subhead in item.subheads[:3]]


def source(item: Article, texts: Texts, *, dated: bool = True, paged: bool = True) -> str:
    """When it was printed, on which page, and who wrote it."""
    parts = [texts.day(item.date)] if dated else []
    if paged and item.page is not None:
        parts.append(texts.page.format(number=item.page))
    if item.reporters:
        parts.append(texts.reporters.format(names=short(" ".join(item.reporters), LINE)))
    return " · ".join(parts)


def passage(found: Passage, most: int = MARKS) -> str:
    """A passage with what matches in bold, `most` spans of it."""
    return marked(found.excerpt, found.highlights, most)


def marked(text: str, highlights: tuple[Span, ...], most: int = MARKS) -> str:
    """A text with spans of it in bold, the first `most`."""
    parts, here = [], 0
    for start, end in highlights[:most]:
        parts += [escape(text[here:start]), f"<b>{escape(text[start:end])}</b>"]
        here = end
    return "".join([*parts, escape(text[here:])])


def short(text: str, length: int) -> str:
    """The text, cut first and escaped then, so that no entity is cut in two."""
    return escape(text if len(text) <= length else text[: length - 1] + "…")


def escape(text: str) -> str:
    """Text as Telegram's HTML shows it literally, without the marks that would turn the writing direction."""
    return html_escape(plain(text), quote=False)


def plain(text: str) -> str:
    """Text for a button, without the marks that would turn the writing direction."""
    return INVISIBLE.sub("", text)
