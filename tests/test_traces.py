"""All that is kept about a reader is declared, so that /forgetme reaches it."""

import re
from dataclasses import replace

import pytest

from bot.archive.chat_schema import PERSONAL
from bot.archive.memory import ChatMemory
from bot.chat.texts import LANGUAGES
from bot.models import Reader

NAMES = re.compile(r"(?:^|_)(?:reader|user|chat|person|owner|subscriber|admin)(?:_id)?$")
"""Columns that say whom a row is about."""


@pytest.fixture
def memory(tmp_path):
    opened = ChatMemory(tmp_path / "chat.db")
    yield opened
    opened.close()


def tables(memory):
    """The columns and the foreign keys with ON DELETE CASCADE of every table of the chat."""
    with memory._connections.reading() as db:
        names = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: (
                {row[1] for row in db.execute(f"PRAGMA table_info('{name}')")},
                {row[2] for row in db.execute(f"PRAGMA foreign_key_list('{name}')") if row[6] == "CASCADE"},
            )
            for name in names
        }


def test_no_table_that_names_a_reader_is_forgotten(memory):
    found = tables(memory)
    for name, (columns, parents) in found.items():
        if any(NAMES.search(column) for column in columns) and not parents & PERSONAL.keys():
            assert name in PERSONAL, f"{name} names a reader: list it in chat_schema.PERSONAL"
    assert all(column in found[name][0] for name, column in PERSONAL.items())


def test_what_is_kept_has_a_name_in_every_language():
    for texts in LANGUAGES.values():
        assert texts.kept.keys() == PERSONAL.keys()


def test_one_reader_is_forgotten_and_nobody_else(memory):
    for reader_id in (1, 2):
        memory.readers.put(replace(Reader(reader_id), per_screen=8))
        for message in (10, 20):
            memory.remember_answer(reader_id, message, message + 1)
    before = memory.traces.count(2)
    assert memory.traces.count(1) == memory.traces.forget(1) == {"reader": 1, "answer": 2}
    assert memory.traces.count(1) == memory.traces.forget(1) == {}
    assert memory.traces.count(2) == before
    assert memory.readers.get(1) == Reader(1)
