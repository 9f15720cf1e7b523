"""A strict Telegram for black-box tests of a bot that runs as its own process.

    async with FakeTelegram() as tg:
        await tg.start_bot([sys.executable, "-m", "mybot"])
        user = tg.user("小明", language_code="zh-hans")
        [hello] = await user.send("/start")
        pressed = await user.press("下一页")
        answer = await user.inline("台风")
        tg.check()  # fails on any rejected call, unanswered query, or token in the bot's output

The bot reads TELEGRAM_API_BASE_URL (http://127.0.0.1:PORT/bot) and TELEGRAM_BOT_TOKEN. Limits and error
texts are those of tdlib/telegram-bot-api and tdlib/td. Of the parse modes, only HTML is emulated.
"""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.http import Fault
from bot.sandbox.people import Person
from bot.sandbox.server import BotApi
from bot.sandbox.types import Chat, Msg, Params

Expected = int | Callable[[list[Msg]], bool]
"""How many messages a reply has at least, or a predicate of them."""


class FakeTelegram(BotApi):
    """The Bot API, its users and groups, and the bots that were started on it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bots: list[BotProcess] = []

    async def __aexit__(self, *exc: object) -> None:
        for bot in self.bots:
            await bot.stop(signal.SIGKILL)
        await super().__aexit__(*exc)

    def user(self, name: str = "Alice", **info: Any) -> "User":
        """A new person, with a private chat that is not begun yet."""
        self.counter += 1
        info = {"id": self.counter, "is_bot": False, "first_name": name, "language_code": "en", **info}
        self.chats[info["id"]] = Chat(info["id"], "private", first_name=name)
        return User(self, info)

    def group(self, title: str) -> Chat:
        """A new group with the bot in it."""
        self.counter += 1
        self.chats[-self.counter] = Chat(-self.counter, "supergroup", title=title)
        return self.chats[-self.counter]

    def fail(self, method: str, times: int = 1, **fault: Any) -> None:
        """Break the next calls of a method, as in `fail("sendMessage", status=502)`; the rest are `Fault`'s fields."""
        self.faults[method.lower()] += [Fault(**fault)] * times

    async def start_bot(self, command: Sequence[str], timeout: float = 20, **env: str) -> "BotProcess":
        """Start a bot and wait until it polls or has set its webhook."""
        self.bots.append(BotProcess(self))
        await self.bots[-1].start(command, env, timeout)
        return self.bots[-1]

    def check(self, allow: Iterable[str] = ()) -> None:
        """Assert that the bot broke no rule; `allow` lists parts of error descriptions that are expected."""
        wrong = [e for e in self.errors if not any(part in e[1] for part in allow)]
        unanswered = [q for q in self.queries.values() if q["answer"] is None and not q["outdated"]]
        leaks = [line for bot in self.bots for line in bot.output if self.token.split(":")[1] in line]
        assert not (wrong or unanswered or leaks), f"{wrong=}\n{unanswered=}\n{leaks=}"

    async def until(self, condition: Callable[[], Any], timeout: float, what: str) -> None:
        """Wait for a condition; when it does not come true in time, tell what the bot did instead."""
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline:
                unanswered = [query["what"] for query in self.queries.values() if query["answer"] is None]
                output = "\n".join(line for bot in self.bots for line in bot.output[-15:])
                raise AssertionError(f"no {what} in {timeout} s; {unanswered=}, refused={self.errors[-5:]}\n{output}")
            await asyncio.sleep(0.01)


@dataclass
class Pressed:
    """What came of a button."""

    answer: Params  # the answerCallbackQuery call
    messages: list[Msg]  # what the bot sent or edited meanwhile


@dataclass
class User(Person):
    """Someone who writes to the bot.

    What waits for replies takes `expect` (how many messages at least, or a predicate of them), `timeout`, and
    `quiet`: the seconds without news after which the reply counts as complete.
    """

    tg: FakeTelegram

    async def send(
        self, text: str, chat: Chat | None = None, reply_to: Msg | None = None, expect: Expected = 1, **wait: Any
    ) -> list[Msg]:
        """Send a text; returns the reply."""
        where = chat or self.chat
        return await self.during(where, expect, lambda: self.write(where, text, reply_to), **wait)

    async def upload(
        self,
        name: str,
        data: bytes,
        caption: str | None = None,
        chat: Chat | None = None,
        expect: Expected = 1,
        **wait: Any,
    ) -> list[Msg]:
        """Send a file; returns the reply."""
        where = chat or self.chat
        return await self.during(where, expect, lambda: self.send_file(where, name, data, caption or ""), **wait)

    async def photo(
        self, caption: str | None = None, chat: Chat | None = None, expect: Expected = 1, **wait: Any
    ) -> list[Msg]:
        """Send a picture; returns the reply."""
        where = chat or self.chat
        return await self.during(
            where, expect, lambda: self.send_picture(where, "photo.jpg", b"jpeg", caption or ""), **wait
        )

    async def edit(self, message: Msg, text: str, expect: Expected = 0, **wait: Any) -> list[Msg]:
        """Edit a text sent before; returns what the bot then sends or edits."""
        return await self.during(self.chat, expect, lambda: self.rewrite(self.chat, message, text), **wait)

    async def press(
        self,
        label: str,
        message: Msg | None = None,
        chat: Chat | None = None,
        expect: Expected = 1,
        timeout: float = 10,
        **wait: Any,
    ) -> Any:
        """Press the newest button so labelled and wait for a change; one without callback_data is returned.

        Returns:
            `Pressed`, or the button.
        """
        chat = chat or self.chat
        message = message or next(m for m in reversed(chat.messages.values()) if label in m.labels)
        button = next(b for b in message.buttons if b["text"] == label)
        if "callback_data" not in button:
            return button
        query: Params = {}
        messages = await self.during(
            chat,
            expect,
            lambda: query.update(pressed=self.tap(message, button)),
            timeout,
            also=lambda: query["pressed"]["answer"] is not None,
            **wait,
        )
        return Pressed(query["pressed"]["answer"], messages)

    def type(self, text: str, offset: str = "") -> Params:
        """Put a text behind the bot's name in a chat: an inline query, whose answer may come or not."""
        return self.ask_inline(text, offset)

    async def inline(self, text: str, offset: str = "", timeout: float = 10) -> Params:
        """The answerInlineQuery call: results, next_offset, button, cache_time, ..."""
        query = self.ask_inline(text, offset)
        await self.tg.until(lambda: query["answer"] is not None, timeout, f"answer to the inline query {text!r}")
        answer: Params = query["answer"]
        return answer

    async def during(
        self,
        chat: Chat,
        expect: Expected,
        action: Callable[[], object],
        timeout: float = 10,
        quiet: float = 0.25,
        also: Callable[[], bool] = lambda: True,
    ) -> list[Msg]:
        """Do something; return what the bot then sends or edits in the chat."""
        mark, chat.touched = len(chat.events), time.monotonic()
        action()

        def news() -> list[Msg]:
            return list({id(message): message for message in chat.events[mark:]}.values())

        def done() -> bool:
            enough = expect(news()) if callable(expect) else len(news()) >= expect
            return enough and also() and time.monotonic() - chat.touched >= quiet

        await self.tg.until(done, timeout, f"complete reply in chat {chat.id}; so far {[m.text for m in news()]}")
        return news()


class BotProcess:
    """A bot as a process, and what it prints."""

    process: asyncio.subprocess.Process

    def __init__(self, tg: FakeTelegram) -> None:
        self.tg = tg
        self.output: list[str] = []

    async def start(self, command: Sequence[str], env: Mapping[str, str], timeout: float) -> None:
        """Start it, and wait until it polls or has set its webhook."""
        environment = {
            **os.environ,
            "NO_PROXY": "*",
            "PYTHONUNBUFFERED": "1",
            "TELEGRAM_API_BASE_URL": self.tg.base_url,
            "TELEGRAM_BOT_TOKEN": self.tg.token,
            **env,
        }
        self.process = await asyncio.create_subprocess_exec(
            *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        self.reader = asyncio.create_task(self._read())
        poll = self.tg.poll
        await self.tg.until(
            lambda: self.process.returncode is not None or self.tg.webhook or self.tg.poll is not poll,
            timeout,
            "poll or webhook of the bot",
        )
        assert self.process.returncode is None, "the bot ended:\n" + "\n".join(self.output[-30:])

    async def _read(self) -> None:
        assert self.process.stdout
        async for line in self.process.stdout:
            self.output.append(line.decode(errors="replace").rstrip())

    async def stop(self, sig: signal.Signals = signal.SIGTERM, timeout: float = 15) -> int | None:
        """Send a signal and return the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(sig)
        try:
            await asyncio.wait_for(self.process.wait(), timeout)
        except TimeoutError:
            self.process.kill()
            raise AssertionError(f"the bot did not stop within {timeout} s of {sig.name}") from None
        await self.reader
        return self.process.returncode
