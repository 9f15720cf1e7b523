"""When an issue came out, and which page of it a file is."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from bot.models import IssueDate, ParsedArticle, Role
from bot.paper.forms import plain

_IN_PATH = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:(\d\d)(\d\d)|[-_./年](\d{1,2})[-_./月]{1,2}(\d{1,2})日?)(?!\d)")
_PRINTED = re.compile(r"((?:19|20)\d\d)\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_DATELINE = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})日")
_PAGE_IN_NAME = re.compile(r"第\s*0*(\d{1,3})\s*版|(?<![0-9A-Za-z])(?:page|p)[-_ ]?0*(\d{1,3})(?!\d)", re.IGNORECASE)
_PAGE_AFTER_DATE = re.compile(r"\d{4}[-_.]?\d\d[-_.]?\d\d[-_.](\d{1,3})(?!\d)")
_PAGE_IN_FURNITURE = re.compile(r"第?\s*0*(\d{1,3})\s*版")
_LEAD = 60
"""A dateline stands within so many characters of an article's first paragraph."""


def issue_date(
    *, day: date | None, path: Path, furniture: Iterable[str], articles: Sequence[ParsedArticle]
) -> IssueDate | None:
    """The issue date by the best evidence there is: as given, in the path, in the masthead, else inferred."""
    if day:
        return IssueDate(day)
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

    A morning paper prints what happened the day before, so the true issue date may be one day later; it is not guessed.
    """
    texts = [[b.text for b in article.blocks if b.role is Role.TEXT] for article in articles]
    everything = "\n".join(b.text for article in articles for b in article.blocks)
    years = Counter(int(year) for year in _YEAR.findall(everything))
    if not years:
        return None
    year = max(years, key=lambda y: (years[y], y))
    days = []
    for article, paragraphs in zip(articles, texts, strict=True):
        if paragraphs:
            first = plain(paragraphs[0])
            after = len(article.source_line) if paragraphs[0].startswith(article.source_line) else 0
            days += [(year, int(m), int(d)) for m, d in _DATELINE.findall(first[: after + _LEAD])]
    return max(filter(None, (_day(*parts) for parts in days)), default=None)


def page_number(path: Path, furniture: Iterable[str]) -> int | None:
    """The page number by the file's name (`第01版.txt`, `p3.txt`, `20260108_02.txt`) or the printed `第01版`."""
    match = _PAGE_IN_NAME.search(path.stem) or _PAGE_AFTER_DATE.search(path.stem)
    if match:
        return int(next(filter(None, match.groups())))
    printed = {int(found[1]) for line in furniture if (found := _PAGE_IN_FURNITURE.match(plain(line)))}
    return printed.pop() if len(printed) == 1 else None  # several are a guide to the other pages


def _first_date(pattern: re.Pattern[str], text: str) -> date | None:
    for match in pattern.finditer(text):
        if found := _day(*(int(group) for group in match.groups() if group)):
            return found
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
