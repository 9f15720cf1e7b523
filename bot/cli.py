"""The command line: the same archive and engine as the bot, for people and for programs (`--json`)."""

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError
from tqdm import tqdm

from bot import __version__, contracts
from bot.archive import Archive, ingest
from bot.archive.ingest import page_files
from bot.models import Article, FileReport, IssueDate, ParsedPage, Passage, Results, Role, Sort
from bot.paper import PageError, load, read_pages
from bot.search import Engine, analyzer
from bot.search.query import parse_query
from bot.settings import Settings

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
a_day = click.DateTime(["%Y-%m-%d"])
a_path = click.Path(exists=True, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.pass_context
def main(context: click.Context) -> None:
    """A newspaper archive that you can talk to, on Telegram and here."""
    try:
        context.obj = Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors())
        raise click.UsageError(f"{wrong}. See .env.example.") from None


@main.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Run the Telegram bot: long polling, or a webhook when TELEGRAM_WEBHOOK_URL is set."""
    if settings.token is None:
        raise click.UsageError(
            "TELEGRAM_BOT_TOKEN is not set. Ask @BotFather on Telegram for a token and put it into .env "
            "(see .env.example). Without a token, `newsbot search WORDS` and `newsbot latest` answer here."
        )
    from bot.chat import app  # Telegram's library takes a second to import, which no other command needs

    with _house(settings) as engine:
        analyzer.warm_up()  # before the first reader waits for it
        if reason := app.run(settings, engine):
            raise click.ClickException(reason)


@main.command("ingest")
@click.argument("paths", nargs=-1, required=True, type=a_path)
@click.option("--date", "day", type=a_day, help="The issue date of these files.")
@click.option("--page", "number", type=click.IntRange(1, 999), help="The page number of these files.")
@click.option("--paper", default="", help="The newspaper's name.")
@click.option("--dry-run", is_flag=True, help="Read and report, store nothing.")
@as_json
@click.pass_obj
def ingest_command(
    settings: Settings, paths: tuple[Path, ...], day: Any, number: int | None, paper: str, dry_run: bool, as_json: bool
) -> None:
    """Read page files and folders into the archive."""
    files = page_files(paths)
    if not files:
        raise click.ClickException(f"no files in {', '.join(map(str, paths))}.")
    if number is not None and len(files) > 1:
        raise click.UsageError(f"--page says the number of one page, and these are {len(files)} files.")
    reports: list[FileReport] = []
    with _house(settings, seed=False) as engine:
        day = day.date() if day else None
        done = ingest(engine.archive, files, day=day, number=number, paper=paper, dry_run=dry_run)
        for report in tqdm(done, total=len(files), unit="file", disable=None, file=sys.stderr):
            reports.append(report)
            if not as_json:
                tqdm.write(_report_line(report), file=sys.stdout)
        engine.refresh()
    failed = sum(report.outcome == "failed" for report in reports)
    if as_json:
        _print_json({"files": [contracts.file_report(r) for r in reports], "failed": failed})
    else:
        articles = sum(r.articles for r in reports if r.outcome != "failed")
        click.echo(f"{_count(len(reports), 'file')}, {_count(articles, 'article')}, {failed} failed.")
    if failed:
        raise SystemExit(1)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--date", "day", type=a_day, help="The issue date.")
@click.option("--page", "number", type=click.IntRange(1, 999), help="The page number.")
@as_json
def parse(file: Path, day: Any, number: int | None, as_json: bool) -> None:
    """Show the articles of one page file; nothing is stored."""
    try:
        pages = read_pages(load(file), file, day=day.date() if day else None, number=number)
    except (PageError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise click.ClickException(f"{file}: {reason}") from None
    if as_json:
        for warning in (warning for page in pages for warning in page.warnings):
            click.echo(f"{file}: {warning}", err=True)
        _print_json(contracts.parsed_pages(pages))
    else:
        for page in pages:
            _print_page(page)


@main.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 1000), help="Articles shown.")
@click.option("--offset", default=0, show_default=True, type=click.IntRange(0), help="Articles passed over.")
@click.option("--sort", default="relevance", show_default=True, type=click.Choice([s.value for s in Sort]))
@as_json
@click.pass_obj
def search(settings: Settings, query: tuple[str, ...], limit: int, offset: int, sort: str, as_json: bool) -> None:
    """Find the passages that answer a question or hold some words."""
    with _house(settings) as engine:
        found = engine.search(parse_query(" ".join(query), sort=Sort(sort), limit=limit, offset=offset))
        if as_json:
            _print_json(contracts.results(found))
        else:
            _print_results(found, engine.archive)


@main.command()
@click.option("--date", "day", type=a_day, help="The newest issue up to this day.")
@click.option("--limit", type=click.IntRange(1), help="Headlines shown.")
@as_json
@click.pass_obj
def latest(settings: Settings, day: Any, limit: int | None, as_json: bool) -> None:
    """Show the headline summaries of an issue, the newest by default."""
    with _house(settings) as engine:
        items = engine.latest(day.date() if day else None, limit)
        if as_json:
            _print_json([contracts.headline(item) for item in items])
            return
        if not items:
            click.echo("No issue up to that day." if day else "The archive is empty: newsbot ingest PATH fills it.")
        for number, item in enumerate(items, 1):
            _print_heading(number, item.article)
            click.echo(f"   {item.summary}\n")


@main.command("article")
@click.argument("article_id", type=click.IntRange(1, 2**63 - 1))
@as_json
@click.pass_obj
def article_command(settings: Settings, article_id: int, as_json: bool) -> None:
    """Show a whole article."""
    with _house(settings) as engine:
        article = engine.article(article_id)
    if article is None:
        raise click.ClickException(f"no article {article_id}. `newsbot latest` and `newsbot search` show the ids.")
    if as_json:
        _print_json(contracts.article(article))
        return
    _print_heading(None, article)
    for paragraph in article.paragraphs:
        if paragraph.role not in (Role.HEADLINE, Role.SUBHEAD):
            click.echo(f"\n{paragraph.text}")


@main.command()
@as_json
@click.pass_obj
def status(settings: Settings, as_json: bool) -> None:
    """Show what the archive holds."""
    with _house(settings, seed=False) as engine:
        held, indexed = engine.archive.coverage(), len(engine.index)
    if as_json:
        _print_json({**contracts.coverage(held), "indexed": indexed, "database": str(settings.database)})
        return
    counts = (
        (held.editions, "edition"),
        (held.pages, "page"),
        (held.articles, "article"),
        (held.paragraphs, "paragraph"),
    )
    click.echo(f"{settings.database}: {', '.join(_count(*count) for count in counts)}, {held.characters} characters.")
    click.echo(f"The index holds {_count(indexed, 'printed line')}: paragraphs, headlines, captions.")
    if held.first and held.last:
        click.echo(f"From {_day(held.first)} to {_day(held.last)}.")


def _print_page(page: ParsedPage) -> None:
    click.echo(f"{_day(page.date) if page.date else 'no date'} · page {page.number or 'unknown'}")
    for article in page.articles:
        click.echo()
        for block in article.blocks:
            click.echo(f"{block.role:<10}{block.text}")
        for warning in article.warnings:
            click.echo(f"{'?':<10}{warning}")
    for line in page.furniture:
        click.echo(f"{'furniture':<10}{line}")
    for warning in page.warnings:
        click.echo(f"{'?':<10}{warning}")


@contextmanager
def _house(settings: Settings, *, seed: bool = True) -> Iterator[Engine]:
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
                click.echo(_report_line(report), err=True)
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


def _print_json(document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _print_results(found: Results, archive: Archive) -> None:
    if not found.total:
        held = archive.coverage()
        if not held.articles:
            click.echo("The archive is empty: newsbot ingest PATH fills it.")
            return
        click.echo(f"Nothing found for {found.query.text!r}.")
        if found.unknown:
            click.echo(f"Not in the archive: {', '.join(found.unknown)}.")
        if held.first and held.last:
            click.echo(
                f"It holds {held.articles} articles, {_day(held.first)} to {_day(held.last)}. Try fewer or other words."
            )
        return
    total, paragraphs = _count(found.total, "article"), _count(found.paragraphs, "paragraph")
    click.echo(f"{total}, {paragraphs}, {found.took_ms:.1f} ms\n")
    for number, hit in enumerate(found.hits, found.query.offset + 1):
        _print_heading(number, hit.article)
        for passage in hit.passages:
            click.echo(f"   {_styled(passage)}")
        click.echo()


def _print_heading(number: int | None, article: Article) -> None:
    click.echo((f"{number}. " if number else "") + click.style(article.headline or "(no headline)", bold=True))
    page = [f"page {article.page}"] if article.page else []
    reporters = [" ".join(article.reporters)] if article.reporters else []
    for line in (*article.subheads, " · ".join([_day(article.date), *page, *reporters, f"article {article.id}"])):
        click.echo(f"   {line}")


def _styled(passage: Passage) -> str:
    parts, here = [], 0
    for start, end in passage.highlights:
        parts += [passage.excerpt[here:start], click.style(passage.excerpt[start:end], fg="yellow", bold=True)]
        here = end
    return "".join([*parts, passage.excerpt[here:]])


def _report_line(report: FileReport) -> str:
    if report.outcome == "failed":
        return f"{report.source}: {report.error}"
    articles, paragraphs = _count(report.articles, "article"), _count(report.paragraphs, "paragraph")
    line = f"{report.source}: {report.outcome}, {articles}, {paragraphs}"
    return "; ".join([line, *report.warnings])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _day(issue: IssueDate) -> str:
    return f"{issue.day}{' (inferred)' if issue.inferred else ''}"
