"""A question that takes too long, before a bot that allows next to no time."""

PARTIAL = "⏳ 时间有限，没能全部查完。少写几个词或加上日期，会更全。"


QUESTION = "灯会 剪纸 红十字 救援队 现代化产业体系建设 公交延时运营 末班车推迟"


async def test_the_best_so_far_is_the_answer_and_says_so(tg, serve):
    await serve(NEWSBOT_SEARCH_SECONDS="0.000001")
    reader = tg.user("小明", language_code="zh-hans")
    [answer] = await reader.send(QUESTION)
    assert answer.text.startswith(f"🔎 {QUESTION} · ")
    assert PARTIAL in answer.text.split("\n")
    [trend] = await reader.send("/trend 灯会 市红十字赈济救援队升级省级救援队", timeout=30)
    assert PARTIAL in (trend.text or trend["caption"])
    inline = await reader.inline(QUESTION)
    assert inline["results"]
    assert inline["button"]["text"] == PARTIAL
    [answer] = await reader.send("救援队")
    tg.check()
