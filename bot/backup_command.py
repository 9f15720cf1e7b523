"""`newsbot backup` and `newsbot restore`: all that the bot keeps, as one file, and back."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot.archive import backup as backups
from bot.settings import Settings


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Copy the archive and what readers have set into FILE, a zip; the bot may go on serving."""
    with _reasons():
        backups.write(settings.data_dir, file)
        click.echo(f"{file}: {file.stat().st_size / 1000:,.0f} kB, checked.")


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore(settings: Settings, file: Path | None) -> None:
    """Put the databases of a backup FILE in the place of those there are, which are kept; no bot may be serving.

    Without FILE, the newest of the nightly backups.
    """
    file = file or backups.newest(settings.backups_dir)
    if file is None:
        raise click.ClickException(f"{settings.backups_dir} holds no nightly backup. Say which FILE to restore.")
    with _reasons():
        replaced = backups.restore(settings.data_dir, file)
    click.echo(f"{settings.data_dir} is as {file} has it.")
    if replaced:
        click.echo(f"What was there before is in {replaced}; delete it when you do not need it any more.")


@contextmanager
def _reasons() -> Iterator[None]:
    """Turns what goes wrong into a sentence."""
    try:
        yield
    except backups.BackupError as error:
        raise click.ClickException(str(error)) from None
    except (OSError, sqlite3.Error) as error:
        where = f"{error.filename}: " if isinstance(error, OSError) and error.filename else ""
        reason = error.strerror if isinstance(error, OSError) else error
        raise click.ClickException(f"{where}{reason}. Is the disk full, or the folder not writable?") from None
