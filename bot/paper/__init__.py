"""Reads newspaper pages: a file in, its articles out. Nothing here knows of the archive or of Telegram."""

from datetime import date
from pathlib import Path

from bot.models import ParsedPage
from bot.paper import dates
from bot.paper.articles import parse
from bot.paper.page import PageError
from bot.paper.readers import load, read

__all__ = ["PageError", "load", "read_page"]


def read_page(
    data: bytes, path: Path, *, day: date | None = None, number: int | None = None, paper: str = ""
) -> ParsedPage:
    """Read a page.

    Args:
        data: The file's bytes, as `load` gives them.
        path: Where they come from: its name and its folders' names are asked for the issue date and the page number.
        day: The issue date, where the caller knows better than the file.
        number: The page number, likewise.
        paper: The newspaper's name.

    Raises:
        PageError: It is not a page in a format that we read; the message says what to do.
    """
    [text, *_] = read(data, path.name)
    articles, furniture = parse(text.lines)
    return ParsedPage(
        articles=articles,
        furniture=furniture,
        date=dates.issue_date(day=day, path=path, furniture=furniture, articles=articles),
        number=number if number is not None else dates.page_number(path, furniture),
        paper=paper,
    )
