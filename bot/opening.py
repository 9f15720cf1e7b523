"""The archive and its engine, opened for a command of the command line."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import click

from bot import terminal
from bot.archive import Archive, ingest
from bot.paper.files import page_files
from bot.search import Engine
from bot.settings import Settings


@contextmanager
def opened(settings: Settings, *, seed: bool = True) -> Iterator[Engine]:
    """The engine on the archive, its index up to date; an empty archive fills itself from the seeds."""
    try:
        archive = Archive(settings.database)
    except OSError as error:
        raise click.ClickException(
            f"{settings.data_dir}: {error.strerror}. NEWSBOT_DATA_DIR names the folder."
        ) from None
    except sqlite3.Error as error:
        raise click.ClickException(_broken(settings, error)) from None
    try:
        if seed and archive.empty and settings.seeds_dir.is_dir():
            for report in ingest(archive, page_files([settings.seeds_dir])):
                click.echo(terminal.file_report(report), err=True)
        engine = Engine(archive)
        engine.refresh()
        yield engine
    except sqlite3.Error as error:
        raise click.ClickException(_broken(settings, error)) from error
    finally:
        archive.close()


def _broken(settings: Settings, error: sqlite3.Error) -> str:
    if isinstance(error, sqlite3.OperationalError):  # locked, read-only, full: nothing that a new file would mend
        return f"{settings.database}: {error}. Is another program writing, the disk full, or the folder not writable?"
    return f"{settings.database}: {error}. It is damaged: move it away, and ingest the pages again."
