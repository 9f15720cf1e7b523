"""Telegram's HTML, read as Telegram's server reads it."""

import re
from dataclasses import dataclass, field
from typing import NoReturn

from bot.sandbox.types import Formatted, Params, bad, is_url, utf16

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_NAME = re.compile(r"<([^\s>]*)")
_WORD = r"""[^\s=>/"']+(?![^\s=>/"'])"""
_REST = re.compile(rf"""((?:\s*{_WORD}(?:\s*=\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9.-]*(?=[\s>])))?)*)\s*>""")
_ATTRIBUTE = re.compile(r"""([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.-]*)))?""")
_END = re.compile(r"</([^\s>]*)\s*>")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![A-Za-z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


def parse_html(source: str) -> Formatted:
    """Return (text, entities, warnings). Offsets count UTF-16 code units; errors come where Telegram's do."""
    return _Reading(source).read()


@dataclass
class _Open:
    """A start tag that waits for its end: where its text begins, in UTF-16 code units and in pieces of the output."""

    tag: str
    begin: int
    piece: int
    attributes: dict[str, str]


@dataclass
class _Reading:
    source: str
    at: int = 0
    here: int = 0  # the length of the output in UTF-16 code units
    out: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    entities: list[Params] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def read(self) -> Formatted:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end_tag()
            elif self.source[self.at] == "<":
                self._start_tag()
            else:
                self._character()
        if self.open:
            self._fail(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.out), sorted(self.entities, key=lambda e: (e["offset"], -e["length"])), self.warnings

    def _fail(self, message: str, *, here: bool = False) -> NoReturn:
        place = f" at byte offset {len(self.source[: self.at].encode())}" if here else ""
        raise bad(f"can't parse entities: {message.replace('@', place)}")

    def _end_tag(self) -> None:
        if not self.open:
            self._fail("Unexpected end tag@", here=True)
        if not (match := _END.match(self.source, self.at)):
            self._fail("Unclosed end tag@", here=True)
        opened = self.open.pop()
        if match[1] and match[1].lower() != opened.tag:
            self._fail(f'Unmatched end tag@, expected "</{opened.tag}>", found "</{match[1].lower()}>"', here=True)
        if self.here > opened.begin:
            self._entity(opened)
        self.at = match.end()

    def _entity(self, opened: _Open) -> None:
        entity: Params = {"type": TAGS[opened.tag], "offset": opened.begin, "length": self.here - opened.begin}
        if opened.tag == "a":
            entity["url"] = opened.attributes.get("href") or "".join(self.out[opened.piece :])
            if not is_url(entity["url"]):
                self.warnings.append(f"link dropped: {entity['url']!r} is not a URL")
                return
        elif opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        self.entities.append(entity)

    def _start_tag(self) -> None:
        name = _NAME.match(self.source, self.at)
        if name is None or name.end() == len(self.source):
            self._fail("Unclosed start tag@", here=True)
        tag = name[1].lower()
        if tag not in TAGS:
            self._fail(f'Unsupported start tag "{tag}"@', here=True)
        if not (match := _REST.match(self.source, name.end())):
            self._fail(f'Unclosed start tag "{tag}"@', here=True)
        attributes = {m[1]: m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(match[1])}
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"@', here=True)
        outer = {opened.tag for opened in self.open}
        in_code = outer & {"code", "pre"} and (tag, outer) != ("code", {"pre"})
        if in_code or (tag == "blockquote" and tag in outer):
            self.warnings.append(f"<{tag}> is ignored inside {sorted(outer)}")
        self.open.append(_Open(tag, self.here, len(self.out), attributes))
        self.at = match.end()

    def _character(self) -> None:
        char, step = self.source[self.at], 1
        if match := _REFERENCE.match(self.source, self.at):
            code = ord(_NAMED[match[3]]) if match[3] else int(match[1] or match[2], 16 if match[1] else 10)
            if 0xD800 <= code < 0xE000:
                self._fail("Text contains invalid Unicode characters after decoding HTML entities")
            if 0 < code < 0x10FFFF:
                char, step = chr(code), len(match[0])
        elif re.match(r"&\w+;", self.source[self.at : self.at + 12]):
            self.warnings.append(f"shown literally: {self.source[self.at : self.at + 12]!r}")
        self.out.append(char)
        self.here += utf16(char)
        self.at += step
