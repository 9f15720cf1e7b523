"""When it happened: the days that an article speaks of, relative to the issue date."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.models import DateSpan
from bot.paper.dates import valid_day
from bot.paper.forms import plain

_DAY = r"(?<![\d.])(?P<{0}>3[01]|[12]\d|0?[1-9])\s?[日号]"
_TIME = re.compile(
    rf"""
      (?P<year>(?:19|20)\d\d|今|去|明|本)年\s?(?P<month>1[0-2]|0?[1-9])月(?:{_DAY.format("day")})?
    | (?<![\d年])(?P<bare_month>1[0-2]|0?[1-9])月{_DAY.format("month_day")}
    | (?P<which>本|上|上个|下|下个)月(?:{_DAY.format("which_day")})?
    | {_DAY.format("bare_day")}
    | (?P<word>大前天|前[天日]|昨[天日晚夜晨]|今[天日晚晨早]|当[天日](?!地)|明[天日晚早]|后天)
    """,
    re.VERBOSE,
)
_AND = re.compile(rf"\s?[、和及]\s?{_DAY.format('next')}")
_UNTIL = re.compile(rf"\s?(?:至|到|—+|-|~)\s?(?:(?P<month>1[0-2]|0?[1-9])月)?{_DAY.format('last')}")
_SHIFTS = {"大": -3, "前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "后": 2}
_NO_DAY_BEFORE = re.compile(r"(?:每[月年]|连续|为期|历时|第|共|近|约|达|超过|农历\S{0,4})$")
_NO_DAY_BEHIND = re.compile(r"[内后前游均龄线用常子]|以[上内前]|之[内后前]|报|头条|说法|关注|之星")
_AHEAD = re.compile(r"(?:将|拟|计划|预计|定)[于在]?$")
_LONGEST = timedelta(days=92)


@dataclass(frozen=True)
class _Found:
    span: DateSpan
    end: int


def spans(text: str, issue: date) -> tuple[DateSpan, ...]:
    """The days and months that a text speaks of, each once, in its order.

    A day without a month (`6日`) is the latest such day up to the issue date, or the next when the text says that it is
    to come; one without a year (`12月30日`) is the one nearest to the issue date. 近日 and 日前 say no day, and none is
    made up.

    Args:
        text: An article's text.
        issue: The date of the issue that it is printed in.
    """
    form = plain(text)
    found: list[DateSpan] = []
    end = 0
    for match in _TIME.finditer(form):
        if (
            match.start() < end
            or _NO_DAY_BEHIND.match(form, match.end())
            or _NO_DAY_BEFORE.search(form[: match.start()])
        ):
            continue
        first = _resolve(match, issue, ahead=_AHEAD.search(form[max(0, match.start() - 4) : match.start()]) is not None)
        if first is None:
            continue
        for more in _with_more(form, match.end(), first):
            found.append(more.span)
            end = more.end
    return tuple(dict.fromkeys(found))


def _with_more(form: str, end: int, first: DateSpan) -> Iterator[_Found]:
    """A span, up to the day that it lasts until (6日至7日), and the further days of a list (13日、14日)."""
    if first.first != first.last:
        yield _Found(first, end)
        return
    span = first
    if until := _UNTIL.match(form, end):
        month = int(until["month"] or first.first.month)
        year = first.first.year + (month < first.first.month)
        last = valid_day(year, month, int(until["last"]))
        if last and first.first < last <= first.first + _LONGEST:
            span, end = DateSpan(first.first, last), until.end()
    yield _Found(span, end)
    while more := _AND.match(form, end):
        day = valid_day(span.last.year, span.last.month, int(more["next"]))
        if day is None or day <= span.last:
            return
        span, end = DateSpan(day, day), more.end()
        yield _Found(span, end)


def _resolve(match: re.Match[str], issue: date, *, ahead: bool) -> DateSpan | None:
    if word := match["word"]:
        day = issue + timedelta(days=_SHIFTS[word[0]])
        return None if word[0] == "当" else DateSpan(day, day)  # 当天 is a day named before
    if match["bare_day"]:
        return _single(_latest(int(match["bare_day"]), issue, ahead=ahead))
    if match["bare_month"]:
        return _single(_nearest(int(match["bare_month"]), int(match["month_day"]), issue))
    if match["which"]:
        shift = {"本": 0, "上": -1, "下": 1}[match["which"][0]]
        return _in_month(*_shifted(issue, shift), match["which_day"])
    year = {"今": 0, "本": 0, "去": -1, "明": 1}.get(match["year"])
    return _in_month(int(match["year"]) if year is None else issue.year + year, int(match["month"]), match["day"])


def _latest(day: int, issue: date, *, ahead: bool) -> date | None:
    """The latest day of that number up to the issue date, or the next from it on."""
    for shift in range(3):
        found = valid_day(*_shifted(issue, shift if ahead else -shift), day)
        if found and (found >= issue if ahead else found <= issue):
            return found
    return None


def _nearest(month: int, day: int, issue: date) -> date | None:
    days = filter(None, (valid_day(issue.year + shift, month, day) for shift in (-1, 0, 1)))
    return min(days, key=lambda d: abs(d - issue), default=None)


def _in_month(year: int, month: int, day: str | None) -> DateSpan | None:
    if day:
        return _single(valid_day(year, month, int(day)))
    return DateSpan(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _shifted(issue: date, months: int) -> tuple[int, int]:
    year, month = divmod(issue.year * 12 + issue.month - 1 + months, 12)
    return year, month + 1


def _single(day: date | None) -> DateSpan | None:
    return DateSpan(day, day) if day else None
