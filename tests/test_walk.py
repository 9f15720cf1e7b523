"""Ways back of any depth, refined queries, citations, what is near, and the calendar."""

import sqlite3
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.archive.memory import ChatMemory
from bot.archive.trail import Trail
from bot.chat import places
from bot.chat.actions import (
    Place,
    SearchWithin,
    ShowArticle,
    ShowIssue,
    ShowMonth,
    ShowPage,
    ShowPageOf,
    ShowPassage,
    ShowRelated,
    ShowResults,
)
from bot.chat.callbacks import parse
from bot.chat.replies import Button, Reply
from bot.chat.screens import issue as issue_screens
from bot.chat.screens.article import parts, passage
from bot.chat.screens.citation import citation
from bot.chat.texts import LANGUAGES
from bot.models import Article, IssueDate, Paragraph, Query, Role, Sort
from bot.sandbox.rules import formatted
from bot.search import related
from bot.search.query import as_typed, parse_query
from bot.search.refine import refine

TODAY = date(2026, 1, 8)
TEXTS = LANGUAGES["zh-Hans"]
IDS = st.integers(1, 10**12 - 1)
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
QUERY_IDS = st.text("abcXYZ019_-", min_size=11, max_size=11)
STEPS = st.one_of(
    st.builds(
        ShowResults,
        QUERY_IDS,
        st.sampled_from(list(Sort)),
        st.integers(0, 10**7 - 1),
        until=st.none() | st.integers(0, 10**12),
    ),
    st.builds(ShowIssue, DAYS, st.integers(0, 99999)),
    st.builds(ShowPage, DAYS, st.integers(0, 9999), st.integers(0, 99999)),
    st.builds(ShowPageOf, IDS),
    st.builds(ShowMonth, DAYS.map(lambda day: day.replace(day=1))),
    st.builds(ShowArticle, IDS, st.integers(0, 9999)),
    st.builds(ShowPassage, IDS, IDS),
    st.builds(ShowRelated, IDS),
    st.builds(SearchWithin, IDS, QUERY_IDS),
)


@pytest.fixture
def memory(tmp_path):
    opened = ChatMemory(tmp_path / "chat.db")
    yield opened
    opened.close()


class Kept(dict):
    """A memory for places that forgets nothing."""

    def keep(self, action):
        known = next((place for place, text in self.items() if text == action), f"place{len(self):06}")
        self[known] = action
        return known


# ---- ways back -------------------------------------------------------------------------------------------------------


@given(st.lists(STEPS, min_size=1, max_size=12))
@settings(max_examples=200, deadline=None)
def test_a_way_of_any_length_fits_its_buttons_and_leads_back_step_by_step(steps):
    kept, here = Kept(), None
    for step in steps:
        reply = places.fold(Reply("", ((Button("1", replace(step, back=here)),),)), kept.keep)
        data = str(reply.rows[0][0].action)
        assert len(data.encode()) <= 64
        here = places.unfold(parse(data), kept.get)
        assert here == reply.rows[0][0].action
    for step in reversed(steps):
        assert replace(here, back=None) == step
        here = places.unfold(here.back, kept.get)
    assert here is None


@given(st.text(max_size=80) | st.text("aslpomwri@:|0123456789-", max_size=70))
def test_whatever_a_button_carries_is_read_or_refused(data):
    action = parse(data)
    assert action is None or parse(str(action)) == action


@pytest.mark.parametrize(
    "data",
    ["@", "@a|a:1:0", "a:1:0|", "a:1:0|@", "a:1:0|x", "m:2026-13", "m:2026-1", "p:2026-01-32:0:0", "w:1", "i:1:"],
)
def test_what_is_no_action(data):
    assert parse(data) is None


def test_a_place_that_names_itself_ends():
    assert places.unfold(Place("a"), {"a": "@a"}.get) is None


def test_a_memory_that_takes_nothing_costs_the_way_back_only():
    def full(action):
        raise sqlite3.OperationalError("disk full")

    results = ShowResults("q" * 11, Sort.NEWEST, 10)
    long = ShowArticle(1, 0, ShowPage(TODAY, 1, 0, ShowIssue(TODAY, 0, ShowPassage(12345, 12345, results))))
    folded = places.fold(Reply("", ((Button("1", long),),)), full)
    assert folded.rows[0][0].action == ShowArticle(1, 0)


def test_the_trail_keeps_a_bounded_number_and_forgets(memory):
    trail = Trail(memory._connections, places=3)
    ids = [trail.keep(f"a:{n}:0") for n in range(5)]
    assert trail.keep("a:4:0") == ids[4]
    assert [trail.kept(i) for i in ids] == [None, None, "a:2:0", "a:3:0", "a:4:0"]
    trail.note_shown(1, 2, "a:1:0")
    trail.note_shown(1, 3, "a:1:0")
    trail.note_shown(1, 3, None)
    assert (trail.shown(1, 2), trail.shown(1, 3), trail.shown(2, 2)) == ("a:1:0", None, None)
    memory.forget_chats(before=4e9)
    assert (trail.shown(1, 2), trail.kept(ids[4])) == (None, None)


# ---- refined queries -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said", "becomes"),
    [
        ("灯会 剪纸", "只看标题", "标题:灯会 标题:剪纸"),
        ("灯会 剪纸", "只看標題的", "标题:灯会 标题:剪纸"),
        ("灯会", "titles only", "标题:灯会"),
        ("谁主持了会议", "标题", "标题:主持了会议"),
        ("灯会", "昨天的", "灯会 2026-01-07"),
        ("灯会", "只要昨天那期的报道", "灯会 2026-01-07"),
        ("灯会 2025-12", "最近3天", "灯会 2026-01-06..2026-01-08"),
        ("灯会", "1月5日", "灯会 2026-01-05"),
        ("灯会", "不要旅游", "灯会 -旅游"),
        ("灯会", "不要旅游的,不要招聘", "灯会 -旅游 -招聘"),
        ("灯会", "without 旅游", "灯会 -旅游"),
        ("灯会 第1版", "第2版", "灯会 第2版"),
        ("灯会", "记者:高燕", "灯会 记者:高燕"),
        ("灯会", "太原|大同", "灯会 太原|大同"),
        ("灯会", "剪纸 艺人", "灯会 剪纸 艺人"),
        ("灯会 昨天", "只看标题", "标题:灯会 2026-01-07"),
        ("灯会", "只看标题,昨天的,不要旅游", "标题:灯会 -旅游 2026-01-07"),
        ("灯会", "最新", "灯会"),
        ("", "灯会", "灯会"),
    ],
)
def test_what_a_follow_up_makes_of_a_query(typed, said, becomes):
    assert refine(parse_query(typed, today=TODAY), said, TODAY).text == becomes


@pytest.mark.parametrize(
    ("said", "sort"),
    [("最新", Sort.NEWEST), ("按时间", Sort.NEWEST), ("newest first", Sort.NEWEST), ("最早的", Sort.OLDEST),
     ("最相关", Sort.RELEVANCE), ("昨天的", Sort.OLDEST)],
)  # fmt: skip
def test_a_follow_up_may_name_the_order(said, sort):
    assert refine(parse_query("灯会", sort=Sort.OLDEST), said, TODAY).sort is sort


RUNS = st.text("灯会剪纸算力ab", min_size=1, max_size=4)
GROUPS = st.lists(RUNS, min_size=2, max_size=3, unique=True).map(tuple)


@given(
    st.builds(
        Query,
        st.just(""),
        words=st.lists(RUNS, max_size=3).map(" ".join),
        phrases=st.lists(RUNS, max_size=2, unique=True).map(tuple),
        without=st.lists(RUNS, max_size=2, unique=True).map(tuple),
        either=st.lists(GROUPS, max_size=2, unique=True).map(tuple),
        headline=st.lists(GROUPS | RUNS.map(lambda run: (run,)), max_size=2, unique=True).map(tuple),
        reporters=st.lists(RUNS, max_size=2, unique=True).map(tuple),
        pages=st.lists(st.integers(1, 99), max_size=2, unique=True).map(tuple),
    ),
    st.none() | st.dates(date(1900, 1, 1), date(2099, 1, 1)),
    st.none() | st.integers(0, 99),
)
@settings(deadline=None)
def test_a_query_as_text_is_the_same_query(query, first, days):
    last = None if days is None else (first or date(2026, 1, 1)) + timedelta(days)
    query = replace(query, first=first, last=last)
    again = parse_query(as_typed(query), today=TODAY)
    assert replace(again, text="") == query


@given(st.text(max_size=60), st.text(max_size=60))
@settings(deadline=None)
def test_whatever_is_said_is_a_query_whose_text_says_it(typed, said):
    refined = refine(parse_query(typed, today=TODAY), said, TODAY)
    assert parse_query(refined.text, today=TODAY, sort=refined.sort) == refined


# ---- reading ---------------------------------------------------------------------------------------------------------


def an_article(**fields):
    known = {"headline": "标题", "subheads": (), "reporters": (), "source_line": "", "paper": "", "page": None}
    return Article(**{"id": 7, "date": IssueDate(date(2026, 1, 7)), "paragraphs": (), **known, **fields})


@pytest.mark.parametrize(
    ("fields", "cited"),
    [
        ({"reporters": ("高燕",), "paper": "大同日报", "page": 2}, "高燕. 标题[N]. 大同日报, 2026-01-07(2)."),
        ({}, "标题[N]. 2026-01-07."),
        ({"date": IssueDate(date(2026, 1, 7), inferred=True), "page": 1}, "标题[N]. [2026-01-07](1)."),
        ({"reporters": tuple("甲乙丙丁")}, "甲, 乙, 丙, 等. 标题[N]. 2026-01-07."),
        ({"reporters": tuple("甲乙丙")}, "甲, 乙, 丙. 标题[N]. 2026-01-07."),
    ],
)
def test_citations(fields, cited):
    assert citation(an_article(**fields)) == cited


@given(st.text(), st.text(), st.lists(st.text(max_size=40), max_size=5).map(tuple))
def test_a_citation_always_fits_a_button(headline, paper, reporters):
    cited = citation(an_article(headline=headline * 30, paper=paper * 30, reporters=reporters, page=999))
    assert 1 <= len(cited.encode("utf-16-le")) // 2 <= 256
    assert cited.endswith("2026-01-07(999).")


@given(st.lists(st.text("好。会议", max_size=3000), min_size=1, max_size=4), st.data())
@settings(deadline=None, max_examples=50)
def test_a_passage_holds_what_was_found_and_its_neighbours_in_order(texts, data):
    paragraphs = tuple(Paragraph(n, Role.TEXT, text + "甲乙。") for n, text in enumerate(texts, 1))
    found = data.draw(st.sampled_from(paragraphs))
    at = data.draw(st.integers(0, len(found.text) - 1))
    shown = ShowPassage(7, found.id)
    reply = passage(an_article(paragraphs=paragraphs), shown, ((at, at + 1),), TEXTS, "news_bot")
    text, entities, _ = formatted({"text": reply.html, "parse_mode": "HTML"}, "text", 4096)
    bold = [e for e in entities if e["type"] == "bold"][-1]
    assert text[bold["offset"] : bold["offset"] + 1] == found.text[at]
    body = [piece for piece in text.split("\n\n")[1:] if piece != "……"]
    assert "".join(body) in "".join(paragraph.text for paragraph in paragraphs)
    assert sum(map(len, body)) <= 900
    whole = "".join(body) == "".join(paragraph.text for paragraph in paragraphs)
    assert whole != any(button.label == "📖 全文" for row in reply.rows for button in row)


def test_the_head_in_the_order_of_the_page():
    item = an_article(
        headline="主题", subheads=("引题", "副题"), reporters=("甲",), others=("乙",), page=3,
        paragraphs=(
            Paragraph(1, Role.LABEL, "栏目"), Paragraph(2, Role.SUBHEAD, "引题"), Paragraph(3, Role.HEADLINE, "主题"),
            Paragraph(4, Role.SUBHEAD, "副题"), Paragraph(5, Role.TEXT, "正文。"),
        ),
    )  # fmt: skip
    assert parts(item, TEXTS) == [
        "栏目\n引题\n<b>主题</b>\n副题\n2026年1月7日 · 第3版 · 记者 甲 · 其他署名 乙 · /article7\n\n正文。"
    ]


# ---- what is near ----------------------------------------------------------------------------------------------------


def test_what_is_near_is_the_nearest_first(engine):
    opening = next(a for a in engine.archive.issue(date(2026, 1, 6)) if "首个客流" in a.headline)
    found = engine.related(opening)
    assert found[0].article.headline == "古城灯会点亮冬夜"
    assert all("灯会" in one.article.headline for one in found)
    assert sorted((one.alike for one in found), reverse=True) == [one.alike for one in found]
    assert opening.id not in {one.article.id for one in found}
    assert len(engine.related(opening, limit=2)) == 2


def test_the_same_story_is_told_on_another_day():
    def story(number, day, text):
        paragraphs = (Paragraph(1, Role.HEADLINE, "云冈大桥合龙"), Paragraph(2, Role.TEXT, text))
        return an_article(id=number, date=IssueDate(date(2026, 1, day)), paragraphs=paragraphs)

    first = story(1, 5, "云冈大桥主跨合龙,桥梁工程师张某说,钢箱梁吊装用了三个月。")
    next_day = story(2, 6, "云冈大桥合龙次日,钢箱梁焊接开始,桥梁工程师现场值守。")
    same_day = story(3, 5, "云冈大桥合龙次日,钢箱梁焊接开始,桥梁工程师现场值守。")
    found = related.compare(first, [next_day, same_day], 5)
    assert {one.article.id: one.same_story for one in found} == {2: True, 3: False}


def test_an_article_is_like_itself_and_unlike_nothing():
    item = an_article(paragraphs=(Paragraph(1, Role.TEXT, "古城灯会亮灯"),))
    assert sum(weight**2 for weight in related.telling_words(item).values()) == pytest.approx(1)
    assert related.telling_words(an_article()) == {}
    assert related.compare(item, [an_article()], 5) == []


def test_an_article_without_words_has_no_relatives(engine):
    assert engine.related(an_article(id=10**6)) == []


# ---- the calendar ----------------------------------------------------------------------------------------------------


@given(st.sets(st.dates(date(2024, 1, 1), date(2026, 12, 31)), min_size=1, max_size=80), DAYS)
def test_a_calendar_has_the_days_that_exist_and_every_month_of_them_is_reached(days, start):
    days, seen = sorted(days), set()
    here = issue_screens.month(days, ShowMonth(start.replace(day=1)), TEXTS).shows
    for towards in ("◀", "▶"):
        at = here
        while at:
            reply = issue_screens.month(days, at, TEXTS)
            buttons = [button for row in reply.rows for button in row]
            assert all(len(row) <= 7 for row in reply.rows)
            seen |= {button.action.day for button in buttons if button.label.isdigit()}
            at = next((b.action for b in buttons if towards in b.label), None)
    assert seen == set(days)


def test_an_archive_without_days_has_no_calendar():
    assert issue_screens.month((), ShowMonth(date(2026, 1, 1)), TEXTS) is None
