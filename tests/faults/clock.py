"""The machine's clock is set while the bot serves, or is not set when it starts: what is due comes once."""

import asyncio
import random
import shutil
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import time_machine

from bot import heartbeat
from bot.chat.texts import LANGUAGES
from bot.sandbox import BotProcess, FakeTelegram
from bot.sandbox.client import User
from tests.conftest import PAGES, start
from tests.faults import work
from tests.faults.network import tracebacks
from tests.faults.outcome import Outcome
from tests.travel import Clock

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
ERRORS = {"+1 h": HOUR, "+1 d": DAY, "+7 d": WEEK, "-1 h": -HOUR, "-1 d": -DAY, "starts in 1970": None}
SUMMER = {"summer time begins": date(2026, 3, 29), "summer time ends": date(2026, 10, 25)}
HASTE = 20
PAGE = "大桥建成{0}\n\n本报讯(记者 甲乙)昨日,量子大桥{0}通车。市民纷纷前来参观{0}。\n"


def clock(folder: Path, rounds: int, seed: int) -> Outcome:
    outcome = Outcome("the bot's clock set by an hour, a day, a week; over summer time; not set at the start")
    draw, met = random.Random(seed), Counter[str]()
    kinds = [*ERRORS, *SUMMER]
    offset = draw.randrange(len(kinds))
    for outcome.times in range(1, rounds + 1):
        kind = kinds[(offset + outcome.times) % len(kinds)]
        met[kind] += 1
        data = folder / "data"
        shutil.rmtree(data, ignore_errors=True)
        work.read_in(data, PAGES)
        asyncio.run(_Round(outcome, folder, data, kind, draw).run())
    outcome.notes.append(", ".join(f"{kind} {count}" for kind, count in met.items()))
    return outcome


class _Round:
    """One bot whose clock is set: `true` is what Telegram's shows."""

    def __init__(self, outcome: Outcome, folder: Path, data: Path, kind: str, draw: random.Random) -> None:
        self._outcome, self._folder, self._data, self._kind = outcome, folder, data, kind
        self._day = SUMMER.get(kind) or date(2026, 6, 1) + timedelta(days=draw.randrange(200))
        self._zone, self._hour = (BERLIN, (2, 30)) if kind in SUMMER else (SHANGHAI, (8, 0))
        self._clock, self._alerts, self._wrong = Clock(folder / "clock"), 0, timedelta()

    async def run(self) -> None:
        before = self._true(self._day - DAY, -10)
        with time_machine.travel(before, tick=True) as self._telegram:
            async with FakeTelegram() as self._tg:
                bot = await self._start(before)
                reader = self._tg.user("小明", language_code="zh-hans")
                await self._subscribe(reader)
                await self._publish(self._day - DAY, "前日", reader)
                await self._set(self._true(self._day - DAY, 1))
                await self._until_digests(1, reader)
                await (self._night(reader) if self._kind in SUMMER else self._error(reader, bot))
                await self._next_day(reader)
                self._judge(reader)
                self._tg.check()

    def _true(self, day: date, minutes: float) -> datetime:
        """So many minutes after the digest's hour."""
        due = datetime(day.year, day.month, day.day, *self._hour, tzinfo=self._zone).astimezone(UTC)
        return due + timedelta(minutes=minutes)

    async def _start(self, at: datetime) -> BotProcess:
        self._clock.start_at(at)
        return await start(
            self._tg,
            self._data,
            self._clock.command("serve", haste=HASTE),
            NEWSBOT_RATE="1",
            NEWSBOT_TIMEZONE=self._zone.key,
        )

    async def _set(self, true: datetime) -> None:
        """It is later; the bot's clock is as wrong as before."""
        self._telegram.move_to(true)
        await asyncio.to_thread(self._clock.set, true + self._wrong)

    async def _subscribe(self, reader: User) -> None:
        [message] = await reader.send("/watch 量子大桥")
        await reader.press("🔔 开始关注", message=message)
        await reader.send(f"/digest {self._hour[0]:02}:{self._hour[1]:02}")
        [self._old] = await reader.send("灯会", expect=1)

    async def _error(self, reader: User, bot: BotProcess) -> None:
        error = ERRORS[self._kind]
        if error is None:
            await bot.stop()
            self._telegram.move_to(self._true(self._day, -30))
            self._wrong = datetime(1970, 1, 1, tzinfo=UTC) - self._true(self._day, -30)
            bot = await self._start(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
        else:
            await self._set(self._true(self._day, -30))
            self._wrong = error
            await self._set(self._true(self._day, -30))
        await self._publish(self._day, "当日", reader)
        await self._ask(reader)
        await self._set(self._true(self._day, 20))
        await self._publish(self._day, "号外", reader)
        await asyncio.sleep(1)
        await self._expect_health(error is not None)
        self._wrong = timedelta()
        await self._set(self._true(self._day, 30))
        await self._ask(reader)
        await self._until_digests(2, reader)
        await self._expect_health(True)

    async def _night(self, reader: User) -> None:
        """The night in which the clocks are put forward or back, by quarters of an hour."""
        await self._set(self._true(self._day, -75))
        await self._publish(self._day, "当日", reader)
        for minutes in range(-75, 150, 15):
            await self._set(self._true(self._day, minutes + 1))
            await asyncio.sleep(0.5)
            had = len(self._digests(reader))
            self._outcome.expect(had == 1 + (minutes >= 0), f"{self._kind}: {had} digests {minutes} min after its hour")
        await self._ask(reader)

    async def _next_day(self, reader: User) -> None:
        await self._set(self._true(self._day + DAY, -10))
        await self._publish(self._day + DAY, "次日", reader)
        await self._set(self._true(self._day + DAY, 1))
        await self._until_digests(3, reader)
        backup = self._data / "backups" / f"newsbot-{self._day + DAY}.zip"
        with suppress(AssertionError):
            await self._tg.until(backup.exists, 10, "backup")
        await asyncio.sleep(1)

    async def _publish(self, day: date, name: str, reader: User) -> None:
        """A page is read in, and its alert comes."""
        self._alerts += 1
        page = self._folder / "pages" / f"{day:%Y%m%d}_{self._alerts:02}.txt"
        shutil.rmtree(page.parent, ignore_errors=True)
        page.parent.mkdir()
        page.write_text(PAGE.format(name), "utf-8")
        await asyncio.to_thread(work.read_in, self._data, page.parent)
        with suppress(AssertionError):
            await self._tg.until(lambda: len(self._told(reader)) >= self._alerts, 10, "alert")

    async def _ask(self, reader: User) -> None:
        """Questions are answered at once, and a button from before works."""
        for text in ("剪纸", "供水", "量子大桥"):
            try:
                [answer, *_] = await reader.send(text)
            except AssertionError:
                self._outcome.expect(False, f"{self._kind}: no answer")
            else:
                self._outcome.expect(answer.text.startswith(f"🔎 {text}"), f"{self._kind}: {answer.text[:60]}")
        pressed = await reader.press(self._old.labels[0], message=self._old, expect=0)
        self._outcome.expect("text" not in pressed.answer, f"{self._kind}: the button said {pressed.answer}")

    async def _until_digests(self, count: int, reader: User) -> None:
        with suppress(AssertionError):
            await self._tg.until(lambda: len(self._digests(reader)) >= count, 10, "digest")

    @staticmethod
    def _told(reader: User) -> list[str]:
        return [m.text for m in reader.chat.messages.values() if m.text.startswith("🔔 关注的词见报了")]

    def _digests(self, reader: User) -> list[str]:
        unasked = (
            m.text
            for m in reader.chat.messages.values()
            if m["from"] == self._tg.me and "disable_notification" in m.params
        )
        return [text.splitlines()[0] for text in unasked if text.startswith("📰")]

    async def _expect_health(self, well: bool) -> None:
        """The bot says how it is every five seconds."""
        try:
            await self._tg.until(lambda: (heartbeat.read(self._data) or {}).get("healthy") == well, 8, "health")
        except AssertionError:
            self._outcome.expect(False, f"{self._kind}: health is {heartbeat.read(self._data)}")

    def _judge(self, reader: User) -> None:
        told, digests = self._told(reader), self._digests(reader)
        names = ("前日", "当日", *(() if self._kind in SUMMER else ("号外",)), "次日")
        counts = [sum(f"大桥建成{name}" in text for text in told) for name in names]
        self._outcome.expect(counts == [1] * len(names), f"{self._kind}: alerts {counts}")
        days = [LANGUAGES["zh-Hans"].day(self._day + n * DAY) for n in (-1, 0, 1)]
        right = len(digests) == 3 and all(day in text for day, text in zip(days, digests, strict=True))
        self._outcome.expect(right, f"{self._kind}: digests {digests}")
        output = [line for bot in self._tg.bots for line in bot.output]
        made = Counter(line.rpartition("/")[2] for line in output if "Backup made" in line)
        self._outcome.expect(max(made.values(), default=0) == 1, f"{self._kind}: backups {made}")
        self._outcome.expect(
            f"newsbot-{self._day + DAY}.zip" in made, f"{self._kind}: no backup of the last day, {made}"
        )
        bad = [line for line in output if " WARNING " in line or " ERROR " in line]
        self._outcome.expect(not bad and not tracebacks(output), f"{self._kind}: the log says {bad[:2]}")
