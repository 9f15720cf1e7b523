"""What is kept about a reader, and that it goes."""

import signal
import sqlite3

import pytest

from bot.archive.chat_schema import PERSONAL


@pytest.fixture
def reader(tg):
    return tg.user("小明", language_code="zh-hans")


def rows(data_dir, reader):
    with sqlite3.connect(data_dir / "chat.db") as db:
        return {
            table: db.execute(f"SELECT count(*) FROM {table} WHERE {column} = ?", [reader.id]).fetchone()[0]
            for table, column in PERSONAL.items()
        }


async def test_all_of_it_goes_at_once(tg, serve, reader, data_dir):
    await serve()
    other = tg.user("小華", language_code="zh-hant")
    await other.send("灯会")
    await reader.send("灯会")
    await reader.send("/settings")
    await reader.press("每屏条数")
    await reader.press("8")
    [message] = await reader.send("/privacy")
    assert message.text.startswith("🔒 隐私\n我保存：您在 /settings 里选的设置；")
    assert message.text.endswith(
        "关于您，现在存有：设置 1 项、回答的编号 2 项、消息所显示的 1 项。\n"
        "/forgetme 立刻全部删除；备份里的要等新备份替换后才消失。"
    )
    [message] = await reader.send("/forgetme")
    assert message.text == "现在就删除关于您的一切？要删除的是：设置 1 项、回答的编号 3 项、消息所显示的 1 项。"
    assert message.labels == ["🗑 全部删除", "不删"]
    await reader.press("🗑 全部删除")
    assert message.text == (
        "已全部删除：设置 1 项、回答的编号 4 项、消息所显示的 1 项。"
        "关于您，这里不再存有任何内容；备份里的要等新备份替换后才消失。"
    )
    assert set(rows(data_dir, reader).values()) == {0}
    assert rows(data_dir, other)["answer"] == 1
    assert (await reader.send("灯会"))[0].labels == ["1", "2", "3", "4", "5", "▶", "⇅ 最新", "⤓"]
    tg.check()


async def test_it_can_be_left_and_is_nobody_elses_business(tg, serve, reader, data_dir):
    await serve()
    [message] = await reader.send("/forgetme")
    await reader.press("不删")
    assert message.text == "什么都没有删除。"
    assert rows(data_dir, reader)["answer"] == 1
    [message] = await reader.send("/privacy@fake_news_bot", chat=tg.group("新闻群"))
    assert message.text == "这是您个人的事，请在与我的私聊里说。"
    [message] = await tg.user("Ann").send("/forgetme")
    assert message.text == "Delete all that is kept about you, now? It is: nothing."
    [message] = await tg.user("小華", language_code="zh-hant").send("/隱私")
    assert message.text.endswith(
        "關於您，現在存有：什麼也沒有。\n/forgetme 立刻全部刪除；備份裡的要等新備份取代後才消失。"
    )
    tg.check()


async def test_nobody_else_on_the_machine_can_read_it_even_where_it_was_left_open(tg, serve, reader, data_dir):
    def modes():
        return {file.name: file.stat().st_mode & 0o777 for file in data_dir.glob("chat.db*")}

    bot = await serve()
    await reader.send("灯会")
    private = dict.fromkeys(("chat.db", "chat.db-shm", "chat.db-wal"), 0o600)
    assert modes() == private
    await bot.stop(signal.SIGKILL)
    for name in private:
        (data_dir / name).chmod(0o644)
    await serve()
    await reader.send("剪纸")
    assert modes() == private
    tg.check()
