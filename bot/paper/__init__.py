"""Reads newspaper pages: a file in, its articles out. Nothing here knows of the archive or of Telegram."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.models import BODY, ParsedArticle, ParsedPage
from bot.paper import dates, events
from bot.paper.articles import parse
from bot.paper.page import PageError, PageText
from bot.paper.readers import load, read

VERSION = "2"
"""Raised when pages are read differently: those that an older one read are read again."""

__all__ = ["VERSION", "PageError", "PageText", "load", "parse_page", "read", "read_pages"]


def read_pages(
    data: bytes, path: Path, *, day: date | None = None, number: int | None = None, paper: str = ""
) -> list[ParsedPage]:
    """The pages of a file: one, but for PDFs, feeds and exports.

    Args:
        data: The file's bytes, as `load` gives them.
        path: Where they come from: its name and its folders' names are asked for the issue date and the page number.
        day: The issue date, where the caller knows better than the file.
        number: The page number, likewise.
        paper: The newspaper's name.

    Raises:
        PageError: It is not a page in a format that we read; the message says what to do.
    """
    texts = read(data, path.name)
    return [parse_page(text, path, day=day, number=number, paper=paper, alone=len(texts) == 1) for text in texts]


def parse_page(
    text: PageText,
    path: Path,
    *,
    day: date | None = None,
    number: int | None = None,
    paper: str = "",
    alone: bool = True,
) -> ParsedPage:
    """The articles of a page's text; the arguments are those of `read_pages`.

    Args:
        text: The page's lines and what its file's metadata says.
        path: Where they come from.
        day: The issue date, if given.
        number: The page number, if given.
        paper: The newspaper's name, if given.
        alone: Whether the file holds this page only; the number in the name of a file of several is not its own.
    """
    articles, furniture = parse(text.lines)
    issue = dates.issue_date(day=day, path=path, furniture=furniture, articles=articles, metadata=text.day)
    named = path if alone else path.with_stem("_")
    return ParsedPage(
        articles=_dated(articles, issue.day) if issue else articles,
        furniture=furniture,
        date=issue,
        number=number or text.number or dates.page_number(named, furniture),
        paper=paper or text.paper,
        warnings=text.warnings,
    )


def _dated(articles: Sequence[ParsedArticle], issue: date) -> tuple[ParsedArticle, ...]:
    return tuple(
        replace(a, dates=events.spans("\n".join(b.text for b in a.blocks if b.role in BODY), issue)) for a in articles
    )
