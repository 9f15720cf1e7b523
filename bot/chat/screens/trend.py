"""Mentions over time as text, and the buttons that open a bar's articles."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.chat.actions import ShowResults, ShowTrend
from bot.chat.lines import escape, plain, short
from bot.chat.replies import Button, Reply
from bot.chat.texts import Count, Texts
from bot.chat.texts.understood import describe
from bot.models import DateSpan, Mentions, Query, Sort, Step, Timeline
from bot.search.query import MAX_LENGTH, as_typed
from bot.search.timeline import LINES

CAPTION = 1024
"""Characters that Telegram takes under a picture."""

BUTTONS = 12
"""Buttons of bars, at most."""

_ROW = 3
_WORD = 20
"""Characters of a word that are shown."""
_LABEL = 8
"""Characters of a word on a button."""
_CONDITIONS = 200
_HEIGHTS = "▂▃▅▇"
_NONE = "▁"

Saved = Callable[[str], str]
"""Keeps a query's text and returns the id under which a button finds it; "" where it cannot be kept."""


def trend(
    timeline: Timeline, here: ShowTrend, sort: Sort, saved: Saved, texts: Texts, *, picture: bytes | None, both: bool
) -> Reply:
    """A timeline as a message: a line for each word, and buttons that open the articles of the highest bars.

    Args:
        timeline: The timeline.
        here: The action that shows it.
        sort: The order of the articles behind a bar.
        saved: Keeps the queries of the bars.
        texts: The language.
        picture: The timeline as a PNG file, to be shown with the text under it.
        both: Whether it can be shown both as a picture and as text.
    """
    if not timeline.lines:
        return Reply(texts.trend_usage)
    if not (timeline.bars or timeline.query.first or timeline.query.last):
        return Reply(texts.empty_archive)
    head = [f"📈 {heading(timeline, texts)}"] if timeline.bars else [texts.days_outside]
    if conditions := describe(_conditions(timeline.query), texts):
        head.append(short(conditions, _CONDITIONS))
    if timeline.left_out:
        head.append(texts.trend_left_out.format(most=LINES, left=Count(timeline.left_out)))
    if timeline.partial:
        head.append(texts.partial)
    body = [_line(line, timeline, texts) for line in timeline.lines]
    other = Button(texts.text_button if picture else texts.picture_button, replace(here, picture=not picture))
    bars = [tuple(row) for row in _bars(timeline, replace(here, picture=bool(picture)), sort, saved, texts)]
    rows = [row[i : i + _ROW] for row in bars for i in range(0, len(row), _ROW)]
    last = ((other,) if both else ()) + ((Button(texts.back_button, here.back),) if here.back else ())
    return Reply(
        "\n".join([*head, "", *body]),
        tuple(filter(None, (*rows, last))),
        shows=here,
        picture=picture,
    )


def heading(timeline: Timeline, texts: Texts) -> str:
    """Which days a timeline covers, and what a bar spans."""
    days = Query("", words="", first=timeline.bars[0].first, last=timeline.bars[-1].last)
    return texts.trend.format(days=describe(days, texts), step=texts.trend_steps[timeline.step])


def name(line: Mentions, texts: Texts) -> str:
    """What a line counts, as plain text."""
    runs = plain(texts.or_separator.join(line.runs)) or texts.trend_all
    return runs if len(runs) <= _WORD else runs[: _WORD - 1] + "…"


def bar_name(bar: DateSpan, step: Step) -> str:
    """A bar's days, as short as a button or an axis needs them."""
    first, last = bar.first, bar.last
    if step is Step.DAY or (step is Step.WEEK and first == last):
        return f"{first:%m-%d}"
    if step is Step.WEEK:
        return f"{first:%m-%d}–{last:%d}" if first.month == last.month else f"{first:%m-%d}–{last:%m-%d}"
    if step is Step.MONTH:
        return f"{first:%Y-%m}"
    if step is Step.QUARTER:
        return f"{first.year}-Q{(first.month + 2) // 3}"
    return f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"


def sparkline(counts: tuple[int, ...]) -> str:
    """Counts as a line of blocks, the highest as high as there is; the lowest block stands for none alone."""
    peak = max(counts, default=0)
    return "".join(_HEIGHTS[-(-count * len(_HEIGHTS) // peak) - 1] if count else _NONE for count in counts)


def _line(line: Mentions, timeline: Timeline, texts: Texts) -> str:
    word = escape(name(line, texts))
    if not line.total:
        return texts.trend_no_line.format(word=word)
    peak = max(line.counts)
    return texts.trend_line.format(
        word=word,
        bars=sparkline(line.counts),
        articles=Count(line.total),
        peak=Count(peak),
        when=bar_name(timeline.bars[line.counts.index(peak)], timeline.step),
    )


def _bars(timeline: Timeline, back: ShowTrend, sort: Sort, saved: Saved, texts: Texts) -> Iterator[list[Button]]:
    """For each line the buttons of its highest bars, in the order of the days."""
    shown = [line for line in timeline.lines if line.total]
    for line in shown:
        highest = sorted(range(len(line.counts)), key=lambda i: (-line.counts[i], i))[: BUTTONS // len(shown)]
        row = []
        for i in sorted(i for i in highest if line.counts[i]):
            bar = timeline.bars[i]
            typed = as_typed(replace(line.query, first=bar.first, last=bar.last))
            if len(typed) <= MAX_LENGTH and (query_id := saved(typed)):
                word = name(line, texts)[:_LABEL] + " " if len(shown) > 1 else ""
                label = f"{word}{bar_name(bar, timeline.step)} · {Count(line.counts[i])}"
                row.append(Button(label, ShowResults(query_id, sort, 0, back)))
        yield row


def _conditions(query: Query) -> Query:
    """What holds for all lines, but the days, which the heading says."""
    return replace(query, words="", phrases=(), either=(), first=None, last=None, sort=Sort.RELEVANCE)
