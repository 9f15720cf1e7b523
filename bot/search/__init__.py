"""Finds: terms, the BM25 index over paragraphs, and from a question the passage that answers it."""

from typing import TYPE_CHECKING, Any

from bot.search.bm25 import ParagraphIndex

if TYPE_CHECKING:
    from bot.search.engine import Engine

__all__ = ["Engine", "ParagraphIndex"]


def __getattr__(name: str) -> Any:
    """The engine, imported when it is asked for: an index alone does not wait for what it needs."""
    if name != "Engine":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from bot.search.engine import Engine

    return Engine
