"""Watch words: rehearsed, begun, told of when they are printed, once each, whatever happens on the way."""

import asyncio
import json
import signal
import sqlite3
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.archive import Archive, ingest
from bot.paper.files import page_files

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
BRIDGE = "大桥建成\n\n本报讯(记者 甲乙)昨日,量子大桥通车。市民纷纷前来参观。\n"


@pytest.fixture
def reader(tg):
    return tg.user("小明", language_code="zh-hans")


@pytest.fixture
def publish(data_dir, tmp_path):
    """Another process, as it were, reads a page of an issue into the archive."""

    def store(text, day=TODAY, number=1, name=None):
        page = tmp_path / "pages" / (name or f"{day:%Y%m%d}_{number:02}.txt")
        page.parent.mkdir(exist_ok=True)
        page.write_text(text, "utf-8")
        archive = Archive(data_dir / "newsbot.db")
        reports = list(ingest(archive, page_files([page])))
        archive.close()
        return reports

    return store


async def watch(reader, text):
    """Begin to watch; the message is then the watch's own."""
    [message] = await reader.send(f"/watch {text}")
    await reader.press("🔔 开始关注", message=message)
    return message


async def alerts(tg, reader, count=1, timeout=15):
    """The alerts that came, when there are so many."""

    def came():
        return [m for m in reader.chat.messages.values() if "见报了" in m.text]

    await tg.until(lambda: len(came()) >= count, timeout, f"alert {count}")
    return came()


async def test_print(tg, serve, reader, publish):
    await serve()
    [message] = await reader.send("/watch 灯会 -招聘")
    print(message.text, message.labels)
    await reader.press("🔔 开始关注", message=message)
    print(message.text, message.labels)
    await watch(reader, "量子大桥")
    print(publish(BRIDGE))
    [alert] = await alerts(tg, reader)
    print(alert.text, alert.labels, alert.entity_texts("bold"))
    await reader.press("1", message=alert)
    print(alert.text, alert.labels)
    await reader.press("↩ 返回", message=alert)
    print(alert.text, alert.labels)
    [m] = await reader.send("/watches")
    print(m.text, m.labels)
    [m] = await reader.send("/digest 08:00")
    print(m.text, m.labels)
    tg.check()
    assert 0
