"""Backups: one zip file with a copy of each database, made while others read and write."""

import errno
import glob
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO

from sqlite_utils import Database, Migrations

from bot.archive import chat_schema, schema
from bot.archive.database import Connections
from bot.archive.lock import LockError, held, serving
from bot.archive.memory import ChatMemory

_ARCHIVE, _CHAT = "newsbot.db", "chat.db"
_DATABASES = {_CHAT: chat_schema.migrations, _ARCHIVE: schema.migrations}
"""In the order of copying: what the chat has not examined yet it examines again, what it has is never missing."""

_BESIDE = ("", "-wal", "-shm")
"""The files of a database: without its log it is not whole, and with that of another it is spoilt."""

_RESTORED = ".restored"
"""The folder with databases that are whole and checked and take the place of those there are."""

_NIGHTLY = "newsbot-{}.zip"
_CHUNK = 1 << 20
_STEPS = 100_000  # of SQLite's machine, from one look at whether a check is abandoned to the next


class BackupError(Exception):
    """A backup cannot be made or taken; the message says why, and what to do."""


class AbandonedError(BackupError):
    """A backup was not made, as nobody waits for it any more."""


def _never() -> bool:
    return False


def write(data_dir: Path, target: Path, abandoned: Callable[[], bool] = _never) -> None:
    """Copy the databases of a data folder into one file, which is there only once it is whole and checked.

    Args:
        data_dir: The data folder.
        target: The file.
        abandoned: Asked now and then; once it says so, nothing is made.

    Raises:
        AbandonedError: It was.
        BackupError: There is no archive, it is damaged, the target is something else, or another backup is being made.
        OSError, sqlite3.OperationalError: A disk is full, a folder not writable, a database locked.
    """
    finish_restore(data_dir)
    if not (data_dir / _ARCHIVE).is_file():
        raise BackupError(f"{data_dir} holds no archive. NEWSBOT_DATA_DIR names the folder.")
    if not target.parent.is_dir():
        raise BackupError(f"{target.parent} is no folder. Make it, or choose another place.")
    if target.exists() and not zipfile.is_zipfile(target):
        raise BackupError(f"{target} is there, and is no backup. Choose another name.")
    with _one_at_a_time(data_dir), _workshop(data_dir / ".backup") as folder:
        for name, migrations in _DATABASES.items():
            _copy(data_dir / name, folder / name)
            _check(folder / name, migrations, data_dir / name, abandoned)
        _pack(folder, target, abandoned)


def nightly(data_dir: Path, folder: Path, day: date, keep: int, abandoned: Callable[[], bool] = _never) -> Path | None:
    """Make the backup of a day, unless it is there, and delete the oldest of such backups but `keep`.

    Those of later days were made while the clock was wrong, or it is wrong now: they go only when there are `keep` of
    this day and before.

    Returns:
        The new file, if it was made.

    Raises:
        BackupError, OSError, sqlite3.OperationalError: As `write`; then no backup is deleted.
    """
    target = folder / _NIGHTLY.format(day)
    if target.exists():
        return None
    folder.mkdir(mode=0o700, exist_ok=True)
    write(data_dir, target, abandoned)
    made = sorted(folder.glob(_NIGHTLY.format("????-??-??")))
    upto, later = [path for path in made if path <= target], [path for path in made if path > target]
    for old in [*upto[:-keep], *(later if len(upto) >= keep else later[:-keep])]:
        old.unlink()
    return target


def newest(folder: Path) -> Path | None:
    """The newest of the nightly backups in a folder."""
    return max(folder.glob(_NIGHTLY.format("????-??-??")), default=None)


def restore(data_dir: Path, file: Path) -> Path | None:
    """Put the databases of a backup in the place of those of a data folder; nothing is touched before it is checked.

    Returns:
        The folder with what was replaced; None when there was nothing.

    Raises:
        BackupError: It is no backup, cut short, damaged, or of a newer program; or a bot serves on the data folder.
        OSError, sqlite3.OperationalError: The file cannot be read, the disk is full, the data folder not writable.
    """
    try:
        with serving(data_dir):
            finish_restore(data_dir)
            with _workshop(data_dir / ".restore") as folder:
                _unpack(file, folder)
                for name, migrations in _DATABASES.items():
                    _check(folder / name, migrations, file)
                _detach(folder / _ARCHIVE)
                _flush_names(folder)
                folder.rename(data_dir / _RESTORED)  # from here on it is done, even if by the next process
            return finish_restore(data_dir)
    except LockError as holder:
        raise BackupError(f"process {holder} serves on {data_dir}. Stop it, then try again.") from None


def finish_restore(data_dir: Path) -> Path | None:
    """Move the databases of a restore in, and what was there before into a folder of its own.

    A process that is killed at it leaves the rest to the next one that opens the data folder.

    Returns:
        The folder with what was replaced; None when there was nothing, or no restore to finish.

    Raises:
        BackupError: Another process is at it.
        OSError: The data folder is not writable.
    """
    restored = data_dir / _RESTORED
    if not restored.is_dir():
        return None
    try:
        with held(data_dir / "restore.lock"):
            return _move_in(data_dir, restored)
    except LockError as holder:
        raise BackupError(f"process {holder} is restoring {data_dir}. Try again when it is done.") from None


def _move_in(data_dir: Path, restored: Path) -> Path | None:
    before = restored / "before"
    for name in _DATABASES:
        if (restored / name).exists():  # else it was moved in by a process that was killed since
            before.mkdir(mode=0o700, exist_ok=True)
            for path in (data_dir / (name + end) for end in _BESIDE):
                if path.exists():
                    path.rename(before / path.name)
            (restored / name).rename(data_dir / name)
    _flush_names(data_dir)
    replaced = None
    if before.is_dir() and any(before.iterdir()):
        replaced = Path(tempfile.mkdtemp(prefix=f"replaced-{datetime.now():%Y%m%d-%H%M%S}-", dir=data_dir))
        before.rename(replaced)  # takes the place of the empty one
    shutil.rmtree(restored, ignore_errors=True)
    return replaced


@contextmanager
def _one_at_a_time(data_dir: Path) -> Iterator[None]:
    try:
        with held(data_dir / "backup.lock"):
            yield
    except LockError as holder:
        raise BackupError(f"process {holder} is making a backup of {data_dir}. Try again when it is done.") from None


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A folder for its owner alone, empty even if a killed process has left something there, and gone at the end."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(path: Path, to: Path) -> None:
    try:
        if path.name == _CHAT:
            ChatMemory(path).close()  # an archive that no bot has served yet has none
        with closing(Connections(path)) as connections:
            connections.copy_to(to)
    except sqlite3.OperationalError:  # locked, full: nothing that a backup would mend
        raise
    except sqlite3.DatabaseError as error:
        raise BackupError(_damaged(path, str(error))) from None


def _check(path: Path, migrations: Migrations, of: Path, abandoned: Callable[[], bool] = _never) -> None:
    """Whether a copy is whole, and of this program or an older one; `of` is what to call it."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.set_progress_handler(abandoned, _STEPS)
            [(found,)] = connection.execute("PRAGMA integrity_check(1)")
            applied = {migration.name for migration in migrations.applied(Database(connection))}
    except sqlite3.OperationalError:
        if abandoned():
            raise AbandonedError from None
        raise
    except sqlite3.DatabaseError as error:
        raise BackupError(_damaged(of, str(error))) from None
    if found != "ok":
        raise BackupError(_damaged(of, found.splitlines()[-1]))
    known = {migration.name for migration in migrations.pending(Database(memory=True))}
    if not applied:
        raise BackupError(f"{of} is no archive of newsbot's: {path.name} has none of its tables.")
    if not applied <= known:
        raise BackupError(f"{of} was made by a newer newsbot. Install that one, then try again.")


def _detach(path: Path) -> None:
    """Have vectors that are kept elsewhere made anew: they have gone on since, and numbers will be given again."""
    with closing(sqlite3.connect(path)) as connection, connection:
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'vector_state'").fetchone():
            connection.execute("UPDATE vector_state SET analyzer = ''")


def _damaged(path: Path, reason: str) -> str:
    return f"{path} is damaged ({reason}). `newsbot restore FILE` takes an older backup."


def _pack(folder: Path, target: Path, abandoned: Callable[[], bool]) -> None:
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.part"):  # by a process that was killed
        left.unlink(missing_ok=True)
    number, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(number, "wb") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
                for database in _DATABASES:
                    with (folder / database).open("rb") as source, packed.open(database, "w", force_zip64=True) as to:
                        while chunk := source.read(_CHUNK):
                            if abandoned():
                                raise AbandonedError
                            to.write(chunk)
            _flush(stream)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    _flush_names(target.parent)


def _unpack(file: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            members = packed.infolist()
            if sorted(member.filename for member in members) != sorted(_DATABASES) or any(
                member.compress_type != zipfile.ZIP_DEFLATED for member in members
            ):
                raise BackupError(f"{file} is no backup: `newsbot backup FILE` makes one.")
            for member in members:
                with packed.open(member) as source, (folder / member.filename).open("xb") as target:
                    shutil.copyfileobj(source, target, _CHUNK)
                    _flush(target)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:  # that is a seek to before the beginning
            raise
        raise BackupError(f"{file} is no backup, or a damaged one, perhaps cut short. Take another one.") from None


def _flush(stream: IO[bytes]) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _flush_names(folder: Path) -> None:
    """See to it that names given in a folder survive a loss of power."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
