"""What goes wrong on the way: a poor network, a killed process, a database that is being written."""

import asyncio
import re
import signal
import socket
import sqlite3
from contextlib import closing

import pytest

from bot.archive import Archive, ingest
from bot.paper.files import page_files
from bot.search import Engine
from tests.conversations.test_reading import FOUND


@pytest.fixture
def reader(tg):
    return tg.user("小明", language_code="zh-hans")


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.parametrize(
    "fault",
    [{"status": 502}, {"status": 429, "retry_after": 1}, {"reset": True}, {"status": 504, "after": True}, {"delay": 7}],
    ids=str,
)
async def test_an_answer_comes_through_a_poor_network(tg, serve, reader, fault):
    await serve()
    tg.fail("sendMessage", **fault)
    messages = await reader.send("红十字 救援队", timeout=20)
    assert messages[-1].text == FOUND
    tg.check()


@pytest.mark.parametrize("fault", [{"status": 502}, {"status": 429, "retry_after": 1}, {"reset": True}], ids=str)
async def test_polling_goes_on_after_faults(tg, serve, reader, fault):
    await serve()
    await reader.send("/start")
    tg.fail("getUpdates", times=2, **fault)
    assert (await reader.send("红十字 救援队", timeout=30))[-1].text == FOUND
    tg.check()


async def test_a_button_works_through_a_poor_network(tg, serve, reader):
    await serve()
    [screen] = await reader.send("灯会")
    tg.fail("editMessageText", status=502)
    tg.fail("answerCallbackQuery", reset=True)
    await reader.press("▶", timeout=20)
    await tg.until(lambda: screen.labels == ["6", "◀", "⇅ 最新", "⤓"], 10, "the second screen")
    tg.check()


async def test_telegram_is_down_at_the_start(tg, serve, reader):
    tg.fail("getMe", times=2, status=502)
    tg.fail("setMyCommands", times=1, status=500)
    tg.fail("deleteWebhook", times=1, reset=True)
    bot = await serve()
    assert "Connecting to 127.0.0.1" in bot.output[0]
    assert re.search(r"WARNING telegram\.ext: Telegram could not be reached: .+; trying again\.", "\n".join(bot.output))
    assert not any("DEBUG" in line for line in bot.output)
    assert (await reader.send("红十字 救援队", timeout=30))[-1].text == FOUND
    tg.check()


async def test_another_bot_with_the_same_token_is_named(tg, serve, reader):
    bot = await serve()
    await reader.send("/start")
    tg.fail("getUpdates", times=2, status=409)
    assert (await reader.send("红十字 救援队", timeout=30))[-1].text == FOUND
    assert any("Another bot runs with this TELEGRAM_BOT_TOKEN." in line for line in bot.output)
    assert not any("could not be reached" in line for line in bot.output)
    tg.check()


async def test_a_broken_handler_tells_the_reader_something_human_and_the_log_everything(tg, serve, reader, data_dir):
    bot = await serve()
    [screen] = await reader.send("灯会")
    with sqlite3.connect(data_dir / "newsbot.db") as connection:
        connection.execute("ALTER TABLE posting_state RENAME TO elsewhere")
    assert [m.text for m in await reader.send("红十字")] == ["抱歉，刚才出了差错，已经记下。请稍后再试。"]
    pressed = await reader.press("▶", message=screen, expect=0)
    assert pressed.answer["text"] == "抱歉，刚才出了差错，请稍后再试。"
    assert any("no such table: posting_state" in line for line in bot.output)
    with sqlite3.connect(data_dir / "newsbot.db") as connection:
        connection.execute("ALTER TABLE elsewhere RENAME TO posting_state")
    assert [m.text for m in await reader.send("红十字 救援队")] == [FOUND]
    tg.check()


async def test_questions_are_answered_while_the_database_is_written(tg, serve, reader, data_dir):
    await serve()
    writer = sqlite3.connect(data_dir / "newsbot.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO edition (paper, date, date_inferred) VALUES ('别家', '2030-01-01', 0)")
    writing = asyncio.create_task(reader.send("红十字 救援队", timeout=20))
    nothing = asyncio.create_task(tg.user("小华", language_code="zh-hans").send("量子望远镜", timeout=20))
    await asyncio.sleep(1)
    writer.execute("ROLLBACK")
    writer.close()
    assert [m.text for m in await writing] == [FOUND]
    assert (await nothing)[0].text.startswith("没有找到“量子望远镜”。")
    tg.check()


async def test_a_page_ingested_by_another_process_is_found_at_once(tg, serve, reader, data_dir, tmp_path):
    await serve()
    assert (await reader.send("大桥通车"))[0].text.startswith("没有找到“大桥通车”。")
    page = tmp_path / "20260109_01.txt"
    page.write_text("大桥建成\n\n本报讯(记者 甲)昨日,大桥通车。\n", "utf-8")
    other = Archive(data_dir / "newsbot.db")
    list(ingest(other, page_files([page])))
    Engine(other).refresh()
    other.close()
    [answer] = await reader.send("大桥通车")
    assert answer.text == "🔎 大桥通车 · 1 篇 1 段\n\n1. 大桥建成\n2026年1月9日 · 第1版 · 记者 甲\n昨日,大桥通车。"
    assert (await reader.send("/latest"))[0].text.startswith("📰 2026年1月9日 · 1 篇")
    tg.check()


async def test_screens_stay_while_an_edition_comes_in(serve, reader, data_dir, tmp_path):
    def headlines(found):
        return re.findall(r"^\d+\. (.+)$", found.messages[0].text, re.MULTILINE)

    await serve()
    await reader.send("灯会")
    await reader.press("⇅ 最新")
    first = headlines(await reader.press("⇅ 最早"))
    page = tmp_path / "20250105_01.txt"
    page.write_text("灯会前夜\n\n本报讯(记者 甲)昨日,灯会准备就绪。\n", "utf-8")
    with closing(Archive(data_dir / "newsbot.db")) as other:
        list(ingest(other, page_files([page])))
        Engine(other).refresh()
    second = headlines(await reader.press("▶"))
    assert (len(first), len(second), len({*first, *second})) == (5, 1, 6)
    assert headlines(await reader.press("◀")) == first
    [anew] = await reader.send("灯会")
    assert anew.text.startswith("🔎 灯会 · 7 篇")


async def test_killed_before_it_answers_it_answers_after_the_restart(tg, serve, reader):
    bot = await serve()
    await reader.send("/start")
    tg.fail("getUpdates", times=100, delay=0.5)  # leaves time to kill it before it confirms what it got
    tg.fail("sendMessage", times=10, delay=30)
    await reader.send("红十字 救援队", expect=0)
    await bot.stop(signal.SIGKILL)
    tg.faults.clear()
    await serve()
    await tg.until(lambda: reader.chat.events[-1].text == FOUND, 10, "the answer")
    tg.check()


async def test_killed_between_the_answer_and_its_confirmation_it_does_not_answer_twice(tg, serve, reader):
    bot = await serve()
    await reader.send("/start")
    tg.fail("getUpdates", times=100, delay=0.5)
    assert [m.text for m in await reader.send("红十字 救援队")] == [FOUND]
    await bot.stop(signal.SIGKILL)
    tg.faults.clear()
    await serve()
    await reader.send("/help")
    assert [m.text for m in reader.chat.events].count(FOUND) == 1
    tg.check()


async def test_an_update_delivered_twice_is_answered_once(tg, serve, reader):
    await serve()
    [answer] = await reader.send("红十字 救援队")
    question = reader.chat.messages[answer["message_id"] - 1]
    before = len(reader.chat.events)
    tg.redeliver({"update_id": 1, "message": question})
    await reader.send("/help")
    assert [m.text[:4] for m in reader.chat.events[before:]] == ["直接发消"]
    tg.check()


async def test_old_buttons_work_after_a_restart_and_sigterm_is_clean(tg, serve, reader):
    bot = await serve()
    [screen] = await reader.send("灯会")
    [long] = await reader.send("老街的四季")
    await reader.press("1", message=long)
    await reader.press("📖 全文", message=long)
    assert await bot.stop() == 0
    bot = await serve()
    await reader.press("▶", message=screen)
    assert screen.labels == ["6", "◀", "⇅ 最新", "⤓"]
    await reader.press("6", message=screen)
    await reader.press("↩ 返回", message=screen)
    assert screen.labels == ["6", "◀", "⇅ 最新", "⤓"]
    await reader.press("▶", message=long)
    await reader.press("↩ 返回", message=long)
    assert long.text.startswith("🔎 老街的四季")
    assert await bot.stop() == 0
    assert not any("Traceback" in line for bot in tg.bots for line in bot.output)
    tg.check()


async def test_a_button_whose_query_is_forgotten_says_so(tg, serve, reader, data_dir):
    await serve()
    await reader.send("灯会")
    with sqlite3.connect(data_dir / "chat.db") as connection:
        connection.execute("DELETE FROM saved_query")
    pressed = await reader.press("▶", expect=0)
    assert pressed.answer["text"] == "按钮已失效，请重新发送问题。"
    tg.check()


async def test_a_press_that_is_too_old_does_no_harm(tg, serve, reader):
    await serve()
    [screen] = await reader.send("灯会")
    tg.query_ttl = -1
    button = next(b for b in screen.buttons if b["text"] == "▶")
    query_id, query = tg.new_query("callback", button["callback_data"], reader.id)
    update = {"id": query_id, "from": reader.info, "message": dict(screen), "chat_instance": "1"}
    tg.push("callback_query", {**update, "data": button["callback_data"]})
    await tg.until(lambda: screen.labels == ["6", "◀", "⇅ 最新", "⤓"], 10, "the second screen")
    query["answer"] = {}  # Telegram forgets it too
    tg.check(allow=["query is too old"])


async def test_a_reader_who_blocks_the_bot(tg, serve, reader):
    bot = await serve()
    await reader.send("/start")
    tg.fail("getUpdates", delay=0.5)
    message = tg.add_message(reader.chat, reader.info, text="红十字")
    reader.chat.blocked = True
    tg.push("message", message)
    await tg.until(lambda: any("does not take messages" in line for line in bot.output), 10, "a line in the log")
    reader.chat.blocked = False
    assert [m.text for m in await reader.send("红十字 救援队")] == [FOUND]
    tg.check(allow=["bot was blocked by the user"])


async def test_a_flood_in_a_group_keeps_nobody_else_waiting(tg, serve, reader):
    await serve()
    tg.limits = {**tg.limits, "group": (9999, 1), "all": (9999, 1)}
    group, flooder = tg.group("群"), tg.user("洪水")
    for _ in range(120):
        message = tg.add_message(group, flooder.info, text="@fake_news_bot 灯会")
        tg.push("message", message)
    begin = asyncio.get_running_loop().time()
    assert [m.text for m in await reader.send("红十字 救援队", timeout=20)] == [FOUND]
    assert asyncio.get_running_loop().time() - begin < 20
    await tg.bots[0].stop(signal.SIGKILL)


async def test_a_lost_answer_to_an_edit_leaves_the_buttons_alive(tg, serve, reader):
    await serve()
    [screen] = await reader.send("灯会")
    tg.fail("editMessageText", status=504, after=True)
    await reader.press("▶", timeout=20)
    await reader.press("◀", timeout=20)
    await tg.until(lambda: "▶" in screen.labels, 10, "the first screen again")
    tg.check(allow=["not modified"])


async def test_another_bot_on_the_same_archive_answers_its_readers(tg, serve, reader, data_dir):
    await serve()
    with sqlite3.connect(data_dir / "chat.db") as connection:
        connection.execute("INSERT INTO answer VALUES (?, 1, 2, 1700000000)", [reader.id])
    assert [m.text for m in await reader.send("红十字 救援队")] == [FOUND]
    tg.check()


async def test_a_disk_that_takes_nothing_still_answers(tg, serve, reader, data_dir):
    await serve()
    with sqlite3.connect(data_dir / "chat.db") as connection:
        for table in ("saved_query", "answer"):
            connection.execute(
                f"CREATE TRIGGER full_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
    [answer] = await reader.send("红十字 救援队")
    assert (answer.text, answer.labels) == (FOUND, [])
    assert (await reader.send("/help"))[0].text.startswith("直接发消息")
    tg.check()


async def test_a_refused_token_ends_the_bot_without_showing_it(tg, serve, monkeypatch):
    with pytest.raises(AssertionError, match="the bot ended"):
        await serve(TELEGRAM_BOT_TOKEN="123456:WRONG-token_nobody_knows")
    [bot] = tg.bots
    output = "\n".join(bot.output)
    assert "Telegram does not know this TELEGRAM_BOT_TOKEN. Copy it again from @BotFather." in output
    assert "WRONG" not in output and "Traceback" not in output
    assert await bot.stop() == 1


async def test_the_log_shows_no_token_even_at_its_loudest(tg, serve, reader):
    bot = await serve(NEWSBOT_LOG_LEVEL="DEBUG")
    tg.fail("sendMessage", status=502)
    await reader.send("红十字", timeout=20)
    assert await bot.stop() == 0
    assert len(bot.output) > 20
    tg.check()


async def test_webhook(tg, serve, reader, free_port):
    tg.webhook_listener, tg.webhook_retry = f"http://127.0.0.1:{free_port}", 0.2
    bot = await serve(
        TELEGRAM_WEBHOOK_URL="https://news.example.org/hook",
        TELEGRAM_WEBHOOK_SECRET="s3cret-token",
        TELEGRAM_WEBHOOK_LISTEN=f"127.0.0.1:{free_port}",
    )
    assert [m.text for m in await reader.send("红十字 救援队", timeout=20)] == [FOUND]
    tg.webhook["secret_token"] = "wrong"
    await reader.send("灯会", expect=0, quiet=0.6)
    assert tg.webhook["last_error_message"] == "Wrong response from the webhook: 403"
    tg.webhook["secret_token"] = "s3cret-token"
    await tg.until(lambda: reader.chat.events[-1].text.startswith("🔎 灯会"), 10, "the retry")
    assert await bot.stop() == 0
    assert not any("s3cret-token" in line for line in bot.output)
    tg.check()


async def test_only_those_on_the_list_are_served(tg, serve):
    stranger, member, admin = (tg.user(name, language_code="zh-hans") for name in ("甲", "乙", "丙"))
    await serve(NEWSBOT_ALLOWED_USERS=str(member.id), NEWSBOT_ADMINS=f"{admin.id}, 7")
    [refusal] = await stranger.send("红十字")
    assert refusal.text == "抱歉，这个机器人只对指定的读者开放。"
    group = tg.group("群")
    assert await stranger.send("/latest@fake_news_bot", chat=group, expect=0) == []
    for user in (member, admin):
        assert (await user.send("红十字 救援队"))[0].text.startswith("🔎 红十字 救援队 · 1 篇 3 段")
    [screen] = await member.send("/latest", chat=group)
    pressed = await stranger.press("1", message=screen, chat=group, expect=0)
    assert pressed.answer["text"] == "抱歉，这个机器人只对指定的读者开放。"
    assert pressed.messages == []
    tg.check()
