"""An operator in the chat: files sent to the bot, counts, the index, a day that goes, and what went wrong."""

import io
import os
import re
import signal
import sqlite3
import time
import zipfile

import pytest_asyncio

PAGE = """大同日报
2026年1月9日 第1版

市图书馆新馆开馆

本报讯(记者 王远)1月8日,市图书馆新馆正式开馆,藏书六十万册,全天向市民开放。

古城墙亮起彩灯

本报讯(记者 李想)入夜,古城墙上的彩灯亮起,市民登城观灯,热闹非凡。
""".encode()

PREVIEW = "📄 20260109_01.txt\n2026年1月9日 · 第1版 · 2 篇\n1. 市图书馆新馆开馆\n2. 古城墙亮起彩灯"
COMMANDS = [
    "search",
    "latest",
    "export",
    "article",
    "trend",
    "watch",
    "watches",
    "digest",
    "settings",
    "privacy",
    "forgetme",
    "stats",
    "reindex",
    "remove",
    "help",
]


@pytest_asyncio.fixture
async def admin(tg, serve):
    """An operator, and a bot that knows of one."""
    admin = tg.user("管理员", language_code="zh-hans")
    admin.chat.started = True
    await serve(NEWSBOT_ADMINS=str(admin.id))
    yield admin
    tg.check()
    assert tg.warnings == []


async def test_a_page_is_shown_stored_and_found(tg, admin, data_dir):
    [message] = await admin.upload("20260109_01.txt", PAGE)
    assert (message.text, message.labels) == (PREVIEW, ["✅ 存入", "🗑 丢弃"])
    assert (await admin.send("“图书馆新馆”"))[0].text.startswith("没有找到")
    pressed = await admin.press("✅ 存入", message=message)
    assert pressed.messages == [message]
    assert message.text == "已存入 20260109_01.txt · 2026年1月9日 · 第1版 · 2 篇"
    assert "藏书六十万册" in (await admin.send("图书馆新馆藏书"))[0].text
    await admin.press("📰 看这一期", message=message)
    assert message.text.startswith("📰 2026年1月9日 · 2 篇")
    [kept] = (data_dir / "uploads").glob("*/*.txt")
    assert kept.read_bytes() == PAGE


async def test_a_second_press_changes_nothing(tg, admin):
    [message] = await admin.upload("20260109_01.txt", PAGE)
    store = dict(message.buttons[0])
    await admin.press("✅ 存入", message=message)
    report = message.text
    message["reply_markup"] = {"inline_keyboard": [[store]]}
    pressed = await admin.press("✅ 存入", message=message, expect=0)
    assert pressed.answer["text"] == "这个文件已经处理过，或超过一天已删除。如有需要，请重新发送。"
    assert message.text == report


async def test_buttons_work_after_a_restart_and_a_dropped_file_is_gone(tg, admin, serve, data_dir):
    [first] = await admin.upload("20260109_01.txt", PAGE)
    [second] = await admin.upload("../../20260110_01.txt", PAGE.replace("9日".encode(), "10日".encode()))
    assert second.text.startswith("📄 20260110_01.txt\n2026年1月10日")
    await tg.bots[0].stop(signal.SIGKILL)
    await serve(NEWSBOT_ADMINS=str(admin.id))
    await admin.press("🗑 丢弃", message=second)
    assert second.text == "已丢弃，什么都没有存入。"
    await admin.press("✅ 存入", message=first, timeout=20)
    assert first.text.startswith("已存入 20260109_01.txt")
    assert [path.name for path in (data_dir / "uploads").glob("*/*.txt")] == ["20260109_01.txt"]


async def test_a_page_without_a_date_gets_it_from_its_caption(admin):
    undated = PAGE.replace("2026年1月9日 ".encode(), b"").replace("1月8日,".encode(), b"")
    [message] = await admin.upload("page.txt", undated)
    assert message.labels == []
    assert message.text.endswith("看不出是哪一天的报纸。请编辑这个文件的说明，写上日期和版次，例如：2026-01-08 第3版。")
    question = admin.chat.messages[message["message_id"] - 1]
    await admin.edit(question, "2026-01-12 第3版", expect=1)
    assert "2026年1月12日 · 第3版 · 2 篇" in message.text
    await admin.press("✅ 存入", message=message)
    assert message.text == "已存入 page.txt · 2026年1月12日 · 第3版 · 2 篇"


async def test_an_archive_of_pages_and_a_broken_file(admin):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("20260109_01.txt", PAGE)
        archive.writestr("20260109_02.pdf", b"%PDF-1.7 broken")
    [message] = await admin.upload("pages.zip", packed.getvalue(), timeout=30)
    assert message.text.startswith(PREVIEW + "\n📄 20260109_02.pdf\n⚠️ 这个文件用不了，原因（英文）：broken")
    await admin.press("✅ 存入", message=message, timeout=30)
    assert re.fullmatch(r"已存入 20260109_01\.txt .*\n未存入 20260109_02\.pdf\n⚠️ .*", message.text)
    [message] = await admin.upload("nonsense.pdf", b"%PDF-1.7 broken", timeout=30)
    assert message.labels == []


async def test_doubts_are_in_the_operators_language_and_name_no_path(admin, data_dir):
    [message] = await admin.upload("20260109_01.txt", PAGE)
    await admin.press("✅ 存入", message=message)
    again = PAGE.replace("热闹非凡。".encode(), "热闹".encode())
    [message] = await admin.upload("2026-01-09第01版.txt", again)
    assert message.text.endswith("\n⚠️ “民登城观灯,热闹”后面没有句末标点。")
    await admin.press("✅ 存入", message=message)
    assert "\n⚠️ 它取代了来自 20260109_01.txt 的那一版。" in message.text
    assert str(data_dir) not in message.text


async def test_what_is_too_large_or_cannot_be_fetched(tg, admin):
    [message] = await admin.upload("big.txt", b"x" * ((20 << 20) + 1))
    assert message.text.startswith("文件超过 20 MB")
    assert not [name for name, _ in tg.calls if name.lower() == "getfile"]
    tg.fail("getFile", times=9, status=502)
    [message] = await admin.upload("20260109_01.txt", PAGE, timeout=30)
    assert message.text == "没能从 Telegram 取到这个文件，请重新发送。"
    tg.faults.clear()


async def test_a_strangers_file_is_declined_and_never_fetched(tg, admin, data_dir):
    stranger = tg.user("Bob", language_code="en")
    [message] = await stranger.upload("20260109_01.txt", PAGE)
    assert message.text.startswith("Thank you, but only the operators of this paper can add pages.")
    assert not [name for name, _ in tg.calls if name.lower() == "getfile"]
    assert not (data_dir / "uploads").exists()
    [message] = await stranger.send("/stats")
    assert message.text == "There is no such command. /help says what there is."
    [question] = await admin.send("/remove 2026-01-06")
    pressed = await stranger.press("🗑 删除", message=question, expect=0)
    assert pressed.answer["text"] == "Only the operators can do that."
    [screen] = await admin.send("/latest 2026-01-06")
    assert screen.text.startswith("📰 2026年1月6日")


async def test_the_operators_menu(tg, admin, serve):
    own = f'{{"chat_id": {admin.id}, "type": "chat"}}'
    await admin.send("/start")
    await tg.until(lambda: len(tg.profile) == 6, 10, "menus")
    await tg.bots[0].stop()
    tg.profile.clear()
    await serve(NEWSBOT_ADMINS=f"{admin.id}, 7")
    await tg.until(lambda: len(tg.profile) == 6, 10, "menus")
    assert [command["command"] for command in tg.profile["commands", own, "zh"]] == COMMANDS
    assert "stats" not in str(tg.profile["commands", '{"type": "all_private_chats"}', "zh"])


async def test_an_operator_needs_no_place_on_the_list_of_readers(tg, serve):
    admin, reader = (tg.user(name, language_code="en") for name in ("Ann", "Bob"))
    admin.chat.started = True
    await serve(NEWSBOT_ADMINS=str(admin.id), NEWSBOT_ALLOWED_USERS="1")
    [message] = await admin.upload("20260109_01.txt", PAGE)
    assert message.text.startswith("📄 20260109_01.txt\nJan 9, 2026 · page 1 · 2 articles\n1. ")
    [message] = await reader.upload("20260109_01.txt", PAGE)
    assert message.text == "Sorry, this bot is open to certain readers only."
    assert (await admin.send("/help"))[0].text.endswith("/remove date — remove a day")
    tg.check()


async def test_stats_reindex_and_remove(admin):
    await admin.send("灯会")
    await admin.send("量子望远镜")
    [message] = await admin.send("/stats")
    assert re.fullmatch(
        r"📊 资料库：3 期 \d 版，12 篇 \d+ 段\n2026年1月5日至2026年1月7日（推定）\n近 30 天的读者：1 人\n"
        r"2026年\d+月\d+日：提问 2 次，没有结果 1 次",
        message.text,
    )
    [message] = await admin.send("/reindex", timeout=30)
    assert re.fullmatch(r"索引已重建：\d+ 段，\d+\.\d 秒。", message.text)
    assert (await admin.send("灯会"))[0].text.startswith("🔎 灯会 · 6 篇")
    [message] = await admin.send("/remove 2026-01-06")
    assert re.fullmatch(r"从资料库删除2026年1月6日的 \d 版 5 篇？原文件不动。", message.text)
    await admin.press("不删")
    assert message.text == "什么都没有删除。"
    [message] = await admin.send("/删除 1月6日")
    await admin.press("🗑 删除")
    assert re.fullmatch(r"已删除2026年1月6日的 \d 版。", message.text)
    assert (await admin.send("/remove 2026-01-06"))[0].text == "没有2026年1月6日的报纸。"
    assert (await admin.send("/remove"))[0].text == "请写明是哪一天，例如：/remove 2026-01-08。"


async def test_an_error_is_told_once_and_says_nothing_of_anybody(tg, admin, data_dir):
    reader = tg.user("小明", language_code="zh-hans")
    await reader.send("灯会")
    with sqlite3.connect(data_dir / "newsbot.db") as connection:
        connection.execute("ALTER TABLE posting_state RENAME TO elsewhere")
    for _ in range(3):
        await reader.send("秘密问题", expect=1)
    told = [message.text for message in admin.chat.messages.values()]
    assert len(told) == 1
    assert re.fullmatch(
        r"⚠️ 机器人出了差错：OperationalError，在 bot/\S+\.py:\d+ \w+。详情见日志；同样的差错不再重复报告。", told[0]
    )


async def test_an_upload_that_nobody_stores_is_dropped_after_a_day(admin, data_dir):
    from bot.archive.inbox import Inbox

    [message] = await admin.upload("20260109_01.txt", PAGE)
    [place] = (data_dir / "uploads").iterdir()
    os.utime(place, (time.time() - 25 * 3600,) * 2)
    Inbox(data_dir / "uploads").expire(time.time() - 24 * 3600)
    pressed = await admin.press("✅ 存入", message=message, expect=0)
    assert pressed.answer["text"].startswith("这个文件已经处理过")
