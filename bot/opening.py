"""The archive and its engine, opened for a command of the command line."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import click

from bot import terminal
from bot.archive import Archive, ingest
from bot.archive.backup import BackupError, finish_restore
from bot.archive.checks import DamagedIndex
from bot.archive.lock import LockError, serving
from bot.paper.files import page_files
from bot.search import Engine
from bot.search.matching import IndexUnavailableError
from bot.search.milvus import MilvusIndex
from bot.search.milvus_client import Address
from bot.settings import Settings


@contextmanager
def opened(settings: Settings, *, seed: bool = True) -> Iterator[Engine]:
    """The engine on the archive, its index up to date; one that was never used fills itself from the seeds."""
    try:
        finish_restore(settings.data_dir)
        archive = Archive(settings.database)
    except BackupError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(_no_folder(settings, error)) from None
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise click.ClickException(_broken(settings, error)) from None
    try:
        if seed and archive.unused and settings.seeds_dir.is_dir():
            for report in ingest(archive, page_files([settings.seeds_dir])):
                click.echo(terminal.file_report(report), err=True)
        with _engine(archive, settings.milvus) as engine:
            try:
                engine.refresh()
                yield engine
            except DamagedIndex as error:
                raise click.ClickException(_mended(settings, engine, error)) from None
    except IndexUnavailableError as error:
        raise click.ClickException(str(error)) from None
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise click.ClickException(_broken(settings, error)) from error
    finally:
        archive.close()


@contextmanager
def _engine(archive: Archive, address: Address | None) -> Iterator[Engine]:
    """The engine with the index that serves; what another one holds is forgotten, as nobody keeps it up."""
    if address is None:
        if archive.ledger.state.next:
            archive.ledger.clear("")
        yield Engine(archive)
        return
    with archive.postings.snapshot() as snapshot:
        unused = snapshot.state.next > 0
    with closing(MilvusIndex(archive, address)) as index:
        engine = Engine(archive, index)
        if unused:
            engine.refresh()  # first: if that fails, the other index is still there
            archive.postings.clear("")
        yield engine


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Serve on the data folder, as no other process does meanwhile."""
    with ExitStack() as held:
        try:
            held.enter_context(serving(settings.data_dir))
        except LockError as holder:
            raise click.ClickException(
                f"process {holder} serves on {settings.data_dir} already. Stop it, or set another NEWSBOT_DATA_DIR."
            ) from None
        except OSError as error:
            raise click.ClickException(_no_folder(settings, error)) from None
        yield


def _mended(settings: Settings, engine: Engine, damage: DamagedIndex) -> str:
    try:
        engine.mend()
    except sqlite3.Error as error:
        return _broken(settings, error)
    return f"{settings.database}: the index was damaged ({damage}) and has been made anew from the articles. Try again."


def _no_folder(settings: Settings, error: OSError) -> str:
    return f"{settings.data_dir}: {error.strerror}. NEWSBOT_DATA_DIR names the folder."


def _broken(settings: Settings, error: sqlite3.Error | UnicodeDecodeError) -> str:
    # locked, read-only, full: nothing that a new file would mend; SQL that makes no sense is none of these
    if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
        return f"{settings.database}: {error}. Is another program writing, the disk full, or the folder not writable?"
    return (
        f"{settings.database}: {error}. It is damaged: `newsbot restore` brings back the newest nightly backup, "
        "`newsbot restore FILE` another one; without any, move it away, and ingest the pages again."
    )
