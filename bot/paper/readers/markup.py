"""HTML to printed lines: what a browser would show of an element, line by line."""

import codecs
import re
from collections.abc import Collection
from contextlib import suppress
from html import unescape
from itertools import islice
from typing import Any

from bot.models import Role
from bot.paper.page import PageError, PrintedLine
from bot.paper.readers import extra, text

Element = Any
"""An element of lxml, which has no types of its own."""

# fmt: off
UNSEEN = frozenset((
    "audio", "button", "head", "iframe", "map", "nav", "noscript", "object", "option", "script", "select", "style",
    "svg", "template", "textarea", "title", "video",
))
"""Elements of which a reader of the page sees no text, or none of the article's."""

_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins",
    "kbd", "label", "mark", "nobr", "o:p", "q", "ruby", "rt", "rb", "rp", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "tt", "u", "var", "wbr",
))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SPACED = _HEADINGS | {"p", "ul", "ol", "dl", "blockquote", "table", "figure", "pre", "hr"}
# fmt: on
CONTENT_BEGINS, CONTENT_ENDS = "enpcontent", "/enpcontent"
"""The comments that Founder's publishing system puts around an article's text."""

_CAPTION_CLASS = re.compile(r"(?:^|\s)(?:\w*caption|pictext|pic[-_]?desc|img[-_]?desc|imgtext|tu-?zhu)(?:\s|$)", re.I)
_CAPTION_LENGTH = 200
_CELLS_LEVEL = 6  # from an image up to its table: row, cell, link and the like

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
_CODECS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "big5hkscs": "big5hkscs"}
_HEAD = 4096
_TOLERATED = 100
_CONTROL = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"<(?:/?(?:p|br|div|span|a|img|table|tr|td|b|i|strong|em|font|h[1-6]|ul|li|section)\b|!--)", re.I)
_WIDE = "\u2010-\u2027\u2e80-\uffef"
_SOURCE_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t\r\f]*\n[ \t\r\n\f]*(?=[{_WIDE}])")  # a browser shows no space here
_SPACE = re.compile(r"[ \t\r\n\f]+")


def decode(data: bytes) -> tuple[str, int]:
    """The text of a web page, and how many of its characters are damaged.

    A byte order mark comes first; then UTF-8, which no other encoding is taken for; then what the page says of itself,
    where gb2312 means its superset; then any that `text.decode` knows.

    Raises:
        PageError: It is not text.
    """
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8-sig"), 0
    declared = _CHARSET.search(data, 0, _HEAD)
    name = declared[1].decode("ascii").lower() if declared else ""
    if (codec := _CODECS.get(name)) and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        page = data.decode(codec, "replace")
        if (damaged := page.count("\ufffd")) * _TOLERATED < len(page):
            return page, damaged
    try:
        return text.decode(data)
    except ValueError:
        raise PageError("a web page in an unknown encoding. Save it as UTF-8.") from None


def tree(page: str) -> Element:
    """The elements of a page.

    Raises:
        PageError: It holds no element, or nests them deeper than any page does.
    """
    html, etree = (extra.load(package, wanted_by="a web page") for package in ("lxml.html", "lxml.etree"))
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False)
    try:
        root = html.document_fromstring(_clean(page), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        raise PageError("a web page with nothing in it. Save the page again.") from None
    if any("depth" in error.message for error in parser.error_log):
        raise PageError("its elements are nested too deeply for a newspaper page. Save its text instead.")
    return root


def paragraphs(content: str) -> list[PrintedLine]:
    """The lines of an article's content, be it HTML or plain text.

    Raises:
        PageError: It is HTML that cannot be read.
    """
    if not _MARKUP.search(content):
        return text.printed_lines(_clean(unescape(content)).decode())
    return lines(tree(f"<div>{content}</div>"))


def lines(root: Element, *, skip: Collection[Element] = (), unseen: Collection[str] = UNSEEN) -> list[PrintedLine]:
    """The lines that a browser shows of an element: every block, and every `<br>`, ends one.

    Args:
        root: The element.
        skip: Elements inside it to leave out.
        unseen: The tags to leave out.
    """
    return _walk(root, skip, unseen, marked=False)


def marked_lines(root: Element, *, skip: Collection[Element] = ()) -> list[PrintedLine]:
    """The lines between the comments that begin and end an article's content, wherever under `root` these stand."""
    return _walk(root, skip, UNSEEN, marked=True)


def _walk(root: Element, skip: Collection[Element], unseen: Collection[str], *, marked: bool) -> list[PrintedLine]:
    etree = extra.load("lxml.etree", wanted_by="a web page")
    flow = _Flow(is_open=not marked)
    pictures = _pictures(root)
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))  # deep trees need no deep stack
    for event, node in walker:
        if event == "start":
            if node in skip or node.tag in unseen:
                walker.skip_subtree()
                continue
            flow.start(node, _role(node, pictures))
            flow.add(node.text)
            continue
        if event == "end" and node not in skip and node.tag not in unseen:
            flow.end(node)
        if event == "comment" and marked and (mark := (node.text or "").strip()) in (CONTENT_BEGINS, CONTENT_ENDS):
            flow.is_open = mark == CONTENT_BEGINS
        if node is not root:
            flow.add(node.tail)
    flow.finish_line()
    return flow.lines


class _Flow:
    """Text that runs on until a block or a break ends the line."""

    def __init__(self, *, is_open: bool) -> None:
        self.lines: list[PrintedLine] = []
        self.is_open = is_open
        self._parts: list[str] = []
        self._gap = False
        self._roles: list[tuple[Element, Role]] = []
        self._preformatted = 0

    def add(self, piece: str | None) -> None:
        if not piece or not self.is_open:
            return
        first, *others = piece.split("\n") if self._preformatted else [piece]
        self._parts.append(first)
        for part in others:
            self.finish_line()
            self._parts.append(part)

    def start(self, node: Element, role: Role | None) -> None:
        if node.tag not in _INLINE or role:
            printed = self.finish_line()
            self._gap |= node.tag in _SPACED or (node.tag == "br" and not printed)
        if role:
            self._roles.append((node, role))
        self._preformatted += node.tag == "pre"

    def end(self, node: Element) -> None:
        self._preformatted -= node.tag == "pre"
        roled = bool(self._roles) and self._roles[-1][0] is node
        if node.tag not in _INLINE or roled:
            self.finish_line()
            self._gap |= node.tag in _SPACED
        if roled:
            self._roles.pop()

    def finish_line(self) -> bool:
        """Ends the line, and tells whether there was anything on it."""
        whole = _SPACE.sub(" ", _SOURCE_BREAK.sub("", "".join(self._parts))).strip(" ")
        self._parts.clear()
        if not whole.strip():
            self._gap |= bool(whole)  # white space that a browser keeps fills a line
            return False
        role = self._roles[-1][1] if self._roles else None
        for line in filter(str.strip, whole.splitlines()):
            self.lines.append(PrintedLine(line.rstrip(), gap=self._gap, role=role))
            self._gap = False
        return True


def _role(node: Element, pictures: Collection[Element]) -> Role | None:
    if node.tag == "figcaption" or node in pictures or _CAPTION_CLASS.search(node.get("class", "")):
        return Role.CAPTION
    return Role.CROSSHEAD if node.tag in _HEADINGS else None


def _pictures(root: Element) -> set[Element]:
    """The tables that hold a picture and its caption, as pages had them before there were figures."""
    tables = {
        table
        for image in root.iter("img")
        for table in islice(image.iterancestors(), _CELLS_LEVEL)
        if table.tag == "table"
    }
    return {table for table in tables if len("".join(islice(table.itertext(), _CAPTION_LENGTH))) <= _CAPTION_LENGTH}


def _clean(page: str) -> bytes:
    return _CONTROL.sub(" ", page).encode("utf-8", "replace")
