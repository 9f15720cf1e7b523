"""Mentions over time: which lines a query asks for, and into which bars days are gathered."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from bot.models import DateSpan, Mentions, Query, Step, Timeline
from bot.search.asking import search_terms

BARS = 16
"""Bars of a timeline, at most: as many as a phone shows side by side."""

LINES = 4
"""Lines of a timeline, at most."""

_MONTHS = {Step.MONTH: 1, Step.QUARTER: 3, Step.YEAR: 12, Step.DECADE: 120}


Line = tuple[tuple[str, ...], Query]
"""The runs of which a line's articles hold at least one, and the query that finds these articles."""


def over(asked: Query, held: Sequence[date], days_found: Callable[[Query], npt.NDArray[np.int32]]) -> Timeline:
    """The timeline of a query.

    Args:
        asked: The query.
        held: The days that the archive has, in order.
        days_found: Gives the ordinal day of each article that a query finds.
    """
    named = lines(asked)
    step, spans = Step.DAY, tuple[DateSpan, ...]()
    if held and (first := max(asked.first or held[0], held[0])) <= (last := min(asked.last or held[-1], held[-1])):
        step, spans = bars(first, last)
    mentions = tuple(Mentions(runs, line, counted(days_found(line), spans)) for runs, line in named[:LINES])
    return Timeline(asked, step, spans, mentions, len(named) - len(mentions))


def lines(asked: Query) -> list[Line]:
    """What a query asks to count: each of its words, phrases and groups of alternatives, under all its conditions.

    A word is literal here: a line counts the articles that hold it, which is what its query finds. A query of
    conditions alone is one line.
    """
    words = (asked.text if asked.words is None else asked.words).split()
    common = replace(asked, words="", phrases=(), either=())
    runs = [run for run in dict.fromkeys((*words, *asked.phrases)) if search_terms(run).words]
    found: list[Line] = [((run,), replace(common, phrases=(run,))) for run in runs]
    found += [(group, replace(common, either=(group,))) for group in asked.either]
    if not found and _conditional(asked):
        found = [((), common)]
    return found


def _conditional(asked: Query) -> bool:
    """Whether a query has a condition besides its words, phrases and alternatives."""
    return any((asked.without, asked.headline, asked.reporters, asked.pages, asked.first, asked.last))


def bars(first: date, last: date) -> tuple[Step, tuple[DateSpan, ...]]:
    """The bars of the days from `first` to `last`, by the shortest step of which they need `BARS` at most.

    Weeks begin on Mondays, months on the first; the first and the last bar end where the days do.
    """
    for step in Step:
        numbers, day = _grid(step, first, last)
        if len(numbers) <= BARS:
            break
    starts = [max(first, day(number)) for number in numbers]
    ends = [start - timedelta(days=1) for start in starts[1:]] + [last]
    return step, tuple(DateSpan(*ends_of_bar) for ends_of_bar in zip(starts, ends, strict=True))


def counted(days: npt.NDArray[np.int32], spans: Sequence[DateSpan]) -> tuple[int, ...]:
    """How many of the ordinal days lie in each of the spans, which follow each other without a gap."""
    if not spans:
        return ()
    edges = [span.first.toordinal() for span in spans] + [spans[-1].last.toordinal() + 1]
    return tuple(np.diff(np.searchsorted(np.sort(days), edges)).tolist())


def _grid(step: Step, first: date, last: date) -> tuple[range, Callable[[int], date]]:
    """The numbers of the bars, and for each number the day on which that bar begins."""
    if step in _MONTHS:
        months = _MONTHS[step]
        numbers = range(_month(first) // months, _month(last) // months + 1)
        return numbers, lambda number: date(number * months // 12, number * months % 12 + 1, 1)
    days = 7 if step is Step.WEEK else 1
    numbers = range((first.toordinal() - 1) // days, (last.toordinal() - 1) // days + 1)  # the first day was a Monday
    return numbers, lambda number: date.fromordinal(number * days + 1)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
