"""Keeps editions, pages, articles and paragraphs, the index's postings, and what the chat must remember, in SQLite."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.archive.ingest import ingest
    from bot.archive.postings import Postings
    from bot.archive.store import Archive

__all__ = ["Archive", "Postings", "ingest"]


_HOMES = {"Archive": "store", "Postings": "postings", "ingest": "ingest"}


def __getattr__(name: str) -> Any:
    """What is asked for, imported then: an index alone does not wait for all that reads pages."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"bot.archive.{_HOMES[name]}"), name)
    globals()[name] = found  # in place of the submodule of that name, which its import has put there
    return found
