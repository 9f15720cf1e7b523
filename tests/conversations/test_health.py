"""What is told of the bot to programs: over HTTP, to a supervisor, on the command line; and polling that stalls."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
from contextlib import closing

import pytest
from prometheus_client.parser import text_string_to_metric_families
from telegram.error import InvalidToken, NetworkError
from tornado.httpclient import AsyncHTTPClient

from bot.archive.memory import ChatMemory
from bot.chat import app
from bot.chat.polling import Polling, PollingStalledError, PollRequest, Pulse
from bot.settings import Settings
from tests.conversations.test_reading import FOUND


@pytest.fixture
def reader(tg):
    return tg.user("小明", language_code="zh-hans")


@pytest.fixture
def address():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


async def get(address, path, **headers):
    return await AsyncHTTPClient().fetch(f"http://{address}{path}", headers=headers, raise_error=False)


async def status(data_dir):
    command = [sys.executable, "-m", "bot", "status", "--json"]
    environment = {**os.environ, "NEWSBOT_DATA_DIR": str(data_dir)}
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    printed, _ = await process.communicate()
    return json.loads(printed)


async def eventually(check, seconds):
    """The first true result of a coroutine function."""
    async with asyncio.timeout(seconds):
        while not (result := await check()):  # noqa: ASYNC110 what is waited for is in another process
            await asyncio.sleep(0.2)
    return result


async def test_a_healthy_bot_says_so_with_its_figures(tg, serve, reader, data_dir, address):
    bot = await serve(NEWSBOT_HEALTH_LISTEN=address)
    await reader.send("红十字 救援队")
    await reader.send("量子望远镜")
    answer = await get(address, "/healthz")
    state = json.loads(answer.body)
    assert (answer.code, state["healthy"], state["reasons"], state["mode"]) == (200, True, [], "polling")
    assert state["seconds_since_telegram"] < 15
    assert state["messages_waiting"] == state["polling_restarts"] == 0

    text = (await get(address, "/metrics")).body.decode()
    found = {
        s.name + "".join(s.labels.values()): s.value for f in text_string_to_metric_families(text) for s in f.samples
    }
    held = await status(data_dir)
    for name in ("editions", "articles", "paragraphs"):
        assert found[f"newsbot_{name}"] == held[name]
    assert found["newsbot_newest_issue_timestamp_seconds"] == 1767715200  # 2026-01-07 in Shanghai
    assert (found["newsbot_queries_total"], found["newsbot_queries_found_nothing_total"]) == (2, 1)
    assert found["newsbot_update_seconds_countmessage"] == found["newsbot_update_seconds_bucketmessage+Inf"] == 2
    assert found["newsbot_outbox_messages"] == found["newsbot_polling_restarts_total"] == 0
    assert not re.search("红十字|量子|小明|" + tg.token.partition(":")[2], text)

    assert (await get(address, "/healthz", Host="elsewhere.example")).code == 403
    assert held["serve"]["process"] == str(bot.process.pid)
    assert held["serve"]["healthy"] is True
    assert await bot.stop() == 0
    assert (await status(data_dir))["serve"] is None
    tg.check()


async def test_one_that_was_killed_is_not_taken_for_serving(serve, data_dir):
    bot = await serve()
    await eventually(lambda: asyncio.to_thread((data_dir / "serve.json").exists), 10)
    await bot.stop(signal.SIGKILL)
    assert (data_dir / "serve.json").exists()
    assert (await status(data_dir))["serve"] is None


async def test_an_address_that_is_taken_is_named(serve, address):
    taken = f"Error: NEWSBOT_HEALTH_LISTEN={address}: Address already in use"
    with (
        socket.create_server(("127.0.0.1", int(address.rpartition(":")[2]))),
        pytest.raises(AssertionError, match=rf"the bot ended:\n[^\n]*\n{re.escape(taken)}\.$"),
    ):
        await serve(NEWSBOT_HEALTH_LISTEN=address)


async def test_polling_that_stalls_is_started_anew_and_the_operator_told(tg, serve, reader, data_dir, address):
    bot = await serve(
        NEWSBOT_HEALTH_LISTEN=address, NEWSBOT_STALLED_AFTER="12", NEWSBOT_ADMINS=str(reader.id), NEWSBOT_LANGUAGE="en"
    )
    await reader.send("/start")
    tg.fail("getUpdates", trickle=True)
    await reader.send("灯会")  # ends the poll under way; the next one never ends
    await tg.until(lambda: not tg.faults["getupdates"], 15, "a poll that hangs")
    told = reader.send("红十字 救援队", expect=2, timeout=45)
    # by what the bot last wrote, which stays until polling goes on: by HTTP, this may be so for a moment only
    stalled = eventually(lambda: _red(data_dir, "polling has stalled: nothing came back for 1"), 30)
    messages, _ = await asyncio.gather(told, stalled)
    assert [message.text for message in messages].count(FOUND) == 1
    assert any("PollingStalledError" in message.text for message in messages)
    assert any("polling starts anew" in line for line in bot.output)
    state = json.loads((await get(address, "/healthz")).body)
    assert (state["healthy"], state["polling_restarts"]) == (True, 1)
    tg.check()


async def _red(data_dir, reason):
    state = json.loads((data_dir / "serve.json").read_text())
    return not state["healthy"] and any(one.startswith(reason) for one in state["reasons"])


async def test_a_telegram_that_refuses_the_token_for_a_while_does_not_end_polling(tg, serve, reader):
    bot = await serve()
    await reader.send("/start")
    tg.fail("getUpdates", status=401)
    assert (await reader.send("红十字 救援队", timeout=30))[-1].text == FOUND
    assert bot.process.returncode is None
    tg.check()


async def test_a_supervisor_hears_of_start_life_and_end(serve, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(tmp_path / "notify"))
        supervisor.setblocking(False)
        loop = asyncio.get_running_loop()
        bot = await serve(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="900000")
        heard = [await asyncio.wait_for(loop.sock_recv(supervisor, 100), 10) for _ in range(4)]
        assert heard == [b"READY=1", *[b"WATCHDOG=1"] * 3]
        await bot.stop()
        heard = []
        while b"STOPPING=1" not in heard:
            heard.append(supervisor.recv(100))
        assert set(heard) <= {b"WATCHDOG=1", b"STOPPING=1"}


async def serve_by_webhook(tg, serve, address, **settings):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        hook = f"127.0.0.1:{listener.getsockname()[1]}"
    tg.webhook_listener = f"http://{hook}"
    await serve(
        NEWSBOT_HEALTH_LISTEN=address,
        TELEGRAM_WEBHOOK_URL="https://news.example.org/hook",
        TELEGRAM_WEBHOOK_SECRET="s3cret-token",
        TELEGRAM_WEBHOOK_LISTEN=hook,
        **settings,
    )
    await eventually(lambda: _reached(address), 10)


async def test_by_webhook_the_last_update_counts_and_silence_is_no_reason(tg, serve, reader, address):
    await serve_by_webhook(tg, serve, address)
    before = json.loads((await get(address, "/healthz")).body)
    assert (before["healthy"], before["mode"], before["seconds_since_telegram"]) == (True, "webhook", None)
    await reader.send("红十字 救援队", timeout=20)
    assert json.loads((await get(address, "/healthz")).body)["seconds_since_telegram"] < 10
    tg.check()


async def test_a_webhook_that_telegram_cannot_reach_or_has_no_more_is_red(tg, serve, reader, address):
    await serve_by_webhook(tg, serve, address, NEWSBOT_STALLED_AFTER="12")
    hook = tg.webhook_listener

    async def reason():
        answer = await get(address, "/healthz")
        reasons = json.loads(answer.body)["reasons"]
        assert (answer.code == 200) == (not reasons)
        return next(iter(reasons), None)

    async def well():
        return await reason() is None

    tg.webhook_listener = "http://127.0.0.1:1"
    waiting = asyncio.create_task(reader.send("红十字 救援队", timeout=60))
    why = await eventually(reason, 30)
    assert why.startswith("Telegram cannot deliver 1 updates: Connection failed")
    tg.webhook_listener = hook
    assert await waiting
    assert await eventually(well, 30)
    tg.webhook = {}
    assert (await eventually(reason, 30)).startswith("the webhook was removed or replaced by another program")


async def _reached(address):
    try:
        return (await get(address, "/healthz")).code == 200
    except OSError:  # it does not listen yet
        return False


class _Updater:
    """What is used of python-telegram-bot's; whether it can be started is the test's to say."""

    running = True

    def __init__(self, *starts):
        self.starts = list(starts)

    async def stop(self):
        self.running = False

    async def start_polling(self, **_):
        if error := self.starts.pop(0):
            raise error
        self.running = True


async def test_a_new_start_that_fails_is_tried_again():
    updater, pulse = _Updater(NetworkError("down"), None), Pulse()
    polling = Polling(updater, pulse, 90)
    pulse.moved -= 91
    await polling.mend()
    assert polling.stalled and not updater.running
    with pytest.raises(PollingStalledError):
        await polling.mend()
    assert (polling.stalled, updater.running, pulse.restarts) == (False, True, 1)
    await polling.mend()
    assert pulse.restarts == 1


async def test_an_unreachable_telegram_is_not_taken_for_stalled_polling(tg):
    pulse = Pulse()
    request, polling = PollRequest(pulse, 90), Polling(_Updater(), pulse, 90)
    pulse.born -= 100
    tg.fail("getUpdates", reset=True)
    tg.fail("getUpdates", status=429, retry_after=600)
    url = f"{tg.base_url}{tg.token}/getUpdates"
    await request.initialize()
    with pytest.raises(NetworkError):
        await request.do_request(url, "POST")
    assert (pulse.failure, polling.stalled, pulse.silence() > 90) == ("NetworkError", False, True)
    assert (await request.do_request(url, "POST"))[0] == 429
    pulse.moved -= 500
    assert (pulse.failure, polling.stalled) == ("HTTP 429", False)  # the pause that Telegram asked for is no stall
    assert (await request.do_request(url, "POST"))[0] == 200
    assert (pulse.failure, pulse.silence() < 90) == ("", True)
    await request.shutdown()


async def test_a_polling_that_cannot_be_ended_ends_the_bot(engine, data_dir, caplog):
    class Broken(_Updater):
        async def stop(self):
            raise InvalidToken("the polling task ended by this")

    settings = Settings(_env_file=None, TELEGRAM_BOT_TOKEN="1:a", NEWSBOT_DATA_DIR=str(data_dir))
    polling = Polling(Broken(), Pulse(), 90)
    polling.pulse.moved -= 91
    with closing(ChatMemory(data_dir / "chat.db")) as memory:
        application = app.build(settings, engine, memory)
        await application.mend(polling)
    assert application.ended == "polling could not be started anew; the log says why."
    assert "for its supervisor to start it" in caplog.text
