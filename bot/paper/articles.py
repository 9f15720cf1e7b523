"""Lines to articles: which line is a headline, which begins an article, which goes on where the page broke.

The evidence, in this order: a line that opens with a byline begins an article's text; the short open lines straight
above it are its headlines; any other line that does not end as a paragraph ends goes on in the next.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from bot.models import Block, ParsedArticle, Role
from bot.paper.layout import Line, join, lines, plain

_SOURCE = re.compile(
    r"""
    (?: 【?\w{0,8}[报報社网網台][讯訊]】? | \w{1,6}社\w{0,8}\d{1,2}月\d{1,2}日电 )   # 本报讯 | 新华社北京1月7日电
    \s* (?: \( (?P<names>[^()]{1,60}) \) )?                                  # (记者 高燕)
    """,
    re.VERBOSE,
)
_BYLINE = re.compile(r"[□■○●]?\s*(?P<names>\w{0,4}[记記]者[\s:/]*\w[\w\s、/·]{0,40})")
_CAPTION = re.compile(r"(?:图为|图片新闻).*|.*[\s:/(]\S{1,8}\s?摄\)?")
_JUMP = re.compile(r"\(?\s*(?:下转|上接)第?\s*\w{1,4}\s*版\s*\w{0,8}\)?")
_TITLE = re.compile(r"\w{0,4}?([记記]者|通讯员|通訊員|实习生|實習生|摄影|攝影|文/图|文图)[\s:/]*")
_NAME = re.compile(r"[\w·]{1,30}")
_CROSSHEAD_LENGTH = 18
_CAPTION_LENGTH = 60


def parse_text(page: str) -> tuple[tuple[ParsedArticle, ...], tuple[str, ...]]:
    """The articles of a page's text, and its furniture.

    Every non-space character of the page comes out once: in one block of one article, or in one line of furniture.
    """
    body, furniture = lines(page)
    articles: list[list[_Draft]] = []
    unfinished: _Draft | None = None  # the paragraph whose end has not come yet
    headings = _headings(body)
    for i, line in enumerate(body):
        role = _role(line, heading=headings[i])
        blocks = articles[-1] if articles else []
        if role is Role.HEADLINE:
            if _in_head(blocks):
                role = Role.SUBHEAD
            else:
                articles.append(blocks := [])
        elif _source(line) and role is Role.TEXT and not _in_head(blocks):
            articles.append(blocks := [])  # a byline begins an article, even where the headline is not printed
        elif not articles:
            articles.append(blocks)
            if role is Role.TEXT and line.heading_like and not line.closed and not line.prose:
                role = Role.HEADLINE
        elif role is Role.TEXT and unfinished is not None:
            unfinished.parts.append(line.text)
            unfinished = None if line.closed else unfinished
            continue
        elif role is Role.TEXT and _crosshead(line) and i + 1 < len(body):
            role = Role.CROSSHEAD
        blocks.append(_Draft(role, [line.text]))
        if role not in (Role.CAPTION, Role.JUMP):  # these stand in the middle of a paragraph and do not end it
            unfinished = blocks[-1] if role is Role.TEXT and not line.closed else None
    whole = ([Block(draft.role, join(draft.parts)) for draft in blocks] for blocks in articles)
    return tuple(_article(blocks) for blocks in whole), tuple(furniture)


@dataclass(frozen=True)
class _Draft:
    """A block to which parts may still come."""

    role: Role
    parts: list[str]


def _headings(body: list[Line]) -> list[bool]:
    """For each line whether it is a headline or a sub-headline: it could be one, and a byline is all that follows."""
    marks = [False] * len(body)
    for i in range(len(body) - 2, -1, -1):
        leads = marks[i + 1] or bool(_source(body[i + 1]))
        marks[i] = leads and body[i].heading_like and not _source(body[i])
    return marks


def _role(line: Line, *, heading: bool) -> Role:
    if heading:
        return Role.HEADLINE
    if _BYLINE.fullmatch(line.plain):
        return Role.BYLINE
    if _JUMP.fullmatch(line.plain):
        return Role.JUMP
    if len(line.text) <= _CAPTION_LENGTH and _CAPTION.fullmatch(line.plain):
        return Role.CAPTION
    return Role.TEXT


def _in_head(blocks: list[_Draft]) -> bool:
    return bool(blocks) and blocks[-1].role in (Role.HEADLINE, Role.SUBHEAD, Role.BYLINE, Role.LABEL)


def _crosshead(line: Line) -> bool:
    return len(line.text) <= _CROSSHEAD_LENGTH and not line.closed and not line.prose


def _source(line: Line) -> re.Match[str] | None:
    return _SOURCE.match(line.plain) or _BYLINE.fullmatch(line.plain)


def _article(blocks: list[Block]) -> ParsedArticle:
    for block in blocks:
        if block.role in (Role.TEXT, Role.BYLINE):
            form = plain(block.text)
            match = _SOURCE.match(form) or _BYLINE.fullmatch(form)
            if match:
                return ParsedArticle(tuple(blocks), _reporters(match["names"] or ""), block.text[: match.end()].strip())
            if block.role is Role.TEXT:
                break
    return ParsedArticle(tuple(blocks))


def _reporters(names: str) -> tuple[str, ...]:
    """The people called 记者 in a byline: `记者 李明璇 郑苗苗`, `记者/甲 通讯员/乙`, `本报记者 施 钰`."""
    found: list[str] = []
    titles = list(_TITLE.finditer(names))
    for title, following in pairwise([*titles, None]):
        if not title or title[1] not in ("记者", "記者"):
            continue
        words = re.split(r"[\s、,/:]+", names[title.end() : following.start() if following else None].strip())
        while words:
            name = words.pop(0)
            if len(name) == 1 and words and len(words[0]) == 1:  # 施 钰: a name of two characters, spaced out
                name += words.pop(0)
            if _NAME.fullmatch(name):
                found.append(name)
    return tuple(dict.fromkeys(found))
