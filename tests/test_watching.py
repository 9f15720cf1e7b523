"""Watch words under a clock and a Telegram of the test's own; and the laws that a watch keeps."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.archive import Archive, ingest
from bot.archive.arrivals import Mark
from bot.archive.inbox import Inbox
from bot.archive.memory import ChatMemory
from bot.archive.watches import Finding
from bot.chat.actions import ChangeWatch, ShowAlert, ShowArticle, ShowDigest, ShowWatches, StartWatch, TryWatch
from bot.chat.callbacks import parse
from bot.chat.delivery import Delivery
from bot.chat.house import House
from bot.chat.limits import ONCE, PerChatLimits
from bot.chat.screens import watches as screens
from bot.chat.screens.watches import Form, Rehearsal, Story
from bot.chat.shown import Shown
from bot.chat.watching import Watching, condition, due_at, story_keys
from bot.models import Reader, Script, Watch
from bot.paper.files import page_files
from bot.sandbox.rules import formatted
from bot.search import Engine
from bot.search.explain import Explainer
from bot.search.literal import Spelled, met_by, narrower, wider
from bot.search.query import as_typed, parse_query
from bot.settings import Settings
from tests.test_replies import ARTICLES, HOSTILE, ISSUE_DATES, LANGUAGE, passages

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 1, 9, 12, tzinfo=SHANGHAI)


class World:
    """An archive, a chat and a Telegram under a clock that a test sets."""

    def __init__(self, data_dir, **env):
        self.now, self.sent, self.faults = NOON, [], []
        self.archive, self.memory = Archive(data_dir / "newsbot.db"), ChatMemory(data_dir / "chat.db")
        engine = Engine(self.archive)
        self.house = House(
            given := Settings(_env_file=None, **env),
            engine,
            Explainer(engine, 0),
            self.memory,
            Shown(),
            Inbox(given.uploads),
        )
        self.watching = Watching(engine, self.memory, SHANGHAI, lambda: self.now)
        self.delivery = Delivery(self.house, self.post, lambda: self.now)
        self.pages = data_dir / "pages"

    async def post(self, chat_id, reply, silent):
        if self.faults and (fault := self.faults.pop(0)):
            raise fault
        self.sent.append((chat_id, reply, silent))

    def watch(self, reader_id, text, **change):
        watch = self.memory.watches.start(reader_id, text, self.archive.arrivals.mark())
        self.memory.watches.change(reader_id, watch.id, **change)
        return watch

    def publish(self, text, day=date(2026, 1, 9), number=1):
        self.pages.mkdir(exist_ok=True)
        page = self.pages / f"{day:%Y%m%d}_{number:02}.txt"
        page.write_text(text, "utf-8")
        list(ingest(self.archive, page_files([page])))

    def look(self):
        self.watching.look()
        return self.watching.look()

    async def tell(self):
        """Look and deliver; return what was sent by it, as chat ids and texts."""
        before = len(self.sent)
        self.look()
        self.watching.remind()
        await self.delivery.deliver()
        return [(chat_id, reply.html) for chat_id, reply, _ in self.sent[before:]]

    @property
    def waiting(self):
        return self.memory.watches.due(float("inf"), 100)


@pytest.fixture
def world(data_dir):
    made = World(data_dir)
    yield made
    made.memory.close()
    made.archive.close()


def page(*words):
    return "\n\n".join(f"{word}的消息\n\n本报讯(记者 甲乙)今天报上说到{word},仅此而已。" for word in words) + "\n"


async def test_an_edition_is_waited_for_until_it_stands_still(world):
    world.watch(1, "量子大桥")
    world.publish(page("量子大桥"))
    assert world.watching.look() == 0
    world.publish(page("高铁站台"), number=2)
    assert world.watching.look() == 0
    assert world.watching.look() == 1
    assert world.watching.look() == 0


async def test_one_message_a_watcher_with_counts_each_story_once(world):
    world.watch(1, "量子大桥")
    world.watch(1, "消息")
    world.watch(2, "高铁站台")
    world.publish(page("量子大桥", "高铁站台", "低空经济"))
    told = dict(await world.tell())
    assert set(told) == {1, 2}
    text = told[1]
    assert text.startswith("🔔 关注的词见报了 · 3 篇\n“量子大桥” 1 篇\n“消息” 3 篇\n")
    assert text.count("<b>量子大桥的消息</b>") == 1 and "🔔 量子大桥、消息" in text
    assert await world.tell() == []


async def test_quiet_hours_over_midnight_end_in_the_readers_zone(world):
    world.memory.readers.put(Reader(1, quiet=(time(22), time(7)), timezone=ZoneInfo("America/New_York")))
    world.watch(1, "量子大桥")
    world.publish(page("量子大桥"))  # 23:00 in New York
    assert await world.tell() == []
    world.publish(page("量子大桥的桥墩"), number=2)
    world.now = NOON + timedelta(hours=7, minutes=59)
    assert await world.tell() == []
    world.now = NOON + timedelta(hours=8)
    [(_, text)] = await world.tell()
    assert text.startswith("🔔 关注的词见报了 · 2 篇")


async def test_what_is_told_comes_in_the_script_of_the_readers_choice(world):
    world.memory.readers.put(Reader(1, script=Script.HANT, digest_at=time(12), language="en"))
    world.memory.watches.settle_digest(1, (NOON - timedelta(hours=1)).timestamp())
    world.watch(1, "量子大桥")
    world.publish(page("量子大桥"))
    [(_, alert)] = await world.tell()
    [(_, digest)] = await world.tell()
    assert "<b>量子大橋的消息</b>" in alert and "本報訊" not in alert
    assert digest.startswith("📰 Jan 9, 2026") and "<b>量子大橋的消息</b>" in digest


async def test_a_digest_comes_at_its_time_once_an_issue(world):
    world.memory.readers.put(Reader(1, digest_at=time(8), timezone=ZoneInfo("Asia/Tokyo")))
    world.now = datetime(2026, 1, 9, 6, 59, tzinfo=SHANGHAI)
    world.memory.watches.settle_digest(1, world.now.timestamp())
    assert await world.tell() == []
    world.publish(page("量子大桥"))
    world.now += timedelta(minutes=1)  # 8:00 in Tokyo
    [(_, text)] = await world.tell()
    assert text.startswith("📰 2026年1月9日 · 1 篇\n\n1. <b>量子大桥的消息</b>")
    assert await world.tell() == []
    world.now += timedelta(days=1)
    assert await world.tell() == []  # no new issue
    world.publish(page("高铁站台"), day=date(2026, 1, 10))
    world.now += timedelta(days=1)
    assert len(await world.tell()) == 1
    world.publish(page("高铁站台"), day=date(2026, 1, 12))
    world.now += timedelta(days=1, hours=13)  # the bot was down when it was due
    assert await world.tell() == []


@given(at=st.times(), now=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))
def test_a_digest_is_due_within_the_last_day(at, now):
    due = due_at(Reader(1, digest_at=at), SHANGHAI, now.replace(tzinfo=UTC))
    assert due <= now.replace(tzinfo=UTC) < due + timedelta(days=1)
    assert (due.hour, due.minute) == (at.hour, at.minute)


async def test_a_429_holds_its_chat_for_as_long_as_it_says(world):
    for reader_id in (1, 2):
        world.watch(reader_id, "量子大桥")
    world.publish(page("量子大桥"))
    world.faults = [RetryAfter(30)]
    told = {chat_id for chat_id, _ in await world.tell()}
    assert len(told) == 1
    world.now += timedelta(seconds=29)
    world.publish(page("量子大桥的桥墩"), number=2)
    assert {chat_id for chat_id, _ in await world.tell()} == told
    world.now += timedelta(seconds=1)
    [(waiting, text)] = await world.tell()
    assert {waiting} | told == {1, 2}
    assert text.startswith("🔔 关注的词见报了 · 2 篇")


@pytest.mark.parametrize(
    "fault", [TimedOut(), NetworkError("reset"), BadRequest("odd"), RuntimeError("a bug")], ids=repr
)
async def test_what_fails_is_tried_again_with_longer_pauses_and_never_lost(world, fault):
    world.watch(1, "量子大桥")
    world.publish(page("量子大桥"))
    world.faults = [fault, fault, None]
    assert await world.tell() == []
    world.now += timedelta(seconds=5)
    assert await world.tell() == []
    world.now += timedelta(seconds=5)
    assert await world.tell() == []
    world.now += timedelta(seconds=5)
    assert len(await world.tell()) == 1
    assert world.waiting == []


async def test_what_telegram_refuses_again_and_again_is_dropped_and_said(world, caplog):
    world.watch(1, "量子大桥")
    world.publish(page("量子大桥"))
    world.faults = [BadRequest("odd")] * 20
    for _ in range(8):
        await world.tell()
        world.now += timedelta(hours=1)
    assert world.waiting == [] and "is dropped: odd" in caplog.text
    assert "量子" not in caplog.text


@pytest.mark.parametrize("fault", [Forbidden("bot was blocked by the user"), BadRequest("Chat not found")], ids=repr)
async def test_who_is_gone_is_marked_and_the_watches_rest(world, fault):
    world.watch(1, "量子大桥")
    world.publish(page("量子大桥"))
    world.faults = [fault]
    assert await world.tell() == []
    assert world.memory.readers.get(1).blocked and world.memory.watches.of(1)[0].paused
    assert world.waiting == [] and world.memory.watches.digest_readers() == []
    assert not world.memory.watches.unblock(1).blocked


async def test_a_disk_that_does_not_note_causes_no_second_message(world):
    world.watch(1, "量子大桥")
    world.publish(page("量子大桥"))
    with closing(sqlite3.connect(world.memory.path, isolation_level=None)) as db:
        db.execute("CREATE TRIGGER full BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        assert len(await world.tell()) == 1
        assert await world.tell() == []
        db.execute("DROP TRIGGER full")
    assert await world.tell() == [] and world.waiting == []


async def test_only_who_is_allowed_is_told(data_dir):
    world = World(data_dir, NEWSBOT_ALLOWED_USERS="2", NEWSBOT_ADMINS="3")
    for reader_id in (1, 2, 3):
        world.watch(reader_id, "量子大桥")
    world.publish(page("量子大桥"))
    assert sorted(chat_id for chat_id, _ in await world.tell()) == [2, 3]
    world.memory.close()
    world.archive.close()


async def test_what_was_withdrawn_or_no_longer_watched_is_not_told(world):
    watch = world.watch(1, "量子大桥")
    world.watch(2, "量子大桥")
    world.publish(page("量子大桥"))
    world.look()
    world.memory.watches.delete(1, watch.id)
    assert [chat_id for chat_id, _ in await world.tell()] == [2]
    world.publish(page("量子大桥之二"), number=2)
    world.look()
    world.archive.remove_edition(NOON.date())
    assert await world.tell() == [] and world.waiting == []


async def test_two_bots_at_once_enqueue_once(world):
    watch = world.watch(1, "量子大桥")
    before, after = world.archive.arrivals.mark(), Mark(10**6, 10**6)
    findings = [Finding(watch, 7, ("article 7",), NOON.date())]
    assert world.memory.watches.enqueue(before, after, findings, 0, date.min) == 1
    assert world.memory.watches.enqueue(before, after, findings, 0, date.min) == 0
    assert len(world.waiting) == 1


async def test_an_archive_made_anew_is_begun_again(world):
    world.watch(1, "量子大桥")
    world.memory.watches.begin_again(Mark(10**6, 10**6))
    world.publish(page("量子大桥"))
    assert await world.tell() == []
    world.publish(page("量子大桥之二"), number=2)
    assert len(await world.tell()) == 1


async def test_a_chat_has_one_message_a_round_and_all_together_an_even_pace(world):
    for reader_id in range(1, 11):
        world.watch(reader_id, "量子大桥")
    world.memory.readers.put(Reader(1, digest_at=time(11)))
    world.memory.watches.settle_digest(1, 0.0)
    world.publish(page("量子大桥"))
    begin = asyncio.get_running_loop().time()
    first = [chat_id for chat_id, _ in await world.tell()]
    assert sorted(first) == list(range(1, 11))
    assert asyncio.get_running_loop().time() - begin > 9 / 25
    assert [chat_id for chat_id, _ in await world.tell()] == [1]


async def test_a_429_stops_its_own_chat_only_and_the_queue_is_told_at_once():
    limits, calls = PerChatLimits(retries=5), []

    async def call(chat):
        calls.append(chat)
        if calls.count(1) == 1 and chat == 1:
            raise RetryAfter(timedelta(seconds=0.2))
        return chat

    async def through(chat, tries=None):
        return await limits.process_request(call, (chat,), {}, "sendMessage", {"chat_id": chat}, tries)

    assert await asyncio.gather(through(1), through(2)) == [1, 2]
    assert calls == [1, 2, 1]
    calls.clear()
    with pytest.raises(RetryAfter):
        await through(1, ONCE)


def test_forget_leaves_nothing_of_a_reader(world):
    world.watch(1, "量子大桥")
    world.watch(2, "量子大桥")
    world.memory.watches.speaks(1, "en")
    world.publish(page("量子大桥"))
    world.look()
    assert world.memory.traces.forget(1)["watch"] == 1
    assert world.memory.watches.language(1) is None
    assert [mail.reader_id for mail in world.waiting] == [2]


def test_a_story_is_known_by_what_it_says(engine):
    [article, other] = [engine.article(i) for i in (1, 2)]
    reread = replace(article, id=99)
    assert set(story_keys(article, [1])) & set(story_keys(reread, [99]))
    assert not set(story_keys(article, [1])) & set(story_keys(other, [2]))


# ---- laws ----------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["灯会", "剪纸", "红十字", "救援", "会", "1月5日", "燈會", "大同", "记者", "ai", "二万八千", "，", "<b>"]
)
QUERIES = st.lists(
    st.builds("{}{}".format, st.sampled_from(["", "", "-", "标题:", "灯会|"]), WORDS), min_size=1, max_size=4
).map(" ".join)


@pytest.fixture(scope="module")
def shared(library):
    archive = Archive(library / "newsbot.db")
    yield Engine(archive)
    archive.close()


@given(text=QUERIES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_rehearsal_counts_what_would_have_been_told(shared, text):
    asked = condition(text)
    held = set(shared.archive.places.current().article.tolist()) - {0}
    told = {a.id for a in shared.archive.articles(held).values() if met_by(asked, Spelled(a))}
    by_index = {i for i, _ in shared.meeting(asked)}
    assert by_index == told or not (asked.phrases or asked.without or asked.either or asked.headline)


@given(text=QUERIES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_narrower_forms_bring_no_more_and_wider_ones_no_less(shared, text):
    parsed, found = parse_query(text), {i for i, _ in shared.meeting(condition(text))}
    assert condition(as_typed(parsed)) == replace(condition(text), text=as_typed(parsed))
    for form in narrower(parsed):
        assert {i for i, _ in shared.meeting(condition(form))} <= found
    for form in wider(parsed):
        assert {i for i, _ in shared.meeting(condition(form))} >= found


@given(st.lists(st.integers(0, 10**6), max_size=40))
def test_a_sparkline_has_a_bar_for_each_number_and_the_lowest_for_none_only(counts):
    bars = screens.sparkline(counts)
    assert len(bars) == len(counts)
    for count, bar in zip(counts, bars, strict=True):
        assert (bar == "▁") == (count == 0) and (count < max(counts) or count == 0 or bar == "█")


WATCHES = st.builds(
    Watch,
    st.integers(1, 10**9),
    st.integers(1),
    HOSTILE.map(lambda t: t[:200]),
    st.just(0),
    st.booleans(),
    st.booleans(),
)
STORIES = st.builds(
    Story,
    ARTICLES,
    st.lists(WATCHES, max_size=3).map(tuple),
    st.lists(HOSTILE, max_size=6).map(tuple),
    st.none() | passages(),
)
FORMS = st.builds(Form, HOSTILE.map(lambda t: t[:200]), st.just("A" * 11), st.integers(0, 10**6))


def check(reply):
    text, _, warnings = formatted({"text": reply.html, "parse_mode": "HTML"}, "text", 4096)
    assert warnings == [] and text
    for button in (button for row in reply.rows for button in row):
        if button.action:
            assert len(str(button.action).encode()) <= 64 and parse(str(button.action)) == button.action


@given(st.lists(STORIES, min_size=1, max_size=12), WATCHES, FORMS, ISSUE_DATES, LANGUAGE)
@settings(max_examples=60, deadline=None)
def test_every_screen_is_within_telegrams_limits(told, watch, form, day, texts):
    for reply in (
        screens.alert(told, 3, [(watch, "A" * 11)] * 7, texts),
        screens.digest(day, told, 999, texts),
        screens.watch(watch, "A" * 11, texts),
        screens.watches([watch] * 20, texts),
        screens.deleted(watch.text, "A" * 11, texts),
        *(
            screens.rehearsal(Rehearsal(form, day, False, (1,) * 30, tuple(told[:2]), (form,), (form,), *of), texts)
            for of in ((), (5,), (5, True))
        ),
    ):
        check(reply)


@pytest.mark.parametrize(
    "action",
    [
        ShowArticle(12, 3, ShowAlert((1, 36**8 - 1), 12)),
        ShowArticle(12, 3, ShowDigest(date(2026, 1, 7))),
        TryWatch("Ab-_1", 7),
        StartWatch("Ab-_1"),
        ShowWatches(resume=True),
        *(ChangeWatch(9, change) for change in ("show", "pause", "resume", "silent", "sound", "delete")),
    ],
    ids=str,
)
def test_a_button_carries_all_of_what_it_does(action):
    assert parse(str(action)) == action


@pytest.mark.parametrize("data", ["wb:1:", "wb:1:1.2.3.4.5.6", "wc:1:drop", "wl:2", "wt::0", "a:1:0|wl:2", "a:1:0|"])
def test_no_button_of_ours_is_nothing(data):
    assert parse(data) is None
