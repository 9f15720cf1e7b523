"""What an operator is shown fits a message, whatever a file holds, and an upload stays in its folder."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.archive.inbox import Inbox, safe_name
from bot.archive.memory import ChatMemory
from bot.archive.usage import DayOfUse
from bot.chat.actions import DropUpload, ForgetMe, LeaveIt, RemoveIssue, ShowSettings, StoreUpload
from bot.chat.callbacks import parse
from bot.chat.preferences import PREFERENCES
from bot.chat.screens import operator as screens
from bot.chat.screens import settings as settings_screens
from bot.chat.texts import LANGUAGES, Count
from bot.chat.texts.doubts import said
from bot.chat.trouble import place
from bot.models import Block, Doubt, FileReport, IssueDate, ParsedArticle, ParsedPage, Reader, Role
from bot.paper.preview import FilePreview, Preview, preview
from tests.conftest import SEED
from tests.test_replies import HOSTILE, telegram_takes

LANGUAGE = st.sampled_from(list(LANGUAGES.values()))
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
PAGES = st.builds(
    ParsedPage,
    st.lists(
        st.builds(
            lambda text, doubts: ParsedArticle((Block(Role.HEADLINE, text),), warnings=tuple(doubts)),
            HOSTILE,
            st.lists(HOSTILE.map(Doubt.NO_END.of), max_size=2),
        ),
        max_size=60,
    ).map(tuple),
    date=st.none() | st.builds(IssueDate, DAYS, st.booleans()),
    number=st.none() | st.integers(1, 999),
)
FILES = st.builds(FilePreview, HOSTILE, st.lists(PAGES, max_size=3).map(tuple), st.just("") | HOSTILE)


@given(st.lists(FILES, min_size=1, max_size=5).map(tuple), st.integers(0, 9999), LANGUAGE)
@settings(max_examples=60, deadline=None)
def test_a_preview_fits(files, more, texts):
    found = Preview(files, more)
    reply = screens.upload(found, StoreUpload("abcdefghij", date(2026, 1, 8), 3), texts)
    telegram_takes(reply.html, reply.rows)
    assert bool(reply.rows) == found.storable


@given(
    st.lists(
        st.builds(
            FileReport,
            HOSTILE,
            st.sampled_from(["stored", "replaced", "unchanged", "failed"]),
            st.integers(0, 9999),
            date=st.none() | st.builds(IssueDate, DAYS),
            error=HOSTILE,
            warnings=st.lists(HOSTILE.map(Doubt.REPLACES.of), max_size=2).map(tuple),
        ),
        max_size=80,
    ),
    LANGUAGE,
)
@settings(max_examples=60, deadline=None)
def test_a_report_fits(reports, texts):
    reply = screens.stored([FileReport("a.txt", "stored"), *reports], texts)
    telegram_takes(reply.html, reply.rows)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("doubt", Doubt)
def test_a_doubt_is_said_in_the_operators_language_and_shows_no_path(doubt, language):
    note, texts = doubt.of("/srv/uploads/abc/第01版.txt", "/srv/uploads/abc/第01版.txt"), LANGUAGES[language]
    told = said(note, texts.doubts)
    assert (told == said(note, LANGUAGES["en"].doubts)) == (language == "en")
    assert "newsbot parse" not in told and "--date" not in told  # which is for the terminal
    assert said(Doubt.REPLACES.of("/srv/uploads/abc/第01版.txt"), texts.doubts).count("/") == 0
    report = FileReport("/srv/a.pdf", "failed", error="broken. Export the PDF again.")
    assert texts.unusable.format(why=report.error) in screens.stored([report], texts).html


@given(st.text(max_size=300))
def test_a_name_stays_a_name(name):
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= 100
    assert not set(safe) & set("/\\\0\n") and not safe.startswith(".")
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("2026-01-08/第01版.txt", "第01版.txt"),
        ("..\\..\\20260108_01.pdf", "20260108_01.pdf"),
        ("", "page"),
        ("版 面*?.txt", "版_面_.txt"),
        ("版" * 99 + ".txt", "版" * 32 + ".txt"),
    ],
)
def test_names_keep_what_says_the_day_and_the_page(name, safe):
    assert safe_name(name) == safe


def test_an_inbox_hands_out_nothing_that_is_not_its_own(tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "file").write_text("x")
    inbox = Inbox(tmp_path / "uploads")
    assert inbox.waiting("../secret") is None
    assert not inbox.drop("../secret")
    upload = inbox.add("a.txt", b"x")
    assert inbox.waiting(upload).read_bytes() == b"x"
    inbox.keep(upload)
    assert inbox.waiting(upload) is None
    assert not inbox.drop(upload)
    assert next((tmp_path / "uploads" / upload).glob("a.txt")).exists()


def test_a_preview_looks_at_the_first_files_of_many():
    from bot.paper.files import PageFile

    found = preview([PageFile(SEED)] * 22)
    assert (len(found.files), found.more) == (20, 2)
    assert len(found.files[0].pages[0].articles) == 3


@pytest.mark.parametrize(
    "action",
    [
        StoreUpload("abcdefghij"),
        StoreUpload("abcdefghij", date(2026, 1, 8), 999),
        StoreUpload("abcdefghij", None, 3),
        DropUpload("abcdefghij"),
        RemoveIssue(date(2026, 1, 8)),
        ForgetMe(),
        LeaveIt(),
        ShowSettings(),
        *[ShowSettings(one.name, choice) for one in PREFERENCES for choice in one.choices],
    ],
    ids=str,
)
def test_buttons_say_what_they_do(action):
    assert parse(str(action)) == action
    assert len(str(action).encode()) <= 64


@pytest.mark.parametrize("data", ["u:abcdefghij", "u:ABC:s::", "u:abcdefghij:s:2026-02-30:", "r:2026-13-01", "r:", "c"])
def test_what_no_button_says(data):
    assert parse(data) is None


@given(LANGUAGE, st.sampled_from(PREFERENCES))
def test_settings_fit(texts, one):
    for choice in one.choices:
        reader = one.chosen(Reader(1), choice)
        for reply in (settings_screens.overview(reader, texts), settings_screens.choices(one, reader, texts)):
            telegram_takes(reply.html, reply.rows)
        assert sum(b.label.startswith("✓") for row in reply.rows for b in row) == 1


def test_counts_have_no_names_and_days_add_up(tmp_path):
    memory = ChatMemory(tmp_path / "chat.db")
    for found in (True, False, True):
        memory.usage.note_query(date(2026, 1, 8), found=found)
    memory.usage.note_query(date(2026, 1, 9), found=False)
    assert memory.usage.days(9) == [DayOfUse(date(2026, 1, 9), 1, 1), DayOfUse(date(2026, 1, 8), 3, 1)]
    assert memory.usage.note_error("ValueError", "bot/x.py:1 f")
    assert not memory.usage.note_error("ValueError", "bot/x.py:1 f")
    assert memory.usage.note_error("ValueError", "bot/x.py:2 f")
    memory.usage.forget_errors(2e10)
    assert memory.usage.note_error("ValueError", "bot/x.py:1 f")
    memory.close()


def test_an_error_is_placed_in_the_program_and_not_in_a_library():
    with pytest.raises(ValueError) as caught:
        IssueDate(date(2026, 1, 1)).day.replace(month=13)
    assert place(caught.value) == "test_an_error_is_placed_in_the_program_and_not_in_a_library"
    with pytest.raises(KeyError) as caught:
        PREFERENCES[0].show("de", LANGUAGES["en"])
    assert place(caught.value).startswith("bot/chat/preferences.py:")


@pytest.mark.parametrize(
    ("language", "written", "number"),
    [
        ("zh-Hans", "2026年1月8日（推定）", "1,234 篇"),
        ("zh-Hant", "2026年1月8日（推定）", "1,234 篇"),
        ("en", "Jan 8, 2026 (inferred)", "1,234 articles"),
    ],
)
def test_dates_and_numbers_as_each_language_writes_them(language, written, number):
    texts = LANGUAGES[language]
    assert texts.day(IssueDate(date(2026, 1, 8), inferred=True)) == written
    assert texts.day(date(2026, 1, 8)) == written.partition("（")[0].partition(" (")[0]
    assert texts.articles.format(articles=Count(1234)) == number
