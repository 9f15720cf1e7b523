"""Replies are within Telegram's limits and say what they are given, whatever a page holds."""

import re
from dataclasses import fields
from datetime import date
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat import replies
from bot.chat.callbacks import ShowArticle, ShowIssue, ShowResults, parse
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
PARAGRAPHS = st.builds(Paragraph, st.integers(1, 10**12), st.sampled_from(list(Role)), HOSTILE)
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


def telegram_takes(html: str, rows=()) -> str:
    """What a reader sees of a reply; fails where Telegram would refuse it or drop a part."""
    text, entities, warnings = formatted({"text": html, "parse_mode": "HTML"}, "text", 4096)
    assert warnings == []
    assert len(entities) <= 100
    keyboard = [[{"text": b.label, "callback_data": str(b.action)} for b in row] for row in rows]
    check_markup({"inline_keyboard": keyboard})
    for row in rows:
        for button in row:
            assert parse(str(button.action)) == button.action
    return text


@given(
    hits=st.lists(
        st.builds(ArticleHit, ARTICLES, st.floats(0.1, 99), passages().map(lambda p: (p,))), min_size=1, max_size=5
    ),
    query=st.builds(
        Query, HOSTILE.map(lambda t: t[:200]), st.sampled_from(list(Sort)), st.just(5), st.integers(0, 10**6)
    ),
    unknown=st.lists(HOSTILE.map(lambda t: t[:200]), max_size=9).map(tuple),
    texts=LANGUAGE,
)
@settings(max_examples=150, deadline=None)
def test_results(hits, query, unknown, texts):
    found = Results(query, ("词",), unknown, query.offset + len(hits) + 7, 99, 1.0, tuple(hits))
    reply = replies.results(found, "q" * 11, Coverage(1, 1, 1, 1, 1), texts)
    telegram_takes(reply.html, reply.rows)


@given(
    item=ARTICLES,
    back=st.sampled_from([None, ShowResults("q" * 11, Sort.NEWEST, 10**6), ShowIssue(date(2026, 1, 7), 99)]),
    texts=LANGUAGE,
)
@settings(max_examples=150, deadline=None)
def test_articles(item, back, texts):
    parts = replies.article(item, texts)
    seen = "".join(telegram_takes(part) for part in parts)
    for paragraph in item.paragraphs:
        if paragraph.role not in (Role.HEADLINE, Role.SUBHEAD, Role.BYLINE):
            for sentence in re.findall(r"[会议好]+。?", paragraph.text)[:20]:
                assert sentence[:100] in seen
    for part in (0, len(parts) - 1, len(parts)):
        reply = replies.article_part(item, ShowArticle(item.id, part, back), texts)
        telegram_takes(reply.html, reply.rows)


@given(
    items=st.lists(st.builds(Headline, ARTICLES, HOSTILE.map(lambda t: t[:120])), min_size=1, max_size=25),
    data=st.data(),
    texts=LANGUAGE,
)
@settings(max_examples=100, deadline=None)
def test_issues_show_every_headline_once(items, data, texts):
    offset, limit, numbers = 0, data.draw(st.integers(1, 20)), []
    while True:
        reply = replies.issue(items[offset : offset + limit], offset, len(items), texts)
        telegram_takes(reply.html, reply.rows)
        numbers += [int(b.label) for row in reply.rows for b in row if b.label.isdigit()]
        following = [b.action.offset for row in reply.rows for b in row if b.label == "▶"]
        if not following:
            break
        [offset] = following
    assert numbers == list(range(1, len(items) + 1))


def test_many_short_paragraphs_fit_their_messages():
    lines = tuple(Paragraph(i, Role.TEXT, "张三李四王。") for i in range(2000))
    item = Article(7, "公示", (), (), "", "", IssueDate(date(2026, 1, 8)), 3, lines)
    for part in replies.article(item, LANGUAGES["zh-Hans"]):
        telegram_takes(part)


def test_a_deck_and_a_cross_head_show():
    item = Article(
        7, "标题", ("副题",), ("甲",), "", "", IssueDate(date(2026, 1, 8)), 3,
        (Paragraph(1, Role.HEADLINE, "标题"), Paragraph(2, Role.TEXT, "正文。"), Paragraph(3, Role.CROSSHEAD, "小题")),
    )  # fmt: skip
    assert replies.article(item, LANGUAGES["zh-Hans"]) == [
        "<b>标题</b>\n副题\n2026-01-08 · 第3版 · 记者 甲\n\n正文。\n\n<b>小题</b>"
    ]


def test_an_empty_archive_says_so():
    texts, held = LANGUAGES["zh-Hans"], Coverage(0, 0, 0, 0, 0)
    found = Results(Query("红十字"), ("红十字",), ("红十字",), 0, 0, 1.0, ())
    empty = "还没有收录任何报纸。"
    assert replies.results(found, "", held, texts) == replies.Reply(empty)
    assert replies.no_issue(date(2026, 1, 1), held, texts) == replies.Reply(empty)
    assert empty in replies.welcome(held, texts).html


def holes(text):
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
    ["", "a:", "a:1", "a:-1:0", "a:1:0|", "a:1:0|a:2:0", "s:x:z:0", "s::r:0", "l:2026-02-30:0", "l:x:0", "a:１:0"],
)
def test_what_is_no_button_of_ours(data):
    assert parse(data) is None
