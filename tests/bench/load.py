"""Many readers at once: the real bot as a process of its own, before the sandbox's Telegram.

    python -m tests.bench.load [--rate 30] [--seconds 600] [--readers 1000] [--webhook] [--data FOLDER]

Readers ask pieces of what the archive holds, at random moments, as many a second in all as `--rate` says. The archive
is the project's own pages, or that of a data folder, which is copied. Prints how many questions were answered exactly
once and in the order of their chat, the time from a question to its answer (the sandbox and this driver included, which
share the machine with the bot), the processor time of the bot for each question, and its resident memory.
"""

import argparse
import asyncio
import random
import shutil
import socket
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.archive import Archive, ingest
from bot.paper.files import page_files
from bot.sandbox.client import User
from bot.search import Engine
from tests.bench.observed import Process, Telegram, quantile

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "seeds", ROOT / "tests" / "pages"]
TAIL = 30.0
"""Seconds in which the last answers may come."""


def library(given: Path | None, folder: Path) -> list[str]:
    """Make or copy an archive; returns pieces of its paragraphs, to ask for."""
    if given:
        shutil.copytree(given, folder)
    archive = Archive(folder / "newsbot.db")
    if not given:
        list(ingest(archive, page_files(PAGES)))
        Engine(archive).refresh()
    archive.close()
    with sqlite3.connect(folder / "newsbot.db") as db:
        texts = [text for (text,) in db.execute("SELECT text FROM paragraph WHERE length(text) > 20 LIMIT 5000")]
    draw = random.Random(1)
    starts = ((text, draw.randrange(len(text) - 8)) for text in draw.choices(texts, k=2000))
    pieces = (text[start : start + draw.randint(2, 8)] for text, start in starts)
    return sorted({piece for piece in pieces if piece.isalnum()})


async def run(args: argparse.Namespace, folder: Path) -> bool:
    """Put the load on, and print what came of it."""
    questions = library(args.data, folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    webhook = {
        "TELEGRAM_WEBHOOK_URL": "https://news.example.org/hook",
        "TELEGRAM_WEBHOOK_SECRET": "s3cret-token",
        "TELEGRAM_WEBHOOK_LISTEN": listen,
    }
    async with Telegram(f"http://{listen}") as tg:
        command = [sys.executable, "-m", "bot", "serve"]
        bot = await tg.start_bot(command, 120, NEWSBOT_DATA_DIR=str(folder), **(webhook if args.webhook else {}))
        process, readers = (
            Process(bot.process.pid),
            [tg.user(f"reader {n}", language_code="zh-hans") for n in range(args.readers)],
        )
        await readers[0].send("/start", timeout=60)
        tg.came.clear()
        readers[0].chat.events.clear()
        memory, before = [process.resident()], process.seconds()
        asked = await ask(args, readers, questions, lambda: memory.append(process.resident()))
        total = sum(map(len, asked.values()))
        with suppress(AssertionError):  # the report says what is missing
            await tg.until(lambda: sum(map(len, tg.came.values())) >= total, TAIL, "all answers")
        await asyncio.sleep(1)  # one answer too many would come now
        memory.append(process.resident())
        used = process.seconds() - before
        code = await bot.stop()
        good = report(asked, tg, readers)
        print(f"processor time of the bot: {used * 1000 / total:.1f} ms a question")
        print("resident memory at the start, in the middle, at the end: " + ", ".join(f"{mb:.0f} MB" for mb in memory))
        print(f"refused calls: {len(tg.errors)}; exit code {code}")
    return good and not tg.errors and code == 0


async def ask(
    args: argparse.Namespace, readers: list[User], questions: list[str], halfway: Any
) -> dict[int, list[tuple[float, str]]]:
    """Ask at random moments; by reader the time and the text of each question."""
    draw, asked = random.Random(2), defaultdict[int, list[tuple[float, str]]](list)
    begin = at = time.perf_counter()
    middle = False
    while (at := at + draw.expovariate(args.rate)) < begin + args.seconds:
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        if not middle and at > begin + args.seconds / 2:
            middle = True
            halfway()
        reader, text = draw.choice(readers), draw.choice(questions)
        asked[reader.id].append((time.perf_counter(), text))
        reader.write(reader.chat, text)
    return asked


def report(asked: dict[int, list[tuple[float, str]]], tg: Telegram, readers: list[User]) -> bool:
    """Print what was answered, how and when; whether all of it was, once, and in order."""
    once = ordered = answers = 0
    waits: list[float] = []
    for reader in readers:
        sent = asked.get(reader.id, [])
        said = [event.text for event in reader.chat.events]
        answers += len(said)
        right = [
            said_then.startswith((f"🔎 {text} · ", f"没有找到“{text}”"))
            for (_, text), said_then in zip(sent, said, strict=False)
        ]
        once += sum(right) if len(said) == len(sent) else 0
        ordered += len(said) == len(sent) and all(right)
        waits += [came - began for (began, _), came in zip(sent, tg.came[reader.id], strict=False)]
    total = sum(map(len, asked.values()))
    print(f"questions: {total}; answers: {answers}; answered exactly once: {once}")
    print(f"chats in order: {ordered} of {len(readers)}")
    middle, late = quantile(waits, 0.5), quantile(waits, 0.99)
    print(f"from question to answer: p50 {middle * 1000:.0f} ms, p99 {late * 1000:.0f} ms")
    return once == answers == total and ordered == len(readers)


def main() -> None:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=30)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--readers", type=int, default=1000)
    parser.add_argument("--webhook", action="store_true")
    parser.add_argument("--data", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(0 if asyncio.run(run(args, Path(folder) / "data")) else 1)


if __name__ == "__main__":
    main()
