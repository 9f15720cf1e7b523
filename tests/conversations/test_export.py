"""Results as a file: the set that the screens show, sent once, and again by old buttons."""

import csv
import io
import json
import shutil
import sqlite3

import pytest

from bot.sandbox import FakeTelegram
from tests.conftest import start

pytestmark = pytest.mark.asyncio(loop_scope="module")

EACH = "每篇一项：日期、版次、报纸、标题、记者、找到的原文、编号、链接。"
AGAIN = "这个文件已经发过，见上文；内容已更新。"


def data(tg, message):
    return tg.files[message["document"]["file_id"]][1]


def rows(tg, message):
    return list(csv.DictReader(io.StringIO(data(tg, message).decode("utf-8-sig"), newline="")))


async def all_screens(reader, screen):
    """The blocks of all screens, from the one that is shown on: number and headline, source, passage."""
    blocks = screen.text.split("\n\n")[1:]
    while "▶" in screen.labels:
        await reader.press("▶", message=screen)
        blocks += screen.text.split("\n\n")[1:]
    return blocks


@pytest.mark.parametrize(
    ("question", "order", "filtered"),
    [
        ("灯会", [], ""),
        ("灯会", ["⇅ 最新"], "最新在前"),
        ("灯会", ["⇅ 最新", "⇅ 最早"], "最早在前"),
        ("灯会 -公交 2026-01-05", ["⇅ 最新"], "含 灯会，不含 公交，2026年1月5日，按时间"),
    ],
)
async def test_the_file_is_the_set_that_the_screens_show(running, reader, question, order, filtered):
    [screen] = await reader.send(question)
    for label in order:
        await reader.press(label, message=screen)
    exported = (await reader.press("⤓", message=screen)).messages
    shown = await all_screens(reader, screen)
    [document] = exported
    found = rows(running, document)
    assert document["document"]["file_name"] == question.replace(" ", "_") + ".csv"
    assert document.text == "\n".join(filter(None, [f"⤓ {question} · {len(shown)} 篇", EACH, filtered]))
    assert document.labels == ["⤓ JSON"]
    assert len(found) == len(shown) > 2
    for number, (row, block) in enumerate(zip(found, shown, strict=True), 1):
        headline, source, passage = block.split("\n")
        assert headline == f"{number}. {row['headline']}"
        assert row["reporters"] in source
        assert f"第{row['page']}版" in source
        assert passage == row["passage"]
        assert row["link"] == f"https://t.me/fake_news_bot?start=a_{row['article_id']}"
    [article] = await reader.send(f"/start a_{found[0]['article_id']}")
    assert found[0]["headline"] in article.text


async def test_a_second_press_sends_no_second_file(running, reader):
    [screen] = await reader.send("灯会")
    first = await reader.press("⤓", message=screen)
    [document] = first.messages
    assert "text" not in first.answer
    held = data(running, document)
    again = await reader.press("⤓", message=screen)
    assert again.messages == [document]
    assert again.answer["text"] == AGAIN
    assert data(running, document) == held
    assert max(reader.chat.messages) == document["message_id"]
    [other] = (await reader.press("⤓ JSON")).messages
    assert other["message_id"] > document["message_id"]
    assert other.labels == ["⤓ CSV"]
    assert (await reader.press("⤓ CSV")).messages == [document]
    assert [a["headline"] for a in json.loads(data(running, other))["articles"]] == [
        row["headline"] for row in rows(running, document)
    ]
    del reader.chat.messages[document["message_id"]]  # the reader deletes it, and wants it after all
    [new] = (await reader.press("⤓", message=screen)).messages
    assert data(running, new) == held
    assert [error[1] for error in running.errors] == ["Bad Request: message to edit not found"]
    running.errors.clear()


async def test_the_command(running, reader):
    assert [m.text for m in await reader.send("/export")] == [
        "要导出什么？写上要找的词，例如 /export 红十字救援队，或用 /export 回复一条结果。"
    ]
    [document] = await reader.send("/导出 红十字 救援队")
    assert document.text == f"⤓ 红十字 救援队 · 1 篇\n{EACH}"
    [row] = rows(running, document)
    assert (row["date"], row["date_inferred"], row["reporters"]) == ("2026-01-07", "yes", "高燕")
    question = reader.chat.messages[document["message_id"] - 1]
    assert await reader.edit(question, "/export 灯会", expect=1) == [document]
    assert document.text == f"⤓ 灯会 · 6 篇\n{EACH}"
    running.redeliver({"update_id": 1, "message": question})
    before = len(reader.chat.events)
    await reader.send("/help")
    assert len(reader.chat.events) == before + 1


async def test_nothing_found_is_said_as_by_a_search(running, reader):
    [answer] = await reader.send("/export 量子望远镜")
    assert answer.text.startswith("没有找到“量子望远镜”。\n")
    question = reader.chat.messages[answer["message_id"] - 1]
    assert await reader.edit(question, "/export 灯会", expect=1) == [answer]  # a text may become a file
    assert "document" in answer
    [instead] = await reader.edit(question, "/export 量子望远镜", expect=1)  # a file cannot become a text
    assert instead["message_id"] > answer["message_id"]
    assert instead.text.startswith("没有找到“量子望远镜”。\n")
    assert [error[1] for error in running.errors] == ["Bad Request: there is no text in the message to edit"]
    running.errors.clear()


async def test_what_only_pinyin_finds_is_exported_as_shown(running, reader):
    [document] = await reader.send("/export hongshizi")
    assert document.text == f"⤓ 红十字 · 1 篇\n{EACH}\n没有“hongshizi”，按拼音找到“红十字”。"
    assert len(rows(running, document)) == 1


async def test_replies(running, reader):
    [screen] = await reader.send("灯会")
    [narrow] = await reader.send("只看标题", reply_to=screen)
    [document] = await reader.send("/export", reply_to=narrow)
    assert document.text == f"⤓ 标题:灯会 · 6 篇\n{EACH}\n标题含 灯会"
    assert all("灯会" in row["headline"] for row in rows(running, document))
    [refined] = await reader.send("不要公交", reply_to=document)
    assert "不含 公交" in refined.text


async def test_the_words_of_a_stranger_are_text(running, reader):
    [document] = await reader.send('/export 灯会|<b>&"=../../')
    assert document.entity_texts("bold") == []
    assert "/" not in document["document"]["file_name"]
    assert not document["document"]["file_name"].startswith(".")


async def test_the_other_languages(running, reader):
    ann = running.user("Ann", language_code="en")
    [document] = await ann.send("/export 灯会")
    assert document.text == (
        "⤓ 灯会 · 6 articles\nFor each: date, page, paper, headline, reporters, the passage found, number, link."
    )
    [document] = await running.user("小華", language_code="zh-hant").send("/匯出 紅十字 救援隊")
    assert document.text == ("⤓ 紅十字 救援隊 · 1 篇\n每篇一項：日期、版次、報紙、標題、記者、找到的原文、編號、連結。")


async def test_in_a_group(running, reader):
    [document] = await reader.send("/export@fake_news_bot 灯会", chat=running.group("新闻群"))
    assert len(rows(running, document)) == 6


@pytest.mark.asyncio
async def test_an_old_button_after_a_restart_and_one_whose_query_is_forgotten(library, tmp_path):
    folder = shutil.copytree(library, tmp_path / "data")
    async with FakeTelegram() as tg:
        reader = tg.user("小明", language_code="zh-hans")
        bot = await start(tg, folder)
        [screen] = await reader.send("灯会")
        [document] = (await reader.press("⤓")).messages
        held = data(tg, document)
        assert await bot.stop() == 0
        await start(tg, folder)
        assert (await reader.press("⤓", message=screen)).messages == [document]
        assert data(tg, document) == held
        with sqlite3.connect(folder / "chat.db") as connection:
            connection.execute("DELETE FROM saved_query")
        pressed = await reader.press("⤓", message=screen, expect=0)
        assert pressed.answer["text"] == "按钮已失效，请重新发送问题。"
        tg.check()
