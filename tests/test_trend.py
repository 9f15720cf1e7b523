"""A timeline as a message and as a picture."""

import struct
import warnings
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat import chart
from bot.chat.actions import ShowResults, ShowTrend
from bot.chat.chart import Series
from bot.chat.replies import Reply
from bot.chat.screens import trend as screens
from bot.chat.texts import LANGUAGES
from bot.models import DateSpan, Mentions, Query, Sort, Step, Timeline
from bot.search import timeline
from bot.search.query import parse_query
from tests.test_replies import HOSTILE, telegram_takes

HERE = ShowTrend("abcdefghijk", picture=True)


@st.composite
def timelines(draw):
    first = draw(st.dates(date(1950, 1, 1), date(2026, 1, 1)))
    step, bars = timeline.bars(first, first + timedelta(days=draw(st.integers(0, 20_000))))
    named = timeline.lines(parse_query(draw(HOSTILE)) if draw(st.booleans()) else parse_query("算力 “文 旅” 太原|大同"))
    counts = st.lists(st.integers(0, 99_999), min_size=len(bars), max_size=len(bars)).map(tuple)
    lines = tuple(Mentions(runs, query, draw(counts)) for runs, query in named[: timeline.LINES])
    return Timeline(parse_query(draw(HOSTILE)), step, bars, lines, draw(st.integers(0, 99)))


@given(timelines(), st.sampled_from(list(LANGUAGES.values())), st.sampled_from([b"png", None]))
@settings(max_examples=150, deadline=None)
def test_telegram_takes_every_timeline_as_a_caption(found, texts, picture):
    kept = []

    def saved(text):
        kept.append(text)
        return f"id{len(kept):09}"

    reply = screens.trend(found, HERE, Sort.NEWEST, saved, texts, picture=picture, both=True)
    text = telegram_takes(reply.html, reply.rows)
    if not found.lines:
        assert reply.rows == ()
        return
    assert len(text.encode("utf-16-le")) // 2 <= screens.CAPTION
    assert reply.picture == picture
    *bars, other = [button for row in reply.rows for button in row]
    assert len(bars) == len(kept) <= screens.BUTTONS
    assert other.action == ShowTrend(HERE.query_id, picture=picture is None)
    assert all(bar.action.back == ShowTrend(HERE.query_id, picture=picture is not None) for bar in bars)
    for line in found.lines:
        assert not line.total or screens.sparkline(line.counts) in text


@given(st.lists(st.integers(0, 10**6), max_size=20).map(tuple))
@settings(deadline=None)
def test_a_sparkline_shows_where_something_is_and_where_most_is(counts):
    drawn = screens.sparkline(counts)
    assert [block == "▁" for block in drawn] == [count == 0 for count in counts]
    peak = max(counts, default=0)
    assert all(block == "▇" for block, count in zip(drawn, counts, strict=True) if count == peak > 0)
    heights = sorted(zip(counts, drawn, strict=True))
    assert [block for _, block in heights] == sorted(drawn)


@pytest.mark.parametrize(
    ("step", "first", "last", "name"),
    [
        (Step.DAY, date(2026, 1, 5), date(2026, 1, 5), "01-05"),
        (Step.WEEK, date(2026, 1, 5), date(2026, 1, 11), "01-05–11"),
        (Step.WEEK, date(2026, 1, 26), date(2026, 2, 1), "01-26–02-01"),
        (Step.WEEK, date(2026, 2, 1), date(2026, 2, 1), "02-01"),
        (Step.MONTH, date(2026, 1, 5), date(2026, 1, 31), "2026-01"),
        (Step.QUARTER, date(2025, 11, 5), date(2025, 12, 31), "2025-Q4"),
        (Step.YEAR, date(2025, 1, 1), date(2025, 12, 31), "2025"),
        (Step.DECADE, date(1950, 1, 1), date(1959, 12, 31), "1950–1959"),
    ],
)
def test_the_names_of_bars(step, first, last, name):
    assert screens.bar_name(DateSpan(first, last), step) == name


def test_the_highest_bars_have_buttons():
    step, bars = timeline.bars(date(2026, 1, 1), date(2026, 1, 16))
    counts = (*range(15), 0)
    line = Mentions(("算力",), Query("“算力”", words="", phrases=("算力",), pages=(1,)), counts)
    asked = []
    reply = screens.trend(
        Timeline(parse_query("算力"), step, bars, (line,)),
        HERE,
        Sort.OLDEST,
        lambda text: asked.append(text) or "id",
        LANGUAGES["zh-Hans"],
        picture=None,
        both=False,
    )
    buttons = [button for row in reply.rows for button in row]
    assert [button.label for button in buttons] == [f"01-{day:02} · {day - 1}" for day in range(4, 16)]
    assert asked == [f"“算力” 第1版 2026-01-{day:02}" for day in range(4, 16)]
    assert buttons[0].action == ShowResults("id", Sort.OLDEST, 0, ShowTrend(HERE.query_id, picture=False))


def test_a_query_that_would_be_cut_off_gets_no_button():
    step, bars = timeline.bars(date(2026, 1, 1), date(2026, 1, 2))
    query = parse_query("很长" * 97)
    [(runs, line)] = timeline.lines(query)
    found = Timeline(query, step, bars, (Mentions(runs, line, (1, 2)),))
    assert screens.trend(found, HERE, Sort.NEWEST, lambda _: "id", LANGUAGES["en"], picture=None, both=False).rows == ()


def test_an_empty_archive_says_so():
    query = parse_query("算力")
    [(runs, line)] = timeline.lines(query)
    found = Timeline(query, Step.DAY, (), (Mentions(runs, line, ()),))
    reply = screens.trend(found, HERE, Sort.NEWEST, lambda _: "id", LANGUAGES["zh-Hans"], picture=None, both=False)
    assert reply == Reply("还没有收录任何报纸。")


# ---- the picture ---------------------------------------------------------------------------------------------------


def size_of(png):
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize("bars", [1, 3, 16])
@pytest.mark.parametrize("names", [("算力",), ("算力", "文旅", "臺灣 或 大同", "AT&T <b>")])
async def test_a_picture_fits_a_phone_and_every_label_has_its_glyphs(names, bars):
    series = tuple(Series(name, tuple((7 * i) % 5 + 1_000 for i in range(bars))) for name in names)
    with warnings.catch_warnings(record=True) as said:  # matplotlib warns of each glyph that a font lacks
        warnings.simplefilter("always")
        png = await chart.draw("2026年1月5日至2026年1月7日 · 按週", tuple(f"01-{i:02}" for i in range(bars)), series)
    assert said == []
    width, height = size_of(png)
    assert width == chart.WIDTH
    assert 500 <= height <= 1100
    assert len(png) < 200_000


async def test_hostile_words_are_drawn_as_they_are():
    names = ("$x^2$", "$\\frac{1}{$", "\\", "😀\U0010ffff", "مرحبا")
    for name in names:
        size_of(await chart.draw(name, ("01-05",), (Series(name, (1,)),)))
    assert chart._drawable("算力😀 臺灣$") == "算力□ 臺灣$"


async def test_without_a_chinese_font_there_is_no_picture(monkeypatch):
    for missing in ("matplotlib.font_manager", "pylopdf_fonts_zh_cn"):
        chart._font_file.cache_clear()
        with monkeypatch.context() as patched:
            patched.setitem(__import__("sys").modules, missing, None)
            if missing == "pylopdf_fonts_zh_cn":
                patched.setattr(chart, "_FAMILIES", ())
            assert not await chart.available()
            assert await chart.draw("", ("01-05",), (Series("算力", (1,)),)) is None
            patched.setattr(chart, "_FAMILIES", ("DejaVu Sans",))
            chart._font_file.cache_clear()
            assert await chart.available() == (missing == "pylopdf_fonts_zh_cn")
    chart._font_file.cache_clear()
    assert await chart.available()
