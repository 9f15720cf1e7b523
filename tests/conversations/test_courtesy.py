"""What is said as to a person is answered as by one, and asks nothing of the paper."""

import pytest

from bot.chat.handlers.courtesy import COURTESIES

pytestmark = pytest.mark.asyncio(loop_scope="module")

THANKED = "😊 随时效劳！想查什么，直接发来就行；/help 有使用说明。"


async def test_a_greeting_thanks_and_a_call_for_help(reader):
    for said in ("你好", "您好！", "你好啊", "Hello!", "@fake_news_bot 你好"):
        assert (await reader.send(said))[0].text.startswith("您好！我收录了报纸全文。"), said
    for said in ("谢谢", "謝謝您啊！", "多谢", "thanks 🙏", "Thank you very much", "哈哈哈", "好的，谢谢"):
        assert [message.text for message in await reader.send(said)] == [THANKED], said
    for said in ("帮助", "怎么用", "怎麼用啊？", "你好，请问怎么用", "你能做什么", "help"):
        assert (await reader.send(said))[0].text.startswith("直接发消息"), said


async def test_in_the_reader_s_language(running):
    ann, hua = running.user("Ann", language_code="en"), running.user("小華", language_code="zh-hant")
    assert (await ann.send("thanks"))[0].text.startswith("😊 Any time!")
    assert (await hua.send("謝謝"))[0].text.startswith("😊 隨時效勞！")
    assert (await ann.send("hi"))[0].text.startswith("Hello! ")


async def test_more_than_a_courtesy_is_a_question(reader):
    for said in ("谢谢剪纸艺人", "你好 剪纸艺人", "/search 你好", "怎么用剪纸", "通知", "不要再发了红包"):
        assert "🔎" in (text := (await reader.send(said))[0].text) or text.startswith("没有找到"), said


async def test_in_a_group_thanks_cost_no_message(running, reader):
    group = running.group("客气群")
    [found] = await reader.send("@fake_news_bot 剪纸艺人", chat=group)
    for said in ("谢谢", "哈哈哈", "謝謝！"):
        assert await reader.send(said, chat=group, reply_to=found, expect=0) == [], said
    [found] = await reader.send("@fake_news_bot 灯会", chat=group)
    assert found.text.startswith("🔎 灯会 · ")
    assert [m.text for m in group.messages.values() if m["from"]["is_bot"] and m is not found][1:] == []


async def test_who_wants_no_more_messages_sees_what_comes_unasked(reader):
    empty = "还没有关注。发送 /watch 算力 开始第一条。"
    for said in ("取消关注", "不要再发了", "/stop", "/unwatch", "/取消关注", "请不要再给我发消息了", "Unsubscribe"):
        assert [message.text for message in await reader.send(said)] == [empty], said
    [rehearsal] = await reader.send("/watch 灯会")
    await reader.press("🔔 开始关注", message=rehearsal)
    await reader.send("/digest 08:00")
    [shown] = await reader.send("取消關注！")
    assert shown.text == (
        "🔔 我的关注 · 1 条\n\n每天 08:00（Asia/Shanghai）发当天的标题，关注的词排在前面。不要了就发 /digest off。"
    )
    assert shown.labels == ["🔔 灯会"]


async def test_the_newest_issue_may_be_asked_for_in_words(reader):
    [latest] = await reader.send("/latest")
    for said in ("最新一期", "我想看最新的报纸", "最新新聞"):
        assert (await reader.send(said))[0].text == latest.text, said
    assert (await reader.send("最新一期展览"))[0].text != latest.text


async def test_what_only_begins_politely_takes_no_longer():
    for text in ("哈" * 39 + "x", "谢谢" * 19 + "x", "ha" * 19 + "x"):
        for courtesy in COURTESIES:  # a pattern that tries all ways takes years
            assert courtesy._form.fullmatch(text) is None
