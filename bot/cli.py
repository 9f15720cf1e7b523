"""The command line: the same archive and engine as the bot, for people and for programs (`--json`)."""

import signal
import sys
import webbrowser
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from threading import Event
from typing import Any

import click
from pydantic import ValidationError
from tqdm import tqdm

from bot import __version__, contracts, heartbeat, terminal
from bot.archive import ingest
from bot.archive.calendar import survey
from bot.archive.memory import ChatMemory
from bot.archive.watch import batches
from bot.backup_command import backup, restore
from bot.export_command import export
from bot.models import FileReport, Role, Sort
from bot.opening import alone, opened
from bot.paper import PageError
from bot.paper.files import PageFile, page_files
from bot.paper.worker import PageReader
from bot.search import analyzer, days
from bot.search.explain import Explainer
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

    with alone(settings), opened(settings) as engine:
        heartbeat.end(settings.data_dir)  # that of one that was killed
        analyzer.warm_up()  # before the first reader waits for it
        with closing(ChatMemory(settings.chat_database)) as memory:
            reason = app.run(settings, engine, memory)
    if reason:
        raise click.ClickException(reason)


@main.command()
@click.option(
    "--port", default=8787, show_default=True, type=click.IntRange(0, 65535), help="0 takes any that is free."
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.pass_obj
def demo(settings: Settings, port: int, no_browser: bool) -> None:
    """Try the bot in the browser: a Telegram of your own on this machine, without an account and a token."""
    from bot.sandbox import demo as sandbox

    reason = None
    with suppress(KeyboardInterrupt), opened(settings) as engine, ExitStack() as telegrams:
        analyzer.warm_up()
        try:
            telegram = telegrams.enter_context(sandbox.running(port))
        except OSError as error:
            raise click.ClickException(f"port {port}: {error.strerror}. --port 0 takes any that is free.") from None
        click.echo(f"Talk to the bot at {telegram.address} (Ctrl-C ends it).")
        if not no_browser:
            webbrowser.open(telegram.address)
        reason = sandbox.run(telegram, settings, engine)
    if reason:
        raise click.ClickException(reason)


@main.command("ingest")
@click.argument("paths", nargs=-1, type=a_path)
@click.option("--date", "day", type=a_day, metavar="YYYY-MM-DD", help="The issue date of these files.")
@click.option("--page", "number", type=click.IntRange(1, 999), help="The page number of these files.")
@click.option("--paper", default="", help="The newspaper's name.")
@click.option("--dry-run", is_flag=True, help="Read and report, store nothing.")
@click.option("--watch", is_flag=True, help="Go on with every page that comes into data/incoming, or into PATH.")
@as_json
@click.pass_obj
def ingest_command(
    settings: Settings,
    paths: tuple[Path, ...],
    day: Any,
    number: int | None,
    paper: str,
    dry_run: bool,
    watch: bool,
    as_json: bool,
) -> None:
    """Read page files, folders and zip archives into the archive."""
    if watch:
        if as_json or dry_run or day or number or len(paths) > 1 or not all(path.is_dir() for path in paths):
            raise click.UsageError("--watch takes one folder and no other option but --paper.")
        _watch(settings, paths[0] if paths else settings.data_dir / "incoming", paper)
        return
    if not paths:
        raise click.UsageError("say which files or folders, or --watch.")
    files = page_files(paths)
    if not files:
        raise click.ClickException(f"no files in {', '.join(map(str, paths))}.")
    if number is not None and len(files) > 1:
        raise click.UsageError(f"--page says the number of one page, and these are {len(files)} files.")
    reports: list[FileReport] = []
    with opened(settings, seed=False) as engine:
        if not dry_run:
            engine.archive.claim()
        day = day.date() if day else None
        done = ingest(engine.archive, files, day=day, number=number, paper=paper, dry_run=dry_run)
        try:
            for report in tqdm(done, total=len(files), unit="file", disable=None, file=sys.stderr):
                reports.append(report)
                if not as_json:
                    tqdm.write(terminal.file_report(report), file=sys.stdout)
        finally:
            engine.refresh()  # what is stored can be found, whatever stopped the rest
    failed = sum(report.outcome == "failed" for report in reports)
    if as_json:
        terminal.json_document({"files": [contracts.file_report(r) for r in reports], "failed": failed})
    else:
        articles = sum(r.articles for r in reports if r.outcome != "failed")
        click.echo(f"{terminal.count(len(reports), 'file')}, {terminal.count(articles, 'article')}, {failed} failed.")
    if failed:
        raise SystemExit(1)


def _watch(settings: Settings, folder: Path, paper: str) -> None:
    """Ingest what comes into a folder, until the program is told to stop."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    click.echo(f"Watching {folder}. Ctrl-C ends it.", err=True)
    with opened(settings, seed=False) as engine:
        engine.archive.claim()
        for files in batches(folder, stop):
            for report in ingest(engine.archive, files, paper=paper):
                click.echo(terminal.file_report(report))
            engine.refresh()


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--date", "day", type=a_day, metavar="YYYY-MM-DD", help="The issue date.")
@click.option("--page", "number", type=click.IntRange(1, 999), help="The page number.")
@as_json
def parse(file: Path, day: Any, number: int | None, as_json: bool) -> None:
    """Show the articles of one page file; nothing is stored."""
    try:
        with PageReader() as reader:
            pages = reader.read(PageFile(file).load(), file, day=day.date() if day else None, number=number)
    except (PageError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise click.ClickException(f"{file}: {reason}") from None
    if as_json:
        for warning in (warning for page in pages for warning in page.warnings):
            click.echo(f"{file}: {warning}", err=True)
        terminal.json_document(contracts.parsed_pages(pages))
    else:
        for page in pages:
            terminal.parsed_page(page)


@main.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 1000), help="Articles shown.")
@click.option("--offset", default=0, show_default=True, type=click.IntRange(0), help="Articles passed over.")
@click.option("--sort", default="relevance", show_default=True, type=click.Choice([s.value for s in Sort]))
@as_json
@click.pass_obj
def search(settings: Settings, query: tuple[str, ...], limit: int, offset: int, sort: str, as_json: bool) -> None:
    """Find the passages that answer a question or hold some words."""
    with opened(settings) as engine:
        now = days.today(settings.timezone)
        asked = parse_query(" ".join(query), today=now, sort=Sort(sort), limit=limit, offset=offset)
        found, why = Explainer(engine).search(asked)
        if as_json:
            terminal.json_document(contracts.results(found))
        else:
            terminal.results(asked, found, why, engine.archive)


@main.command()
@click.option("--date", "day", type=a_day, metavar="YYYY-MM-DD", help="The newest issue up to this day.")
@click.option("--limit", type=click.IntRange(1), help="Headlines shown.")
@as_json
@click.pass_obj
def latest(settings: Settings, day: Any, limit: int | None, as_json: bool) -> None:
    """Show the headline summaries of an issue, the newest by default."""
    with opened(settings) as engine:
        items = engine.latest(day.date() if day else None, limit)
        if as_json:
            terminal.json_document([contracts.headline(item) for item in items])
            return
        if not items:
            click.echo("No issue up to that day." if day else "The archive is empty: newsbot ingest PATH fills it.")
        for number, item in enumerate(items, 1):
            terminal.heading(number, item.article)
            click.echo(f"   {item.summary}\n")


@main.command("article")
@click.argument("article_id", type=click.IntRange(1, 2**63 - 1))
@as_json
@click.pass_obj
def article_command(settings: Settings, article_id: int, as_json: bool) -> None:
    """Show a whole article."""
    with opened(settings) as engine:
        article = engine.article(article_id)
    if article is None:
        raise click.ClickException(f"no article {article_id}. `newsbot latest` and `newsbot search` show the ids.")
    if as_json:
        terminal.json_document(contracts.article(article))
        return
    terminal.heading(None, article)
    for paragraph in article.paragraphs:
        if paragraph.role not in (Role.HEADLINE, Role.SUBHEAD):
            click.echo(f"\n{paragraph.text}")


@main.command()
@as_json
@click.pass_obj
def status(settings: Settings, as_json: bool) -> None:
    """Show what the archive holds, and how the bot is that serves it."""
    serving = heartbeat.read(settings.data_dir)
    with opened(settings, seed=False) as engine:
        held, indexed = engine.archive.coverage(), len(engine.index)
    index = settings.milvus.uri if settings.milvus else "own"
    if as_json:
        about = {"indexed": indexed, "index": index, "database": str(settings.database), "serve": serving}
        terminal.json_document({**contracts.coverage(held), **about})
        return
    counts = (
        (held.editions, "edition"),
        (held.pages, "page"),
        (held.articles, "article"),
        (held.paragraphs, "paragraph"),
    )
    listed = ", ".join(terminal.count(*count) for count in counts)
    click.echo(f"{settings.database}: {listed}, {held.characters} characters.")
    click.echo(f"The index holds {terminal.count(indexed, 'printed line')}: paragraphs, headlines, captions.")
    click.echo(f"It is Milvus, {index}." if settings.milvus else "It is the archive's own.")
    if held.first and held.last:
        click.echo(f"From {terminal.day(held.first)} to {terminal.day(held.last)}.")
    if serving is None:
        click.echo("No bot serves it.")
    else:
        click.echo(f"Process {serving['process']} serves it: {'; '.join(serving['reasons']) or 'all is well'}.")


@main.command("coverage")
@as_json
@click.pass_obj
def coverage_command(settings: Settings, as_json: bool) -> None:
    """Show the calendar: days and pages present, missing, doubled, odd in size."""
    with opened(settings, seed=False) as engine:
        papers = survey(engine.archive.page_sizes())
    if as_json:
        terminal.json_document([contracts.calendar(paper) for paper in papers])
    elif papers:
        terminal.calendar(papers)
    else:
        click.echo("The archive is empty: newsbot ingest PATH fills it.")


@main.command()
@click.argument("edition", type=a_day, metavar="EDITION")
@click.option("--paper", help="Only this newspaper's.")
@click.pass_obj
def remove(settings: Settings, edition: Any, paper: str | None) -> None:
    """Remove the pages of a day, EDITION (YYYY-MM-DD), from the archive; their files stay."""
    day = edition.date()
    with opened(settings, seed=False) as engine:
        count = engine.archive.remove_edition(day, paper)
        engine.refresh()
    if not count:
        raise click.ClickException(f"no edition of {day}. `newsbot coverage` shows the days.")
    click.echo(f"{terminal.count(count, 'page')} of {day} removed.")


for command in (export, backup, restore):
    main.add_command(command)
