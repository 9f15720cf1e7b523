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
import re
import signal
import time

from bot.sandbox.rules import Chat, find_entities
from bot.sandbox.server import BotApi, Fault


class FakeTelegram(BotApi):
    group_privacy = True

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
class User:
    """Someone who writes to the bot. What waits for replies takes `expect` (how many messages at least, or a
    predicate of them), `timeout`, and `quiet`: the seconds without news after which the reply counts as complete.
    """

    tg: FakeTelegram
    info: dict

    id = property(lambda self: self.info["id"])
    chat = property(lambda self: self.tg.chats[self.id])

    async def send(self, text, chat=None, reply_to=None, **wait):
        extra = {"reply_to_message": dict(reply_to)} if reply_to else {}
        return await self._say(chat or self.chat, {"text": text, **find_entities(text), **extra}, **wait)

    async def upload(self, name, data, caption=None, chat=None, **wait):
        extra = {"caption": caption} if caption else {}
        return await self._say(chat or self.chat, {"document": self.tg.store(name, data, "documents"), **extra}, **wait)

    async def _say(self, chat, fields, expect=1, **wait):
        chat.started = True
        message = self.tg.add_message(chat, self.info, **fields)
        return await self._during(
            chat, expect, lambda: self._reaches_bot(chat, message) and self.tg.push("message", message), **wait
        )

    def _reaches_bot(self, chat, message):
        """In a group, privacy mode passes on only commands, mentions of the bot, and replies to it."""
        name = self.tg.me["username"].lower()
        command = re.match(r"/\w+(?:@(\w+))?", message.text)
        return (
            chat.id > 0
            or not self.tg.group_privacy
            or f"@{name}" in message.text.lower()
            or (command and (command[1] or name).lower() == name)
            or message.get("reply_to_message", {}).get("from") == self.tg.me
        )

    async def edit(self, message, text, expect=0, **wait):
        message.update(text=text, edit_date=int(time.time()), **find_entities(text))
        return await self._during(self.chat, expect, lambda: self.tg.push("edited_message", message), **wait)

    async def press(self, label, message=None, chat=None, expect=1, timeout=10, **wait):
        """Press the newest button so labelled and wait for a change; one without callback_data is returned."""
        chat = chat or self.chat
        message = message or next(m for m in reversed(chat.messages.values()) if label in m.labels)
        button = next(b for b in message.buttons if b["text"] == label)
        if "callback_data" not in button:
            return button
        query_id, query = self._query("callback", button["callback_data"])
        inline_id = next((i for i, m in self.tg.inline_messages.items() if m is message), None)
        where = {"inline_message_id": inline_id} if inline_id else {"message": dict(message)}
        update = {"id": query_id, "from": self.info, "chat_instance": "1", "data": button["callback_data"], **where}
        messages = await self._during(
            chat,
            expect,
            lambda: self.tg.push("callback_query", update),
            timeout,
            also=lambda: query["answer"] is not None,
            **wait,
        )
        return Pressed(query["answer"], messages)

    async def inline(self, text, offset="", timeout=10):
        """The answerInlineQuery call: results, next_offset, button, cache_time, ..."""
        query_id, query = self._query("inline", text)
        self.tg.push(
            "inline_query", {"id": query_id, "from": self.info, "query": text, "offset": offset, "chat_type": "sender"}
        )
        await self.tg.until(lambda: query["answer"] is not None, timeout, f"answer to the inline query {text!r}")
        return query["answer"]

    def choose(self, result, query=""):
        """Post an inline result to a chat that the bot is not in; return the message, whose buttons can be pressed."""
        content = result["input_message_content"]
        message = self.tg.add_message(
            Chat(-1, "supergroup", title="elsewhere"),
            self.info,
            via_bot=self.tg.me,
            **self.tg.content(content | {"text": content["message_text"]}, "text", 4096),
            **({"reply_markup": result["reply_markup"]} if "reply_markup" in result else {}),
        )
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
        return message

    def block(self, blocked=True):
        self.chat.blocked = blocked
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

    def _query(self, kind, what):
        query_id = self.tg.new_query(kind, what)
        return query_id, self.tg.queries[query_id]

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
