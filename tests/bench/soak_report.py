"""What a soak saw: a row for each quarter, and what was wrong."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.bench.observed import Process, quantile

_SHOWN = 20
_HEAD = (
    " day ",
    " RSS, anonymous ",
    " newsbot.db ",
    " chat.db ",
    " backups ",
    " question p50, p99 ",
    " unanswered ",
    " an edition read in ",
    " alerts (expected) ",
    " digests (expected) ",
    " warnings ",
)


class Report:
    """Counts between two rows, prints each row when it is there, and in the end what was wrong."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._began, self._args = time.perf_counter(), args
        self._waits, self._reading = list[float](), list[float]()
        self._asked, self._logged, self._counts = 0, 0, Counter[str]()
        self._wrong, self._lines = list[str](), list[str]()
        print("|".join(["", *_HEAD, ""]), "|---" * len(_HEAD) + "|", sep="\n", flush=True)

    def answered(self, waits: list[float], asked: int) -> None:
        """So many questions were asked; those that were answered took so long, in seconds."""
        self._waits += waits
        self._asked += asked

    def ingested(self, seconds: float) -> None:
        """An edition took so much processor time to read in."""
        self._reading.append(seconds)

    def sent(self, counts: Counter[str]) -> None:
        """What was sent in a day, and what should have been."""
        self._counts.update(counts)

    def wrong(self, said: str) -> None:
        """Something was lost, or came twice."""
        self._wrong.append(said)
        print(said, file=sys.stderr, flush=True)

    def logged(self, line: str) -> None:
        """The bot logged a warning."""
        self._logged += 1
        self._lines.append(line)
        print(line, file=sys.stderr, flush=True)

    def row(self, day: int, process: Process, data: Path) -> None:
        """Print what there is at the end of a day, and what was counted since the last row."""
        sizes = [_megabytes(data / name) for name in ("newsbot.db", "chat.db", "backups")]
        p50, p99 = (quantile(self._waits, part) * 1000 for part in (0.5, 0.99))
        sent = (f"{self._counts[kind]:,} ({self._counts[f'{kind}_wanted']:,})" for kind in ("alerts", "digests"))
        print(
            f"| {day} | {process.resident():.0f} MB, {process.anonymous():.0f} MB | {' | '.join(sizes)} "
            f"| {p50:.0f} ms, {p99:.0f} ms | {self._asked - len(self._waits)} of {self._asked:,} "
            f"| {sum(self._reading) / len(self._reading):.2f} s | {' | '.join(sent)} | {self._logged} |",
            flush=True,
        )
        self._waits, self._reading, self._asked, self._logged, self._counts = [], [], 0, 0, Counter()

    def end(self, code: int | None, refused: Sequence[object], processor: float) -> bool:
        """Print what was wrong; return whether nothing was."""
        took = time.perf_counter() - self._began
        print(f"\n{self._args.days} days in {took:.0f} s; the bot's processor time {processor:.0f} s, exit code {code}")
        print(f"refused calls: {len(refused)} {list(refused)[:3] or ''}")
        for title, lines in (("lost or doubled", self._wrong), ("warnings", self._lines)):
            print(f"{title}: {len(lines)}", *lines[:_SHOWN], sep="\n  ")
        return code == 0 and not (refused or self._wrong or self._lines)


def _megabytes(path: Path) -> str:
    files = path.iterdir() if path.is_dir() else path.parent.glob(f"{path.name}*")
    return f"{sum(file.stat().st_size for file in files) / 1e6:.1f} MB"
