"""What a stranger may send, and what a page may hold."""

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_html_in_a_question_is_shown_as_it_is(reader):
    [answer] = await reader.send('<b>算力</b> & "企业" </a>')
    assert answer.text.startswith('🔎 <b>算力</b> & "企业" </a> · ')
    [answer] = await reader.send("<i>&nbsp;望月")
    assert answer.text.startswith("没有找到“<i>&nbsp;望月”。") or "🔎 <i>&nbsp;望月" in answer.text


async def test_html_on_a_page_is_shown_as_it_is(reader):
    [screen] = await reader.send("投资额 税收")
    assert '1. <b>AT&T</b>与"智算"企业签约\n2026年1月6日 · 第2版\n5日,<b>算力</b>企业与本市签约' in screen.text
    assert "投资额>3亿元&税收优惠<另行约定" in screen.text
    await reader.press("1")
    assert "本报讯(记者 <i>孙琪</i>)5日,<b>算力</b>企业与本市签约" in screen.text


async def test_whatever_comes_is_answered(reader):
    for text in (
        *("字" * 5000, "<" * 5000, "&" * 4096, "😀" * 4096, "红十字" * 1500, "a" * 5000, "红十字\n" * 500),
        *("\u202e红十字\u202c", "红\x00十字", "\u200b", "`*_[]()~", "/search " + "<b>" * 1000),
    ):
        [answer] = await reader.send(text)
        assert answer.text


async def test_writing_direction_and_invisible_marks_change_nothing(reader):
    [answer] = await reader.send("\u202e红\u200b十字\x00救援队\u2067")
    assert answer.text.startswith("🔎 红十字 救援队 · 1 篇 3 段")


async def test_buttons_that_are_not_ours_are_answered(running, reader):
    [screen] = await reader.send("/latest")
    before = screen.text
    for data in (
        "",
        "x",
        "a:1",
        "a:1:0|@nowhere|a:2:0",
        "s:none:r:0",
        "l:2026-99-99:0",
        "a:999999:0",
        "s:../..:r:0",
        "a:1:0|" + "字" * 10,
    ):
        query_id, query = running.new_query("callback", data, reader.id)
        running.push(
            "callback_query",
            {"id": query_id, "from": reader.info, "message": dict(screen), "chat_instance": "1", "data": data},
        )
        await running.until(lambda query=query: query["answer"] is not None, 10, f"answer to {data!r}")
        assert query["answer"]["text"] in (
            "按钮已失效，请重新发送问题。",
            "没有这篇文章，它可能已随版面更正而被替换。",
        )
    assert screen.text == before
    for data in ("s:x:r:9999999", "a:1:9999", "l:2026-01-06:99999", "l:2030-01-01:0"):
        query_id, query = running.new_query("callback", data, reader.id)
        running.push(
            "callback_query",
            {"id": query_id, "from": reader.info, "message": dict(screen), "chat_instance": "1", "data": data},
        )
        await running.until(lambda query=query: query["answer"] is not None, 10, f"answer to {data!r}")
    await reader.send("/help")  # when it is answered, so is all that was pressed before


async def test_double_presses_are_harmless(running, reader):
    [screen] = await reader.send("灯会")
    button = next(b for b in screen.buttons if b["text"] == "▶")
    presses = [running.new_query("callback", button["callback_data"], reader.id) for _ in range(3)]
    for query_id, _ in presses:
        update = {"id": query_id, "from": reader.info, "message": dict(screen), "chat_instance": "1"}
        running.push("callback_query", {**update, "data": button["callback_data"]})
    await running.until(lambda: all(query["answer"] is not None for _, query in presses), 10, "all answers")
    await reader.send("/help")  # when it is answered, all that was pressed before is done
    assert screen.labels == ["6", "◀", "⇅ 最新", "⤓"]
    edits = [call for name, call in running.calls if name == "editMessageText" and call["chat_id"] == str(reader.id)]
    assert len(edits) == 1


async def test_answers_keep_the_order_of_the_questions(reader):
    questions = ["灯会", "红十字 救援队", "量子望远镜", "/latest", "剧"]
    sent = []
    for question in questions:
        sent += await reader.send(question, expect=0, quiet=0)
    await reader.tg.until(lambda: len(reader.chat.events) == len(questions), 15, "all answers")
    starts = [message.text[:8] for message in reader.chat.events]
    assert starts == ["🔎 灯会 · 6", "🔎 红十字 救援", "没有找到“量子望", "📰 2026年1", "🔎 剧 · 1 "]
