"""What there is to say. The fields in braces are filled with text that is already escaped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.chat.texts.watching import WatchTexts
from bot.models import Doubt, IssueDate


class Count(int):
    """A number, written 1,234, which a sentence may write with its noun: `{articles:article|articles}`."""

    def __format__(self, spec: str) -> str:
        if not spec:
            return f"{int(self):,}"
        one, _, many = spec.partition("|")
        return f"{int(self):,} {one if self == 1 else many}"


@dataclass(frozen=True)
class Texts(WatchTexts):
    """The sentences of one language, as Telegram's HTML; button labels and `…_toast` are plain text."""

    language: str
    """What the language calls itself."""
    written_date: str
    """{year} {day}: numbers; {month}: its name."""
    months: tuple[str, ...]
    # Commands, for the menu and for /help.
    search_command: str
    export_command: str
    latest_command: str
    article_command: str
    help_command: str
    trend_command: str
    settings_command: str
    privacy_command: str
    forgetme_command: str
    stats_command: str
    reindex_command: str
    remove_command: str
    # /start and /help.
    welcome: str
    help: str
    thanked: str
    operator_help: str
    """Behind the help, for operators."""
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
    # Results as a file.
    exported: str
    """{query} {articles}"""
    export_cut: str
    """{total} {articles}"""
    export_usage: str
    sent_before_toast: str
    # The query in words: plain text.
    understood_words: str
    """{runs}"""
    understood_phrase: str
    """{run}"""
    understood_either: str
    """{runs}: joined by `or_separator`."""
    understood_without: str
    """{run}"""
    understood_headline: str
    """{run}"""
    understood_reporters: str
    """{runs}: joined by `or_separator`."""
    understood_pages: str
    """{numbers}"""
    understood_newest: str
    understood_oldest: str
    or_separator: str
    clause_separator: str
    whole_year: str
    """{year}"""
    whole_month: str
    """{year} {month}: its name"""
    days_between: str
    """{first} {last}"""
    days_since: str
    """{first}"""
    days_until: str
    """{last}"""
    # Why nothing was found.
    by_pinyin: str
    """{typed} {found}"""
    days_outside: str
    nothing_proposed: str
    """{first} {last} {articles}"""
    near_button: str
    """{word} {articles}"""
    without_button: str
    """{part} {articles}"""
    # Articles and issues.
    latest: str
    """{date} {articles}"""
    no_issue: str
    """{date} {first}"""
    no_issue_that_day: str
    """{date}"""
    old_issue: str
    month: str
    """{month} {issues}"""
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
    others: str
    """{names}"""
    part: str
    """{number} {total}"""
    found_within: str
    """{query} {headline} {paragraphs}"""
    nothing_within: str
    """{query} {headline}"""
    related: str
    """{headline}"""
    same_story: str
    also: str
    nothing_related: str
    """{headline}"""
    list_separator: str
    # Buttons.
    newest_button: str
    oldest_button: str
    relevance_button: str
    back_button: str
    undo_button: str
    whole_button: str
    page_button: str
    issue_button: str
    calendar_button: str
    related_button: str
    cite_button: str
    link_button: str
    latest_button: str
    # Inline mode; plain text, on a button.
    inline_nothing: str
    """{query}"""
    inline_empty: str
    # Trends.
    trend: str
    """{days} {step}"""
    trend_steps: Mapping[str, str]
    """By `Step`."""
    trend_line: str
    """{word} {bars} {articles} {peak} {when}"""
    trend_no_line: str
    """{word}"""
    trend_all: str
    """What is counted when no word is."""
    trend_left_out: str
    """{most} {left}"""
    trend_usage: str
    picture_button: str
    text_button: str
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
    # For the operators.
    articles: str
    """{articles}"""
    no_date: str
    more_files: str
    """{files}"""
    more_lines: str
    """{lines}"""
    store_button: str
    drop_button: str
    read_button: str
    upload_undated: str
    file_declined: str
    file_too_large: str
    file_lost: str
    file_empty: str
    dropped: str
    upload_gone_toast: str
    outcomes: Mapping[str, str]
    """By `FileReport.outcome`."""
    unusable: str
    """{why}: in English, as the terminal says it."""
    doubts: Mapping[Doubt, str]
    """Of a page, for `doubts.said`; plain text."""
    stats_archive: str
    """{editions} {pages} {articles} {paragraphs}"""
    stats_span: str
    """{first} {last}"""
    stats_gaps: str
    """{days} {pages}"""
    stats_readers: str
    """{readers}"""
    stats_day: str
    """{date} {queries} {nothing}"""
    reindexed: str
    """{paragraphs} {seconds}"""
    remove_usage: str
    remove_question: str
    """{date} {pages} {articles}"""
    remove_button: str
    leave_button: str
    left: str
    removed: str
    """{date} {pages}"""
    nothing_to_remove: str
    """{date}"""
    admins_only_toast: str
    trouble: str
    """{kind} {place}"""
    # What is kept about a reader.
    privacy: str
    """{kept}"""
    kept: Mapping[str, str]
    """The names of the tables that hold something of a reader, which `bot.archive.chat_schema.PERSONAL` lists."""
    kept_item: str
    """{what} {count}"""
    kept_nothing: str
    forget_question: str
    """{kept}"""
    forget_button: str
    forgotten: str
    """{kept}"""
    # When it does not work out.
    expired_toast: str
    gone_toast: str
    faults: Mapping[str, str]
    """What an operator is told of each of `bot.archive.faults.Fault`."""
    failed_by: Mapping[str, str]
    """What a reader is told who asked for what a fault keeps from being done."""
    failed: str
    failed_toast: str
    search_down: str
    text_only: str
    unknown_command: str
    not_allowed: str
    partial: str
    """Plain text; stands among results, or above inline cards."""
    too_fast: str
    """{seconds}: plain text, for a message, a notice and an inline answer alike."""

    def day(self, day: date | IssueDate) -> str:
        """A date as the language writes it, with a note behind it when it is inferred.

        What is typed back, as in `/latest 2026-01-08`, is written as it is typed, and not by this.
        """
        if isinstance(day, IssueDate):
            return self.day(day.day) + (self.inferred if day.inferred else "")
        return self.written_date.format(year=day.year, month=self.months[day.month - 1], day=day.day)
