"""A set of results as a file to take away. What it holds is said here, once, for the chat and the command line."""

import csv
import io
import json
from collections.abc import Callable
from enum import StrEnum
from typing import TypedDict

from bot.models import ArticleHit, Results

MOST = 10_000
"""Articles of an export: some 10 seconds and, with long passages, 10 MB of the 50 MB that Telegram takes from a bot."""

_CELL = 32_000
"""Characters of a CSV cell; Excel goes on in the next row after 32,767."""

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""What a cell begins with, behind spaces, that a spreadsheet takes for a formula or lets stand before one."""

_SPACES = " \u3000\xa0"


class Format(StrEnum):
    """The kinds of file; the value is the file's ending."""

    CSV = "csv"
    JSON = "json"


class Row(TypedDict):
    """An article of an export."""

    date: str
    date_inferred: bool
    page: int | None
    paper: str
    headline: str
    subheads: list[str]
    reporters: list[str]
    passage: str
    article_id: int
    link: str


def export(found: Results, kind: Format, link: Callable[[int], str] | None = None) -> bytes:
    r"""The results as a file, a row for each article in the order of the screens.

    Args:
        found: The results from the first on, as many as the file is to have.
        kind: CSV, for Excel: UTF-8 with a byte order mark and \r\n; or JSON, which programs read.
        link: The address that opens the article of an id, where there is one.

    Returns:
        The file, the same for the same arguments. Lists are lists in JSON and lines of their cell in CSV.
    """
    articles = [_row(hit, link) for hit in found.hits]
    return _json(found, articles) if kind is Format.JSON else _csv(articles)


def _row(hit: ArticleHit, link: Callable[[int], str] | None) -> Row:
    article = hit.article
    return {
        "date": article.date.day.isoformat(),
        "date_inferred": article.date.inferred,
        "page": article.page,
        "paper": article.paper,
        "headline": article.headline,
        "subheads": list(article.subheads),
        "reporters": list(article.reporters),
        "passage": hit.passages[0].excerpt if hit.passages else "",
        "article_id": article.id,
        "link": link(article.id) if link else "",
    }


def _json(found: Results, articles: list[Row]) -> bytes:
    document = {
        "query": {
            "text": found.query.text,
            "words": list(found.words),
            "unknown": list(found.unknown),
            "sort": str(found.query.sort),
        },
        "total": found.total,
        "articles": articles,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def _csv(articles: list[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(Row.__annotations__))
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in articles)
    return text.getvalue().encode("utf-8-sig", "replace")


def _cell(value: object) -> str:
    """A value as text that no spreadsheet computes: an apostrophe before what looks like a formula makes it text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        value = "\n".join(value)
    text = "" if value is None else str(value)
    text = f"'{text}" if text.lstrip(_SPACES).startswith(_FORMULA) else text
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"
