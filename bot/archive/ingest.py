"""Files into the archive: each edition in one transaction, one bad file without harm to the others."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.archive.identity import SourceFile
from bot.archive.store import Archive, FileHeld
from bot.models import BODY, Doubt, FileReport, Note, ParsedPage
from bot.paper.files import PageFile
from bot.paper.page import PageError
from bot.paper.worker import PageReader

_Editions = frozenset[tuple[str, date]]

_MOST = 500
"""Files stored in one transaction, at most: no edition has as many pages."""


@dataclass(frozen=True)
class _Read:
    """A file that was read: its pages that have a date and articles, each with where it comes from."""

    file: PageFile
    pages: tuple[tuple[SourceFile, ParsedPage], ...]
    warnings: tuple[Note, ...]

    @property
    def editions(self) -> _Editions:
        return frozenset((page.paper, page.date.day) for _, page in self.pages if page.date)


def ingest(
    archive: Archive,
    files: Iterable[PageFile],
    *,
    day: date | None = None,
    number: int | None = None,
    paper: str = "",
    dry_run: bool = False,
    apart: bool = False,
) -> Iterator[FileReport]:
    """Read page files and store them, those of an edition together; report each as soon as its fate is known.

    The readable files of one edition that follow each other share a transaction. The same file again changes nothing;
    a changed file takes its page's place.

    Args:
        archive: Where they go.
        files: The page files, as `bot.paper.files.page_files` lists them.
        day: The issue date of them all, where it is known.
        number: The page number of them all, where it is known.
        paper: The newspaper's name.
        dry_run: Read and report, store nothing.
        apart: Read all files in a process of their own, plain text, too.
    """
    waiting: list[_Read | FileReport] = []
    editions: _Editions = frozenset()
    with PageReader(apart=apart) as reader:
        for file in files:
            known = None if dry_run or day or number or paper else archive.held(_readable(file.path.absolute()))
            read = _read(reader, file, known, day=day, number=number, paper=paper)
            if dry_run:
                yield read if isinstance(read, FileReport) else _report(read, "parsed")
                continue
            if isinstance(read, _Read) and (editions != read.editions or len(waiting) >= _MOST):
                yield from _store(archive, waiting)
                waiting, editions = [], read.editions
            waiting.append(read)
        yield from _store(archive, waiting)


def _store(archive: Archive, files: list[_Read | FileReport]) -> list[FileReport]:
    """Store the pages of an edition, in one transaction; files that failed are reported in their places."""
    reports = []
    with archive.transaction():
        changed = set[tuple[str, date]]()
        for read in files:
            if isinstance(read, FileReport):
                reports.append(read)
                continue
            outcomes, warnings = set[str](), list[Note]()
            for source, page in read.pages:
                done = archive.store_page(source, page)
                outcomes.add(done.outcome)
                warnings += done.warnings
                if done.outcome != "unchanged" and done.page.date:
                    changed.add((done.page.paper, done.page.date.day))
            outcome = next(o for o in ("replaced", "stored", "unchanged") if o in outcomes)
            reports.append(_report(read, outcome, *warnings))
        for edition in sorted(changed):
            archive.link_edition(*edition)
    return reports


def _read(
    reader: PageReader, file: PageFile, known: FileHeld | None, *, day: date | None, number: int | None, paper: str
) -> _Read | FileReport:
    path = _readable(file.path.absolute())
    try:
        data = file.load()
        digest = hashlib.sha256(data).hexdigest()
        if known and known.sha256 == digest:  # no need to read what would be read the same
            return replace(known.report, source=_readable(file.path))
        pages = reader.read(data, file.path, day=day, number=number, paper=paper)
    except (PageError, OSError) as error:
        reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        return FileReport(source=_readable(file.path), outcome="failed", error=reason)
    articles = sum(len(page.articles) for page in pages)
    if not articles:
        return FileReport(source=_readable(file.path), outcome="failed", error="no article in it, only page furniture.")
    if not any(page.date for page in pages):
        reason = "no issue date in the name or on the page. Give it with --date YYYY-MM-DD."
        return FileReport(source=_readable(file.path), outcome="failed", articles=articles, error=reason)
    marks = [f"#{i}" if len(pages) > 1 else "" for i in range(1, len(pages) + 1)]
    kept = [
        (SourceFile(path + mark, digest + mark), page)
        for mark, page in zip(marks, pages, strict=True)
        if page.date and page.articles
    ]
    undated = sum(len(page.articles) for page in pages if page.date is None)
    warnings = [warning for page in pages for warning in page.warnings]
    warnings += [Doubt.UNDATED_ARTICLES.of(undated)] if undated else []
    return _Read(file, tuple(kept), tuple(warnings))


def _report(read: _Read, outcome: str, *warnings: Note) -> FileReport:
    pages = [page for _, page in read.pages]
    articles = [article for page in pages for article in page.articles]
    first = pages[0]
    doubts = sum(bool(article.warnings) for article in articles)
    return FileReport(
        source=_readable(read.file.path),
        outcome=outcome,
        articles=len(articles),
        paragraphs=sum(block.role in BODY for article in articles for block in article.blocks),
        date=first.date,
        page=first.number,
        warnings=(
            *([Doubt.INFERRED_DATE.of(first.date.day)] if first.date and first.date.inferred else []),
            *read.warnings,
            *warnings,
            *([Doubt.DOUBTFUL_ARTICLES.of(doubts)] if doubts else []),
        ),
    )


def _readable(path: Path) -> str:
    """A path as text; a name in another encoding, such as an archive from Windows makes, keeps its bytes visible."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
