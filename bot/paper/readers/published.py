"""Articles as publishing systems keep them: fields of their own, put into the order of print and onto their pages."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from bot.models import Note, Role
from bot.paper.page import PageText, PrintedLine

Texts = tuple[str, ...]

_BEIJING = ZoneInfo("Asia/Shanghai")  # the papers' own days, wherever this runs
_YEARS = range(1815, 2100)  # a "date" outside of these is a default value, or no date
_DAY = re.compile(r"\s*((?:1[89]|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_PAGE = re.compile(r"\s*第?\s*[A-Za-z]?0*(\d{1,3})(?!\d)")


@dataclass(frozen=True)
class Published:
    """An article of a publishing system.

    Attributes:
        body: The lines below the head, pictures' captions among them.
        headline: The lines of the headline; so too of the others.
        kickers: What stands above the headline (引题).
        decks: What stands below it (副题).
        byline: Who wrote it, where that is printed on a line of its own.
        label: The column that it stands in (栏目).
        day: When its issue came out.
        number: The page that it is printed on.
        paper: The newspaper.
    """

    body: tuple[PrintedLine, ...]
    headline: Texts = ()
    kickers: Texts = ()
    decks: Texts = ()
    byline: Texts = ()
    label: Texts = ()
    day: date | None = None
    number: int | None = None
    paper: str = ""

    def lines(self) -> list[PrintedLine]:
        """The article as it is printed: the head, then the body. The first line begins it."""
        head = (
            (Role.LABEL, self.label),
            (Role.SUBHEAD, self.kickers),
            (Role.HEADLINE, self.headline),
            (Role.SUBHEAD, self.decks),
            (Role.BYLINE, self.byline),
        )
        printed = [PrintedLine(text, role=role) for role, texts in head for text in texts]
        printed += self.body
        if printed:
            first = printed[0]
            printed[0] = PrintedLine(first.text, gap=True, size=first.size, role=first.role, begins=True)
        return printed


def pages(articles: Iterable[Published], *, furniture: Texts = (), warnings: tuple[Note, ...] = ()) -> list[PageText]:
    """Articles on their pages, both in the order of their first appearance.

    Furniture and warnings belong to the file, and go with its first page.
    """
    found: dict[tuple[date | None, int | None, str], list[PrintedLine]] = {}
    for article in articles:
        key = (article.day, article.number, article.paper)
        if key not in found:
            found[key] = [] if found else [PrintedLine(text) for text in furniture]
        found[key] += article.lines()
    return [
        PageText(tuple(lines), *key, warnings=() if i else warnings) for i, (key, lines) in enumerate(found.items())
    ]


def day(value: object) -> date | None:
    """The day that a date or time stamp falls on in China.

    Args:
        value: `2026-01-08`, `2026/1/8`, `20260108`, `2026年1月8日`, any of them with a time; ISO 8601 or RFC 2822
            with a zone; seconds or milliseconds since 1970. What has no zone is China's own time.
    """
    text = str(value).strip()[:64]
    try:
        found = _epoch(text) or _written(text)
    except (ValueError, OverflowError, OSError, IndexError, TypeError):
        return None
    return found if found and found.year in _YEARS else None


def page_number(value: object) -> int | None:
    """The number in the name of a page: 1 of `1`, `01`, `A01`, `第01版：要闻`."""
    match = _PAGE.match(str(value)[:64])
    return int(match[1]) or None if match else None


def _epoch(text: str) -> date | None:
    number = re.fullmatch(r"(\d{9,10})(\d{3})?(?:\.\d+)?", text)  # after 1973: a shorter number is a day, 20260108
    return datetime.fromtimestamp(int(number[1]), _BEIJING).date() if number else None


def _written(text: str) -> date | None:
    if compact := re.fullmatch(r"(\d{4})(\d\d)(\d\d)(?:\d{4}|\d{6})?", text):
        return date(*map(int, compact.groups()))
    try:
        return _local(datetime.fromisoformat(text))
    except ValueError:
        pass
    if match := _DAY.match(text):
        return date(*map(int, match.groups()))
    return _local(parsedate_to_datetime(text))


def _local(moment: datetime, zone: tzinfo = _BEIJING) -> date:
    return (moment.astimezone(zone) if moment.tzinfo else moment).date()
