"""Speed, memory and safety of reading a pile of pages in.

    python -m tests.bench.ingest [PAGES]

Makes a folder of PAGES pages (1,000 by default) from the project's own marked pages, two per cent of them broken, and
ingests it with the command line, once undisturbed and once killed (SIGKILL) at random moments and run again until it
finishes. Both databases must hold the same. Prints pages and characters a second, and the peak memory of the process.
"""

import os
import random
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from tests.marked_pages import VARIANTS, pages

PER_DAY = 8
KILLS = 10
BROKEN = (b"\0\xff\0\xff" * 200, b"%PDF-1.7 broken", b"PK\x03\x04 broken", b"", b"<html><body></body></html>")


def make(folder: Path, count: int, draw: random.Random) -> int:
    """Write the pages, each with characters of its own; return how many characters the readable ones have."""
    marked = list(pages().values())
    characters = 0
    for i in range(count):
        day = date(2026, 1, 1) + timedelta(days=i // PER_DAY)
        text = draw.choice(VARIANTS)(draw.choice(marked), draw)
        text = text.replace("大", chr(0x5000 + i % 2000))
        file = folder / f"{day:%Y%m%d}" / f"第{i % PER_DAY + 1:02}版.txt"
        file.parent.mkdir(exist_ok=True)
        if i % 50 == 7:
            file.write_bytes(draw.choice(BROKEN))
        else:
            file.write_text(text, "utf-8")
            characters += len(text)
    return characters


_BOOKKEEPING = 'posting|"place"|sqlite_sequence|_sqlite_migrations'


def ingest(folder: Path, data: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bot", "ingest", str(folder)]
    env = {**os.environ, "NEWSBOT_DATA_DIR": str(data)}
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def contents(data: Path) -> list[str]:
    """All that the archive holds, without the index's own book-keeping."""
    with sqlite3.connect(data / "newsbot.db") as db:
        return [line for line in db.iterdump() if not re.search(_BOOKKEEPING, line)]


def main(count: int) -> None:
    draw = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "pages").mkdir()
        characters = make(root / "pages", count, draw)
        begin = time.perf_counter()
        with ingest(root / "pages", root / "whole") as process:
            *_, total = process.stdout or ()
        seconds = time.perf_counter() - begin
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(total.strip())
        print(f"{count / seconds:.1f} pages/s, {characters / seconds:,.0f} characters/s, peak {peak:.0f} MB.")
        for _ in range(KILLS):
            with ingest(root / "pages", root / "killed") as process:
                try:
                    process.communicate(timeout=draw.uniform(0.5, seconds))
                except subprocess.TimeoutExpired:
                    process.kill()
        with ingest(root / "pages", root / "killed") as process:
            process.communicate()
        same = contents(root / "whole") == contents(root / "killed")
        print(f"Killed {KILLS} times and run again: {'the same archive' if same else 'ANOTHER ARCHIVE'}.")
        raise SystemExit(not same)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
