"""A bot that is killed or told to stop: what it has received is answered, once, by it or after the next start."""

import asyncio
import signal
import sqlite3
import time

import pytest

from tests.conversations.test_reading import FOUND
from tests.conversations.test_troubles import free_port  # noqa: F401 - a fixture


@pytest.fixture
def reader(tg):
    return tg.user("小明", language_code="zh-hans")


def kept(data_dir):
    with sqlite3.connect(data_dir / "chat.db") as db:
        return db.execute("SELECT count(*) FROM received").fetchone()[0]


async def handled(tg, data_dir):
    await tg.until(lambda: kept(data_dir) == 0, 10, "end of what was in hand")


@pytest.fixture(params=["polling", "webhook"])
def start(request, tg, serve, free_port):  # noqa: F811
    """Starts the bot in either way."""
    if request.param == "polling":
        return serve
    tg.webhook_listener, tg.webhook_retry = f"http://127.0.0.1:{free_port}", 0.2

    def webhook():
        return serve(
            TELEGRAM_WEBHOOK_URL="https://news.example.org/hook",
            TELEGRAM_WEBHOOK_SECRET="s3cret-token",
            TELEGRAM_WEBHOOK_LISTEN=f"127.0.0.1:{free_port}",
        )

    return webhook


async def test_killed_after_it_confirmed_and_before_it_answered_it_answers_once(tg, start, reader, data_dir):
    bot = await start()
    await reader.send("/start", timeout=20)
    [screen] = await reader.send("灯会")
    await handled(tg, data_dir)
    tg.fail("sendMessage", times=10, delay=60)
    tg.fail("editMessageText", times=10, delay=60)
    await reader.send("红十字 救援队", expect=0)
    button = next(b for b in screen.buttons if b["text"] == "▶")
    other = tg.user("小華", language_code="zh-hans")
    other.write(other.chat, "红十字 救援队")
    reader.tap(screen, button)
    await tg.until(lambda: kept(data_dir) == 3 and not tg.queue, 10, "confirmation")
    await asyncio.sleep(0.3)
    await bot.stop(signal.SIGKILL)
    tg.faults.clear()
    await start()
    await tg.until(lambda: any(m.text == FOUND for m in reader.chat.events), 20, "the answer")
    await tg.until(lambda: any(m.text == FOUND for m in other.chat.events), 20, "the other answer")
    await tg.until(lambda: "◀" in screen.labels, 10, "the second screen")
    await handled(tg, data_dir)
    await reader.send("/help")
    for chat in (reader.chat, other.chat):
        assert [m.text for m in chat.events].count(FOUND) == 1
    tg.check()


async def test_what_telegram_delivers_again_after_a_kill_is_handled_once(tg, serve, reader, data_dir):
    bot = await serve()
    await reader.send("/start")
    await handled(tg, data_dir)
    tg.fail("getUpdates", times=100, delay=0.5)  # it is killed before it confirms what it got
    tg.fail("sendMessage", times=10, delay=60)
    await reader.send("红十字 救援队", expect=0)
    await tg.until(lambda: kept(data_dir) == 1, 10, "a row")
    assert tg.queue
    await bot.stop(signal.SIGKILL)
    tg.faults.clear()
    bot = await serve()
    await reader.send("/help", expect=2, timeout=20)
    assert [m.text for m in reader.chat.events].count(FOUND) == 1
    assert (
        len([name for name, call in tg.calls if name == "sendMessage" and call.get("text", "").startswith("🔎")]) <= 2
    )
    assert any("Left unanswered before the start: 1" in line for line in bot.output)
    tg.check()


async def test_what_is_too_old_or_kills_the_bot_each_time_is_dropped_with_a_line(tg, serve, reader, data_dir):
    bot = await serve()
    await reader.send("/start")
    await handled(tg, data_dir)
    await bot.stop()
    with sqlite3.connect(data_dir / "chat.db") as db:
        for update_id, received_at, tries in ((1, time.time() - 25 * 3600, 0), (2, time.time(), 3)):
            db.execute(
                "INSERT INTO received (bot_id, update_id, reader_id, content, received_at, tries)"
                " VALUES (123456, ?, 1, '{}', ?, ?)",
                [update_id, received_at, tries],
            )
    bot = await serve()
    assert any("Left unanswered before the start: 0, taken up now; dropped as too old: 2" in s for s in bot.output)
    assert kept(data_dir) == 0


async def test_sigterm_finishes_what_is_in_hand(tg, start, reader, data_dir):
    bot = await start()
    await reader.send("/start", timeout=20)
    tg.fail("sendMessage", times=1, delay=2)
    await reader.send("红十字 救援队", expect=0)
    await tg.until(lambda: kept(data_dir) == 1, 10, "a row")
    assert await bot.stop() == 0
    assert [m.text for m in reader.chat.events].count(FOUND) == 1
    assert kept(data_dir) == 0
    tg.check()


async def test_sigterm_does_not_wait_for_a_429_and_loses_nothing(tg, serve, reader, data_dir):
    bot = await serve()
    await reader.send("/start")
    await handled(tg, data_dir)
    tg.fail("sendMessage", times=10, status=429, retry_after=600)
    await reader.send("红十字 救援队", expect=0)
    await tg.until(lambda: kept(data_dir) == 1 and not tg.queue, 10, "confirmation")
    assert await bot.stop(timeout=14) == 0
    assert any("1 updates took too long" in line for line in bot.output)
    assert not any("Traceback" in line or "destroyed" in line for line in bot.output)
    assert kept(data_dir) == 1
    tg.faults.clear()
    await serve()
    await tg.until(lambda: any(m.text == FOUND for m in reader.chat.events), 20, "the answer")
    await handled(tg, data_dir)
    assert [m.text for m in reader.chat.events].count(FOUND) == 1
    tg.check()


async def test_a_disk_that_takes_nothing_keeps_nobody_waiting(tg, serve, reader, data_dir):
    bot = await serve()
    with sqlite3.connect(data_dir / "chat.db") as db:
        db.execute("CREATE TRIGGER full BEFORE INSERT ON received BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    assert [m.text for m in await reader.send("红十字 救援队")] == [FOUND]
    assert any("could not be kept" in line for line in bot.output)
    tg.check()
