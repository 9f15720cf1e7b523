"""What a reader says and presses, and what comes back, word for word."""

import re

import pytest

from bot.chat.texts.understood import conditional
from bot.search.query import parse_query

FOUND = (
    "🔎 红十字 救援队 · 1 篇 3 段\n\n"
    "1. 市红十字赈济救援队升级省级救援队\n"
    "2026年1月7日（推定） · 记者 高燕\n"
    "近日,我市红十字赈济救援队正式升级为省级救援队,更名为“山西省红十字(大同)赈济救援队”,"
    "这标志着该队伍正式纳入全省红十字应急救援统一调度体系,将为我市乃至晋北地区防灾减灾、人道救助工作注入更强劲动力。"
)


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_start(reader):
    [hello] = await reader.send("/start")
    assert hello.text.startswith(
        "您好！我收录了报纸全文。发来一个词或一个问题，我用报上的原文回答。\n\n直接发消息：一个词"
    )
    assert hello.labels == ["📰 最新一期"]
    pressed = await reader.press("📰 最新一期")
    assert pressed.messages == [hello]
    assert hello.text.startswith("📰 2026年1月7日（推定） · 3 篇")


async def test_plain_question(reader):
    [answer] = await reader.send("红十字 救援队")
    assert answer.text == FOUND
    assert answer.entity_texts("bold")[:4] == ["市红十字赈济救援队升级省级救援队", "红十字", "救援队", "救援队"]
    assert answer.labels == ["1"]
    assert "reply_to_message" not in answer


@pytest.mark.parametrize(
    "text",
    [
        "/search 红十字 救援队",
        "/搜索 红十字 救援队",
        "/search@fake_news_bot 红十字 救援队",
        "/搜索红十字 救援队",
        "／搜索 红十字 救援队",
        "/search@fake_news_bot红十字 救援队",
    ],
)
async def test_search_in_every_spelling(reader, text):
    assert [message.text for message in await reader.send(text)] == [FOUND]


async def test_traditional_reader_and_english_reader(running, reader):
    [answer] = await running.user("小華", language_code="zh-hant").send("紅十字 救援隊")
    assert answer.text.startswith(
        "🔎 紅十字 救援隊 · 1 篇 3 段\n\n1. 市红十字赈济救援队升级省级救援队\n2026年1月7日（推定）"
    )
    [answer] = await running.user("Ann", language_code="en-GB").send("红十字 救援队")
    assert answer.text.startswith("🔎 红十字 救援队 · 1 article, 3 paragraphs\n\n1. 市红十字")
    assert "Jan 7, 2026 (inferred) · by 高燕" in answer.text


async def test_questions(reader):
    for question, answer in (
        ("谁主持了市委经济工作会议", "市长刘俊义主持并作具体安排"),
        ("魏碑往事什么时候演出", "《魏碑往事》将于2月23日、24日在太原工人文化宫演出。"),
        ("剧", "优秀剧目展演启幕"),
    ):
        [message] = await reader.send(question)
        assert answer in message.text


async def test_nothing_found(reader):
    [answer] = await reader.send("量子望远镜")
    assert answer.text == (
        "没有找到“量子望远镜”。\n"
        "这里收有2026年1月5日至2026年1月7日（推定）的 12 篇文章。换个说法，或只留关键词，再试一次。"
    )
    assert answer.labels == ["📰 最新一期"]
    [answer] = await reader.send("灯会 量子望远镜")
    assert answer.text.startswith("🔎 灯会 量子望远镜 · 6 篇 7 段\n报上没有：量子望远镜\n\n1. ")


async def test_search_without_words(reader):
    advice = "要找什么？发一个词或一句话，例如 /search 红十字救援队。"
    assert [m.text for m in await reader.send("/search")] == [advice]
    assert [m.text for m in await reader.send("😀")] == [advice]


async def test_paging_and_sorting(reader):
    [screen] = await reader.send("灯会")
    assert screen.text.startswith("🔎 灯会 · 6 篇 7 段\n\n1. ")
    assert screen.labels == ["1", "2", "3", "4", "5", "▶", "⇅ 最新", "⤓"]
    first = screen.text
    assert (await reader.press("▶")).messages == [screen]
    assert screen.labels == ["6", "◀", "⇅ 最新", "⤓"]
    assert "\n\n6. " in screen.text
    await reader.press("◀")
    assert screen.text == first
    await reader.press("⇅ 最新")
    assert screen.labels == ["1", "2", "3", "4", "5", "▶", "⇅ 最早", "⤓"]
    assert re.findall(r"^2026年1月\d+日", screen.text, re.M) == ["2026年1月6日"] * 2 + ["2026年1月5日"] * 3
    await reader.press("⇅ 最早")
    assert screen.labels[-2:] == ["⇅ 最相关", "⤓"]
    assert re.findall(r"^2026年1月\d+日", screen.text, re.M) == ["2026年1月5日"] * 4 + ["2026年1月6日"]
    await reader.press("⇅ 最相关")
    assert screen.text == first


async def test_open_an_article_and_go_back(reader):
    [screen] = await reader.send("灯会 剪纸")
    results = screen.text
    assert (await reader.press("1")).messages == [screen]
    assert screen.text == (
        "灯会上的剪纸摊\n"
        "2026年1月6日 · 第1版 · 记者 李雯 · /article9\n\n"
        "本报讯(记者 李雯)在灯会东侧的非遗街,七十二岁的剪纸艺人郭秀兰支起小摊,一把剪刀、一张红纸,三分钟就剪出一匹骏马。"
    )
    assert screen.labels == ["📄 第1版", "🔗 相关", "❝ 引文", "📋 链接", "↩ 返回"]
    await reader.press("↩ 返回")
    assert screen.text == results


async def test_a_long_article_is_turned_in_place(reader):
    [screen] = await reader.send("老街的四季")
    await reader.press("1")
    await reader.press("📖 全文")
    assert screen.text.startswith(
        "一条老街的四季\n2026年1月6日 · 第2版 · 记者 钱多 · /article12\n\n本报讯(记者 钱多)春天的第1个"
    )
    assert screen.text.endswith("(1/2)")
    onward = ["📄 第2版", "🔗 相关", "❝ 引文", "📋 链接", "↩ 返回"]
    assert screen.labels == ["▶", *onward]
    await reader.press("▶")
    assert screen.text.endswith("又把新的阳光请进堂屋。\n\n(2/2)")
    assert screen.labels == ["◀", *onward]
    await reader.press("◀")
    assert screen.text.endswith("(1/2)")
    await reader.press("↩ 返回")
    assert screen.text.startswith("🔎 老街的四季")


async def test_article_by_number_in_parts(reader, archive):
    [long] = [
        a
        for a in archive.issue(archive.nearest_day(archive.coverage().first.day.replace(day=6)))
        if "四季" in a.headline
    ]
    [screen] = await reader.send(f"/article {long.id}")
    parts = [screen.text]
    await reader.press("▶")
    parts.append(screen.text)
    assert [part[-5:] for part in parts] == ["(1/2)", "(2/2)"]
    assert all(part[:-7].endswith("。") for part in parts)
    assert all(paragraph.text in "".join(parts) for paragraph in long.paragraphs)
    for text in (f"/article{long.id}", f"/文章 {long.id}"):
        assert [m.text for m in await reader.send(text)] == [parts[0]]
    assert [m.text for m in await reader.send("/article 999")] == ["没有这篇文章，它可能已随版面更正而被替换。"]
    assert [m.text for m in await reader.send("/article 一")] == ["请给出文章的编号：/article 1。"]


async def test_deep_link(reader):
    [article] = await reader.send("/start a_3")
    assert article.text.startswith(
        "市红十字赈济救援队升级省级救援队\n2026年1月7日（推定） · 记者 高燕 · /article3\n\n本报讯(记者 高燕)近日"
    )
    assert "严格按照省级救援队标准" in article.text
    assert (await reader.send("/start a_999"))[0].text == "没有这篇文章，它可能已随版面更正而被替换。"
    assert (await reader.send("/start nonsense"))[0].text.startswith("您好！")


async def test_latest(reader):
    [screen] = await reader.send("/latest")
    assert screen.text.startswith(
        "📰 2026年1月7日（推定） · 3 篇\n这是收录的最后一期，之后的报纸还没有收录。\n\n"
        "1. 市委经济工作会议举行\n张强刘俊义讲话 武健鹏姚鸿波出席\n记者 李明璇 郑苗苗\n1月7日,市委经济工作会议举行。"
    )
    assert (
        "\n\n3. 市红十字赈济救援队升级省级救援队\n记者 高燕\n近日,我市红十字赈济救援队正式升级为省级救援队"
        in screen.text
    )
    assert screen.labels == ["1", "2", "3", "◀ 01-06", "📅", "📄 版面"]
    await reader.press("2")
    assert screen.text.startswith("2026年“两节”山西省优秀剧目展演启幕\n2026年1月7日（推定） · 记者 崔莉英")
    await reader.press("↩ 返回")
    assert screen.text.startswith("📰 2026年1月7日（推定） · 3 篇")


async def test_latest_by_number_and_day(reader):
    [screen] = await reader.send("/latest 2")
    assert screen.labels == ["1", "2", "▶", "◀ 01-06", "📅", "📄 版面"]
    await reader.press("▶")
    assert screen.labels == ["3", "◀", "◀ 01-06", "📅", "📄 版面"]
    await reader.press("◀")
    assert screen.labels == ["1", "2", "3", "◀ 01-06", "📅", "📄 版面"]
    for day in ("2026-01-06", "2026年1月6日", "2026/1/6", "20260106"):
        [screen] = await reader.send(f"/latest {day}")
        assert screen.text.startswith(
            "📰 2026年1月6日 · 5 篇\n\n第1版\n1. 灯会迎来首个客流高峰\n南门广场增设两处入口\n记者 王小明\n1月5日晚"
        )
    assert (await reader.send("/最新 2026-01-31"))[0].text.startswith("📰 2026年1月7日（推定）")
    [reply] = await reader.send("/latest 2020-01-01")
    assert reply.text == "2020年1月1日及以前没有报纸。最早的一期是2026年1月5日。"
    for wrong in ("明天", "2026-13-01", "1 2", "-1"):
        [reply] = await reader.send(f"/latest {wrong}")
        assert reply.text == "请写明条数或日期，例如：/latest 5、/latest 昨天、/latest 2026-01-07。"


async def test_help_and_what_is_no_command(reader):
    [page] = await reader.send("/help")
    assert "/latest — 最新一期的标题摘要" in page.text
    assert (await reader.send("/帮助"))[0].text == page.text
    assert (await reader.send("/nonsense"))[0].text == "没有这个命令。/help 有使用说明。"
    assert (await reader.upload("page.txt", b"text"))[0].text.startswith("谢谢，但只有本报的管理员能存入版面文件。")
    dice = {"emoji": "🎲", "value": 3}
    [answer] = await reader.during(reader.chat, 1, lambda: reader.post(reader.chat, dice=dice))
    assert answer.text == "我只会读文字：请发一个词或一句话。"


EXACT = {
    "“原话”": "含“原话”",
    "算力|文旅": "含 算力 或 文旅",
    "标题:灯会": "标题含 灯会",
    "记者:王小明": "记者 王小明",
    "第3版": "第3版",
    "昨天 停水": "含 停水，",
}


async def test_help_says_how_to_be_exact_and_it_is_so(running, reader):
    [page] = await reader.send("/help")
    assert {*EXACT, "-招聘"} <= set(page.entity_texts("code"))
    for said, understood in EXACT.items():
        assert (await reader.send(said))[0].text.splitlines()[1].startswith(understood), said
    for name, code, forms in (
        ("Ann", "en", {*EXACT, "-招聘"}),
        ("小華", "zh-hant", {"「原話」", "算力|文旅", "-招聘", "標題:燈會", "記者:王小明", "第3版", "昨天 停水"}),
    ):
        other = running.user(name, language_code=code)
        assert forms <= set((await other.send("/help"))[0].entity_texts("code"))
        assert all(conditional(parse_query(form)) for form in forms)


async def test_menu(running, reader):
    await running.until(lambda: len(running.profile) >= 4, 10, "menus")
    private, groups = '{"type": "all_private_chats"}', '{"type": "all_group_chats"}'
    assert running.profile["commands", private, "zh"] == [
        {"command": "search", "description": "搜索文章"},
        {"command": "latest", "description": "最新一期的标题摘要"},
        {"command": "export", "description": "把搜索结果存成文件"},
        {"command": "article", "description": "按编号看全文"},
        {"command": "trend", "description": "词语的走势"},
        {"command": "watch", "description": "关注一个词，见报就通知"},
        {"command": "watches", "description": "我的关注"},
        {"command": "digest", "description": "每天定时的摘要"},
        {"command": "settings", "description": "设置"},
        {"command": "privacy", "description": "隐私：保存了什么"},
        {"command": "forgetme", "description": "删除关于我的一切"},
        {"command": "help", "description": "使用说明"},
    ]
    assert [c["command"] for c in running.profile["commands", groups, "zh"]] == ["search", "latest", "trend", "help"]
    assert running.profile["commands", private, ""][0] == {"command": "search", "description": "Search the paper"}


async def test_edited_question_edits_its_answer(reader):
    [answer] = await reader.send("量子望远镜")
    question = reader.chat.messages[answer["message_id"] - 1]
    assert await reader.edit(question, "红十字 救援队", expect=1) == [answer]
    assert (answer.text, answer.labels) == (FOUND, ["1"])
    await reader.edit(question, "红十字 救援队")  # the same again: nothing to change, nothing refused
    await reader.edit(question, "/latest", expect=1)
    assert answer.text.startswith("📰 2026年1月7日（推定）")
    number = max(reader.chat.messages)
    await reader.edit(question, "/article 3", expect=1)
    assert answer.text.startswith("市红十字赈济救援队升级省级救援队")
    assert max(reader.chat.messages) == number


async def test_edited_question_whose_answer_is_gone_gets_a_new_one(reader):
    [answer] = await reader.send("量子望远镜")
    question = reader.chat.messages[answer["message_id"] - 1]
    del reader.chat.messages[answer["message_id"]]
    [new] = await reader.edit(question, "红十字 救援队", expect=1)
    assert new.text == FOUND
    reader.tg.errors.clear()  # the refused edit was the question whether it is still there


async def test_group(running, reader):
    group = running.group("新闻群")
    [answer] = await reader.send("/latest@fake_news_bot", chat=group)
    assert answer.text.startswith("📰 2026年1月7日（推定）")
    assert answer["reply_to_message"]["text"] == "/latest@fake_news_bot"
    assert await reader.send("/latest@other_bot", chat=group, expect=0) == []
    assert await reader.send("大家好", chat=group, expect=0) == []
    [answer] = await reader.send("@fake_news_bot 红十字 救援队", chat=group)
    assert answer.text == FOUND
    [answer] = await reader.send("@FAKE_NEWS_BOT", chat=group)
    assert answer.text.startswith("要找什么？")
    pressed = await reader.press("2", chat=group)
    assert pressed.messages[0].text.startswith("2026年“两节”山西省优秀剧目展演启幕")


async def test_a_group_in_which_the_bot_reads_everything_is_left_in_peace(running, reader):
    running.group_privacy = False
    group = running.group("新闻群")
    assert await reader.send("红十字 救援队", chat=group, expect=0) == []
    assert await reader.send("/latest@other_bot", chat=group, expect=0) == []


async def test_conditions_hold_behind_the_buttons(reader):
    [screen] = await reader.send("灯会 2026-01-06")
    assert "2026年1月6日" in screen.text and "2026年1月5日" not in screen.text
    await reader.press("⇅ 最新")
    assert "2026年1月6日" in screen.text and "2026年1月5日" not in screen.text
