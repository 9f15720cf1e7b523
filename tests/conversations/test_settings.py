"""What a reader sets, by buttons that edit one message, and what obeys it."""

import re

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")

OVERVIEW = (
    "设置\n界面语言：随 Telegram\n回答用字：按报上原样\n每屏条数：5\n排序：最相关\n免打扰：关\n每日摘要：关\n"
    "时区：随本报\n\n按一下要改的一项。"
)


@pytest_asyncio.fixture(loop_scope="module")
async def ann(running, reader):
    return running.user("Ann", language_code="en")


async def choose(reader, title, choice):
    """Open the settings, change one, and return the message that shows it."""
    [message] = await reader.send("/settings")
    await reader.press(title)
    await reader.press(choice)
    return message


async def test_the_settings_are_one_message(reader):
    [message] = await reader.send("/设置")
    assert message.text == OVERVIEW
    assert message.labels == ["界面语言", "回答用字", "每屏条数", "排序", "免打扰", "每日摘要", "时区"]
    assert (await reader.press("每屏条数")).messages == [message]
    assert (message.text, message.labels) == ("每屏条数：5", ["3", "✓ 5", "8", "↩ 返回"])
    await reader.press("3")
    assert (message.text, message.labels) == ("每屏条数：3", ["✓ 3", "5", "8", "↩ 返回"])
    await reader.press("✓ 3", expect=0)  # a second press changes nothing
    await reader.press("↩ 返回")
    assert message.text == OVERVIEW.replace("每屏条数：5", "每屏条数：3")
    assert max(reader.chat.messages) == message["message_id"]


async def test_results_a_page(reader):
    await choose(reader, "每屏条数", "3")
    [screen] = await reader.send("灯会")
    assert screen.labels == ["1", "2", "3", "▶", "⇅ 最新"]
    await reader.press("▶")
    assert screen.labels == ["4", "5", "6", "◀", "⇅ 最新"]
    [issue] = await reader.send("/latest 2026-01-06")
    assert issue.labels == ["1", "2", "3", "▶", "◀ 01-05", "📅", "01-07 ▶", "📄 版面"]
    await reader.press("▶")
    assert issue.labels == ["4", "5", "◀", "◀ 01-05", "📅", "01-07 ▶", "📄 版面"]
    await choose(reader, "每屏条数", "8")
    [screen] = await reader.send("灯会")
    assert screen.labels == ["1", "2", "3", "4", "5", "6", "⇅ 最新"]


async def test_order(reader):
    await choose(reader, "排序", "最早在前")
    [screen] = await reader.send("灯会")
    assert screen.labels[-1] == "⇅ 最相关"


async def test_quiet_hours_digest_and_zone(reader):
    message = await choose(reader, "免打扰", "23:00–07:00")
    assert message.text == "免打扰：23:00–07:00"
    assert (await choose(reader, "每日摘要", "08:00")).text == "每日摘要：08:00"
    assert (await choose(reader, "时区", "纽约")).text == "时区：纽约"
    [message] = await reader.send("/settings")
    assert "免打扰：23:00–07:00\n每日摘要：08:00\n时区：纽约" in message.text
    assert (await choose(reader, "免打扰", "关")).text == "免打扰：关"


async def test_language(running, reader):
    message = await choose(reader, "界面语言", "繁體中文")
    assert (message.text, message.labels) == (
        "介面語言：繁體中文",
        ["依 Telegram", "简体中文", "✓ 繁體中文", "English", "↩ 返回"],
    )
    own = f'{{"chat_id": {reader.id}, "type": "chat"}}'
    assert running.profile["commands", own, "zh"][0] == {"command": "search", "description": "搜尋文章"}
    assert [m.text for m in await reader.send("/search")] == ["要找什麼？傳一個詞或一句話，例如 /search 紅十字救援隊。"]
    await reader.send("/settings")
    await reader.press("介面語言")
    await reader.press("依 Telegram")
    assert ("commands", own, "zh") not in running.profile
    assert [m.text[:4] for m in await reader.send("/search")] == ["要找什么"]


async def test_traditional_readers_get_their_menu_when_they_begin(running, reader):
    reader = running.user("小華", language_code="zh-hant")
    own = f'{{"chat_id": {reader.id}, "type": "chat"}}'
    await reader.send("/start")
    await running.until(lambda: ("commands", own, "zh") in running.profile, 10, "menu")
    assert running.profile["commands", own, "zh"][1]["description"] == "最新一期的標題摘要"
    await choose(reader, "回答用字", "繁體")
    [answer] = await reader.send("/search@fake_news_bot 红十字 救援队", chat=running.group("新聞群"))
    assert "市红十字赈济救援队" in answer.text  # in a group, as it is printed: many read it


async def test_answers_in_traditional_characters(reader):
    await choose(reader, "回答用字", "繁体")
    [screen] = await reader.send("红十字 救援队")
    assert "市紅十字賑濟救援隊升級省級救援隊" in screen.text
    assert screen.entity_texts("bold")[:4] == ["市紅十字賑濟救援隊升級省級救援隊", "紅十字", "救援隊", "救援隊"]
    await reader.press("1")
    assert "近日,我市紅十字賑濟救援隊正式升級為省級救援隊" in screen.text
    [message] = await reader.send("/settings")
    assert message.text.startswith("设置\n")  # the settings themselves stay readable
    await reader.press("回答用字")
    assert message.labels == ["按报上原样", "简体", "✓ 繁体", "↩ 返回"]


async def test_in_english(ann):
    [message] = await ann.send("/settings")
    assert message.text == (
        "Settings\nLanguage: as in Telegram\nScript of answers: as printed\nResults a page: 5\nOrder: best first\n"
        "Quiet hours: off\nDaily digest: off\nTime zone: the paper’s\n\nTap what you would like to change."
    )
    await ann.press("Time zone")
    assert message.labels[:3] == ["✓ the paper’s", "Shanghai", "Taipei"]


async def test_made_up_buttons_are_refused(reader):
    [message] = await reader.send("/settings")
    for data in ("c:per=99", "c:nothing=1", "c:lang=de"):
        button = message.buttons[0]
        button["callback_data"] = data
        await reader.press(button["text"], message=message, expect=0)
    [again] = await reader.send("/settings")
    assert again.text == OVERVIEW


async def test_in_a_group_they_are_nobodys_business(running, reader):
    [said] = await reader.send("/settings@fake_news_bot", chat=running.group("新闻群"))
    assert re.match("这是您个人的事", said.text)
