"""What a file would give, before anything of it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.models import ParsedPage
from bot.paper.files import PageFile
from bot.paper.page import PageError
from bot.paper.worker import PageReader

MOST = 20
"""Files of an archive that are read for a preview."""


@dataclass(frozen=True)
class FilePreview:
    """A file as read: its pages, or why it cannot be read."""

    name: str
    pages: tuple[ParsedPage, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Preview:
    """What files would give; `more` of them were not looked at."""

    files: tuple[FilePreview, ...]
    more: int = 0

    @property
    def pages(self) -> tuple[ParsedPage, ...]:
        """The pages of all files that hold an article."""
        return tuple(page for file in self.files for page in file.pages if page.articles)

    @property
    def storable(self) -> bool:
        """Whether there is a page that the archive would take: it has a date, or nobody has looked yet."""
        return self.more > 0 or any(page.date for page in self.pages)


def preview(files: Sequence[PageFile], *, day: date | None = None, number: int | None = None) -> Preview:
    """Read files in a process of their own.

    Args:
        files: The page files.
        day: The issue date, if given.
        number: The page number, if given.
    """
    with PageReader(apart=True) as reader:
        return Preview(tuple(_read(reader, file, day, number) for file in files[:MOST]), max(0, len(files) - MOST))


def _read(reader: PageReader, file: PageFile, day: date | None, number: int | None) -> FilePreview:
    try:
        return FilePreview(file.path.name, tuple(reader.read(file.load(), file.path, day=day, number=number)))
    except (PageError, OSError) as error:
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
        return FilePreview(file.path.name, error=reason)
