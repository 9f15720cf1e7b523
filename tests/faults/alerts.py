"""A bot that is killed again and again while it tells readers of what they watch for."""

import asyncio
import random
import signal
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.archive.memory import ChatMemory
from bot.sandbox import FakeTelegram
from tests.conftest import SEED, start
from tests.faults import work
from tests.faults.outcome import Outcome

READERS = 20
PAGE = "大桥建成{0}\n\n本报讯(记者 甲乙)昨日,量子大桥{0}通车。市民纷纷前来参观。\n"


def kill_alerts(folder: Path, rounds: int, seed: int) -> Outcome:
    outcome = Outcome(f"the bot killed while it tells {READERS} readers of an article")
    asyncio.run(_rounds(outcome, folder, rounds, random.Random(seed)))
    return outcome


async def _rounds(outcome: Outcome, folder: Path, rounds: int, draw: random.Random) -> None:
    data, pages = folder / "data", folder / "pages"
    pages.mkdir()
    work.read_in(data, SEED)
    twice = 0
    async with FakeTelegram() as tg:
        readers = [tg.user(f"读者{i}", language_code="zh-hans") for i in range(READERS)]
        with closing(ChatMemory(data / "chat.db")) as memory, closing(work.Archive(data / work.DATABASE)) as archive:
            mark = archive.arrivals.mark()
            for reader in readers:
                reader.chat.started = True
                memory.watches.start(reader.id, "量子大桥", mark)
                memory.watches.speaks(reader.id, "zh-hans")
        for outcome.times in range(1, rounds + 1):
            name = f"第{outcome.times}座"
            bot = await start(tg, data)
            today = datetime.now(ZoneInfo("Asia/Shanghai"))
            (pages / f"{today:%Y%m%d}_{outcome.times:02}.txt").write_text(PAGE.format(name), "utf-8")
            await asyncio.to_thread(work.read_in, data, pages)
            await asyncio.sleep(draw.uniform(1.5, 6))
            await bot.stop(signal.SIGKILL)
            bot = await start(tg, data)

            def told(name: str = name) -> list[int]:
                return [sum(name in m.text for m in r.chat.messages.values()) for r in readers]

            with suppress(AssertionError):
                await tg.until(lambda told=told: all(told()), 60, "alerts")
            outcome.expect(all(told()), f"{told().count(0)} readers were not told")
            await asyncio.sleep(1)
            outcome.expect(max(told()) <= 2, f"an alert came {max(told())} times")
            twice += sum(times > 1 for times in told())
            await bot.stop()
        tg.check()
    outcome.notes.append(f"{rounds * READERS} alerts, {twice} came twice")
