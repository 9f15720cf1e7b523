"""Days in the words that people use: 2026-01-05, 2026年1月, 1月7日, 昨天, 最近7天, 上周."""

import calendar
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_ONES = "一二三四五六七八九"
_SPELLED = {
    **{str(n): n for n in range(1, 100)},
    **{f"0{n}": n for n in range(1, 10)},
    **{
        (_ONES[n // 10 - 1] if n > 19 else "") + ("十" if n > 9 else "") + (_ONES[n % 10 - 1] if n % 10 else ""): n
        for n in range(1, 100)
    },
    "两": 2,
}

_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_N = f"[0-9{_ONES}十两]"
_MONTH, _DAY = f"(?P<month>{_N}{{1,3}})", f"(?P<day>{_N}{{1,3}})"
_CALENDAR = tuple(
    re.compile(form)
    for form in (
        f"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})",
        f"{_YEAR}[-/.]{_MONTH}[-/.]{_DAY}",
        f"{_YEAR}[-/]{_MONTH}",
        f"{_YEAR}年?",
        f"{_YEAR}年 ?{_MONTH}月份?",
        f"(?:{_YEAR}年 ?)?{_MONTH}月 ?{_DAY}[日号]",
        f"{_MONTH}月份?",
        f"{_DAY}[日号]",
    )
)
_UNTIL = re.compile(r" ?(?:\.\.+|[~至到]|[-–—]+) ?")
_AGO = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2, "前日": 2, "大前天": 3}
_PERIOD = re.compile("(?P<which>这个?|本|上个?|今|去|前)(?P<unit>周|星期|月|年)")
_LAST = re.compile(f"(?:最近|近|过去) ?(?P<count>{_N}{{1,3}}) ?个?(?P<unit>天|日|周|星期|月|年)(?:[以之]?内)?")
_SINCE, _BEFORE = re.compile("(.+?) ?(?:[以之]后|以来|至今)"), re.compile("(.+?) ?[以之]前")
_THAT_YEAR = re.compile("([今去前])年 ?(?=.)")
_YEAR_IN_WORDS = re.compile("([一二][〇零○一二三四五六七八九]{3})(?=年)")
_DIGITS = {ord(char): str(digit) for char, digit in zip("〇零○一二三四五六七八九", [0, 0, *range(10)], strict=True)}
_HOLDS_DAYS = re.compile("[0-9年月日号天周期]").search
_UNIT = re.compile(" *([年月日号]) *")
_ABOUT = "(?:新闻|消息|报道|文章|内容)"
_PAPER_OF = re.compile(
    "(?:请问)?(?:请|麻烦[你您]?)?(?:(?:帮我|给我)?(?:我?(?:想|要|想要))?(?:看看?|查看?|查查|找找?|读读?|听听|了解|知道)(?:一下)?)?"
    "(?P<days>.+?) ?的? ?(?:都|还)?有?(?:什么|啥|哪些|些什么)?"
    f"(?:报纸|日报|{_ABOUT})(?:[上里]面?)?(?:都|还)?(?:有|登|讲|说|写)?了?(?:什么|啥|哪些|些什么)?{_ABOUT}?[吗呢啊呀吧了]?"
)
"""What asks for nothing but the paper of some days: 昨天的报纸上都有什么新闻."""

_LONGEST = 32
"""Characters of the longest way to write days, roughly; what is longer is not looked at."""

Days = tuple[date | None, date | None]
"""The first and the last day, both included; None where it is open."""


def today(zone: ZoneInfo | None = None) -> date:
    """The day in a time zone, whatever the machine's own; without one, that in China, where the papers are."""
    return datetime.now(zone or ZoneInfo("Asia/Shanghai")).date()


def read(words: str, now: date) -> Days | None:
    """The days that words say, all of them; None when they say none, or say more than days.

    What asks for the paper of some days says these: 昨天的报纸, 1月5日有什么新闻.

    Args:
        words: Folded: half width, Simplified.
        now: The day on which they are said. A day without a year is the latest one not later than a week after it.
    """
    if len(words) > _LONGEST or not _HOLDS_DAYS(words):
        return None
    return _read(words, now) or ((paper := _PAPER_OF.fullmatch(words)) and _read(paper["days"], now)) or None


def _read(words: str, now: date) -> Days | None:
    words = _UNIT.sub(r"\1", _in_digits(words, now))
    if single := _single(words, now):
        return single
    for form, opened in ((_SINCE, lambda found: (found[0], None)), (_BEFORE, lambda found: (None, found[1]))):
        if (match := form.fullmatch(words)) and (found := _single(match[1], now)):
            return opened(found)
    for match in _UNTIL.finditer(words):
        left, right = words[: match.start()], words[match.end() :]
        first = _single(left, now) or _single(left + right[-1:], now) if left else (None, None)  # 1月5-9日
        if first is None or not (left or right):
            continue
        last = _single(right, now, first[0]) if right else (None, None)
        if last is not None and ((left and right) or ".." in match[0]):
            return _in_order(first[0], last[1])
    return None


def _in_digits(words: str, now: date) -> str:
    """The words with 去年12月, 元月7日 and 二〇二六年1月 as 2025年12月, 1月7日 and 2026年1月."""
    words = _YEAR_IN_WORDS.sub(lambda match: match[1].translate(_DIGITS), words.replace("元月", "1月"))
    return _THAT_YEAR.sub(lambda match: f"{now.year - '今去前'.index(match[1])}年", words)


def typed(first: date | None, last: date | None) -> str:
    """Days as `read` takes them: 2026-01-05, 2026-01-05..2026-01-09, 2026-01-05..; "" for no condition."""
    if first == last:
        return first.isoformat() if first else ""
    return f"{first or ''}..{last or ''}"


def _in_order(first: date | None, last: date | None) -> Days:
    return (last, first) if first and last and last < first else (first, last)


def _single(words: str, now: date, after: date | None = None) -> tuple[date, date] | None:
    """A day, month or year, or what is counted from today; `after` is the day at which a span began."""
    if words in _AGO:
        day = now - timedelta(days=_AGO[words])
        return day, day
    if match := _PERIOD.fullmatch(words):
        return _period(match["which"][0], match["unit"], now)
    if words in ("最近半年", "近半年", "过去半年"):
        return _months_before(now, 6) + timedelta(days=1), now
    if match := _LAST.fullmatch(words):
        return _latest(_SPELLED.get(match["count"], 0), match["unit"], now)
    for form in _CALENDAR:
        if match := form.fullmatch(words):
            return _calendar({key: value for key, value in match.groupdict().items() if value}, now, after)
    return None


def _calendar(parts: dict[str, str], now: date, after: date | None) -> tuple[date, date] | None:
    numbers = {key: int(value) if key == "year" else _SPELLED.get(value, 0) for key, value in parts.items()}
    if "month" not in numbers and "day" in numbers:  # 5日 says no day, but 1月3日至5日 does
        if after is None:
            return None
        numbers["month"] = after.month
    month, day = numbers.get("month"), numbers.get("day")
    if "year" in numbers:
        return _span(numbers["year"], month, day)
    if after:
        years = range(after.year, min(after.year + 9, 9999))
        candidates = (found for year in years if (found := _span(year, month, day)))
        return next((found for found in candidates if found[1] >= after), None)
    latest = now + timedelta(days=7)
    candidates = (found for year in range(latest.year, latest.year - 9, -1) if (found := _span(year, month, day)))
    return next((found for found in candidates if found[0] <= latest), None)  # nine years hold a 29 February


def _span(year: int, month: int | None, day: int | None) -> tuple[date, date] | None:
    if month is None:
        return _year(year)
    if not 1 <= month <= 12:
        return None
    first, last = _month(year, month)
    if day is None:
        return first, last
    return (first.replace(day=day),) * 2 if 1 <= day <= last.day else None


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _period(which: str, unit: str, now: date) -> tuple[date, date] | None:
    back = {"这": 0, "本": 0, "今": 0, "上": 1, "去": 1, "前": 2}[which]
    if unit == "年":
        return _year(now.year - back) if which in "今本去前" else None
    if which in "今去前":
        return None
    if unit == "月":
        before = _months_before(now, back)
        return _month(before.year, before.month)
    monday = now - timedelta(days=now.weekday() + 7 * back)
    return monday, monday + timedelta(days=6)


def _latest(count: int, unit: str, now: date) -> tuple[date, date] | None:
    """So many days, weeks, months or years up to today, today included."""
    if not count:
        return None
    if unit in "月年":
        return _months_before(now, count * (12 if unit == "年" else 1)) + timedelta(days=1), now
    return now - timedelta(days=count * (1 if unit in "天日" else 7) - 1), now


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
