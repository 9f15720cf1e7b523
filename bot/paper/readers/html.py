"""Digital editions of papers (数字报): an article's page, by the places where publishing systems print things."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from html import unescape
from itertools import islice

from bot.models import Doubt, Role
from bot.paper.page import PageError, PageText, PrintedLine
from bot.paper.readers import extra, markup, published, text, web_head
from bot.paper.readers.markup import Element
from bot.paper.readers.published import Published

MAX_BYTES = 1 << 20
"""An article's page is some 50 KB."""

_OPENING = re.compile(
    r"(?>\s+|<\?.*?\?>|<!--(?!\s*enp).*?-->)*+"
    r"<(?:!doctype\s+html|(?:html|head|meta|title|link|script|style|body|div|table|tr|td|p|br|h[1-6]|span|font|article"
    r"|section|main|center|founder-\w+)\b|!--\s*enp)",
    re.IGNORECASE | re.DOTALL,
)
_OPENING_LENGTH = 4096

_BODIES = ("#ozoom", "#articleContent", "#ArticleContent", "founder-content")
_WIDER_BODIES = (
    "#contentText", "#zoom", "#article-content", ".article-content", ".art-text", ".TRS_Editor", ".text_c", ".c_c",
    "#content", ".content", "article",
)  # fmt: skip
_BODY_LENGTH = 40  # characters outside of links: the wider places do not always hold an article
_CANDIDATES = 10  # no page has more places for one thing; a made-up one may
_PICTURES = ".attachment, figure"
_LINKS = "a[href*='content'], area[href*='content'], #titleList a, .news-list a"

_DATE = r"(?:19|20)\d\d\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2}"
_DATE_LINE = re.compile(_DATE)
_PAGE_LINE = re.compile(r"(?:第\s*|(?<![\w.]))[A-Z]?0*(\d{1,3})\s*版")
_STAMP = re.compile(rf"《([^《》]{{2,20}})》\s*[(（]\s*({_DATE})\s*日?\s*第?\s*[A-Z]?0*(\d{{1,3}})\s*版\s*[)）]")
_MASTHEAD = re.compile(r"[\u4e00-\u9fff]{1,8}[报報]")
_PAPER = re.compile(r"[\u4e00-\u9fff]{2,6}?(?:[日晚晨早时商周時週]|都市|青年|经济)[报報]")
_META_DATES = ("date", "pubdate", "publishdate", "publish_date", "article:published_time")
_HEADER_LENGTH = 60


def recognises(data: bytes) -> bool:
    """Whether it opens as a web page, or a piece of one, does."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return bool(_OPENING.match(data[:_OPENING_LENGTH].decode(encoding, "ignore").lstrip("\ufeff")))


def read(data: bytes, name: str) -> list[PageText]:
    """The article of a web page.

    Raises:
        PageError: It holds none, or only the headlines of a page; or it is broken.
    """
    if len(data) > MAX_BYTES:
        raise PageError(f"a web page of more than {MAX_BYTES >> 20} MB. Save the article's text instead.")
    source, damaged = markup.decode(data)
    root = markup.tree(source)
    warnings = (Doubt.DAMAGED_CHARACTERS.of(damaged),) if damaged else ()
    if article := _article(root):
        return published.pages([article], warnings=warnings)
    if root.cssselect(_LINKS):
        raise PageError("it holds the headlines of a page and no article. Fetch the articles that it links to.")
    return published.pages([_unknown(root)], warnings=(*warnings, Doubt.UNKNOWN_LAYOUT.of()))


def _article(root: Element) -> Published | None:
    body = _body(root)
    if body is None:
        return None
    properties = _properties(root)
    head = web_head.find(root, body)
    lines = [*_captions(root, body), *_lines(root, body, skip=head.elements)]
    headline, kickers, decks = head.headline, head.kickers, head.decks
    if not headline:  # not printed where we know to look, but it is known
        headline, kickers, decks = ((properties[k],) if properties.get(k) else () for k in _KEPT_HEAD)
        known = {*headline, *kickers, *decks}
        lines = [line for i, line in enumerate(lines) if i >= len(known) or line.text.strip() not in known]
    stamp = _STAMP.search(" ".join(head.byline))
    byline = filter(None, (_STAMP.sub("", text).strip() for text in head.byline))
    day, number, paper = _stamps(root, _headers(root, body, head.elements), properties)
    if stamp:
        day, number, paper = published.day(stamp[2]), int(stamp[3]), stamp[1]
    return Published(tuple(lines), headline, kickers, decks, tuple(byline), day=day, number=number, paper=paper)


_KEPT_HEAD = ("title", "introtitle", "subtitle")


def _body(root: Element) -> Element | None:
    """The element that holds the article's text, or the comment that it follows."""
    for selector in _BODIES:
        for element in root.cssselect(selector)[:_CANDIDATES]:
            if markup.lines(element):
                return element
    marks = (c for c in _comments(root) if (c.text or "").strip() == markup.CONTENT_BEGINS)
    if (mark := next(marks, None)) is not None and markup.marked_lines(root):
        return mark
    for selector in _WIDER_BODIES:
        for element in root.cssselect(selector)[:_CANDIDATES]:
            unlinked = markup.lines(element, unseen=markup.UNSEEN | {"a"})
            if sum(len(line.text) for line in unlinked) >= _BODY_LENGTH:
                return element
    return None


def _lines(root: Element, body: Element, skip: frozenset[Element]) -> list[PrintedLine]:
    return markup.lines(body, skip=skip) if isinstance(body.tag, str) else markup.marked_lines(root, skip=skip)


def _captions(root: Element, body: Element) -> Iterator[PrintedLine]:
    """The captions of pictures that stand apart from the text."""
    around = {body, *body.iterancestors()}
    read: set[Element] = set()
    for picture in root.cssselect(_PICTURES)[:_CANDIDATES]:
        if picture not in around and (read | {body}).isdisjoint(picture.iterancestors()):
            read.add(picture)
            for line in markup.lines(picture):
                yield replace(line, role=Role.CAPTION)


def _comments(root: Element) -> Sequence[Element]:
    etree = extra.load("lxml.etree", wanted_by="a web page")
    return list(islice((c for c in root.iter(etree.Comment) if "enp" in (c.text or "")), _CANDIDATES))


def _properties(root: Element) -> dict[str, str]:
    """What Founder's publishing system keeps of an article, in a comment: `<date>2026-01-08</date><title>…`."""
    found: dict[str, str] = {}
    for comment in _comments(root):
        content = (comment.text or "").strip()
        if content.startswith("enpproperty"):
            for key, value in re.findall(r"<(?:founder-)?(\w+)>([^<]*)", content):
                if value.strip():
                    found.setdefault(key.lower(), unescape(value).strip())
    return found


def _headers(root: Element, body: Element, head: frozenset[Element]) -> list[str]:
    """The short lines outside of the article that link to nothing: the page's own name and date among them."""
    apart = markup.lines(root, skip={body, *head}, unseen=markup.UNSEEN | {"a"})
    return [text for line in apart if len(text := line.text.strip()) <= _HEADER_LENGTH]


def _stamps(root: Element, headers: Sequence[str], properties: dict[str, str]) -> tuple[date | None, int | None, str]:
    """The day, the page number and the paper."""
    node = properties.get("nodename", "")
    title = root.findtext(".//title") or ""
    dated = [line for line in headers if _DATE_LINE.search(line)]
    metas = {m.get("name") or m.get("property") or "": m.get("content", "") for m in root.iter("meta")}
    known = {key.lower(): value for key, value in metas.items()}
    dates = [properties.get("date", ""), *(m[0] for m in map(_DATE_LINE.search, dated) if m)]
    dates += [known[key] for key in _META_DATES if key in known]
    numbers = {int(m[1]) for m in map(_PAGE_LINE.search, dated or headers) if m} or {
        int(m[1]) for m in map(_PAGE_LINE.search, headers) if m
    }
    number = published.page_number(node) if "版" in node else None
    papers = [node, *headers, *_PAPER.findall(title)]
    return (
        next(filter(None, map(published.day, dates)), None),
        number or (numbers.pop() if len(numbers) == 1 else None),  # several are a guide to the other pages
        next((paper for paper in papers if _MASTHEAD.fullmatch(paper)), ""),
    )


def _unknown(root: Element) -> Published:
    """What is most likely the article of a page in a layout that we do not know."""
    trafilatura = extra.load("trafilatura", wanted_by="a web page")
    try:
        found = trafilatura.bare_extraction(root, favor_precision=True, include_comments=False, with_metadata=True)
    except Exception:  # whatever a made-up page breaks in it
        found = None
    lines = text.printed_lines(found.text) if found and found.text else []
    if not lines:
        raise PageError("no article in this web page. Save the article's own page, or its text.")
    headline = (found.title.strip(),) if found.title else ()
    lines = [replace(line, gap=True) for i, line in enumerate(lines) if i or line.text.strip() not in headline]
    return Published(tuple(lines), headline, day=published.day(found.date or ""))
