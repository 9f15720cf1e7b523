"""What the command line prints for people."""

import json
from collections.abc import Sequence
from typing import Any

import click

from bot.archive import Archive
from bot.archive.calendar import DaySurvey, PaperSurvey
from bot.chat.texts import EN
from bot.chat.texts.understood import conditional, describe
from bot.models import Article, Explanation, FileReport, IssueDate, ParsedPage, Passage, Query, Results


def json_document(document: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def results(asked: Query, found: Results, why: Explanation, archive: Archive) -> None:
    """Print a screen of results, or what the archive has and what would find something where there is none."""
    if conditional(asked):
        click.echo(f"Understood: {describe(asked, EN)}.")
    if why.spelled:
        click.echo(EN.by_pinyin.format(typed=found.unknown[0], found=why.spelled.new))
    if not found.total:
        held = archive.coverage()
        if not held.articles:
            click.echo("The archive is empty: newsbot ingest PATH fills it.")
            return
        click.echo(f"Nothing found for {found.query.text!r}.")
        _not_known(found, why)
        if held.first and held.last:
            span = f"{day(held.first)} to {day(held.last)}"
            click.echo(f"It holds {held.articles} articles, {span}. Try fewer or other words.")
        _proposals(why)
        return
    _not_known(found, why)
    total, paragraphs = count(found.total, "article"), count(found.paragraphs, "paragraph")
    click.echo(f"{total}, {paragraphs}, {found.took_ms:.1f} ms\n")
    for number, hit in enumerate(found.hits, found.query.offset + 1):
        heading(number, hit.article)
        for passage in hit.passages:
            click.echo(f"   {_styled(passage)}")
        click.echo()
    _proposals(why)


def _not_known(found: Results, why: Explanation) -> None:
    if found.unknown and not why.spelled:
        click.echo(f"Not in the archive: {', '.join(found.unknown)}.")


def _proposals(why: Explanation) -> None:
    for proposal in why.proposals:
        click.echo(f"  {proposal.query.text}  ({count(proposal.articles, 'article')})")


def heading(number: int | None, article: Article) -> None:
    """Print an article's headline, decks, day, page and reporters."""
    click.echo((f"{number}. " if number else "") + click.style(article.headline or "(no headline)", bold=True))
    page = [f"page {article.page}"] if article.page else []
    reporters = [" ".join(article.reporters)] if article.reporters else []
    for line in (*article.subheads, " · ".join([day(article.date), *page, *reporters, f"article {article.id}"])):
        click.echo(f"   {line}")


def parsed_page(page: ParsedPage) -> None:
    """Print what was read from a page: every block with its role, and what was uncertain."""
    click.echo(f"{day(page.date) if page.date else 'no date'} · page {page.number or 'unknown'}")
    for article in page.articles:
        click.echo()
        for block in article.blocks:
            click.echo(f"{block.role:<10}{block.text}")
        for warning in article.warnings:
            click.echo(f"{'?':<10}{warning}")
    for line in page.furniture:
        click.echo(f"{'furniture':<10}{line}")
    for warning in page.warnings:
        click.echo(f"{'?':<10}{warning}")


def file_report(report: FileReport) -> str:
    """A line on what became of a file."""
    if report.outcome == "failed":
        return f"{report.source}: {report.error}"
    articles, paragraphs = count(report.articles, "article"), count(report.paragraphs, "paragraph")
    line = f"{report.source}: {report.outcome}, {articles}, {paragraphs}"
    return "; ".join([line, *map(str, report.warnings)])


def calendar(papers: Sequence[PaperSurvey]) -> None:
    """Print the calendar of each paper: a line a month, the number of pages below each day, and what is amiss."""
    for paper in papers:
        first, last = paper.days[0].day, paper.days[-1].day
        name = paper.paper or "(no name)"
        click.echo(f"{name}: {count(len(paper.days), 'issue')} from {first} to {last}, {len(paper.missing)} missing")
        pages = {survey.day: survey.pages for survey in paper.days}
        months = sorted({(d.year, d.month) for d in (*pages, *paper.missing)})
        for year, month in months:
            days = {d.day: n for d, n in pages.items() if (d.year, d.month) == (year, month)}
            missing = {d.day for d in paper.missing if (d.year, d.month) == (year, month)}
            cells = (str(days[n]) if n in days else "-" if n in missing else "" for n in range(1, 32))
            click.echo(f"{year}-{month:02}  " + " ".join(f"{cell:>2}" for cell in cells).rstrip())
        for survey in paper.days:
            if amiss := _amiss(survey, paper.usual):
                click.echo(f"{survey.day}: {amiss}")


def _amiss(survey: DaySurvey, usual: int) -> str:
    parts = []
    if survey.missing:
        parts.append(f"without page {_list(survey.missing)}")
    if survey.doubled:
        parts.append(f"twice page {_list(survey.doubled)}")
    parts += [f"{name} odd in size ({size:,} characters, usually {usual:,})" for name, size in survey.odd]
    return "; ".join(parts)


def _list(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def count(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def day(issue: IssueDate) -> str:
    """An issue date, and whether it is inferred."""
    return f"{issue.day}{' (inferred)' if issue.inferred else ''}"


def _styled(passage: Passage) -> str:
    parts, here = [], 0
    for start, end in passage.highlights:
        parts += [passage.excerpt[here:start], click.style(passage.excerpt[start:end], fg="yellow", bold=True)]
        here = end
    return "".join([*parts, passage.excerpt[here:]])
