"""What there is to say. The fields in braces are filled with text that is already escaped."""

from dataclasses import dataclass


class Count(int):
    """A number that a sentence may write with its noun: `{articles:article|articles}`."""

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(int(self))
        one, _, many = spec.partition("|")
        return f"{int(self)} {one if self == 1 else many}"


@dataclass(frozen=True)
class Texts:
    """The sentences of one language, as Telegram's HTML; button labels and `…_toast` are plain text."""

    # Commands, for the menu and for /help.
    search_command: str
    latest_command: str
    article_command: str
    help_command: str
    # /start and /help.
    welcome: str
    help: str
    empty_archive: str
    # Results.
    found: str
    """{query} {articles} {paragraphs}"""
    not_known: str
    """{words}: a part of the question of which the archive has nothing."""
    nothing_found: str
    """{query}"""
    nothing_advice: str
    """{first} {last} {articles}"""
    how_to_search: str
    # Articles and issues.
    latest: str
    """{date} {articles}"""
    no_issue: str
    """{date} {first}"""
    latest_usage: str
    article_usage: str
    no_article: str
    no_headline: str
    inferred: str
    """Stands behind a date that no page says."""
    page: str
    """{number}"""
    reporters: str
    """{names}"""
    part: str
    """{number} {total}"""
    list_separator: str
    # Buttons.
    newest_button: str
    oldest_button: str
    relevance_button: str
    back_button: str
    latest_button: str
    # Inline mode; the two `inline_…` are plain text, on a button.
    whole_article_button: str
    inline_nothing: str
    """{query}"""
    inline_empty: str
    # When it does not work out.
    expired_toast: str
    gone_toast: str
    failed: str
    failed_toast: str
    text_only: str
    unknown_command: str
    not_allowed: str
