"""Inline mode: what `@newsbot …` shows in any chat, and what a chosen card becomes."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


def titles(answer):
    return [result["title"] for result in answer["results"]]


async def pages(reader, text):
    """All answers that scrolling down gives."""
    found = [await reader.inline(text)]
    while found[-1].get("next_offset"):
        found.append(await reader.inline(text, offset=found[-1]["next_offset"]))
    return found


async def test_a_card_and_the_message_that_it_becomes(running, reader):
    answer = await reader.inline("红十字 救援队")
    assert answer["is_personal"] == "true"
    assert answer["cache_time"] == "30"
    assert not answer.get("button")
    [card] = answer["results"]
    assert card["title"] == "市红十字赈济救援队升级省级救援队"
    assert card["description"].startswith("2026年1月7日（推定） · 近日,我市红十字赈济救援队正式升级为省级救援队")
    message = reader.choose(card, "红十字 救援队")
    assert message.text == (
        "市红十字赈济救援队升级省级救援队\n"
        "2026年1月7日（推定） · 记者 高燕\n"
        "近日,我市红十字赈济救援队正式升级为省级救援队,更名为“山西省红十字(大同)赈济救援队”,"
        "这标志着该队伍正式纳入全省红十字应急救援统一调度体系,将为我市乃至晋北地区防灾减灾、人道救助工作注入更强劲动力。"
    )
    assert message.entity_texts("bold")[:3] == ["市红十字赈济救援队升级省级救援队", "红十字", "救援队"]
    [button] = message.buttons
    assert button["text"] == "📖 全文"
    link, _, argument = button["url"].partition("?start=")
    assert link == "https://t.me/fake_news_bot"
    [article] = await reader.send(f"/start {argument}")
    assert article.text.startswith("市红十字赈济救援队升级省级救援队\n")


async def test_html_on_a_page_stays_text(reader):
    [card] = (await reader.inline("投资额 税收"))["results"]
    assert card["title"] == '<b>AT&T</b>与"智算"企业签约'
    assert reader.choose(card).text.startswith('<b>AT&T</b>与"智算"企业签约\n2026年1月6日 · 第2版')


async def test_nothing_typed_shows_the_headlines_issue_after_issue(reader):
    answers = await pages(reader, "")
    assert [answer.get("next_offset") for answer in answers] == ["2026-01-06:0", "2026-01-05:0", None]
    assert answers[0]["button"] == {"text": "📰 最新一期", "start_parameter": "inline"}
    days = [card["description"].split(" · ")[0] for answer in answers for card in answer["results"]]
    assert list(dict.fromkeys(days)) == ["2026年1月7日（推定）", "2026年1月6日", "2026年1月5日"]
    ids = [card["id"] for answer in answers for card in answer["results"]]
    assert len(set(ids)) == len(ids) == 12


async def test_what_an_input_method_composes_is_left_out(reader):
    newest, found = titles(await reader.inline("")), titles(await reader.inline("红十字"))
    assert newest != found
    for typed in ("h", "hong", "hong'shi", "hong shi zi", "hsz", "ㄏㄨㄥˊ ㄕˊ"):
        assert titles(await reader.inline(typed)) == newest, typed
    for typed in ("红十字jiu", "红十字jiu'yuan", "红十字 jiu yuan", "红十字 标题：jiu"):
        assert titles(await reader.inline(typed)) == found, typed
    assert titles(await reader.inline("at&t")) == titles(await reader.inline("AT&T")) != newest  # it is in the paper


async def test_nothing_found_is_said_above_the_list(running, reader):
    answer = await reader.inline("量子望远镜")
    assert answer["results"] == []
    assert answer["button"]["text"] == "没有找到“量子望远镜”。问问机器人 ›"
    for language, said in (("zh-hant", "沒有找到「量子望遠鏡」。"), ("en", "Nothing found for “量子望遠鏡”.")):
        answer = await running.user(language_code=language).inline("量子望遠鏡")
        assert answer["button"]["text"].startswith(said)


async def test_whatever_is_typed_is_answered(reader):
    for text in ("字" * 256, "<" * 256, "\u202e", "'", "a" * 256, "-", "标题:"):
        assert "results" in await reader.inline(text)
    for offset in ("-1", "x", "999999", "2026-99-99:0", "2026-01-07:5000", "0001-01-01:0", "1" * 64):
        assert (await reader.inline("灯会", offset=offset))["results"] == []
        await reader.inline("", offset=offset)


async def test_of_what_one_types_in_a_hurry_the_last_is_answered(running, reader):
    before = len(running.calls)
    typed = [reader.type("灯会剪纸非遗街"[: n % 7 + 1]) for n in range(40)]
    last = await reader.inline("红十字 救援队")
    assert titles(last) == ["市红十字赈济救援队升级省级救援队"]
    await asyncio.sleep(0.3)
    assert sum(query["answer"] is not None for query in typed) < 20
    assert len(running.calls) - before < 20


async def test_an_answer_that_comes_too_late_harms_nothing(running, reader):
    ttl, running.query_ttl = running.query_ttl, 0.0
    try:
        query = reader.type("灯会 剪纸")
        await running.until(lambda: running.errors, 10, "refused answer")
    finally:
        running.query_ttl = ttl
    assert running.errors.pop()[1].startswith("Bad Request: query is too old")
    query["outdated"] = True
    assert titles(await reader.inline("灯会 剪纸"))


async def test_cards_come_in_the_script_of_the_readers_choice(running):
    reader = running.user(language_code="en")
    [message] = await reader.send("/settings")
    await reader.press("Script of answers", message=message)
    await reader.press("Traditional", message=message)
    [card] = (await reader.inline("红十字 救援队"))["results"]
    assert card["title"] == "市紅十字賑濟救援隊升級省級救援隊"
    assert "近日,我市紅十字賑濟救援隊正式升級" in card["description"]
    assert reader.choose(card).text.startswith("市紅十字賑濟救援隊升級省級救援隊\n")


@pytest.mark.asyncio(loop_scope="function")
async def test_strangers_get_a_polite_empty_answer(serve, tg):
    friend, stranger = tg.user("小明", language_code="zh-hans"), tg.user("Eve", language_code="en")
    await serve(NEWSBOT_ALLOWED_USERS=str(friend.id))
    assert titles(await friend.inline("红十字"))
    answer = await stranger.inline("红十字")
    assert answer["results"] == []
    assert answer["is_personal"] == "true"
    assert answer["button"] == {
        "text": "Sorry, this bot is open to certain readers only.",
        "start_parameter": "inline",
    }
    tg.check()
