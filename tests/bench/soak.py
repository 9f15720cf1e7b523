"""A year of a paper and its readers in some minutes: the real bot as a process, under a clock that is moved.

    python -m tests.bench.soak [--days 365] [--articles 40] [--readers 200] [--corpus FILE]

Each day an edition arrives, is read in by `newsbot ingest --watch`, and told of; digests go out at their readers'
hours; some readers ask; the backup of the night is made. Articles are made of the sentences of the bundled pages, or
of those of a corpus, and mention what readers watch for. What should be sent is found without the bot, from the
articles and from what the readers want. Prints a row for each quarter; exit 1 when anything was lost, came twice, or
was logged as a warning.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import time_machine

from bot.search.sentences import sentences
from tests.bench import made_paper
from tests.bench.corpora import made, read_corpus
from tests.bench.observed import Process, Telegram
from tests.bench.soak_report import Report
from tests.bench.subscribers import Audience, at
from tests.travel import Clock

ROOT = Path(__file__).parents[2]
FIRST = date(2027, 1, 4)
HASTE = 40
STAGES = ((5, 40), (8, 1), (14, 31), (20, 31))
"""When the clock is set: the edition comes; quiet hours end; digests are due."""
ASKING = (8, 1)
PATIENCE = 60.0


class Soak:
    """Everything that runs: Telegram, the bot, the ingest, the clocks of them all."""

    def __init__(self, args: argparse.Namespace, folder: Path) -> None:
        self.args, self.folder, self.data = args, folder, folder / "data"
        self.draw = random.Random(args.seed)
        self.clocks = [Clock(folder / "bot.clock"), Clock(folder / "ingest.clock")]
        records = read_corpus(args.corpus) if args.corpus else made(200, self.draw)[0]
        found = (record.text[start:end] for record in records for start, end in sentences(record.text))
        self.sentences = made_paper.usable(found)
        self.traveller = time_machine.travel(at(FIRST, 4, 0), tick=True).start()
        self.report = Report(args)

    def travel(self, to: datetime) -> None:
        """Set all clocks."""
        self.traveller.move_to(to)
        for clock in self.clocks:
            clock.set(to)

    async def run(self) -> bool:
        """The whole time."""
        for clock in self.clocks:
            clock.start_at(at(FIRST, 4, 0))
        env = {"NEWSBOT_DATA_DIR": str(self.data), "NEWSBOT_SEEDS_DIR": str(ROOT / "seeds"), "NEWSBOT_RATE": "1000"}
        incoming = self.data / "incoming"
        incoming.mkdir(parents=True)
        async with Telegram() as self.tg:
            self.bot = await self.tg.start_bot(self.clocks[0].command("serve", haste=HASTE), 120, **env)
            self.audience = Audience(self.tg, self.data, self.args.readers, self.draw)
            await self.audience.subscribe()
            reading = await asyncio.create_subprocess_exec(
                *self.clocks[1].command("ingest", "--watch", haste=HASTE),
                env={**os.environ, "PYTHONUNBUFFERED": "1", **env},
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            try:
                await self._days(incoming, reading)
            finally:
                if reading.returncode is None:
                    reading.terminate()
                    await reading.wait()
            used = Process(self.bot.process.pid).seconds()
            code = await self.bot.stop()
        return self.report.end(code, self.tg.errors, used)

    async def _days(self, incoming: Path, reading: asyncio.subprocess.Process) -> None:
        assert reading.stdout and reading.stderr
        await reading.stderr.readline()  # it watches
        await asyncio.sleep(0.3)
        processes = Process(self.bot.process.pid), Process(reading.pid)
        marks = self._marks()
        for number in range(1, self.args.days + 1):
            day = FIRST + timedelta(days=number - 1)
            await self._day(day, incoming, reading.stdout, processes[1])
            self._read_log()
            if number in marks:
                self.report.row(number, processes[0], self.data)

    def _marks(self) -> set[int]:
        days = self.args.days
        return {min(7, days), *(round(days * part / 4) for part in (1, 2, 3, 4))} - {0}

    async def _day(self, day: date, incoming: Path, lines: asyncio.StreamReader, ingest: Process) -> None:
        for stage in STAGES:
            self.travel(at(day, *stage))
            if stage == STAGES[0]:
                began = ingest.seconds()
                await self._edition(day, incoming, lines)
            self.audience.expect_digests(at(day, *stage))
            await self._settled()
            if stage == STAGES[0]:
                self.report.ingested(ingest.seconds() - began)  # with its index, which follows what it says
            if stage == ASKING:
                waits = await self.audience.ask(self.args.questions, self.sentences)
                self.report.answered(waits, self.args.questions)
        backup = self.data / "backups" / f"newsbot-{day}.zip"
        try:
            await self.tg.until(backup.exists, PATIENCE, f"backup of {day}")
        except AssertionError as error:
            self.report.wrong(str(error)[:200])
        for said in self.audience.end_of_day(day):
            self.report.wrong(said)
        self.report.sent(self.audience.counts)
        self.tg.calls.clear()
        self.tg.queries.clear()

    async def _edition(self, day: date, incoming: Path, lines: asyncio.StreamReader) -> None:
        made = self.folder / "made" / f"{day}"
        articles = made_paper.edition(made, day, self.args.articles, self.sentences, self.draw)
        files = len(list(made.iterdir()))
        made.rename(incoming / f"{day}")
        said = [(await asyncio.wait_for(lines.readline(), PATIENCE)).decode() for _ in range(files)]
        if sum(f" {made_paper.PER_PAGE} articles" in line for line in said) < self.args.articles // made_paper.PER_PAGE:
            self.report.wrong(f"read in: {said}")
        self.audience.expect_alerts(articles)

    async def _settled(self) -> None:
        """Wait until what is expected now has come, and then for some rounds of the bot, for what should not come."""
        with suppress(AssertionError):  # what is missing at the end of the day is told then
            await self.tg.until(self.audience.told, PATIENCE, "alerts and digests")
        await asyncio.sleep(3 * 2.0 / HASTE)

    def _read_log(self) -> None:
        new = self.bot.output
        for line in new:
            if any(level in line for level in (" WARNING ", " ERROR ", " CRITICAL ", "Traceback")):
                self.report.logged(line)
        new.clear()


def main() -> None:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--articles", type=int, default=40, help="of an edition; five make a page")
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--questions", type=int, default=20, help="a day")
    parser.add_argument("--corpus", type=Path, help="JSON lines; else the bundled pages")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(0 if asyncio.run(Soak(args, Path(folder)).run()) else 1)


if __name__ == "__main__":
    main()
