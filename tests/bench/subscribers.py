"""Readers with watches and digests, what they should get, and what they got."""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from datetime import time as hour
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.archive.memory import ChatMemory
from bot.chat.texts import LANGUAGES
from bot.sandbox.client import User
from bot.sandbox.types import Msg
from tests.bench.made_paper import TOPICS, Watched, watched
from tests.bench.observed import Telegram

SHANGHAI = ZoneInfo("Asia/Shanghai")
DIGESTS = (
    (hour(8), SHANGHAI),
    (hour(12, 30), SHANGHAI),
    (hour(7), ZoneInfo("Europe/Berlin")),
    (hour(20), ZoneInfo("Asia/Tokyo")),
    None,
    None,
    None,
    None,
)
"""The reader's hour and zone, by turns."""
_PATIENCE = 20.0
QUIET = (hour(22), hour(7))
_ALERT = re.compile(r"🔔 关注的词见报了 · ([\d,]+) 篇")
_DAY = LANGUAGES["zh-Hans"].day


def at(day: date, hours: int, minutes: int) -> datetime:
    """A time of the paper's day, in UTC."""
    return datetime.combine(day, hour(hours, minutes), SHANGHAI).astimezone(UTC)


@dataclass
class Subscriber:
    """A reader, what it wants, and what should have come today: articles in its alert, and digests of an issue."""

    user: User
    watches: tuple[Watched, ...]
    digest: tuple[hour, ZoneInfo] | None
    quiet: bool
    articles: int = 0
    digests: int = 0

    def got(self) -> tuple[list[int], list[str]]:
        """The numbers of articles of the alerts that came, and the digests."""
        said = [event.text for event in self.user.chat.events if "disable_notification" in event.params]  # unasked
        alerts = [int(found[1].replace(",", "")) for text in said if (found := _ALERT.match(text))]
        return alerts, [text for text in said if text.startswith("📰")]


class Audience:
    """All readers."""

    def __init__(self, tg: Telegram, data: Path, count: int, draw: random.Random) -> None:
        self.tg, self._draw = tg, draw
        self.counts = Counter[str]()
        self.all = [
            Subscriber(
                tg.user(f"读者{number}", language_code="zh-hans"),
                tuple({watched(draw) for _ in range(1 + number % 3)}),
                DIGESTS[number % len(DIGESTS)],
                number % 5 == 0,
            )
            for number in range(count)
        ]
        with closing(ChatMemory(data / "chat.db")) as memory:  # as buttons of /settings do
            for one in self.all:
                zone = one.digest[1] if one.digest else None
                reader = memory.readers.get(one.user.id)
                memory.readers.put(replace(reader, timezone=zone, quiet=QUIET if one.quiet else None))
        self._handled = at(date(2000, 1, 1), 0, 0)

    async def subscribe(self) -> None:
        """Let all say what they want."""
        for one in self.all:
            for watch in one.watches:
                [message] = await one.user.send(f"/watch {watch.query}", quiet=0)
                await one.user.press("🔔 开始关注", message=message, quiet=0)
            if one.digest:
                await one.user.send(f"/digest {one.digest[0]:%H:%M}", quiet=0)
            one.user.chat.events.clear()
        self._handled = datetime.now(UTC)

    def expect_alerts(self, articles: Sequence[str]) -> None:
        """An edition has come."""
        for one in self.all:
            one.articles = sum(any(watch.met_by(text) for watch in one.watches) for text in articles)

    def expect_digests(self, now: datetime) -> None:
        """It is later."""
        for one in self.all:
            if one.digest:
                at_hour, zone = one.digest
                day = now.astimezone(zone).date()
                due = datetime.combine(day, at_hour, zone).astimezone(UTC)
                one.digests += self._handled < due <= now
        self._handled, self._waiting = now, self.all

    def told(self) -> bool:
        """Whether all of it has come; in a reader's quiet hours, the alert need not."""
        self._waiting = [one for one in self._waiting if not self._has_all(one)]
        return not self._waiting

    def _has_all(self, one: Subscriber) -> bool:
        alerts, digests = one.got()
        return len(digests) >= one.digests and (not one.articles or bool(alerts) or self._is_quiet(one))

    @staticmethod
    def _is_quiet(one: Subscriber) -> bool:
        now = datetime.now(one.digest[1] if one.digest else SHANGHAI).time()
        return one.quiet and (now >= QUIET[0] or now < QUIET[1])

    def end_of_day(self, day: date) -> Iterator[str]:
        """What is wrong with what came; then a new day begins."""
        self.counts = Counter(
            alerts_wanted=sum(bool(one.articles) for one in self.all),
            digests_wanted=sum(one.digests for one in self.all),
        )
        for one in self.all:
            alerts, digests = one.got()
            self.counts.update(alerts=len(alerts), digests=len(digests))
            if alerts != ([one.articles] if one.articles else []):
                yield f"{day}: alerts of {alerts} articles for {one.articles}"
            if len(digests) != one.digests or any(_DAY(day) not in text.splitlines()[0] for text in digests):
                yield f"{day}: {len(digests)} digests for {one.digests}: {[text.splitlines()[0] for text in digests]}"
            one.articles = one.digests = 0
            self._tidy(one)

    @staticmethod
    def _tidy(one: Subscriber) -> None:
        chat = one.user.chat
        chat.events.clear()
        for old in list(chat.messages)[:-4]:
            del chat.messages[old]

    async def ask(self, count: int, known: Sequence[str]) -> list[float]:
        """Ask one after the other, each in a way of its own; the seconds until each answer that came."""
        waits = list[float]()
        pressed: tuple[User, Msg] | None = None
        for number in range(count):
            reader = self._draw.choice(self.all).user
            sentence = self._draw.choice(known)
            begin = self._draw.randrange(len(sentence) - 8)
            piece = self._draw.choice((sentence[begin : begin + self._draw.randint(2, 8)], self._draw.choice(TOPICS)))
            if number % 4 == 3 and pressed:
                waits += await self._press(*pressed)
                pressed = None
                continue
            text = (piece, f"/search {piece}", "/latest")[number % 4]
            waits += await self._say(reader, text)
            last = reader.chat.events[-1] if reader.chat.events else None
            pressed = (reader, last) if last is not None and _callbacks(last) else pressed
        return waits

    async def _press(self, reader: User, message: Msg) -> list[float]:
        button = self._draw.choice(_callbacks(message))
        begin = time.perf_counter()
        query = reader.tap(message, button)
        return await self._until(lambda: query["answer"] is not None, begin)

    async def _say(self, reader: User, text: str) -> list[float]:
        came = self.tg.came[reader.id]
        came.clear()
        begin = time.perf_counter()
        reader.write(reader.chat, text)
        return await self._until(lambda: bool(came), begin)

    @staticmethod
    async def _until(answered: Callable[[], bool], begin: float) -> list[float]:
        while not answered():
            if time.perf_counter() > begin + _PATIENCE:
                return []
            await asyncio.sleep(0.002)
        return [time.perf_counter() - begin]


def _callbacks(message: Msg) -> list[dict]:
    return [button for button in message.buttons if "callback_data" in button]
