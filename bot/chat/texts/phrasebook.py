"""What there is to say. The fields in braces are filled with text that is already escaped."""

from collections.abc import Mapping
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

    language: str
    """What the language calls itself."""
    # Commands, for the menu and for /help.
    search_command: str
    latest_command: str
    article_command: str
    help_command: str
    settings_command: str
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
    # Settings.
    settings: str
    settings_advice: str
    setting: str
    """{title} {value}"""
    language_title: str
    script_title: str
    per_screen_title: str
    sort_title: str
    quiet_title: str
    digest_title: str
    zone_title: str
    as_telegram: str
    by_relevance: str
    by_newest: str
    by_oldest: str
    as_printed: str
    in_simplified: str
    in_traditional: str
    archive_zone: str
    zones: Mapping[str, str]
    """The names of time zones, by their keys."""
    off: str
    private_only: str
    # When it does not work out.
    expired_toast: str
    gone_toast: str
    failed: str
    failed_toast: str
    text_only: str
    unknown_command: str
    not_allowed: str
