"""What the bot says when it finds nothing or does not know a word, and where each tap leads."""

import time

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def words(running):
    """The bot collects the archive's words in its first seconds; an answer does not wait for them long."""
    first = running.user("小红", language_code="zh-hans")
    deadline = time.monotonic() + 60
    while len((await first.send("洪石子"))[0].labels) < 2:
        assert time.monotonic() < deadline


HOLDS = "这里收有2026年1月5日至2026年1月7日（推定）的 12 篇文章。"


async def test_a_near_name_is_one_tap_away(reader):
    [answer] = await reader.send("洪石子")
    assert answer.text == f"没有找到“洪石子”。\n{HOLDS}点下面的按钮，换个找法："
    assert answer.labels == ["🔎 红十字 · 1 篇", "📰 最新一期"]
    assert (await reader.press("🔎 红十字 · 1 篇")).messages == [answer]
    assert answer.text.startswith("🔎 红十字 · 1 篇 3 段\n\n1. 市红十字赈济救援队升级省级救援队\n")
    assert answer.labels == ["1"]


async def test_a_second_press_changes_nothing(reader):
    [answer] = await reader.send("高艳")
    old = {"label": "🔎 高燕 · 1 篇", "message": type(answer)(answer)}
    await reader.press(old["label"])
    shown = answer.text
    assert shown.startswith("🔎 高燕 · 1 篇 ")
    assert (await reader.press(**old, expect=0)).messages == []
    assert answer.text == shown


async def test_pinyin_says_that_it_is_pinyin_on_the_way_back_too(reader):
    [answer] = await reader.send("hongshizi")
    assert answer.text.startswith(
        "🔎 红十字 · 1 篇 3 段\n没有“hongshizi”，按拼音找到“红十字”。\n\n1. 市红十字赈济救援队"
    )
    assert answer.labels == ["1"]
    shown = answer.text
    await reader.press("1")
    await reader.press("↩ 返回")
    assert answer.text == shown
    [answer] = await reader.send("denghui")
    assert answer.text.startswith("🔎 灯会 · 6 篇 7 段\n没有“denghui”，按拼音找到“灯会”。\n\n1. ")
    await reader.press("▶")
    assert answer.text.startswith("🔎 灯会 · 6 篇 7 段\n没有“denghui”，按拼音找到“灯会”。\n\n6. ")


async def test_results_with_an_unknown_word_offer_the_near_one(reader):
    [answer] = await reader.send("灯会 洪石子")
    assert answer.text.startswith("🔎 灯会 洪石子 · 6 篇 7 段\n报上没有：洪石子\n\n1. ")
    assert answer.labels == ["1", "2", "3", "4", "5", "▶", "⇅ 最新", "🔎 红十字 · 7 篇"]
    await reader.press("🔎 红十字 · 7 篇")
    assert answer.text.startswith("🔎 灯会 红十字 · 7 篇 10 段\n\n1. ")


async def test_what_was_understood_is_said_where_there_are_conditions(reader):
    [answer] = await reader.send("灯会 -大同 2026年1月")
    assert answer.text.startswith("🔎 灯会 -大同 2026年1月 · 6 篇 7 段\n含 灯会，不含 大同，2026年1月\n\n1. ")
    await reader.press("⇅ 最新")
    assert answer.text.startswith("🔎 灯会 -大同 2026年1月 · 6 篇 7 段\n含 灯会，不含 大同，2026年1月，按时间\n\n1. ")


async def test_leaving_out_a_condition_is_one_tap(reader):
    [answer] = await reader.send("灯会 -大同 2025年")
    assert answer.text == (
        "没有找到“灯会 -大同 2025年”。\n含 灯会，不含 大同，2025年\n要找的日期不在收录范围内。\n"
        f"{HOLDS}点下面的按钮，换个找法："
    )
    assert answer.labels == ["去掉“2025年” · 6 篇", "📰 最新一期"]
    await reader.press("去掉“2025年” · 6 篇")
    assert answer.text.startswith("🔎 灯会 -大同 · 6 篇 7 段\n含 灯会，不含 大同\n\n1. ")


async def test_conditions_alone_that_nothing_meets(reader):
    [answer] = await reader.send("记者:高艳 第9版")
    assert answer.text == f"没有找到“记者:高艳 第9版”。\n记者 高艳，第9版\n{HOLDS}换个说法，或只留关键词，再试一次。"
    [answer] = await reader.send("记者:高艳")
    assert answer.labels == ["🔎 高燕 · 1 篇", "📰 最新一期"]


async def test_hostile_names_are_text(reader):
    [answer] = await reader.send('灯会 -<b>&"\u202e 2025年')
    assert "不含 <b>&" in answer.text
    assert answer.entity_texts("bold") == []
    assert answer.labels == ["去掉“2025年” · 6 篇", "📰 最新一期"]


async def test_the_other_languages(running, reader):
    anyone = running.user("Ann", language_code="en")
    [answer] = await anyone.send("灯会 2025")
    assert answer.text == (
        "Nothing found for “灯会 2025”.\nwith 灯会, in 2025\nI hold no paper of those days.\n"
        "I hold 12 articles from Jan 5, 2026 to Jan 7, 2026 (inferred). A button below tries another way:"
    )
    assert answer.labels == ["Drop “in 2025” · 6 articles", "📰 newest issue"]
    [answer] = await anyone.send("hongshizi")
    assert answer.text.startswith(
        "🔎 红十字 · 1 article, 3 paragraphs\nNo “hongshizi”; by pinyin, found “红十字”.\n\n1. "
    )
    [answer] = await running.user("小華", language_code="zh-hant").send("燈會 2025年")
    assert answer.text.startswith("沒有找到「燈會 2025年」。\n含 燈會，2025年\n要找的日期不在收錄範圍內。\n")
    assert answer.labels == ["去掉「2025年」 · 6 篇", "📰 最新一期"]
