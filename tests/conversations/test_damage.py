"""A damaged index, while readers ask: nobody gets a wrong answer, operators are told once, and it mends itself."""

import sqlite3

from tests.conversations.test_reading import FOUND


async def test_a_damaged_index_is_made_anew_by_itself(tg, serve, data_dir):
    reader, admin = tg.user("小明", language_code="zh-hans"), tg.user("管", language_code="zh-hans")
    await serve(NEWSBOT_ADMINS=str(admin.id))
    await admin.send("/start")
    with sqlite3.connect(data_dir / "newsbot.db") as connection:
        connection.execute("UPDATE posting_recent SET numbers = zeroblob(length(numbers))")
        connection.execute("UPDATE posting_list SET once = zeroblob(length(once)), more = zeroblob(length(more))")
    seen = len(admin.chat.messages)
    [answer] = await reader.send("红十字 救援队")
    assert answer.text == "抱歉，索引有损坏，正在自动重建。请过几分钟再问。"
    await tg.until(lambda: len(admin.chat.messages) > seen, 10, "word to the operator")
    assert list(admin.chat.messages.values())[-1].text.startswith("⚠️ 索引有损坏")
    await tg.until(lambda: any("The index is whole again" in line for line in tg.bots[0].output), 20, "index")
    assert (await reader.send("红十字 救援队"))[-1].text == FOUND
    tg.check()


async def test_a_damaged_archive_says_so_and_names_the_command_to_operators(tg, serve, data_dir):
    reader, admin = tg.user("Ann", language_code="en"), tg.user("管", language_code="en")
    await serve(NEWSBOT_ADMINS=str(admin.id))
    await admin.send("/start")
    with sqlite3.connect(data_dir / "newsbot.db") as connection:
        connection.execute("UPDATE paragraph SET text = replace(text, '救援队', '救援人')")
    seen = len(admin.chat.messages)
    for _ in range(2):
        [answer] = await reader.send("红十字 救援队")
        assert answer.text.startswith("Sorry, the archive's file is damaged")
    told = list(admin.chat.messages.values())[seen:]
    assert len(told) == 1 and "newsbot restore" in told[0].text
    tg.check()
