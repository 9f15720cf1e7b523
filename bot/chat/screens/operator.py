"""What operators read: a file's preview and what became of it, the counts, and what went wrong."""

from collections.abc import Sequence
from datetime import date

from bot.archive.calendar import PaperSurvey
from bot.archive.usage import DayOfUse
from bot.chat.actions import DropUpload, LeaveIt, RemoveIssue, ShowIssue, StoreUpload
from bot.chat.replies import MESSAGE, Button, Reply, escape
from bot.chat.texts import Count, Texts
from bot.chat.texts.doubts import said
from bot.models import Coverage, FileReport, Note, ParsedPage, Role
from bot.paper.preview import FilePreview, Preview

_LINE = 120
_WARNINGS = 5


def upload(found: Preview, store: StoreUpload, texts: Texts) -> Reply:
    """What a file would give: pages with their days, articles with their headlines, and what is in doubt."""
    lines = [line for file in found.files for line in _file(file, texts)]
    if found.more:
        lines.append(texts.more_files.format(files=Count(found.more)))
    if found.storable:
        keep = (Button(texts.store_button, store), Button(texts.drop_button, DropUpload(store.upload_id)))
        return Reply(_fitting(lines, texts), (keep,))
    if found.pages:
        lines.append(texts.upload_undated)
    return Reply(_fitting(lines, texts))


def _file(file: FilePreview, texts: Texts) -> list[str]:
    lines = [f"📄 <b>{_short(file.name)}</b>"]
    if file.error:
        return [*lines, _unusable(file.error, texts)]
    return lines + [line for page in file.pages for line in _page(page, texts)]


def _page(page: ParsedPage, texts: Texts) -> list[str]:
    when = texts.day(page.date) if page.date else texts.no_date
    number = [texts.page.format(number=page.number)] if page.number else []
    lines = [" · ".join([when, *number, texts.articles.format(articles=Count(len(page.articles)))])]
    for place, article in enumerate(page.articles, 1):
        headline = "".join(block.text for block in article.blocks if block.role is Role.HEADLINE)
        lines.append(f"{place}. {_short(headline) or texts.no_headline}")
    warnings = [*page.warnings, *(warning for article in page.articles for warning in article.warnings)]
    return lines + _doubts(list(dict.fromkeys(warnings))[:_WARNINGS], texts)


def _doubts(notes: Sequence[Note], texts: Texts) -> list[str]:
    return [f"⚠️ {escape(said(note, texts.doubts))}" for note in notes]


def _unusable(why: str, texts: Texts) -> str:
    return f"⚠️ {texts.unusable.format(why=_short(why))}"


def stored(reports: Sequence[FileReport], texts: Texts) -> Reply:
    """What became of an operator's file."""
    lines = []
    for report in reports:
        outcome = texts.outcomes[report.outcome]
        day = [texts.day(report.date)] if report.date else []
        number = [texts.page.format(number=report.page)] if report.page else []
        count = [texts.articles.format(articles=Count(report.articles))] if report.articles else []
        name = _short(report.source.rpartition("/")[2])
        lines.append(" · ".join([f"{outcome} <b>{name}</b>", *day, *number, *count]))
        lines += [_unusable(report.error, texts)] if report.error else []
        lines += _doubts(report.warnings, texts)
    days = [report.date.day for report in reports if report.date and report.outcome != "failed"]
    rows = ((Button(texts.read_button, ShowIssue(max(days), 0)),),) if days else ()
    return Reply(_fitting(lines, texts), rows)


def stats(held: Coverage, papers: Sequence[PaperSurvey], readers: int, days: Sequence[DayOfUse], texts: Texts) -> Reply:
    """The counts: what the archive holds, who reads, what is asked and not found."""
    lines = [
        texts.stats_archive.format(
            editions=Count(held.editions),
            pages=Count(held.pages),
            articles=Count(held.articles),
            paragraphs=Count(held.paragraphs),
        )
    ]
    if held.first and held.last:
        lines.append(texts.stats_span.format(first=texts.day(held.first), last=texts.day(held.last)))
    days_missing = sum(len(paper.missing) for paper in papers)
    pages_missing = sum(len(day.missing) for paper in papers for day in paper.days)
    if days_missing or pages_missing:
        lines.append(texts.stats_gaps.format(days=Count(days_missing), pages=Count(pages_missing)))
    lines.append(texts.stats_readers.format(readers=Count(readers)))
    lines += [
        texts.stats_day.format(date=texts.day(one.day), queries=Count(one.queries), nothing=Count(one.found_nothing))
        for one in days
    ]
    return Reply("\n".join(lines))


def remove(day: date, pages: int, articles: int, texts: Texts) -> Reply:
    """Asks whether a day is to go; says so where there is no such day."""
    if not pages:
        return Reply(texts.nothing_to_remove.format(date=texts.day(day)))
    text = texts.remove_question.format(date=texts.day(day), pages=Count(pages), articles=Count(articles))
    return Reply(text, ((Button(texts.remove_button, RemoveIssue(day)), Button(texts.leave_button, LeaveIt())),))


def trouble(kind: str, place: str, texts: Texts) -> Reply:
    """An error, by its type and place: neither its words, which may be a reader's, nor an address with the token."""
    return Reply(texts.trouble.format(kind=escape(kind), place=escape(place)))


def _fitting(lines: Sequence[str], texts: Texts) -> str:
    """As many of the lines as a message holds, with a note of how many it does not."""
    shown, room = list[str](), MESSAGE - _LINE
    for place, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            return "\n".join([*shown, texts.more_lines.format(lines=Count(len(lines) - place))])
        shown.append(line)
    return "\n".join(shown)


def _short(text: str) -> str:
    return escape(text if len(text) <= _LINE else text[: _LINE - 1] + "…")
