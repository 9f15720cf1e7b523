"""A Telegram that answers wrongly, late, or not at all: every question is answered, and the log stays short."""

import asyncio
import random
import time
from pathlib import Path

from bot.sandbox import FakeTelegram
from tests.conftest import SEED, start
from tests.faults import work
from tests.faults.outcome import Outcome

FAULTS = (
    {"status": 502},
    {"status": 500, "after": True},
    {"status": 429, "retry_after": 6},
    {"reset": True},
    {"reset": True, "after": True},
    {"cut": True},
    {"garbage": True},
    {"delay": 8},
)
POLLING = ({"status": 409}, {"status": 502}, {"garbage": True}, {"cut": True}, {"status": 429, "retry_after": 2})
OUTAGE = 7
"""Failed polls in a row; the pauses between them grow to half a minute."""


def network(folder: Path, rounds: int, seed: int) -> Outcome:
    outcome = Outcome("502, 429, 409, resets, half answers, garbage, silence; on answers and on polls")
    work.read_in(folder / "data", SEED)
    asyncio.run(_network(outcome, folder / "data", rounds, random.Random(seed)))
    return outcome


async def _network(outcome: Outcome, data: Path, rounds: int, draw: random.Random) -> None:
    twice = 0
    async with FakeTelegram() as tg:
        bot = await start(tg, data)
        held, other = (tg.user(name, language_code="zh-hans") for name in ("小明", "小红"))
        for outcome.times in range(1, rounds + 1):
            fault = draw.choice(FAULTS)
            if draw.random() < 0.4:
                tg.fail("getUpdates", times=draw.randint(1, 3), **draw.choice(POLLING))
            await asyncio.sleep(0.1)
            tg.fail("sendMessage", **fault)
            before = len(held.chat.events), len(other.chat.events)
            held.write(held.chat, f"红十字 救援队 {outcome.times}")
            await _until(lambda: not tg.faults["sendmessage"])
            other.write(other.chat, f"大同 {outcome.times}")
            answered = await _until(lambda before=before: len(other.chat.events) > before[1])
            waited = "retry_after" in fault and len(held.chat.events) > before[0]
            outcome.expect(answered, f"{fault}: another reader was not answered")
            outcome.expect(not waited or bool(tg.faults["getupdates"]), "another had to wait")
            answered = await _until(lambda before=before: len(held.chat.events) > before[0])
            outcome.expect(answered, f"{fault}: not answered")
            await asyncio.sleep(1.2)
            twice += len(held.chat.events) - before[0] > 1
            tg.faults["getupdates"].clear()
        outcome.expect(not (raised := tracebacks(bot.output)), f"tracebacks in the log: {raised}")
    outcome.notes.append(f"{twice} answers came twice, {len(bot.output) / rounds:.1f} lines of log a fault")


def tracebacks(output: list[str]) -> list[str]:
    """The lines of a log that are followed by a traceback."""
    return [output[i - 1][:200] for i, line in enumerate(output) if line.startswith("Traceback")]


async def _until(condition, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.02)
    return True


def outage(folder: Path, rounds: int, seed: int) -> Outcome:
    outcome = Outcome(f"{OUTAGE} failed polls in a row, questions meanwhile; then the token is revoked (401)")
    for outcome.times in range(1, rounds + 1):
        data = folder / str(outcome.times)
        work.read_in(data, SEED)
        asyncio.run(_outage(outcome, data))
    return outcome


async def _outage(outcome: Outcome, data: Path) -> None:
    async with FakeTelegram() as tg:
        bot = await start(tg, data)
        readers = [tg.user(f"读者{i}", language_code="zh-hans") for i in range(10)]
        tg.fail("getUpdates", times=OUTAGE, status=502)
        for reader in readers:
            reader.write(reader.chat, "红十字 救援队")
        answered = await _until(lambda: all(reader.chat.events for reader in readers), 120)
        outcome.expect(answered, "questions of the outage are not answered")
        outcome.expect(all(len(reader.chat.events) == 1 for reader in readers), "answered twice")
        said = [line for line in bot.output if "could not be reached" in line]
        outcome.expect(0 < len(said) < OUTAGE + 3, f"{len(said)} lines of log")
        tg.token = "1:another"
        try:
            code = await asyncio.wait_for(bot.process.wait(), 60)
        except TimeoutError:
            code = None
        await asyncio.sleep(0.5)
        outcome.expect(code == 1, f"with a revoked token it ended with {code}")
        outcome.expect(any("TELEGRAM_BOT_TOKEN" in line for line in bot.output[-3:]), f"it said {bot.output[-3:]}")
        outcome.expect(not (raised := tracebacks(bot.output)), f"tracebacks in the log: {raised}")
