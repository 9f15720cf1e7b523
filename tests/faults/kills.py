"""SIGKILL at random moments of whatever writes; then it is run again, and all must be as if nothing had been."""

import random
import shutil
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path

from bot.archive import backup
from bot.archive.memory import ChatMemory
from tests.bench.ingest import contents, make
from tests.faults import work
from tests.faults.outcome import Outcome, run

PAGES = 24
"""Three editions."""


def library(folder: Path, draw: random.Random) -> tuple[Path, Path]:
    """A folder of pages, and a data folder with all of them read in."""
    pages, data = folder / "pages", folder / "whole"
    pages.mkdir()
    make(pages, PAGES, draw)
    work.read_in(data, pages)
    ChatMemory(data / "chat.db").close()
    return pages, data


def kill_ingest(folder: Path, rounds: int, seed: int) -> Outcome:
    outcome, draw = Outcome("`ingest` of three editions killed, then run again"), random.Random(seed)
    pages, whole = library(folder, draw)
    expected = contents(whole)
    data = folder / "killed"
    seconds = run(work.read_in, folder / "measured", pages)
    for outcome.times in range(1, rounds + 1):
        shutil.rmtree(data, ignore_errors=True)
        for _ in range(draw.randint(1, 3)):
            run(work.read_in, data, pages, kill_after=draw.uniform(0, seconds))
        run(work.read_in, data, pages)
        outcome.lost += work.differences(data, expected)
    return outcome


def kill_reindex(folder: Path, rounds: int, seed: int) -> Outcome:
    outcome, draw = Outcome("`/reindex`, and a new version's rebuild, killed, then any command"), random.Random(seed)
    _, whole = library(folder, draw)
    expected = contents(whole)
    data = folder / "killed"
    shutil.copytree(whole, data)
    seconds = run(work.reindex, data)
    for outcome.times in range(1, rounds + 1):
        if outcome.times % 2:
            run(work.reindex, data, kill_after=draw.uniform(0, seconds))
        else:
            work.outdate(data)
            run(work.refresh, data, kill_after=draw.uniform(0, seconds))
        run(work.refresh, data)
        outcome.lost += work.differences(data, expected)
    return outcome


def kill_backup(folder: Path, rounds: int, seed: int) -> Outcome:
    outcome, draw = Outcome("`backup` killed; what is there is restored"), random.Random(seed)
    _, whole = library(folder, draw)
    expected, target = contents(whole), folder / "night.zip"
    seconds = run(work.write_backup, whole, target)
    for outcome.times in range(1, rounds + 1):
        if outcome.times % 2:
            target.unlink()
        run(work.write_backup, whole, target, kill_after=draw.uniform(0, seconds))
        if target.exists():
            restored = folder / "restored"
            backup.restore(restored, target)
            outcome.expect(contents(restored) == expected, "a backup that is not whole")
            shutil.rmtree(restored)
        run(work.write_backup, whole, target)
        with zipfile.ZipFile(target) as packed:
            outcome.expect(packed.testzip() is None, "a damaged backup")
    left = [path.name for path in [*folder.glob("*.part"), *folder.glob(".*.part"), whole / ".backup"] if path.exists()]
    outcome.expect(not left, f"{left} left behind")
    return outcome


def kill_restore(folder: Path, rounds: int, seed: int) -> Outcome:
    outcome, draw = Outcome("`restore` killed, then any command, then run again"), random.Random(seed)
    _, whole = library(folder, draw)
    file, data, before = folder / "night.zip", folder / "killed", folder / "before"
    backup.write(whole, file)
    shutil.copytree(whole, before)
    with closing(work.Archive(before / work.DATABASE)) as archive:
        archive.remove_edition(date(2026, 1, 1))
    restored, replaced = contents(whole), contents(before)
    shutil.copytree(before, folder / "measured")
    seconds = run(work.restore, folder / "measured", file)
    for outcome.times in range(1, rounds + 1):
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(before, data)
        run(work.restore, data, file, kill_after=draw.uniform(0, 1.1 * seconds))
        run(work.finish_restore, data)
        outcome.expect(contents(data) in (restored, replaced), "neither the old archive nor the restored one")
        run(work.restore, data, file)
        outcome.expect(contents(data) == restored, "not restored")
        kept = [contents(path) for path in data.glob("replaced-*") if (path / work.DATABASE).exists()]
        outcome.expect(replaced in kept, "what was replaced is gone")
        with closing(ChatMemory(data / "chat.db")) as memory:
            outcome.expect(memory.saved_query("none") is None, "the chat's memory cannot be read")
    return outcome
