"""The fake is strict: what Telegram refuses, it refuses; else the conversations would prove nothing."""

import re

import pytest
import pytest_asyncio
from telegram import Bot, BotCommandScopeChat, InputMediaPhoto
from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup as Keyboard
from telegram.error import BadRequest, Forbidden, RetryAfter

from tests.fake_telegram import FakeTelegram


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


async def test_a_menu_for_a_chat_that_there_is_not_is_refused(bot, user):
    await bot.set_my_commands([("stats", "x")], scope=BotCommandScopeChat(user.id))
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.set_my_commands([("stats", "x")], scope=BotCommandScopeChat(42))


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
