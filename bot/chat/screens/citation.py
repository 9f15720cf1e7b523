"""How an article is cited, and the link that opens it."""

from bot.chat.lines import INVISIBLE
from bot.models import Article

_MOST = 256
"""Characters that a button can copy, counted as Telegram does, in UTF-16."""

_AUTHORS = 3
"""Of more, the standard names the first three."""


def citation(item: Article) -> str:
    """The article's citation after GB/T 7714: 作者. 题名[N]. 报名, 日期(版次).

    A day that is inferred stands in square brackets; what is not known is left out. A headline that is too long for a
    button to copy is cut.
    """
    authors = ", ".join([*item.reporters[:_AUTHORS], *(["等"] if len(item.reporters) > _AUTHORS else [])])
    day = f"[{item.date.day}]" if item.date.inferred else str(item.date.day)
    page = f"({item.page})" if item.page is not None else ""
    before = f"{_clean(authors, 60)}. " if authors else ""
    after = f"[N]. {_clean(item.paper, 40)}, {day}{page}." if item.paper else f"[N]. {day}{page}."
    return before + _clean(item.headline, _MOST - _length(before + after)) + after


def link(article_id: int, username: str) -> str:
    """The address that opens the article in the bot."""
    return f"https://t.me/{username}?start=a_{article_id}"


def _clean(text: str, most: int) -> str:
    text = " ".join(INVISIBLE.sub("", text).split())
    if _length(text) <= most:
        return text
    return text.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", "ignore") + "…"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
