"""Walking the paper: an issue, one of its pages, and the calendar."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from bot.chat.actions import Action, ShowArticle, ShowIssue, ShowMonth, ShowPage
from bot.chat.lines import LINE, headline, short, source, subheads
from bot.chat.replies import MESSAGE, Button, Reply, rows
from bot.chat.texts import Count, Texts
from bot.models import Article, Coverage, Headline

PAGE_SCREEN = 20
"""Headlines of a page in one message: they come without summaries, and few pages have more."""

OLD = 3
"""An issue that is more days old than this is not what a reader would call the latest."""


@dataclass(frozen=True)
class Issue:
    """A day's articles in the paper's order, at least one, and all days that have an issue, in order."""

    articles: tuple[Article, ...]
    days: tuple[date, ...]

    @property
    def day(self) -> date:
        return self.articles[0].date.day

    @property
    def pages(self) -> list[list[Article]]:
        """The articles by page."""
        return [list(page) for _, page in groupby(self.articles, key=lambda item: (item.paper, item.page))]

    def place_of(self, item: Article) -> int:
        """Which page an article is on, counted from 0."""
        return next((n for n, page in enumerate(self.pages) if any(other.id == item.id for other in page)), 0)


def issue(
    of: Issue,
    shown: Sequence[Headline],
    here: ShowIssue,
    texts: Texts,
    *,
    before: int,
    asked: date | None = None,
    today: date | None = None,
) -> Reply:
    """A screen of an issue's headline summaries, page by page.

    Args:
        of: The issue.
        shown: Those of its headlines that begin at the offset; as many of them as fit are shown.
        here: The day and the offset, and the way back.
        texts: The reader's language.
        before: How many headlines ◀ goes back.
        asked: The day that was asked for, where it has no issue of its own.
        today: The reader's day, to say when the newest issue is old.
    """
    text = texts.latest.format(date=texts.day(shown[0].article.date), articles=Count(len(of.articles)))
    if asked and asked != of.day:
        text += f"\n{texts.no_issue_that_day.format(date=texts.day(asked))}"
    if today and of.day == of.days[-1] and (today - of.day).days > OLD:
        text += f"\n{texts.old_issue}"
    count, last = 0, None
    for number, item in enumerate(shown, here.offset + 1):
        title = page_title(of, item.article, texts)
        heading = f"<u>{title}</u>\n" if title and title != last else ""
        lines = [f"{number}. {headline(item.article, texts)}", *subheads(item.article)]
        about = source(item.article, texts, dated=False, paged=False)
        block = heading + "\n".join([*lines, *([about] if about else []), short(item.summary, LINE)])
        if count and len(text) + len(block) > MESSAGE:
            break
        text, count, last = f"{text}\n\n{block}", count + 1, title
    here = ShowIssue(of.day, here.offset, here.back)
    opened = _numbers([item.article for item in shown[:count]], here.offset, here)
    turn = _turn(here, before, here.offset + count, len(of.articles))
    page = Button(texts.page_button, ShowPage(of.day, of.place_of(shown[0].article), 0, here))
    return Reply(text, rows(opened, turn, *_days(of, here, texts, page)), here)


def page(of: Issue, here: ShowPage, texts: Texts) -> Reply:
    """The headlines of one page, with buttons to the pages and the days before and after it."""
    pages = of.pages
    place = min(here.place, len(pages) - 1)
    items = pages[place]
    offset = here.offset if here.offset < len(items) else 0
    here = ShowPage(of.day, place, offset, here.back)
    shown = items[offset : offset + PAGE_SCREEN]
    title = page_title(of, items[0], texts) or texts.page_button
    date_and_count = texts.latest.format(date=texts.day(items[0].date), articles=Count(len(items)))
    lines = [f"{date_and_count} · {title}", ""]
    for number, item in enumerate(shown, offset + 1):
        about = " · ".join(filter(None, [*subheads(item)[:1], source(item, texts, dated=False, paged=False)]))
        lines.append(f"{number}. {headline(item, texts)}" + (f"\n{about}" if about else ""))
    turn = _turn(here, PAGE_SCREEN, offset + len(shown), len(items))
    beside = tuple(
        Button(label.format(page_title(of, pages[to][0], texts)), ShowPage(of.day, to, 0, here.back))
        for label, to in (("◀ {}", place - 1), ("{} ▶", place + 1))
        if 0 <= to < len(pages)
    )
    whole = Button(texts.issue_button, ShowIssue(of.day, 0, here.back))
    return Reply(
        "\n".join(lines), rows(_numbers(shown, offset, here), turn, beside, *_days(of, here, texts, whole)), here
    )


def month(days: Sequence[date], here: ShowMonth, texts: Texts) -> Reply | None:
    """A month's days that have an issue, a row a week; None when there is no issue at all.

    A month without an issue gives way to the nearest one before it, or else after it.
    """
    if not days:
        return None
    following = _next_month(here.first)
    if not any(here.first <= one < following for one in days):
        nearest = days[max(0, bisect_left(days, here.first) - 1)]
        here = ShowMonth(nearest.replace(day=1), here.back)
        following = _next_month(here.first)
    start, end = bisect_left(days, here.first), bisect_left(days, following)
    weeks = [
        tuple(Button(str(one.day), ShowIssue(one, 0, here)) for one in week)
        for _, week in groupby(days[start:end], key=lambda one: one.isocalendar()[:2])
    ]
    turn = tuple(
        Button(label.format(f"{to:%Y-%m}"), ShowMonth(to.replace(day=1), here.back))
        for label, to in (
            ("◀ {}", days[start - 1] if start else None),
            ("{} ▶", days[end] if end < len(days) else None),
        )
        if to
    )
    text = texts.month.format(month=f"{here.first:%Y-%m}", issues=Count(end - start))
    back = (Button(texts.back_button, here.back),) if here.back else ()
    return Reply(text, (*weeks, *rows(turn, back)), here)


def no_issue(asked: date, held: Coverage, texts: Texts) -> Reply:
    """There is no issue of that day nor of any before."""
    if held.first is None:
        return Reply(texts.empty_archive)
    return Reply(
        texts.no_issue.format(date=texts.day(asked), first=texts.day(held.first)),
        ((Button(texts.calendar_button, ShowMonth(held.first.day.replace(day=1))),),),
    )


def page_title(of: Issue, item: Article, texts: Texts) -> str:
    """A page's name: its number, and the paper's where the day has several; "" where nothing tells them apart."""
    several = len({article.paper for article in of.articles}) > 1
    number = texts.page.format(number=item.page) if item.page is not None else ""
    return " · ".join(filter(None, (short(item.paper, 20) if several else "", number)))


def _days(of: Issue, here: ShowIssue | ShowPage, texts: Texts, beside: Button) -> tuple[tuple[Button, ...], ...]:
    """The rows below: the days before and after with the calendar between them, and the way back."""
    before, after = bisect_left(of.days, of.day) - 1, bisect_right(of.days, of.day)
    earlier = (Button(f"◀ {of.days[before]:%m-%d}", _same(here, of.days[before])),) if before >= 0 else ()
    later = (Button(f"{of.days[after]:%m-%d} ▶", _same(here, of.days[after])),) if after < len(of.days) else ()
    calendar = Button(texts.calendar_button, ShowMonth(of.day.replace(day=1), here))
    back = (Button(texts.back_button, here.back),) if here.back else ()
    return (*earlier, calendar, *later), (beside, *back)


def _same(here: ShowIssue | ShowPage, to: date) -> Action:
    """The same kind of screen of another day."""
    return ShowIssue(to, 0, here.back) if isinstance(here, ShowIssue) else ShowPage(to, here.place, 0, here.back)


def _turn(here: ShowIssue | ShowPage, back: int, after: int, total: int) -> tuple[Button, ...]:
    """Buttons to the headlines before these and to those that begin at `after`, of `total`."""
    before = (Button("◀", replace(here, offset=max(0, here.offset - back))),) if here.offset else ()
    return (*before, *((Button("▶", replace(here, offset=after)),) if after < total else ()))


def _numbers(items: Sequence[Article], offset: int, here: Action) -> tuple[Button, ...]:
    return tuple(Button(str(n), ShowArticle(item.id, 0, here)) for n, item in enumerate(items, offset + 1))


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
