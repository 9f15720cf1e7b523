"""When an issue came out, and which page of it a file is."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from bot.models import IssueDate, ParsedArticle, Role
from bot.paper.forms import Form, plain

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR_DIGITS = "[0-9〇○零一二三四五六七八九]"

_IN_PATH = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:(\d\d)(\d\d)|[-_./年](\d{1,2})[-_./月]{1,2}(\d{1,2})日?)(?!\d)")
_PRINTED = re.compile(
    rf"((?:19|20|二[〇○零]|一九){_YEAR_DIGITS}{{2}})\s*[-年./]\s*([\d一二三四五六七八九十]{{1,3}})\s*[-月./]\s*"
    r"([\d一二三四五六七八九十]{1,3})"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_DATELINE = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})日")
_PAGE_IN_NAME = re.compile(r"第\s*0*(\d{1,3})\s*版|(?<![0-9A-Za-z])(?:page|p|A)[-_ ]?0*(\d{1,3})(?!\d)", re.IGNORECASE)
_PAGE_AFTER_DATE = re.compile(r"\d{4}[-_.]?\d\d[-_.]?\d\d[-_.]?A?(?<=\D)(\d{1,3})(?!\d)")
_PAGE_ALONE = re.compile(r"A?0*(\d{1,3})版?")
_PAGE_IN_FURNITURE = re.compile(
    r"(?:.*\s)?(?:第?\s*A?0*(\d{1,3})\s*版|A0*(\d{1,2})(?:\s\S+)?|0(\d)[\s|·]+\S+)(?:[\s:].*)?"
)
_GUIDE = re.compile("标题导航|版面导航|版面目录|本版标题|本版导读|標題導航")
_LEAD = 60
"""A dateline stands within so many characters of an article's first paragraph."""


def issue_date(
    *,
    day: date | None,
    path: Path,
    furniture: Iterable[str],
    articles: Sequence[ParsedArticle],
    metadata: date | None = None,
) -> IssueDate | None:
    """The issue date by the best evidence there is.

    As given, in the file's metadata, in its name or its folders' names, in the masthead, else inferred.
    """
    if day or metadata:
        return IssueDate(day or metadata or date.min)
    for named in (path.stem, "/".join(path.absolute().parts[-4:])):  # a file knows better than its folders
        if found := _first_date(_IN_PATH, named):
            return IssueDate(found)
    for line in furniture:
        if found := _first_date(_PRINTED, plain(line)):
            return IssueDate(found)
    inferred = infer(articles)
    return IssueDate(inferred, inferred=True) if inferred else None


def infer(articles: Sequence[ParsedArticle]) -> date | None:
    """The latest dateline (`1月7日` at an article's beginning), in the year that the page names most often.

    Datelines straight behind a byline count before others. Around a new year the page speaks much of the other year:
    a January that names the next year is of the next, and a December that names the year before is of the year before.
    A morning paper prints what happened the day before, so the true issue date may be one day later; it is not guessed.
    """
    everything = "\n".join(block.text for article in articles for block in article.blocks)
    years = Counter(int(year) for year in _YEAR.findall(everything))
    if not years:
        return None
    year = max(years, key=lambda y: (years[y], y))
    signed, unsigned = [], []
    for article in articles:
        first = plain(next((block.text for block in article.blocks if block.role is Role.TEXT), ""))
        source = Form.of(first).source
        start = source.end() if source else 0
        if source:
            signed += _DATELINE.findall(first[: start + _LEAD // 4])
        unsigned += _DATELINE.findall(first[: start + _LEAD])
    days = [(int(month), int(day)) for month, day in signed or unsigned]
    if any(month == 1 for month, _ in days) and year + 1 in years and not any(month == 12 for month, _ in days):
        year += 1
    elif any(month == 12 for month, _ in days) and year - 1 in years and not any(month == 1 for month, _ in days):
        year -= 1
    return max(filter(None, (valid_day(year, *parts) for parts in days)), default=None)


def page_number(path: Path, furniture: Iterable[str]) -> int | None:
    """The page number by the file's name or, below a folder of its day, by the name alone, else as printed.

    `第01版.txt`, `p3.txt`, `20260108_02.txt`, `DTRB20260108A01.txt`, `20260108/01.txt`, `第05版:副刊`. Pages of other
    sections than the first (B2) have no number.
    """
    match = _PAGE_IN_NAME.search(path.stem) or _PAGE_AFTER_DATE.search(path.stem)
    if match is None and _first_date(_IN_PATH, "/".join(path.absolute().parts[-4:-1])):
        match = _PAGE_ALONE.fullmatch(path.stem)
    if match:
        return int(next(filter(None, match.groups()))) or None
    printed = set[int]()
    for line in furniture:
        if _GUIDE.search(line):  # below it stand the numbers of all pages
            break
        if found := _PAGE_IN_FURNITURE.fullmatch(plain(line)):
            printed.add(int(next(filter(None, found.groups()))))
    return (printed.pop() or None) if len(printed) == 1 else None  # several are a guide to the other pages


def page_named(name: str) -> int | None:
    """The number of a page as an article names it: 4 of `四`, `4`, `04`, `A4`; None for other sections' (B4)."""
    bare = name.upper().removeprefix("A")
    return _number(bare) or None if re.fullmatch(r"[\d一二三四五六七八九十]{1,3}", bare) else None


def _first_date(pattern: re.Pattern[str], text: str) -> date | None:
    for match in pattern.finditer(text):
        year, month, day = (group for group in match.groups() if group)
        if found := valid_day(int(year.translate(_DIGITS)), _number(month), _number(day)):
            return found
    return None


def _number(text: str) -> int:
    """A number up to 99 in digits or in Chinese characters: 8, 十二, 二十; 0 for what is none."""
    tens, ten, ones = text.translate(_DIGITS).partition("十")
    if not (tens + ones).isdecimal() and (tens + ones or not ten):
        return 0  # 十十
    return 10 * int(tens or 1) + int(ones or 0) if ten else int(tens)


def valid_day(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
