"""The JSON that outside programs rely on: the shapes of what the command line prints. They do not change."""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.archive.calendar import PaperSurvey
from bot.models import (
    BODY,
    Article,
    ArticleHit,
    Coverage,
    DateSpan,
    FileReport,
    Headline,
    ParsedArticle,
    ParsedPage,
    Results,
    Role,
)

Json = dict[str, Any]


def parsed_pages(pages: Sequence[ParsedPage]) -> Json:
    """The document of `parse`: a file's articles; date and page where all of its pages have the same."""
    days = {page.date.day.isoformat() if page.date else None for page in pages}
    numbers = {page.number for page in pages}
    return {
        "articles": [_parsed_article(article) for page in pages for article in page.articles],
        "furniture": [line for page in pages for line in page.furniture],
        "date": days.pop() if len(days) == 1 else None,
        "page": numbers.pop() if len(numbers) == 1 else None,
    }


def _parsed_article(article: ParsedArticle) -> Json:
    def texts(*roles: Role) -> list[str]:
        return [block.text for block in article.blocks if block.role in roles]

    return {
        "headline": "".join(texts(Role.HEADLINE)),
        "subheads": texts(Role.SUBHEAD),
        "reporters": list(article.reporters),
        "source_line": article.source_line,
        "paragraphs": texts(*BODY),
        "label": "".join(texts(Role.LABEL)),
        "captions": texts(Role.CAPTION),
        "credits": texts(Role.CREDIT),
        "jump": "".join(texts(Role.JUMP)),
        "other_names": list(article.others),
        "dates": date_spans(article.dates),
        "warnings": list(map(str, article.warnings)),
    }


def date_spans(spans: Iterable[DateSpan]) -> list[list[str]]:
    """The first and the last day of each span, in ISO 8601."""
    return [[span.first.isoformat(), span.last.isoformat()] for span in spans]


def results(found: Results) -> Json:
    """The document of `search`."""
    return {
        "query": {
            "text": found.query.text,
            "words": list(found.words),
            "unknown": list(found.unknown),
            "sort": str(found.query.sort),
            "limit": found.query.limit,
            "offset": found.query.offset,
        },
        "total": found.total,
        "took_ms": round(found.took_ms, 3),
        "hits": [_hit(hit) for hit in found.hits],
    }


def _hit(hit: ArticleHit) -> Json:
    return {
        "article_id": hit.article.id,
        "headline": hit.article.headline,
        "date": hit.article.date.day.isoformat(),
        "page": hit.article.page,
        "score": round(hit.score, 6),
        "passages": [
            {
                "paragraph_id": passage.paragraph_id,
                "text": passage.text,
                "excerpt": passage.excerpt,
                "highlights": [list(span) for span in passage.highlights],
            }
            for passage in hit.passages
        ],
    }


def headline(item: Headline) -> Json:
    """An entry of `latest`."""
    article = item.article
    return {
        "article_id": article.id,
        "headline": article.headline,
        "subheads": list(article.subheads),
        "date": article.date.day.isoformat(),
        "page": article.page,
        "reporters": list(article.reporters),
        "summary": item.summary,
    }


def article(item: Article) -> Json:
    """The document of `article`."""
    return {
        "article_id": item.id,
        "headline": item.headline,
        "subheads": list(item.subheads),
        "paper": item.paper,
        "date": item.date.day.isoformat(),
        "date_inferred": item.date.inferred,
        "page": item.page,
        "reporters": list(item.reporters),
        "other_names": list(item.others),
        "source_line": item.source_line,
        "dates": date_spans(item.dates),
        "paragraphs": [{"paragraph_id": p.id, "role": str(p.role), "text": p.text} for p in item.paragraphs],
    }


def coverage(held: Coverage) -> Json:
    """What `status` says of the archive."""
    return {
        "editions": held.editions,
        "pages": held.pages,
        "articles": held.articles,
        "paragraphs": held.paragraphs,
        "characters": held.characters,
        "first": held.first.day.isoformat() if held.first else None,
        "last": held.last.day.isoformat() if held.last else None,
        "last_inferred": held.last.inferred if held.last else None,
    }


def file_report(report: FileReport) -> Json:
    """An entry of `ingest`."""
    return {
        "file": report.source,
        "outcome": report.outcome,
        "articles": report.articles,
        "paragraphs": report.paragraphs,
        "date": report.date.day.isoformat() if report.date else None,
        "date_inferred": report.date.inferred if report.date else None,
        "page": report.page,
        "error": report.error,
        "warnings": list(map(str, report.warnings)),
    }


def calendar(paper: PaperSurvey) -> Json:
    """A paper in the document of `coverage`."""
    return {
        "paper": paper.paper,
        "first": paper.days[0].day.isoformat(),
        "last": paper.days[-1].day.isoformat(),
        "missing": [day.isoformat() for day in paper.missing],
        "usual_characters": paper.usual,
        "days": [
            {
                "date": survey.day.isoformat(),
                "pages": survey.pages,
                "missing": list(survey.missing),
                "doubled": list(survey.doubled),
                "odd": dict(survey.odd),
            }
            for survey in paper.days
        ],
    }
