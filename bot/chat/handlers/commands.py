"""What counts as a command: `/search 台风`, and `/search台风` and `/搜索 台风`, which are plain text to Telegram."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Message, Update
from telegram.ext import filters

from bot.chat.house import Context
from bot.chat.texts import Texts

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]


class Command(filters.MessageFilter):
    """A command and its other names, as the filter of the messages that open with it.

    Args:
        name: The Latin name, for Telegram's menu.
        aliases: Other names.
        handler: What carries it out; it finds what follows the command by `argument`.
        describe: Its line in the menu, by language; None keeps it out of the menu.
        private_menu: Whether only the menu of private chats shows it.
        admin: Whether only the operators have it.
    """

    def __init__(
        self,
        name: str,
        aliases: tuple[str, ...],
        handler: Handler,
        describe: Callable[[Texts], str] | None,
        *,
        private_menu: bool = False,
        admin: bool = False,
    ) -> None:
        super().__init__(name=f"/{name}", data_filter=True)
        self.command_name = name
        self.handler, self.describe, self.private_menu, self.admin = handler, describe, private_menu, admin
        names = "|".join(map(re.escape, (name, *aliases)))
        self._pattern = re.compile(
            rf"\s*[/／](?:{names})(?:@(?P<bot>[A-Za-z0-9_]+))?(?![A-Za-z_@])(?P<argument>.*)", re.S | re.I
        )

    def filter(self, message: Message) -> dict[str, list[Any]] | None:
        """The match, where the message opens with this command and does not call another bot."""
        match = self._pattern.fullmatch(message.text or message.caption or "")
        if not match or (match["bot"] or message.get_bot().username).lower() != message.get_bot().username.lower():
            return None
        return {"matches": [match]}


class Mention(filters.MessageFilter):
    """Messages that name the bot: `@newsbot 台风`."""

    def filter(self, message: Message) -> bool:
        """Whether the text holds the bot's name."""
        return mention(message.get_bot().username).search(message.text or message.caption or "") is not None


def mention(username: str) -> re.Pattern[str]:
    """The bot's name in a text."""
    return re.compile(rf"(?<![\w/])@{re.escape(username)}(?![A-Za-z0-9_])", re.IGNORECASE)


def argument(context: Context) -> str:
    """What follows the command, without white space around it."""
    return str(context.matches[0]["argument"]).strip() if context.matches else ""
