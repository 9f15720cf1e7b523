"""What readers write is nobody's business: the log says what went wrong, and not what was asked."""

import sqlite3

SECRETS = ("望月砚台", "秘密航线", "绝密灯会", "私下剪纸", "隐秘红十字", "悄悄话")


async def test_the_log_holds_nothing_of_what_was_written(tg, serve, data_dir):
    bot = await serve()
    reader = tg.user("小明悄悄话", language_code="zh-hans", username="whisperer")
    tg.fail("sendMessage", status=502)
    [message] = await reader.send(f"{SECRETS[0]} 灯会", timeout=20)
    await reader.press("▶", message=message)
    await reader.send(f"/watch {SECRETS[1]}")
    await reader.inline(SECRETS[2])
    query_id, query = tg.new_query("callback", SECRETS[3], reader.id)
    press = {"id": query_id, "from": reader.info, "message": dict(message), "chat_instance": "1", "data": SECRETS[3]}
    tg.push("callback_query", press)
    await tg.until(lambda: query["answer"] is not None, 10, "an answer to a press that is not ours")
    with sqlite3.connect(data_dir / "newsbot.db") as connection:
        connection.execute("ALTER TABLE posting_state RENAME TO elsewhere")
    assert (await reader.send(SECRETS[4]))[0].text.startswith("抱歉")
    with sqlite3.connect(data_dir / "newsbot.db") as connection:
        connection.execute("ALTER TABLE elsewhere RENAME TO posting_state")
    reader.chat.blocked = True
    reader.tg.push("message", tg.add_message(reader.chat, reader.info, text=SECRETS[0]))
    await tg.until(lambda: any("does not take messages" in line for line in bot.output), 10, "a line in the log")
    assert await bot.stop() == 0
    assert any("Traceback" in line for line in bot.output)  # what went wrong is there
    log = "\n".join(bot.output)
    for secret in (*SECRETS, "whisperer", str(reader.id)):
        assert secret not in log, secret
