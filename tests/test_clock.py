"""The machine's clock is set, to and fro, by any amount: nothing stops, waits, comes twice or goes too soon."""

import asyncio
import os
import time as clocks
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from bot import heartbeat
from bot.archive import backup
from bot.archive.arrivals import Mark
from bot.archive.inbox import Inbox
from bot.archive.lock import serving
from bot.archive.memory import ChatMemory
from bot.archive.watches import Finding
from bot.chat import app
from bot.chat.rounds import Round, Rounds, once_in_each
from bot.chat.wall_clock import WallClock
from bot.chat.watching import due_at
from bot.models import Reader
from tests.test_watching import SHANGHAI, World, page

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
YEAR = 366 * 24 * 3600


@pytest.fixture
def world(data_dir):
    made = World(data_dir)
    yield made
    made.memory.close()
    made.archive.close()


@pytest.fixture
def memory(tmp_path):
    with closing(ChatMemory(tmp_path / "chat.db")) as opened:
        yield opened


# ---- rounds ----------------------------------------------------------------------------------------------------------


class Application:
    context_types = SimpleNamespace(context=lambda application: application)

    def __init__(self):
        self.errors = []

    async def process_error(self, _, error):
        self.errors.append(error)


async def went(*table, until):
    """Let rounds go until a condition holds; return the errors that were reported."""
    application = Application()
    rounds = Rounds(application, table)
    rounds.start()
    for _ in range(10_000):
        if until():
            break
        await asyncio.sleep(0.001)
    await rounds.stop()
    return application.errors


@pytest.mark.parametrize("set_by", [timedelta(0), -DAY, DAY, timedelta(days=-20_000)], ids=str)
async def test_a_round_comes_again_whatever_the_clock_says(set_by):
    times = []
    with time_machine.travel(datetime(2026, 11, 1, tzinfo=UTC), tick=True) as traveller:

        async def work(_):
            times.append(clocks.monotonic())
            if len(times) == 2:
                traveller.shift(set_by)

        assert await went(Round(work, 0, 0.01), until=lambda: len(times) == 5) == []


async def test_a_round_that_fails_is_reported_and_comes_again_and_one_may_ask_for_another_pause():
    failed, asked, once = [], [], []

    async def fails(_):
        failed.append(0)
        raise ValueError

    async def asks(_):
        asked.append(0)
        return 0.001

    async def ends(_):
        once.append(0)

    done = await went(Round(fails, 0, 0.001), Round(asks, 0, 100), Round(ends), until=lambda: len(failed + asked) > 6)
    assert len(done) == len(failed) and all(isinstance(error, ValueError) for error in done)
    assert len(asked) > 1 and len(once) == 1


async def test_what_is_in_hand_is_finished_and_nothing_begun():
    begun, finished = asyncio.Event(), []

    async def work(_):
        begun.set()
        await asyncio.sleep(0.05)
        finished.append(0)

    rounds = Rounds(Application(), (Round(work, 0, 0.0), Round(work, 100)))
    rounds.start()
    await begun.wait()
    await rounds.stop()
    assert len(finished) == 1


async def test_each_hour_has_its_turn_once_also_one_that_the_clock_was_set_into():
    now, turns = [1000 * 3600.0], []

    async def work(_):
        turns.append(now[0] // 3600)

    glance = once_in_each(3600, work, first=0, clock=lambda: now[0]).work
    for now[0] in (1000 * 3600.0, 1000 * 3600 + 3599.0, 1001 * 3600.0, 1100 * 3600.0, 1099 * 3600.0, 1099 * 3600.0 + 1):
        await glance(None)
    assert turns == [1000, 1001, 1100, 1099]


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(-1e9, 1e9)), max_size=20))
def test_every_setting_of_the_clock_is_seen_and_the_time_since(moves):
    wall, monotonic, set_at = 0.0, 0.0, 0.0
    clock = WallClock(lambda: wall, lambda: monotonic)
    for passed, set_by in moves:
        wall, monotonic = wall + passed + set_by, monotonic + passed
        moved = clock.moved()
        if abs(set_by) > 61:
            assert moved == pytest.approx(set_by, abs=1)
            set_at = monotonic
        elif abs(set_by) < 59:
            assert moved == 0
        else:
            set_at = monotonic if moved else set_at
        assert clock.steady() == monotonic - set_at


# ---- digests and alerts ----------------------------------------------------------------------------------------------


@given(st.times(), st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)), st.sampled_from([BERLIN, SHANGHAI]))
def test_a_digest_is_due_once_a_day_also_when_summer_time_comes_or_goes(at, now, zone):
    reader, now = Reader(1, digest_at=at), now.replace(tzinfo=UTC)
    due = due_at(reader, zone, now)
    assert due.timestamp() <= now.timestamp() < due.timestamp() + 25 * 3600
    assert due_at(reader, zone, due) == due
    following = due_at(reader, zone, due.astimezone(UTC) + timedelta(hours=26))
    assert following.date() - due.date() == DAY


@pytest.mark.parametrize(
    ("day", "utc"), [(date(2026, 3, 28), (1, 30)), (date(2026, 3, 29), (1, 30)), (date(2026, 10, 25), (0, 30))]
)
def test_an_hour_that_is_skipped_or_there_twice(day, utc):
    due = due_at(Reader(1, digest_at=time(2, 30)), BERLIN, datetime.combine(day, time(12), UTC))
    assert due.astimezone(UTC) == datetime.combine(day, time(*utc), UTC)


@pytest.mark.parametrize("step", [1, 10, 30])
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
async def test_a_night_of_the_change_has_one_digest_though_an_issue_comes_every_hour(world, day, step):
    world.memory.readers.put(Reader(1, digest_at=time(2, 30), timezone=BERLIN))
    world.now = datetime.combine(day, time(0), BERLIN).astimezone(UTC) - timedelta(hours=3)
    world.memory.watches.settle_digest(1, world.now.timestamp())
    told, days = [], iter(day - n * DAY for n in range(8, 0, -1))
    for minute in range(0, 8 * 60, step):
        if minute % 60 == 0:
            world.publish(page("量子大桥"), day=next(days))
        told += await world.tell()
        world.now += timedelta(minutes=step)
    assert len(told) == 1


async def test_a_clock_that_was_a_day_ahead_costs_no_digest(world):
    world.memory.readers.put(Reader(1, digest_at=time(8)))
    world.now = datetime(2026, 1, 9, 7, 59, tzinfo=SHANGHAI)
    world.memory.watches.settle_digest(1, world.now.timestamp())
    world.publish(page("量子大桥"))
    world.now += DAY + timedelta(minutes=2)  # set forward, and past the hour
    assert len(await world.tell()) == 1
    world.now -= DAY  # set back
    assert await world.tell() == []
    world.publish(page("高铁站台"), day=date(2026, 1, 10))
    world.now += DAY
    assert len(await world.tell()) == 1


async def test_a_clock_set_back_an_hour_over_the_digest_brings_it_once_though_a_new_issue_came(world):
    world.memory.readers.put(Reader(1, digest_at=time(8)))
    world.now = datetime(2026, 1, 9, 7, 59, tzinfo=SHANGHAI)
    world.memory.watches.settle_digest(1, world.now.timestamp())
    world.publish(page("量子大桥"), day=date(2026, 1, 8))
    world.now += timedelta(minutes=2)
    assert len(await world.tell()) == 1
    world.now -= timedelta(hours=1)
    world.publish(page("高铁站台"))
    world.now += timedelta(hours=2)
    assert await world.tell() == []


async def test_a_clock_that_is_not_set_owes_nothing(world):
    world.memory.readers.put(Reader(1, digest_at=time(8)))
    noon = world.now
    world.memory.watches.settle_digest(1, noon.timestamp())
    world.publish(page("量子大桥"))
    world.now = datetime(1970, 1, 1, 9, tzinfo=SHANGHAI)
    assert await world.tell() == []
    world.now = noon + timedelta(hours=1)
    assert await world.tell() == []


@pytest.mark.parametrize("restarted", [False, True])
async def test_an_alert_that_waits_for_the_morning_of_a_wrong_day_comes_in_the_right_one(world, restarted):
    world.memory.readers.put(Reader(1, quiet=(time(22), time(7))))
    world.watch(1, "量子大桥")
    world.publish(page("量子大桥"))
    world.now = datetime(2026, 1, 12, 23, tzinfo=SHANGHAI)
    assert await world.tell() == []  # it waits until the 13th
    world.now = datetime(2026, 1, 9, 6, tzinfo=SHANGHAI)
    world.delivery.set_back(0.0 if restarted else 3 * 24 * 3600 + 17 * 3600)
    assert await world.tell() == []
    world.now += timedelta(hours=1)
    assert len(await world.tell()) == 1


async def test_a_clock_set_back_does_not_lengthen_what_telegram_asks_to_wait(world):
    world.delivery._held[1] = world.now.timestamp() + 30
    world.watch(1, "量子大桥")
    world.publish(page("量子大桥"))
    world.now -= DAY
    world.delivery.set_back(DAY.total_seconds())
    assert await world.tell() == []
    world.now += timedelta(seconds=31)
    assert len(await world.tell()) == 1


def test_a_clock_that_is_ahead_does_not_forget_what_was_told(memory):
    watch = memory.watches.start(1, "大桥", Mark(0, 0))
    story = [Finding(watch, 5, ("text a",), date(2026, 6, 1))]
    assert memory.watches.enqueue(Mark(0, 0), Mark(9, 5), story, 0.0, date(2026, 5, 18)) == 1
    assert memory.watches.enqueue(Mark(9, 5), Mark(10, 5), [], 0.0, date(2038, 1, 1)) == 0
    assert memory.watches.enqueue(Mark(10, 5), Mark(20, 6), story, 0.0, date(2026, 5, 18)) == 0
    later = [Finding(watch, 7, ("text b",), date(2026, 6, 30))]
    assert memory.watches.enqueue(Mark(20, 6), Mark(30, 7), later, 0.0, date(2026, 6, 16)) == 1
    assert memory.traces.count(1)["told"] == 1  # the old one is forgotten, once the paper has gone on


# ---- what is kept ----------------------------------------------------------------------------------------------------


def names(folder):
    return sorted(path.name[8:-4] for path in folder.iterdir())


@pytest.mark.parametrize("wrong", [date(1970, 1, 1), date(2026, 1, 3), date(2038, 1, 1)], ids=str)
def test_a_backup_of_a_wrong_day_takes_no_good_ones_place(data_dir, wrong):
    ChatMemory(data_dir / "chat.db").close()
    folder, days = data_dir / "backups", [date(2026, 1, 7) + n * DAY for n in range(9)]
    for day in days[:3]:
        assert backup.nightly(data_dir, folder, day, 3)
    good = names(folder)
    assert backup.nightly(data_dir, folder, wrong, 3)
    kept = set(good) & set(names(folder))
    assert kept == (set(good) if wrong < days[0] else set(good[1:]))
    assert backup.nightly(data_dir, folder, wrong, 3) is None
    for day in days[3:7]:
        assert backup.nightly(data_dir, folder, day, 3)
    assert names(folder) == [f"{day}" for day in days[4:7]]


def test_what_was_kept_while_the_clock_was_not_set_counts_from_when_it_was(memory):
    with time_machine.travel(datetime(1970, 1, 2, tzinfo=UTC), tick=False) as traveller:
        query, place = memory.save_query("大桥"), memory.trail.keep("an action")
        memory.forget_chats(clocks.time() - YEAR)
        traveller.move_to(datetime(2026, 6, 1, tzinfo=UTC))
        memory.forget_chats(clocks.time() - YEAR)
        traveller.shift(timedelta(days=365))
        memory.forget_chats(clocks.time() - YEAR)
        assert (memory.saved_query(query), memory.trail.kept(place)) == ("大桥", "an action")
        traveller.shift(timedelta(days=2))
        memory.forget_chats(clocks.time() - YEAR)
        assert (memory.saved_query(query), memory.trail.kept(place)) == (None, None)


def test_what_was_kept_while_the_clock_was_ahead_is_not_kept_for_ever(memory):
    with time_machine.travel(datetime(2060, 1, 1, tzinfo=UTC), tick=False) as traveller:
        query = memory.save_query("大桥")
        traveller.move_to(datetime(2026, 6, 1, tzinfo=UTC))
        memory.forget_chats(clocks.time() - YEAR)
        assert memory.saved_query(query) == "大桥"
        traveller.shift(timedelta(days=367))
        memory.forget_chats(clocks.time() - YEAR)
        assert memory.saved_query(query) is None


async def test_nothing_is_forgotten_by_a_clock_that_was_just_set(world):
    steady = SimpleNamespace(seconds=0.0)
    home = SimpleNamespace(
        memory=world.memory, inbox=Inbox(world.pages), clock=SimpleNamespace(steady=lambda: steady.seconds)
    )
    context = SimpleNamespace(bot_data={"house": home})
    query, upload = world.memory.save_query("大桥"), home.inbox.add("a.txt", b"page")
    with time_machine.travel(datetime(2060, 1, 1, tzinfo=UTC), tick=False):
        await app.forget_old(context)
        assert world.memory.saved_query(query) == "大桥" and home.inbox.waiting(upload)
        steady.seconds = 3600.0
        await app.forget_old(context)
        assert world.memory.saved_query(query) is None and home.inbox.waiting(upload) is None


def test_an_upload_that_came_while_the_clock_was_not_set_waits_a_day_from_then_on(tmp_path):
    inbox = Inbox(tmp_path)
    upload = inbox.add("a.txt", b"page")
    os.utime(tmp_path / upload, (1000, 1000))
    inbox.expire(before=500)  # the clock is not set yet
    inbox.expire(before=clocks.time() - 24 * 3600)
    assert inbox.waiting(upload)
    inbox.expire(before=clocks.time() + 1)
    assert inbox.waiting(upload) is None


def test_a_question_that_came_while_the_clock_was_not_set_is_still_answered(memory):
    with time_machine.travel(datetime(1970, 1, 2, tzinfo=UTC), tick=False) as traveller:
        memory.received.keep(1, 10, 5, '"early"')
        traveller.move_to(datetime(2026, 6, 1, tzinfo=UTC))
        memory.received.keep(1, 11, 5, '"old"')
        traveller.shift(timedelta(hours=25))
        memory.received.keep(1, 12, 5, '"new"')
        assert memory.received.left(1) == (['"early"', '"new"'], 1)


def test_an_answer_is_known_by_telegrams_clock(memory):
    sent = datetime(2026, 6, 1, tzinfo=UTC).timestamp()
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=UTC), tick=False):
        memory.remember_answer(1, 2, 3, sent=sent)
    assert memory.answer_to(1, 2, since=sent) == 3


def test_a_bot_that_hangs_is_seen_to_though_the_clock_was_set_back(tmp_path):
    with serving(tmp_path), time_machine.travel(datetime(2026, 6, 2, tzinfo=UTC), tick=True) as traveller:
        heartbeat.write(tmp_path, {"healthy": True, "reasons": []})
        traveller.shift(DAY)
        assert heartbeat.read(tmp_path)["healthy"]  # and set forward, it is no worse
        text = heartbeat.path(tmp_path).read_text()
        heartbeat.path(tmp_path).write_text(text.replace('"beat": ', '"beat": -'))
        traveller.shift(-2 * DAY)
        assert not heartbeat.read(tmp_path)["healthy"]
