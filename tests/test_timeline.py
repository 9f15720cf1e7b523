"""Mentions over time: a bar's count is what its query finds."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import DateSpan, Step
from bot.search import timeline
from bot.search.query import as_typed, parse_query

TODAY = date(2026, 1, 8)


@pytest.mark.parametrize(
    "typed",
    [
        "灯会",
        "灯会 志愿者 供水",
        "記者 剪紙",
        "“灯会上的” 太原|大同",
        "老街|晋北",  # one of them says much less than the other
        "木门|正在",
        "灯 会 -志愿者",
        "灯会 标题:灯会 第1版",
        "灯会 2026-01-05..2026-01-06",
        "AT&T 算力",
        "记者:王小明",
        "是 什么 的",
        "不在报上的词",
        "2026-01-06",
    ],
)
def test_a_bar_counts_what_its_button_finds(engine, typed):
    engine.refresh()
    found = engine.timeline(parse_query(typed, today=TODAY))
    assert found.lines
    assert len(found.bars) == 3 - ("2026-01-05.." in typed) - 2 * (typed == "2026-01-06")
    for line in found.lines:
        for bar, count in zip(found.bars, line.counts, strict=True):
            button = as_typed(replace(line.query, first=bar.first, last=bar.last))
            assert engine.search(parse_query(button, today=TODAY)).total == count, button
        whole = parse_query(as_typed(line.query), today=TODAY)
        assert engine.search(whole).total == line.total


def test_words_are_literal_and_conditions_hold_for_all(engine):
    lines = timeline.lines(parse_query("算力 文旅 “算力” 太原|大同 -招聘 第1版 2026-01", today=TODAY))
    assert [runs for runs, _ in lines] == [("算力",), ("文旅",), ("太原", "大同")]
    assert all((line.without, line.pages, line.last) == (("招聘",), (1,), date(2026, 1, 31)) for _, line in lines)
    assert lines[0][1].ranked == "算力"
    assert timeline.lines(parse_query("!!! ，")) == timeline.lines(parse_query("")) == []


def test_there_is_room_for_four(engine):
    found = engine.timeline(parse_query("一 二 三 四 五 六"))
    assert [line.runs for line in found.lines] == [("一",), ("二",), ("三",), ("四",)]
    assert found.left_out == 2


def test_days_that_the_archive_lacks_have_no_bars(engine, empty_archive):
    found = engine.timeline(parse_query("灯会 2020"))
    assert (found.bars, found.lines[0].counts, found.lines[0].total) == ((), (), 0)
    found = type(engine)(empty_archive).timeline(parse_query("灯会"))
    assert found.bars == ()


@pytest.mark.parametrize(
    ("days", "step", "bars"),
    [
        (1, Step.DAY, 1),
        (16, Step.DAY, 16),
        (17, Step.WEEK, 3),
        (110, Step.WEEK, 16),
        (113, Step.MONTH, 4),
        (480, Step.MONTH, 16),
        (1400, Step.QUARTER, 16),
        (5000, Step.YEAR, 14),
        (30_000, Step.DECADE, 9),
    ],
)
def test_the_shortest_step_that_fits(days, step, bars):
    first = date(2026, 1, 5)  # a Monday
    found, spans = timeline.bars(first, first + timedelta(days=days - 1))
    assert (found, len(spans)) == (step, bars)


def test_weeks_begin_on_mondays_and_months_on_the_first():
    _, weeks = timeline.bars(date(2026, 1, 7), date(2026, 1, 28))
    assert weeks[:2] == (DateSpan(date(2026, 1, 7), date(2026, 1, 11)), DateSpan(date(2026, 1, 12), date(2026, 1, 18)))
    _, months = timeline.bars(date(2025, 11, 30), date(2026, 6, 2))
    assert [bar.first.day for bar in months[1:]] == [1] * 7


@given(st.dates(date(1815, 1, 1), date(2100, 1, 1)), st.integers(0, 60_000), st.lists(st.integers(0, 60_000)))
@settings(deadline=None)
def test_bars_follow_each_other_and_hold_every_day_once(first, length, offsets):
    last = min(first + timedelta(days=length), date(2199, 12, 31))
    step, spans = timeline.bars(first, last)
    assert len(spans) <= timeline.BARS or step is Step.DECADE
    assert (spans[0].first, spans[-1].last) == (first, last)
    assert all(one.first <= one.last for one in spans)
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(spans))
    days = [min(first + timedelta(days=offset), last) for offset in offsets]
    counts = timeline.counted(np.array([day.toordinal() for day in days], "i4"), spans)
    assert counts == tuple(sum(bar.first <= day <= bar.last for day in days) for bar in spans)
