"""Words over time, word for word: a picture or a text, and the articles behind their bars."""

import re
import signal

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEAD = "📈 2026年1月5日至2026年1月7日 · 按日\n"
TEXT = f"{HEAD}\n灯会 ▇▃▁ 6 篇 · 最多 4（01-05）\n供水 ▁▇▁ 1 篇 · 最多 1（01-06）"
BARS = ["灯会 01-05 · 4", "灯会 01-06 · 2", "供水 01-06 · 1"]


def is_picture(message):
    return "photo" in message


@pytest_asyncio.fixture(loop_scope="module")
async def ann(running, reader):
    return running.user("Ann", language_code="en")


async def test_a_picture_and_what_it_says(running, reader):
    [message] = await reader.send("/trend 灯会 供水")
    assert is_picture(message)
    assert (message.text, message.labels) == (TEXT, [*BARS, "📝 文字"])
    assert message.entity_texts("bold") == ["灯会", "供水"]
    [photo] = message["photo"]
    assert (photo["width"], 500 < photo["height"] < 1100) == (1080, True)
    _, png = running.files[photo["file_id"]]
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert all(len(button["callback_data"]) <= 64 for button in message.buttons)


async def test_a_bar_opens_its_articles_and_the_way_back_is_the_picture(reader):
    [picture] = await reader.send("/走势 灯会 供水")
    [results] = (await reader.press("灯会 01-06 · 2")).messages
    assert results.text.startswith("🔎 “灯会” 2026-01-06 · 2 篇 2 段\n含“灯会”，2026年1月6日\n\n1. ")
    assert results.labels == ["1", "2", "⇅ 最新", "⤓", "↩ 返回"]
    assert picture["message_id"] not in reader.chat.messages  # a picture cannot become a text
    await reader.press("1")
    await reader.press("↩ 返回")
    assert (await reader.press("↩ 返回")).messages == [results]
    assert is_picture(results)
    assert (results.text, results.labels) == (TEXT, [*BARS, "📝 文字"])


async def test_text_and_picture_take_turns(reader):
    [picture] = await reader.send("/trend 灯会 供水")
    before = len(reader.chat.messages)
    [text] = (await reader.press("📝 文字")).messages
    assert (text.text, text.labels, is_picture(text)) == (TEXT, [*BARS, "🖼 图"], False)
    assert (await reader.press("🖼 图")).messages == [text]
    assert is_picture(text)
    assert len(reader.chat.messages) == before
    assert picture["message_id"] not in reader.chat.messages


async def test_a_second_press_changes_nothing(running, reader):
    [picture] = await reader.send("/trend 灯会")
    await reader.press("📝 文字", message=picture)
    before = len(reader.chat.messages)
    await reader.press("📝 文字", message=picture, expect=0)
    assert len(reader.chat.messages) == before
    await reader.press("🖼 图")
    calls = [name for name, _ in running.calls]
    assert (calls.count("sendPhoto"), calls.count("deleteMessage"), calls.count("editMessageMedia")) == (1, 1, 1)


async def test_conditions_hold_for_all_words(reader):
    [message] = await reader.send("/trend 燈會 供水 -志願者 第1版 2026-01-05..2026-01-06")
    lines = message.text.split("\n")
    assert lines[:3] == ["📈 2026年1月5日至2026年1月6日 · 按日", "不含 志願者，第1版", ""]
    assert lines[3].startswith("燈會 ")
    assert lines[4] == "供水 ▁▇ 1 篇 · 最多 1（01-06）"
    label = message.labels[0]
    assert re.fullmatch(r"燈會 01-05 · \d", label)
    [results] = (await reader.press(label)).messages
    assert results.text.startswith(f"🔎 “燈會” 第1版 -志願者 2026-01-05 · {label[-1]} 篇")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (
            "/trend",
            "想看哪些词的走势？写在命令后面，例如 /trend 算力 文旅，最多四个；"
            "也可加日期、版次等条件，例如 /trend 算力 2026-01 第1版。",
        ),
        ("/trend 不在报上", f"{HEAD}\n不在报上 没有文章提到"),
        ("/trend 灯会 2020年", "要找的日期不在收录范围内。\n\n灯会 没有文章提到"),
    ],
)
async def test_nothing_to_draw(reader, said, answer):
    [message] = await reader.send(said)
    assert (message.text, message.labels, is_picture(message)) == (answer, [], False)


async def test_four_words_at_most(reader):
    [message] = await reader.send("/trend 一 二 三 四 五 六")
    assert message.text.startswith(f"{HEAD}一次最多 4 个词，还有 2 个没有列入。\n\n一 ")
    assert len(message.labels) <= 13


async def test_a_line_without_a_word(reader):
    [message] = await reader.send("/trend 记者:王小明")
    assert message.text == f"{HEAD}记者 王小明\n\n全部文章 ▇▇▁ 2 篇 · 最多 1（01-05）"
    [results] = (await reader.press("01-05 · 1")).messages
    assert "古城灯会点亮冬夜" in results.text


async def test_an_edited_command_changes_the_picture_and_an_edited_question_replaces_it(running, reader):
    [picture] = await reader.send("/trend 供水")
    asked = reader.chat.messages[picture["message_id"] - 1]
    assert await reader.edit(asked, "/trend 灯会 供水", expect=1) == [picture]
    assert (picture.text, is_picture(picture)) == (TEXT, True)
    [results] = await reader.edit(asked, "供水", expect=1)
    assert results.text.startswith("🔎 供水 · ")
    assert picture["message_id"] not in reader.chat.messages
    [(_, refusal, _)] = running.errors
    assert refusal == "Bad Request: there is no text in the message to edit"  # what a message is, only Telegram knows
    running.errors.clear()


async def test_a_reply_changes_the_trend(reader):
    [picture] = await reader.send("/trend 灯会")
    [text] = (await reader.press("📝 文字", message=picture)).messages
    [message] = await reader.send("供水", reply_to=text)
    assert (message.text, is_picture(message)) == (TEXT, False)
    [message] = await reader.send("1月6日", reply_to=message)
    assert message.text.startswith("📈 2026年1月6日 · 按日\n\n灯会 ▇ 2 篇")


async def test_hostile_words(reader):
    [message] = await reader.send("/trend <b>灯会</b> $\\frac{灯会}{$ &amp; 灯会😀")
    assert "<b>灯会</b>" in message.text
    [message] = await reader.send(f"/trend {'灯会' * 200}")
    assert message.text.endswith("灯会灯会灯会灯会灯会灯会灯会灯会灯会灯… 没有文章提到")


async def test_in_a_group(running, reader):
    group = running.group("读报")
    [message] = await reader.send("/trend 灯会", chat=group)
    assert is_picture(message)
    assert message["reply_to_message"]["text"] == "/trend 灯会"


async def test_in_the_other_languages(running, ann):
    [message] = await ann.send("/trend 灯会 量子")
    assert message.text == (
        "📈 Jan 5, 2026 to Jan 7, 2026 · by day\n\n灯会 ▇▃▁ 6 articles · at most 4 (01-05)\n量子 is in no article"
    )
    assert message.labels[-1] == "📝 Text"
    assert "/trend 算力 文旅 — up to four words over time" in (await ann.send("/help"))[0].text
    hua = running.user("小華", language_code="zh-hant")
    [message] = await hua.send("/趨勢 燈會")
    assert message.text == f"{HEAD}\n燈會 ▇▃▁ 6 篇 · 最多 4（01-05）"
    [message] = await hua.send("/trend")
    assert message.text.startswith("想看哪些詞的走勢？")


@pytest.mark.asyncio(loop_scope="function")
async def test_through_a_poor_network_and_a_restart(tg, serve):
    bot = await serve()
    reader = tg.user("小明", language_code="zh-hans")
    tg.fail("sendPhoto", status=502)
    [picture] = await reader.send("/trend 灯会 供水", timeout=20)
    assert is_picture(picture)
    await bot.stop(signal.SIGKILL)
    await serve()
    tg.fail("deleteMessage", status=504, after=True)  # done, but the answer is lost
    [results] = (await reader.press("灯会 01-06 · 2", timeout=20)).messages
    assert results.text.startswith("🔎 “灯会” 2026-01-06 · 2 篇")
    await tg.until(lambda: set(reader.chat.messages) == {1, results["message_id"]}, 10, "deletion")
    await tg.until(lambda: tg.errors, 10, "second attempt")
    tg.check(allow=["message to delete not found"])


@pytest.mark.asyncio(loop_scope="function")
async def test_a_picture_older_than_two_days_stays(tg, serve):
    await serve()
    reader = tg.user("小明", language_code="zh-hans")
    [picture] = await reader.send("/trend 灯会 供水")
    picture["date"] -= 49 * 3600
    [text] = (await reader.press("📝 文字")).messages
    assert (text.text, is_picture(text)) == (TEXT, False)
    assert picture["message_id"] in reader.chat.messages
    tg.check(allow=["can't be deleted"])
