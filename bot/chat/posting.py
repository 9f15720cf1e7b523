"""A reply as a call of the Bot API: a text, or a picture or a file with the text as its caption."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from telegram import (
    Bot,
    Chat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
)
from telegram.constants import ParseMode

from bot.chat.replies import Button, Reply

_PICTURE = "newsbot.png"


def to_send(chat: Chat, reply: Reply, **how: Any) -> Callable[[], Awaitable[Message]]:
    """The call that sends a reply into a chat; `how` are further parameters of it."""
    how["reply_markup"] = markup(reply)
    if file := reply.file:
        return partial(chat.send_document, file.data, caption=reply.html, filename=file.name, **how)
    if reply.picture:
        return partial(chat.send_photo, reply.picture, reply.html, filename=_PICTURE, **how)
    return partial(chat.send_message, reply.html, **how)


def to_edit(bot: Bot, chat_id: int, message_id: int, reply: Reply) -> Callable[[], Awaitable[Message | bool]]:
    """The call that makes a reply of a message."""
    place: dict[str, Any] = {"chat_id": chat_id, "message_id": message_id, "reply_markup": markup(reply)}
    if file := reply.file:
        document = InputMediaDocument(file.data, caption=reply.html, parse_mode=ParseMode.HTML, filename=file.name)
        return partial(bot.edit_message_media, document, **place)
    if reply.picture:
        photo = InputMediaPhoto(reply.picture, reply.html, ParseMode.HTML, filename=_PICTURE)
        return partial(bot.edit_message_media, photo, **place)
    return partial(bot.edit_message_text, reply.html, **place)


def markup(reply: Reply) -> InlineKeyboardMarkup | None:
    """The reply's buttons as Telegram takes them."""
    rows = [[_button(button) for button in row] for row in reply.rows]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button) -> InlineKeyboardButton:
    if button.copy:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copy))
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    return InlineKeyboardButton(button.label, callback_data=str(button.action))
