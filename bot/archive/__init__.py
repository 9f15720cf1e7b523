"""Keeps editions, pages, articles and paragraphs, the index's postings, and what the chat must remember, in SQLite."""

from bot.archive.ingest import ingest
from bot.archive.postings import Postings
from bot.archive.store import Archive

__all__ = ["Archive", "Postings", "ingest"]
