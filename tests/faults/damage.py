"""Bytes of the database file flipped: answers stay right, or the fault is named; never wrong, never a traceback."""

import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import click

from bot.archive import backup
from bot.opening import opened
from bot.search import Engine
from bot.search.query import parse_query
from bot.settings import Settings
from tests.faults import work
from tests.faults.kills import library
from tests.faults.outcome import Outcome

QUESTIONS = 25
TABLES = (
    "posting_list",
    "posting_paragraph",
    "posting_term",
    "posting_block",
    "posting_state",
    "place",
)


def settings(data: Path) -> Settings:
    return Settings(NEWSBOT_DATA_DIR=data, NEWSBOT_SEEDS_DIR=data / "no seeds")


def answers(engine: Engine, questions: list[str]) -> list[object]:
    """What a reader is shown."""
    found: list[object] = [engine.latest()]
    for question in questions:
        results = engine.search(parse_query(question))
        found.append((results.total, [(hit.article, round(hit.score, 9), hit.passages) for hit in results.hits]))
    return found


def ask(data: Path, questions: list[str]) -> list[object] | str:
    """The answers, or the sentence that names the fault, in one line."""
    try:
        with opened(settings(data), seed=False) as engine:
            return answers(engine, questions)
    except click.ClickException as error:
        return error.message


def flip_bytes(folder: Path, rounds: int, seed: int) -> Outcome:
    outcome, draw = (
        Outcome("1 to 8 bytes of the database flipped anywhere; then `search`, `restore`"),
        random.Random(seed),
    )
    _, whole = library(folder, draw)
    with closing(sqlite3.connect(whole / work.DATABASE)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        texts = [text for (text,) in db.execute("SELECT text FROM paragraph WHERE length(text) > 12")]
    file = whole / "backups" / "newsbot-2026-01-03.zip"
    file.parent.mkdir()
    backup.write(whole, file)
    data, became = folder / "damaged", Counter[str]()
    for outcome.times in range(1, rounds + 1):
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(whole, data)
        questions = [_question(draw.choice(texts), draw) for _ in range(QUESTIONS)]
        right = ask(whole, questions)
        _flip(data / work.DATABASE, draw)
        became[_judge(outcome, data, questions, right)] += 1
    outcome.notes.append(", ".join(f"{kind} {count}" for kind, count in became.most_common()))
    return outcome


def _question(text: str, draw: random.Random) -> str:
    begin = draw.randrange(len(text) - 4)
    return text[begin : begin + draw.randint(2, 8)].strip() or "大桥"


def _flip(file: Path, draw: random.Random) -> None:
    data = bytearray(file.read_bytes())
    place = draw.randrange(len(data))
    for i in range(place, min(place + draw.choice((1, 1, 2, 8)), len(data))):
        data[i] ^= draw.randint(1, 255)
    file.write_bytes(data)


def _judge(outcome: Outcome, data: Path, questions: list[str], right: object) -> str:
    """What became of the damage; a wrong answer, or one that cannot be had again, is a loss."""
    try:
        for attempt in ("right", "index mended"):
            said = ask(data, questions)
            if said == right:
                return attempt
            if not isinstance(said, str):
                outcome.expect(False, "a wrong answer")
                return "wrong"
            if "made anew" not in said:
                break
        outcome.expect("newsbot restore" in said, f"no next step: {said}")
        backup.restore(data, backup.newest(data / "backups"))
        outcome.expect(ask(data, questions) == right, "not as before after the restore")
        return "named and restored"
    except Exception as error:
        outcome.expect(False, f"{type(error).__name__}: {error}")
        return "traceback"
