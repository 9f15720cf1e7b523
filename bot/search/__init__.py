"""Finds: terms, the BM25 index over paragraphs, and from a question the passage that answers it."""

from bot.search.bm25 import ParagraphIndex
from bot.search.engine import Engine

__all__ = ["Engine", "ParagraphIndex"]
