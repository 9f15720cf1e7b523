"""A strict fake of the Telegram Bot API, for black-box tests of a bot that runs as its own process.

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
import dataclasses
import os
import signal
import time

from bot.sandbox.people import Person
from bot.sandbox.rules import Chat
from bot.sandbox.server import BotApi, Fault


class FakeTelegram(BotApi):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.bots = []

    async def __aexit__(self, *exc):
        for bot in self.bots:
            await bot.stop(signal.SIGKILL)
        await super().__aexit__(*exc)

    def user(self, name="Alice", **info):
        self.counter += 1
        info = {"id": self.counter, "is_bot": False, "first_name": name, "language_code": "en", **info}
        self.chats[info["id"]] = Chat(info["id"], "private", first_name=name)
        return User(self, info)

    def group(self, title):
        self.counter += 1
        self.chats[-self.counter] = Chat(-self.counter, "supergroup", title=title)
        return self.chats[-self.counter]

    def fail(self, method, times=1, **fault):
        """Break the next calls of a method: fail("sendMessage", status=502), fail("getUpdates", reset=True), ..."""
        self.faults[method.lower()] += [Fault(**fault)] * times

    async def start_bot(self, command, timeout=20, **env):
        self.bots.append(BotProcess(self))
        await self.bots[-1].start(command, env, timeout)
        return self.bots[-1]

    def check(self, allow=()):
        """Assert that the bot broke no rule; `allow` lists parts of error descriptions that are expected."""
        wrong = [e for e in self.errors if not any(part in e[1] for part in allow)]
        unanswered = [q for q in self.queries.values() if q["answer"] is None]
        leaks = [line for bot in self.bots for line in bot.output if self.token.split(":")[1] in line]
        assert not (wrong or unanswered or leaks), f"{wrong=}\n{unanswered=}\n{leaks=}"

    async def until(self, condition, timeout, what):
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline:
                unanswered = [query["what"] for query in self.queries.values() if query["answer"] is None]
                output = "\n".join(line for bot in self.bots for line in bot.output[-15:])
                raise AssertionError(f"no {what} in {timeout} s; {unanswered=}, refused={self.errors[-5:]}\n{output}")
            await asyncio.sleep(0.01)


@dataclasses.dataclass
class Pressed:
    answer: dict  # the answerCallbackQuery call
    messages: list  # what the bot sent or edited meanwhile


@dataclasses.dataclass
class User(Person):
    """Someone who writes to the bot. What waits for replies takes `expect` (how many messages at least, or a
    predicate of them), `timeout`, and `quiet`: the seconds without news after which the reply counts as complete.
    """

    tg: FakeTelegram

    async def send(self, text, chat=None, reply_to=None, expect=1, **wait):
        chat = chat or self.chat
        return await self._during(chat, expect, lambda: self.write(chat, text, reply_to), **wait)

    async def upload(self, name, data, caption=None, chat=None, expect=1, **wait):
        chat = chat or self.chat
        extra = {"caption": caption} if caption else {}
        document = self.tg.store(name, data, "documents")
        return await self._during(chat, expect, lambda: self.post(chat, document=document, **extra), **wait)

    async def edit(self, message, text, expect=0, **wait):
        return await self._during(self.chat, expect, lambda: self.rewrite(self.chat, message, text), **wait)

    async def press(self, label, message=None, chat=None, expect=1, timeout=10, **wait):
        """Press the newest button so labelled and wait for a change; one without callback_data is returned."""
        chat = chat or self.chat
        message = message or next(m for m in reversed(chat.messages.values()) if label in m.labels)
        button = next(b for b in message.buttons if b["text"] == label)
        if "callback_data" not in button:
            return button
        query = None

        def tap():
            nonlocal query
            query = self.tap(message, button)

        messages = await self._during(chat, expect, tap, timeout, also=lambda: query["answer"] is not None, **wait)
        return Pressed(query["answer"], messages)

    async def inline(self, text, offset="", timeout=10):
        """The answerInlineQuery call: results, next_offset, button, cache_time, ..."""
        query = self.ask_inline(text, offset)
        await self.tg.until(lambda: query["answer"] is not None, timeout, f"answer to the inline query {text!r}")
        return query["answer"]

    def _query(self, kind, what):
        return self.tg.new_query(kind, what)

    async def _during(self, chat, expect, action, timeout=10, quiet=0.25, also=lambda: True):
        """Do something; return what the bot then sends or edits in the chat."""
        mark, chat.touched = len(chat.events), time.monotonic()
        action()

        def news():
            return list({id(message): message for message in chat.events[mark:]}.values())

        def done():
            enough = expect(news()) if callable(expect) else len(news()) >= expect
            return enough and also() and time.monotonic() - chat.touched >= quiet

        await self.tg.until(done, timeout, f"complete reply in chat {chat.id}; so far {[m.text for m in news()]}")
        return news()


class BotProcess:
    def __init__(self, tg):
        self.tg, self.output, self.process = tg, [], None

    async def start(self, command, env, timeout):
        env = {
            **os.environ,
            "NO_PROXY": "*",
            "PYTHONUNBUFFERED": "1",
            "TELEGRAM_API_BASE_URL": self.tg.base_url,
            "TELEGRAM_BOT_TOKEN": self.tg.token,
            **env,
        }
        self.process = await asyncio.create_subprocess_exec(
            *command, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        self.reader = asyncio.create_task(self._read())
        poll = self.tg.poll
        await self.tg.until(
            lambda: self.process.returncode is not None or self.tg.webhook or self.tg.poll is not poll,
            timeout,
            "poll or webhook of the bot",
        )
        assert self.process.returncode is None, "the bot ended:\n" + "\n".join(self.output[-30:])

    async def _read(self):
        async for line in self.process.stdout:
            self.output.append(line.decode(errors="replace").rstrip())

    async def stop(self, sig=signal.SIGTERM, timeout=15):
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
