"""What the archive has of each paper: days and pages present, missing, doubled, and odd in size."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from statistics import median

from bot.models import PageSize

_ODD = 8
"""A page is odd in size when it holds less than this fraction of the usual, or so many times as much."""


@dataclass(frozen=True)
class DaySurvey:
    """A day's pages: how many, which numbers are missing or doubled, and which pages are odd in size.

    `missing` counts from the first page to the last that is there; `odd` holds the characters of pages by their names.
    """

    day: date
    pages: int
    missing: tuple[int, ...] = ()
    doubled: tuple[int, ...] = ()
    odd: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class PaperSurvey:
    """A paper's days, in order, the days between the first and the last that are missing, and a page's usual size."""

    paper: str
    days: tuple[DaySurvey, ...]
    missing: tuple[date, ...]
    usual: int


def survey(pages: Sequence[PageSize]) -> list[PaperSurvey]:
    """The calendar of each paper.

    Args:
        pages: All pages, by paper, day and number.
    """
    found = []
    for paper, group in groupby(pages, key=lambda page: page.paper):
        of_paper = list(group)
        usual = int(median(page.characters for page in of_paper))
        days = [_day(day, list(of_day), usual) for day, of_day in groupby(of_paper, key=lambda page: page.day)]
        present = {day.day for day in days}
        span = (days[-1].day - days[0].day).days
        between = (days[0].day + timedelta(days=i) for i in range(span))
        found.append(PaperSurvey(paper, tuple(days), tuple(day for day in between if day not in present), usual))
    return found


def _day(day: date, pages: list[PageSize], usual: int) -> DaySurvey:
    numbers = Counter(page.number for page in pages if page.number is not None)
    odd = [page for page in pages if not usual / _ODD <= page.characters <= usual * _ODD]
    return DaySurvey(
        day,
        len(pages),
        missing=tuple(sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))),
        doubled=tuple(sorted(number for number, count in numbers.items() if count > 1)),
        odd=tuple((f"page {p.number}" if p.number else p.source.rpartition("/")[2], p.characters) for p in odd),
    )
