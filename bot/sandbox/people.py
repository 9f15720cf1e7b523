"""What a person can do in a chat, and how the bot hears of it."""

import re
import time
from dataclasses import dataclass
from typing import Any

from bot.sandbox.rules import find_entities
from bot.sandbox.server import BotApi
from bot.sandbox.types import Chat, Msg, Params, bad

_CAPTION, _INLINE = 1024, 256  # characters
_ENTITIES = {"text": "entities", "caption": "caption_entities"}
_MEDIA = ("photo", "document", "gif", "video", "audio", "voice")


@dataclass
class Person:
    """Someone who writes to the bot; `info` is the Bot API's User."""

    tg: BotApi
    info: Params

    @property
    def id(self) -> int:
        number: int = self.info["id"]
        return number

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self.tg.chats[self.id]

    def post(self, chat: Chat, **fields: Any) -> Msg:
        """Send a message: the fields of its content, such as `text` or `document`."""
        if not chat.started:
            chat.started = True
            self.tg.tell("chat", chat=chat)
        message = self.tg.add_message(chat, self.info, **fields)
        self._reach("message", chat, message)
        return message

    def write(self, chat: Chat, text: str, reply_to: Msg | None = None) -> Msg:
        """Send a text."""
        extra = {"reply_to_message": quoted(reply_to)} if reply_to else {}
        return self.post(chat, **_said("text", text), **extra)

    def send_file(self, chat: Chat, name: str, data: bytes, caption: str = "") -> Msg:
        """Send a document, of at least a byte, with a caption of 1,024 characters at most."""
        return self._send_media(chat, caption, data, document=self.tg.store(name, data, "documents"))

    def send_picture(self, chat: Chat, name: str, data: bytes, caption: str = "") -> Msg:
        """Send a picture as Telegram's apps do, which keep neither its name nor its type."""
        stored = self.tg.store(name, data, "photos")
        size = {key: stored[key] for key in ("file_id", "file_unique_id", "file_size")} | {"width": 90, "height": 90}
        return self._send_media(chat, caption, data, photo=[size])

    def _send_media(self, chat: Chat, caption: str, data: bytes, **media: Any) -> Msg:
        if not data or len(caption) > _CAPTION:
            raise ValueError("Telegram's apps send no empty file and no caption of more than 1,024 characters")
        return self.post(chat, **media, **_said("caption", caption))

    def rewrite(self, chat: Chat, message: Msg, text: str) -> None:
        """Edit a text sent before, or the caption of a file."""
        key = "text" if "text" in message else "caption"
        for old in (key, *_ENTITIES.values()):
            message.pop(old, None)
        message.update(edit_date=int(time.time()), **_said(key, text))
        self.tg.tell("message", chat=chat, message=message)
        self._reach("edited_message", chat, message)

    def tap(self, message: Msg, button: Params) -> Params:
        """Press a button that has callback data.

        Returns:
            The query; its `answer` is the bot's call once it has come.
        """
        query_id, query = self.tg.new_query("callback", button["callback_data"], self.id)
        inline_id = next((key for key, known in self.tg.inline_messages.items() if known is message), None)
        where = {"inline_message_id": inline_id} if inline_id else {"message": dict(message)}
        self.tg.push(
            "callback_query",
            {"id": query_id, "from": self.info, "chat_instance": "1", "data": button["callback_data"], **where},
        )
        return query

    def ask_inline(self, text: str, offset: str = "", where: str = "sender") -> Params:
        """Type `@bot text` in a chat of the type `where`; returns the query, as `tap` does.

        The field holds 256 characters. What was typed before waits no longer: an answer to it is taken, but not shown.
        """
        for known in self.tg.queries.values():
            known["outdated"] |= known["kind"] == "inline" and known["user"] == self.id and known["answer"] is None
        text = text[:_INLINE]
        query_id, query = self.tg.new_query("inline", text, self.id)
        self.tg.push(
            "inline_query", {"id": query_id, "from": self.info, "query": text, "offset": offset, "chat_type": where}
        )
        return query

    def choose(self, result: Params, query: str = "", chat: Chat | None = None) -> Msg:
        """Post an inline result to a chat, by default to one that the bot is not in; its buttons can be pressed."""
        chat = chat or Chat(-1, "supergroup", title="elsewhere", blocked=True)
        message = self.tg.add_message(chat, self.info, via_bot=self.tg.me, **self._content(result))
        inline_id = f"INLINE{len(self.tg.inline_messages)}"
        self.tg.inline_messages[inline_id] = message
        self.tg.push(
            "chosen_inline_result",
            {
                "result_id": result["id"],
                "from": self.info,
                "query": query,
                **({"inline_message_id": inline_id} if message.buttons else {}),
            },
        )
        self._reach("message", chat, message)
        return message

    def _content(self, result: Params) -> Params:
        markup = {"reply_markup": result["reply_markup"]} if "reply_markup" in result else {}
        if content := result.get("input_message_content"):
            return self.tg.content(content | {"text": content["message_text"]}, "text", 4096) | markup
        if (kind := result["type"]) not in _MEDIA:
            raise bad(f"the sandbox posts no inline results of the type {kind} without a text")
        name = result.get("title") or kind
        media: Any = {"file_id": result.get(f"{kind}_file_id", ""), "file_unique_id": "U", "file_name": name}
        return {kind: [media] if kind == "photo" else media} | self.tg.content(result, "caption", 1024) | markup

    def block(self, blocked: bool = True) -> None:
        """Stop the bot in the private chat, or let it write again."""
        self.chat.blocked = blocked
        self.tg.tell("chat", chat=self.chat)
        old, new = (
            {"user": self.tg.me, "status": status, **({"until_date": 0} if status == "kicked" else {})}
            for status in (("member", "kicked") if blocked else ("kicked", "member"))
        )
        self.tg.push(
            "my_chat_member",
            {
                "chat": self.chat.info,
                "from": self.info,
                "date": int(time.time()),
                "old_chat_member": old,
                "new_chat_member": new,
            },
        )

    def _reach(self, kind: str, chat: Chat, message: Msg) -> None:
        """Pass a message on to the bot, if it is in the chat.

        In a group, privacy mode passes on only commands, mentions of the bot, replies to it and its inline results.
        """
        name = self.tg.me["username"].lower()
        command = re.match(r"/\w+(?:@(\w+))?", message.text)
        if not chat.blocked and (
            chat.id > 0
            or not self.tg.group_privacy
            or f"@{name}" in message.text.lower()
            or (command and (command[1] or name).lower() == name)
            or message.get("reply_to_message", {}).get("from") == self.tg.me
            or message.get("via_bot") == self.tg.me
        ):
            self.tg.push(kind, message)


def _said(key: str, text: str) -> Params:
    """A text or caption as fields of a message, with the entities that Telegram finds in it."""
    found = find_entities(text)
    return ({key: text} if text else {}) | ({_ENTITIES[key]: found["entities"]} if found else {})


def quoted(message: Msg) -> Params:
    """A message as a reply to it shows it: without what that one replied to."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}
