"""`newsbot export`: the file that the chat's /export sends, on stdout or in a file."""

import sys
from pathlib import Path

import click

from bot import terminal
from bot.chat.screens.citation import link
from bot.export import MOST, Format
from bot.export import export as as_file
from bot.models import Sort
from bot.opening import opened
from bot.search import days
from bot.search.explain import Explainer
from bot.search.query import parse_query
from bot.settings import Settings


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--format", "kind", required=True, type=click.Choice([f.value for f in Format]), help="The kind of file.")
@click.option("--sort", default="relevance", show_default=True, type=click.Choice([s.value for s in Sort]))
@click.option("--bot", default="", help="The bot's name on Telegram, for links to the articles.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write, instead of stdout.")
@click.pass_obj
def export(settings: Settings, query: tuple[str, ...], kind: str, sort: str, bot: str, output: Path | None) -> None:
    """Print all results of a query as a file, in their order."""
    asked = parse_query(" ".join(query), today=days.today(settings.timezone), sort=Sort(sort), limit=MOST)
    with opened(settings) as engine:
        found, _ = Explainer(engine).search(asked)
    name = bot.removeprefix("@")
    data = as_file(found, Format(kind), (lambda article_id: link(article_id, name)) if name else None)
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        try:
            output.write_bytes(data)
        except OSError as error:
            raise click.ClickException(f"{output}: {error.strerror}. --output names the file to write.") from None
    articles = terminal.count(len(found.hits), "article")
    of = f" of {found.total}; add conditions, such as days, to export the rest" if found.total > len(found.hits) else ""
    click.echo(f"{articles}{of}.", err=True)
