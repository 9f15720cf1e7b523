"""Walking the paper, reading on, and asking by replying, word for word."""

import asyncio
import sqlite3
from datetime import date

import pytest

from bot.archive import Archive, ingest
from bot.paper.files import page_files
from bot.search import Engine

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIRST_PAGE = (
    "📰 2026年1月6日 · 3 篇 · 第1版\n\n"
    "1. 灯会迎来首个客流高峰\n南门广场增设两处入口 · 记者 王小明\n"
    "2. 灯会上的剪纸摊\n记者 李雯\n"
    "3. 供水改造工程完工\n记者 赵立"
)
ONWARD = ["📄 第1版", "🔗 相关", "❝ 引文", "📋 链接", "↩ 返回"]


async def test_from_a_hit_to_its_page_and_through_the_paper_and_all_the_way_back(running, reader):
    [screen] = await reader.send("剪纸艺人")
    trail = [screen.text]

    async def go(label):
        assert (await reader.press(label, message=screen)).messages == [screen]
        trail.append(screen.text)

    await go("1")
    assert screen.labels == ONWARD
    await go("📄 第1版")
    assert screen.text == FIRST_PAGE
    assert screen.labels == ["1", "2", "3", "第2版 ▶", "◀ 01-05", "📅", "01-07 ▶", "📰 全部", "↩ 返回"]
    await go("📅")
    assert (screen.text, screen.labels) == ("📅 2026-01 · 有报 3 天", ["5", "6", "7", "↩ 返回"])
    await go("5")
    assert screen.text.startswith("📰 2026年1月5日 · 4 篇\n\n第1版\n1. 古城灯会点亮冬夜\n记者 王小明\n1月4日")
    await go("2")
    assert screen.text.startswith("灯会带火老街小吃\n2026年1月5日 · 第1版 · 记者 李雯 · /article5\n\n")
    await go("🔗 相关")
    await go("1")
    for text in reversed(trail[:-1]):
        await reader.press("↩ 返回", message=screen)
        assert screen.text == text
    assert "↩ 返回" not in screen.labels
    assert all(len(button.get("callback_data", "").encode()) <= 64 for button in screen.buttons)


async def test_pages_and_days_are_turned_without_a_trail(reader):
    [screen] = await reader.send("/latest 2026-01-06")
    issue = screen.text
    assert screen.labels == ["1", "2", "3", "4", "5", "◀ 01-05", "📅", "01-07 ▶", "📄 版面"]
    assert "\n\n第2版\n4. <b>AT&T</b>与" in issue
    await reader.press("📄 版面")
    assert screen.text == FIRST_PAGE
    await reader.press("第2版 ▶")
    assert (
        screen.text == '📰 2026年1月6日 · 2 篇 · 第2版\n\n1. <b>AT&T</b>与"智算"企业签约\n2. 一条老街的四季\n记者 钱多'
    )
    await reader.press("◀ 01-05")
    assert screen.text.startswith("📰 2026年1月5日 · 4 篇 · 第1版")
    assert "◀ 第1版" not in screen.labels
    await reader.press("01-06 ▶")
    await reader.press("2")
    await reader.press("↩ 返回")
    assert screen.text == FIRST_PAGE
    await reader.press("↩ 返回")
    assert screen.text == issue


async def test_a_day_in_words(reader):
    for said in ("1月5日", "2026年1月5日", "20260105", "１月５号", "2026-01-05"):
        [screen] = await reader.send(f"/latest {said}")
        assert screen.text.startswith("📰 2026年1月5日 · 4 篇\n\n第1版\n"), said
    for said in ("昨天", "上周", "2026-02"):
        [screen] = await reader.send(f"/latest {said}")
        lines = screen.text.splitlines()
        assert lines[0] == "📰 2026年1月7日（推定） · 3 篇"
        assert lines[1].endswith("日没有报纸，这是此前最近的一期。")
        assert lines[2] == "这是收录的最后一期，之后的报纸还没有收录。"
    [screen] = await reader.send("/latest 2020-01-01")
    assert screen.text == "2020年1月1日及以前没有报纸。最早的一期是2026年1月5日。"
    await reader.press("📅")
    assert screen.text == "📅 2026-01 · 有报 3 天"


async def test_a_hit_opens_at_its_paragraph(reader):
    [screen] = await reader.send("夏天的第19个早晨")
    await reader.press("1")
    [found] = screen.entity_texts("blockquote")
    assert found.startswith("夏天的第19个早晨")
    assert "夏天的第19个早晨" in screen.entity_texts("bold")
    paragraphs = screen.text.split("\n\n")
    assert paragraphs[1] == paragraphs[-1] == "……"
    assert [paragraph[:8] for paragraph in paragraphs[2:-1]] == [f"夏天的第{n}个早" for n in range(17, 21)] + [
        "秋天的第21个早"[:8],
        "秋天的第22个早"[:8],
    ]
    assert screen.labels[0] == "📖 全文"
    await reader.press("📖 全文")
    assert screen.text.endswith("(1/2)")
    assert len(screen.entity_texts("expandable_blockquote")) == 1
    await reader.press("↩ 返回")
    assert screen.text.startswith("🔎 夏天的第19个早晨")


async def test_what_is_near(reader):
    [screen] = await reader.send("/article 8")
    await reader.press("🔗 相关")
    blocks = screen.text.split("\n\n")
    assert blocks[0] == "🔗 灯会迎来首个客流高峰"
    assert blocks[1] == "相关文章\n1. 古城灯会点亮冬夜\n2026年1月5日 · 第1版 · 记者 王小明"
    assert blocks[2].startswith("2. ")
    await reader.press("1")
    assert screen.text.startswith("古城灯会点亮冬夜\n")
    [screen] = await reader.send("/article 10")
    await reader.press("🔗 相关")
    assert screen.text == "没有找到与“供水改造工程完工”相关的文章。"


async def test_a_citation_and_a_link_to_copy(reader):
    [screen] = await reader.send("/article 8")
    assert (await reader.press("❝ 引文"))["copy_text"]["text"] == "王小明. 灯会迎来首个客流高峰[N]. 2026-01-06(1)."
    link = (await reader.press("📋 链接"))["copy_text"]["text"]
    assert link == "https://t.me/fake_news_bot?start=a_8"
    [again] = await reader.send(f"/start {link.partition('=')[2]}")
    assert again.text == screen.text


async def test_a_reply_to_results_refines_them_and_a_tap_undoes_it(reader):
    [first] = await reader.send("灯会")
    [screen] = await reader.send("只看标题", reply_to=first)
    assert screen.text.startswith("🔎 标题:灯会 · 6 篇 7 段\n标题含 灯会\n\n")
    [screen] = await reader.send("1月5日的", reply_to=screen)
    assert screen.text.startswith("🔎 标题:灯会 2026-01-05 · 4 篇 5 段\n标题含 灯会，2026年1月5日\n\n")
    only_that_day = screen.text
    [screen] = await reader.send("不要志愿者", reply_to=screen)
    assert screen.text.startswith(
        "🔎 标题:灯会 -志愿者 2026-01-05 · 3 篇 4 段\n不含 志愿者，标题含 灯会，2026年1月5日\n\n"
    )
    await reader.press("1")
    await reader.press("↩ 返回")
    await reader.press("↩ 撤销")
    assert screen.text == only_that_day
    await reader.press("↩ 撤销")
    await reader.press("↩ 撤销")
    assert screen.text == first.text
    [screen] = await reader.send("最早", reply_to=screen)
    assert screen.labels == ["1", "2", "3", "4", "5", "▶", "⇅ 最相关", "⤓", "↩ 撤销"]
    [screen] = await reader.send("昨天的", reply_to=first)
    assert screen.text.startswith("没有找到“灯会 ")
    await reader.press("↩ 撤销")
    assert screen.text == first.text
    [screen] = await reader.send("剪纸", reply_to=first)
    assert screen.text.startswith("🔎 灯会 剪纸 · ")


async def test_a_reply_to_an_article_searches_within_it(reader):
    [article] = await reader.send("/article 4")
    [screen] = await reader.send("首日来了多少人", reply_to=article)
    assert screen.text == "🔎 首日来了多少人 · 古城灯会点亮冬夜 · 1 段\n\n1. 主办方介绍,灯会首日迎来游客一万二千人次。"
    await reader.press("1")
    assert screen.text == article.text
    await reader.press("↩ 返回")
    await reader.press("📖 全文")
    assert screen.text == article.text
    [screen] = await reader.send("供水", reply_to=article)
    assert screen.text == "“古城灯会点亮冬夜”里没有找到“供水”。"
    [screen] = await reader.send("/latest", reply_to=article)
    assert screen.text.startswith("📰 2026年1月7日")


async def test_a_reply_to_an_issue_or_a_page_searches_there(reader):
    [screen] = await reader.send("/latest 2026-01-06")
    [found] = await reader.send("灯会", reply_to=screen)
    assert found.text.startswith("🔎 灯会 2026-01-06 · 2 篇 2 段\n含 灯会，2026年1月6日\n\n")
    await reader.press("📄 版面", message=screen)
    await reader.press("第2版 ▶", message=screen)
    [found] = await reader.send("企业", reply_to=screen)
    assert found.text.startswith("🔎 企业 第2版 2026-01-06 · 1 篇 1 段\n含 企业，第2版，2026年1月6日\n\n")


async def test_a_number_in_reply_opens_that_article(reader):
    [results] = await reader.send("灯会")
    await reader.press("2", message=results)
    second = results.text
    await reader.press("↩ 返回", message=results)
    for said in ("2", "第二篇", "第2篇", "2.", "２", "看第二篇"):
        [opened] = await reader.send(said, reply_to=results)
        assert opened.text == second, said
    await reader.press("↩ 返回", message=opened)
    assert opened.text == results.text
    await reader.press("▶", message=results)
    [opened] = await reader.send("6", reply_to=results)
    assert "🔎" not in opened.text
    [refined] = await reader.send("剪纸 2", reply_to=results)
    assert refined.text.startswith("🔎 灯会 剪纸 2 · ") or "灯会 剪纸 2" in refined.text
    [issue] = await reader.send("/latest 2026-01-06")
    [opened] = await reader.send("第三篇", reply_to=issue)
    assert opened.text.startswith("供水改造工程完工\n")


async def test_a_reply_to_anything_else_is_a_question(reader):
    [page] = await reader.send("/help")
    [found] = await reader.send("剪纸艺人", reply_to=page)
    assert found.text.startswith("🔎 剪纸艺人 · 1 篇 1 段")


async def test_in_a_group_a_reply_to_the_bot_is_a_question_too(running, reader):
    group = running.group("读报群")
    [article] = await reader.send("/article@fake_news_bot 4", chat=group)
    [found] = await reader.send("首日", chat=group, reply_to=article)
    assert found.text.startswith("🔎 首日 · 古城灯会点亮冬夜 · 1 段")
    assert found["reply_to_message"]["text"] == "首日"
    running.group_privacy = False
    other = running.user("小华")
    [said] = [running.add_message(group, other.info, text="今天灯会人多吗")]
    assert await reader.send("剪纸", chat=group, reply_to=said, expect=0) == []
    assert await reader.send("/nonsense", chat=group, reply_to=article, expect=0) == []
    running.group_privacy = True


async def test_the_bot_s_name_is_no_word_of_a_question(reader):
    for said in ("@fake_news_bot 剪纸艺人", "剪纸艺人 @Fake_News_Bot"):
        assert (await reader.send(said))[0].text.startswith("🔎 剪纸艺人 · 1 篇 1 段\n\n"), said


async def test_a_picture_is_read_by_its_caption(running, reader):
    [found] = await reader.photo("剪纸艺人")
    assert found.text.startswith("🔎 剪纸艺人 · 1 篇 1 段")
    [found] = await reader.photo("/search 剪纸艺人")
    assert found.text.startswith("🔎 剪纸艺人 · 1 篇 1 段")
    group = running.group("图片群")
    [found] = await reader.photo("@fake_news_bot 剪纸艺人", chat=group)
    assert found.text.startswith("🔎 剪纸艺人 · 1 篇 1 段")
    assert (await reader.photo(None))[0].text == "我只会读文字：请发一个词或一句话。"


async def test_other_languages(running):
    ann, hua = running.user("Ann", language_code="en"), running.user("小華", language_code="zh-hant")
    [screen] = await ann.send("/latest 昨天")
    assert screen.text.splitlines()[1].endswith("; this is the last one before it.")
    assert screen.text.splitlines()[2] == "This is the last issue that I hold; later ones have not come in yet."
    [screen] = await ann.send("/article 8")
    assert screen.text.splitlines()[2] == "Jan 6, 2026 · page 1 · by 王小明 · also 周倩 · /article8"
    assert screen.labels == ["📄 page 1", "🔗 related", "❝ citation", "📋 link"]
    [results] = await ann.send("灯会")
    [refined] = await ann.send("titles only", reply_to=results)
    assert refined.text.startswith("🔎 标题:灯会 · 6 articles, 7 paragraphs")
    assert refined.labels[-1] == "↩ undo"
    [results] = await hua.send("燈會")
    [refined] = await hua.send("只看標題", reply_to=results)
    assert refined.text.startswith("🔎 标题:燈會 · 6 篇 7 段")
    [refined] = await hua.send("不要誌願者", reply_to=results)
    assert refined.labels[-1] == "↩ 復原"


async def test_two_readers_at_once_in_one_group(running, reader):
    group, other = running.group("两人群"), running.user("小华", language_code="zh-hans")
    [screen] = await reader.send("/latest@fake_news_bot 2026-01-06", chat=group)
    issue = screen.text
    await asyncio.gather(reader.press("1", message=screen, chat=group), other.press("2", message=screen, chat=group))
    assert screen.text.splitlines()[0] in ("灯会迎来首个客流高峰", "灯会上的剪纸摊")
    await reader.press("↩ 返回", message=screen, chat=group)
    assert screen.text == issue


async def test_a_second_press_changes_nothing(running, reader):
    [screen] = await reader.send("/latest 2026-01-06")
    button = next(b for b in screen.buttons if b["text"] == "📄 版面")
    presses = [reader.tap(screen, button) for _ in range(3)]
    await running.until(lambda: all(query["answer"] is not None for query in presses), 10, "all answers")
    await reader.send("/help")
    assert screen.text == FIRST_PAGE
    edits = [call for name, call in running.calls if name == "editMessageText" and call["chat_id"] == str(reader.id)]
    assert len(edits) == 1


async def far(reader):
    """A screen whose ways back are longer than a button, the texts on the way, and the results it began with."""
    [screen] = await reader.send("剪纸艺人")
    texts = [screen.text]
    for label in ("1", "📄 第1版", "📅", "5", "2"):
        await reader.press(label, message=screen)
        texts.append(screen.text)
    return screen, texts[:-1]


@pytest.mark.asyncio(loop_scope="function")
async def test_the_way_back_and_the_thread_outlive_a_restart(tg, serve):
    reader = tg.user("小明", language_code="zh-hans")
    bot = await serve()
    screen, texts = await far(reader)
    [results] = await reader.send("灯会")
    [refined] = await reader.send("不要志愿者", reply_to=results)
    assert await bot.stop() == 0
    await serve()
    [again] = await reader.send("1月5日的", reply_to=refined)
    assert again.text.startswith("🔎 灯会 -志愿者 2026-01-05 · ")
    for text in reversed(texts):
        await reader.press("↩ 返回", message=screen)
        assert screen.text == text
    await reader.press("↩ 撤销", message=refined)
    assert refined.text == results.text
    tg.check()


@pytest.mark.asyncio(loop_scope="function")
async def test_the_same_story_on_other_days_is_a_thread(tg, serve, data_dir, tmp_path):
    reader = tg.user("小明", language_code="zh-hans")
    archive = Archive(data_dir / "newsbot.db")
    for day, said in (("20260108", "主跨合龙"), ("20260109", "开始铺装桥面"), ("20260110", "进行荷载试验")):
        page = tmp_path / f"{day}_01.txt"
        page.write_text(
            f"云冈大桥{said}\n\n本报讯(记者 甲)昨日,云冈大桥{said},桥梁工程师和钢箱梁班组现场值守。\n", "utf-8"
        )
        assert [report.outcome for report in ingest(archive, page_files([page]))] == ["stored"]
    Engine(archive).refresh()
    archive.close()
    await serve()
    [screen] = await reader.send("开始铺装桥面")
    await reader.press("1")
    await reader.press("🔗 相关")
    assert screen.text == (
        "🔗 云冈大桥开始铺装桥面\n\n"
        "这件事的前前后后\n"
        "1. 云冈大桥主跨合龙\n2026年1月8日 · 第1版 · 记者 甲\n\n"
        "▸ 云冈大桥开始铺装桥面\n2026年1月9日 · 第1版 · 记者 甲\n\n"
        "2. 云冈大桥进行荷载试验\n2026年1月10日 · 第1版 · 记者 甲"
    )
    await reader.press("2")
    assert screen.text.startswith("云冈大桥进行荷载试验\n")
    await reader.press("↩ 返回")
    assert "▸ 云冈大桥开始铺装桥面" in screen.text
    tg.check()


@pytest.mark.asyncio(loop_scope="function")
async def test_what_is_gone_says_so(tg, serve, data_dir):
    reader = tg.user("小明", language_code="zh-hans")
    await serve()
    screen, _ = await far(reader)
    [article] = await reader.send("/article 5")
    [found] = await reader.send("灯会")
    with sqlite3.connect(data_dir / "chat.db") as connection:
        connection.execute("DELETE FROM place")
    await reader.press("↩ 返回", message=screen)
    assert (await reader.press("↩ 返回", message=screen, expect=0)).answer["text"] == "按钮已失效，请重新发送问题。"
    archive = Archive(data_dir / "newsbot.db")
    archive.remove_edition(date(2026, 1, 5))
    archive.close()
    gone = "没有这篇文章，它可能已随版面更正而被替换。"
    for label in ("📄 第1版", "🔗 相关"):
        assert (await reader.press(label, message=article, expect=0)).answer["text"] == gone
    assert (await reader.press("3", message=found, expect=0)).answer["text"] == gone
    assert [m.text for m in await reader.send("小吃", reply_to=article)] == [gone]
    tg.check()


@pytest.mark.asyncio(loop_scope="function")
async def test_a_disk_that_takes_nothing_leaves_the_actions(tg, serve, data_dir):
    reader = tg.user("小明", language_code="zh-hans")
    await serve()
    with sqlite3.connect(data_dir / "chat.db") as connection:
        for table in ("place", "shown"):
            connection.execute(
                f"CREATE TRIGGER full_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
    screen, _ = await far(reader)
    assert screen.text.startswith("灯会带火老街小吃\n")
    await reader.press("↩ 返回")
    assert screen.text.startswith("📰 2026年1月5日 · 4 篇\n")
    assert "↩ 返回" not in screen.labels
    [found] = await reader.send("剪纸艺人", reply_to=screen)
    assert found.text.startswith("🔎 剪纸艺人 · 1 篇 1 段")
    tg.check()
