"""Backups: made under writing, checked before they count, gone back to; what is killed or damaged harms nothing."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from contextlib import closing
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.archive import Archive, backup
from bot.archive.backup import BackupError, nightly, restore, write
from bot.archive.lock import LockError, held, serving
from bot.archive.memory import ChatMemory
from bot.chat import app
from bot.models import Reader
from bot.search import Engine
from bot.settings import Settings
from tests.conftest import ROOT

DATABASES = {"newsbot.db", "chat.db"}


@pytest.fixture
def file(data_dir, tmp_path):
    """A backup of the library and of one reader."""
    with closing(ChatMemory(data_dir / "chat.db")) as memory:
        memory.readers.put(Reader(7, language="en"))
    write(data_dir, tmp_path / "a.zip")
    return tmp_path / "a.zip"


def names(folder):
    return {path.name for path in folder.iterdir()}


def held_by(data_dir):
    """Articles, and the language of reader 7."""
    archive, memory = Archive(data_dir / "newsbot.db"), ChatMemory(data_dir / "chat.db")
    try:
        return archive.coverage().articles, memory.readers.get(7).language
    finally:
        archive.close()
        memory.close()


def damage(path):
    """Spoil the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 8192] = b"\xaa" * 8192
    path.write_bytes(data)


def repack(file, to, change):
    """A backup with its databases changed by hand."""
    with zipfile.ZipFile(file) as packed:
        packed.extractall(to)
    change(to)
    changed = to / "changed.zip"
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in DATABASES & names(to):
            packed.write(to / name, name)
    return changed


def test_a_backup_is_one_private_file_with_both_databases(file, data_dir):
    with zipfile.ZipFile(file) as packed:
        assert set(packed.namelist()) == DATABASES
    assert file.stat().st_mode & 0o077 == 0
    assert not [name for name in names(file.parent) if name.endswith(".part")]
    assert ".backup" not in names(data_dir)


def test_an_archive_that_no_bot_has_served_has_a_backup_too(data_dir, tmp_path):
    assert not (data_dir / "chat.db").exists()
    write(data_dir, tmp_path / "a.zip")
    assert restore(tmp_path / "new" / "data", tmp_path / "a.zip") is None
    assert held_by(tmp_path / "new" / "data") == held_by(data_dir)


def test_a_backup_while_others_write_is_whole(data_dir, tmp_path):
    memory, stop, written = ChatMemory(data_dir / "chat.db"), threading.Event(), []
    memory.remember_answer(1, 0, 0)

    def work():
        for number in count(1):
            if stop.is_set():
                break
            memory.remember_answer(1, number, 0)
            written.append(number)

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for number in range(5):
            before = len(written)
            write(data_dir, tmp_path / "a.zip")
            after = len(written)
            assert after > before
            restore(tmp_path / f"copy{number}", tmp_path / "a.zip")
            with closing(sqlite3.connect(tmp_path / f"copy{number}" / "chat.db")) as connection:
                [(rows, last)] = connection.execute("SELECT count(*), max(message_id) FROM answer")
            assert rows == last + 1  # no gap: one moment of the database
            assert before < rows <= after + 2
    finally:
        stop.set()
        writer.join()
        memory.close()


def test_a_damaged_database_is_restored_and_kept(file, data_dir):
    good = held_by(data_dir)
    assert good == (good[0], "en")
    damage(data_dir / "newsbot.db")
    spoilt = (data_dir / "newsbot.db").read_bytes()
    with pytest.raises(BackupError, match=r"newsbot\.db is damaged .* `newsbot restore FILE`"):
        write(data_dir, file)
    replaced = restore(data_dir, file)
    assert held_by(data_dir) == good
    assert replaced is not None and replaced.parent == data_dir
    assert (replaced / "newsbot.db").read_bytes() == spoilt
    assert (replaced / "chat.db").exists()
    with closing(Archive(data_dir / "newsbot.db")) as archive:
        engine = Engine(archive)
        assert not engine.refresh()  # the index came with it
        assert len(engine.index)


def test_what_was_not_yet_merged_into_a_database_goes_with_it(file, data_dir):
    memory = ChatMemory(data_dir / "chat.db")  # left open, so that its log stays
    memory.readers.put(Reader(7, language="zh-Hant"))
    replaced = restore(data_dir, file)
    memory.close()
    assert held_by(data_dir)[1] == "en"
    with closing(ChatMemory(replaced / "chat.db")) as old:
        assert old.readers.get(7).language == "zh-Hant"


@pytest.mark.parametrize("moves", range(4))
def test_a_restore_that_breaks_off_loses_nothing_and_can_be_run_again(file, data_dir, monkeypatch, moves):
    with closing(ChatMemory(data_dir / "chat.db")) as memory:
        memory.readers.put(Reader(7, language="zh-Hant"))
    done, rename = count(), Path.rename

    def broken(path, target):
        if next(done) == moves:
            raise OSError(5, "Input/output error")
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", broken)
        with pytest.raises(OSError, match="Input/output error"):
            restore(data_dir, file)
    restore(data_dir, file)
    assert held_by(data_dir)[1] == "en"
    languages = set()
    for old in data_dir.glob("replaced-*/chat.db"):
        with closing(ChatMemory(old)) as memory:
            languages.add(memory.readers.get(7).language)
    assert "zh-Hant" in languages


@pytest.mark.parametrize("part", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_backup_is_refused(file, data_dir, part):
    good, before = held_by(data_dir), names(data_dir)
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(BackupError, match="is no backup, or a damaged one, perhaps cut short"):
        restore(data_dir, file)
    with pytest.raises(BackupError, match=r"is there, and is no backup\. Choose another name"):
        write(data_dir, file)
    assert (held_by(data_dir), names(data_dir)) == (good, before | {"serve.lock"})


def test_bytes_that_changed_are_refused(file, data_dir):
    good = held_by(data_dir)
    data = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as packed:
        members = packed.infolist()
        whole = {name: packed.read(name) for name in DATABASES}
    refused = 0
    for member in members:  # in what is packed; what describes it is the next test's
        for place in range(member.header_offset + 60, member.header_offset + member.compress_size, 1000):
            spoilt = bytearray(data)
            spoilt[place] ^= 0x55
            file.write_bytes(spoilt)
            if unpacked(file) == whole:  # the same zeros can be packed in several ways
                continue
            refused += 1
            with pytest.raises(BackupError):
                restore(data_dir, file)
    assert refused > 20
    assert held_by(data_dir) == good


def unpacked(file):
    """The databases in a backup, if it can be read."""
    try:
        with zipfile.ZipFile(file) as packed:
            return {name: packed.read(name) for name in DATABASES}
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return None


def test_a_changed_description_of_the_files_is_refused_or_tells_nothing_of_them(file, tmp_path):
    """A zip file notes much that nobody reads, such as the time; a backup is not lost for a flaw in that."""
    data = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as packed:
        members = packed.infolist()
        whole = {name: packed.read(name) for name in DATABASES}
    refused = 0
    headers = [place for member in members for place in range(member.header_offset, member.header_offset + 40)]
    for place in [*headers, *range(packed.start_dir, len(data))]:
        spoilt = bytearray(data)
        spoilt[place] ^= 0x55
        file.write_bytes(spoilt)
        folder = tmp_path / str(place)
        folder.mkdir()
        try:
            restore(folder, file)
        except BackupError:
            refused += 1
            assert not [name for name in names(folder) if name in DATABASES]
        else:
            assert {name: (folder / name).read_bytes() for name in DATABASES} == whole
    assert refused > 50


def remove_chat(folder):
    (folder / "chat.db").unlink()


def spoil(folder):
    damage(folder / "newsbot.db")


def no_database(folder):
    (folder / "chat.db").write_bytes(b"no database" * 1000)


def another_program(folder):
    (folder / "chat.db").unlink()
    with closing(sqlite3.connect(folder / "chat.db")) as connection:
        connection.execute("CREATE TABLE mine (id)")


def of_the_future(folder):
    with closing(sqlite3.connect(folder / "newsbot.db")) as connection, connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('newsbot', 'telepathy', '')"
        )
        connection.commit()
        connection.execute("PRAGMA journal_mode = DELETE")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (remove_chat, "is no backup: `newsbot backup FILE` makes one"),
        (spoil, "is damaged"),
        (no_database, "file is not a database"),
        (another_program, "chat.db has none of its tables"),
        (of_the_future, "was made by a newer newsbot. Install that one"),
    ],
)
def test_what_is_no_good_is_refused_before_anything_is_replaced(file, data_dir, tmp_path, change, said):
    good, before = held_by(data_dir), names(data_dir)
    changed = repack(file, tmp_path / "changed", change)
    with pytest.raises(BackupError) as refused:
        restore(data_dir, changed)
    assert said in str(refused.value)
    assert (held_by(data_dir), names(data_dir)) == (good, before | {"serve.lock"})


def test_a_backup_of_an_older_program_is_taken_and_upgraded(file, data_dir, tmp_path):
    good = held_by(data_dir)

    def of_the_past(folder):
        with closing(sqlite3.connect(folder / "chat.db", isolation_level=None)) as connection:
            connection.execute("DROP TABLE digest")
            for table in ("outbox", "told", "examined", "watcher", "watch"):
                connection.execute(f"DROP TABLE {table}")
            connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'watches_and_their_mail'")
            connection.execute("PRAGMA journal_mode = DELETE")

    restore(data_dir, repack(file, tmp_path / "changed", of_the_past))
    assert held_by(data_dir) == good
    with closing(ChatMemory(data_dir / "chat.db")) as memory:
        assert memory.watches.active() == []


def test_a_backup_never_takes_the_place_of_something_else(data_dir, tmp_path):
    before = (data_dir / "newsbot.db").read_bytes()
    with pytest.raises(BackupError, match="is there, and is no backup"):
        write(data_dir, data_dir / "newsbot.db")
    assert (data_dir / "newsbot.db").read_bytes() == before
    with pytest.raises(BackupError, match="holds no archive"):
        write(tmp_path / "nothing", tmp_path / "a.zip")
    with pytest.raises(BackupError, match="is no folder"):
        write(data_dir, tmp_path / "nowhere" / "a.zip")


def test_a_killed_backup_leaves_no_half_file(file, data_dir):
    target = data_dir / "night.zip"
    code = (
        "import sys; from pathlib import Path; from bot.archive.backup import write\n"
        "print('ready', flush=True); sys.stdin.readline(); write(Path(sys.argv[1]), Path(sys.argv[2]))"
    )

    def make(kill_after):
        with subprocess.Popen(
            [sys.executable, "-c", code, str(data_dir), str(target)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        ) as process:
            process.stdout.readline()
            begin = time.perf_counter()
            process.stdin.write(b"\n")
            process.stdin.flush()
            if kill_after is not None:
                time.sleep(kill_after)
                process.send_signal(signal.SIGKILL)
            process.wait()
        return time.perf_counter() - begin

    whole = make(None)
    kept, left = target.read_bytes(), set()
    for part in range(12):
        make(whole * part / 12)
        with zipfile.ZipFile(target) as packed:
            assert packed.testzip() is None
        left |= names(data_dir) - DATABASES
    assert ".backup" in left or any(name.endswith(".part") for name in left)  # some were killed at work
    write(data_dir, target)  # the lock is free, and what was left is cleared away
    assert not [name for name in names(data_dir) if name.endswith(".part") or name == ".backup"]
    restore(data_dir, target)
    assert kept[:2] == target.read_bytes()[:2] == b"PK"
    assert held_by(data_dir)[1] == "en"


def test_a_full_disk_leaves_the_last_backup(file, data_dir, monkeypatch):
    good, before = file.read_bytes(), names(file.parent)

    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(data_dir, file)
    assert file.read_bytes() == good
    assert names(file.parent) == before
    assert ".backup" not in names(data_dir)


def test_rotation(data_dir):
    folder, day = data_dir / "backups", date(2026, 12, 30)
    for _ in range(5):
        assert nightly(data_dir, folder, day, keep=3) == folder / f"newsbot-{day}.zip"
        assert nightly(data_dir, folder, day, keep=3) is None
        day += timedelta(days=1)
    (folder / "mine.zip").write_bytes(b"")
    newest = {"newsbot-2027-01-01.zip", "newsbot-2027-01-02.zip", "newsbot-2027-01-03.zip"}
    assert names(folder) == {*newest, "mine.zip"}
    damage(data_dir / "newsbot.db")
    with pytest.raises(BackupError, match="damaged"):
        nightly(data_dir, folder, day, keep=3)
    assert names(folder) == {*newest, "mine.zip"}  # good ones do not make way for nothing


@pytest.mark.parametrize("asked", [0, 1, 2, 3])
def test_a_backup_that_is_abandoned_leaves_the_last_one(file, data_dir, monkeypatch, asked):
    monkeypatch.setattr(backup, "_STEPS", 1)
    good, before, answers = file.read_bytes(), names(file.parent), iter([False] * asked)
    with pytest.raises(backup.AbandonedError):
        write(data_dir, file, lambda: next(answers, True))
    assert file.read_bytes() == good
    assert names(file.parent) == before
    assert ".backup" not in names(data_dir)
    write(data_dir, file)
    assert file.read_bytes() != b""


def test_a_backup_is_abandoned_while_it_is_packed(file, data_dir, monkeypatch):
    monkeypatch.setattr(backup, "_check", lambda *_: None)
    good, before = file.read_bytes(), names(file.parent)
    with pytest.raises(backup.AbandonedError):
        write(data_dir, file, lambda: True)
    assert file.read_bytes() == good
    assert names(file.parent) == before


def test_one_backup_at_a_time(file, data_dir):
    with held(data_dir / "backup.lock"), pytest.raises(BackupError, match=rf"process {os.getpid()} is making a backup"):
        write(data_dir, file)


def test_a_lock_says_who_holds_it_and_is_free_after(tmp_path):
    with serving(tmp_path), pytest.raises(LockError, match=f"^{os.getpid()}$"), serving(tmp_path):
        pass
    with serving(tmp_path):
        pass


@pytest.mark.parametrize("keep", [0, 2])
async def test_the_bot_makes_one_a_day(data_dir, engine, keep):
    settings = Settings(
        _env_file=None, TELEGRAM_BOT_TOKEN="1:a", NEWSBOT_DATA_DIR=str(data_dir), NEWSBOT_BACKUPS=str(keep)
    )
    with closing(ChatMemory(data_dir / "chat.db")) as memory:
        application = app.build(settings, engine, memory)
        rounds = [each for each in application.rounds.table if each.work.__name__ == "back_up"]
        assert len(rounds) == bool(keep)
        for each in rounds * 2:
            await each.work(application.context_types.context(application))
    made = sorted((data_dir / "backups").glob("*")) if keep else []
    assert len(made) == bool(keep)
    for file in made:
        assert zipfile.is_zipfile(file)
    assert backup.restore(data_dir / "elsewhere", made[0]) is None if made else not (data_dir / "backups").exists()
