"""The fake is strict: what Telegram refuses, it refuses; else the conversations would prove nothing."""

import asyncio
import re

import pytest
import pytest_asyncio
from telegram import Bot, BotCommandScopeChat, InputMediaDocument, InputMediaPhoto
from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup as Keyboard
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter

from bot.sandbox import FakeTelegram
from bot.sandbox.types import ApiError


@pytest_asyncio.fixture
async def fake():
    async with FakeTelegram() as opened:
        yield opened


@pytest_asyncio.fixture
async def bot(fake):
    async with Bot(fake.token, base_url=fake.base_url, base_file_url=fake.base_url[:-3] + "file/bot") as opened:
        yield opened


@pytest.fixture
def user(fake):
    someone = fake.user()
    someone.chat.started = True
    fake.limits = {"all": (999, 1), "private": (999, 1)}
    return someone


@pytest.mark.parametrize(
    ("text", "mode", "refusal"),
    [
        ("", None, "message text is empty"),
        (" \n", None, "text must be non-empty"),
        ("字" * 4097, None, "message is too long"),
        ("字" * 11000, None, "text is too long"),
        ("<p>x</p>", "HTML", 'unsupported start tag "p"'),
        ("<b>x", "HTML", "can't find end tag"),
        ("x</b>", "HTML", "unexpected end tag"),
        ("<i>x<b>y</i>", "HTML", 'expected "</b>"'),
        ("1 < 2", "HTML", 'unsupported start tag ""'),
        ("<b></b>", "HTML", "text must be non-empty"),
    ],
)
async def test_texts_that_are_refused(fake, bot, user, text, mode, refusal):
    with pytest.raises(BadRequest, match="(?i)" + re.escape(refusal)):
        await bot.send_message(user.id, text, parse_mode=mode)
    with pytest.raises(AssertionError, match="wrong="):
        fake.check()


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        (Button("x", callback_data="字" * 22), "button_data_invalid"),
        (Button(" ", callback_data="x"), "must be non-empty"),
        (Button("x", url="http://localhost/"), "wrong http url"),
    ],
)
async def test_buttons_that_are_refused(bot, user, button, refusal):
    with pytest.raises(BadRequest, match="(?i)" + refusal):
        await bot.send_message(user.id, "x", reply_markup=Keyboard([[button]]))


async def test_what_is_taken_is_taken_as_telegram_does(fake, bot, user):
    message = await bot.send_message(user.id, "<b>a</b> &amp; <i>尾 </i>\n", parse_mode="HTML")
    assert message.text == "a & 尾"
    assert [(e.type, e.offset, e.length) for e in message.entities] == [("bold", 0, 1), ("italic", 4, 1)]
    assert len((await bot.send_message(user.id, "字" * 4096)).text) == 4096
    fake.check()


async def test_edits_and_answers_that_are_refused(fake, bot, user):
    message = await bot.send_message(user.id, "页")
    for call, refusal in (
        (message.edit_text("页"), "message is not modified"),
        (bot.edit_message_text("x", user.id, 999), "message to edit not found"),
        (bot.send_message(42, "x"), "chat not found"),
        (bot.answer_callback_query("1"), "query is too old"),
        (bot.set_my_commands([("搜索", "x")]), "bot_command_invalid"),
        (bot.set_my_commands([("search", "x")], language_code="zh-hans"), "invalid language code"),
    ):
        with pytest.raises(BadRequest, match="(?i)" + refusal):
            await call
    for stranger in (fake.user(), user):
        stranger.chat.blocked = stranger is user
        with pytest.raises(Forbidden):
            await bot.send_message(stranger.id, "x")


async def test_menus_of_a_chat_need_the_chat(fake, bot, user):
    await bot.set_my_commands([("add", "x")], scope=BotCommandScopeChat(user.id))
    assert [c.command for c in await bot.get_my_commands(scope=BotCommandScopeChat(user.id))] == ["add"]
    assert await bot.get_my_commands() == ()
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.set_my_commands([("add", "x")], scope=BotCommandScopeChat(42))


async def test_the_number_of_a_deleted_message_is_not_given_again(bot, user):
    first = await bot.send_message(user.id, "x")
    await first.delete()
    assert (await bot.send_message(user.id, "x")).message_id == first.message_id + 1


async def test_what_the_apps_do_not_send_cannot_be_sent(fake, user):
    with pytest.raises(ValueError, match="no empty file"):
        await user.upload("x.txt", b"")
    [message] = [user.send_picture(user.chat, "x.png", b"png", "看 /help")]
    assert [e["type"] for e in message["caption_entities"]] == ["bot_command"]
    user.rewrite(user.chat, message, "看")
    assert (message.text, message.get("caption_entities")) == ("看", None)


async def test_who_looks_on_is_told(fake, bot, user):
    watcher = asyncio.Queue()
    fake.watchers.add(watcher)
    user.write(user.chat, "问")
    message = await bot.send_message(user.id, "答")
    await message.edit_text("又答")
    await message.delete()
    assert [watcher.get_nowait()[0] for _ in range(watcher.qsize())] == ["message"] * 3 + ["deleted"]


async def test_floods_are_refused(fake, bot):
    user = fake.user()
    user.chat.started = True
    for _ in range(5):
        await bot.send_message(user.id, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(user.id, "x")


async def test_an_unanswered_press_and_a_shown_token_are_found(fake):
    fake.new_query("callback", "x")
    with pytest.raises(AssertionError, match="unanswered="):
        fake.check()
    fake.queries.clear()

    class Loud:
        output = ("POST /bot123456:TEST-token_for_fake/getMe",)

        async def stop(self, *_):
            return 0

    fake.bots.append(Loud())
    with pytest.raises(AssertionError, match="leaks="):
        fake.check()


async def test_files_are_handed_over_up_to_their_limit(fake, bot, user):
    for size, refusal in ((5, None), ((20 << 20) + 1, "file is too big")):
        await user.upload("页.txt", b"x" * size, caption="2026-01-08", expect=0)
        document = user.chat.messages[max(user.chat.messages)]["document"]
        assert (document["file_name"], document["file_size"]) == ("页.txt", size)
        if refusal:
            with pytest.raises(BadRequest, match="(?i)" + refusal):
                await bot.get_file(document["file_id"])
        else:
            file = await bot.get_file(document["file_id"])
            assert bytes(await file.download_as_bytearray()) == b"x" * size
    with pytest.raises(BadRequest, match=r"(?i)invalid file_id"):
        await bot.get_file("FILE0")


async def test_inline_answers_are_limited_as_telegrams_are(fake):
    user = fake.user()
    card = {"type": "article", "title": "t", "input_message_content": {"message_text": "x"}}
    for wrong, reason in (
        ({"results": [card | {"id": str(n)} for n in range(51)]}, "too many inline query results specified"),
        ({"results": [card | {"id": "字" * 22}]}, "RESULT_ID_INVALID"),
        ({"results": [card | {"id": "1"}] * 2}, "RESULT_ID_DUPLICATE"),
        ({"next_offset": "字" * 22}, "NEXT_OFFSET_INVALID"),
        ({"button": {"text": " ", "start_parameter": "a"}}, 'Can\'t find field "text"'),
    ):
        with pytest.raises(ApiError, match=reason):
            await fake.api_answerinlinequery({"inline_query_id": "1", "results": []} | wrong)
    query = user.type("字" * 300)
    assert query["what"] == "字" * 256
    user.type("字")
    assert query["outdated"]


async def test_files_of_the_bot(fake, bot, user):
    message = await bot.send_document(user.id, b"1", caption="<b>页</b>", parse_mode="HTML", filename="页.csv")
    assert (message.document.file_name, message.caption) == ("页.csv", "页")
    await bot.edit_message_media(InputMediaDocument(b"2", filename="页.csv"), user.id, message.message_id)
    shown = user.chat.messages[message.message_id]
    assert fake.files[shown["document"]["file_id"]][1] == b"2"
    assert "caption" not in shown
    text = await bot.send_message(user.id, "字")
    await bot.edit_message_media(InputMediaDocument(b"3", filename="字.csv"), user.id, text.message_id)
    assert user.chat.messages[text.message_id].keys() & {"text", "document"} == {"document"}
    for call, refusal in (
        (bot.send_document(user.id, b"x", caption="字" * 1025), "caption is too long"),
        (bot.send_document(user.id, b"", filename="x"), "file must be non-empty"),
        (bot.edit_message_text("x", user.id, message.message_id), "there is no text in the message to edit"),
        (bot.edit_message_media(InputMediaDocument(b"4"), user.id, 999), "message to edit not found"),
        (bot.edit_message_media(InputMediaDocument("nothing"), user.id, text.message_id), "wrong remote file"),
    ):
        with pytest.raises(BadRequest, match="(?i)" + refusal):
            await call
    with pytest.raises(NetworkError, match="Too Large"):
        await bot.send_document(user.id, b"x" * ((50 << 20) + 1), filename="x", write_timeout=60, read_timeout=60)


PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")


@pytest.mark.parametrize(
    ("photo", "caption", "refusal"),
    [
        (b"no picture", "", "image_process_failed"),
        (PNG[:16] + (9_000).to_bytes(4, "big") + (1_001).to_bytes(4, "big"), "", "photo_invalid_dimensions"),
        (PNG[:16] + (2_100).to_bytes(4, "big") + (100).to_bytes(4, "big"), "", "photo_invalid_dimensions"),
        (PNG, "字" * 1025, "message caption is too long"),
    ],
)
async def test_pictures_that_are_refused(fake, bot, user, photo, caption, refusal):
    with pytest.raises(BadRequest, match="(?i)" + refusal):
        await bot.send_photo(user.id, photo, caption)
    message = await bot.send_message(user.id, "x")
    with pytest.raises(BadRequest, match="(?i)" + refusal):
        await bot.edit_message_media(InputMediaPhoto(photo, caption), user.id, message.message_id)


async def test_a_text_becomes_a_picture_but_no_picture_a_text(fake, bot, user):
    message = await bot.send_message(user.id, "x")
    changed = await bot.edit_message_media(InputMediaPhoto(PNG, "字" * 1024), user.id, message.message_id)
    assert (changed.photo[0].width, changed.photo[0].height, changed.text) == (640, 480, None)
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("x", user.id, message.message_id)
    assert await bot.delete_message(user.id, message.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(user.id, message.message_id)
