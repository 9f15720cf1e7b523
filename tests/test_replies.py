"""Replies are within Telegram's limits and say what they are given, whatever a page holds."""

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat import places, replies
from bot.chat.actions import ShowArticle, ShowIssue, ShowPage, ShowPassage, ShowResults
from bot.chat.callbacks import parse
from bot.chat.screens import article as article_screens
from bot.chat.screens import issue as issue_screens
from bot.chat.screens.issue import Issue
from bot.chat.texts import LANGUAGES, Texts, for_language
from bot.models import (
    Article,
    ArticleHit,
    Coverage,
    Headline,
    IssueDate,
    Paragraph,
    Passage,
    Query,
    Results,
    Role,
    Sort,
)
from bot.sandbox.rules import check_markup, formatted

HOSTILE = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="<>&\"'/b会议。\n\u202e\x00😀", min_size=1, max_size=40).map(lambda text: text * 40),
    st.sampled_from(["", "&" * 5000, "<b>" * 2000, "会议" * 4000, "好。" * 3000]),
)
ISSUE_DATES = st.builds(IssueDate, st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.booleans())
PARAGRAPHS = st.builds(Paragraph, st.integers(1, 10**12 - 1), st.sampled_from(list(Role)), HOSTILE)
ARTICLES = st.builds(
    Article,
    id=st.integers(1, 10**12 - 1),
    headline=HOSTILE,
    subheads=st.lists(HOSTILE, max_size=5).map(tuple),
    reporters=st.lists(HOSTILE, max_size=5).map(tuple),
    source_line=HOSTILE,
    paper=st.just(""),
    date=ISSUE_DATES,
    page=st.none() | st.integers(1, 999),
    paragraphs=st.lists(PARAGRAPHS, max_size=5).map(tuple),
)


@st.composite
def passages(draw):
    excerpt = draw(HOSTILE)[:142]
    edges = sorted(draw(st.sets(st.integers(0, len(excerpt)), max_size=80)))
    return Passage(1, excerpt, excerpt, tuple(zip(edges[::2], edges[1::2], strict=False)))


LANGUAGE = st.sampled_from(list(LANGUAGES.values()))


def keyboard_of(rows):
    return [
        [
            {"text": b.label, **({"copy_text": {"text": b.copy}} if b.copy else {"callback_data": str(b.action)})}
            for b in row
        ]
        for row in rows
    ]


def telegram_takes(html: str, rows=()) -> str:
    """What a reader sees of a reply; fails where Telegram would refuse it or drop a part."""
    kept: dict[str, str] = {}

    def keep(action: str) -> str:
        kept[action] = f"place-{len(kept):05}"
        return kept[action]

    rows = places.fold(replies.Reply(html, tuple(rows)), keep).rows
    text, entities, warnings = formatted({"text": html, "parse_mode": "HTML"}, "text", 4096)
    assert warnings == []
    assert len(entities) <= 100
    check_markup({"inline_keyboard": keyboard_of(rows)})
    for row in rows:
        for button in (b for b in row if b.action):
            assert parse(str(button.action)) == button.action
    return text


@given(
    hits=st.lists(
        st.builds(ArticleHit, ARTICLES, st.floats(0.1, 99), passages().map(lambda p: (p,))), min_size=1, max_size=8
    ),
    query=st.builds(
        Query,
        HOSTILE.map(lambda t: t[:200]),
        st.sampled_from(list(Sort)),
        st.sampled_from((3, 5, 8)),
        st.integers(0, 10**6),
    ),
    unknown=st.lists(HOSTILE.map(lambda t: t[:200]), max_size=9).map(tuple),
    texts=LANGUAGE,
)
@settings(max_examples=150, deadline=None)
def test_results(hits, query, unknown, texts):
    hits = hits[: query.limit]
    found = Results(query, ("词",), unknown, query.offset + len(hits) + 7, 99, 1.0, tuple(hits))
    reply = replies.results(found, "q" * 11, Coverage(1, 1, 1, 1, 1), texts)
    telegram_takes(reply.html, reply.rows)
    shown = sum(button.label.isdigit() for row in reply.rows for button in row)
    assert [b.action.offset for row in reply.rows for b in row if b.label == "▶"] == [query.offset + shown]


@given(
    item=ARTICLES,
    back=st.sampled_from([None, ShowResults("q" * 11, Sort.NEWEST, 10**6), ShowIssue(date(2026, 1, 7), 99)]),
    texts=LANGUAGE,
)
@settings(max_examples=150, deadline=None)
def test_articles(item, back, texts):
    parts = article_screens.parts(item, texts)
    seen = "".join(telegram_takes(part) for part in parts)
    for paragraph in item.paragraphs:
        if paragraph.role not in (Role.LABEL, Role.HEADLINE, Role.SUBHEAD, Role.BYLINE):
            for sentence in re.findall(r"[会议好]+。?", paragraph.text)[:20]:
                assert sentence[:100] in seen
    for part in (0, len(parts) - 1, len(parts)):
        reply = article_screens.whole(item, ShowArticle(item.id, part, back), texts, "news_bot")
        telegram_takes(reply.html, reply.rows)
    for paragraph in item.paragraphs:
        marks = tuple((i, i + 1) for i in range(0, len(paragraph.text) - 1, 2))
        reply = article_screens.passage(item, ShowPassage(item.id, paragraph.id, back), marks, texts, "news_bot")
        telegram_takes(reply.html, reply.rows)


@given(
    items=st.lists(st.builds(Headline, ARTICLES, HOSTILE.map(lambda t: t[:120])), min_size=1, max_size=25),
    data=st.data(),
    texts=LANGUAGE,
)
@settings(max_examples=100, deadline=None)
def test_issues_show_every_headline_once(items, data, texts):
    offset, limit, numbers = 0, data.draw(st.integers(1, 20)), []
    day = items[0].article.date.day
    of = Issue(tuple(item.article for item in items), (day,))
    while True:
        here = ShowIssue(day, offset)
        reply = issue_screens.issue(
            of, items[offset : offset + limit], here, texts, before=limit, today=date(2100, 1, 1)
        )
        telegram_takes(reply.html, reply.rows)
        numbers += [int(b.label) for row in reply.rows for b in row if b.label.isdigit()]
        following = [b.action.offset for row in reply.rows for b in row if b.label == "▶"]
        if not following:
            break
        [offset] = following
    assert numbers == list(range(1, len(items) + 1))
    opened = []
    for place in range(len(of.pages)):
        offset = 0
        while offset is not None:
            reply = issue_screens.page(of, ShowPage(day, place, offset), texts)
            telegram_takes(reply.html, reply.rows)
            buttons = [b for row in reply.rows for b in row]
            opened += [b.action.article_id for b in buttons if b.label.isdigit()]
            offset = next((b.action.offset for b in buttons if b.label == "▶"), None)
    assert opened == [item.article.id for item in items]


def test_many_short_paragraphs_fit_their_messages():
    lines = tuple(Paragraph(i, Role.TEXT, "张三李四王。") for i in range(2000))
    item = Article(7, "公示", (), (), "", "", IssueDate(date(2026, 1, 8)), 3, lines)
    for part in article_screens.parts(item, LANGUAGES["zh-Hans"]):
        telegram_takes(part)


def test_a_deck_and_a_cross_head_show():
    item = Article(
        7, "标题", ("副题",), ("甲",), "", "", IssueDate(date(2026, 1, 8)), 3,
        (Paragraph(1, Role.HEADLINE, "标题"), Paragraph(2, Role.TEXT, "正文。"), Paragraph(3, Role.CROSSHEAD, "小题")),
    )  # fmt: skip
    assert article_screens.parts(item, LANGUAGES["zh-Hans"]) == [
        "<b>标题</b>\n副题\n2026年1月8日 · 第3版 · 记者 甲 · /article7\n\n正文。\n\n<b>小题</b>"
    ]


def test_an_empty_archive_says_so():
    texts, held = LANGUAGES["zh-Hans"], Coverage(0, 0, 0, 0, 0)
    found = Results(Query("红十字"), ("红十字",), ("红十字",), 0, 0, 1.0, ())
    empty = "还没有收录任何报纸。"
    assert replies.results(found, "", held, texts) == replies.Reply(empty)
    assert issue_screens.no_issue(date(2026, 1, 1), held, texts) == replies.Reply(empty)
    assert empty in replies.welcome(held, texts).html


def holes(text):
    if not isinstance(text, str):
        return set(text) if isinstance(text, Mapping) else {len(text)}
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("sentence", [field.name for field in fields(Texts)])
def test_every_sentence_is_in_every_language_with_the_same_holes(sentence):
    said = [getattr(texts, sentence) for texts in LANGUAGES.values()]
    assert all(said)
    assert len({frozenset(holes(text)) for text in said}) == 1
    if sentence.endswith(("_button", "_toast", "_command")):
        assert not any("<" in text for text in said)
    if sentence.endswith("_toast"):
        assert all(len(text) <= 200 for text in said)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("zh-hans", "zh-Hans"), ("zh", "zh-Hans"), ("zh-CN", "zh-Hans"), ("zh-hant", "zh-Hant"), ("zh-TW", "zh-Hant"),
        ("zh_HK", "zh-Hant"), ("zh-Hant-HK", "zh-Hant"), ("zh-Hans-HK", "zh-Hans"),
        ("en", "en"), ("en-GB", "en"), ("pt-br", "zh-Hant"),
        ("", "zh-Hant"), (None, "zh-Hant"),
    ],
)  # fmt: skip
def test_the_language_of_a_reader(code, language):
    assert for_language(code, default="zh-Hant") is LANGUAGES[language]


@pytest.mark.parametrize(
    "data",
    ["", "a:", "a:1", "a:-1:0", "a:1:0|", "s:x:z:0", "s::r:0", "l:2026-02-30:0", "l:x:0", "a:１:0"],
)
def test_what_is_no_button_of_ours(data):
    assert parse(data) is None
