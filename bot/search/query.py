"""What was typed to what was meant: words, exact runs, exclusions, alternatives, fields and days.

A sign counts only where a word begins, so that 新冠-19 and 2026-01 are no exclusions, and days only as a word between
spaces: 昨天的会议 and a pasted 今天,会议举行 are text to find, in an issue of any day. 昨天的报纸 asks for nothing but
the day. What makes no sense as a sign is searched as it stands.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date

from bot.models import Query, Sort
from bot.paper.dates import page_named
from bot.search import days
from bot.search.asking import MAX_LENGTH, SearchTerms, search_terms, tells
from bot.search.characters import fold, fold_with_offsets

__all__ = ["MAX_LENGTH", "SearchTerms", "as_typed", "parse_query", "search_terms"]

_QUOTES = str.maketrans("“”„‟『』", '""""「」')
_QUOTED = '"[^"]+"|「[^「」]+」'
_BEGINS, _ENDS = r"(?<![^\s|])", r"(?=[\s|?!,。;、]|$)"
_TOKEN = re.compile(
    rf"""
      (?P<bar>\|)
    | (?:{_BEGINS}(?:(?P<minus>-)(?![\s|-])|(?P<label>标题|记者|版):\ ?))?
      (?:(?P<quoted>(?:{_BEGINS}|(?<=[-:\ ]))(?:{_QUOTED})|(?:{_QUOTED}){_ENDS})
        |(?P<plain>(?:(?!(?:{_QUOTED}){_ENDS})[^\s|])+))
    """,
    re.VERBOSE,
)
_PAGE = re.compile("第 ?([0-9一二三四五六七八九十]{1,3}) ?版")
_BELOW_ZERO = re.compile("[0-9]{1,3}(?:[.][0-9]+)?(?:°c?|度|%)?(?:[到至~].*)?")
"""What follows a minus that is no sign: -9℃."""
_NUMBER = re.compile("[0-9]{3,}[%‰]?|[0-9]+[.][0-9]+[%‰]?")
"""A number of which the index knows but the pieces: asked for alone, it is an exact run."""

_OR = frozenset({"或", "或者"})
_WORD_CHARACTER = re.compile(r"[^\W_]")
_WORD = re.compile(r"[^\W_]+")
_AFTER = "?!。,;、"
_AT_END = re.compile("[?!。,;、？！，；]+$")
"""Signs behind days, a page or a field that are none of it, folded and as typed."""

MOST_RUNS = 20
"""Runs of text in the conditions of a query, those of alternatives included: each is looked up by itself."""

_DAYS_TOKENS, _PAGE_TOKENS = 8, 3
"""Tokens that days, and a page, may be typed in: 2026 年 1 月 5 日 至 9 日, 第 3 版."""


class _Readable(dict[int, str]):
    """A table for `str.translate`: format characters and halves of pairs go, control characters part words."""

    def __missing__(self, code: int) -> str:
        category = unicodedata.category(chr(code))
        return "" if category in ("Cf", "Cs") else " " if category == "Cc" else chr(code)


@dataclass(frozen=True)
class _Token:
    """A piece of the query between spaces or bars, without its sign and its quotation marks.

    `start` and `end` are its place in the folded text, sign and marks included; `typed` is all of it as typed.
    """

    sign: str
    exact: bool
    content: str
    typed: str
    start: int
    end: int

    @property
    def is_run(self) -> bool:
        return self.sign in ("", "plain") and _WORD_CHARACTER.search(self.content) is not None

    @property
    def is_signed_run(self) -> bool:
        return self.sign in ("-", "标题", "记者", "版") and _WORD_CHARACTER.search(self.content) is not None

    @property
    def is_or(self) -> bool:
        return self.sign in ("", "plain") and not self.exact and self.content in _OR


@dataclass
class _Reading:
    """What has been read so far."""

    words: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    either: list[tuple[str, ...]] = field(default_factory=list)
    headline: list[tuple[str, ...]] = field(default_factory=list)
    reporters: list[str] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    first: date | None = None
    last: date | None = None

    def narrow(self, first: date | None, last: date | None) -> bool:
        """Take days as a further condition, unless no day would be left."""
        first = max(filter(None, (self.first, first)), default=None)
        last = min(filter(None, (self.last, last)), default=None)
        if first and last and last < first:
            return False
        self.first, self.last = first, last
        return True

    def has_room(self, runs: int) -> bool:
        """Whether so many more runs may be conditions; beyond, they are words."""
        taken = self.phrases, self.without, self.reporters, *self.either, *self.headline
        return sum(map(len, taken)) + runs <= MOST_RUNS

    @property
    def narrows(self) -> bool:
        """Whether anything but words was read."""
        conditions = self.phrases, self.without, self.either, self.headline, self.reporters, self.pages
        return any(conditions) or self.first is not None or self.last is not None

    def take(self, token: _Token) -> None:
        """Take a token for what its sign says, and as it was typed where that makes no sense."""
        if token.sign in ("标题", "记者", "版") and not token.exact:
            token = replace(token, content=_AT_END.sub("", token.content))
        telling = _WORD_CHARACTER.search(token.content) is not None
        if token.sign == "-" and not token.exact and _BELOW_ZERO.fullmatch(fold(token.content)):
            self.words.append(token.typed)
            return
        if telling and (token.sign in ("-", "标题", "记者") or token.exact) and not self.has_room(1):
            self.words.append(token.content)
            return
        page = page_named(token.content) if token.sign == "版" else None
        if page:
            self.pages.append(page)
        elif telling and token.sign == "标题":
            self.headline.append((token.content,))
        elif telling and token.sign in ("-", "记者"):
            {"-": self.without, "记者": self.reporters}[token.sign].append(token.content)
        elif telling and token.exact and not token.sign:
            self.phrases.append(token.content)
        else:
            self.words.append(token.typed)

    def take_any(self, tokens: list[_Token]) -> None:
        """Take alternatives: none of those behind a minus, any of other ones."""
        sign, runs = tokens[0].sign, tuple(token.content for token in tokens)
        if sign in ("-", "记者", "版"):
            for token in tokens:
                self.take(replace(token, sign=sign))
        elif all(map(_page_of, tokens)):
            self.pages += filter(None, map(_page_of, tokens))
        elif self.has_room(len(runs)):
            (self.headline if sign == "标题" else self.either).append(runs)
        else:
            self.words += runs


def parse_query(
    text: str, *, today: date | None = None, sort: Sort = Sort.RELEVANCE, limit: int = 5, offset: int = 0
) -> Query:
    """A query from what was typed, in either width and script; any text is one, and its `text` parses to it again.

    Invisible marks and superfluous white space go, and the length is bounded.

    Args:
        text: What was typed.
        today: The day that 昨天 and 上周 count from; without it, that in China.
        sort: The order of the results.
        limit: Results shown.
        offset: Results passed over.
    """
    text = " ".join(text.translate(_Readable()).split())[:MAX_LENGTH].strip()
    folded, tokens = _tokens(text)
    reading, now, at = _Reading(), today or days.today(), 0
    while at < len(tokens):
        if alternatives := _alternatives(tokens[at:]):
            reading.take_any(alternatives)
            at += 2 * len(alternatives) - 1
        elif count := _days(reading, folded, tokens[at:], now) or _page(reading, folded, tokens[at:]):
            at += count
        else:
            reading.take(tokens[at])
            at += 1
    words = " ".join(reading.words)
    if reading.narrows and not tells(words):  # 昨天 谢谢
        words = ""
    if _NUMBER.fullmatch(fold(words)) and reading.has_room(1):
        reading.phrases.append(words)
        words = ""
    return Query(
        text,
        sort,
        limit,
        offset,
        words=words if tokens else text,
        phrases=tuple(dict.fromkeys(reading.phrases)),
        without=tuple(dict.fromkeys(reading.without)),
        either=tuple(dict.fromkeys(reading.either)),
        headline=tuple(dict.fromkeys(reading.headline)),
        reporters=tuple(dict.fromkeys(reading.reporters)),
        pages=tuple(dict.fromkeys(reading.pages)),
        first=reading.first,
        last=reading.last,
    )


def as_typed(query: Query) -> str:
    """A query as it could have been typed: parsed, it asks for the same, in whatever order its signs once stood."""
    words = query.text if query.words is None else query.words
    said, literally = days.typed(query.first, query.last), parse_query(words)
    dated = literally.first or literally.last  # words that would be read as days, unless other days stand before them
    parts = (
        said if dated else "",
        words,
        *(_quoted(phrase) for phrase in query.phrases),
        *("|".join(map(_bare, group)) for group in query.either),
        *(f"标题:{'|'.join(map(_bare, group))}" for group in query.headline),
        *(f"记者:{_bare(name)}" for name in query.reporters),
        *(f"第{page}版" for page in query.pages),
        *(f"-{_quoted(run) if _BELOW_ZERO.fullmatch(fold(run)) else _bare(run)}" for run in query.without),
        "" if dated else said,
    )
    return " ".join(filter(None, parts))


def _bare(run: str) -> str:
    """A run without quotation marks where it needs none."""
    return run if _WORD.fullmatch(run) else _quoted(run)


def _quoted(run: str) -> str:
    return f"「{run}」" if '"' in fold(run).translate(_QUOTES) else f"“{run}”"


def _tokens(text: str) -> tuple[str, list[_Token]]:
    """The folded text and its tokens, in order."""
    folded, offsets = fold_with_offsets(text)
    folded = "".join(text[at] if char == " " else char for char, at in zip(folded, offsets, strict=True))  # ´ is " ́"
    folded = folded.translate(_QUOTES)

    def typed(start: int, end: int) -> str:
        return text[offsets[start] : offsets[end - 1] + 1].strip() if start < end else ""

    tokens = []
    for match in _TOKEN.finditer(folded):
        start, end = match.span()
        kind = "quoted" if match["quoted"] else "bar" if match["bar"] else "plain"
        inner = match.start(kind) + (kind == "quoted"), match.end(kind) - (kind == "quoted")
        standing = (start == 0 or folded[start - 1] in " |") and (end == len(folded) or folded[end] in " |")
        sign = match["minus"] or match["label"] or match["bar"] or ("plain" if kind == "plain" and standing else "")
        tokens.append(_Token(sign, kind == "quoted", typed(*inner), typed(start, end), start, end))
    return folded, tokens


def _alternatives(tokens: list[_Token]) -> list[_Token]:
    """The runs at the beginning of the tokens that bars part; none when the first is not followed by such.

    The sign of the first one is that of all, whether they have it, too, or not.
    """
    runs: list[_Token] = []
    for run, bar in zip(tokens[::2], [*tokens[1::2], None], strict=False):
        signed = run.is_signed_run and (not runs or run.sign == runs[0].sign)
        if not (run.is_run or signed) or run.content in _OR:
            break
        runs.append(run)
        if bar is None or not (bar.sign == "|" or bar.is_or):
            break
    return runs if len(runs) > 1 else []


def _page_of(token: _Token) -> int | None:
    """The page that a token says by itself."""
    said = _PAGE.fullmatch(fold(token.content).rstrip(_AFTER))
    return page_named(said[1]) if said else None


def _page(reading: _Reading, folded: str, tokens: list[_Token]) -> int:
    """Take the page that the first tokens say; how many tokens they were."""
    for count in range(min(len(tokens), _PAGE_TOKENS), 0, -1):
        first, last = tokens[0], tokens[count - 1]
        if page := _PAGE.fullmatch(folded[first.start : last.end].rstrip(_AFTER)):
            typed = " ".join(token.typed for token in tokens[:count])
            reading.take(_Token("版", False, page[1], typed, first.start, last.end))
            return count
    return 0


def _days(reading: _Reading, folded: str, tokens: list[_Token], now: date) -> int:
    """Take the longest days that the first tokens say; how many tokens they were."""
    tokens = tokens[:_DAYS_TOKENS]
    plain = next((i for i, token in enumerate(tokens) if token.sign != "plain"), len(tokens))
    for count in range(plain, 0, -1):
        said = folded[tokens[0].start : tokens[count - 1].end].rstrip(_AFTER)
        if (found := days.read(said, now)) and reading.narrow(*found):
            return count
    return 0
