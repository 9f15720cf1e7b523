"""Feeds (RSS 2.0, RSS 1.0, Atom): an entry is an article, a day's entries are a page."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from bot.models import Doubt
from bot.paper.page import PageError, PageText
from bot.paper.readers import extra, markup, published
from bot.paper.readers.published import Published

MAX_BYTES = 2 << 20
"""A feed of a paper is some 500 KB."""

_OPENING = re.compile(
    r"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)*+<(?:rss\b|(?:\w+:)?RDF\b|(?:\w+:)?feed\b)",
    re.DOTALL,
)
_OPENING_LENGTH = 4096
_ENTITY = re.compile(rb"<\0?!\0?E\0?N\0?T\0?I\0?T\0?Y")
_MENDABLE = 32 << 10
"""A broken feed is mended up to this size: that takes time by the square of it."""
_BYLINE_WITHIN = 3
"""An author is printed within so many lines of the beginning or the end, if at all."""


def recognises(data: bytes) -> bool:
    """Whether its outermost element is a feed's."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return bool(_OPENING.match(data[:_OPENING_LENGTH].decode(encoding, "ignore").lstrip("\ufeff")))


def read(data: bytes, name: str) -> list[PageText]:
    """The entries of a feed, each day's in one page: the day in China, whatever the feed's own zone.

    Raises:
        PageError: It is broken, or holds no entry with text.
    """
    if len(data) > MAX_BYTES:
        raise PageError(f"a feed of more than {MAX_BYTES >> 20} MB. Split it.")
    if _ENTITY.search(data):  # a short one may stand for gigabytes
        raise PageError("a feed that declares entities of its own. Save it without its DOCTYPE.")
    feedparser, etree = (extra.load(package, wanted_by="a feed") for package in ("feedparser", "lxml.etree"))
    if len(data) > _MENDABLE:
        try:
            etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
        except (etree.LxmlError, ValueError):
            raise PageError("broken XML. Fetch the feed again.") from None
    try:  # from a stream: what is no stream it would take for an address, or a file's name
        feed = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except Exception:  # whatever a made-up feed breaks in it
        raise PageError("a broken feed. Fetch it again.") from None
    paper = _plain(feed.feed.get("title"))
    articles = [article for entry in feed.entries if (article := _article(entry, paper)).lines()]
    if not articles:
        raise PageError("a feed without an entry that has text. Fetch it again.")
    warnings = (Doubt.BROKEN_XML.of(),) if _broken(feed) else ()
    return published.pages(articles, warnings=warnings)


def _article(entry: Any, paper: str) -> Published:
    body = markup.paragraphs(max(_contents(entry), key=len, default=""))
    headline = tuple(line.text.strip() for line in markup.paragraphs(_string(entry.get("title"))))
    author = _plain(entry.get("author"))
    ends = "".join(line.text for line in (*body[:_BYLINE_WITHIN], *body[-_BYLINE_WITHIN:]))
    stamps = (entry.get(key) for key in ("published", "updated", "created"))
    return Published(
        tuple(line for i, line in enumerate(body) if i or line.text.strip() not in headline),
        headline,
        byline=(author,) if author and author not in ends else (),
        day=next(filter(None, map(published.day, filter(None, stamps))), None),
        paper=paper,
    )


def _contents(entry: Any) -> Iterator[str]:
    """The texts of an entry: the whole, or what the feed gives of it."""
    yield _string(entry.get("summary"))
    for content in entry.get("content") or ():
        yield _string(content.get("value"))


def _broken(feed: Any) -> bool:
    """Whether it was not well-formed: its encoding or media type, which feedparser blames too, do not matter here."""
    return type(feed.get("bozo_exception")).__name__ == "SAXParseException"


def _plain(value: object) -> str:
    return "".join(line.text.strip() for line in markup.paragraphs(_string(value)))


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
