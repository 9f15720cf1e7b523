"""A bot that comes back after a night, and finds ten thousand messages."""

import asyncio
import random
from pathlib import Path

from bot.sandbox import BotProcess, FakeTelegram
from tests.conftest import SEED, start
from tests.faults import work
from tests.faults.outcome import Outcome

READERS = 500


def backlog(folder: Path, rounds: int, seed: int) -> Outcome:
    """`rounds` messages wait, of 500 readers in turn."""
    outcome = Outcome(f"messages of {READERS} readers that wait when the bot starts")
    work.read_in(folder / "data", SEED)
    asyncio.run(_backlog(outcome, folder / "data", rounds, random.Random(seed)))
    return outcome


async def _backlog(outcome: Outcome, data: Path, count: int, draw: random.Random) -> None:
    async with FakeTelegram() as tg:
        readers = [tg.user(f"读者{i}", language_code="zh-hans") for i in range(min(READERS, count))]
        asked: dict[int, list[str]] = {reader.id: [] for reader in readers}
        for outcome.times in range(1, count + 1):
            reader = draw.choice(readers)
            asked[reader.id].append(f"第{outcome.times}问")
            reader.write(reader.chat, asked[reader.id][-1])
        bot = await start(tg, data)
        seconds, peak = await _answered(tg, bot, readers, count)
        for reader in readers:
            texts = [event.text for event in reader.chat.events]
            wanted = asked[reader.id]
            named = [next((w for w in wanted if f"“{w}”" in text or f"🔎 {w} " in text), text[:60]) for text in texts]
            outcome.expect(
                named == wanted, f"asked {wanted[:3]}, was answered {named[:3]}, {len(named)} of {len(wanted)}"
            )
        tg.check(allow=["Too Many Requests"])
    outcome.notes.append(f"{count / seconds:.0f} a second, peak {peak:.0f} MB")


async def _answered(tg: FakeTelegram, bot: BotProcess, readers: list, count: int) -> tuple[float, float]:
    """Wait until nothing more is answered; return the seconds, and the peak memory in MB."""
    loop = asyncio.get_running_loop()
    begin = news = loop.time()
    seen = 0
    while seen < count and loop.time() - news < 30:
        await asyncio.sleep(0.2)
        now = sum(len(reader.chat.events) for reader in readers)
        if now > seen:
            seen, news = now, loop.time()
    return news - begin, peak_memory(bot.process.pid)


def peak_memory(pid: int) -> float:
    """The most memory that a process ever had, in MB."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    [peak] = [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")]
    return peak
