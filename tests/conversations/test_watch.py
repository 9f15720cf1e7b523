"""Watch words: rehearsed, begun, told of when they are printed, once each, whatever happens on the way."""

import asyncio
import signal
import sqlite3
import time
from contextlib import closing
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.archive import Archive, ingest
from bot.chat.texts import LANGUAGES
from bot.paper.files import page_files

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
PRINTED = LANGUAGES["zh-Hans"].day(TODAY)
BRIDGE = "大桥建成\n\n本报讯(记者 甲乙)昨日,量子大桥通车。市民纷纷前来参观。\n"
BRIDGE_ALERT = (
    "🔔 关注的词见报了 · 1 篇\n“量子大桥” 1 篇\n\n"
    f"1. 大桥建成\n{PRINTED} · 第1版 · 记者 甲乙 · 🔔 量子大桥\n昨日,量子大桥通车。市民纷纷前来参观。"
)
STATION = "车站开工\n\n本报讯(记者 丙丁)今日,高铁车站开工。工期两年。\n"
SETTLED = 6.0
"""Seconds after which the bot has seen all that was published before, twice over."""


@pytest.fixture
def reader(tg):
    return tg.user("小明", language_code="zh-hans")


@pytest.fixture
def publish(data_dir, tmp_path):
    """Another process, as it were, reads a page of an issue into the archive."""

    def store(text, day=TODAY, number=1, paper=""):
        page = tmp_path / "pages" / f"{paper}{day:%Y%m%d}_{number:02}.txt"
        page.parent.mkdir(exist_ok=True)
        page.write_text(text, "utf-8")
        archive = Archive(data_dir / "newsbot.db")
        assert all(r.outcome in ("stored", "replaced") for r in ingest(archive, page_files([page]), paper=paper))
        archive.close()

    return store


@pytest.fixture
def chat_db(data_dir):
    with closing(sqlite3.connect(data_dir / "chat.db", isolation_level=None)) as connection:
        yield connection


async def watch(reader, text):
    """Begin to watch; the message is then the watch's own."""
    [message] = await reader.send(f"/watch {text}")
    start = next(label for label in message.labels if label in ("🔔 开始关注", "🔔 開始關注", "🔔 Start"))
    await reader.press(start, message=message)
    return message


def alerts(reader):
    return [
        m for m in reader.chat.messages.values() if m.text.startswith(("🔔 关注的词", "🔔 關注的詞", "🔔 In the paper"))
    ]


async def told(tg, reader, count=1, within=20):
    """The alerts that came, when there are so many."""
    await tg.until(lambda: len(alerts(reader)) >= count, within, f"alert {count}")
    return alerts(reader)


async def test_a_rehearsal_then_the_watch_then_the_alert_and_back(tg, serve, reader, publish):
    await serve()
    [message] = await reader.send("/watch 灯会 -招聘")
    assert message.text == (
        "🔔 关注 灯会 -招聘？\n截至 2026年1月7日（推定） 的30天会有 6 篇\n▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁█▅▁\n\n"
        "1. 灯会迎来首个客流高峰\n2026年1月6日 · 第1版 · 记者 王小明 · 🔔 灯会\n"
        "1月5日晚,灯会迎来首个客流高峰,当晚入场游客二万八千人次。南门广场增设两处入口,平均等候时间缩短到六分钟。\n\n"
        "2. 灯会上的剪纸摊\n2026年1月6日 · 第1版 · 记者 李雯 · 🔔 灯会\n"
        "在灯会东侧的非遗街,七十二岁的剪纸艺人郭秀兰支起小摊,一把剪刀、一张红纸,三分钟就剪出一匹骏马。"
    )
    await reader.press("🔔 开始关注", message=message)
    assert message.text == "🔔 关注：灯会 -招聘\n新报纸里有它，就发消息给您。"
    await watch(reader, "量子大桥")
    publish(BRIDGE)
    [alert] = await told(tg, reader)
    assert (alert.text, alert.labels) == (BRIDGE_ALERT, ["1", "🔔 我的关注"])
    assert alert.entity_texts("bold") == ["大桥建成", "量子大桥"]
    assert alert.params["disable_notification"] == "false"
    await reader.press("1", message=alert)
    assert alert.text.startswith("大桥建成\n")
    await reader.press("↩ 返回", message=alert)
    assert alert.text == BRIDGE_ALERT
    tg.check()


async def test_narrower_and_wider_forms(tg, serve, reader):
    await serve()
    [message] = await reader.send("/watch 灯会 剪纸")
    assert message.text.startswith("🔔 关注 灯会 剪纸？\n截至 2026年1月7日（推定） 的30天会有 1 篇\n")
    assert message.labels == ["➕ 灯会|剪纸 · 6", "➕ 灯会 · 6", "🔔 开始关注"]
    await reader.press("➕ 灯会|剪纸 · 6", message=message)
    assert message.text.startswith("🔔 关注 灯会|剪纸？\n")
    assert message.labels == ["➖ “剪纸” · 1", "🔔 开始关注"]
    await reader.press("🔔 开始关注", message=message)
    assert message.text.startswith("🔔 关注：灯会|剪纸\n")
    tg.check()


async def test_the_list_pauses_silences_edits_and_deletes_even_after_a_restart(tg, serve, reader, publish):
    bot = await serve()
    await watch(reader, "量子大桥")
    shown = await watch(reader, "灯会")
    await bot.stop()
    await serve()
    await reader.press("⏸ 暂停", message=shown)
    await reader.press("🔕 静音", message=shown)
    assert "已暂停 · 静音" in shown.text
    await reader.press("🔔 我的关注", message=shown)
    assert (shown.text, shown.labels) == ("🔔 我的关注 · 2 条", ["🔔 量子大桥", "⏸ 灯会", "▶ 全部继续"])
    await reader.press("▶ 全部继续", message=shown)
    assert shown.labels == ["🔔 量子大桥", "🔕 灯会"]
    await reader.press("🔔 量子大桥", message=shown)
    [edited] = await reader.send("/watch #1 高铁 车站")
    await reader.press("✅ 改成这个", message=edited)
    assert edited.text.startswith("🔔 关注：高铁 车站\n")
    await reader.press("🗑 删除", message=shown)
    assert shown.text == "已删除“高铁 车站”。"
    await reader.press("↩ 撤销", message=shown)
    assert shown.text.startswith("🔔 关注：高铁 车站\n")
    publish(BRIDGE)
    publish(STATION, number=2)
    [alert] = await told(tg, reader)
    assert "“高铁 车站” 1 篇" in alert.text and "量子" not in alert.text
    tg.check()


EDITING = (
    ("zh-hans", "✏️ 修改", "✅ 改成这个", "↩ 返回", "要改词，请回复这条消息，写上新的词。"),
    ("zh-hant", "✏️ 修改", "✅ 改成這個", "↩ 返回", "要改詞，請回覆這則訊息，寫上新的詞。"),
    ("en", "✏️ change", "✅ Change to this", "↩ back", "To change the words, reply to this message with the new ones."),
)


@pytest.mark.parametrize(("language", "edit", "change", "back", "how"), EDITING, ids=[row[0] for row in EDITING])
async def test_a_watch_is_changed_by_a_reply_with_the_new_words(tg, serve, language, edit, change, back, how):
    await serve()
    reader = tg.user("小明", language_code=language)
    shown = await watch(reader, "灯会 剪纸")
    as_it_was = shown.text
    await reader.press(edit, message=shown)
    assert shown.text.startswith(as_it_was.splitlines()[0] + "\n") and shown.text.endswith(f"\n\n{how}")
    assert shown.labels == ["➕ 灯会|剪纸 · 6", "➕ 灯会 · 6", back]
    await reader.press(back, message=shown)
    assert shown.text == as_it_was
    await reader.press(edit, message=shown)
    [refused] = await reader.send("-招聘", reply_to=shown)
    [tried] = await reader.send("供水 -招聘", reply_to=refused)
    assert "供水 -招聘" in tried.text and tried.labels[-2:] == [change, back]
    await reader.press(change, message=tried)
    [listed] = await reader.send("/watches")
    assert listed.labels == ["🔔 供水 -招聘"]
    tg.check()


async def test_a_watch_that_is_gone_is_not_changed(tg, serve, reader):
    await serve()
    shown = await watch(reader, "灯会")
    [other] = await reader.send("/watches")
    await reader.press("🔔 灯会", message=other)
    await reader.press("✏️ 修改", message=shown)
    await reader.press("🗑 删除", message=other)
    [said] = await reader.send("供水", reply_to=shown)
    assert said.text == "没有 #1 这条关注。/watches 列出现有的。"
    tg.check()


async def test_double_presses_and_buttons_of_what_is_gone(tg, serve, reader, chat_db):
    await serve()
    [message] = await reader.send("/watch 量子大桥")
    begin = next(b for b in message.buttons if b["text"] == "🔔 开始关注")
    remove = {"text": "x", "callback_data": "wc:1:delete"}
    for button in (begin, begin, remove, remove):
        old = dict(message, reply_markup={"inline_keyboard": [[button]]})
        pressed = await reader.press(button["text"], message=type(message)(old), expect=0)
    assert pressed.answer["text"] == "这条关注已经没有了。"
    assert message.text == "已删除“量子大桥”。"
    assert chat_db.execute("SELECT count(*) FROM watch").fetchone() == (0,)
    chat_db.execute("DELETE FROM saved_query")
    assert (await reader.press("↩ 撤销", message=message, expect=0)).answer["text"] == "按钮已失效，请重新发送问题。"
    tg.check()


async def test_two_readers_have_watches_of_their_own_in_their_languages(tg, serve, reader, publish):
    other, third = (tg.user(name, language_code=code) for name, code in (("小華", "zh-hant"), ("Bob", "en")))
    await serve()
    await watch(reader, "量子大桥")
    await asyncio.gather(watch(other, "量子大橋"), watch(third, "大桥 -参观"))
    shown = await watch(third, "通车")
    stolen = await other.send("/watches")
    forged = type(shown)(
        dict(stolen[0], reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "wc:1:delete"}]]})
    )
    assert (await other.press("x", message=forged, expect=0)).answer["text"] == "這則關注已經沒有了。"
    publish(BRIDGE)
    for user, text in ((reader, BRIDGE_ALERT), (other, None), (third, None)):
        [alert] = await told(tg, user)
        assert text in (None, alert.text)
    assert alerts(other)[0].text.startswith("🔔 關注的詞見報了 · 1 篇\n“量子大橋” 1 篇\n")
    assert alerts(third)[0].text.startswith("🔔 In the paper: 1 article for your watches\n“通车”: 1\n\n1. 大桥建成\n")
    tg.check()


async def test_a_story_is_told_once_corrected_or_copied_or_read_in_again(tg, serve, reader, publish, data_dir):
    body = "".join(f"第{n}段说的是量子大桥的第{n}根缆索怎样架设。" for n in "一二三四五六七八")
    await serve()
    await watch(reader, "量子大桥")
    publish(f"大桥建成\n\n本报讯(记者 甲乙){body}\n", number=4)
    await told(tg, reader)
    publish(f"大桥建成\n\n本报讯(记者 甲乙){body}更正了一处。\n", number=4)
    publish(f"大桥建成\n\n本报讯(记者 甲乙){body}\n", number=1)  # the copy stands before it: it is the kept one
    await asyncio.sleep(SETTLED)
    archive = Archive(data_dir / "newsbot.db")
    archive.remove_edition(TODAY)
    archive.close()
    publish(f"大桥建成\n\n本报讯(记者 甲乙){body}\n", number=4)
    await asyncio.sleep(SETTLED)
    publish(STATION + "\n" + BRIDGE, number=9)
    assert len(await told(tg, reader, 2)) == 2
    assert alerts(reader)[1].text == BRIDGE_ALERT.replace("第1版", "第9版")
    tg.check()


async def test_old_issues_are_counted_only_and_what_was_there_before_is_no_news(tg, serve, reader, publish):
    await serve()
    publish(BRIDGE)
    shown = await watch(reader, "量子大桥")
    publish(BRIDGE.replace("建成", "旧闻"), day=TODAY - timedelta(days=20))
    await asyncio.sleep(SETTLED)
    await reader.press("🔔 我的关注", message=shown)
    await reader.press("🔔 量子大桥", message=shown)
    assert shown.text.endswith("\n另有 1 篇在补收的旧报里，没有通知。")
    assert alerts(reader) == []
    tg.check()


async def test_what_arrived_while_the_bot_was_down_is_told_when_it_is_up(tg, serve, reader, publish):
    bot = await serve()
    await watch(reader, "量子大桥")
    await bot.stop()
    publish(BRIDGE)
    await serve()
    assert [m.text for m in await told(tg, reader)] == [BRIDGE_ALERT]
    await asyncio.sleep(3)
    assert len(alerts(reader)) == 1
    tg.check()


async def test_killed_before_telegram_has_it_the_alert_comes_once(tg, serve, reader, publish):
    bot = await serve()
    await watch(reader, "量子大桥")
    tg.fail("sendMessage", delay=30)
    publish(BRIDGE)
    await tg.until(lambda: not tg.faults["sendmessage"], 20, "attempt to send")
    await bot.stop(signal.SIGKILL)
    await serve()
    assert [m.text for m in await told(tg, reader)] == [BRIDGE_ALERT]
    await asyncio.sleep(3)
    assert len(alerts(reader)) == 1
    tg.check()


async def test_killed_between_sent_and_noted_the_alert_comes_twice_at_most(tg, serve, reader, publish, chat_db):
    """Telegram has taken the message and the bot has not heard of it: nobody can tell it, so it sends once more."""
    bot = await serve()
    await watch(reader, "量子大桥")
    tg.fail("sendMessage", delay=30, after=True)
    publish(BRIDGE)
    await told(tg, reader)
    await bot.stop(signal.SIGKILL)
    assert chat_db.execute("SELECT count(*) FROM outbox").fetchone() == (1,)
    await serve()
    await told(tg, reader, 2)
    await asyncio.sleep(SETTLED)
    assert [m.text for m in alerts(reader)] == [BRIDGE_ALERT] * 2
    assert chat_db.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
    tg.check()


@pytest.mark.parametrize("fault", [{"status": 502}, {"status": 429, "retry_after": 2}, {"reset": True}], ids=str)
async def test_a_poor_network_brings_the_alert_once(tg, serve, reader, publish, fault):
    await serve()
    await watch(reader, "量子大桥")
    tg.fail("sendMessage", **fault)
    publish(BRIDGE)
    await told(tg, reader, within=30)
    await asyncio.sleep(3)
    assert [m.text for m in alerts(reader)] == [BRIDGE_ALERT]
    tg.check()


async def test_a_lost_answer_costs_one_duplicate_and_no_loss(tg, serve, reader, publish):
    await serve()
    await watch(reader, "量子大桥")
    tg.fail("sendMessage", status=504, after=True)
    publish(BRIDGE)
    await told(tg, reader, 2)
    await asyncio.sleep(SETTLED)
    assert [m.text for m in alerts(reader)] == [BRIDGE_ALERT] * 2
    tg.check()


async def test_a_429_for_one_chat_keeps_no_other_waiting(tg, serve, reader, publish):
    other = tg.user("小华", language_code="zh-hans")
    await serve()
    await watch(reader, "量子大桥")
    await watch(other, "量子大桥")
    tg.fail("sendMessage", status=429, retry_after=25)
    publish(BRIDGE)
    await tg.until(lambda: alerts(reader) or alerts(other), 15, "the first alert")
    served, waiting = (reader, other) if alerts(reader) else (other, reader)
    assert (await served.send("/help", timeout=5))[0].text.startswith("直接发消息")
    publish(STATION.replace("高铁", "量子大桥"), number=2)
    assert len(await told(tg, served, 2)) == 2
    assert alerts(waiting) == []
    tg.check()


async def test_a_reader_who_blocks_the_bot_finds_the_watches_paused(tg, serve, reader, publish, chat_db):
    await serve()
    shown = await watch(reader, "量子大桥")
    reader.chat.blocked = True
    publish(BRIDGE)

    def noted():
        return chat_db.execute("SELECT blocked FROM reader WHERE id = ?", [reader.id]).fetchone() == (1,)

    await tg.until(noted, 15, "a reader who is marked as having blocked the bot")
    reader.chat.blocked = False
    hello, help_page = await reader.send("/help", expect=2)
    assert hello.text == ("欢迎回来！您停用过我，1 条关注都暂停了。按一下按钮就继续，或在 /watches 里逐条处理。")
    assert help_page.text.startswith("直接发消息")
    await reader.press("▶ 全部继续", message=hello)
    assert hello.labels == ["🔔 量子大桥"]
    publish(STATION.replace("高铁", "量子大桥"), number=2)
    [alert] = await told(tg, reader)
    assert "车站开工" in alert.text and "大桥建成" not in alert.text
    assert len(await reader.send("/help")) == 1
    assert shown.text.startswith("🔔 关注：量子大桥")
    tg.check(allow=["bot was blocked by the user"])


async def test_quiet_hours_wait_and_silent_watches_make_no_sound(tg, serve, reader, publish, chat_db):
    await serve()
    shown = await watch(reader, "量子大桥")
    await reader.press("🔕 静音", message=shown)
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    quiet = [f"{now - timedelta(hours=1):%H:%M}", f"{now + timedelta(hours=1):%H:%M}"]
    chat_db.execute(
        "INSERT INTO reader VALUES (?, NULL, 5, 'relevance', 'printed', NULL, ?, ?, NULL, 0)", [reader.id, *quiet]
    )
    publish(BRIDGE)
    publish(STATION.replace("高铁", "量子大桥"), number=2)
    await tg.until(lambda: chat_db.execute("SELECT 1 FROM outbox").fetchone(), 15, "message in the outbox")
    await asyncio.sleep(SETTLED)
    assert alerts(reader) == []
    chat_db.execute("UPDATE reader SET quiet_from = NULL, quiet_to = NULL")
    chat_db.execute("UPDATE outbox SET due_at = 0")
    [alert] = await told(tg, reader)
    assert alert.text.startswith("🔔 关注的词见报了 · 2 篇\n“量子大桥” 2 篇\n")
    assert alert.params["disable_notification"] == "true"
    tg.check()


async def test_the_digest_has_the_headlines_and_the_hits(tg, serve, reader, publish, chat_db):
    await serve()
    assert [m.text for m in await reader.send("/digest")] == ["现在没有每日摘要。要的话发 /digest 08:00。"]
    await watch(reader, "高铁")
    [said] = await reader.send("/digest 08:00")
    assert said.text == "每天 08:00（Asia/Shanghai）发当天的标题，关注的词排在前面。不要了就发 /digest off。"
    publish(BRIDGE + "\n" + STATION)
    await told(tg, reader)
    chat_db.execute("UPDATE reader SET digest_at = ?", [f"{datetime.now(ZoneInfo('Asia/Shanghai')):%H:%M}"])
    chat_db.execute("UPDATE digest SET handled_at = handled_at - 86400")

    def came():
        return [m for m in reader.chat.messages.values() if m.text.startswith("📰")]

    await tg.until(came, 75, "the digest")  # they are looked at as a minute begins
    [digest] = came()
    assert digest.text == (
        f"📰 {PRINTED} · 2 篇\n\n1. 车站开工\n第1版 · 记者 丙丁 · 🔔 高铁\n\n2. 大桥建成\n第1版 · 记者 甲乙"
    )
    assert digest.labels == ["1", "2", "📰 最新一期"]
    as_sent = digest.text
    for label in ("1", "📰 最新一期"):
        await reader.press(label, message=digest)
        assert digest.text != as_sent
        await reader.press("↩ 返回", message=digest)
        assert (digest.text, digest.labels) == (as_sent, ["1", "2", "📰 最新一期"])
    assert (await reader.send("2", reply_to=digest))[0].text.startswith("大桥建成\n")
    assert f"车站 {TODAY}" in (await reader.send("车站", reply_to=digest))[0].text
    assert [m.text for m in await reader.send("/digest off")] == ["现在没有每日摘要。要的话发 /digest 08:00。"]
    assert [m.text for m in await reader.send("/digest 25:00")] == [
        "请写明时间，例如 /digest 08:00；不要了就发 /digest off。"
    ]
    tg.check()


async def test_a_digest_that_a_button_sets_is_not_owed_for_the_time_before(tg, serve, chat_db):
    await serve()
    reader = tg.user("小華", language_code="zh-hant")
    [message] = await reader.send("/settings")
    await reader.press("每日摘要", message=message)
    await reader.press("08:00", message=message)
    assert "每天 08:00" in (await reader.send("/digest"))[0].text
    assert chat_db.execute("SELECT language FROM watcher").fetchall() == [("zh-hant",)]
    [(handled_at,)] = chat_db.execute("SELECT handled_at FROM digest").fetchall()
    assert abs(time.time() - handled_at) < 60
    tg.check()


SAID = (
    ("/watch", "要关注什么？"),
    ("/watch -招聘", "一条关注里至少要有一个要出现的词"),
    ("/watch ？！", "一条关注里至少要有一个要出现的词"),
    ("/watch 昨天 算力", "关注的是以后的报纸，不能带日期。去掉日期再发：/watch 算力。"),
    ("/watch 一 二 三 四 五 六 七 八 九 十 甲", "一条关注最多写 10 个词"),
    ("/watch #99 灯会", "没有 #99 这条关注。/watches 列出现有的。"),
    ("/watch <b>&amp;灯会", "🔔 关注 <b>&amp;灯会？"),
)


async def test_what_cannot_be_watched_is_said(tg, serve, reader):
    await serve()
    for said, answer in SAID:
        assert (await reader.send(said))[0].text.startswith(answer)
    tg.check()


async def test_bounds_and_groups(tg, serve, reader, chat_db):
    await serve()
    group = tg.group("群")
    [refusal] = await reader.send("/watch@fake_news_bot 灯会", chat=group)
    assert refusal.text == "这是您个人的事，请在与我的私聊里说。"
    [message] = await reader.send("/watch 灯会")
    chat_db.executemany(
        "INSERT INTO watch (reader_id, text, since) VALUES (?, ?, 0)", [(reader.id, f"词{i}") for i in range(20)]
    )
    await reader.press("🔔 开始关注", message=message)
    full = "已有 20 条关注，到上限了。请先在 /watches 里删掉一条。"
    assert [message.text, (await reader.send("/watch 灯会"))[0].text] == [full, full]
    assert len((await reader.send("/watches"))[0].labels) == 20
    tg.check()
