"""Readers who send faster than a person reads: each waits a little, is told so once, and nobody else waits."""

import asyncio

import pytest

from tests.conversations.test_reading import FOUND

WAIT = {
    "zh-hans": "您发得太快，我跟不上了。请等 5 秒再继续。",
    "zh-hant": "您傳得太快，我跟不上了。請等 5 秒再繼續。",
    "en": "That was quick! Please wait 5 seconds, then go on.",
}


async def burst(tg, serve):
    await serve(NEWSBOT_RATE="1")
    tg.limits = dict.fromkeys(tg.limits, (9999, 1))


def write(reader, text, chat=None):
    reader.write(chat or reader.chat, text)


@pytest.mark.parametrize("language", WAIT)
async def test_who_hurries_is_asked_to_wait_once_and_then_goes_on(tg, serve, language):
    reader = tg.user("小明", language_code=language)
    await burst(tg, serve)
    for _ in range(28):
        write(reader, "/search")
    await tg.until(lambda: len(reader.chat.events) >= 21, 20, "twenty answers and a request")
    other = tg.user("小華", language_code="zh-hans")
    assert [m.text for m in await other.send("红十字 救援队")] == [FOUND]
    waits = [message.text for message in reader.chat.events if message.text == WAIT[language]]
    assert len(waits) == 1
    assert len(reader.chat.events) < 28
    await asyncio.sleep(5)
    assert len(await reader.send("红十字 救援队")) == 1
    tg.check()


async def test_a_press_in_a_hurry_gets_a_toast(tg, serve):
    reader = tg.user("小明", language_code="zh-hans")
    await burst(tg, serve)
    [screen] = await reader.send("灯会")
    button = next(b for b in screen.buttons if b["text"] == "▶")
    presses = [reader.tap(screen, button) for _ in range(25)]
    await tg.until(lambda: all(press["answer"] is not None for press in presses), 20, "all answers")
    said = [press["answer"].get("text") for press in presses]
    assert said[0] is None and said[-1] == WAIT["zh-hans"]
    assert len(reader.chat.messages) == 2  # the chat itself is not written to
    tg.check()


async def test_typing_in_another_chat_takes_nothing_from_asking(tg, serve):
    reader = tg.user("小明", language_code="zh-hans")
    await burst(tg, serve)
    typed = [reader.type("灯会" + "剪" * (n % 9)) for n in range(90)]
    await tg.until(lambda: typed[-1]["answer"] is not None, 20, "an answer to the last")
    assert typed[-1]["answer"]["button"]["text"].startswith("您发得太快")
    assert typed[-1]["answer"]["is_personal"] == "true"
    assert int(typed[-1]["answer"]["cache_time"]) <= 10
    assert [m.text for m in await reader.send("红十字 救援队")] == [FOUND]


async def test_in_a_group_each_has_a_measure_of_their_own_and_chatter_counts_for_nobody(tg, serve):
    reader, other = tg.user("小明"), tg.user("小華")
    await burst(tg, serve)
    tg.group_privacy = False
    group = tg.group("群")
    for _ in range(3):
        for _ in range(20):
            write(reader, "今天天气不错", group)
        assert (await reader.send("@fake_news_bot 红十字 救援队", chat=group))[0].text == FOUND
    for _ in range(26):
        write(reader, "/search")
    await tg.until(lambda: reader.chat.events and reader.chat.events[-1].text == WAIT["en"], 20, "the request to wait")
    write(reader, "@fake_news_bot 灯会", group)
    assert [m.text for m in await other.send("@fake_news_bot 红十字 救援队", chat=group)] == [FOUND]
    assert [m.text for m in group.events] == [FOUND] * 4
    tg.check()


async def test_operators_may(tg, serve):
    operator = tg.user("小明", language_code="zh-hans")
    await serve(NEWSBOT_RATE="1", NEWSBOT_ADMINS=str(operator.id))
    tg.limits = dict.fromkeys(tg.limits, (9999, 1))
    for _ in range(28):
        write(operator, "/search")
    await tg.until(lambda: len(operator.chat.events) == 28, 20, "all answers")
    tg.check()
