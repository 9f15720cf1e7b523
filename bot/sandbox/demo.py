"""A Telegram of one's own: the sandbox in a thread, a few people and groups, and the bot of this very process."""

import asyncio
import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import ClassVar

from pydantic import SecretStr

from bot.archive.memory import ChatMemory
from bot.chat import app
from bot.sandbox.people import Person
from bot.sandbox.server import BotApi
from bot.sandbox.types import Chat
from bot.sandbox.web import routes
from bot.search import Engine
from bot.settings import Settings

_USERNAME = "newsbot"
_PEOPLE = (("小明", "zh-hans"), ("小華", "zh-hant"), ("Ann", "en"))
_PATIENCE = 10


class Demo(BotApi):
    """The Bot API with people who share two groups; of one, the bot is a member."""

    limits: ClassVar = {"all": (30, 1), "private": (20, 5), "group": (20, 60)}  # people who try things out press fast

    def __init__(self, port: int) -> None:
        super().__init__(f"{secrets.randbelow(10**9)}:{secrets.token_urlsafe(26)}", _USERNAME, port=port)
        people = {}
        for number, (name, language) in enumerate(_PEOPLE, 1001):
            info = {"id": number, "is_bot": False, "first_name": name, "language_code": language}
            self.chats[number] = Chat(number, "private", first_name=name)
            people[number] = Person(self, info)
        for number, title, member in ((-1001, "读报小组", True), (-1002, "家人", False)):
            self.chats[number] = Chat(number, "supergroup", title=title, blocked=not member)
        self.routes = routes(self, people)

    @property
    def address(self) -> str:
        """Where the chat page is."""
        return self.base_url.removesuffix("bot")


@contextmanager
def running(port: int) -> Iterator[Demo]:
    """The sandbox, served by a thread of its own on a port of the loopback address; 0 takes any that is free."""
    demo, loop = Demo(port), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="sandbox", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(demo.__aenter__(), loop).result(_PATIENCE)
        try:
            yield demo
        finally:
            asyncio.run_coroutine_threadsafe(demo.__aexit__(), loop).result(_PATIENCE)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_PATIENCE)
        loop.close()


def run(demo: Demo, settings: Settings, engine: Engine) -> str | None:
    """Run the bot on the sandbox until SIGINT or SIGTERM; the first person is its operator.

    What the readers set is kept for this run alone, as their chats are.

    Returns:
        Why it could not run; None after it was told to stop.
    """
    local = settings.model_copy(
        update={
            "token": SecretStr(demo.token),
            "api_base_url": demo.base_url,
            "webhook_url": None,
            "admins": frozenset({1001}),
            "allowed_users": frozenset(),
            "backups": 0,
            "health_listen": "",
        }
    )
    with (
        tempfile.TemporaryDirectory(prefix="newsbot-") as folder,
        closing(ChatMemory(Path(folder) / "chat.db")) as memory,
    ):
        return app.run(local, engine, memory)
