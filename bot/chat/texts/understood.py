"""A query in words, in the reader's language: `含 算力，不含 招聘，2026年1月，按时间`."""

from datetime import date, timedelta

from bot.chat.texts.phrasebook import Texts
from bot.models import Query, Sort


def conditional(query: Query) -> bool:
    """Whether a query asks for more than words, so that a reader should see how it was understood."""
    return query.words is not None and query.words != query.text


def describe(query: Query, texts: Texts) -> str:
    """What a query asks for, as plain text; "" for nothing."""
    words = query.text if query.words is None else query.words
    either = (texts.or_separator.join(group) for group in query.either)
    parts = (
        texts.understood_words.format(runs=words) if words else "",
        *(texts.understood_phrase.format(run=phrase) for phrase in query.phrases),
        *(texts.understood_either.format(runs=runs) for runs in either),
        *(texts.understood_without.format(run=run) for run in query.without),
        *(texts.understood_headline.format(run=texts.or_separator.join(group)) for group in query.headline),
        texts.understood_reporters.format(runs=texts.or_separator.join(query.reporters)) if query.reporters else "",
        texts.understood_pages.format(numbers=texts.list_separator.join(map(str, query.pages))) if query.pages else "",
        _days(query.first, query.last, texts),
        {Sort.RELEVANCE: "", Sort.NEWEST: texts.understood_newest, Sort.OLDEST: texts.understood_oldest}[query.sort],
    )
    return texts.clause_separator.join(filter(None, parts))


def _days(first: date | None, last: date | None, texts: Texts) -> str:
    if first is None or last is None:
        return (
            texts.days_since.format(first=texts.day(first))
            if first
            else texts.days_until.format(last=texts.day(last))
            if last
            else ""
        )
    if first == last:
        return texts.day(first)
    if first == date(first.year, 1, 1) and last == date(first.year, 12, 31):
        return texts.whole_year.format(year=first.year)
    if first.day == 1 and (first.year, first.month) == (last.year, last.month) and _is_last(last):
        return texts.whole_month.format(year=first.year, month=texts.months[first.month - 1])
    return texts.days_between.format(first=texts.day(first), last=texts.day(last))


def _is_last(day: date) -> bool:
    """Whether a day is its month's last."""
    return day == date.max or (day + timedelta(days=1)).day == 1
