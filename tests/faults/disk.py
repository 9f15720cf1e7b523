"""A disk that fills up, or takes nothing: what is there stays, readers are answered, operators are told once."""

import asyncio
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.archive.memory import ChatMemory
from bot.sandbox import FakeTelegram
from tests.bench.ingest import contents
from tests.conftest import SEED, start
from tests.faults import work
from tests.faults.kills import library
from tests.faults.outcome import Outcome


def can_mount() -> bool:
    """Whether small disks can be made: by root, where the machine lets it."""
    return os.geteuid() == 0 and shutil.which("unshare") is not None and _mounts()


def _mounts() -> bool:
    command = ["unshare", "--mount", "sh", "-c", "mount -t tmpfs none /mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def newsbot(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "NEWSBOT_DATA_DIR": str(data), "NEWSBOT_SEEDS_DIR": str(data / "none")}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def full_ingest(folder: Path, rounds: int, seed: int) -> Outcome:
    outcome, draw = (
        Outcome("`ingest` on a disk that fills up, then with room; `backup` on a full one"),
        random.Random(seed),
    )
    pages, whole = library(folder, draw)
    expected, size, stopped = contents(whole), (whole / work.DATABASE).stat().st_size // 1024, 0
    for outcome.times in range(1, rounds + 1):
        with small_disk(folder / "disk", draw.randint(150, 2 * size)) as disk:
            done = newsbot(disk / "data", "ingest", str(pages))
            stopped += "full" in done.stderr
            fine = "1 failed." in done.stdout  # one page is none
            clear = done.stderr.count("\n") < 5 and "Traceback" not in done.stderr and "full" in done.stderr
            outcome.expect(fine or (done.returncode == 1 and clear), f"said {done.stderr[-300:]}")
            remount(disk, "size=200m")
            again = newsbot(disk / "data", "ingest", str(pages))
            outcome.expect("1 failed." in again.stdout, f"then said {again.stderr[-300:]}")
            outcome.lost += work.differences(disk / "data", expected)
            remount(disk, f"size={max(1, _used(disk))}k")
            refused = newsbot(disk / "data", "backup", str(disk / "night.zip"))
            outcome.expect(refused.returncode == 1 and "full" in refused.stderr, f"backup said {refused.stderr}")
            outcome.expect(not (disk / "night.zip").exists(), "half a backup")
    outcome.notes.append(f"{stopped} filled up")
    return outcome


def _used(disk: Path) -> int:
    room = os.statvfs(disk)
    return (room.f_blocks - room.f_bfree) * room.f_frsize // 1024


def full_serve(folder: Path, rounds: int, seed: int) -> Outcome:
    outcome = Outcome("the bot asked on a full disk, then with room")
    with small_disk(folder / "disk", 65536) as disk:
        work.read_in(disk / "data", SEED)
        asyncio.run(_serve(outcome, disk, rounds))
    return outcome


async def _serve(outcome: Outcome, disk: Path, rounds: int) -> None:
    async with FakeTelegram() as tg:
        reader, admin = (tg.user(name, language_code="zh-hans") for name in ("小明", "管"))
        admin.chat.started = True
        await start(tg, disk / "data", NEWSBOT_ADMINS=str(admin.id))
        [right] = await reader.send("红十字救援队")
        for outcome.times in range(1, rounds + 1):
            fill(disk)
            [found] = await reader.send("红十字救援队")
            outcome.expect((found.text, found.labels) == (right.text, right.labels), f"answered {found.text[:80]}")
            [other] = await reader.send(f"救援队 大同 {outcome.times}")
            outcome.expect(other.labels != [], "no buttons")
            await reader.press(other.labels[0], message=other)
            refused = await reader.send("/digest 08:00")
            outcome.expect("磁盘满了" in refused[-1].text or "08:00" in refused[-1].text, f"said {refused[-1].text}")
            (disk / "filler").unlink()
            [fine] = await reader.send("/digest off")
            outcome.expect("抱歉" not in fine.text, f"with room, said {fine.text}")
        fill(disk)
        told = [m.text for m in admin.chat.messages.values()]
        for _ in range(700):
            if told:
                break
            await asyncio.sleep(0.1)
            told = [m.text for m in admin.chat.messages.values()]
        outcome.expect(len(told) == 1 and "磁盘满了" in told[0], f"operators were told {told}")
        (disk / "filler").unlink()
        tg.check()
    with closing(ChatMemory(disk / "data" / "chat.db")) as memory:
        outcome.expect(memory.readers.get(reader.id).digest_at is None, "a setting is lost")


def fill(disk: Path) -> None:
    """Leave no byte."""
    with (disk / "filler").open("ab", buffering=0) as filler:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while filler.write(bytes(size)):
                    pass
            except OSError:
                continue


def read_only(folder: Path, rounds: int, seed: int) -> Outcome:
    outcome = Outcome("commands on a disk that cannot be written to, then on one that can")
    pages, whole = library(folder, random.Random(seed))
    expected = contents(whole)
    with small_disk(folder / "disk", 65536) as disk:
        shutil.copytree(whole, disk / "data")
        commands = ["ingest", str(SEED)], ["search", "会议"], ["status"], ["latest"], ["backup", str(folder / "b.zip")]
        for outcome.times in range(1, rounds + 1):
            remount(disk, "ro")
            for command in commands:
                done = newsbot(disk / "data", *command)
                if command[0] in ("ingest", "backup"):
                    clear = done.returncode == 1 and "Traceback" not in done.stderr and done.stderr.count("\n") == 1
                    outcome.expect(clear, f"{command[0]} said {done.stderr[-300:]}")
                else:
                    outcome.expect(
                        done.returncode == 0 and bool(done.stdout), f"{command[0]} said {done.stderr[-300:]}"
                    )
            remount(disk, "rw")
            done = newsbot(disk / "data", "ingest", str(pages))
            outcome.expect("1 failed." in done.stdout, f"then said {done.stderr[-300:]}")
            outcome.lost += work.differences(disk / "data", expected)
    return outcome
