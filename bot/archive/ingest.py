"""Files into the archive: each edition in one transaction, one bad file without harm to the others."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

from bot.archive.store import Archive, SourceFile
from bot.models import BODY, FileReport, IssueDate, ParsedPage
from bot.paper import PageError, load, read_pages

_Read = tuple[Path, SourceFile, ParsedPage]


def page_files(paths: Iterable[Path]) -> list[Path]:
    """The files behind the paths; a folder stands for all files below it, by name, but for hidden ones."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            below = (p for p in path.rglob("*") if p.is_file())
            files += sorted(p for p in below if not any(part.startswith(".") for part in p.relative_to(path).parts))
        else:
            files.append(path)
    return list(dict.fromkeys(files))


def ingest(
    archive: Archive,
    files: Iterable[Path],
    *,
    day: date | None = None,
    number: int | None = None,
    paper: str = "",
    dry_run: bool = False,
) -> Iterator[FileReport]:
    """Read page files and store them, those of an edition together; report each as soon as its fate is known.

    The readable files of one edition that follow each other share a transaction. The same file again changes nothing;
    a changed file takes its page's place.

    Args:
        archive: Where they go.
        files: The page files, as `page_files` lists them.
        day: The issue date of them all, where it is known.
        number: The page number of them all, where it is known.
        paper: The newspaper's name.
        dry_run: Read and report, store nothing.
    """
    read = (_read(file, day=day, number=number, paper=paper) for file in files)
    for _, group in groupby(read, key=lambda item: item[2].date if isinstance(item, tuple) else None):
        edition = list(group)
        pages = [item for item in edition if isinstance(item, tuple)]
        yield from (item for item in edition if isinstance(item, FileReport))
        if dry_run:
            yield from (_report(item, "parsed") for item in pages)
        else:
            yield from _store(archive, pages)


def _store(archive: Archive, pages: list[_Read]) -> list[FileReport]:
    """Store an edition's pages, in one transaction."""
    reports = []
    with archive.transaction():
        for item in pages:
            _, source, page = item
            done = archive.store_page(source, page)
            warnings = [f"it takes the place of the page from {path}." for path in done.replaced]
            reports.append(_report(item, done.outcome, *warnings))
    return reports


def _read(file: Path, *, day: date | None, number: int | None, paper: str) -> _Read | FileReport:
    try:
        data = load(file)
        [page] = read_pages(data, file, day=day, number=number, paper=paper)
    except (PageError, OSError) as error:
        reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        return FileReport(source=_readable(file), outcome="failed", error=reason)
    if not page.articles:
        return FileReport(source=_readable(file), outcome="failed", error="no article in it, only page furniture.")
    if page.date is None:
        error_text = "no issue date in the name or on the page. Give it with --date YYYY-MM-DD."
        return FileReport(source=_readable(file), outcome="failed", articles=len(page.articles), error=error_text)
    return file, SourceFile(_readable(file.absolute()), hashlib.sha256(data).hexdigest()), page


def _report(item: _Read, outcome: str, *warnings: str) -> FileReport:
    file, _, page = item
    return FileReport(
        source=_readable(file),
        outcome=outcome,
        articles=len(page.articles),
        paragraphs=sum(block.role in BODY for article in page.articles for block in article.blocks),
        date=page.date,
        page=page.number,
        warnings=(*_date_warnings(page.date), *warnings),
    )


def _readable(path: Path) -> str:
    """A path as text; a name in another encoding, such as an archive from Windows makes, keeps its bytes visible."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _date_warnings(issue: IssueDate | None) -> tuple[str, ...]:
    if issue and issue.inferred:
        return (f"the date {issue.day} is inferred from the articles; --date YYYY-MM-DD sets it.",)
    return ()
