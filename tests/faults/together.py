"""Several processes read the same folder into one archive at the same time."""

import random
import shutil
from contextlib import closing
from pathlib import Path

from tests.bench.ingest import contents
from tests.faults import work
from tests.faults.kills import library
from tests.faults.outcome import SPAWNER, Outcome


def two_ingests(folder: Path, rounds: int, seed: int) -> Outcome:
    outcome = Outcome("two `ingest` of the same folder at the same time")
    pages, whole = library(folder, random.Random(seed))
    data = folder / "together"
    for outcome.times in range(1, rounds + 1):
        shutil.rmtree(data, ignore_errors=True)
        both = [SPAWNER.Process(target=work.read_in, args=(data, pages)) for _ in range(2)]
        for process in both:
            process.start()
        for process in both:
            process.join()
        outcome.expect([process.exitcode for process in both] == [0, 0], f"ended with {[p.exitcode for p in both]}")
        outcome.expect(_held(data) == _held(whole), "another archive")
        outcome.lost += work.differences(data)
    return outcome


def _held(data: Path) -> list[str]:
    """What the archive holds, whatever the order in which pages came, and so the ids."""
    kept = ("edition", "page", "article", "paragraph")
    lines = [line for line in contents(data) if line.startswith(tuple(f'INSERT INTO "{table}"' for table in kept))]
    return [f"{table} {sum(table in line.split('VALUES')[0] for line in lines)}" for table in kept] + _texts(data)


def _texts(data: Path) -> list[str]:
    with closing(work.Archive(data / work.DATABASE)) as archive:
        return sorted(text for _, text in archive.paragraph_texts(after=-1, limit=1 << 30))
