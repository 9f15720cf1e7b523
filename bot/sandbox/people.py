"""What a person can do in a chat, and how the bot hears of it."""

import re
import time
from dataclasses import dataclass
from typing import Any

from bot.sandbox.rules import find_entities
from bot.sandbox.server import BotApi
from bot.sandbox.types import Chat, Msg, Params

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
        return self.post(chat, text=text, **find_entities(text), **extra)

    def rewrite(self, chat: Chat, message: Msg, text: str) -> None:
        """Edit a text sent before."""
        message.pop("entities", None)
        message.update(text=text, edit_date=int(time.time()), **find_entities(text))
        self.tg.tell("message", chat=chat, message=message)
        self._reach("edited_message", chat, message)

    def tap(self, message: Msg, button: Params) -> Params:
        """Press a button that has callback data.

        Returns:
            The query; its `answer` is the bot's call once it has come.
        """
        query_id, query = self.tg.new_query("callback", button["callback_data"])
        inline_id = next((key for key, known in self.tg.inline_messages.items() if known is message), None)
        where = {"inline_message_id": inline_id} if inline_id else {"message": dict(message)}
        self.tg.push(
            "callback_query",
            {"id": query_id, "from": self.info, "chat_instance": "1", "data": button["callback_data"], **where},
        )
        return query

    def ask_inline(self, text: str, offset: str = "", where: str = "sender") -> Params:
        """Type `@bot text` in a chat of the type `where`; returns the query, as `tap` does."""
        query_id, query = self.tg.new_query("inline", text)
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
        kind = next(kind for kind in _MEDIA if kind == result["type"])
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


def quoted(message: Msg) -> Params:
    """A message as a reply to it shows it: without what that one replied to."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}
